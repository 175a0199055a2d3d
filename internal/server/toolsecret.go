package server

import (
	"maps"
	"net/http"
	"slices"

	"parley"
)

// hiddenValue stands for the value of a tool's header, which may be a key. Sent
// back, it means the value that is stored.
const hiddenValue = "••••••••"

// openHeader reports whether a header's value is never a secret.
func openHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Accept-Language", "Content-Type", "User-Agent":
		return true
	}
	return false
}

// withoutSecrets returns the configuration with its tools' headers hidden.
func withoutSecrets(c parley.AssistantConfig) parley.AssistantConfig {
	c.Tools = slices.Clone(c.Tools)
	for i := range c.Tools {
		t := &c.Tools[i]
		t.Headers = maps.Clone(t.Headers)
		for name := range t.Headers {
			if !openHeader(name) {
				t.Headers[name] = hiddenValue
			}
		}
	}
	return c
}

// restoreSecrets puts the stored values into headers that came back hidden, for
// the same tool at the same host only: a key must not be sent elsewhere. It
// returns CodeInvalid where there is none.
func restoreSecrets(tools, stored []parley.HTTPTool) error {
	for i := range tools {
		t := &tools[i]
		for name, value := range t.Headers {
			if value != hiddenValue {
				continue
			}
			at := slices.IndexFunc(stored, func(o parley.HTTPTool) bool {
				return o.Name == t.Name && sameHost(o.URL, t.URL) && o.Headers[name] != ""
			})
			if at < 0 {
				return parley.Errorf(parley.CodeInvalid,
					"tools: give the value of the header %s of %s again, because the tool's name or address has changed.", name, t.Name)
			}
			t.Headers[name] = stored[at].Headers[name]
		}
	}
	return nil
}
