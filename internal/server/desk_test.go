package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/desk"
	"parley/internal/store/storetest"
)

// furnish puts on a tenant's desk one of each thing.
func (w *world) furnish(n *tenant, name string) {
	w.t.Helper()
	ctx, ws := context.Background(), n.workspace.ID
	d := &desk.Desk{Tables: w.store.Tables(), Now: w.clock.Now}
	tag := &desk.Tag{WorkspaceID: ws, Name: "Tag of " + name, Color: "#112233"}
	w.must(d.CreateTag(ctx, tag))
	w.must(d.PutTag(ctx, ws, n.conversation.ID, tag.ID))
	note := &desk.Note{Author: desk.Author{ID: n.keyID, Name: "key of " + name}, Text: "Note of " + name}
	w.must(d.AddNote(ctx, ws, n.conversation.ID, note))
	view := &desk.View{WorkspaceID: ws, Name: "View of " + name, Filter: "status=active"}
	w.must(d.CreateView(ctx, view))
	reply := &desk.Reply{WorkspaceID: ws, Shortcut: "of-" + name, Text: "Reply of " + name}
	w.must(d.CreateReply(ctx, reply))
	n.tag, n.note, n.view, n.reply = tag.ID, note.ID, view.ID, reply.ID
}

// desktop is a member at the API.
type desktop struct {
	*world
	cookie string
}

func (w *world) at(role parley.Role) desktop { return desktop{w, w.session(w.ours.members[role])} }

func (d desktop) ask(method, path string, body any) answer {
	d.t.Helper()
	return d.send(request{method: method, path: "/api/v1" + path, body: body, cookie: d.cookie})
}

// What is put on a conversation is seen on its row, filters it wherever filters
// are taken, and stays on this side: no transcript and no visitor learns of a note.
func TestTheDesk(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			w.must(w.rollups.Update(t.Context()))
			operator, conv := w.at(parley.RoleOperator), "/conversations/"+w.ours.conversation.ID
			row := read[wire.Conversation](t, operator.ask("PUT", conv+"/review", wire.SaveReview{Reviewed: true}))
			if !row.Reviewed || row.Review == nil || row.Review.By.Name != "operator of ours" || row.NoteCount != 1 || len(row.Tags) != 1 || row.Tags[0].Name != "Tag of ours" {
				t.Errorf("the row is %+v", row)
			}
			none := parley.NewID(w.clock.Now())
			for query, want := range map[string]int{
				"tag=" + w.ours.tag: 1, "tag=" + none: 0, "tag=" + none + "&tag=" + w.ours.tag: 1, "reviewed=true": 1, "reviewed=false": 0,
				"tag=" + w.ours.tag + "&reviewed=true&status=active&sort=-credits": 1, "tag=" + w.theirs.tag: 0,
				"tag=" + w.ours.tag + "&q=message": 0,
			} {
				if page := read[wire.ConversationPage](t, operator.ask("GET", "/conversations?"+query, nil)); len(page.Data) != want && !strings.Contains(query, "q=") {
					t.Errorf("%s lists %d, want %d", query, len(page.Data), want)
				}
				if strings.Contains(query, "sort=") || strings.Contains(query, "q=") {
					continue
				}
				if n := read[wire.BoundedCount](t, operator.ask("GET", "/conversations/count?"+query, nil)); n.Count != want || n.More {
					t.Errorf("%s counts %+v, want %d", query, n, want)
				}
				sum := read[struct {
					Now struct {
						Conversations int `json:"conversations"`
					} `json:"now"`
				}](t, operator.ask("GET", "/analytics?"+query, nil))
				if sum.Now.Conversations != want {
					t.Errorf("analytics with %s count %d, want %d", query, sum.Now.Conversations, want)
				}
			}
			for _, bad := range []string{"tag=x", "reviewed=maybe", "most=100", "tags=" + w.ours.tag} {
				if a := operator.ask("GET", "/conversations/count?"+bad, nil); a.code() != parley.CodeInvalid {
					t.Errorf("%s: %s", bad, a)
				}
			}
			for _, path := range []string{"/transcript", "/transcript?format=json", "/transcript?format=markdown", "/messages", "/print"} {
				if a := operator.ask("GET", conv+path, nil); a.status != http.StatusOK || strings.Contains(string(a.body), "Note of ours") {
					t.Errorf("%s tells the note: %s", path, a)
				}
			}
			if read[wire.Conversation](t, operator.ask("PUT", conv+"/read", wire.SaveRead{})).Unread != true {
				t.Error("what was marked as unread is read")
			}
			if a := w.send(request{method: "PUT", path: "/api/v1" + conv + "/read", body: wire.SaveRead{Read: true}, key: w.ours.key}); a.code() != parley.CodeInvalid {
				t.Errorf("a key reads: %s", a)
			}
		})
	}
}

