package store

import (
	"context"
	"errors"

	"parley"
)

// TakeoverResult says what a takeover met.
type TakeoverResult struct {
	Conversation *parley.Conversation
	Canceled     []string // ids of assistant messages that will not be sent
	Sending      []string // ids of assistant messages that were being sent and may arrive
}

// Takeover gives an active conversation to a member: the running turn and the
// queued messages of the assistant are canceled, and no further one is
// recorded until the release. Taking over again changes nothing. It returns
// CodeNotFound, CodeTakeoverActive if another member holds it, and ErrEnded.
func (s *Store) Takeover(ctx context.Context, ws, conv, member string) (*TakeoverResult, error) {
	var out *TakeoverResult
	err := s.write(ctx, func(t *tx) (err error) {
		out = &TakeoverResult{}
		c, err := lockConversation(ctx, t, ws, conv)
		switch {
		case err != nil:
			return err
		case c.Status != parley.ConversationActive:
			return ErrEnded
		case c.Owner == parley.OwnerOperator && c.OperatorID == member:
			return errUnchanged
		case c.Owner == parley.OwnerOperator && c.OperatorID != "":
			return heldBy(ctx, t, c)
		}
		if out.Canceled, out.Sending, err = c.silence(ctx, t); err != nil {
			return err
		}
		c.Owner, c.OperatorID, c.Waiting, c.HandedOver = parley.OwnerOperator, member, false, true
		name, err := authorName(ctx, t, ws, member)
		if err != nil {
			return err
		}
		if _, err := c.record(ctx, t, parley.EventTakeover, orSomebody(name)+" took over.", member, nil); err != nil {
			return err
		}
		out.Conversation = &c.Conversation
		if err := c.save(ctx, t); err != nil {
			return err
		}
		return addWork(ctx, t, parley.WorkIdle, c.ID, ws, t.s.now())
	})
	if errors.Is(err, errUnchanged) {
		out.Conversation, err = s.Conversation(ctx, ws, conv)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

func orSomebody(name string) string {
	if name == "" {
		return "An operator"
	}
	return name
}

// heldBy returns the error that names who holds the conversation.
func heldBy(ctx context.Context, t *tx, c *conversationRow) error {
	name, err := authorName(ctx, t, c.WorkspaceID, c.OperatorID)
	if err != nil {
		return err
	}
	return parley.Errorf(parley.CodeTakeoverActive, "%s holds this conversation.", orSomebody(name))
}

// silence voids what the assistant is about to say: it raises the epoch,
// cancels running turns and queued assistant messages, and names the messages
// that it came too late for.
func (c *conversationRow) silence(ctx context.Context, t *tx) (canceled, sending []string, err error) {
	c.Epoch++
	now := micros(t.s.nowMicros())
	if _, err := t.exec(ctx, `
		UPDATE turn SET status = 'canceled', ended_at = $2 WHERE conversation_n = $1 AND status = 'running'`,
		c.n, now); err != nil {
		return nil, nil, err
	}
	if canceled, err = c.cancelQueued(ctx, t); err != nil {
		return nil, nil, err
	}
	r, err := t.query(ctx, `
		SELECT id FROM message WHERE conversation_n = $1 AND delivery = 'sending' AND role = 'assistant'`, c.n)
	sending, err = collect(r, err, scanID)
	return canceled, sending, err
}

// Release gives the conversation back to the assistant, which answers what is
// unanswered. Releasing what no operator holds changes nothing. It returns
// CodeNotFound.
func (s *Store) Release(ctx context.Context, ws, conv, by string) (*parley.Conversation, error) {
	return s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error { return c.release(ctx, t, by) })
}

// release returns errUnchanged if no operator holds the conversation.
func (c *conversationRow) release(ctx context.Context, t *tx, by string) error {
	if c.Owner != parley.OwnerOperator {
		return errUnchanged
	}
	if _, _, err := c.silence(ctx, t); err != nil {
		return err
	}
	c.Owner, c.OperatorID = parley.OwnerAssistant, ""
	m, err := c.record(ctx, t, parley.EventRelease, "The assistant answers again.", by, nil)
	if err != nil || c.LastMessage.Role != parley.ByUser {
		return err
	}
	return addWork(ctx, t, parley.WorkTurn, c.ID, c.WorkspaceID, m.CreatedAt)
}

// End ends the conversation, cancels what the assistant was about to say and
// makes its evaluation due. Ending an ended one changes nothing. by is the
// member or API key, "" for nobody. It returns CodeNotFound.
func (s *Store) End(ctx context.Context, ws, conv string, reason parley.EndReason, by string) (*parley.Conversation, error) {
	return s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error {
		if c.Status == parley.ConversationEnded {
			return errUnchanged
		}
		if _, _, err := c.silence(ctx, t); err != nil {
			return err
		}
		_, err := c.end(ctx, t, reason, by)
		return err
	})
}

