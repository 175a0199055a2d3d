package server_test

import (
	"context"
	"log/slog"

	"parley"
	"parley/internal/live"
	"parley/internal/privacy"
	forgetting "parley/internal/server/privacy"
	"parley/internal/store"
	privacystore "parley/internal/store/privacy"
)

// forgets serves what has to do with forgetting.
func (w *world) forgets(files privacy.Files, log *slog.Logger) *forgetting.Handlers {
	forgotten := privacystore.New(w.store)
	w.privacy = privacy.New(privacy.Config{
		Store: forgotten, Conversations: w.store, Files: files, Exports: w.exports, Now: w.clock.Now, Log: log,
		Gone: func(ws, conv string) {
			w.hub.Publish(live.Event{Type: live.ConversationChanged, WorkspaceID: ws, ConversationID: conv})
		},
	})
	return &forgetting.Handlers{Store: forgotten, Privacy: w.privacy}
}

// leaves gives a tenant somebody who is to be erased.
func (w *world) leaves(n *tenant, name string) {
	w.t.Helper()
	w.brings(n, name)
	ctx := context.Background()
	leaves, _, err := w.store.OpenConversation(ctx, store.OpenConversation{
		WorkspaceID: n.workspace.ID, Source: parley.SourceAPI, AssistantID: n.assistant.ID, ExternalID: "leaves",
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: "who leaves " + name}}, ContactName: "Somebody of " + name,
	})
	w.must(err)
	erasure, err := w.privacy.Ask(ctx, n.workspace.ID, leaves.ContactID, "Anna of "+name)
	w.must(err)
	n.erasure = erasure.ID
	w.must(w.store.DeleteConversation(ctx, n.workspace.ID, leaves.ID))
}
