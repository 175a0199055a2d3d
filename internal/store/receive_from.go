package store

import (
	"context"
	"errors"

	"parley"
)

// openTries bounds how often a conversation is looked for that ends meanwhile.
const openTries = 3

// ReceiveFrom records a message of a contact whose conversation is not known
// yet: in one transaction it finds or makes the contact, continues or opens the
// conversation and receives the message. A provider id that was here before
// gives the stored message, wherever it is. It returns what OpenConversation
// and Receive return.
func (s *Store) ReceiveFrom(ctx context.Context, o OpenConversation, in ReceiveMessage) (got *Received, created bool, err error) {
	if err := parley.CheckContent(in.Message.Content); err != nil {
		return nil, false, err
	}
	receiveOnce := func(t *tx) error {
		if err := unlessRepeated(ctx, t, &in); err != nil {
			return err
		}
		o, in, m := o, in, *in.Message
		o.Ended = in.Reopen
		c, isNew, err := openConversation(ctx, t, &o)
		if err != nil {
			return err
		}
		if m.ReplyTo, err = replied(ctx, t, &in, c.ID); err != nil {
			return err
		}
		in.ConversationID, in.Message = c.ID, &m
		c, err = receive(ctx, t, &in, &m)
		if err != nil {
			return err
		}
		got, created = &Received{Message: &m, Conversation: &c.Conversation}, isNew
		return nil
	}
	// On PostgreSQL the conversation may end, or be erased, between its being
	// found and its being locked. The next look finds another one.
	for range openTries {
		err = s.write(ctx, receiveOnce)
		if !errors.Is(err, ErrEnded) && parley.ErrorCode(err) != parley.CodeNotFound {
			break
		}
	}
	if errors.Is(err, errRepeated) {
		got, err = s.repeated(ctx, in.WorkspaceID, in.ConversationID, in.SenderID, in.Message)
		return got, false, err
	}
	return got, created, err
}

// unlessRepeated returns errRepeated if the message is here already.
func unlessRepeated(ctx context.Context, t *tx, in *ReceiveMessage) error {
	if in.Message.ProviderID == "" {
		return nil
	}
	_, err := messageByProviderID(ctx, t, in.WorkspaceID, in.SenderID, in.Message.ProviderID)
	switch {
	case err == nil:
		return errRepeated
	case parley.ErrorCode(err) != parley.CodeNotFound:
		return err
	}
	return nil
}

// replied returns the id of the message that a message answers, which its
// source has named by its own id; "" for none, and for one of another
// conversation.
func replied(ctx context.Context, t *tx, in *ReceiveMessage, conversation string) (string, error) {
	if in.ReplyToSource == "" {
		return in.Message.ReplyTo, nil
	}
	m, err := messageByProviderID(ctx, t, in.WorkspaceID, in.SenderID, in.ReplyToSource)
	if parley.ErrorCode(err) == parley.CodeNotFound || err == nil && m.ConversationID != conversation {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return m.ID, nil
}
