package desk

import (
	"context"
	"database/sql"
	"errors"
	"hash/fnv"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
)

// Furniture is what stands on a conversation when it comes from elsewhere.
type Furniture struct {
	Tags   []string // names; those that are not there yet are made
	Notes  []Note   // the oldest first, without ids
	Review *Review  // nil: nobody has reviewed it; else Reviewed of the conversation is set too
}

// Empty reports whether there is nothing to put.
func (f *Furniture) Empty() bool { return len(f.Tags) == 0 && len(f.Notes) == 0 && f.Review == nil }

// Check returns CodeInvalid for what nobody could have put on a conversation.
func (f *Furniture) Check() error {
	for _, name := range f.Tags {
		if err := text("tags", name, maxTagName); err != nil {
			return err
		}
	}
	if f.Review != nil {
		if err := checkAuthor("reviewed", &f.Review.By, f.Review.At); err != nil {
			return err
		}
	}
	for i := range f.Notes {
		o := &f.Notes[i]
		if err := text("notes", o.Text, maxNoteText); err != nil {
			return err
		}
		if err := checkAuthor("notes", &o.Author, o.CreatedAt); err != nil {
			return err
		}
	}
	return nil
}

func checkAuthor(name string, by *Author, at time.Time) error {
	switch {
	case by.ID != "" && !parley.ValidID(by.ID):
		return invalid(name, "has an author whose id is none")
	case !utf8.ValidString(by.Name) || strings.ContainsRune(by.Name, 0):
		return invalid(name, "has an author whose name is not valid text")
	case at.IsZero():
		return invalid(name, "has no time")
	}
	return nil
}

// colors are those of tags that are made for their names.
var colors = []string{"#2563eb", "#0d9488", "#ca8a04", "#dc2626", "#7c3aed", "#db2777", "#475569", "#65a30d"}

// Put puts furniture on a conversation, by its number, in the transaction in which
// the conversation is written. It returns how many tags it left out because there
// are too many.
func (f *Furniture) Put(ctx context.Context, t store.Tx, ws string, n int64, now time.Time) (left int, err error) {
	for i, name := range f.Tags {
		id := ""
		if i < MaxTagged {
			if id, err = named(ctx, t, ws, name, now); err != nil {
				return 0, err
			}
		}
		if id == "" {
			left++
			continue
		}
		if err := putTag(ctx, t, ws, n, id); err != nil {
			return 0, err
		}
	}
	if r := f.Review; r != nil {
		if err := putReview(ctx, t, n, r); err != nil {
			return 0, err
		}
	}
	return left, f.putNotes(ctx, t, ws, n)
}

// putNotes writes the notes. Notes are read in the order of their ids, which
// begin with their times.
func (f *Furniture) putNotes(ctx context.Context, t store.Tx, ws string, n int64) error {
	notes := slices.Clone(f.Notes[:min(len(f.Notes), MaxNotes)])
	slices.SortStableFunc(notes, func(a, b Note) int { return a.CreatedAt.Compare(b.CreatedAt) })
	ids := make([]string, len(notes))
	for i := range notes {
		ids[i] = parley.NewID(notes[i].CreatedAt)
	}
	slices.Sort(ids) // of those that were written at once, too
	for i := range notes {
		o := &notes[i]
		_, err := t.Exec(ctx, `
			INSERT INTO desk_note (workspace_id, id, conversation_n, author_id, author_name, text, created_at, edited_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			ws, ids[i], n, o.Author.ID, o.Author.Name, o.Text, store.Micros(o.CreatedAt), store.Micros(o.EditedAt))
		if err != nil {
			return err
		}
	}
	return nil
}

// named returns the id of the tag with a name, which is made if it is not there;
// "" if there are too many.
func named(ctx context.Context, t store.Tx, ws, name string, now time.Time) (id string, err error) {
	err = t.QueryRow(ctx, `SELECT id FROM desk_tag WHERE workspace_id = $1 AND folded = $2 AND deleted_at = 0`, ws, fold(name)).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(fold(name))) // never fails
	id = parley.NewID(now)
	made, err := t.Exec(ctx, `
		INSERT INTO desk_tag (workspace_id, id, name, folded, color, created_at, deleted_at)
		SELECT $1, $2, $3, $4, $5, $6, 0 WHERE (SELECT COUNT(*) FROM desk_tag WHERE workspace_id = $1 AND deleted_at = 0) < $7`,
		ws, id, name, fold(name), colors[int(sum.Sum32()%uint32(len(colors)))], store.Micros(now), MaxTags)
	if err != nil || made == 0 {
		return "", err
	}
	return id, nil
}
