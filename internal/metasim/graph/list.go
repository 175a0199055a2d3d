package graph

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Fields are the fields of an object that a request asks for; none: all.
func Fields(r *http.Request) []string {
	var out []string
	for f := range strings.SplitSeq(r.URL.Query().Get("fields"), ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(f), "{")
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

// Pick keeps the fields that were asked for, and the id.
func Pick(object map[string]any, fields []string) map[string]any {
	if len(fields) == 0 {
		return object
	}
	out := map[string]any{"id": object["id"]}
	for _, f := range fields {
		if v, ok := object[f]; ok {
			out[f] = v
		}
	}
	return out
}

// Listed reports whether a query names value among those that are wanted;
// without the parameter everything is.
func Listed(q url.Values, name, value string) bool {
	want := q.Get(name)
	return want == "" || slices.Contains(strings.Split(want, ","), value)
}

// Page is a list in one page, or with a cursor to the next.
func Page(data any, after string) map[string]any {
	p := map[string]any{"data": data}
	if after != "" {
		p["paging"] = map[string]any{"cursors": map[string]any{"before": "MAZDZD", "after": after}, "next": "?after=" + after}
	}
	return p
}
