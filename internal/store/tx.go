package store

import (
	"context"
	"database/sql"
	"errors"

	"parley"
)

// scanner is one row of a result.
type scanner interface {
	Scan(dest ...any) error
}

// rows is the result of a query; the caller closes it.
type rows interface {
	scanner
	Next() bool
	Err() error
	Close() error
}

// querier is what tx and reader have in common, for helpers that read.
type querier interface {
	query(ctx context.Context, sql string, args ...any) (rows, error)
	queryRow(ctx context.Context, sql string, args ...any) scanner
}

// tx is one transaction that writes. After the first error of a statement it
// is dead, as on PostgreSQL: every further statement fails and nothing of it
// is committed, even if the function that uses it returns nil.
type tx struct {
	s         *Store
	run       runner
	err       error // the first error of a statement
	workAdded bool
}

// runner executes statements: on SQLite on the writer's connection with its
// cached statements, on PostgreSQL in a *sql.Tx.
type runner interface {
	ExecContext(ctx context.Context, sql string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, sql string, args ...any) (*sql.Rows, error)
}

var errDead = errors.New("the transaction has failed before")

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if t.err != nil {
		return 0, errDead
	}
	if err := checkText(args); err != nil {
		return 0, t.failed(err)
	}
	res, err := t.run.ExecContext(ctx, sql, args...)
	if err != nil {
		return 0, t.failed(err)
	}
	return res.RowsAffected()
}

// insertNumbered runs an INSERT of one row and returns the n that the row was
// given. On SQLite that is asked for afterwards: RETURNING opens a statement
// journal there, which copies every page that the row and its indexes touch.
func (t *tx) insertNumbered(ctx context.Context, sql string, args ...any) (n int64, err error) {
	if t.s.dialect.postgres() {
		err = t.queryRow(ctx, sql+` RETURNING n`, args...).Scan(&n)
		return n, err
	}
	if t.err != nil {
		return 0, errDead
	}
	if err := checkText(args); err != nil {
		return 0, t.failed(err)
	}
	res, err := t.run.ExecContext(ctx, sql, args...)
	if err != nil {
		return 0, t.failed(err)
	}
	return res.LastInsertId()
}

// query runs a statement that returns rows, which the caller closes before
// the next statement.
func (t *tx) query(ctx context.Context, sql string, args ...any) (rows, error) {
	if t.err != nil {
		return nil, errDead
	}
	if err := checkText(args); err != nil {
		return nil, t.failed(err)
	}
	r, err := t.run.QueryContext(ctx, sql, args...) //nolint:rowserrcheck // the caller's to close
	if err != nil {
		return nil, t.failed(err)
	}
	return &txRows{Rows: r, t: t}, nil
}

// queryRow runs a statement that returns one row; Scan returns sql.ErrNoRows
// if there is none.
func (t *tx) queryRow(ctx context.Context, sql string, args ...any) scanner {
	r, err := t.query(ctx, sql, args...)
	return oneRow{r, err}
}

func (t *tx) failed(err error) error {
	if t.err == nil {
		t.err = err
	}
	return err
}

// txRows kills the transaction when reading on fails.
type txRows struct {
	*sql.Rows
	t *tx
}

func (r *txRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return r.t.failed(err)
	}
	return nil
}

// oneRow scans the first row and closes the rest, as *sql.Row does.
type oneRow struct {
	r   rows
	err error
}

// Scan returns sql.ErrNoRows if there is no row.
func (o oneRow) Scan(dest ...any) error {
	if o.err != nil {
		return o.err
	}
	defer func() { _ = o.r.Close() }()
	if !o.r.Next() {
		if err := o.r.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := o.r.Scan(dest...); err != nil {
		return err
	}
	return o.r.Close()
}

// write runs fn in a transaction and returns when it is durable. fn may run
// more than once, so it must set what it returns anew each time; it does no
// I/O but its statements and touches at most 1,000 rows. An error of fn rolls
// back and is returned. ctx counts only until the transaction's turn comes: it
// then runs to its end.
func (s *Store) write(ctx context.Context, fn func(*tx) error) error {
	r, _ := ctx.Value(idempotencyContext{}).(*request)
	if r == nil || r.claimed.Load() {
		return s.transact(ctx, fn)
	}
	err := s.transact(ctx, func(t *tx) error {
		if err := r.claim(ctx, t); err != nil {
			return err
		}
		return fn(t)
	})
	if err == nil {
		r.claimed.Store(true)
	}
	return err
}

func (s *Store) transact(ctx context.Context, fn func(*tx) error) error {
	if s.writer != nil {
		return fault(s.writer.do(ctx, fn))
	}
	return fault(s.writePostgres(ctx, fn))
}

// fault turns errors of the database that a caller can do something about
// into *parley.Error; everything else passes.
func fault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*parley.Error](err); ok {
		return err
	}
	if msg := unavailable(err); msg != "" {
		return &parley.Error{Code: parley.CodeUnavailable, Message: msg, Err: err}
	}
	return err
}
