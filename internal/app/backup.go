package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"parley"
	"parley/internal/config"
)

// manifestFile says what a backup holds.
const manifestFile = "backup.json"

// manifest is the content of manifestFile.
type manifest struct {
	Version string    `json:"version"` // of the program that made it
	MadeAt  time.Time `json:"made_at"`
	KeyID   string    `json:"key_id"`
	WithKey bool      `json:"with_key"`
}

// Backup copies the data of a server, which may be running, into a folder that
// must not exist: the database first and the attachments after it, so that
// every attachment that the copy names is there. Without withKey the copy is
// worth nothing to a thief, and to you without the key. It returns CodeConflict
// if the folder exists, and CodeInvalid on PostgreSQL.
func Backup(ctx context.Context, s *config.Storage, secrets *config.Secrets, to, version string, withKey bool) (err error) {
	if err := s.Check(); err != nil {
		return err
	}
	db, err := OpenStore(ctx, s, secrets, StoreOptions{Shared: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	keys, err := Keyring(s, secrets)
	if err != nil {
		return err
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return parley.Errorf(parley.CodeConflict, "%s exists already: name a folder that does not.", to)
		}
		return parley.Errorf(parley.CodeInvalid, "The folder of the backup cannot be made: %w.", err)
	}
	copied := config.Storage{Data: to}
	if err := db.Backup(ctx, copied.DatabaseFile()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	if err := copyFolder(s.BlobFolder(), copied.BlobFolder()); err != nil {
		return err
	}
	if withKey && secrets.SecretKey == "" {
		if err := copyFile(s.KeyFile(), copied.KeyFile()); err != nil {
			return err
		}
	}
	m, err := json.MarshalIndent(manifest{version, time.Now().UTC(), keys.ID(), withKey && secrets.SecretKey == ""}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, manifestFile), append(m, '\n'), 0o600)
}

// Restore puts a backup into a data folder that has no database. Messages that
// waited to be sent become unknown, everybody is signed out, and nothing is
// sent before a start with --resume. It returns CodeConflict if there is a
// database and CodeInvalid if the key of the backup is missing.
func Restore(ctx context.Context, s *config.Storage, secrets *config.Secrets, from string) (err error) {
	if s.DB != "" {
		return parley.Errorf(parley.CodeInvalid, "Restore a PostgreSQL database with pg_restore.")
	}
	saved := config.Storage{Data: from}
	if _, err := os.Stat(saved.DatabaseFile()); err != nil {
		return parley.Errorf(parley.CodeNotFound, "%s is no backup: %w.", from, err)
	}
	if _, err := os.Stat(s.DatabaseFile()); err == nil {
		return parley.Errorf(parley.CodeConflict, "%s exists already: restore into an empty folder with --data.", s.DatabaseFile())
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return parley.Errorf(parley.CodeUnavailable, "The data folder cannot be made: %w.", err)
	}
	if err := restoreKey(&saved, s, secrets); err != nil {
		return err
	}
	if err := copyFolder(saved.BlobFolder(), s.BlobFolder()); err != nil {
		return err
	}
	// Under another name until it is whole: a server must not open half of it.
	half := s.DatabaseFile() + ".restoring"
	if err := os.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := copyFile(saved.DatabaseFile(), half); err != nil {
		return err
	}
	if err := os.Rename(half, s.DatabaseFile()); err != nil {
		return err
	}
	db, err := OpenStore(ctx, s, secrets, StoreOptions{})
	if err != nil {
		return err
	}
	return errors.Join(db.PrepareRestored(ctx), db.Close())
}

// restoreKey makes sure that there is a key for the secrets in the backup.
func restoreKey(saved, s *config.Storage, secrets *config.Secrets) error {
	if secrets.SecretKey != "" {
		return nil
	}
	if _, err := os.Stat(s.KeyFile()); err == nil {
		return nil
	}
	err := copyFile(saved.KeyFile(), s.KeyFile())
	if errors.Is(err, fs.ErrNotExist) {
		return parley.Errorf(parley.CodeInvalid,
			"The backup was made without its key. Put the key file at %s, or give the key in PARLEY_SECRET_KEY, and restore again.", s.KeyFile())
	}
	return err
}

// copyFolder copies the files below a folder; one that is missing is empty, and
// a file that is removed meanwhile is left out.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		err = copyFile(path, target)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

// copyFile copies one file and makes the copy durable.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// resume lets a restored store send again if the settings say so, and tells
// that it waits if they do not.
func (a *App) resume(ctx context.Context, out io.Writer) error {
	switch {
	case !a.store.SendingPaused():
	case a.cfg.Resume:
		return a.store.ResumeSending(ctx)
	default:
		_, _ = fmt.Fprintln(out, "This data was restored from a backup: nothing is sent until you start with --resume.")
	}
	return nil
}
