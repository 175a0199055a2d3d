package engine

import (
	"cmp"
	"context"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/live"
	"parley/internal/reading"
	"parley/internal/store"
)

// ReceiveFrom records a message that came to a sender's number: the contact is
// found by its identities, its conversation is continued or opened, and the
// assistant's turn is planned. When it returns, the message is on disk. The
// same provider id again gives the message that is there. It returns
// CodeInvalid and CodeTooLarge for content that cannot be kept.
func (e *Engine) ReceiveFrom(ctx context.Context, s *parley.Sender, in channel.Inbound, answered bool) (*Received, error) {
	a, err := e.assistant(ctx, s.WorkspaceID, s.AssistantID)
	if err != nil {
		return nil, err
	}
	rec := store.ReceiveMessage{
		WorkspaceID: s.WorkspaceID, SenderID: s.ID, Message: e.inbound(&in), ReplyToSource: in.ReplyToSource,
		Reopen:   a.Config.AfterEnd == parley.AfterEndReopen,
		Declines: !s.AIOn || !answers(a.Config.Status, in.Source),
	}
	if in.Type != parley.MessageReaction && in.Source == parley.SourceWhatsApp {
		rec.WindowExpiresAt = rec.Message.CreatedAt.Add(parley.WindowTime)
	}
	if answered {
		delay := cmp.Or(s.ReplyDelaySeconds, a.Config.ReplyDelaySeconds)
		rec.TurnAt = e.now().Add(time.Duration(delay) * time.Second)
	}
	if !answered {
		reading.KeepOnly(rec.Message.Attachments)
	}
	res, created, err := e.store.ReceiveFrom(ctx, e.openFor(s, &in), rec)
	if err != nil {
		return nil, err
	}
	if !res.Duplicate {
		e.publishMessage(res.Message)
		e.publish(live.ConversationChanged, res.Conversation)
		if rec.TurnAt.After(e.now()) {
			e.runner.WakeAt(rec.TurnAt)
		}
	}
	return &Received{Message: res.Message, Conversation: res.Conversation, Duplicate: res.Duplicate, Opened: created}, nil
}

// openFor asks for the conversation of a contact with a sender.
func (e *Engine) openFor(s *parley.Sender, in *channel.Inbound) store.OpenConversation {
	return store.OpenConversation{
		WorkspaceID: s.WorkspaceID, Source: in.Source, AssistantID: s.AssistantID, SenderID: s.ID,
		Identities: in.Identities, ContactName: in.ContactName, Push: e.pushes(in.Source),
	}
}

// Amend edits or takes back a message, as the contact asked its source to. It
// returns CodeNotFound for a message that is not known.
func (e *Engine) Amend(ctx context.Context, a store.Amendment) error {
	m, err := e.store.AmendMessage(ctx, a)
	if err == nil {
		e.publishMessage(m)
	}
	return err
}

// Echo records what somebody wrote to a contact outside of Parley: the assistant
// is silent from now on.
func (e *Engine) Echo(ctx context.Context, s *parley.Sender, in channel.Inbound) (*Received, error) {
	m := e.inbound(&in)
	m.Role, m.Delivery, m.AuthorName = parley.ByOperator, parley.DeliverySent, "Phone app"
	res, err := e.store.Echo(ctx, e.openFor(s, &in), m)
	if err != nil {
		return nil, err
	}
	if !res.Duplicate {
		e.running.stop(res.Conversation.ID, errTakenOver)
		e.publishMessage(res.Message)
		e.publish(live.ConversationChanged, res.Conversation)
	}
	return &Received{Message: res.Message, Conversation: res.Conversation, Duplicate: res.Duplicate}, nil
}
