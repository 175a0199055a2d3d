package server_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/server/wire"
	"parley/internal/store/bulks"
	"parley/internal/store/storetest"
	"parley/internal/token"
)

// complete gives a tenant what is made by requests: a file, budgets, and a turn
// that answers a message.
func (w *world) complete(n *tenant) {
	w.t.Helper()
	n.attachment = w.upload(n)
	for _, path := range []string{"/budget", "/assistants/" + n.assistant.ID + "/budget"} {
		read[wire.Budgets](w.t, w.send(request{method: "PUT", path: "/api/v1" + path, key: n.key, body: wire.SaveBudget{Credits: "1000"}}))
	}
	sent := read[wire.Sent](w.t, w.send(request{
		method: "POST", path: "/api/v1/conversations/" + n.conversation.ID + "/messages?wait=30", key: n.key, body: wire.NewMessage{Content: "hello"},
	}))
	if len(sent.Replies) == 0 || sent.Replies[0].TurnID == nil {
		w.t.Fatalf("no answer: %+v", sent)
	}
	n.turn = *sent.Replies[0].TurnID
}

// TestWalkedThingsAreThere asks every route for what a workspace has, as its owner:
// that others are told that there is no such thing means something only where there
// is one. What is removed is the other workspace's, in which nothing was changed.
func TestWalkedThingsAreThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	cookies := map[*tenant]string{}
	for _, n := range []*tenant{w.ours, w.theirs} {
		w.complete(n)
		cookies[n] = w.session(n.members[parley.RoleOwner])
	}
	all := slices.DeleteFunc(routes(t), func(l line) bool { return l.permission == "" || !strings.Contains(l.path, "{") })
	// What reads comes first, and what stands in something is removed before it.
	turn := func(l line) int { return slices.Index([]string{"GET", "PATCH", "PUT", "POST", "DELETE"}, l.method) }
	slices.SortFunc(all, func(a, b line) int {
		return cmp.Or(cmp.Compare(turn(a), turn(b)), cmp.Compare(strings.Count(b.path, "{"), strings.Count(a.path, "{")), cmp.Compare(a.path, b.path))
	})
	for _, l := range all {
		n := w.ours
		if l.method == "DELETE" {
			n = w.theirs
		}
		r := n.to(l)
		r.cookie = cookies[n]
		switch a := w.send(r); a.code() {
		case parley.CodeNotFound, parley.CodeUnauthorized:
			t.Errorf("%s with our own ids: %s", l, a)
		}
	}
}

// TestKeysAndRoutes asks every route with keys that have one scope each.
func TestKeysAndRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.ours.attachment = w.upload(w.ours)
	for _, scope := range parley.Permissions() {
		key := token.New(token.KeyPrefix)
		w.must(w.store.CreateAPIKey(context.Background(), &parley.APIKey{
			ID: parley.NewID(w.clock.Now()), WorkspaceID: w.theirs.workspace.ID, Name: string(scope), Prefix: key[:token.KeyShown],
			Hash: token.Hash(key), Scopes: []parley.Permission{scope}, CreatedAt: w.clock.Now(),
		}))
		for _, l := range guarded(t) {
			if l.permission == "" || isStream(l) {
				continue
			}
			// As for roles: what is allowed finds nothing, or is not valid.
			r := w.ours.to(l)
			r.key = key
			if !strings.Contains(l.path, "{") && l.method != "GET" {
				r.body = "{"
			}
			a := w.send(r)
			// Who keeps an example of a conversation also has to read it.
			allowed := scope == l.permission && l.String() != "POST /api/v1/conversations/{id}/messages/{message_id}/example"
			if forbidden := a.code() == parley.CodeForbidden; forbidden == allowed {
				t.Errorf("%s with %s: %s, needs %s", l, scope, a, l.permission)
			}
		}
	}
}

// TestLaw10ForeignThingsNamed names what is another workspace's where no path
// does: in bodies and in filters.
func TestLaw10ForeignThingsNamed(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			w.must(w.rollups.Update(t.Context()))
			before := w.fingerprint(w.theirs)
			w.namedInBodies(w.ours, w.theirs)
			w.namedInFilters(w.ours, w.theirs)
			w.runsOnTheirs(w.ours, w.theirs)
			if after := w.fingerprint(w.theirs); after != before {
				t.Errorf("something of the other workspace has changed:\n%s\n%s", before, after)
			}
		})
	}
}

