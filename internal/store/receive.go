package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley"
)

// ErrEnded is returned when a conversation that has ended gets a message.
var ErrEnded = parley.Errorf(parley.CodeConflict, "The conversation has ended.")

// ReceiveMessage is an inbound message.
type ReceiveMessage struct {
	WorkspaceID    string
	ConversationID string
	// Message has at least Content; ID, Type and CreatedAt are set where they
	// are missing. It is not changed.
	Message *parley.Message
	// SenderID is the WhatsApp number that received it, "" elsewhere. Together
	// with the message's ProviderID it is what makes a message one.
	SenderID string
	// ReplyToSource is the source's own id of the message that this one answers;
	// only ReceiveFrom looks at it.
	ReplyToSource string
	TurnAt        time.Time // when the assistant shall answer; zero: not at all
	// Claim is for how long the caller wants the turn leased to it at once,
	// which saves the commit of a claim; 0: it waits for ClaimWork.
	Claim time.Duration
	// Declines says that the assistant does not answer here: its turn only makes
	// the conversation wait for a person, so one that waits already needs none.
	Declines bool
	Reopen   bool // make an ended conversation active again
	// ForPerson says that the assistant shall not answer it: the conversation
	// waits for a person.
	ForPerson bool
	// WindowExpiresAt is until when WhatsApp allows free-form messages because
	// of this one; zero leaves the window alone.
	WindowExpiresAt time.Time
}

// Received says what became of a message.
type Received struct {
	Message      *parley.Message
	Conversation *parley.Conversation // after it; of a duplicate, as it is now
	Duplicate    bool                 // the message was here before
	// Claimed is the turn that Claim asked for; nil if there is none to run, or
	// others wait for the same conversation or hold it.
	Claimed *parley.Work
}

// Receive records a message from the contact and makes a turn due, unless an
// operator holds the conversation. A provider id that was here before gives
// the stored message, or CodeConflict if that says something else. It returns
// CodeNotFound, ErrEnded, CodeInvalid for a file that it cannot have, and what
// parley.CheckContent returns.
func (s *Store) Receive(ctx context.Context, in ReceiveMessage) (*Received, error) {
	if err := parley.CheckContent(in.Message.Content); err != nil {
		return nil, err
	}
	var out *Received
	err := s.write(ctx, func(t *tx) error {
		m := *in.Message
		var err error
		out, err = receive(ctx, t, &in, &m)
		return err
	})
	if errors.Is(err, errRepeated) {
		return s.repeated(ctx, in.WorkspaceID, in.ConversationID, in.SenderID, in.Message)
	}
	return out, err
}

// receive is the hot path: three statements for a message without files. It
// completes m.
func receive(ctx context.Context, t *tx, in *ReceiveMessage, m *parley.Message) (*Received, error) {
	m.Role = parley.ByUser
	if m.CreatedAt.IsZero() {
		m.CreatedAt = t.s.nowMicros()
	}
	c, err := advance(ctx, t, in, m)
	if errors.Is(err, sql.ErrNoRows) {
		if err := reopen(ctx, t, in, m); err != nil {
			return nil, err
		}
		c, err = advance(ctx, t, in, m)
	}
	if err != nil {
		return nil, err
	}
	c.prepare(t.s, m)
	m.Seq, m.Rev = c.NextSeq-1, c.Rev
	if err := insertMessage(ctx, t, c.n, m, in.SenderID); err != nil {
		return nil, err
	}
	if err := c.saveTagged(ctx, t); err != nil {
		return nil, err
	}
	if len(m.Attachments) > 0 {
		c.HasAttachment = true
		if err := takeAttachments(ctx, t, c.WorkspaceID, c.ID, m.Attachments); err != nil {
			return nil, err
		}
		if err := c.saveFacet(ctx, t); err != nil {
			return nil, err
		}
	}
	if in.ForPerson {
		if err := c.waitForPerson(ctx, t); err != nil {
			return nil, err
		}
	}
	claimed, err := planTurn(ctx, t, in, c)
	return &Received{Message: m, Conversation: &c.Conversation, Claimed: claimed}, err
}

// planTurn makes the turn due that a message asks for, and leases it to the
// caller if it wants that and nobody else is at it.
func planTurn(ctx context.Context, t *tx, in *ReceiveMessage, c *conversationRow) (*parley.Work, error) {
	if in.TurnAt.IsZero() || in.ForPerson || c.Owner != parley.OwnerAssistant || in.Declines && c.Waiting {
		return nil, nil //nolint:nilnil // nothing to do
	}
	if in.Claim > 0 {
		w := &parley.Work{Kind: parley.WorkTurn, Key: c.ID, WorkspaceID: c.WorkspaceID, Due: in.TurnAt}
		if ok, err := addClaimed(ctx, t, w, in.Claim); ok || err != nil {
			return w, err
		}
	}
	return nil, addWork(ctx, t, parley.WorkTurn, c.ID, c.WorkspaceID, in.TurnAt)
}

