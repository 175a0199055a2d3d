package store

import (
	"context"
	"database/sql"
	"errors"

	"parley"
)

// IdentityChange says that the person with the old identities has new ones.
type IdentityChange struct {
	WorkspaceID string
	Old, New    []parley.Identity
	Name        string // given to the contact if it has none
	Reason      string // in words, for the record
}

// mergeBatch is how many conversations change their contact in a transaction.
const mergeBatch = 500

// ChangeIdentity gives a contact its new identities, so that it stays one. If
// they belong to another contact by now, that one is merged into it. It returns
// the id of the contact, and CodeNotFound if nobody has the old identities.
func (s *Store) ChangeIdentity(ctx context.Context, ch IdentityChange) (contact string, err error) {
	for {
		more := false
		err := s.write(ctx, func(t *tx) (err error) {
			contact, more, err = changeIdentity(ctx, t, &ch)
			return err
		})
		if err != nil || !more {
			return contact, err
		}
	}
}

// changeIdentity does what fits in one transaction; more says that the rest of
// a merge is left.
func changeIdentity(ctx context.Context, t *tx, ch *IdentityChange) (contact string, more bool, err error) {
	for _, i := range ch.Old {
		if contact, err = contactWith(ctx, t, ch.WorkspaceID, i); err != nil {
			return "", false, err
		}
		if contact != "" {
			break
		}
	}
	if contact == "" {
		return "", false, parley.Errorf(parley.CodeNotFound, "Nobody has this identity.")
	}
	for _, i := range ch.New {
		other, err := contactWith(ctx, t, ch.WorkspaceID, i)
		if err != nil {
			return "", false, err
		}
		if other != "" && other != contact {
			if more, err := mergeContact(ctx, t, ch, contact, other); err != nil || more {
				return contact, more, err
			}
		}
		if _, err := t.exec(ctx, `
			INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES ($1, $2, $3, $4)
			ON CONFLICT (workspace_id, kind, value) DO UPDATE SET contact_id = excluded.contact_id`,
			ch.WorkspaceID, string(i.Kind), i.Value, contact); err != nil {
			return "", false, err
		}
		if err := showIdentity(ctx, t, ch.WorkspaceID, contact, i); err != nil {
			return "", false, err
		}
	}
	return contact, false, completeContact(ctx, t, &parley.Contact{ID: contact, WorkspaceID: ch.WorkspaceID, Name: ch.Name})
}

// showIdentity makes a new identity the one that a contact is called by, and
// reached at, unless a phone number is the better one.
func showIdentity(ctx context.Context, t *tx, ws, contact string, i parley.Identity) error {
	c := parley.Contact{Identifier: i.Value}
	query := `UPDATE contact SET identifier = $3 WHERE id = $1 AND workspace_id = $2 AND phone = ''`
	if i.Kind == parley.IdentityPhone {
		c.Phone = i.Value
		query = `UPDATE contact SET phone = $3, identifier = $3 WHERE id = $1 AND workspace_id = $2`
	}
	n, err := t.exec(ctx, query, contact, ws, i.Value)
	if err != nil || n == 0 {
		return err
	}
	return insertContactKeys(ctx, t, ws, appendContactKeys(nil, contact, contactKeys(&c)))
}

// contactWith returns the contact with an identity, "" for none.
func contactWith(ctx context.Context, t *tx, ws string, i parley.Identity) (id string, err error) {
	err = t.queryRow(ctx, `SELECT contact_id FROM identity WHERE workspace_id = $1 AND kind = $2 AND value = $3`,
		ws, string(i.Kind), i.Value).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// mergeContact moves what the other contact has to the one that stays. more
// says that conversations are left to move.
func mergeContact(ctx context.Context, t *tx, ch *IdentityChange, stays, other string) (more bool, err error) {
	err = markChanged(ctx, t, `
		SELECT n, workspace_id, started_at, 1 FROM conversation WHERE contact_id = $1 AND workspace_id = $2 ORDER BY n LIMIT $3`,
		other, ch.WorkspaceID, mergeBatch)
	if err != nil {
		return false, err
	}
	n, err := t.exec(ctx, `
		UPDATE conversation SET contact_id = $1, rev = rev + 1
		WHERE n IN (SELECT n FROM conversation WHERE contact_id = $2 AND workspace_id = $3 ORDER BY n LIMIT $4)`,
		stays, other, ch.WorkspaceID, mergeBatch)
	if err != nil || n == mergeBatch {
		return n == mergeBatch, err
	}
	for _, statement := range []string{
		`UPDATE identity SET contact_id = $1 WHERE contact_id = $2 AND workspace_id = $3`,
		`INSERT INTO contact_key (workspace_id, key, contact_id)
			SELECT workspace_id, key, $1 FROM contact_key WHERE contact_id = $2 AND workspace_id = $3 ON CONFLICT DO NOTHING`,
		`DELETE FROM contact_key WHERE contact_id = $2 AND workspace_id = $3 AND contact_id <> $1`,
		`UPDATE contact SET
			name = CASE WHEN name = '' THEN (SELECT x.name FROM contact x WHERE x.id = $2) ELSE name END,
			phone = CASE WHEN phone = '' THEN (SELECT x.phone FROM contact x WHERE x.id = $2) ELSE phone END
			WHERE id = $1 AND workspace_id = $3 AND EXISTS (SELECT 1 FROM contact x WHERE x.id = $2)`,
		`DELETE FROM contact WHERE id = $2 AND workspace_id = $3 AND id <> $1`,
	} {
		if _, err := t.exec(ctx, statement, stays, other, ch.WorkspaceID); err != nil {
			return false, err
		}
	}
	_, err = t.exec(ctx, `
		INSERT INTO contact_merge (workspace_id, contact_id, merged_id, reason, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, ch.WorkspaceID, stays, other, ch.Reason, micros(t.s.nowMicros()))
	return false, err
}

// NewestConversation returns the id of the newest conversation of the contact
// with one of the identities on a sender, active ones first; CodeNotFound if
// there is none.
func (s *Store) NewestConversation(ctx context.Context, ws, sender string, ids []parley.Identity) (id string, err error) {
	for _, i := range ids {
		err := s.read.queryRow(ctx, `
			SELECT c.id FROM identity x JOIN conversation c ON c.contact_id = x.contact_id
			WHERE x.workspace_id = $1 AND x.kind = $2 AND x.value = $3 AND c.workspace_id = $1 AND c.sender_id = $4
			ORDER BY c.status, c.n DESC LIMIT 1`, ws, string(i.Kind), i.Value, sender).Scan(&id)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return "", err
		}
	}
	return "", parley.Errorf(parley.CodeNotFound, "There is no conversation with this contact.")
}
