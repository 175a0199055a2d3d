package store

import (
	"context"
	"time"

	"parley"
)

// ErrLeaseLost is returned when the lease on a piece of work has gone to
// another worker, or the work was done: what its holder found is void.
var ErrLeaseLost = parley.Errorf(parley.CodeConflict, "The work was taken over by another worker.")

// addWork makes a piece of work due at a time, merging it with one of the same
// kind and key: the generation rises and the earlier time holds. While it is
// claimed the merged work becomes due when the claim ends.
func addWork(ctx context.Context, t *tx, kind parley.WorkKind, key, workspaceID string, due time.Time) error {
	_, err := t.exec(ctx, `
		INSERT INTO queue (kind, key, workspace_id, generation, attempt, due, since, lease_token, lease_until)
		VALUES ($1, $2, $3, 1, 0, $4, $4, '', 0)
		ON CONFLICT (kind, key) DO UPDATE SET
			generation = queue.generation + 1,
			due = CASE WHEN excluded.due < queue.due THEN excluded.due ELSE queue.due END`,
		string(kind), key, workspaceID, micros(due))
	t.workAdded = true
	return err
}

// holdLease checks in a transaction that the work is still its claimant's, and
// keeps it so until the end of the transaction. It returns ErrLeaseLost if it
// is not.
func holdLease(ctx context.Context, t *tx, w parley.Work) error {
	n, err := t.exec(ctx, `
		UPDATE queue SET lease_until = lease_until WHERE kind = $1 AND key = $2 AND lease_token = $3`,
		string(w.Kind), w.Key, w.Token)
	if err == nil && n == 0 {
		err = ErrLeaseLost
	}
	return err
}

// completeWork removes work that is done, or frees it for the next claim if
// more was merged into it meanwhile. It returns ErrLeaseLost like holdLease
// and may take its place.
func completeWork(ctx context.Context, t *tx, w parley.Work) error {
	n, err := t.exec(ctx, `
		DELETE FROM queue WHERE kind = $1 AND key = $2 AND lease_token = $3 AND generation = $4`,
		string(w.Kind), w.Key, w.Token, w.Generation)
	if err != nil || n == 1 {
		return err
	}
	n, err = t.exec(ctx, `
		UPDATE queue SET lease_token = '', lease_until = 0, attempt = 0, since = due
		WHERE kind = $1 AND key = $2 AND lease_token = $3`,
		string(w.Kind), w.Key, w.Token)
	if err == nil && n == 0 {
		err = ErrLeaseLost
	}
	t.workAdded = true
	return err
}

// freeLeases makes work due again that a process held when it ended. Only the
// one process that serves a SQLite file may do so.
func (s *Store) freeLeases(ctx context.Context) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE queue SET lease_token = '', lease_until = 0, due = CASE WHEN due > $1 THEN $1 ELSE due END
			WHERE lease_token <> ''`, micros(s.now()))
		return err
	})
}
