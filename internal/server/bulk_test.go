package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"parley"
	"parley/internal/bulk"
	manifold "parley/internal/server/bulk"
	"parley/internal/server/wire"
	"parley/internal/store/bulks"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
)

// manifold serves what is done to many conversations.
func (w *world) manifold(walks *exports.Exports) *manifold.Handlers {
	w.runs = &bulks.Bulks{Tables: w.store.Tables()}
	w.bulk = bulk.New(bulk.Config{
		Runs: w.runs, Walks: walks, Desk: &desk.Desk{Tables: w.store.Tables(), Now: w.clock.Now}, Engine: w.engine,
		Changed: func(_, _ string) {}, Now: w.clock.Now,
	})
	return &manifold.Handlers{Workspaces: w.store, Runs: w.runs, Now: w.clock.Now, Bulk: w.bulk}
}

// runsBulk gives a tenant something that was asked for.
func (w *world) runsBulk(n *tenant, name string) {
	w.t.Helper()
	r := &bulks.Run{
		WorkspaceID: n.workspace.ID, ID: parley.NewID(w.clock.Now()), Action: bulks.Review, State: bulks.Queued, Total: 1,
		By: desk.Author{Name: "Anna of " + name}, CreatedAt: w.clock.Now(),
	}
	w.must(w.runs.Create(context.Background(), r))
	n.bulk = r.ID
}

// What cannot be is refused with a reason, and what can is answered.
func TestBulkRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	post := func(path string, body any) (int, wire.Bulk) {
		a := w.send(request{method: "POST", path: "/api/v1/bulk" + path, key: w.ours.key, body: body})
		var out wire.Bulk
		_ = json.Unmarshal(a.body, &out)
		return a.status, out
	}
	for name, body := range map[string]map[string]any{
		"no action":                   {},
		"an unknown action":           {"action": "explode"},
		"a tag without one":           {"action": "tag"},
		"an end with a tag":           {"action": "end", "tag_id": w.ours.tag},
		"an hour of no week":          {"action": "end", "filter": map[string]any{"hour_of_week": 200}},
		"something that there is not": {"action": "end", "filter": map[string]any{"colour": "red"}},
	} {
		if status, _ := post("", body); status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, status)
		}
	}
	for name, tag := range map[string]string{"unknown": parley.NewID(w.clock.Now()), "another workspace's": w.theirs.tag} {
		if status, _ := post("", map[string]any{"action": "tag", "tag_id": tag}); status != http.StatusNotFound {
			t.Errorf("a tag that is %s: %d", name, status)
		}
	}
	status, run := post("", map[string]any{"action": "tag", "tag_id": w.ours.tag, "conversation_ids": []string{w.ours.conversation.ID}})
	if status != http.StatusCreated || run.State != bulks.Queued || run.Total == nil || *run.Total != 1 || run.CanUndo {
		t.Fatalf("%d %+v", status, run)
	}
	if status, _ := post("/"+run.ID+"/undo", nil); status != http.StatusConflict {
		t.Errorf("undone before it was done: %d", status)
	}
	if status, run = post("/"+run.ID+"/cancel", nil); status != http.StatusOK || run.State != bulks.Canceled {
		t.Errorf("canceled: %d %+v", status, run)
	}
	if status, _ := post("/"+run.ID+"/cancel", nil); status != http.StatusConflict {
		t.Errorf("canceled again: %d", status)
	}
}
