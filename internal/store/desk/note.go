package desk

import (
	"context"
	"time"

	"parley"
	"parley/internal/store"
)

// Note is what a member writes about a conversation for the others.
type Note struct {
	ID        string
	Author    Author // as named when it was written
	Text      string
	CreatedAt time.Time
	EditedAt  time.Time // zero: never
}

// The limits of notes.
const (
	MaxNotes    = 200 // of a conversation
	maxNoteText = 4000
)

var errNoNote = parley.Errorf(parley.CodeNotFound, "There is no such note.")

// Notes returns the notes of a conversation, the oldest first.
func (d *Desk) Notes(ctx context.Context, ws, conv string) ([]Note, error) {
	r, err := d.Query(ctx, `
		SELECT `+NoteColumns+` FROM desk_note o
		WHERE o.conversation_n = (SELECT n FROM conversation WHERE id = $2 AND workspace_id = $1) ORDER BY o.id`, ws, conv)
	return store.Collect(r, err, func(r store.Row) (Note, error) { return ScanNote(r) })
}

// NoteColumns are the columns of a note in its table, called o, for ScanNote.
const NoteColumns = `o.id, o.author_id, o.author_name, o.text, o.created_at, o.edited_at`

// ScanNote reads NoteColumns, and more columns after them.
func ScanNote(r store.Row, more ...any) (o Note, err error) {
	var created, edited int64
	err = r.Scan(append([]any{&o.ID, &o.Author.ID, &o.Author.Name, &o.Text, &created, &edited}, more...)...)
	o.CreatedAt, o.EditedAt = store.FromMicros(created), store.FromMicros(edited)
	return o, err
}

// AddNote writes a note; o has Author and Text. It returns CodeInvalid,
// CodeNotFound, and CodeConflict if there are too many.
func (d *Desk) AddNote(ctx context.Context, ws, conv string, o *Note) error {
	if err := text("text", o.Text, maxNoteText); err != nil {
		return err
	}
	now := d.now()
	o.ID, o.CreatedAt = parley.NewID(now), now
	return d.mark(ctx, ws, conv, func(t store.Tx, n int64, _ *parley.Conversation) error {
		added, err := t.Exec(ctx, `
			INSERT INTO desk_note (workspace_id, id, conversation_n, author_id, author_name, text, created_at, edited_at)
			SELECT $1, $2, $3, $4, $5, $6, $7, 0 WHERE (SELECT COUNT(*) FROM desk_note WHERE conversation_n = $3) < $8`,
			ws, o.ID, n, o.Author.ID, o.Author.Name, o.Text, store.Micros(now), MaxNotes)
		if err == nil && added == 0 {
			err = parley.Errorf(parley.CodeConflict, "A conversation has at most %d notes.", MaxNotes)
		}
		return err
	})
}

// EditNote changes the text of a note that by has written. It returns
// CodeInvalid, CodeNotFound, and CodeForbidden if somebody else has.
func (d *Desk) EditNote(ctx context.Context, ws, conv, id string, by Author, words string) error {
	if err := text("text", words, maxNoteText); err != nil {
		return err
	}
	return d.own(ctx, ws, conv, id, by, `UPDATE desk_note SET text = $3, edited_at = $4 WHERE conversation_n = $1 AND id = $2`,
		words, store.Micros(d.now()))
}

// DeleteNote removes a note that by has written. It returns CodeNotFound, and
// CodeForbidden if somebody else has.
func (d *Desk) DeleteNote(ctx context.Context, ws, conv, id string, by Author) error {
	return d.own(ctx, ws, conv, id, by, `DELETE FROM desk_note WHERE conversation_n = $1 AND id = $2`)
}

// own runs a statement on a note of by.
func (d *Desk) own(ctx context.Context, ws, conv, id string, by Author, query string, args ...any) error {
	return d.mark(ctx, ws, conv, func(t store.Tx, n int64, _ *parley.Conversation) error {
		var author string
		err := t.QueryRow(ctx, `SELECT author_id FROM desk_note WHERE conversation_n = $1 AND id = $2`, n, id).Scan(&author)
		if err != nil {
			return orMissing(err, errNoNote)
		}
		if author != by.ID {
			return parley.Errorf(parley.CodeForbidden, "Only who wrote a note can change or delete it.")
		}
		_, err = t.Exec(ctx, query, append([]any{n, id}, args...)...)
		return err
	})
}
