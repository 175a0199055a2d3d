package store

import (
	"context"
	"database/sql"
	"errors"

	"parley"
)

// keyCheck is a row of app that only the right key opens.
const keyCheck = "key_check"

var errNoKeyring = errors.New("the store was opened without a keyring")

// seal encrypts a secret of a thing, named by its kind and id. An empty secret
// stays empty.
func (s *Store) seal(plain, kind, id string) (string, error) {
	switch {
	case plain == "":
		return "", nil
	case s.keys == nil:
		return "", errNoKeyring
	}
	return s.keys.Seal([]byte(plain), kind+" "+id), nil
}

// unseal decrypts what seal returned.
func (s *Store) unseal(sealed, kind, id string) (string, error) {
	switch {
	case sealed == "":
		return "", nil
	case s.keys == nil:
		return "", errNoKeyring
	}
	plain, err := s.keys.Open(sealed, kind+" "+id)
	return string(plain), err
}

// checkKeys returns CodeInvalid if the secrets in the database were encrypted
// with other keys than those in the keyring. A new database takes the key; one
// that was encrypted with an older key of the ring is encrypted again if rotate
// says so.
func (s *Store) checkKeys(ctx context.Context, rotate bool) error {
	if s.keys == nil {
		return nil
	}
	var sealed string
	err := s.read.queryRow(ctx, `SELECT value FROM app WHERE name = $1`, keyCheck).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return s.write(ctx, func(t *tx) error {
			_, err := t.exec(ctx, `INSERT INTO app (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
				keyCheck, s.keys.Seal([]byte("parley"), keyCheck))
			return err
		})
	}
	if err != nil {
		return err
	}
	if _, err := s.keys.Open(sealed, keyCheck); err != nil {
		return &parley.Error{Code: parley.CodeInvalid, Err: err,
			Message: "The secret key is not the one that this database was encrypted with."}
	}
	if s.keys.Fresh(sealed) || !rotate {
		return nil
	}
	n, err := s.RotateSecrets(ctx)
	if err == nil {
		s.log.Info("secrets encrypted with the new key; the old one is not needed any more", "secrets", n)
	}
	return err
}

// RotateSecrets encrypts again, with the first key of the keyring, all that an
// older key encrypted, and returns how many secrets that were. Afterwards the
// older keys are not needed any more. Open does so when a new key has been put
// first; it may be run at any time, and again.
func (s *Store) RotateSecrets(ctx context.Context) (int, error) {
	if s.keys == nil {
		return 0, errNoKeyring
	}
	// Answers kept for repeated requests live a day; they are not worth it.
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM idempotency WHERE answer <> '' AND answer NOT LIKE $1`,
			s.freshPattern())
		return err
	})
	if err != nil {
		return 0, err
	}
	providers, err := s.rotateProviders(ctx)
	if err != nil {
		return providers, err
	}
	versions, err := s.rotateVersions(ctx)
	if err != nil {
		return providers + versions, err
	}
	widgets, err := s.rotateWidgets(ctx)
	if err != nil {
		return providers + versions + widgets, err
	}
	return providers + versions + widgets, s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE app SET value = $2 WHERE name = $1`,
			keyCheck, s.keys.Seal([]byte("parley"), keyCheck))
		return err
	})
}

// freshPattern is what LIKE finds in secrets that the first key encrypted.
func (s *Store) freshPattern() string { return s.keys.Prefix() + "%" }
