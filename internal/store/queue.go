package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
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
			due = CASE WHEN excluded.due < queue.due THEN excluded.due ELSE queue.due END,
			since = CASE WHEN excluded.due < queue.since THEN excluded.due ELSE queue.since END`,
		string(kind), key, workspaceID, micros(due))
	t.workAdded = true
	return err
}

// addClaimed adds work that its adder claims with it, and completes w; ok is
// false if there is work of the same kind and key already.
func addClaimed(ctx context.Context, t *tx, w *parley.Work, lease time.Duration) (ok bool, err error) {
	w.Generation, w.Attempt, w.Token, w.LeaseUntil = 1, 1, newToken(), t.s.now().Add(lease)
	n, err := t.exec(ctx, `
		INSERT INTO queue (kind, key, workspace_id, generation, attempt, due, since, lease_token, lease_until)
		VALUES ($1, $2, $3, 1, 1, $4, $5, $6, `+t.s.dialect.now+` + $7) ON CONFLICT (kind, key) DO NOTHING`,
		string(w.Kind), w.Key, w.WorkspaceID, micros(w.Due.Add(lease)), micros(w.Due), w.Token, lease.Microseconds())
	return n == 1, err
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

// AddWork makes work due at w.Due, which may be in the past; the zero time is
// now. See addWork.
func (s *Store) AddWork(ctx context.Context, w parley.Work) error {
	due := w.Due
	if due.IsZero() {
		due = s.now()
	}
	return s.write(ctx, func(t *tx) error { return addWork(ctx, t, w.Kind, w.Key, w.WorkspaceID, due) })
}

// ClaimWork leases up to n pieces of due work of some kinds, the longest due
// first. Nobody else gets them until the lease is over, by the database's
// clock, or the claimant completes or defers them. Nothing is delivered while
// sending is paused.
func (s *Store) ClaimWork(ctx context.Context, kinds []parley.WorkKind, n int, lease time.Duration) ([]parley.Work, error) {
	if s.SendingPaused() {
		kinds = slices.DeleteFunc(slices.Clone(kinds), func(k parley.WorkKind) bool { return k == parley.WorkDeliver })
	}
	if len(kinds) == 0 || n <= 0 {
		return nil, nil
	}
	var all []parley.Work
	now := s.now()
	args := []any{newToken(), lease.Microseconds(), micros(now), micros(now.Add(lease)), n}
	in := placeholders(&args, kinds)
	claim := `
		WITH due_now AS MATERIALIZED (
			SELECT kind, key FROM queue
			WHERE due <= $3 AND lease_until <= ` + s.dialect.now + ` AND kind IN (` + in + `)
			ORDER BY due LIMIT $5 ` + s.dialect.skipLocked + `)
		UPDATE queue SET lease_token = $1, lease_until = ` + s.dialect.now + ` + $2, due = $4, attempt = attempt + 1
		WHERE (kind, key) IN (SELECT kind, key FROM due_now)
		RETURNING kind, key, workspace_id, generation, attempt, since, lease_token, lease_until`
	err := s.write(ctx, func(t *tx) error {
		rs, err := t.query(ctx, claim, args...)
		all, err = collect(rs, err, scanWork)
		return err
	})
	slices.SortFunc(all, func(a, b parley.Work) int { return a.Due.Compare(b.Due) })
	return all, err
}

func scanWork(r scanner) (parley.Work, error) {
	var w parley.Work
	err := r.Scan((*string)(&w.Kind), &w.Key, &w.WorkspaceID, &w.Generation, &w.Attempt, asTime(&w.Due), &w.Token,
		asTime(&w.LeaseUntil))
	return w, err
}

// newToken returns a random proof of a lease.
func newToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand.Read
	return hex.EncodeToString(b[:])
}

// CompleteWork removes work that is done; if more was merged into it since it
// was claimed, it becomes due again instead. It returns ErrLeaseLost.
func (s *Store) CompleteWork(ctx context.Context, w parley.Work) error {
	return s.write(ctx, func(t *tx) error { return completeWork(ctx, t, w) })
}

// DeferWork gives claimed work back, due at a time, or earlier if more was
// merged into it that is due earlier. The attempt counts or does not. It
// returns ErrLeaseLost.
func (s *Store) DeferWork(ctx context.Context, w parley.Work, due time.Time, countAttempt bool) error {
	uncount := 1
	if countAttempt {
		uncount = 0
	}
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE queue SET lease_token = '', lease_until = 0, attempt = attempt - $4,
				due = CASE WHEN generation <> $5 AND due < $6 THEN due ELSE $6 END
			WHERE kind = $1 AND key = $2 AND lease_token = $3`,
			string(w.Kind), w.Key, w.Token, uncount, w.Generation, micros(due))
		if err == nil && n == 0 {
			err = ErrLeaseLost
		}
		t.workAdded = true
		return err
	})
}

// ExtendLease makes the lease end lease from now. It returns ErrLeaseLost.
func (s *Store) ExtendLease(ctx context.Context, w parley.Work, lease time.Duration) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE queue SET lease_until = `+s.dialect.now+` + $4,
				due = CASE WHEN generation = $5 THEN $6 ELSE due END
			WHERE kind = $1 AND key = $2 AND lease_token = $3`,
			string(w.Kind), w.Key, w.Token, lease.Microseconds(), w.Generation, micros(s.now().Add(lease)))
		if err == nil && n == 0 {
			err = ErrLeaseLost
		}
		return err
	})
}

// KindStats says how much work of a kind there is.
type KindStats struct {
	Kind    parley.WorkKind
	Due     int       // due now, claimed or not
	Claimed int       // of any due time
	Later   int       // due later
	Oldest  time.Time // since when the oldest of Due waits; zero if none does
}

// WorkStats counts the work of each kind that there is.
func (s *Store) WorkStats(ctx context.Context) ([]KindStats, error) {
	rs, err := s.read.query(ctx, `
		SELECT kind,
			sum(CASE WHEN due <= $1 OR lease_token <> '' THEN 1 ELSE 0 END),
			sum(CASE WHEN lease_token <> '' THEN 1 ELSE 0 END),
			sum(CASE WHEN due > $1 AND lease_token = '' THEN 1 ELSE 0 END),
			coalesce(min(CASE WHEN due <= $1 OR lease_token <> '' THEN since END), 0)
		FROM queue GROUP BY kind ORDER BY kind`, micros(s.now()))
	return collect(rs, err, func(r scanner) (k KindStats, err error) {
		return k, r.Scan((*string)(&k.Kind), &k.Due, &k.Claimed, &k.Later, asTime(&k.Oldest))
	})
}
