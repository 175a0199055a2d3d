package server_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/imports"
	"parley/internal/server/api"
	importing "parley/internal/server/imports"
	"parley/internal/server/wire"
	"parley/internal/store/exports"
	kept "parley/internal/store/imports"
	"parley/internal/store/storetest"
)

// imported answers the requests about imports.
func (w *world) imported(blobs *blob.Dir, log *slog.Logger) *importing.Handlers {
	brought := &kept.Imports{Tables: w.store.Tables()}
	w.imports = imports.New(imports.Config{
		Store: brought, Conversations: &exports.Exports{Store: w.store}, Files: blobs, Now: w.clock.Now, Log: log,
	})
	return &importing.Handlers{Members: w.store, Kept: brought, Imports: w.imports, Files: blobs, Now: w.clock.Now}
}

// brings lets a tenant have brought a file.
func (w *world) brings(n *tenant, name string) {
	w.t.Helper()
	m := &kept.Import{ID: parley.NewID(w.clock.Now()), WorkspaceID: n.workspace.ID, Name: "of " + name + ".json", Size: 3, CreatedBy: n.keyID, CreatedAt: w.clock.Now()}
	w.must((&kept.Imports{Tables: w.store.Tables()}).Create(w.t.Context(), m))
	n.brought = m.ID
}

const chatOfDify = `[{"id":"m1","conversation_id":"c1","query":"Where is my order?","answer":"On its way.","inputs":{},"created_at":1730503863}]`

// TestImport brings a file through the API, once for a key, and reads the report.
func TestImport(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			bring := func(name string, content string, header map[string]string) answer {
				body, kind := form(name, []byte(content))
				r := request{method: "POST", path: "/api/v1/imports", key: w.ours.key, body: body, header: map[string]string{"Content-Type": kind}}
				for k, v := range header {
					r.header[k] = v
				}
				return w.send(r)
			}
			once := map[string]string{"Idempotency-Key": "once"}
			a := bring("dify.json", chatOfDify, once)
			m := read[wire.Import](t, a)
			if a.status != http.StatusCreated || m.State != kept.Queued || m.File.Name != "dify.json" || m.Total != nil {
				t.Fatalf("it answers %s", a)
			}
			if again := bring("dify.json", chatOfDify, once); string(again.body) != string(a.body) {
				t.Errorf("the same again: %s", again)
			}
			if other := bring("dify.json", chatOfDify+" ", once); other.code() != parley.CodeConflict {
				t.Errorf("another file with the key: %s", other)
			}
			w.must(w.imports.Work(t.Context(), parley.Work{Key: m.ID, WorkspaceID: w.ours.workspace.ID, Attempt: 1}))
			m = read[wire.Import](t, w.send(request{method: "GET", path: "/api/v1/imports/" + m.ID, key: w.ours.key}))
			if m.State != kept.Done || m.System != "dify" || m.Taken != 1 || m.Messages != 2 || m.Refused != 0 || *m.Total != 1 || m.FinishedAt == nil {
				t.Errorf("it is %+v", m)
			}
			w.clock.Move(time.Second)
			other := read[wire.Import](t, bring("other.json", chatOfDify, nil))
			cancel := request{method: "POST", path: "/api/v1/imports/" + other.ID + "/cancel", key: w.ours.key}
			if c := read[wire.Import](t, w.send(cancel)); c.ID != other.ID || c.State != kept.Canceled || c.FinishedAt == nil || c.Taken != 0 {
				t.Errorf("canceled it is %+v", c)
			}
			if again := w.send(cancel); again.code() != parley.CodeConflict {
				t.Errorf("canceled again: %s", again)
			}
			for role, status := range map[parley.Role]int{parley.RoleEditor: http.StatusForbidden, parley.RoleAdmin: http.StatusConflict} {
				if a := w.at(role).ask("POST", "/imports/"+other.ID+"/cancel", nil); a.status != status {
					t.Errorf("canceled as %s: %s", role, a)
				}
			}
			list := read[api.Page[wire.Import]](t, w.send(request{method: "GET", path: "/api/v1/imports?limit=1", key: w.ours.key}))
			if len(list.Data) != 1 || list.Data[0].ID != other.ID || list.NextCursor == nil {
				t.Errorf("the list is %+v", list)
			}
			for name, content := range map[string]string{"": "x", "empty.json": ""} {
				if a := bring(name, content, nil); a.code() != parley.CodeInvalid {
					t.Errorf("%q with %q: %s", name, content, a)
				}
			}
			if a := w.send(request{method: "POST", path: "/api/v1/imports", key: w.ours.key, body: "{}"}); a.code() != parley.CodeInvalid || !strings.Contains(string(a.body), "multipart") {
				t.Errorf("no form: %s", a)
			}
		})
	}
}
