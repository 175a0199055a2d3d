package store

import (
	"context"
	"errors"
	"time"

	"parley"
)

// Amendment is what a contact does to a message that is in the log already.
// Its source names the message by its own id.
type Amendment struct {
	WorkspaceID string
	SenderID    string
	ProviderID  string // of the message
	// ReactedTo names the contact's reaction to this message instead.
	ReactedTo string
	At        time.Time
	Content   string // of an edit
	// Revoke takes the message back: what it said is removed.
	Revoke bool
}

// AmendMessage edits or takes back a message of the contact; a repeat changes
// nothing. It returns CodeNotFound for a message that is not known, or is not
// the contact's.
func (s *Store) AmendMessage(ctx context.Context, a Amendment) (*parley.Message, error) {
	if err := parley.CheckContent(a.Content); err != nil {
		return nil, err
	}
	var conv, id string
	err := s.write(ctx, func(t *tx) error {
		m, err := a.message(ctx, t)
		if err == nil && m.Role != parley.ByUser {
			err = parley.Errorf(parley.CodeNotFound, "The message is not the contact's.")
		}
		if err != nil {
			return err
		}
		conv, id = m.ConversationID, m.ID
		if !m.DeletedAt.IsZero() || !a.Revoke && m.Content == a.Content {
			return errUnchanged
		}
		c, err := lockConversation(ctx, t, a.WorkspaceID, conv)
		if err != nil {
			return err
		}
		return c.amend(ctx, t, m, &a)
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return nil, err
	}
	return s.Message(ctx, a.WorkspaceID, conv, id)
}

// message finds what is to be amended.
func (a *Amendment) message(ctx context.Context, t *tx) (*parley.Message, error) {
	if a.ReactedTo == "" {
		return messageByProviderID(ctx, t, a.WorkspaceID, a.SenderID, a.ProviderID)
	}
	to, err := messageByProviderID(ctx, t, a.WorkspaceID, a.SenderID, a.ReactedTo)
	if err != nil {
		return nil, err
	}
	m, err := scanMessage(t.queryRow(ctx, fromMessages+`
		AND type = 'reaction' AND reply_to = $3 AND deleted_at = 0 ORDER BY seq DESC LIMIT 1`,
		to.ConversationID, a.WorkspaceID, to.ID), to.ConversationID)
	if err != nil {
		return nil, orNotFound(err, "reaction")
	}
	return &m, nil
}

// amend changes a message, what the list shows of it, and the search index.
func (c *conversationRow) amend(ctx context.Context, t *tx, m *parley.Message, a *Amendment) error {
	at := a.At
	if at.IsZero() {
		at = t.s.nowMicros()
	}
	var n int64
	query := `UPDATE message SET content = $3, edited_at = $4, rev = $5 WHERE conversation_n = $1 AND seq = $2 RETURNING n`
	if a.Revoke {
		if err := dropAttachments(ctx, t, c, m); err != nil {
			return err
		}
		a.Content = ""
		query = `UPDATE message SET content = $3, deleted_at = $4, rev = $5, payload = '', attachments = ''
			WHERE conversation_n = $1 AND seq = $2 RETURNING n`
	}
	if err := t.queryRow(ctx, query, c.n, m.Seq, a.Content, micros(at), c.Rev).Scan(&n); err != nil {
		return err
	}
	var last int64
	err := t.queryRow(ctx, `
		SELECT MAX(seq) FROM message WHERE conversation_n = $1 AND role IN ('user', 'assistant', 'operator')`, c.n).Scan(&last)
	if err != nil {
		return err
	}
	if m.Seq == last {
		c.LastMessage.Text = parley.PreviewText(a.Content)
		if err := c.save(ctx, t); err != nil {
			return err
		}
	}
	return c.reindex(ctx, t, n, a.Content)
}

// dropAttachments leaves the files of a message to the sweep that removes their
// bytes.
func dropAttachments(ctx context.Context, t *tx, c *conversationRow, m *parley.Message) error {
	for i := range m.Attachments {
		_, err := t.exec(ctx, `UPDATE attachment SET conversation_id = '' WHERE id = $1 AND conversation_id = $2`,
			m.Attachments[i].ID, c.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
