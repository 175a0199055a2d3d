package server_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/server"
	"parley/internal/server/wire"
	"parley/internal/store/storetest"
)

// TestBadInputOnEveryRoute sends to every route what no route may take, or
// choke on.
func TestBadInputOnEveryRoute(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			w.ours.attachment = w.upload(w.ours)
			for _, l := range routes(t) {
				w.badQuery(l)
				w.badPath(l)
				if l.kind == "application/json" {
					w.badJSON(l)
				} else if l.kind != "" {
					w.badBody(l)
				}
			}
			if strings.Contains(w.log.String(), "panic") {
				t.Errorf("something panicked:\n%s", w.log)
			}
		})
	}
}

// badQuery tries queries that are no text, and cursors that are none.
func (w *world) badQuery(l line) {
	w.t.Helper()
	for _, query := range []string{"q=%00", "q=%ff", "q=%zz", "cursor=%00&limit=5"} {
		r := w.ours.to(l)
		r.path += "?" + query
		r.key = w.ours.key
		if a := w.send(r); a.code() != parley.CodeInvalid {
			w.t.Errorf("%s?%s: %s", l, query, a)
		}
	}
	if l.method != http.MethodGet || isStream(l) {
		return
	}
	for _, query := range []string{
		"cursor=tampered", "cursor=eyJrIjoxfQ", "cursor=" + strings.Repeat("A", 900), "cursor=" + strings.Repeat("A", 3000), "limit=0", "limit=101000",
		"limit=x", "after=-1", "after=x", "from=yesterday", "to=99999999999-01-01T00:00:00Z", "tz=Mars", "tz=../../etc/passwd", "format=exe", "sort=name", "status=gone",
		"source=fax", "has_error=maybe", "assistant_id=1", "q=%22OR%201%3D1", "q=" + strings.Repeat("x", 600),
		"contact=%25%27", "variable%5Ba%27%5D=1%27",
	} {
		r := w.ours.to(l)
		r.path += "?" + query
		r.key = w.ours.key
		if a := w.send(r); a.status >= 500 || a.status >= 400 && a.code() == "" {
			w.t.Errorf("%s?%s: %s", l, query, a)
		}
	}
}

// badPath tries ids that are none.
func (w *world) badPath(l line) {
	w.t.Helper()
	if !strings.Contains(l.path, "{") || isStream(l) {
		return
	}
	for _, id := range []string{"1", "%00", "%ff", "..%2f..", "'OR'1'='1", strings.Repeat("x", 2000), strings.ToUpper(parley.NewID(w.clock.Now()))} {
		r := w.ours.to(l)
		r.key = w.ours.key
		r.path = strings.NewReplacer("{id}", id, "{doc}", id, "{n}", "99999999", "{turn_id}", id,
			"{message_id}", id, "{webhook_id}", id, "{delivery_id}", id, "{template_id}", id, "{path...}", id, "{token}", id).Replace(l.path)
		if a := w.send(r); a.status < 400 || a.status >= 500 || a.code() == "" {
			w.t.Errorf("%s with the id %.20q: %s", l, id, a)
		}
	}
}

// badJSON tries bodies that are no JSON, of another type, or too large; and
// each field with what does not belong there.
func (w *world) badJSON(l line) {
	w.t.Helper()
	huge := strings.Repeat("x", 3<<20)
	for name, c := range map[string]struct {
		body string
		code parley.Code
	}{
		"nothing":        {"", parley.CodeInvalid},
		"no JSON":        {"{", parley.CodeInvalid},
		"HTML":           {"<html>", parley.CodeInvalid},
		"a list":         {"[]", parley.CodeInvalid},
		"null":           {"null", parley.CodeInvalid},
		"a number":       {"7", parley.CodeInvalid},
		"two values":     {"{} {}", parley.CodeInvalid},
		"not UTF-8":      {"{\"name\":\"\xff\"}", parley.CodeInvalid},
		"NUL":            {`{"name":"a\u0000b"}`, parley.CodeInvalid},
		"raw NUL":        {"{\"name\":\"a\x00b\"}", parley.CodeInvalid},
		"unknown fields": {`{"no_such_field":1}`, parley.CodeInvalid},
		"3 MB":           {`{"content":"` + huge + `"}`, parley.CodeTooLarge},
		"deep":           {strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000), parley.CodeInvalid},
	} {
		r := w.ours.to(l)
		r.key, r.body = w.ours.key, c.body
		if name == "unknown fields" && l.method == http.MethodPatch {
			c.code = parley.CodeInvalid
		}
		if a := w.send(r); a.code() != c.code {
			w.t.Errorf("%s with %s: %s, want %s", l, name, a, c.code)
		}
	}
	r := w.ours.to(l)
	r.key, r.header = w.ours.key, map[string]string{"Content-Type": "text/plain"}
	if a := w.send(r); a.code() != parley.CodeInvalid {
		w.t.Errorf("%s as text/plain: %s", l, a)
	}
	w.badFields(l)
}

// badFields takes a valid body and puts into each field, one after the other,
// values of every other type and texts that mean harm.
func (w *world) badFields(l line) {
	w.t.Helper()
	data, err := json.Marshal(w.ours.validBody(l))
	w.must(err)
	var valid map[string]any
	w.must(json.Unmarshal(data, &valid))
	for field := range valid {
		for _, value := range []any{
			nil, true, 7, -1, 1e300, "", " ", "<script>alert(1)</script>", "'; DROP TABLE message; --", strings.Repeat("x", 64<<10),
			"\u202e\ufeff\u0007", []any{}, []any{nil}, []any{"x", 7}, map[string]any{}, map[string]any{"a": nil}, "../../etc/passwd",
		} {
			body := maps.Clone(valid)
			body[field] = value
			r := w.ours.to(l)
			r.key, r.body = w.ours.key, body
			if a := w.send(r); a.status >= 500 && !upstream(l) || a.status >= 400 && a.code() == "" {
				w.t.Errorf("%s with %s = %.30v: %s", l, field, value, a)
			}
		}
	}
}