// end makes the conversation ended, without canceling anything.
func (c *conversationRow) end(ctx context.Context, t *tx, reason parley.EndReason, by string) (*parley.Message, error) {
	texts := map[parley.EndReason]string{
		parley.EndInactivity: "Ended, because nobody wrote any more.",
		parley.EndAssistant:  "Ended by the assistant.",
		parley.EndOperator:   "Ended by an operator.",
		parley.EndContact:    "Ended by the visitor.",
	}
	m, err := c.record(ctx, t, parley.EventEnd+parley.Event(reason), texts[reason], by, nil)
	if err != nil {
		return nil, err
	}
	c.Status, c.EndedAt, c.EndReason = parley.ConversationEnded, m.CreatedAt, reason
	c.Waiting, c.Owner, c.OperatorID = false, parley.OwnerAssistant, ""
	return m, addWork(ctx, t, parley.WorkEvaluate, c.ID, c.WorkspaceID, m.CreatedAt)
}

// change locks a conversation, runs fn and saves it. errUnchanged of fn rolls
// back and returns the conversation as it is.
func (s *Store) change(ctx context.Context, ws, conv string, fn func(*tx, *conversationRow) error) (*parley.Conversation, error) {
	var out *parley.Conversation
	err := s.write(ctx, func(t *tx) error {
		c, err := lockConversation(ctx, t, ws, conv)
		if err != nil {
			return err
		}
		if err := fn(t, c); err != nil {
			return err
		}
		out = &c.Conversation
		return c.save(ctx, t)
	})
	if errors.Is(err, errUnchanged) {
		return s.Conversation(ctx, ws, conv)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// OperatorMessage records what the operator who holds the conversation writes,
// in one or several parts that have Content, AuthorID and AuthorName; it returns
// the first. It returns CodeNotFound, CodeTakeoverActive if another member holds
// the conversation, CodeConflict if nobody does, CodeWindowClosed where WhatsApp
// allows templates only, ErrEnded, and what parley.CheckContent returns.
func (s *Store) OperatorMessage(ctx context.Context, ws, conv, member string, parts []parley.Message, push bool) (*Received, error) {
	for i := range parts {
		if err := parley.CheckContent(parts[i].Content); err != nil {
			return nil, err
		}
	}
	var first parley.Message
	c, err := s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error {
		switch {
		case c.Status != parley.ConversationActive:
			return ErrEnded
		case c.Owner != parley.OwnerOperator:
			return parley.Errorf(parley.CodeConflict, "Take the conversation over before you write in it.")
		case c.OperatorID != member:
			return heldBy(ctx, t, c)
		case push && !c.WindowOpen(t.s.now()):
			return parley.Errorf(parley.CodeWindowClosed,
				"WhatsApp allows free-form messages only within 24 hours of the contact's last message. Send a template instead.")
		}
		c.AnsweredSeq = c.NextSeq - 1
		for i := range parts {
			written := parts[i]
			written.Role = parley.ByOperator
			if err := c.say(ctx, t, &written, push); err != nil {
				return err
			}
			if i == 0 {
				first = written
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Received{Message: &first, Conversation: c}, nil
}

// SendTemplate records a template that somebody sends: it may leave outside a
// window, and whoever holds the conversation. A conversation that has ended is
// reopened. It returns CodeNotFound and what parley.CheckContent returns.
func (s *Store) SendTemplate(ctx context.Context, ws, conv string, m *parley.Message) (*Received, error) {
	if err := parley.CheckContent(m.Content); err != nil {
		return nil, err
	}
	var written parley.Message
	c, err := s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error {
		written = *m
		written.Role, written.Type = parley.ByOperator, parley.MessageTemplate
		if c.Status == parley.ConversationEnded {
			if err := c.reopen(ctx, t, t.s.nowMicros()); err != nil {
				return err
			}
		}
		return c.say(ctx, t, &written, true)
	})
	if err != nil {
		return nil, err
	}
	return &Received{Message: &written, Conversation: c}, nil
}
