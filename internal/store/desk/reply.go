package desk

import (
	"context"
	"time"
	"unicode"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
)

// Reply is a text that operators write often. What stands in braces in it, such
// as {contact_name}, is filled in where it is used.
type Reply struct {
	WorkspaceID string
	ID          string
	Shortcut    string // what is typed after the slash; unique in the workspace
	Text        string
	UpdatedAt   time.Time
}

// The limits of canned replies.
const (
	MaxReplies   = 500 // of a workspace
	maxReplyText = 4000
)

// isShortcut reports whether a text can be typed without a space: up to 40 small
// letters, digits, - and _, the first a letter or a digit. As a pattern, with its
// classes forty times over, it would hold 1.5 MB.
func isShortcut(s string) bool {
	for i, r := range s {
		if !unicode.In(r, unicode.Ll, unicode.Lo, unicode.N) && (i == 0 || r != '-' && r != '_') {
			return false
		}
	}
	return s != "" && utf8.RuneCountInString(s) <= 40
}

var (
	errNoReply     = parley.Errorf(parley.CodeNotFound, "There is no such canned reply.")
	errReplyExists = parley.Errorf(parley.CodeConflict, "There is a canned reply with that shortcut already.")
)

func (x *Reply) check() error {
	if !isShortcut(x.Shortcut) {
		return invalid("shortcut", "must be small letters, digits, - and _, such as opening-hours")
	}
	return text("text", x.Text, maxReplyText)
}

const replyColumns = `workspace_id, id, shortcut, text, updated_at`

func scanReply(r store.Row) (x Reply, err error) {
	var updated int64
	err = r.Scan(&x.WorkspaceID, &x.ID, &x.Shortcut, &x.Text, &updated)
	x.UpdatedAt = store.FromMicros(updated)
	return x, err
}

// Replies returns the canned replies of a workspace by shortcut.
func (d *Desk) Replies(ctx context.Context, ws string) ([]Reply, error) {
	r, err := d.Query(ctx, `SELECT `+replyColumns+` FROM desk_reply WHERE workspace_id = $1 ORDER BY shortcut`, ws)
	return store.Collect(r, err, scanReply)
}

// Reply returns one canned reply. It returns CodeNotFound.
func (d *Desk) Reply(ctx context.Context, ws, id string) (*Reply, error) {
	x, err := scanReply(d.QueryRow(ctx, `SELECT `+replyColumns+` FROM desk_reply WHERE workspace_id = $1 AND id = $2`, ws, id))
	if err != nil {
		return nil, orMissing(err, errNoReply)
	}
	return &x, nil
}

// CreateReply adds a canned reply; x has WorkspaceID, Shortcut and Text. It
// returns CodeInvalid, and CodeConflict if the shortcut is taken or there are too
// many.
func (d *Desk) CreateReply(ctx context.Context, x *Reply) error {
	if err := x.check(); err != nil {
		return err
	}
	x.UpdatedAt = d.now()
	x.ID = parley.NewID(x.UpdatedAt)
	return d.Write(ctx, func(t store.Tx) error {
		var have int
		if err := t.QueryRow(ctx, `SELECT COUNT(*) FROM desk_reply WHERE workspace_id = $1`, x.WorkspaceID).Scan(&have); err != nil {
			return err
		}
		if have >= MaxReplies {
			return parley.Errorf(parley.CodeConflict, "A workspace has at most %d canned replies.", MaxReplies)
		}
		n, err := t.Exec(ctx, `INSERT INTO desk_reply (`+replyColumns+`) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			x.WorkspaceID, x.ID, x.Shortcut, x.Text, store.Micros(x.UpdatedAt))
		if err == nil && n == 0 {
			err = errReplyExists
		}
		return err
	})
}

// UpdateReply changes a canned reply. It returns CodeInvalid, CodeNotFound, and
// CodeConflict if the shortcut is taken.
func (d *Desk) UpdateReply(ctx context.Context, x *Reply) error {
	if err := x.check(); err != nil {
		return err
	}
	x.UpdatedAt = d.now()
	return d.Write(ctx, func(t store.Tx) error {
		var known, other int
		err := t.QueryRow(ctx, `
			SELECT (SELECT COUNT(*) FROM desk_reply WHERE workspace_id = $1 AND id = $3),
				(SELECT COUNT(*) FROM desk_reply WHERE workspace_id = $1 AND shortcut = $2 AND id <> $3)`,
			x.WorkspaceID, x.Shortcut, x.ID).Scan(&known, &other)
		switch {
		case err != nil:
			return err
		case known == 0:
			return errNoReply
		case other > 0:
			return errReplyExists
		}
		_, err = t.Exec(ctx, `UPDATE desk_reply SET shortcut = $3, text = $4, updated_at = $5 WHERE workspace_id = $1 AND id = $2`,
			x.WorkspaceID, x.ID, x.Shortcut, x.Text, store.Micros(x.UpdatedAt))
		return err
	})
}

// DeleteReply removes a canned reply. It returns CodeNotFound.
func (d *Desk) DeleteReply(ctx context.Context, ws, id string) error {
	return d.one(ctx, errNoReply, `DELETE FROM desk_reply WHERE workspace_id = $1 AND id = $2`, ws, id)
}
