package store

import (
	"context"
	"slices"
	"time"

	"parley"
	"parley/internal/blob"
)

// FilePatience is how long a turn waits, from when it became due, for files
// that are still to be fetched or read.
const FilePatience = time.Minute

// maxUnread bounds the messages that are looked at for files at a time.
const maxUnread = 100

// unfinished selects messages with files that are still to be fetched or read.
// A quotation mark inside a JSON string is escaped, so no name looks like this.
const unfinished = `attachments <> '' AND deleted_at = 0
	AND (attachments LIKE '%"state":"pending"%' OR attachments LIKE '%"state":"reading"%')`

// UnreadMessages returns the messages of a conversation with files that are
// still to be fetched or read, oldest first, up to 100.
func (s *Store) UnreadMessages(ctx context.Context, ws, conv string) ([]parley.Message, error) {
	return s.messages(ctx, conv, maxUnread, fromMessages+` AND `+unfinished+` ORDER BY seq LIMIT $3`, conv, ws)
}

// SaveFile records what has become of a file of a message. When it was the last
// that the conversation's turn waited for, the turn becomes due. The work must
// be held; it returns ErrLeaseLost, and CodeNotFound if the conversation, the
// message or the file is gone.
func (s *Store) SaveFile(
	ctx context.Context, work parley.Work, m *parley.Message, a parley.Attachment,
) (*parley.Message, *parley.Conversation, error) {
	var saved parley.Message
	var conv *parley.Conversation
	err := s.write(ctx, func(t *tx) error {
		c, err := lockConversation(ctx, t, m.WorkspaceID, m.ConversationID)
		if err != nil {
			return err
		}
		if err := holdLease(ctx, t, work); err != nil {
			return err
		}
		conv = &c.Conversation
		if saved, err = c.saveFile(ctx, t, m, a); err != nil {
			return err
		}
		more, err := c.hasUnread(ctx, t)
		if err != nil || more {
			return err
		}
		return wakeTurn(ctx, t, c.ID)
	})
	if err != nil {
		return nil, nil, err
	}
	return &saved, conv, nil
}

// saveFile changes the message and the row of the file.
func (c *conversationRow) saveFile(ctx context.Context, t *tx, m *parley.Message, a parley.Attachment) (parley.Message, error) {
	now, err := scanMessage(t.queryRow(ctx, `
		SELECT `+messageColumns+` FROM message WHERE conversation_n = $1 AND seq = $2 AND deleted_at = 0`, c.n, m.Seq), c.ID)
	if err != nil {
		return now, orNotFound(err, "message")
	}
	i := slices.IndexFunc(now.Attachments, func(have parley.Attachment) bool { return have.ID == a.ID })
	if i < 0 {
		return now, parley.Errorf(parley.CodeNotFound, "There is no such attachment.")
	}
	now.Attachments[i], now.Rev = a, c.Rev
	if _, err := t.exec(ctx, `UPDATE message SET attachments = $3, rev = $4 WHERE conversation_n = $1 AND seq = $2`,
		c.n, now.Seq, toJSON(now.Attachments), c.Rev); err != nil {
		return now, err
	}
	n, err := t.exec(ctx, `UPDATE attachment SET name = $3, mime_type = $4, size = $5 WHERE workspace_id = $1 AND id = $2`,
		c.WorkspaceID, a.ID, a.Name, a.MIMEType, a.Size)
	return now, changedOne(n, err, "attachment")
}

// hasUnread reports whether a message that no turn has answered has files that
// are still to be fetched or read.
func (c *conversationRow) hasUnread(ctx context.Context, q querier) (found bool, err error) {
	return found, q.queryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM message WHERE conversation_n = $1 AND seq > $2 AND role = 'user' AND `+unfinished+`)`,
		c.n, c.AnsweredSeq).Scan(&found)
}

// waitForFiles returns until when a turn waits for files, the zero time if it
// does not.
func (c *conversationRow) waitForFiles(ctx context.Context, t *tx, work parley.Work) (time.Time, error) {
	until := work.Due.Add(FilePatience)
	if !t.s.now().Before(until) {
		return time.Time{}, nil
	}
	unread, err := c.hasUnread(ctx, t)
	if err != nil || !unread {
		return time.Time{}, err
	}
	return until, nil
}

// wakeTurn makes a turn due that waited for files, not earlier than it was due
// before.
func wakeTurn(ctx context.Context, t *tx, conv string) error {
	_, err := t.exec(ctx, `
		UPDATE queue SET generation = generation + 1, due = CASE WHEN since > $3 THEN since ELSE $3 END
		WHERE kind = $1 AND key = $2 AND due > CASE WHEN since > $3 THEN since ELSE $3 END`,
		string(parley.WorkTurn), conv, micros(t.s.now()))
	t.workAdded = true
	return err
}

// expectFiles makes files known that are still to be fetched, and plans the
// work on those that are not read yet.
func expectFiles(ctx context.Context, t *tx, ws, conv string, files []parley.Attachment) error {
	if !slices.ContainsFunc(files, func(a parley.Attachment) bool { return a.Unfinished() }) {
		return nil
	}
	now := t.s.nowMicros()
	for _, f := range files {
		if f.State != parley.AttachmentPending {
			continue
		}
		_, err := t.exec(ctx, `INSERT INTO attachment (`+attachmentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)`,
			ws, f.ID, conv, f.Name, f.MIMEType, f.Size, blob.AttachmentKey(ws, f.ID), micros(now))
		if err != nil {
			return err
		}
	}
	return addWork(ctx, t, parley.WorkMedia, conv, ws, now)
}