func (w *world) namedInBodies(ours, theirs *tenant) {
	w.t.Helper()
	assistant, conversation := "/api/v1/assistants/"+ours.assistant.ID, "/api/v1/conversations/"+ours.conversation.ID
	borrowed := ours.assistant.Config
	borrowed.Model.ProviderID = theirs.provider.ID
	read := ours.assistant.Config
	read.Knowledge = []string{theirs.document.ID}
	for name, r := range map[string]request{
		"an assistant with their provider": {method: "POST", path: "/api/v1/assistants", body: borrowed},
		"ours moved to their provider":     {method: "PUT", path: assistant, body: wire.SaveAssistant{AssistantConfig: borrowed}},
		"an assistant with their document": {method: "POST", path: "/api/v1/assistants", body: read},
		"ours with their document":         {method: "PUT", path: assistant, body: wire.SaveAssistant{AssistantConfig: read}},
		"a widget with their assistant":    {method: "PUT", path: "/api/v1/widgets/" + ours.widget.ID, body: wire.SaveWidget{Name: "W", AssistantID: theirs.assistant.ID}},
		"a reply to their message":         {method: "POST", path: conversation + "/messages", body: wire.NewMessage{Content: "x", ReplyTo: theirs.message}},
		"their tag on many":                {method: "POST", path: "/api/v1/bulk", body: wire.StartBulk{Action: bulks.Tag, TagID: theirs.tag, ConversationIDs: []string{ours.conversation.ID}}},
		"their provider tried":             {method: "POST", path: "/api/v1/providers/test", body: wire.TestProvider{ID: theirs.provider.ID, Model: "fake-1"}},
	} {
		r.key = ours.key
		if a := w.send(r); a.code() != parley.CodeNotFound && a.code() != parley.CodeInvalid || strings.Contains(string(a.body), "of theirs") {
			w.t.Errorf("%s: %s", name, a)
		}
	}
	preview := w.send(request{method: "POST", path: assistant + "/preview", key: ours.key, body: map[string]any{"config": read, "question": "When do you open?"}})
	if strings.Contains(string(preview.body), theirs.document.ID) {
		w.t.Errorf("a preview with their document: %s", preview)
	}
	ordered := w.send(request{method: "PUT", path: "/api/v1/views/order", key: ours.key, body: wire.ViewOrder{IDs: []string{theirs.view}, Shared: true}})
	if strings.Contains(string(ordered.body), "of theirs") {
		w.t.Errorf("their view in our order: %s", ordered)
	}
}

// namedInFilters filters by what is theirs: that shows nothing, not even ours.
func (w *world) namedInFilters(ours, theirs *tenant) {
	w.t.Helper()
	for _, path := range []string{"/conversations", "/conversations/count", "/analytics", "/analytics/series", "/analytics/groups?by=source", "/topics"} {
		for name, filter := range map[string]string{
			"assistant": "assistant_id=" + theirs.assistant.ID, "tag": "tag=" + theirs.tag, "contact": "contact=of+theirs", "words": "q=theirs",
		} {
			if name == "words" && path != "/conversations" {
				continue
			}
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			a := w.send(request{method: "GET", path: "/api/v1" + path + sep + filter, key: ours.key})
			for _, shown := range []string{"of theirs", theirs.conversation.ID, ours.conversation.ID, `"count":1`, `"conversations":1`} {
				if a.status >= 300 || strings.Contains(string(a.body), shown) {
					w.t.Errorf("%s by their %s: %s", path, name, a)
				}
			}
		}
	}
}

// runsOnTheirs does something to many and exports what is named, of theirs.
func (w *world) runsOnTheirs(ours, theirs *tenant) {
	w.t.Helper()
	run := read[wire.Bulk](w.t, w.send(request{method: "POST", path: "/api/v1/bulk", key: ours.key, body: wire.StartBulk{
		Action: bulks.End, ConversationIDs: []string{theirs.conversation.ID},
	}}))
	claimed := storetest.Claim(w.t, w.store, bulks.WorkKind, run.ID, w.clock.Now())
	w.must(w.bulk.Work(context.Background(), *claimed))
	if run := read[wire.Bulk](w.t, w.send(request{method: "GET", path: "/api/v1/bulk/" + run.ID, key: ours.key})); run.State != bulks.Done || *run.Total != 0 {
		w.t.Errorf("a run on theirs: %+v", run)
	}
	made := read[wire.Export](w.t, w.send(request{method: "POST", path: "/api/v1/exports", key: ours.key, body: wire.NewExport{
		Format: parley.ExportJSONL, ConversationIDs: []string{theirs.conversation.ID},
	}}))
	if file := w.send(request{method: "GET", path: "/api/v1/exports/" + made.ID + "/file", key: ours.key}); file.status >= 300 || strings.Contains(string(file.body), "theirs") {
		w.t.Errorf("an export of theirs: %s", file)
	}
}
