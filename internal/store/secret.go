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
	n := 0
	for _, rotate := range []func(context.Context) (int, error){s.rotateColumns, s.rotateVersions} {
		rotated, err := rotate(ctx)
		n += rotated
		if err != nil {
			return n, err
		}
	}
	return n, s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE app SET value = $2 WHERE name = $1`,
			keyCheck, s.keys.Seal([]byte("parley"), keyCheck))
		return err
	})
}

// sealedColumns are the columns that hold one secret each; kind is what seal
// was given with the row's id.
var sealedColumns = []struct{ table, column, kind string }{
	{"provider", "api_key", "provider"},
	{"sender", "token", "sender"},
	{"whatsapp_app", "app_secret", "whatsapp_app"},
	{"whatsapp_app", "verify_token", "whatsapp_app"},
	{"widget", "identity_secret", "widget"},
	{"hook", "secret", "hook"},
	{"hook", "old_secret", "hook"},
}

// rotateColumns encrypts secrets again that an older key encrypted.
func (s *Store) rotateColumns(ctx context.Context) (n int, err error) {
	type row struct{ id, old string }
	for _, x := range sealedColumns {
		rs, err := s.read.query(ctx, `SELECT id, `+x.column+` FROM `+x.table+`
			WHERE `+x.column+` <> '' AND `+x.column+` NOT LIKE $1`, s.freshPattern())
		all, err := collect(rs, err, func(r scanner) (y row, err error) { return y, r.Scan(&y.id, &y.old) })
		if err != nil {
			return n, err
		}
		for _, y := range all {
			plain, err := s.unseal(y.old, x.kind, y.id)
			if err != nil {
				return n, err
			}
			fresh, err := s.seal(plain, x.kind, y.id)
			if err != nil {
				return n, err
			}
			err = s.write(ctx, func(t *tx) error {
				_, err := t.exec(ctx, `UPDATE `+x.table+` SET `+x.column+` = $3 WHERE id = $1 AND `+x.column+` = $2`, y.id, y.old, fresh)
				return err
			})
			if err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// freshPattern is what LIKE finds in secrets that the first key encrypted.
func (s *Store) freshPattern() string { return s.keys.Prefix() + "%" }
