package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"parley"
	"parley/internal/store/checkpoint"
	_ "parley/internal/store/slab" // halves what page caches take
)

// tuning is what tests change to show what it is good for.
type tuning struct {
	synchronous string // FULL: no answer before fsync
	maxPages    int    // of the database file, 0 = no limit; a disk that is full
	vfs         string // "" = the default; a disk that fails
}

func defaultTuning() tuning { return tuning{synchronous: "FULL"} }

// The page caches, in KiB. They fill as they are used.
const (
	writerCacheKB     = 16 << 10
	readerCacheKB     = 12 << 10
	checkpointCacheKB = 1 << 10
)

func (s *Store) openSQLite(ctx context.Context, o Options, t tuning) error {
	s.dialect = sqliteDialect()
	if o.Shared {
		if _, err := os.Stat(o.DSN); err != nil {
			return parley.Errorf(parley.CodeUnavailable, "There is no database at %s.", o.DSN)
		}
	} else {
		unlock, err := lockFile(ctx, o.DSN)
		if err != nil {
			return err
		}
		s.cleanup = append(s.cleanup, unlock)
	}
	// fdatasync keeps what fsync keeps but for timestamps. Where there is
	// none, fsync stays.
	_, _ = sqlite.Fdatasync(true)

	wdb, err := sql.Open("sqlite", sqliteDSN(o.DSN, t, writerCacheKB))
	if err != nil {
		return err
	}
	wdb.SetMaxOpenConns(1)
	s.cleanup = append(s.cleanup, wdb.Close)
	if err := s.migrate(ctx, wdb, !o.Shared); err != nil {
		return err
	}
	conn, err := wdb.Conn(ctx)
	if err != nil {
		return err
	}
	s.writer = newWriter(s, conn)
	cdb, err := sql.Open("sqlite", sqliteDSN(o.DSN, t, checkpointCacheKB))
	if err != nil {
		return err
	}
	cdb.SetMaxOpenConns(1)
	w := checkpoint.Writer{Commits: &s.writer.commits, Pause: s.writer.pause, Log: s.writer.log}
	s.cleanup = append(s.cleanup, cdb.Close, s.writer.close, checkpoint.Start(cdb, w, o.DSN))

	s.db, err = sql.Open("sqlite", sqliteDSN(o.DSN, t, readerCacheKB)+"&_query_only=1")
	if err != nil {
		return err
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	s.db.SetMaxOpenConns(readers)
	s.db.SetMaxIdleConns(readers)
	s.cleanup = append(s.cleanup, s.db.Close)
	s.read = newReader(s.db, true)
	s.cleanup = append(s.cleanup, s.read.close)
	if !o.Shared {
		if err := s.freeLeases(ctx); err != nil {
			return err
		}
	}
	return nil
}

// sqliteDSN gives the connection string. Checkpoints are not the writer's
// business, see package checkpoint, so the automatic ones are far away.
func sqliteDSN(path string, t tuning, cacheKB int) string {
	v := url.Values{}
	v.Set("_busy_timeout", "5000")
	v.Set("_journal_mode", "WAL")
	v.Set("_synchronous", t.synchronous)
	v.Set("_foreign_keys", "1")
	v.Set("_dqs", "0")
	v.Add("_pragma", "wal_autocheckpoint(0)")
	v.Add("_pragma", fmt.Sprintf("cache_size(-%d)", cacheKB))
	v.Add("_pragma", "temp_store(2)")
	v.Add("_pragma", "secure_delete(FAST)")           // what is deleted is not left behind in pages that are in use
	v.Add("_pragma", "journal_size_limit(268435456)") // after a reader held the log back
	v.Add("_pragma", "case_sensitive_like(1)")        // as on PostgreSQL
	if t.maxPages > 0 {
		v.Add("_pragma", fmt.Sprintf("max_page_count(%d)", t.maxPages))
	}
	if t.vfs != "" {
		v.Set("vfs", t.vfs)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

// lockFile makes sure that one process serves a SQLite file. The lock is a
// SQLite transaction on a file beside it, because that works on every system
// and ends with the process.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path + ".lock"}).EscapedPath())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `BEGIN EXCLUSIVE`); err != nil {
		_ = db.Close()
		if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff == sqlite3.SQLITE_BUSY {
			return nil, parley.Errorf(parley.CodeUnavailable,
				"Another Parley process is using the database %s. Stop it first.", path)
		}
		return nil, err
	}
	return db.Close, nil
}

// unavailable says in a sentence what is wrong with the database if err is a
// failure that may pass, and "" otherwise.
func unavailable(err error) string {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			return "The disk of the database is full."
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return "The database is busy."
		case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
			return "The database file cannot be written."
		}
	}
	if code := postgresState(err); strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") ||
		strings.HasPrefix(code, "57P") || code == "40001" || code == "40P01" {
		return "The database does not answer."
	}
	return ""
}
