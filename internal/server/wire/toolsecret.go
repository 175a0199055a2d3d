package wire

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"parley"
	"parley/internal/httptool"
)

// hiddenValue stands for the value of a tool's header, which may be a key. Sent
// back, it means the value that is stored.
const hiddenValue = "••••••••"

// WithoutSecrets returns the configuration with its tools' headers hidden.
func WithoutSecrets(c parley.AssistantConfig) parley.AssistantConfig {
	c.Tools = slices.Clone(c.Tools)
	for i := range c.Tools {
		t := &c.Tools[i]
		t.Headers = maps.Clone(t.Headers)
		for name := range t.Headers {
			if !httptool.OpenHeader(name) {
				t.Headers[name] = hiddenValue
			}
		}
	}
	return c
}

// RestoreSecrets puts the stored values into headers that came back hidden, for
// the same tool at the same host only: a key must not be sent elsewhere. It
// returns CodeInvalid where there is none.
func RestoreSecrets(tools, stored []parley.HTTPTool) error {
	for i := range tools {
		t := &tools[i]
		for name, value := range t.Headers {
			if value != hiddenValue {
				continue
			}
			at := slices.IndexFunc(stored, func(o parley.HTTPTool) bool {
				return o.Name == t.Name && SameHost(o.URL, t.URL) && o.Headers[name] != ""
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

// SameHost reports whether two addresses lead to the same place. A stored key
// is never sent anywhere else.
func SameHost(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	return errA == nil && errB == nil && ua.Scheme == ub.Scheme && strings.EqualFold(ua.Host, ub.Host)
}
