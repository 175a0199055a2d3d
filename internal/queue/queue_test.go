package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley"
	"parley/internal/queue"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// patience bounds what a test waits for. It is long because the machine may be
// slow; nothing waits for all of it unless something is broken.
const patience = 2 * time.Minute

// start runs handle for turns on s and returns what stops it.
func start(t *testing.T, s *store.Store, cfg queue.Config, handle queue.Handler) (stop func()) {
	t.Helper()
	cfg.Store = s
	if cfg.Pools == nil {
		cfg.Pools = []queue.Pool{{
			Name: "test", Workers: 8, Poll: 20 * time.Millisecond, Eager: true,
			Handlers: map[parley.WorkKind]queue.Handler{parley.WorkTurn: handle},
		}}
	}
	r := queue.New(cfg)
	s.OnWork(r.Wake)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	t.Cleanup(stop)
	return stop
}

func add(t *testing.T, s *store.Store, key string) {
	t.Helper()
	if err := s.AddWork(t.Context(), parley.Work{Kind: parley.WorkTurn, Key: key, WorkspaceID: "w"}); err != nil {
		t.Fatal(err)
	}
}

func left(t *testing.T, s *store.Store) int {
	t.Helper()
	stats, err := s.WorkStats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, k := range stats {
		n += k.Due + k.Later
	}
	return n
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after %s still not: %s", patience, what)
		}
	}
}

func TestAllWorkIsDoneOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		var mu sync.Mutex
		runs := map[string]int{}
		reg := prometheus.NewRegistry()
		start(t, s, queue.Config{Metrics: queue.NewMetrics(reg)}, func(_ context.Context, w parley.Work) error {
			mu.Lock()
			defer mu.Unlock()
			runs[w.Key]++
			return nil
		})
		const n = 100
		for i := range n {
			add(t, s, fmt.Sprint("k", i))
		}
		eventually(t, "the queue is empty", func() bool { return left(t, s) == 0 })
		mu.Lock()
		defer mu.Unlock()
		if len(runs) != n {
			t.Errorf("%d keys were worked on", len(runs))
		}
		for key, times := range runs {
			if times != 1 {
				t.Errorf("%s was done %d times", key, times)
			}
		}
		families, err := reg.Gather()
		if err != nil || len(families) != 2 {
			t.Errorf("metrics: %d families, %v", len(families), err)
		}
	})
}

// Law 3: one at a time per key, and what is added meanwhile is done after.
func TestOneAtATimePerKey(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		var running, most, runs atomic.Int32
		entered := make(chan struct{}, 100)
		proceed := make(chan struct{})
		start(t, s, queue.Config{}, func(context.Context, parley.Work) error {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			runs.Add(1)
			entered <- struct{}{}
			<-proceed
			return nil
		})
		add(t, s, "k")
		<-entered
		for range 5 { // merge into one while it is worked on
			add(t, s, "k")
		}
		time.Sleep(100 * time.Millisecond)
		close(proceed)
		eventually(t, "the queue is empty", func() bool { return left(t, s) == 0 })
		if most.Load() != 1 || runs.Load() != 2 {
			t.Errorf("%d runs, %d at a time", runs.Load(), most.Load())
		}
	})
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		first   error // of the first run; the next is nil
		runs    int32
		attempt int // of the last run
	}{
		"snooze":      {queue.SnoozeUntil(time.Now().Add(50 * time.Millisecond)), 2, 1},
		"retry after": {queue.RetryAfter(50*time.Millisecond, broken), 2, 2},
		"failure":     {broken, 2, 2},
		"cancel":      {queue.Cancel(broken), 1, 1},
		"wrapped":     {fmt.Errorf("more: %w", queue.RetryAfter(time.Millisecond, broken)), 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, "sqlite")
			var runs atomic.Int32
			var attempt atomic.Int32
			start(t, s, queue.Config{}, func(_ context.Context, w parley.Work) error {
				attempt.Store(int32(w.Attempt))
				if runs.Add(1) == 1 {
					return c.first
				}
				return nil
			})
			add(t, s, "k")
			eventually(t, "it is done", func() bool { return left(t, s) == 0 })
			if runs.Load() != c.runs || int(attempt.Load()) != c.attempt {
				t.Errorf("%d runs, the last as attempt %d", runs.Load(), attempt.Load())
			}
		})
	}
}

func TestAPanicIsAFailure(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "sqlite")
	var runs atomic.Int32
	start(t, s, queue.Config{}, func(context.Context, parley.Work) error {
		if runs.Add(1) == 1 {
			panic("boom")
		}
		return nil
	})
	add(t, s, "k")
	eventually(t, "it is done", func() bool { return left(t, s) == 0 })
	if runs.Load() != 2 {
		t.Errorf("%d runs", runs.Load())
	}
}

