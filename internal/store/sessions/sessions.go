// Package sessions keeps the sessions of members who are signed in.
package sessions

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley/internal/store"
)

// Member is the key of a session's value that holds the member's id.
const Member = "member"

// Sessions keeps the sessions of members for scs. It knows their tokens only
// by a hash.
type Sessions struct {
	Tables store.Tables
	Now    func() time.Time
}

var _ scs.CtxStore = (*Sessions)(nil)

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx implements scs.CtxStore.
func (x *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = x.Tables.QueryRow(ctx, `SELECT data FROM auth_session WHERE token_hash = $1 AND expires_at > $2`,
		hashToken(token), store.Micros(x.Now())).Scan(&data)
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
	member, _ := values[Member].(string)
	return x.Tables.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO auth_session (token_hash, member_id, data, expires_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (token_hash) DO UPDATE SET
				member_id = excluded.member_id, data = excluded.data, expires_at = excluded.expires_at`,
			hashToken(token), member, data, store.Micros(expiry))
		return err
	})
}

// DeleteCtx implements scs.CtxStore.
func (x *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return x.Tables.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM auth_session WHERE token_hash = $1`, hashToken(token))
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

// SignOut ends the sessions of a member but that of the token keep, which may be
// "".
func SignOut(ctx context.Context, tables store.Tables, memberID, keep string) error {
	return tables.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM auth_session WHERE member_id = $1 AND token_hash <> $2`,
			memberID, hashToken(keep))
		return err
	})
}
