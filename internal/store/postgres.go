package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// maxPostgresConns bounds the connections of one process.
const maxPostgresConns = 32

// maxTries bounds how often a transaction is run when PostgreSQL says that
// running it again may help.
const maxTries = 10

func (s *Store) openPostgres(ctx context.Context, o Options) error {
	conf, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		return errors.New("the PostgreSQL URL cannot be parsed") // the cause would show the password
	}
	db := stdlib.OpenDB(*conf, stdlib.OptionAfterConnect(durable))
	db.SetMaxOpenConns(maxPostgresConns)
	db.SetMaxIdleConns(maxPostgresConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s.db, s.dialect, s.read = db, postgresDialect(), newReader(db, false)
	s.cleanup = append(s.cleanup, db.Close)
	if err := s.migrate(ctx, db, !o.Shared); err != nil {
		return err
	}
	var fsync string
	if err := db.QueryRowContext(ctx, `SHOW fsync`).Scan(&fsync); err != nil {
		return err
	}
	if fsync != "on" {
		s.log.Warn("PostgreSQL runs with fsync = off: what it confirms is lost when the machine fails")
	}
	return nil
}

// durable makes the commits of a connection wait for the disk where the server
// is set not to. Stronger settings stay.
func durable(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SELECT set_config('synchronous_commit', 'on', false)
		WHERE current_setting('synchronous_commit') = 'off'`)
	return err
}

// writePostgres runs fn in a transaction, again when PostgreSQL asks for it.
func (s *Store) writePostgres(ctx context.Context, fn func(*tx) error) error {
	for try := 1; ; try++ {
		err := s.tryPostgres(ctx, fn)
		if !serialization(err) || try == maxTries {
			return err
		}
		wait := time.Duration(rand.Int64N(int64(try) * int64(5*time.Millisecond)))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Store) tryPostgres(ctx context.Context, fn func(*tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	// As on SQLite, a transaction that has begun runs to its end.
	ctx = context.WithoutCancel(ctx)
	sqlTx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a transaction panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("a transaction panicked: %v", p)
		}
		if err != nil {
			_ = sqlTx.Rollback()
		}
	}()
	t := &tx{s: s, run: postgresRunner{ctx, sqlTx}}
	if err := fn(t); err != nil {
		return err
	}
	if t.err != nil {
		return t.err
	}
	if err := sqlTx.Commit(); err != nil {
		return err
	}
	if t.workAdded {
		s.workAdded()
	}
	return nil
}

// postgresRunner runs statements in the transaction's own context.
type postgresRunner struct {
	ctx context.Context //nolint:containedctx // replaces the caller's
	tx  *sql.Tx
}

// ExecContext runs a statement. The context is not used.
func (r postgresRunner) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	return r.tx.ExecContext(r.ctx, query, args...)
}

// QueryContext runs a statement. The context is not used.
func (r postgresRunner) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.tx.QueryContext(r.ctx, query, args...)
}

// serialization reports whether PostgreSQL gave the transaction up because of
// another one.
func serialization(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// postgresState returns the SQLSTATE of err; "08000", a lost connection, for
// errors on the way to the server, and "" if it is not PostgreSQL's.
func postgresState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return ""
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) {
		return "08000"
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return "08000"
	}
	return ""
}
