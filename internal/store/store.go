package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/secret"
)

// Options say which database to open and how.
type Options struct {
	// DSN is the path of the SQLite file, or a postgres:// URL.
	DSN string
	// Keyring encrypts secrets. It may be nil for a store that holds none;
	// keeping or reading a secret then fails.
	Keyring *secret.Keyring
	// Now is the clock; nil is the real one. Leases never use it: they follow
	// the database's clock.
	Now func() time.Time
	// Log gets what is worth knowing; nil discards it.
	Log *slog.Logger
	// Shared opens a SQLite file that another process may be serving, for
	// short commands: it takes no lock, migrates nothing and frees no leases.
	Shared bool
}

// Store is the one store. It is safe for concurrent use.
type Store struct {
	db      *sql.DB // readers on SQLite, everything on PostgreSQL
	dialect *dialect
	read    *reader
	writer  *writer // nil on PostgreSQL
	keys    *secret.Keyring
	now     func() time.Time
	log     *slog.Logger
	onWork  atomic.Pointer[func()]
	paused  atomic.Bool // nothing is sent, see PrepareRestored
	closing sync.Once
	cleanup []func() error // run in reverse by Close
}

// Open opens the database and brings its tables up to date, on PostgreSQL
// under an advisory lock. A SQLite file is locked, so that only one process
// serves it, and leases that a dead process left on it are freed. It returns
// CodeUnavailable if another process serves the file and CodeInvalid if the
// secrets in the database were encrypted with other keys.
func Open(ctx context.Context, o Options) (*Store, error) {
	return open(ctx, o, defaultTuning())
}

func open(ctx context.Context, o Options, t tuning) (_ *Store, err error) {
	s := &Store{keys: o.Keyring, now: o.Now, log: o.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if IsPostgres(o.DSN) {
		err = s.openPostgres(ctx, o)
	} else {
		err = s.openSQLite(ctx, o, t)
	}
	if err == nil {
		err = s.checkKeys(ctx, !o.Shared)
	}
	if err == nil {
		err = s.loadPaused(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

// Close lets running transactions finish, answers waiting ones with
// CodeUnavailable and closes the database. It may be called twice.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		for i := len(s.cleanup) - 1; i >= 0; i-- {
			err = errors.Join(err, s.cleanup[i]())
		}
	})
	return err
}

// Ping reports whether the database answers. It returns CodeUnavailable if not.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.queryRow(ctx, `SELECT 1`).Scan(&one); err != nil {
		return &parley.Error{Code: parley.CodeUnavailable, Message: "The database does not answer.", Err: err}
	}
	return nil
}

// Engine names the database: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.dialect.name }

// OnWork sets a function that is called after every commit that added work,
// due now or later. It must return at once; it replaces the one set before.
func (s *Store) OnWork(fn func()) { s.onWork.Store(&fn) }

func (s *Store) workAdded() {
	if fn := s.onWork.Load(); fn != nil {
		(*fn)()
	}
}
