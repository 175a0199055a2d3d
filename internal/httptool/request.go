package httptool

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"parley"
)

// OpenHeader reports whether a header's value is never a secret.
func OpenHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Accept-Language", "Content-Type", "User-Agent":
		return true
	}
	return false
}

var placeholder = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_-]*)\}`)

// newRequest builds the request of one call. An argument named in the URL goes
// there, escaped for its place; the others go to the query of GET and DELETE
// and to a JSON body otherwise.
func newRequest(ctx context.Context, tool *parley.HTTPTool, args map[string]json.RawMessage) (*http.Request, error) {
	rest := maps.Clone(args)
	target, err := fillURL(tool.URL, args, rest)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if tool.Method == http.MethodGet || tool.Method == http.MethodDelete {
		query := target.Query()
		for _, name := range slices.Sorted(maps.Keys(rest)) {
			query.Set(name, plain(rest[name]))
		}
		if len(rest) > 0 {
			target.RawQuery = query.Encode()
		}
	} else {
		encoded, err := json.Marshal(rest)
		if err != nil {
			return nil, refusal("The arguments cannot be sent: %v.", err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, tool.Method, target.String(), body)
	if err != nil {
		return nil, refusal("The tool's address is not usable: %v.", err)
	}
	req.Header.Set("Accept", "application/json, text/*;q=0.9, */*;q=0.1")
	req.Header.Set("User-Agent", "Parley")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range tool.Headers {
		switch http.CanonicalHeaderKey(name) {
		case "Host", "Content-Length", "Transfer-Encoding", "Connection", "Idempotency-Key":
			continue
		}
		req.Header.Set(name, value)
	}
	return req, nil
}

// fillURL replaces {name} in path and query and takes what it used out of rest.
func fillURL(template string, args, rest map[string]json.RawMessage) (*url.URL, error) {
	head, tail := template, ""
	if i := strings.Index(template, "://"); i >= 0 {
		if j := strings.IndexAny(template[i+3:], "/?#"); j >= 0 {
			head, tail = template[:i+3+j], template[i+3+j:]
		}
	}
	path, query, hasQuery := strings.Cut(tail, "?")
	var missing []string
	replace := func(s string, escape func(string) string) string {
		return placeholder.ReplaceAllStringFunc(s, func(m string) string {
			name := m[1 : len(m)-1]
			value, ok := args[name]
			if !ok {
				missing = append(missing, name)
				return ""
			}
			delete(rest, name)
			return escape(plain(value))
		})
	}
	filled := head + replace(path, url.PathEscape)
	if hasQuery {
		filled += "?" + replace(query, url.QueryEscape)
	}
	if len(missing) > 0 {
		return nil, refusal("The argument %q is needed for the address.", missing[0])
	}
	target, err := url.Parse(filled)
	if err != nil {
		return nil, refusal("The arguments do not make a valid address.")
	}
	// An argument must not climb out of the path that the tool was given.
	for part := range strings.SplitSeq(target.EscapedPath(), "/") {
		if part == ".." || part == "." {
			return nil, refusal("An argument may not be %q in the address.", part)
		}
	}
	return target, nil
}

// plain returns a JSON value as it is written in a URL: strings without
// quotes, everything else as JSON.
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
