package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

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
	type statement struct {
		query string
		args  []any
	}
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