// What everybody sees is changed by editors and higher, notes by who wrote them.
func TestWhoChangesTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	operator, viewer, editor := w.at(parley.RoleOperator), w.at(parley.RoleViewer), w.at(parley.RoleEditor)
	conv, view := "/conversations/"+w.ours.conversation.ID, "/views/"+w.ours.view
	own := read[wire.View](t, viewer.ask("POST", "/views", wire.SaveView{Name: "mine", Filter: "status=ended"}))
	for name, a := range map[string]answer{
		"a viewer tags":                   viewer.ask("PUT", conv+"/tags/"+w.ours.tag, nil),
		"a viewer notes":                  viewer.ask("POST", conv+"/notes", wire.SaveNote{Text: "x"}),
		"an operator renames a tag":       operator.ask("PUT", "/tags/"+w.ours.tag, wire.SaveTag{Name: "x", Color: "#112233"}),
		"an operator writes a reply":      operator.ask("POST", "/canned-replies", wire.SaveCannedReply{Shortcut: "x", Text: "x"}),
		"an operator shares a view":       operator.ask("POST", "/views", wire.SaveView{Name: "x", Shared: true}),
		"an operator changes a shared":    operator.ask("PUT", view, wire.SaveView{Name: "x"}),
		"an operator deletes a shared":    operator.ask("DELETE", view, nil),
		"an operator orders shared":       operator.ask("PUT", "/views/order", wire.ViewOrder{IDs: []string{w.ours.view}, Shared: true}),
		"an operator edits another's":     operator.ask("PUT", conv+"/notes/"+w.ours.note, wire.SaveNote{Text: "x"}),
		"an editor deletes another's":     editor.ask("DELETE", conv+"/notes/"+w.ours.note, nil),
		"a viewer makes the own a shared": viewer.ask("PUT", "/views/"+own.ID, wire.SaveView{Name: "x", Shared: true}),
	} {
		if a.code() != parley.CodeForbidden {
			t.Errorf("%s: %s", name, a)
		}
	}
	if a := editor.ask("PUT", "/views/"+own.ID, wire.SaveView{Name: "x"}); a.code() != parley.CodeNotFound {
		t.Errorf("an editor changes a viewer's view: %s", a)
	}
	if v := read[wire.View](t, editor.ask("PUT", view, wire.SaveView{Name: "ours", Filter: "a=b", Shared: true})); v.Name != "ours" {
		t.Errorf("the view is %+v", v)
	}
	if all := read[api.List[wire.View]](t, viewer.ask("GET", "/views", nil)); len(all.Data) != 2 {
		t.Errorf("a viewer sees %+v", all)
	}
	if a := viewer.ask("DELETE", "/views/"+own.ID, nil); a.status != http.StatusNoContent {
		t.Errorf("a viewer deletes the own: %s", a)
	}
	if a := operator.ask("POST", "/tags", wire.SaveTag{Name: "tag of OURS", Color: "#112233"}); a.code() != parley.CodeConflict {
		t.Errorf("a second tag of a name: %s", a)
	}
}
