package store

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parley"
)

// sendingPaused is the row of app that keeps a restored store from sending.
const sendingPaused = "sending_paused"

// Backup writes a copy of a SQLite database, as of now and complete, to a file
// that must not exist. Nobody waits for it, and it may be made by a process
// that opened the store Shared. It returns CodeConflict if the file exists, and
// CodeInvalid on PostgreSQL, which has its own tools.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	if s.dialect.postgres() {
		return parley.Errorf(parley.CodeInvalid, "Back a PostgreSQL database up with pg_dump --format=custom.")
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return parley.Errorf(parley.CodeConflict, "The file %s exists already.", path)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(path) // half a copy is worth nothing
		}
	}()
	if err := s.copyInto(ctx, path); err != nil {
		return fault(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	return errors.Join(syncPath(path), syncPath(filepath.Dir(path)))
}

// copyInto copies on a reader's connection, which SQLite must be told to let
// write.
func (s *Store) copyInto(ctx context.Context, path string) (err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() {
		_, again := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA query_only = 1`)
		err = errors.Join(err, again, conn.Close())
	}()
	if _, err := conn.ExecContext(ctx, `PRAGMA query_only = 0`); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `VACUUM INTO $1`, path)
	return err
}

// syncPath makes a file or the names in a folder durable.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// PrepareRestored makes a store fit for use that was restored from a backup.
// What waited to be sent may have been sent after the backup was made, so it
// becomes unknown and is never sent; sessions and one-time links end; and
// nothing is sent until ResumeSending. It may be run again.
func (s *Store) PrepareRestored(ctx context.Context) error {
	err := s.write(ctx, func(t *tx) error {
		for _, query := range []string{
			`DELETE FROM auth_session`,
			`DELETE FROM login_token`,
			`INSERT INTO app (name, value) VALUES ('` + sendingPaused + `', 'restored') ON CONFLICT (name) DO NOTHING`,
		} {
			if _, err := t.exec(ctx, query); err != nil {
				return err
			}
		}
		// Random: counted up, the same backup restored twice would come to the
		// same number twice, and the first one's tokens would hold again.
		_, err := t.exec(ctx, `INSERT INTO app (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, visitorEpoch, rand.Text())
		return err
	})
	if err != nil {
		return err
	}
	s.paused.Store(true)
	for more := true; more; {
		err := s.write(ctx, func(t *tx) (err error) {
			more, err = forgetUnsent(ctx, t)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetUnsent makes the unsent messages of some conversations unknown and
// reports whether there are more.
func forgetUnsent(ctx context.Context, t *tx) (more bool, err error) {
	const batch = 100
	unsent := `delivery IN ('` + string(parley.DeliveryQueued) + `', '` + string(parley.DeliverySending) + `')`
	rs, err := t.query(ctx, `SELECT DISTINCT conversation_n FROM message WHERE `+unsent+` LIMIT $1`, batch)
	conversations, err := collect(rs, err, func(r scanner) (n int64, err error) { return n, r.Scan(&n) })
	if err != nil {
		return false, err
	}
	for _, n := range conversations {
		var rev int64
		err := t.queryRow(ctx, `UPDATE conversation SET rev = rev + 1 WHERE n = $1 RETURNING rev`, n).Scan(&rev)
		if err != nil {
			return false, err
		}
		_, err = t.exec(ctx, `UPDATE message SET delivery = $2, rev = $3 WHERE conversation_n = $1 AND `+unsent,
			n, string(parley.DeliveryUnknown), rev)
		if err != nil {
			return false, err
		}
	}
	return len(conversations) == batch, nil
}

// SendingPaused reports whether messages wait for ResumeSending, which they do
// in a restored store.
func (s *Store) SendingPaused() bool { return s.paused.Load() }

// ResumeSending lets a restored store send again.
func (s *Store) ResumeSending(ctx context.Context) error {
	err := s.write(ctx, func(t *tx) error {
		t.workAdded = true
		_, err := t.exec(ctx, `DELETE FROM app WHERE name = $1`, sendingPaused)
		return err
	})
	if err == nil {
		s.paused.Store(false)
	}
	return err
}

// loadPaused reads at the start what PrepareRestored wrote.
func (s *Store) loadPaused(ctx context.Context) error {
	var paused bool
	err := s.read.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM app WHERE name = $1)`, sendingPaused).Scan(&paused)
	s.paused.Store(paused)
	return err
}

// IsPostgres reports whether a data source name is of PostgreSQL; any other is
// the path of a SQLite file.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}
