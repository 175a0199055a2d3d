package inbox

import (
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/channel"
	"parley/internal/store"
)

// identity lets a contact keep its history under its new identities, and says
// so in its newest conversation.
func (x *Inbox) identity(ctx context.Context, it item) error {
	ch, s := it.update.Identity, it.sender
	text := ch.Text
	if text == "" {
		text = "The contact's WhatsApp identity has changed."
	}
	known := ch.Old
	if len(ch.New) > 0 {
		_, err := x.Store.ChangeIdentity(ctx, store.IdentityChange{
			WorkspaceID: s.WorkspaceID, Old: ch.Old, New: ch.New, Reason: ch.Type,
		})
		if err != nil {
			return unlessUnknown(err)
		}
		known = ch.New
		text = strings.TrimSuffix(text, ".") + ": " + said(ch.Old, ch.New) + "."
	}
	return x.note(ctx, it, known, ch.ID, text)
}

// said names what became of a contact's identities: of those that are as before
// nothing is said.
func said(before, now []parley.Identity) string {
	replaced := slices.DeleteFunc(slices.Clone(before), func(b parley.Identity) bool {
		return !slices.ContainsFunc(now, func(n parley.Identity) bool { return n.Kind == b.Kind })
	})
	if len(replaced) == 0 {
		return "it is also " + valuesOf(now) + " now"
	}
	return "it is " + valuesOf(now) + " now, and " + valuesOf(replaced) + " no more"
}

func valuesOf(ids []parley.Identity) string {
	values := make([]string, len(ids))
	for i, id := range ids {
		values[i] = id.Value
	}
	return strings.Join(values, ", ")
}

// preference records whether a contact wants marketing messages.
func (x *Inbox) preference(ctx context.Context, it item) error {
	p := it.update.Preference
	text := "The contact wants marketing messages again."
	if p.Stop {
		text = "The contact does not want marketing messages any more."
	}
	id := "preference:" + p.At.UTC().Format("20060102T150405") + ":" + valuesOf(p.Identities)
	return x.note(ctx, it, p.Identities, id, text)
}

// call records a voice call, which nobody answers here, as something that the
// contact did: the assistant offers text.
func (x *Inbox) call(ctx context.Context, it item) error {
	c := it.update.Call
	if !c.FromContact || c.Event != "connect" {
		return nil
	}
	_, err := x.Engine.ReceiveFrom(ctx, it.sender, channel.Inbound{
		WorkspaceID: it.sender.WorkspaceID, Source: parley.SourceWhatsApp, SenderID: it.sender.ID,
		Identities: c.Identities, ContactName: c.Name, ProviderID: "call:" + c.ID, Content: c.Content,
		Type: parley.MessageUnsupported, Payload: it.update.Raw, SentAt: c.At,
	}, true)
	return err
}

// note says something in the newest conversation with a contact, if there is
// one. The same id says it once.
func (x *Inbox) note(ctx context.Context, it item, ids []parley.Identity, id, text string) error {
	conv, err := x.Store.NewestConversation(ctx, it.sender.WorkspaceID, it.sender.ID, ids)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return x.Store.AddNote(ctx, store.Note{
		WorkspaceID: it.sender.WorkspaceID, ConversationID: conv, ProviderID: id, Text: text,
	})
}
