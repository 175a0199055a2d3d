package store_test

import (
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestRepeatedRequestsGetTheFirstAnswer(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := t.Context()
		key := store.IdempotencyKey{WorkspaceID: "w", Principal: "ada", Key: "1", BodyHash: "h"}
		begin := func(k store.IdempotencyKey) *store.Answer {
			t.Helper()
			a, err := s.BeginIdempotent(ctx, k)
			must(t, err)
			return a
		}
		if a := begin(key); a != nil {
			t.Fatalf("a new request was answered: %+v", a)
		}
		once := store.WithIdempotency(ctx, key)
		must(t, s.CreateWorkspace(once, &parley.Workspace{Name: "one"}))
		must(t, s.CreateWorkspace(once, &parley.Workspace{Name: "two"})) // the second write of the same request

		_, err := s.BeginIdempotent(ctx, key)
		wantCode(t, err, parley.CodeConflict)
		must(t, s.SaveAnswer(once, key, store.Answer{Status: 201, Body: []byte("first")}))
		must(t, s.SaveAnswer(once, key, store.Answer{Status: 500, Body: []byte("second")}))
		if a := begin(key); a == nil || a.Status != 201 || string(a.Body) != "first" {
			t.Errorf("got %+v", a)
		}
		other := key
		other.BodyHash = "other"
		_, err = s.BeginIdempotent(ctx, other)
		wantCode(t, err, parley.CodeConflict)
		for _, k := range []store.IdempotencyKey{
			{WorkspaceID: "w2", Principal: "ada", Key: "1", BodyHash: "x"},
			{WorkspaceID: "w", Principal: "bob", Key: "1", BodyHash: "x"},
			{WorkspaceID: "w", Principal: "ada", Key: "2", BodyHash: "x"},
		} {
			if a := begin(k); a != nil {
				t.Errorf("%+v met another request: %+v", k, a)
			}
		}

		c.Move(store.KeepAnswers + time.Second)
		if a := begin(other); a != nil {
			t.Errorf("kept for too long: %+v", a)
		}
		must(t, s.CreateWorkspace(store.WithIdempotency(ctx, other), &parley.Workspace{Name: "three"}))
	})
}

func TestTheSameRequestTwiceAtOnceWritesOnce(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		key := store.IdempotencyKey{WorkspaceID: "w", Principal: "ada", Key: "1", BodyHash: "h"}
		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for range 8 {
			wg.Go(func() {
				errs <- s.CreateWorkspace(store.WithIdempotency(t.Context(), key), &parley.Workspace{Name: "one"})
			})
		}
		wg.Wait()
		close(errs)
		ok := 0
		for err := range errs {
			if err == nil {
				ok++
			} else {
				wantCode(t, err, parley.CodeConflict)
			}
		}
		all, err := s.Workspaces(t.Context())
		if err != nil || ok != 1 || len(all) != 1 {
			t.Errorf("%d succeeded and %d were made, %v; want 1 and 1", ok, len(all), err)
		}
	})
}

func TestARequestThatFailedMayBeMadeAgain(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		key := store.IdempotencyKey{WorkspaceID: "w", Principal: "ada", Key: "1", BodyHash: "h"}
		ctx := store.WithIdempotency(t.Context(), key)
		wantCode(t, s.UpdateWorkspace(ctx, &parley.Workspace{ID: "nope"}), parley.CodeNotFound)
		if a, err := s.BeginIdempotent(t.Context(), key); err != nil || a != nil {
			t.Errorf("a request without effect is known: %+v, %v", a, err)
		}
		must(t, s.CreateWorkspace(ctx, &parley.Workspace{Name: "one"}))
	})
}
