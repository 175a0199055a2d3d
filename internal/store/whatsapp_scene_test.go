package store_test

import (
	"fmt"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// number is a scene with a WhatsApp number.
type number struct {
	*scene
	sender *parley.Sender
}

func runNumber(t *testing.T, fn func(t *testing.T, n *number)) {
	t.Helper()
	runScene(t, func(t *testing.T, sc *scene) { fn(t, &number{sc, sc.newSender(sc.ws, sc.assistant, "1")}) })
}

// newSender adds an app and a number of it.
func (sc *scene) newSender(ws, assistant, phoneNumberID string) *parley.Sender {
	sc.t.Helper()
	app := &parley.WhatsAppApp{WorkspaceID: ws, Name: "App", AppSecret: "app-secret-xyz", VerifyToken: "verify-token-xyz"}
	sc.ok(sc.SaveWhatsAppApp(sc.ctx, app))
	x := &parley.Sender{
		WorkspaceID: ws, Name: "Shop", Kind: parley.SenderCloud, AppID: app.ID, WABAID: "waba-1", PhoneNumberID: phoneNumberID,
		DisplayPhone: "+15550001111", Token: "graph-token-xyz", AssistantID: assistant, AIOn: true,
	}
	sc.ok(sc.CreateSender(sc.ctx, x))
	return x
}

func phone(v string) parley.Identity { return parley.Identity{Kind: parley.IdentityPhone, Value: v} }
func bsuid(v string) parley.Identity { return parley.Identity{Kind: parley.IdentityBSUID, Value: v} }

// opening asks for the conversation of somebody.
func (n *number) opening(name string, ids ...parley.Identity) store.OpenConversation {
	return store.OpenConversation{
		WorkspaceID: n.ws, Source: parley.SourceWhatsApp, AssistantID: n.assistant, SenderID: n.sender.ID,
		Identities: ids, ContactName: name,
	}
}

// says is a message of a contact.
func (n *number) says(id, text string) store.ReceiveMessage {
	now := n.clock.Now()
	return store.ReceiveMessage{
		WorkspaceID: n.ws, SenderID: n.sender.ID, TurnAt: now, WindowExpiresAt: now.Add(parley.WindowTime),
		Message: &parley.Message{Content: text, ProviderID: id},
	}
}

// from records a message of somebody.
func (n *number) from(id, text string, ids ...parley.Identity) *store.Received {
	n.t.Helper()
	got, _, err := n.ReceiveFrom(n.ctx, n.opening("", ids...), n.says(id, text))
	n.ok(err)
	return got
}

// answered returns a conversation with replies in its outbox.
func (n *number) answered(replies ...string) *parley.Conversation {
	n.t.Helper()
	at := fmt.Sprint(time.Now().UnixNano())
	got := n.from("wamid."+at, "hello", phone("+49170"+at))
	n.turn(got.Conversation, true, replies...)
	return got.Conversation
}

// projected checks law 9 for a conversation.
func (sc *scene) projected(c *parley.Conversation) {
	sc.t.Helper()
	want, err := sc.Recompute(sc.ctx, c.WorkspaceID, c.ID)
	sc.ok(err)
	got := sc.reload(c)
	if fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", *want) {
		sc.t.Errorf("the list shows\n%+v, its log says\n%+v", *got, *want)
	}
}