func TestStopLetsWorkFinish(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		entered := make(chan struct{})
		var finished atomic.Bool
		stop := start(t, s, queue.Config{Grace: patience}, func(ctx context.Context, _ parley.Work) error {
			close(entered)
			time.Sleep(200 * time.Millisecond)
			finished.Store(ctx.Err() == nil)
			return nil
		})
		add(t, s, "k")
		<-entered
		stop()
		if !finished.Load() || left(t, s) != 0 {
			t.Errorf("finished %v, %d left", finished.Load(), left(t, s))
		}
	})
}

func TestStopHandsBackWhatDoesNotFinish(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		entered := make(chan struct{})
		stop := start(t, s, queue.Config{Grace: 50 * time.Millisecond}, func(ctx context.Context, _ parley.Work) error {
			close(entered)
			<-ctx.Done()
			return context.Cause(ctx)
		})
		add(t, s, "k")
		<-entered
		stop()
		// Another worker gets it at once, with its attempts as they were.
		again, err := s.ClaimWork(t.Context(), []parley.WorkKind{parley.WorkTurn}, 1, time.Minute)
		if err != nil || len(again) != 1 || again[0].Attempt != 1 {
			t.Errorf("claimed %+v, %v", again, err)
		}
	})
}

func TestLeasesAreRenewed(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		const lease = 3 * time.Second // a renewal may come late on a busy machine
		entered, proceed := make(chan struct{}), make(chan struct{})
		var lost atomic.Bool
		start(t, s, queue.Config{Lease: lease}, func(ctx context.Context, _ parley.Work) error {
			close(entered)
			<-proceed
			lost.Store(ctx.Err() != nil)
			return nil
		})
		finish := sync.OnceFunc(func() { close(proceed) })
		t.Cleanup(finish) // before the stop, which waits for the handler
		add(t, s, "k")
		<-entered
		for range 3 {
			time.Sleep(lease / 2)
			stolen, err := s.ClaimWork(t.Context(), []parley.WorkKind{parley.WorkTurn}, 1, lease)
			if err != nil || len(stolen) != 0 {
				t.Fatalf("another worker claimed %+v, %v", stolen, err)
			}
		}
		finish()
		eventually(t, "it is done", func() bool { return left(t, s) == 0 })
		if lost.Load() {
			t.Error("the handler was told that it lost its lease")
		}
	})
}

func TestALostLeaseStopsTheHandler(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "sqlite")
	entered, cause := make(chan parley.Work, 1), make(chan error, 1)
	start(t, s, queue.Config{Lease: time.Second}, func(ctx context.Context, w parley.Work) error {
		entered <- w
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return ctx.Err()
	})
	add(t, s, "k")
	w := <-entered
	// As if another worker had done it after a pause of this process.
	if err := s.CompleteWork(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-cause:
		if !errors.Is(err, queue.ErrLeaseLost) {
			t.Errorf("cause %v", err)
		}
	case <-time.After(patience):
		t.Fatal("the handler runs on")
	}
}

// Work is picked up because it was added, not because somebody polled.
func TestWakeUp(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "sqlite")
	got := make(chan time.Time, 1)
	start(t, s, queue.Config{Pools: []queue.Pool{{
		Name: "test", Workers: 1, Poll: time.Hour, Eager: true,
		Handlers: map[parley.WorkKind]queue.Handler{parley.WorkTurn: func(context.Context, parley.Work) error {
			got <- time.Now()
			return nil
		}},
	}}}, nil)
	time.Sleep(50 * time.Millisecond)
	for i := range 5 {
		add(t, s, fmt.Sprint(i))
		select {
		case <-got:
		case <-time.After(patience):
			t.Fatal("nobody came")
		}
	}
}

func TestWakeAt(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "sqlite")
	got := make(chan struct{}, 1)
	r := queue.New(queue.Config{Store: s, Pools: []queue.Pool{{
		Name: "test", Workers: 1, Poll: time.Hour, Eager: true,
		Handlers: map[parley.WorkKind]queue.Handler{parley.WorkTurn: func(context.Context, parley.Work) error {
			got <- struct{}{}
			return nil
		}},
	}}})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { r.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	due := time.Now().Add(200 * time.Millisecond)
	if err := s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: "k", Due: due}); err != nil {
		t.Fatal(err)
	}
	r.WakeAt(due)
	select {
	case <-got:
		if early := time.Until(due); early > 0 {
			t.Errorf("%s too early", early)
		}
	case <-time.After(patience):
		t.Fatal("nobody came")
	}
}

// More work than workers: the pool comes back for the rest by itself.
func TestAFullPoolComesBack(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "sqlite")
	var runs atomic.Int32
	for i := range 20 {
		add(t, s, fmt.Sprint(i))
	}
	start(t, s, queue.Config{Pools: []queue.Pool{{
		Name: "test", Workers: 3, Poll: time.Hour, Eager: true,
		Handlers: map[parley.WorkKind]queue.Handler{parley.WorkTurn: func(context.Context, parley.Work) error {
			time.Sleep(time.Millisecond)
			runs.Add(1)
			return nil
		}},
	}}}, nil)
	eventually(t, "everything is done", func() bool { return runs.Load() == 20 })
}
