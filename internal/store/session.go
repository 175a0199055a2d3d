package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley"
)

// SessionMember is the key of a session's value that holds the member's id.
const SessionMember = "member"

// Sessions keeps the sessions of members for scs. It knows their tokens only
// by a hash.
type Sessions struct{ s *Store }

// Sessions returns the sessions of this store.
func (s *Store) Sessions() *Sessions { return &Sessions{s} }

var _ scs.CtxStore = (*Sessions)(nil)

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx implements scs.CtxStore.
func (x *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = x.s.read.queryRow(ctx, `SELECT data FROM auth_session WHERE token_hash = $1 AND expires_at > $2`,
		hashToken(token), micros(x.s.now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx implements scs.CtxStore.
func (x *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	member, _ := values[SessionMember].(string)
	return x.s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `
			INSERT INTO auth_session (token_hash, member_id, data, expires_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (token_hash) DO UPDATE SET
				member_id = excluded.member_id, data = excluded.data, expires_at = excluded.expires_at`,
			hashToken(token), member, data, micros(expiry))
		return err
	})
}

// DeleteCtx implements scs.CtxStore.
func (x *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return x.s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM auth_session WHERE token_hash = $1`, hashToken(token))
		return err
	})
}

// Find implements scs.Store, which scs does not use beside CtxStore.
func (x *Sessions) Find(token string) ([]byte, bool, error) {
	return x.FindCtx(context.Background(), token)
}

// Commit implements scs.Store, which scs does not use beside CtxStore.
func (x *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return x.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store, which scs does not use beside CtxStore.
func (x *Sessions) Delete(token string) error { return x.DeleteCtx(context.Background(), token) }

// DeleteMemberSessions signs a member out everywhere but in the session of
// the token keep, which may be "".
func (s *Store) DeleteMemberSessions(ctx context.Context, memberID, keep string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM auth_session WHERE member_id = $1 AND token_hash <> $2`,
			memberID, hashToken(keep))
		return err
	})
}

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
