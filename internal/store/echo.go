package store

import (
	"context"
	"errors"

	"parley"
)

// Echo records what a person wrote to a contact outside of Parley, such as in
// WhatsApp's phone app. That is a takeover by nobody whom Parley knows: the
// assistant is silent until somebody releases the conversation. A provider id
// that was here before changes nothing. It returns what OpenConversation
// returns.
func (s *Store) Echo(ctx context.Context, o OpenConversation, m *parley.Message) (*Received, error) {
	var out *Received
	in := ReceiveMessage{WorkspaceID: o.WorkspaceID, SenderID: o.SenderID, Message: m}
	err := s.write(ctx, func(t *tx) error {
		if err := unlessRepeated(ctx, t, &in); err != nil {
			return err
		}
		o, written := o, *m
		opened, _, err := openConversation(ctx, t, &o)
		if err != nil {
			return err
		}
		c, err := lockConversation(ctx, t, o.WorkspaceID, opened.ID)
		if err != nil {
			return err
		}
		if err := c.takenOutside(ctx, t); err != nil {
			return err
		}
		written.Role = parley.ByOperator
		c.AnsweredSeq = c.NextSeq - 1
		if err := c.add(ctx, t, &written); err != nil {
			return err
		}
		out = &Received{Message: &written, Conversation: &c.Conversation}
		return c.save(ctx, t)
	})
	if errors.Is(err, errRepeated) {
		return s.repeated(ctx, o.WorkspaceID, "", o.SenderID, m)
	}
	return out, err
}

// takenOutside makes a conversation an operator's whom Parley does not know,
// unless a member holds it.
func (c *conversationRow) takenOutside(ctx context.Context, t *tx) error {
	if c.Owner == parley.OwnerOperator {
		return nil
	}
	if _, _, err := c.silence(ctx, t); err != nil {
		return err
	}
	c.Owner, c.OperatorID, c.Waiting, c.HandedOver = parley.OwnerOperator, "", false, true
	_, err := c.record(ctx, t, parley.EventTakeover, "Somebody answered in the phone app. The assistant is silent.", "", nil)
	return err
}
