package server_test

import (
	"context"

	"parley/internal/store/desk"
)

// furnish puts on a tenant's desk one of each thing.
func (w *world) furnish(n *tenant, name string) {
	w.t.Helper()
	ctx, ws := context.Background(), n.workspace.ID
	d := &desk.Desk{Tables: w.store.Tables(), Now: w.clock.now}
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
