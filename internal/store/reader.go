package store

import (
	"context"
	"database/sql"
	"sync"
)

// maxCached bounds the statements kept prepared; lists make new SQL for every
// set of filters.
const maxCached = 500

// reader runs statements outside of transactions: each sees the newest commit.
type reader struct {
	db *sql.DB
	// prepare keeps statements prepared. pgx does that itself.
	prepare bool
	// seen is told each statement, for the tests of query plans; nil otherwise.
	seen func(query string, args []any)

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

func newReader(db *sql.DB, prepare bool) *reader {
	return &reader{db: db, prepare: prepare, stmts: map[string]*sql.Stmt{}}
}

// query runs a statement that returns rows, which the caller closes.
func (r *reader) query(ctx context.Context, query string, args ...any) (rows, error) {
	if r.seen != nil {
		r.seen(query, args)
	}
	if err := checkText(args); err != nil {
		return nil, err
	}
	rs, err := r.run(ctx, query, args) //nolint:rowserrcheck // the caller's to read
	if err != nil {
		return nil, fault(err)
	}
	return rs, nil
}

func (r *reader) run(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if !r.prepare {
		return r.db.QueryContext(ctx, query, args...)
	}
	stmt, err := r.stmt(ctx, query) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return r.db.QueryContext(ctx, query, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// queryRow runs a statement that returns one row; Scan returns sql.ErrNoRows
// if there is none.
func (r *reader) queryRow(ctx context.Context, query string, args ...any) scanner {
	rs, err := r.query(ctx, query, args...)
	return oneRow{rs, err}
}

// stmt returns the prepared statement, or nil when enough are kept: closing
// one to make room could take it from under a caller.
func (r *reader) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.RLock()
	stmt, full := r.stmts[query], len(r.stmts) >= maxCached
	r.mu.RUnlock()
	if stmt != nil || full {
		return stmt, nil
	}
	stmt, err := r.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if other := r.stmts[query]; other != nil {
		defer func() { _ = stmt.Close() }() // somebody was faster
		return other, nil
	}
	r.stmts[query] = stmt
	return stmt, nil
}

func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, stmt := range r.stmts {
		_ = stmt.Close()
	}
	clear(r.stmts)
	return nil
}