// upstream tells the routes whose answer depends on somebody else's server.
func upstream(l line) bool { return strings.HasSuffix(l.path, "/tools/test") }

// badBody tries what is neither CSV nor a form.
func (w *world) badBody(l line) {
	w.t.Helper()
	for name, c := range map[string]struct {
		body string
		code parley.Code
	}{
		"nothing": {"", parley.CodeInvalid}, "garbage": {"\x00\xff\xfe", parley.CodeInvalid}, "JSON": {`{"a":1}`, parley.CodeInvalid},
		"13 MB": {strings.Repeat("provider,model\n", 13<<20/15), parley.CodeTooLarge},
	} {
		r := w.ours.to(l)
		r.key, r.body = w.ours.key, c.body
		if strings.HasSuffix(l.path, "/imports") {
			c.code = parley.CodeInvalid // it takes larger files, and this is no form
		}
		if a := w.send(r); a.code() != c.code {
			w.t.Errorf("%s with %s: %s, want %s", l, name, a, c.code)
		}
	}
}

func TestTamperedCursorIsInvalid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for _, path := range []string{
		"/api/v1/conversations?", "/api/v1/conversations?sort=-credits&", "/api/v1/conversations?q=hello&", "/api/v1/assistants?",
		"/api/v1/assistants/" + w.ours.assistant.ID + "/versions?",
	} {
		for _, cursor := range []string{"tampered", "e30", "bnVsbA", "eyJrIjoibm90IGEgbnVtYmVyIn0", "-1", "W10", "AAAA", "0"} {
			if a := w.send(request{method: "GET", path: path + "cursor=" + cursor, key: w.ours.key}); a.code() != parley.CodeInvalid {
				t.Errorf("%scursor=%s: %s", path, cursor, a)
			}
		}
	}
}

func TestLimitsOfMembersAndKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.Limits = server.Limits{Member: 1, Key: 2, Address: 2} })
	cookie := w.session(w.ours.members[parley.RoleOwner])
	for name, r := range map[string]request{
		"member":     {method: "GET", path: "/api/v1/me", cookie: cookie},
		"key":        {method: "GET", path: "/api/v1/me", key: w.ours.key},
		"wrong keys": {method: "GET", path: "/api/v1/me", key: "parley_unknown"},
	} {
		limited := false
		for range 12 {
			if a := w.send(r); a.code() == parley.CodeRateLimited {
				limited = a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") != ""
			}
		}
		if !limited {
			t.Errorf("twelve requests of one %s at once are not limited", name)
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for _, c := range []struct {
		method, path string
		status       int
		code         parley.Code
		allow        string
	}{
		{"GET", "/api/v1/nothing", 404, parley.CodeNotFound, ""},
		{"POST", "/api/v2/conversations", 404, parley.CodeNotFound, ""},
		{"PUT", "/api/v1/conversations", 405, parley.CodeInvalid, "GET, POST"},
		{"DELETE", "/api/v1/me", 405, parley.CodeInvalid, "GET, PATCH"},
		{"POST", "/", 405, parley.CodeInvalid, "GET, HEAD"},
		{"GET", "/assets/missing.js", 404, parley.CodeNotFound, ""},
		{"GET", "/../../etc/passwd", 404, parley.CodeNotFound, ""},
	} {
		a := w.send(request{method: c.method, path: c.path, key: w.ours.key, body: "{}"})
		if c.path == "/../../etc/passwd" && a.status == 200 && strings.Contains(string(a.body), "<!doctype html>") {
			continue // the dashboard's own page
		}
		if a.status != c.status || a.code() != c.code || a.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %s, Allow %q", c.method, c.path, a, a.header.Get("Allow"))
		}
	}
}

func TestMessageLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	post := func(content string) answer {
		return w.send(request{
			method: "POST", path: "/api/v1/conversations/" + w.ours.conversation.ID + "/messages", key: w.ours.key,
			body: wire.NewMessage{Content: content},
		})
	}
	whole := strings.Repeat("ä", parley.MaxContentBytes/2)
	if got := read[wire.Sent](t, post(whole)); got.Message.Content != whole {
		t.Error("a message of 64 KB comes back changed")
	}
	if a := post(whole + "x"); a.code() != parley.CodeTooLarge {
		t.Errorf("a message of 64 KB and a byte: %s", a)
	}
	html := `<img src=x onerror="alert(1)"> & "quotes"`
	got := read[wire.Sent](t, post(html))
	if got.Message.Content != html || strings.Contains(got.Message.HTML, "<img") {
		t.Errorf("HTML in a message: %+v", got.Message)
	}
}

func TestPanicTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.Store = panicStore{c.Store} })
	a := w.send(request{method: "GET", path: "/api/v1/workspace", key: w.ours.key})
	if a.code() != parley.CodeInternal || a.status != http.StatusInternalServerError || strings.Contains(string(a.body), "kaboom") {
		t.Errorf("answer %s", a)
	}
	if !strings.Contains(w.log.String(), "kaboom") {
		t.Error("the log does not know of the panic")
	}
}

type panicStore struct{ server.Store }

func (panicStore) Workspace(context.Context, string) (*parley.Workspace, error) { panic("kaboom") }
