package desk

import (
	"context"
	"time"

	"parley"
	"parley/internal/store"
)

// Marks are what stands on a conversation when it is shown to a member.
type Marks struct {
	Tags   []Tag // by name, without Used
	Review *Review
	Notes  int
	Unread bool // for the member
}

// Review says who has looked at a conversation, and when.
type Review struct {
	By Author
	At time.Time
}

// Marks returns what stands on conversations of a workspace, in their order: one
// look-up of each kind for all of them. member is "" for a program, for which
// nothing is unread.
func (d *Desk) Marks(ctx context.Context, ws, member string, rows []store.ListRow) ([]Marks, error) {
	out := make([]Marks, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	at := make(map[int64]*Marks, len(rows))
	ns := make([]int64, len(rows))
	for i := range rows {
		ns[i], at[rows[i].N] = rows[i].N, &out[i]
	}
	if err := d.markTags(ctx, ws, ns, at); err != nil {
		return nil, err
	}
	if err := d.markNotes(ctx, ns, at); err != nil {
		return nil, err
	}
	if err := d.markReviews(ctx, ns, at); err != nil {
		return nil, err
	}
	if member == "" {
		return out, nil
	}
	return out, d.markUnread(ctx, ws, member, rows, ns, at)
}

// Of is Marks of one conversation.
func (d *Desk) Of(ctx context.Context, member string, row *store.ListRow) (*Marks, error) {
	all, err := d.Marks(ctx, row.WorkspaceID, member, []store.ListRow{*row})
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

func (d *Desk) markTags(ctx context.Context, ws string, ns []int64, at map[int64]*Marks) error {
	b := &store.Binder{}
	r, err := d.Query(ctx, `
		SELECT `+tagColumns+`, g.n FROM desk_tagged g JOIN desk_tag t ON t.id = g.tag_id
		WHERE g.n IN (`+b.Ints(ns)+`) AND t.workspace_id || '' = `+b.Bind(ws)+` AND t.deleted_at = 0 ORDER BY t.folded`, b.Args...)
	_, err = store.Collect(r, err, func(r store.Row) (struct{}, error) {
		var n int64
		g, err := scanTag(r, &n)
		if m := at[n]; m != nil {
			m.Tags = append(m.Tags, g)
		}
		return struct{}{}, err
	})
	return err
}

func (d *Desk) markNotes(ctx context.Context, ns []int64, at map[int64]*Marks) error {
	b := &store.Binder{}
	r, err := d.Query(ctx, `
		SELECT conversation_n, COUNT(*) FROM desk_note WHERE conversation_n IN (`+b.Ints(ns)+`) GROUP BY conversation_n`, b.Args...)
	_, err = store.Collect(r, err, func(r store.Row) (struct{}, error) {
		var n int64
		var notes int
		err := r.Scan(&n, &notes)
		if m := at[n]; m != nil {
			m.Notes = notes
		}
		return struct{}{}, err
	})
	return err
}

func (d *Desk) markReviews(ctx context.Context, ns []int64, at map[int64]*Marks) error {
	b := &store.Binder{}
	r, err := d.Query(ctx, `
		SELECT `+ReviewColumns+`, conversation_n FROM desk_review WHERE conversation_n IN (`+b.Ints(ns)+`)`, b.Args...)
	_, err = store.Collect(r, err, func(r store.Row) (struct{}, error) {
		var n int64
		v, err := ScanReview(r, &n)
		if m := at[n]; m != nil {
			m.Review = v
		}
		return struct{}{}, err
	})
	return err
}

// ReviewColumns are the columns of a review in its table, for ScanReview.
const ReviewColumns = `by_id, by_name, at`

// ScanReview reads ReviewColumns, and more columns after them.
func ScanReview(r store.Row, more ...any) (*Review, error) {
	var at int64
	v := &Review{}
	err := r.Scan(append([]any{&v.By.ID, &v.By.Name, &at}, more...)...)
	v.At = store.FromMicros(at)
	return v, err
}

// markedUnread is what desk_read holds of a conversation that its member has
// marked as unread.
const markedUnread = -1

func (d *Desk) markUnread(ctx context.Context, ws, member string, rows []store.ListRow, ns []int64, at map[int64]*Marks) error {
	var before int64
	err := d.QueryRow(ctx, `
		SELECT CASE WHEN read_before > 0 THEN read_before ELSE created_at END FROM member WHERE id = $1 AND workspace_id = $2`,
		member, ws).Scan(&before)
	if err != nil {
		return orMissing(err, parley.Errorf(parley.CodeNotFound, "There is no such member."))
	}
	b := &store.Binder{}
	r, err := d.Query(ctx, `
		SELECT conversation_n, messages FROM desk_read WHERE member_id = `+b.Bind(member)+` AND conversation_n IN (`+b.Ints(ns)+`)`, b.Args...)
	read := map[int64]int{}
	_, err = store.Collect(r, err, func(r store.Row) (struct{}, error) {
		var n int64
		var messages int
		err := r.Scan(&n, &messages)
		read[n] = messages
		return struct{}{}, err
	})
	if err != nil {
		return err
	}
	since := store.FromMicros(before)
	for i := range rows {
		c, messages := &rows[i], read[rows[i].N]
		news := c.Source != parley.SourceTest && c.LastMessage.At.After(since) && c.MessageCount > messages
		at[c.N].Unread = messages == markedUnread || news
	}
	return nil
}

var errNoConversation = parley.Errorf(parley.CodeNotFound, "There is no such conversation.")

// Read records that a member has read the first messages of a conversation, all
// that there are if messages is 0. It returns CodeNotFound.
func (d *Desk) Read(ctx context.Context, ws, member, conv string, messages int) error {
	return d.saveRead(ctx, ws, member, conv, `CASE WHEN $4 > 0 AND $4 < message_count THEN $4 ELSE message_count END`, messages)
}

// Unread marks a conversation as unread for a member. It returns CodeNotFound.
func (d *Desk) Unread(ctx context.Context, ws, member, conv string) error {
	return d.saveRead(ctx, ws, member, conv, `$4`, markedUnread)
}

func (d *Desk) saveRead(ctx context.Context, ws, member, conv, messages string, value int) error {
	return d.one(ctx, errNoConversation, `
		INSERT INTO desk_read (member_id, conversation_n, messages)
		SELECT $2, n, CAST(`+messages+` AS BIGINT) FROM conversation WHERE id = $3 AND workspace_id = $1
		ON CONFLICT (member_id, conversation_n) DO UPDATE SET messages = excluded.messages`, ws, member, conv, value)
}

// HasRead is Read in the transaction in which a conversation is written, by its
// number.
func HasRead(ctx context.Context, t store.Tx, member string, n int64, messages int) error {
	_, err := t.Exec(ctx, `INSERT INTO desk_read (member_id, conversation_n, messages) VALUES ($1, $2, $3)`, member, n, messages)
	return err
}

// ReadAll marks every conversation as read for a member.
func (d *Desk) ReadAll(ctx context.Context, ws, member string) error {
	return d.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			UPDATE member SET read_before = COALESCE((SELECT MAX(last_activity_at) FROM conversation WHERE workspace_id = $1), 0)
			WHERE id = $2 AND workspace_id = $1`, ws, member)
		if err != nil {
			return err
		}
		_, err = t.Exec(ctx, `DELETE FROM desk_read WHERE member_id = $1 AND messages = $2`, member, markedUnread)
		return err
	})
}

// UnreadSince makes what was written since a time unread for a member, as if the
// member had come then.
func (d *Desk) UnreadSince(ctx context.Context, ws, member string, since time.Time) error {
	return d.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `UPDATE member SET read_before = $3 WHERE id = $2 AND workspace_id = $1`, ws, member, store.Micros(since))
		return err
	})
}
