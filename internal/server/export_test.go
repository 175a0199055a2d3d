package server_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/storetest"
)

func TestExportThroughTheAPI(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			w.clock.Move(time.Second)
			ask := request{method: "POST", path: "/api/v1/exports", key: w.ours.key, header: map[string]string{"Idempotency-Key": "once"},
				body: wire.NewExport{Format: parley.ExportCSV, Columns: []string{"id", "source"}, Filter: wire.ConversationFilter{Source: []parley.Source{parley.SourceAPI}}}}
			first := w.send(ask)
			e := read[wire.Export](t, first)
			if first.status != http.StatusCreated || e.State != parley.ExportDone || e.Done != 1 || *e.Total != 1 || e.File == nil || e.CreatedBy != nil ||
				e.Request.TimeZone != "Europe/Berlin" || e.Request.Filter.Source[0] != parley.SourceAPI {
				t.Errorf("got %s", first)
			}
			if again := w.send(ask); string(again.body) != strings.TrimSpace(string(first.body))+"\n" && string(again.body) != string(first.body) {
				t.Errorf("asked again: %s", again)
			}
			file := request{method: "GET", path: e.File.URL, key: w.ours.key}
			a := w.send(file)
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(a.body), "\ufeff"))).ReadAll()
			if err != nil || len(rows) != 2 || rows[1][0] != w.ours.conversation.ID || rows[1][1] != "api" {
				t.Errorf("the file is %s, %v", a, err)
			}
			if h := a.header; h.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename=conversations-") ||
				!strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Cache-Control") != "no-store" {
				t.Errorf("its headers are %v", h)
			}
			file.header = map[string]string{"Range": "bytes=3-4"}
			if part := w.send(file); part.status != http.StatusPartialContent || string(part.body) != "id" {
				t.Errorf("a range of it is %s", part)
			}
			list := read[api.Page[wire.Export]](t, w.send(request{method: "GET", path: "/api/v1/exports?limit=1", key: w.ours.key}))
			if len(list.Data) != 1 || list.Data[0].ID != e.ID || list.NextCursor == nil {
				t.Errorf("the list is %+v", list)
			}
			rest := read[api.Page[wire.Export]](t, w.send(request{method: "GET", path: "/api/v1/exports?limit=1&cursor=" + *list.NextCursor, key: w.ours.key}))
			if len(rest.Data) != 1 || rest.Data[0].ID != w.ours.export || rest.NextCursor != nil {
				t.Errorf("the rest is %+v", rest)
			}
			w.clock.Move(8 * 24 * time.Hour)
			file.header = nil
			if a := w.send(file); a.code() != parley.CodeNotFound {
				t.Errorf("after a week: %s", a)
			}
			one := "/api/v1/exports/" + e.ID
			if late := read[wire.Export](t, w.send(request{method: "GET", path: one, key: w.ours.key})); late.State != parley.ExportExpired || late.File != nil {
				t.Errorf("after a week it is %+v", late)
			}
			if a := w.send(request{method: "DELETE", path: one, key: w.ours.key}); a.status != http.StatusNoContent {
				t.Errorf("to remove it: %s", a)
			}
			if a := w.send(request{method: "GET", path: one, key: w.ours.key}); a.code() != parley.CodeNotFound {
				t.Errorf("after it was removed: %s", a)
			}
		})
	}
}

func TestExportRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for name, body := range map[string]string{
		"no format":      `{}`,
		"another format": `{"format":"pdf"}`,
		"a column":       `{"format":"csv","columns":["password"]}`,
		"another filter": `{"format":"csv","filter":{"sauce":"api"}}`,
		"a value":        `{"format":"csv","filter":{"source":["fax"]}}`,
		"what to hide":   `{"format":"csv","hide":["name"]}`,
		"a zone":         `{"format":"csv","time_zone":"Nowhere"}`,
		"a conversation": `{"format":"csv","conversation_ids":["x"]}`,
		"a time":         `{"format":"csv","filter":{"from":"yesterday"}}`,
	} {
		if a := w.send(request{method: "POST", path: "/api/v1/exports", key: w.ours.key, body: body, header: map[string]string{"Content-Type": "application/json"}}); a.code() != parley.CodeInvalid {
			t.Errorf("%s: %s", name, a)
		}
	}
}

// TestWhoMayExport goes by the roles: who only reads, or answers, sees a
// conversation's page to print, but takes none away in files.
func TestWhoMayExport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for _, role := range parley.Roles() {
		cookie := w.session(w.ours.members[role])
		may := role == parley.RoleOwner || role == parley.RoleAdmin || role == parley.RoleEditor
		for _, r := range []request{
			{method: "POST", path: "/api/v1/exports", body: wire.NewExport{Format: parley.ExportJSONL}},
			{method: "GET", path: "/api/v1/exports"},
			{method: "GET", path: "/api/v1/exports/columns"},
			{method: "GET", path: "/api/v1/exports/" + w.ours.export + "/file"},
		} {
			r.cookie = cookie
			if a := w.send(r); (a.code() == parley.CodeForbidden) == may || may && a.status >= 300 {
				t.Errorf("%s %s as %s: %s", r.method, r.path, role, a)
			}
		}
		page := w.send(request{method: "GET", path: "/api/v1/conversations/" + w.ours.conversation.ID + "/print?tz=UTC&hide=email", cookie: cookie})
		if page.status != http.StatusOK || !strings.Contains(string(page.body), "A message of ours") || page.header.Get("Content-Type") != "text/html; charset=utf-8" ||
			!strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("the page to print as %s: %s", role, page)
		}
	}
	for _, query := range []string{"?tz=Nowhere", "?hide=everything"} {
		if a := w.send(request{method: "GET", path: "/api/v1/conversations/" + w.ours.conversation.ID + "/print" + query, key: w.ours.key}); a.code() != parley.CodeInvalid {
			t.Errorf("%s: %s", query, a)
		}
	}
}
