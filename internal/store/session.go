package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley"
)

// The purposes of one-time links.
const (
	PurposeSetup  = "setup"  // create the first workspace
	PurposeSignIn = "signin" // sign in without a password, to set a new one
)

// LoginToken is a one-time link. Only a hash of it is kept.
type LoginToken struct {
	Hash        string
	Purpose     string
	WorkspaceID string // "" for setup
	MemberID    string // "" for setup
	ExpiresAt   time.Time
}

// CreateLoginToken adds a one-time link. A new link for set-up makes the old
// ones worthless.
func (s *Store) CreateLoginToken(ctx context.Context, l LoginToken) error {
	return s.write(ctx, func(t *tx) error {
		if l.Purpose == PurposeSetup {
			if _, err := t.exec(ctx, `DELETE FROM login_token WHERE purpose = $1`, PurposeSetup); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `
			INSERT INTO login_token (token_hash, purpose, workspace_id, member_id, expires_at)
			VALUES ($1, $2, $3, $4, $5)`,
			l.Hash, l.Purpose, l.WorkspaceID, l.MemberID, micros(l.ExpiresAt))
		return err
	})
}

// TakeLoginToken uses a one-time link up. It returns CodeUnauthorized if it is
// unknown, used or expired.
func (s *Store) TakeLoginToken(ctx context.Context, hash string) (*LoginToken, error) {
	var l *LoginToken
	err := s.write(ctx, func(t *tx) (err error) {
		l, err = takeLoginToken(ctx, t, hash)
		return err
	})
	return l, err
}

func takeLoginToken(ctx context.Context, t *tx, hash string) (*LoginToken, error) {
	l := &LoginToken{Hash: hash}
	err := t.queryRow(ctx, `
		DELETE FROM login_token WHERE token_hash = $1 AND expires_at > $2
		RETURNING purpose, workspace_id, member_id, expires_at`, hash, micros(t.s.now())).
		Scan(&l.Purpose, &l.WorkspaceID, &l.MemberID, asTime(&l.ExpiresAt))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errLinkSpent()
	}
	return l, err
}

func errLinkSpent() error {
	return parley.Errorf(parley.CodeUnauthorized, "This link was used already or has expired.")
}
