package privacy

import (
	"context"
	"database/sql"
	"errors"

	"parley"
	"parley/internal/store"
)

// Contact is what is kept of a person.
type Contact struct {
	parley.Contact
	Identities    []parley.Identity
	Conversations int64
	Messages      int64
	Files         int64
}

// Contact returns what is kept of a person. It returns CodeNotFound.
func (p *Privacy) Contact(ctx context.Context, ws, id string) (*Contact, error) {
	known, identities, err := p.store.Contact(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	c := &Contact{Contact: *known, Identities: identities}
	return c, p.QueryRow(ctx, `
		SELECT count(*), COALESCE(SUM(message_count), 0),
			(SELECT count(*) FROM attachment a JOIN conversation h ON h.id = a.conversation_id
				WHERE h.contact_id = $1 AND h.workspace_id = $2 AND a.workspace_id = $2)
		FROM conversation WHERE contact_id = $1 AND workspace_id = $2`, id, ws).Scan(&c.Conversations, &c.Messages, &c.Files)
}

// Conversations returns the ids of up to limit conversations of a contact.
func (p *Privacy) Conversations(ctx context.Context, ws, contact string, limit int) ([]string, error) {
	r, err := p.Query(ctx, `SELECT id FROM conversation WHERE contact_id = $1 AND workspace_id = $2 LIMIT $3`, contact, ws, limit)
	return store.Collect(r, err, scanText)
}

func scanText(row store.Row) (text string, err error) { return text, row.Scan(&text) }

// File is an attachment with where its bytes are, "" if they were never fetched.
type File struct {
	ID, Key string
	Size    int64
}

// Holds returns what a conversation holds: how many messages and variables, and
// its files, those included that its visitor has uploaded and not sent. It returns
// CodeNotFound.
func (p *Privacy) Holds(ctx context.Context, ws, conv string) (g Gone, files []File, err error) {
	err = p.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM message m WHERE m.conversation_n = c.n),
			(SELECT count(*) FROM variable v WHERE v.conversation_n = c.n)
		FROM conversation c WHERE c.id = $1 AND c.workspace_id = $2`, conv, ws).Scan(&g.Messages, &g.Variables)
	if errors.Is(err, sql.ErrNoRows) {
		return g, nil, parley.Errorf(parley.CodeNotFound, "There is no conversation %.100q.", conv)
	}
	if err != nil {
		return g, nil, err
	}
	r, err := p.Query(ctx, `
		SELECT id, blob_key, size FROM attachment
		WHERE workspace_id = $1 AND (conversation_id = $2 OR conversation_id = '' AND created_by = $2)`, ws, conv)
	files, err = store.Collect(r, err, func(row store.Row) (f File, err error) { return f, row.Scan(&f.ID, &f.Key, &f.Size) })
	for _, f := range files {
		g.FileBytes += f.Size
	}
	g.Conversations, g.Files = 1, int64(len(files))
	return g, files, err
}

// ForgetFile removes what is known of a file; its bytes are gone.
func (p *Privacy) ForgetFile(ctx context.Context, ws, id string) error {
	return p.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM attachment WHERE workspace_id = $1 AND id = $2`, ws, id)
		return err
	})
}

// errNotYet ends a transaction that would forget somebody who has a conversation.
var errNotYet = errors.New("there is a conversation")

// ForgetContact removes a contact who has no conversation, with all their
// handles, and returns how many these were. It reports false if there is a
// conversation: a message has come meanwhile.
func (p *Privacy) ForgetContact(ctx context.Context, ws, id string) (handles int64, gone bool, err error) {
	err = p.Write(ctx, func(tx store.Tx) (err error) {
		// First what whoever opens a conversation holds.
		if handles, err = tx.Exec(ctx, `DELETE FROM identity WHERE contact_id = $1 AND workspace_id = $2`, id, ws); err != nil {
			return err
		}
		var has bool
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM conversation WHERE contact_id = $1 AND workspace_id = $2)`, id, ws).Scan(&has)
		if err != nil {
			return err
		}
		if has {
			return errNotYet
		}
		for _, sql := range []string{
			`DELETE FROM contact_key WHERE contact_id = $1 AND workspace_id = $2`,
			`DELETE FROM outreach WHERE contact_id = $1 AND workspace_id = $2`,
			`DELETE FROM contact_merge WHERE (contact_id = $1 OR merged_id = $1) AND workspace_id = $2`,
			`DELETE FROM rollup_contact WHERE contact_id = $1 AND workspace_id = $2`,
			`DELETE FROM contact WHERE id = $1 AND workspace_id = $2`,
		} {
			if _, err := tx.Exec(ctx, sql, id, ws); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errNotYet) {
		return 0, false, nil
	}
	return handles, err == nil, err
}
