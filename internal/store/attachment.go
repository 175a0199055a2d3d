package store

import (
	"context"
	"time"

	"parley"
)

// StoredAttachment is what is known about a file. Its bytes are in the blob
// store under Key.
type StoredAttachment struct {
	parley.Attachment
	WorkspaceID    string
	ConversationID string // "" until a message has it
	Key            string
	CreatedBy      string // member or API key id, or the conversation whose visitor uploaded it
	CreatedAt      time.Time
}

const attachmentColumns = `workspace_id, id, conversation_id, name, mime_type, size, blob_key, created_by, created_at`

func scanAttachment(r scanner) (StoredAttachment, error) {
	var a StoredAttachment
	err := r.Scan(&a.WorkspaceID, &a.ID, &a.ConversationID, &a.Name, &a.MIMEType, &a.Size, &a.Key, &a.CreatedBy,
		asTime(&a.CreatedAt))
	return a, err
}

// CreateAttachment adds a file; it gives it an id and a time if it has none.
func (s *Store) CreateAttachment(ctx context.Context, a *StoredAttachment) error {
	s.stamp(&a.ID, &a.CreatedAt)
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO attachment (`+attachmentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			a.WorkspaceID, a.ID, a.ConversationID, a.Name, a.MIMEType, a.Size, a.Key, a.CreatedBy, micros(a.CreatedAt))
		return err
	})
}

// Attachment returns one file. It returns CodeNotFound.
func (s *Store) Attachment(ctx context.Context, workspaceID, id string) (*StoredAttachment, error) {
	a, err := scanAttachment(s.read.queryRow(ctx,
		`SELECT `+attachmentColumns+` FROM attachment WHERE workspace_id = $1 AND id = $2`, workspaceID, id))
	return found(a, err, "attachment")
}

// Attachments returns files of a workspace; one that does not exist is left
// out.
func (s *Store) Attachments(ctx context.Context, workspaceID string, ids []string) ([]StoredAttachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{workspaceID}
	rs, err := s.read.query(ctx, `SELECT `+attachmentColumns+` FROM attachment
		WHERE workspace_id = $1 AND id IN (`+placeholders(&args, ids)+`) ORDER BY id`, args...)
	return collect(rs, err, scanAttachment)
}

// takeAttachments gives files that no conversation has to one, and plans to
// fetch and read those that are not here or not read yet. It returns CodeInvalid
// if one of them does not exist or belongs to another.
func takeAttachments(ctx context.Context, t *tx, workspaceID, conversationID string, files []parley.Attachment) error {
	if err := expectFiles(ctx, t, workspaceID, conversationID, files); err != nil {
		return err
	}
	for _, f := range files {
		n, err := t.exec(ctx, `
			UPDATE attachment SET conversation_id = $3
			WHERE workspace_id = $1 AND id = $2 AND conversation_id IN ('', $3)`,
			workspaceID, f.ID, conversationID)
		if err != nil {
			return err
		}
		if n == 0 {
			return parley.Errorf(parley.CodeInvalid, "The attachment %s does not exist, or belongs to another conversation.", f.ID)
		}
	}
	return nil
}

// OrphanAttachments returns up to n files that no message has had since a time,
// of every workspace, the oldest first.
func (s *Store) OrphanAttachments(ctx context.Context, before time.Time, n int) ([]StoredAttachment, error) {
	rs, err := s.read.query(ctx, `SELECT `+attachmentColumns+` FROM attachment
		WHERE conversation_id = '' AND created_at < $1 ORDER BY created_at LIMIT $2`, micros(before), n)
	return collect(rs, err, scanAttachment)
}

// DeleteAttachment forgets a file that no message has. Whoever calls it removes
// the bytes afterwards. It returns CodeNotFound if there is none, or a message
// has it by now.
func (s *Store) DeleteAttachment(ctx context.Context, workspaceID, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM attachment WHERE workspace_id = $1 AND id = $2 AND conversation_id = ''`,
			workspaceID, id)
		return changedOne(n, err, "attachment")
	})
}
