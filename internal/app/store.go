package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"parley"
	"parley/internal/config"
	"parley/internal/secret"
	"parley/internal/store"
)

// StoreOptions say how to open the store.
type StoreOptions struct {
	Now    func() time.Time // nil: the real clock
	Log    *slog.Logger     // nil: discarded
	Shared bool             // beside a server that may be running, for short commands
}

// OpenStore opens the database that the settings name, with the key that
// encrypts its secrets. Unless Shared it makes the data folder and the key file
// if they are missing.
func OpenStore(ctx context.Context, s *config.Storage, secrets *config.Secrets, o StoreOptions) (*store.Store, error) {
	if o.Shared && s.DB == "" {
		if _, err := os.Stat(s.DatabaseFile()); err != nil {
			return nil, parley.Errorf(parley.CodeNotFound,
				"There is no database at %s: %w. Name the data folder with --data.", s.DatabaseFile(), err)
		}
	}
	if !o.Shared {
		if err := os.MkdirAll(s.Data, 0o700); err != nil {
			return nil, parley.Errorf(parley.CodeUnavailable, "The data folder cannot be made: %w. Choose another with --data.", err)
		}
	}
	keys, err := Keyring(s, secrets)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{DSN: s.DSN(), Keyring: keys, Now: o.Now, Log: o.Log, Shared: o.Shared})
}

// Keyring returns the keys from the environment, else from the key file, which
// it makes only for a database that does not exist yet: a new key beside old
// secrets would hide that the old key is lost.
func Keyring(s *config.Storage, secrets *config.Secrets) (*secret.Keyring, error) {
	if secrets.SecretKey != "" {
		return secret.Parse(secrets.SecretKey)
	}
	if s.DB != "" {
		return nil, parley.Errorf(parley.CodeInvalid, "With --db the key that encrypts secrets must be given in PARLEY_SECRET_KEY.")
	}
	_, noKey := os.Stat(s.KeyFile())
	_, noDatabase := os.Stat(s.DatabaseFile())
	if errors.Is(noKey, fs.ErrNotExist) && noDatabase == nil {
		return nil, parley.Errorf(parley.CodeInvalid,
			"The key file %s is missing, and %s holds secrets that were encrypted with it. "+
				"Put the file back from your backup, or give the key in PARLEY_SECRET_KEY.", s.KeyFile(), s.DatabaseFile())
	}
	return secret.LoadFile(s.KeyFile())
}
