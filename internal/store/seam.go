package store

import (
	"context"
	"time"

	"parley"
)

// Tables lets the packages below this one keep tables of their own. Whatever
// they read or write of a workspace must be bound to it.
type Tables struct{ s *Store }

// Tables returns the store's tables.
func (s *Store) Tables() Tables { return Tables{s} }

// Row is one row of a result; Scan of a single one returns sql.ErrNoRows if there
// is none.
type Row = scanner

// Rows are a result, which the caller closes.
type Rows = rows

// Collect scans all rows and closes them. It takes the results of Query.
func Collect[T any](r Rows, err error, scan func(Row) (T, error)) ([]T, error) {
	return collect(r, err, scan)
}

// Micros is how a time is stored: microseconds since 1970, 0 for none.
func Micros(t time.Time) int64 { return micros(t) }

// FromMicros reads what Micros wrote.
func FromMicros(us int64) time.Time { return fromMicros(us) }

// Query reads outside of transactions: it sees the newest commit.
func (t Tables) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return t.s.read.query(ctx, sql, args...)
}

// QueryRow is Query for one row.
func (t Tables) QueryRow(ctx context.Context, sql string, args ...any) Row {
	return t.s.read.queryRow(ctx, sql, args...)
}

// Write runs fn in a transaction and returns when it is durable. fn may run
// more than once, so it must set what it returns anew each time; it does no
// I/O but its statements and touches at most 1,000 rows. An error of fn rolls
// back and is returned.
func (t Tables) Write(ctx context.Context, fn func(Tx) error) error {
	return t.s.write(ctx, func(x *tx) error { return fn(Tx{x}) })
}

// SettledMessage returns an n up to which every message is committed or never
// will be; 0 if there is none soon.
func (t Tables) SettledMessage(ctx context.Context) (int64, error) { return t.s.settledMessage(ctx) }

// Seal encrypts a secret of a thing, named by its kind and id. The column must
// be one of sealedColumns.
func (t Tables) Seal(plain, kind, id string) (string, error) { return t.s.seal(plain, kind, id) }

// Unseal decrypts what Seal returned.
func (t Tables) Unseal(sealed, kind, id string) (string, error) { return t.s.unseal(sealed, kind, id) }

// Tx is a transaction that writes.
type Tx struct{ t *tx }

// QueryRow reads one row.
func (x Tx) QueryRow(ctx context.Context, sql string, args ...any) Row {
	return x.t.queryRow(ctx, sql, args...)
}

// Exec returns how many rows were changed.
func (x Tx) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	return x.t.exec(ctx, sql, args...)
}

// Scan reads one row into dest.
func (x Tx) Scan(ctx context.Context, dest []any, sql string, args ...any) error {
	return x.t.queryRow(ctx, sql, args...).Scan(dest...)
}

// RaiseAlert adds an alert, as Store.RaiseAlert does.
func (x Tx) RaiseAlert(ctx context.Context, ws, subject, code, message string) error {
	return raiseAlert(ctx, x.t, ws, subject, code, message)
}

// Zone returns the time zone of a workspace, which stays as it is until the end
// of the transaction. It returns CodeNotFound.
func (x Tx) Zone(ctx context.Context, ws string) (*time.Location, error) {
	var name string
	err := x.t.queryRow(ctx, `SELECT time_zone FROM workspace WHERE id = $1 `+x.t.s.dialect.forShare, ws).Scan(&name)
	if err != nil {
		return nil, orNotFound(err, "workspace")
	}
	return time.LoadLocation(name)
}

// AddWork makes a piece of work due, as Store.AddWork does.
func (x Tx) AddWork(ctx context.Context, w parley.Work) error {
	return addWork(ctx, x.t, w.Kind, w.Key, w.WorkspaceID, w.Due)
}

// HoldLease returns ErrLeaseLost if the work is not its claimant's any more, and
// keeps it so until the end of the transaction.
func (x Tx) HoldLease(ctx context.Context, w parley.Work) error { return holdLease(ctx, x.t, w) }

// changed tells analytics that a conversation has changed otherwise than by a
// message, which they see themselves: the hot path stays free of them.
func changed(ctx context.Context, t *tx, c *conversationRow) error {
	return markChanged(ctx, t, `VALUES ($1, $2, $3, 1)`, c.n, c.WorkspaceID, micros(c.StartedAt))
}

// markChanged marks the conversations that a SELECT or VALUES names, as rows of
// n, workspace_id, started_at and 1.
func markChanged(ctx context.Context, t *tx, which string, args ...any) error {
	_, err := t.exec(ctx, `
		INSERT INTO rollup_dirty (conversation_n, workspace_id, started_at, generation) `+which+`
		ON CONFLICT (conversation_n) DO UPDATE SET generation = rollup_dirty.generation + 1`, args...)
	return err
}

// forgetLabels removes of the names of a conversation's topics, passages, tools
// and models those that no other one has, and tells analytics.
func (c *conversationRow) forgetLabels(ctx context.Context, t *tx) error {
	_, err := t.exec(ctx, `
		DELETE FROM rollup_label WHERE id IN (SELECT label_id FROM rollup_labeled WHERE conversation_n = $1)
			AND NOT EXISTS (SELECT 1 FROM rollup_labeled o WHERE o.label_id = rollup_label.id AND o.conversation_n <> $1)`, c.n)
	if err != nil {
		return err
	}
	return changed(ctx, t, c)
}

// noteLeft tells webhooks that a message has left, after it was recorded or with
// that, if anybody is to be told.
func (c *conversationRow) noteLeft(ctx context.Context, t *tx, seq int64) error {
	_, err := t.exec(ctx, `
		INSERT INTO hook_left (conversation_n, seq, after_seq, at)
		SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM hook WHERE workspace_id = $5 AND enabled = 1)
		ON CONFLICT (conversation_n, seq) DO NOTHING`, c.n, seq, c.NextSeq-1, micros(t.s.nowMicros()), c.WorkspaceID)
	return err
}

// noteHistory tells webhooks that what a conversation holds so far is no news.
func (c *conversationRow) noteHistory(ctx context.Context, t *tx) error {
	_, err := t.exec(ctx, `INSERT INTO hook_history (conversation_n, seq) VALUES ($1, $2)`, c.n, c.NextSeq-1)
	return err
}

// Mark locks a conversation and raises its rev, for what stands beside it to be
// changed with it; fn may set Reviewed. It returns CodeNotFound, and what fn does.
func (x Tx) Mark(ctx context.Context, ws, conv string, fn func(n int64, c *parley.Conversation) error) error {
	c, err := lockConversation(ctx, x.t, ws, conv)
	if err != nil {
		return err
	}
	if err := fn(c.n, &c.Conversation); err != nil {
		return err
	}
	return c.saveFacet(ctx, x.t)
}
