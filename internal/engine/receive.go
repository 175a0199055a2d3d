package engine

import (
	"context"
	"errors"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/live"
	"parley/internal/queue"
	"parley/internal/reading"
	"parley/internal/store"
)

// Received says what became of an inbound message.
type Received struct {
	Message      *parley.Message
	Conversation *parley.Conversation // the one that the message is in
	Duplicate    bool                 // the message was here before
	Opened       bool                 // the conversation began with it
}

// place is what never changes of a conversation and matters to receiving.
type place struct {
	assistantID string
	source      parley.Source
	senderID    string
	externalID  string
	contactID   string
}

// Receive records a message of a contact and plans the assistant's turn. When
// it returns, the message is on disk. A message for an ended conversation goes
// to a new one or reopens the old one, as the assistant says. It returns
// CodeNotFound for an unknown conversation, CodeInvalid and CodeTooLarge for
// content that cannot be kept, and CodeConflict when the same provider id comes
// with another content, or for a number's conversation that is not in's.
func (e *Engine) Receive(ctx context.Context, in channel.Inbound) (*Received, error) {
	if err := parley.CheckContent(in.Content); err != nil {
		return nil, err
	}
	if in.ConversationID == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "The message names no conversation.")
	}
	at, err := e.place(ctx, in.WorkspaceID, in.ConversationID)
	if err != nil {
		return nil, err
	}
	if at.source == parley.SourceWhatsApp && in.SenderID != at.senderID {
		return nil, parley.Errorf(parley.CodeConflict, "What a contact writes on WhatsApp comes from WhatsApp only.")
	}
	a, err := e.assistant(ctx, in.WorkspaceID, at.assistantID)
	if err != nil {
		return nil, err
	}
	rec := store.ReceiveMessage{
		WorkspaceID: in.WorkspaceID, ConversationID: in.ConversationID, SenderID: in.SenderID,
		Message: e.inbound(&in), Reopen: a.Config.AfterEnd == parley.AfterEndReopen,
		Declines: !answers(a.Config.Status, at.source), ForPerson: in.ForPerson,
	}
	rec.TurnAt = e.now().Add(time.Duration(a.Config.ReplyDelaySeconds) * time.Second)
	if at.source == parley.SourceWhatsApp {
		rec.WindowExpiresAt = rec.Message.CreatedAt.Add(parley.WindowTime)
	}
	var slot *queue.Slot
	if a.Config.ReplyDelaySeconds == 0 && !rec.Declines {
		if slot = e.runner.Reserve(parley.WorkTurn); slot != nil {
			rec.Claim = e.runner.Lease()
		}
	}
	defer slot.Release()
	res, err := e.store.Receive(ctx, rec)
	switch {
	case errors.Is(err, store.ErrEnded):
		res, err = e.receiveAnew(ctx, rec, at, &in)
	case parley.ErrorCode(err) == parley.CodeConflict && in.ProviderID != "":
		res, err = e.receivedAnew(ctx, rec, at, err)
	}
	if err != nil {
		return nil, err
	}
	if !res.Duplicate {
		e.publishMessage(res.Message)
		e.publish(live.ConversationChanged, res.Conversation)
		if a.Config.ReplyDelaySeconds > 0 {
			e.runner.WakeAt(rec.TurnAt)
		}
	}
	if res.Claimed != nil {
		slot.Run(*res.Claimed)
	}
	return &Received{Message: res.Message, Conversation: res.Conversation, Duplicate: res.Duplicate}, nil
}

// inbound turns what a channel understood into a message of the log.
func (e *Engine) inbound(in *channel.Inbound) *parley.Message {
	m := &parley.Message{
		ID: parley.NewID(e.now()), WorkspaceID: in.WorkspaceID, ConversationID: in.ConversationID,
		Role: parley.ByUser, Type: in.Type, Content: in.Content, Attachments: reading.Files(in, e.now()),
		Payload: in.Payload, ReplyTo: in.ReplyTo, ProviderID: in.ProviderID, CreatedAt: in.SentAt, EditedAt: in.EditedAt,
	}
	if m.Type == "" {
		m.Type = parley.MessageText
	}
	if m.CreatedAt.IsZero() {
		m.CreatedAt = e.now()
	}
	return m
}

// receiveAnew puts the message into the conversation that follows an ended
// one.
func (e *Engine) receiveAnew(
	ctx context.Context, rec store.ReceiveMessage, at place, in *channel.Inbound,
) (*store.Received, error) {
	_, ids, err := e.store.Contact(ctx, in.WorkspaceID, at.contactID)
	if err != nil {
		return nil, err
	}
	next, _, err := e.Open(ctx, OpenRequest{
		WorkspaceID: in.WorkspaceID, AssistantID: at.assistantID, Source: at.source, SenderID: at.senderID,
		ExternalID: at.externalID, Identities: ids, ContactName: in.ContactName,
		// A member may have several Test Chats open; the next one is a new one.
		Fresh: at.source == parley.SourceTest, Follows: in.ConversationID,
	})
	if err != nil {
		return nil, err
	}
	rec.Message.ReplyTo = "" // it names a message of the other conversation
	return e.receiveIn(ctx, rec, next.ID)
}

// receivedAnew answers the repeat of a message that receiveAnew put elsewhere:
// it is found in a later conversation of the same contact and assistant.
// Anything else is the conflict that it looks like.
func (e *Engine) receivedAnew(
	ctx context.Context, rec store.ReceiveMessage, at place, conflict error,
) (*store.Received, error) {
	m, err := e.store.MessageByProviderID(ctx, rec.WorkspaceID, rec.SenderID, rec.Message.ProviderID)
	if err != nil || m.ConversationID == rec.ConversationID {
		return nil, conflict
	}
	there, err := e.place(ctx, rec.WorkspaceID, m.ConversationID)
	if err != nil || there != at {
		return nil, conflict
	}
	return e.receiveIn(ctx, rec, m.ConversationID)
}

func (e *Engine) receiveIn(ctx context.Context, rec store.ReceiveMessage, conversationID string) (*store.Received, error) {
	rec.ConversationID, rec.Message.ConversationID = conversationID, conversationID
	return e.store.Receive(ctx, rec)
}

// place returns what never changes of a conversation.
func (e *Engine) place(ctx context.Context, ws, id string) (place, error) {
	return e.placeOf.Get(ctx, assistantKey{ws, id}, func(ctx context.Context) (place, error) {
		c, err := e.store.Conversation(ctx, ws, id)
		if err != nil {
			return place{}, err
		}
		return place{c.AssistantID, c.Source, c.SenderID, c.ExternalID, c.ContactID}, nil
	})
}

// assistant returns the newest state of an assistant, perhaps a second old. It
// decides about delays only; a turn reads the version anew.
func (e *Engine) assistant(ctx context.Context, ws, id string) (*parley.Assistant, error) {
	return e.newest.Get(ctx, assistantKey{ws, id}, func(ctx context.Context) (*parley.Assistant, error) {
		return e.store.Assistant(ctx, ws, id)
	})
}
