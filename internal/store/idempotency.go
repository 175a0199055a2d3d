package store

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"parley"
)

// IdempotencyKey names a request that must take effect once.
type IdempotencyKey struct {
	WorkspaceID string
	Principal   string // who asks: a member's or an API key's id
	Key         string // the client's
	BodyHash    string // of all that makes the request what it is: method, path and body
}

// Answer is what a request was answered.
type Answer struct {
	Status int // HTTP
	Body   []byte
}

// KeepAnswers is how long a repeated request gets the first answer.
const KeepAnswers = 24 * time.Hour

type idempotencyContext struct{}

// request is a request with a key on its way.
type request struct {
	key     IdempotencyKey
	claimed atomic.Bool // its row is committed
}

// WithIdempotency returns a context in which the first write of the store also
// records that the request was made, in the same transaction: a request that
// has taken any effect is known. If another one with this key was first, that
// write returns CodeConflict.
func WithIdempotency(ctx context.Context, key IdempotencyKey) context.Context {
	return context.WithValue(ctx, idempotencyContext{}, &request{key: key})
}

// BeginIdempotent returns what the request was answered before, and nil if it
// was not made yet. It returns CodeConflict if the key was used for another
// request, or if the first one has taken effect and has no answer: it is still
// under way, or was cut off.
func (s *Store) BeginIdempotent(ctx context.Context, key IdempotencyKey) (*Answer, error) {
	var hash, sealed string
	a := &Answer{}
	err := s.read.queryRow(ctx, `
		SELECT body_hash, status, answer FROM idempotency
		WHERE workspace_id = $1 AND principal = $2 AND key = $3 AND created_at > $4`,
		key.WorkspaceID, key.Principal, key.Key, micros(s.now().Add(-KeepAnswers))).Scan(&hash, &a.Status, &sealed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil //nolint:nilnil // not made yet
	case err != nil:
		return nil, err
	case hash != key.BodyHash:
		return nil, parley.Errorf(parley.CodeConflict, "This Idempotency-Key was used for another request.")
	case a.Status == 0:
		return nil, errNoAnswerYet()
	}
	body, err := s.unseal(sealed, "answer", key.WorkspaceID+key.Principal+key.Key)
	a.Body = []byte(body)
	return a, err
}

func errNoAnswerYet() error {
	return &parley.Error{Code: parley.CodeConflict, RetryAfter: time.Second,
		Message: "A request with this Idempotency-Key is under way, or was cut off. Look at what it did before you use another key."}
}

// SaveAnswer keeps the answer for repeats, encrypted, since it may show a new
// key. A later answer to the same request changes nothing.
func (s *Store) SaveAnswer(ctx context.Context, key IdempotencyKey, a Answer) error {
	sealed, err := s.seal(string(a.Body), "answer", key.WorkspaceID+key.Principal+key.Key)
	if err != nil {
		return err
	}
	return s.write(withoutIdempotency(ctx), func(t *tx) error {
		_, err := t.exec(ctx, `
			INSERT INTO idempotency (workspace_id, principal, key, body_hash, status, answer, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (workspace_id, principal, key) DO UPDATE SET status = excluded.status, answer = excluded.answer
				WHERE idempotency.body_hash = excluded.body_hash AND idempotency.status = 0`,
			key.WorkspaceID, key.Principal, key.Key, key.BodyHash, a.Status, sealed, micros(s.now()))
		return err
	})
}

func withoutIdempotency(ctx context.Context) context.Context {
	return context.WithValue(ctx, idempotencyContext{}, (*request)(nil))
}

// claim records the request in the transaction.
func (r *request) claim(ctx context.Context, t *tx) error {
	now := t.s.now()
	n, err := t.exec(ctx, `
		INSERT INTO idempotency (workspace_id, principal, key, body_hash, status, answer, created_at)
		VALUES ($1, $2, $3, $4, 0, '', $5)
		ON CONFLICT (workspace_id, principal, key) DO UPDATE SET
			body_hash = excluded.body_hash, status = 0, answer = '', created_at = excluded.created_at
			WHERE idempotency.created_at <= $6`,
		r.key.WorkspaceID, r.key.Principal, r.key.Key, r.key.BodyHash, micros(now), micros(now.Add(-KeepAnswers)))
	if err == nil && n == 0 {
		err = errNoAnswerYet()
	}
	return err
}
