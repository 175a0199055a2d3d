// Package desk keeps what the people who work with conversations put on them:
// tags, internal notes, who has reviewed and who has read what, and beside that
// their saved views and canned replies.
//
// None of it is part of a transcript: nothing here may reach a source, a model, a
// visitor, a webhook, or what is made of messages alone, which are transcripts,
// pages to print, Markdown and examples for fine-tuning. Whole conversations as
// JSON Lines have tags, reviews and notes, and an import takes them back; tables
// have tags and whether it was reviewed, if they are asked for. What members have
// read, views and canned replies leave in no file. The transaction of a message
// knows of it only that the rows of tags repeat when a conversation was last
// active.
package desk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
)

// Desk is the desk of a store.
type Desk struct {
	store.Tables
	Now func() time.Time
}

// Author is who does something: a member or an API key.
type Author struct{ ID, Name string }

func (d *Desk) now() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }

// mark runs a transaction of Tx.Mark.
func (d *Desk) mark(ctx context.Context, ws, conv string, fn func(t store.Tx, n int64, c *parley.Conversation) error) error {
	return d.Write(ctx, func(t store.Tx) error {
		return t.Mark(ctx, ws, conv, func(n int64, c *parley.Conversation) error { return fn(t, n, c) })
	})
}

// one runs a statement that changes the one row that there is. It returns
// CodeNotFound if it changes none.
func (d *Desk) one(ctx context.Context, missing error, query string, args ...any) error {
	return d.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, query, args...)
		if err == nil && n == 0 {
			err = missing
		}
		return err
	})
}

func orMissing(err, missing error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing
	}
	return err
}

// text returns CodeInvalid unless a text has between one and most characters.
func text(name, s string, most int) error {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		return invalid(name, "is not valid text")
	case strings.TrimSpace(s) == "":
		return invalid(name, "must not be empty")
	case n > most:
		return invalid(name, fmt.Sprintf("is longer than %d characters", most))
	}
	return nil
}

func invalid(name, why string) error {
	return &parley.Error{
		Code: parley.CodeInvalid, Message: name + ": it " + why + ".", Fields: []parley.FieldError{{Path: name, Message: why}},
	}
}

// fold is how names are compared.
func fold(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// sweepBatch is how much a sweep takes away at once.
const sweepBatch = 500

// Sweep takes tags that were deleted off their conversations, and removes the
// views of members who have left.
func (d *Desk) Sweep(ctx context.Context) error {
	for more := true; more; {
		err := d.Write(ctx, func(t store.Tx) error {
			gone, err := t.Exec(ctx, `
				DELETE FROM desk_tagged WHERE (n, tag_id) IN (
					SELECT g.n, g.tag_id FROM desk_tag t JOIN desk_tagged g ON g.tag_id = t.id WHERE t.deleted_at > 0 LIMIT $1)`, sweepBatch)
			if more = gone == sweepBatch; more || err != nil {
				return err
			}
			_, err = t.Exec(ctx, `
				DELETE FROM desk_tag WHERE deleted_at > 0 AND NOT EXISTS (SELECT 1 FROM desk_tagged g WHERE g.tag_id = desk_tag.id)`)
			return err
		})
		if err != nil {
			return err
		}
	}
	return d.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			DELETE FROM desk_view WHERE member_id <> '' AND NOT EXISTS (SELECT 1 FROM member m WHERE m.id = desk_view.member_id)`)
		return err
	})
}
