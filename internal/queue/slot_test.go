package queue_test

import (
	"context"
	"testing"
	"time"

	"parley"
	"parley/internal/queue"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestSlot(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		began, goOn := make(chan parley.Work), make(chan struct{})
		r := queue.New(queue.Config{Store: s, Pools: []queue.Pool{{
			Name: "test", Workers: 1, Poll: time.Hour,
			Handlers: map[parley.WorkKind]queue.Handler{parley.WorkTurn: func(_ context.Context, w parley.Work) error {
				began <- w
				<-goOn
				return nil
			}},
		}}})
		if r.Reserve(parley.WorkTurn) != nil {
			t.Fatal("a slot was given before the runner ran")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.Run(ctx)
		}()
		var slot *queue.Slot
		reserve := func() bool { slot = r.Reserve(parley.WorkTurn); return slot != nil }
		eventually(t, "there is a slot", reserve)
		if r.Reserve(parley.WorkTurn) != nil {
			t.Error("the one worker was given twice")
		}
		if r.Reserve(parley.WorkEvaluate) != nil {
			t.Error("a slot was given for what nobody handles")
		}
		slot.Release()
		eventually(t, "the worker is free again", reserve)

		add(t, s, "k")
		all, err := s.ClaimWork(t.Context(), []parley.WorkKind{parley.WorkTurn}, 1, r.Lease())
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		slot.Run(all[0])
		slot.Release() // does nothing any more
		if w := <-began; w.Key != "k" {
			t.Errorf("worked on %+v", w)
		}
		cancel()
		select {
		case <-done:
			t.Error("the runner stopped while the work ran")
		case <-time.After(20 * time.Millisecond):
		}
		close(goOn)
		<-done
		if n := left(t, s); n != 0 {
			t.Errorf("%d pieces of work are left", n)
		}
		if r.Reserve(parley.WorkTurn) != nil {
			t.Error("a slot was given after the stop")
		}
	})
}
