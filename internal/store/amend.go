package store

import (
	"cmp"
	"context"
	"database/sql"
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
// nothing, and neither does what is older than the newest edit. Taking back a
// reaction takes back all that the contact put on the message until then. It
// returns CodeNotFound for a message that is not known, or is not the contact's;
// that it is taken back waits for it.
func (s *Store) AmendMessage(ctx context.Context, a Amendment) (*parley.Message, error) {
	if err := parley.CheckContent(a.Content); err != nil {
		return nil, err
	}
	if a.At.IsZero() {
		a.At = s.nowMicros()
	}
	if a.Revoke {
		a.Content = ""
	}
	var conv, id string
	if a.Revoke && cmp.Or(a.ReactedTo, a.ProviderID) != "" {
		if err := s.write(ctx, func(t *tx) error { return keepRevoke(ctx, t, &a) }); err != nil {
			return nil, err
		}
	}
	err := s.write(ctx, func(t *tx) error {
		to, err := messageByProviderID(ctx, t, a.WorkspaceID, a.SenderID, cmp.Or(a.ReactedTo, a.ProviderID))
		if err != nil {
			return err
		}
		c, err := lockConversation(ctx, t, a.WorkspaceID, to.ConversationID)
		if err != nil {
			return err
		}
		all, err := c.amended(ctx, t, to, &a)
		if err != nil {
			return err
		}
		conv = c.ID
		changed := false
		for i := range all {
			m := &all[i]
			id = m.ID
			if !m.DeletedAt.IsZero() || a.At.Before(m.EditedAt) || !a.Revoke && m.Content == a.Content {
				continue
			}
			changed = true
			if err := c.amend(ctx, t, m, &a); err != nil {
				return err
			}
		}
		if !changed {
			return errUnchanged
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return nil, err
	}
	return s.Message(ctx, a.WorkspaceID, conv, id)
}

// amended returns what is to be amended: at least one message.
func (c *conversationRow) amended(ctx context.Context, t *tx, to *parley.Message, a *Amendment) ([]parley.Message, error) {
	query, args := fromMessages+` AND id = $3 AND role = 'user'`, []any{c.ID, a.WorkspaceID, to.ID}
	if a.ReactedTo != "" {
		query = fromMessages + `
			AND type = 'reaction' AND reply_to = $3 AND role = 'user' AND deleted_at = 0 AND created_at <= $4 ORDER BY seq`
		args = append(args, micros(a.At))
	}
	rs, err := t.query(ctx, query, args...)
	all, err := collect(rs, err, func(r scanner) (parley.Message, error) { return scanMessage(r, c.ID) })
	if err == nil && len(all) == 0 {
		err = parley.Errorf(parley.CodeNotFound, "The contact has no such message.")
	}
	return all, err
}

// amend changes a message, what the list shows of it, and the search index.
func (c *conversationRow) amend(ctx context.Context, t *tx, m *parley.Message, a *Amendment) error {
	var n int64
	query := `UPDATE message SET content = $3, edited_at = $4, rev = $5 WHERE conversation_n = $1 AND seq = $2 RETURNING n`
	if a.Revoke {
		query = `UPDATE message SET content = $3, deleted_at = $4, rev = $5, payload = '', attachments = ''
			WHERE conversation_n = $1 AND seq = $2 RETURNING n`
	}
	if err := t.queryRow(ctx, query, c.n, m.Seq, a.Content, micros(a.At), c.Rev).Scan(&n); err != nil {
		return err
	}
	if a.Revoke && len(m.Attachments) > 0 {
		if err := c.dropAttachments(ctx, t, m); err != nil {
			return err
		}
	}
	var last int64
	err := t.queryRow(ctx, `
		SELECT MAX(seq) FROM message WHERE conversation_n = $1 AND role IN ('user', 'assistant', 'operator')`, c.n).Scan(&last)
	if err != nil {
		return err
	}
	if m.Seq == last {
		c.LastMessage.Text = parley.PreviewText(a.Content)
	}
	if err := c.save(ctx, t); err != nil {
		return err
	}
	return c.reindex(ctx, t, n, a.Content)
}

// revoked and unreacted begin the key under which it is kept beside the early
// statuses that something was taken back, as what is to come may be late.
const (
	revoked   = "revoke:"
	unreacted = "unreact:"
)

// keepRevoke keeps when something was taken back, for as long as its source may
// still bring it.
func keepRevoke(ctx context.Context, t *tx, a *Amendment) error {
	key := revoked + a.ProviderID
	if a.ReactedTo != "" {
		key = unreacted + a.ReactedTo
	}
	_, err := t.exec(ctx, `
		INSERT INTO early_status (workspace_id, sender_id, provider_id, delivery, error, at) VALUES ($1, $2, $3, '', '', $4)
		ON CONFLICT (workspace_id, sender_id, provider_id) DO UPDATE
			SET at = CASE WHEN early_status.at < excluded.at THEN excluded.at ELSE early_status.at END`,
		a.WorkspaceID, a.SenderID, key, micros(a.At))
	return err
}

// takeBack empties a message that was taken back before it came: there is
// nothing to answer. A reaction of the same second is one that came after.
func (in *ReceiveMessage) takeBack(ctx context.Context, t *tx, m *parley.Message) error {
	if m.ProviderID == "" {
		return nil
	}
	key, reaction := revoked+m.ProviderID, m.Type == parley.MessageReaction
	if reaction {
		key = unreacted + in.ReplyToSource
	}
	var at time.Time
	err := t.queryRow(ctx, `SELECT at FROM early_status WHERE workspace_id = $1 AND sender_id = $2 AND provider_id = $3`,
		in.WorkspaceID, in.SenderID, key).Scan(asTime(&at))
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && reaction && !at.After(m.CreatedAt):
		return nil
	case err != nil:
		return err
	}
	m.Content, m.Payload, m.Attachments, m.DeletedAt = "", nil, nil, at
	in.TurnAt, in.ForPerson = time.Time{}, false
	return nil
}

// dropAttachments leaves the files of a message to the sweep that removes their
// bytes.
func (c *conversationRow) dropAttachments(ctx context.Context, t *tx, m *parley.Message) error {
	for i := range m.Attachments {
		_, err := t.exec(ctx, `UPDATE attachment SET conversation_id = '' WHERE id = $1 AND conversation_id = $2`,
			m.Attachments[i].ID, c.ID)
		if err != nil {
			return err
		}
	}
	return t.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM message WHERE conversation_n = $1 AND attachments <> '')`, c.n).
		Scan(&c.HasAttachment)
}