// waitForPerson makes the conversation wait for a person, unless it does or has
// one. What came before is not to be answered any more by the assistant.
func (c *conversationRow) waitForPerson(ctx context.Context, t *tx) error {
	if c.Waiting || c.Owner == parley.OwnerOperator {
		return nil
	}
	c.Waiting, c.AnsweredSeq = true, c.NextSeq-1
	if _, err := c.record(ctx, t, parley.EventWaiting, "The conversation waits for a person.", "", nil); err != nil {
		return err
	}
	return c.save(ctx, t)
}

// advance does in one statement what note does for a message of the contact in
// an active conversation. It returns sql.ErrNoRows if there is none.
func advance(ctx context.Context, t *tx, in *ReceiveMessage, m *parley.Message) (*conversationRow, error) {
	return scanConversation(t.queryRow(ctx, `
		UPDATE conversation SET
			rev = rev + 1, next_seq = next_seq + 1, message_count = message_count + 1, user_count = user_count + 1,
			last_role = 'user', last_text = $3, last_at = $4,
			first_message_at = CASE WHEN first_message_at = 0 THEN $4 ELSE first_message_at END,
			last_activity_at = CASE WHEN last_activity_at < $4 THEN $4 ELSE last_activity_at END,
			window_expires_at = CASE WHEN window_expires_at < $5 THEN $5 ELSE window_expires_at END
		WHERE id = $1 AND workspace_id = $2 AND status = 'active'
		RETURNING `+conversationColumns,
		in.ConversationID, in.WorkspaceID, parley.PreviewText(m.Content), micros(m.CreatedAt),
		micros(in.WindowExpiresAt)))
}

// reopen makes an ended conversation active again. It returns errRepeated if
// the message was received before the end, CodeNotFound, and ErrEnded if the
// conversation is not to be reopened.
func reopen(ctx context.Context, t *tx, in *ReceiveMessage, m *parley.Message) error {
	c, err := lockConversation(ctx, t, in.WorkspaceID, in.ConversationID)
	if err != nil {
		return err
	}
	if m.ProviderID != "" {
		_, err := messageByProviderID(ctx, t, in.WorkspaceID, in.SenderID, m.ProviderID)
		switch {
		case err == nil:
			return errRepeated
		case parley.ErrorCode(err) != parley.CodeNotFound:
			return err
		}
	}
	if c.Status != parley.ConversationEnded { // reopened while this waited for its row
		return nil
	}
	if !in.Reopen {
		return ErrEnded
	}
	if err := c.reopen(ctx, t, m.CreatedAt); err != nil {
		return err
	}
	return c.save(ctx, t)
}

// reopen makes an ended conversation active again.
func (c *conversationRow) reopen(ctx context.Context, t *tx, at time.Time) error {
	_, idle, err := openVersion(ctx, t, c.WorkspaceID, c.AssistantID)
	if err != nil {
		return err
	}
	c.Status, c.EndedAt, c.EndReason = parley.ConversationActive, time.Time{}, ""
	event := parley.Message{
		Role: parley.BySystem, Type: parley.MessageEvent, Event: parley.EventReopen, CreatedAt: at,
		Content: "The conversation goes on.",
	}
	if err := c.add(ctx, t, &event); err != nil {
		return err
	}
	return addWork(ctx, t, parley.WorkIdle, c.ID, c.WorkspaceID, at.Add(idle))
}

// repeated answers the repeat of a message. A WhatsApp number may repeat one
// of an earlier conversation, or one that the contact has edited since.
func (s *Store) repeated(ctx context.Context, ws, conv, sender string, m *parley.Message) (*Received, error) {
	was, err := s.MessageByProviderID(ctx, ws, sender, m.ProviderID)
	if err != nil {
		return nil, err
	}
	same := was.Content == m.Content && len(was.Attachments) == len(m.Attachments)
	amended := !was.EditedAt.IsZero() || !was.DeletedAt.IsZero()
	if !same && !amended || was.ConversationID != conv && sender == "" {
		return nil, parley.Errorf(parley.CodeConflict, "Another message was sent with the same id.")
	}
	c, err := s.Conversation(ctx, ws, was.ConversationID)
	if err != nil {
		return nil, err
	}
	return &Received{Message: was, Conversation: c, Duplicate: true}, nil
}
