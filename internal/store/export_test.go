package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley"
	"parley/internal/search"
)

// Segment is a piece of a snippet.
type Segment = search.Segment

// SearchWords returns the words that prefixes are looked up among.
func (s *Store) SearchWords(ctx context.Context) []string {
	if s.dialect.postgres() {
		return nil
	}
	r, err := s.read.query(ctx, `SELECT word FROM search_word`)
	words, err := collect(r, err, scanID)
	if err != nil {
		return []string{err.Error()}
	}
	return words
}

// PriceAt returns the price of a model at a time, the workspace's own or the
// delivered one. It returns CodeNotFound.
func (s *Store) PriceAt(ctx context.Context, workspaceID, provider, model string, at time.Time) (*parley.Price, error) {
	p, err := scanPrice(s.read.queryRow(ctx, `
		SELECT `+priceColumns+` FROM price
		WHERE workspace_id IN ('', $1) AND provider = $2 AND model = $3 AND valid_from <= $4
		ORDER BY workspace_id DESC, valid_from DESC, id DESC LIMIT 1`,
		workspaceID, provider, model, micros(at)))
	return found(p, err, "price")
}

// ContactMerge records a contact that turned out to be another.
type ContactMerge struct {
	MergedID string
	Reason   string
}

// ContactMerges returns the contacts that were merged into one.
func (s *Store) ContactMerges(ctx context.Context, ws, contact string) ([]ContactMerge, error) {
	rs, err := s.read.query(ctx, `
		SELECT merged_id, reason FROM contact_merge WHERE workspace_id = $1 AND contact_id = $2 ORDER BY at`, ws, contact)
	return collect(rs, err, func(r scanner) (m ContactMerge, err error) { return m, r.Scan(&m.MergedID, &m.Reason) })
}

// RebuildSearch empties the index; IndexSearch fills it again.
func (s *Store) RebuildSearch(ctx context.Context) error {
	return s.write(ctx, func(t *tx) error {
		statements := []string{`DELETE FROM search_word`, `INSERT INTO search (search) VALUES ('delete-all')`}
		if s.dialect.postgres() {
			statements = []string{`DELETE FROM search`}
		}
		for _, sql := range append(statements, `UPDATE search_state SET position = 0 WHERE id = 1`) {
			if _, err := t.exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}

// Analyze brings the statistics of PostgreSQL up to date.
func (s *Store) Analyze(ctx context.Context) error {
	if !s.dialect.postgres() {
		return nil
	}
	_, err := s.db.ExecContext(ctx, `VACUUM ANALYZE`)
	return err
}

// Plans runs fn and returns how the database carries out each of the statements
// that fn reads with: on SQLite EXPLAIN QUERY PLAN, on PostgreSQL EXPLAIN
// ANALYZE as JSON.
func (s *Store) Plans(ctx context.Context, fn func()) (map[string][]string, error) {
	var seen []statement
	s.read.seen = func(query string, args []any) { seen = append(seen, statement{query, slices.Clone(args)}) }
	fn()
	s.read.seen = nil
	plans := map[string][]string{}
	for _, st := range seen {
		explain, columns := "EXPLAIN QUERY PLAN ", 4
		if s.dialect.postgres() {
			explain, columns = "EXPLAIN (ANALYZE, FORMAT JSON) ", 1
		}
		lines, err := explained(s.db.QueryContext(ctx, explain+st.query, st.args...))(columns)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", st.query, err)
		}
		plans[st.query] = lines
	}
	return plans, nil
}

type statement struct {
	query string
	args  []any
}

// recorder notes the statements of a transaction.
type recorder struct {
	runner
	seen []statement
}

// ExecContext notes a statement and runs it.
func (r *recorder) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r.seen = append(r.seen, statement{query, slices.Clone(args)})
	return r.runner.ExecContext(ctx, query, args...)
}

// QueryContext notes a statement and runs it.
func (r *recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.seen = append(r.seen, statement{query, slices.Clone(args)})
	return r.runner.QueryContext(ctx, query, args...)
}

// WritePlans returns how the database carries out the statements by which a
// message of a sender's contact is received, and the reports about one are
// found. Nothing of it stays.
func (s *Store) WritePlans(ctx context.Context, o OpenConversation, in ReceiveMessage, r StatusReport) (map[string][]string, error) {
	var seen []statement
	err := s.write(ctx, func(t *tx) error {
		rec := &recorder{runner: t.run}
		t.run = rec
		if _, _, err := placeFor(ctx, t, &o, &in); err != nil {
			return err
		}
		if err := unlessRepeated(ctx, t, &in); err != nil {
			return err
		}
		c, _, err := openConversation(ctx, t, &o)
		if err != nil {
			return err
		}
		m := *in.Message
		in.ConversationID = c.ID
		if _, err = receive(ctx, t, &in, &m); err != nil {
			return err
		}
		if _, err = reported(ctx, t, &r); err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
			return err
		}
		if c, err = lockConversation(ctx, t, o.WorkspaceID, c.ID); err != nil {
			return err
		}
		if err := c.clearOutbox(ctx, t, parley.StopTemplates); err != nil {
			return err
		}
		seen = rec.seen
		return errUnchanged
	})
	if !errors.Is(err, errUnchanged) {
		return nil, err
	}
	undone, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = undone.Rollback() }()
	explain, columns := "EXPLAIN QUERY PLAN ", 4
	if s.dialect.postgres() {
		explain, columns = "EXPLAIN (ANALYZE, FORMAT JSON) ", 1
	}
	plans := map[string][]string{}
	for _, st := range seen {
		lines, err := explained(undone.QueryContext(ctx, explain+st.query, st.args...))(columns)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", st.query, err)
		}
		plans[st.query] = lines
	}
	return plans, nil
}

// explained reads the last column of each row.
func explained(r *sql.Rows, err error) func(columns int) ([]string, error) {
	return func(columns int) (lines []string, _ error) {
		if err != nil {
			return nil, err
		}
		defer func() { _ = r.Close() }()
		for r.Next() {
			values := make([]any, columns)
			for i := range values {
				values[i] = new(sql.NullString)
			}
			if err := r.Scan(values...); err != nil {
				return nil, err
			}
			lines = append(lines, values[columns-1].(*sql.NullString).String)
		}
		return lines, r.Err()
	}
}

// MigrateTo brings the tables of a database that nobody has open to a version,
// up or down; 0 is the newest.
func (s *Store) MigrateTo(ctx context.Context, db *sql.DB, version int64) error {
	p, err := s.provider(db)
	if err != nil {
		return err
	}
	if version == 0 {
		_, err = p.Up(ctx)
	} else {
		_, err = p.DownTo(ctx, version)
	}
	return err
}
