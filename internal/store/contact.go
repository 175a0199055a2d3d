package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/search"
)

// Contact returns a contact and how it is known. It returns CodeNotFound.
func (s *Store) Contact(ctx context.Context, ws, id string) (*parley.Contact, []parley.Identity, error) {
	c := &parley.Contact{WorkspaceID: ws, ID: id}
	err := s.read.queryRow(ctx, `
		SELECT name, phone, identifier, created_at FROM contact WHERE id = $1 AND workspace_id = $2`, id, ws).
		Scan(&c.Name, &c.Phone, &c.Identifier, asTime(&c.CreatedAt))
	if err != nil {
		return nil, nil, orNotFound(err, "contact")
	}
	r, err := s.read.query(ctx, `
		SELECT kind, value FROM identity WHERE contact_id = $1 AND workspace_id = $2 ORDER BY kind, value`, id, ws)
	ids, err := collect(r, err, func(row scanner) (i parley.Identity, err error) {
		return i, row.Scan(&i.Kind, &i.Value)
	})
	return c, ids, err
}

// contactOf finds the contact with one of the identities, the first that is
// known, or makes one. It locks the identities until the end of the
// transaction, so that a contact does not open two conversations at once.
func contactOf(ctx context.Context, t *tx, o *OpenConversation, now time.Time) (id string, err error) {
	if len(o.Identities) == 0 {
		return "", parley.Errorf(parley.CodeInvalid, "A conversation needs a contact.")
	}
	known := false
	for _, i := range o.Identities {
		err := t.queryRow(ctx, `
			SELECT contact_id FROM identity WHERE workspace_id = $1 AND kind = $2 AND value = $3 `+t.s.dialect.forUpdate,
			o.WorkspaceID, string(i.Kind), i.Value).Scan(&id)
		if err == nil {
			known = true
			break
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return "", err
		}
	}
	if !known {
		id = parley.NewID(now)
	}
	for _, i := range o.Identities {
		var got string
		err := t.queryRow(ctx, `
			INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES ($1, $2, $3, $4)
			ON CONFLICT (workspace_id, kind, value) DO UPDATE SET contact_id = identity.contact_id
			RETURNING contact_id`, o.WorkspaceID, string(i.Kind), i.Value, id).Scan(&got)
		if err != nil {
			return "", err
		}
		if got != id && !known { // another transaction has made it meanwhile
			id, known = got, true
		}
	}
	c := parley.Contact{
		ID: id, WorkspaceID: o.WorkspaceID, Name: o.ContactName, Identifier: o.Identities[0].Value, CreatedAt: now,
	}
	for _, i := range o.Identities {
		if i.Kind == parley.IdentityPhone {
			c.Phone = i.Value
		}
	}
	if !known {
		isNew, err := insertContact(ctx, t, &c)
		if err != nil || !isNew {
			return id, err
		}
		return id, insertContactKeys(ctx, t, c.WorkspaceID, appendContactKeys(nil, c.ID, contactKeys(&c)))
	}
	return id, completeContact(ctx, t, &c)
}

// completeContact adds to a contact the name and the phone that it lacks.
func completeContact(ctx context.Context, t *tx, c *parley.Contact) error {
	if c.Name == "" && c.Phone == "" {
		return nil
	}
	n, err := t.exec(ctx, `
		UPDATE contact SET name = CASE WHEN name = '' THEN $3 ELSE name END, phone = CASE WHEN phone = '' THEN $4 ELSE phone END
		WHERE id = $1 AND workspace_id = $2 AND (name = '' AND $3 <> '' OR phone = '' AND $4 <> '')`,
		c.ID, c.WorkspaceID, c.Name, c.Phone)
	if err != nil || n == 0 {
		return err
	}
	return insertContactKeys(ctx, t, c.WorkspaceID, appendContactKeys(nil, c.ID, contactKeys(c)))
}

// insertContact writes a contact without its keys, unless it is there.
func insertContact(ctx context.Context, t *tx, c *parley.Contact) (isNew bool, err error) {
	n, err := t.exec(ctx, `
		INSERT INTO contact (workspace_id, id, name, phone, identifier, created_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
		c.WorkspaceID, c.ID, c.Name, c.Phone, c.Identifier, micros(c.CreatedAt))
	return n > 0, err
}

// contactKey is one of the words by which a contact is found.
type contactKey struct{ key, contact string }

func appendContactKeys(list []contactKey, contact string, keys []string) []contactKey {
	for _, k := range keys {
		list = append(list, contactKey{k, contact})
	}
	return list
}

// insertContactKeys writes keys that are not there yet, in the order of their
// table.
func insertContactKeys(ctx context.Context, t *tx, ws string, keys []contactKey) error {
	slices.SortFunc(keys, func(a, b contactKey) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.contact, b.contact))
	})
	for _, k := range keys {
		_, err := t.exec(ctx, `
			INSERT INTO contact_key (workspace_id, key, contact_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			ws, k.key, k.contact)
		if err != nil {
			return err
		}
	}
	return nil
}

// maxContactKeys bounds the words of a contact by which it is found.
const maxContactKeys = 40

// contactKeys returns the words of a contact, each also with what follows it,
// so that "anna sch" finds Anna Schmidt, and the ends of the phone number.
func contactKeys(c *parley.Contact) []string {
	var keys []string
	for _, text := range []string{c.Name, c.Identifier} {
		words := strings.Fields(search.Fold(text))
		for i := range words {
			keys = append(keys, clip(strings.Join(words[i:], " "), search.MaxWord))
		}
	}
	digits := search.Digits(c.Phone)
	for i := range max(0, len(digits)-2) {
		keys = append(keys, digits[i:])
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	return keys[:min(len(keys), maxContactKeys)]
}

// clip cuts s to n runes.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// contactPrefix is how what a person types is looked up among contactKeys.
func contactPrefix(typed string) string {
	folded := strings.Join(strings.Fields(search.Fold(typed)), " ")
	digits := search.Digits(folded)
	if len(digits) >= 3 && strings.Trim(folded, "+0123456789 -/().") == "" {
		return strings.TrimLeft(digits, "0")
	}
	return clip(folded, search.MaxWord)
}
