package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

var turns = []parley.WorkKind{parley.WorkTurn}

// onClock runs fn on each database with a clock of its own.
func onClock(t *testing.T, fn func(t *testing.T, s *store.Store, c *storetest.Clock)) {
	t.Helper()
	storetest.RunAt(t, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), fn)
}

func claim(t testing.TB, s *store.Store, n int, lease time.Duration) []parley.Work {
	t.Helper()
	all, err := s.ClaimWork(t.Context(), turns, n, lease)
	must(t, err)
	return all
}

func TestWorkIsClaimedInOrderAndOnce(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := t.Context()
		for i, seconds := range []int{3, 1, 2, -1} {
			must(t, s.AddWork(ctx, parley.Work{
				Kind: parley.WorkTurn, Key: fmt.Sprint(i), WorkspaceID: "w", Due: c.Now().Add(time.Duration(seconds-60) * time.Second),
			}))
		}
		must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: "later", Due: c.Now().Add(time.Hour)}))
		must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkIdle, Key: "other"}))
		first, second := claim(t, s, 3, time.Minute), claim(t, s, 3, time.Minute)
		var keys []string
		for _, w := range append(first, second...) {
			keys = append(keys, w.Key)
			if w.WorkspaceID != "w" || w.Attempt != 1 || w.Generation != 1 || w.Token == "" || w.LeaseUntil.Before(time.Now()) {
				t.Errorf("claimed %+v", w)
			}
		}
		if !slices.Equal(keys, []string{"3", "1", "2", "0"}) {
			t.Errorf("claimed %q", keys)
		}
		stats, err := s.WorkStats(ctx)
		want := []store.KindStats{
			{Kind: parley.WorkIdle, Due: 1, Oldest: c.Now()},
			{Kind: parley.WorkTurn, Due: 4, Claimed: 4, Later: 1, Oldest: c.Now().Add(-time.Minute - time.Second)},
		}
		if err != nil || !slices.Equal(stats, want) {
			t.Errorf("got %+v, %v; want %+v", stats, err, want)
		}
	})
}

func TestMergedWorkIsDoneAgain(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := t.Context()
		add := func(due time.Duration) {
			must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: "k", Due: c.Now().Add(due)}))
		}
		// Within the delay of the first, more does not put it off.
		add(5 * time.Second)
		c.Move(4 * time.Second)
		add(5 * time.Second)
		c.Move(time.Second)
		work := claim(t, s, 9, time.Minute)
		if len(work) != 1 || work[0].Generation != 2 {
			t.Fatalf("claimed %+v, want one of generation 2", work)
		}
		// Merged while claimed: due when it should be, but not before the claim ends.
		add(2 * time.Second)
		c.Move(3 * time.Second)
		if again := claim(t, s, 9, time.Minute); len(again) != 0 {
			t.Fatalf("claimed twice: %+v", again)
		}
		must(t, s.CompleteWork(ctx, work[0]))
		if err := s.CompleteWork(ctx, work[0]); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("completed twice: %v", err)
		}
		work = claim(t, s, 9, time.Minute)
		if len(work) != 1 || work[0].Generation != 3 || work[0].Attempt != 1 {
			t.Fatalf("claimed %+v, want one of generation 3, attempt 1", work)
		}
		must(t, s.CompleteWork(ctx, work[0]))
		c.Move(time.Hour)
		if work = claim(t, s, 9, time.Minute); len(work) != 0 {
			t.Errorf("what is done came back: %+v", work)
		}
	})
}

func TestDeferredWork(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := t.Context()
		must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: "k"}))
		for i, step := range []struct{ count, merge bool }{{true, false}, {false, false}, {true, true}} {
			work := claim(t, s, 1, time.Minute)
			if len(work) != 1 {
				t.Fatalf("step %d: claimed %+v", i, work)
			}
			if want := []int{1, 2, 2}[i]; work[0].Attempt != want {
				t.Errorf("step %d: attempt %d, want %d", i, work[0].Attempt, want)
			}
			if step.merge { // what came meanwhile does not wait for the back-off
				must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: "k", Due: c.Now().Add(time.Second)}))
			}
			must(t, s.DeferWork(ctx, work[0], c.Now().Add(time.Minute), step.count))
			c.Move(30 * time.Second)
			if early := claim(t, s, 1, time.Minute); len(early) == 1 != step.merge {
				t.Errorf("step %d: half a minute later claimed %+v", i, early)
			}
			c.Move(30 * time.Second)
		}
	})
}

func TestAnExpiredLeaseIsVoid(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx := t.Context()
		must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: "k"}))
		lost := claim(t, s, 1, time.Millisecond)[0]
		c.Move(time.Second)
		var taken parley.Work
		for deadline := time.Now().Add(time.Minute); taken.Key == ""; time.Sleep(5 * time.Millisecond) {
			if all := claim(t, s, 1, time.Minute); len(all) == 1 {
				taken = all[0]
			} else if time.Now().After(deadline) {
				t.Fatal("an expired lease was not given to another worker")
			}
		}
		if taken.Attempt != 2 || taken.Token == lost.Token {
			t.Errorf("taken as %+v", taken)
		}
		for name, err := range map[string]error{
			"complete": s.CompleteWork(ctx, lost),
			"defer":    s.DeferWork(ctx, lost, c.Now(), true),
			"extend":   s.ExtendLease(ctx, lost, time.Minute),
		} {
			if !errors.Is(err, store.ErrLeaseLost) || parley.ErrorCode(err) != parley.CodeConflict {
				t.Errorf("%s with a lost lease: %v", name, err)
			}
		}
		// The clock of a worker that runs ahead does not end another's lease.
		c.Move(time.Hour)
		if all := claim(t, s, 1, time.Minute); len(all) != 0 {
			t.Errorf("the lease ended by the application's clock: %+v", all)
		}
		must(t, s.ExtendLease(ctx, taken, time.Hour))
		must(t, s.CompleteWork(ctx, taken))
	})
}

// Many workers on few keys: never two at one key, and whatever was added is
// done by a run that began after it was added.
func TestOneWorkerAtAKeyAndNothingForgotten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		const keys, adders, adds, workers = 5, 4, 60, 8
		var added, done [keys]atomic.Int64
		var busy [keys]atomic.Bool
		var adding, working sync.WaitGroup
		stop := make(chan struct{})
		for a := range adders {
			adding.Go(func() {
				for i := range adds {
					k := (a + i) % keys
					added[k].Add(1)
					if err := s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: fmt.Sprint(k)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		work := func(w parley.Work) {
			var k int
			_, _ = fmt.Sscan(w.Key, &k) // its own key
			if !busy[k].CompareAndSwap(false, true) {
				t.Errorf("two workers at key %d", k)
			}
			done[k].Store(added[k].Load()) // this run sees all that was added by now
			time.Sleep(time.Millisecond)
			busy[k].Store(false)
			if err := s.CompleteWork(ctx, w); err != nil {
				t.Error(err)
			}
		}
		for range workers {
			working.Go(func() {
				for {
					all, err := s.ClaimWork(ctx, turns, 2, time.Minute)
					if err != nil {
						t.Error(err)
						return
					}
					for _, w := range all {
						work(w)
					}
					select {
					case <-stop:
						if len(all) == 0 {
							return
						}
					default:
					}
				}
			})
		}
		adding.Wait()
		close(stop)
		working.Wait()
		for k := range keys {
			if d, a := done[k].Load(), added[k].Load(); d != a {
				t.Errorf("key %d: the last run saw %d of %d", k, d, a)
			}
		}
	})
}

// modelWork is what the queue should hold for one key.
type modelWork struct {
	there      bool
	due        time.Time
	generation int64
	attempt    int
	claimed    bool
	token      parley.Work
	merged     bool // since it was claimed
}

// Any sequence of additions, claims, completions and deferrals leaves what a
// simple model says.
func TestQueueModel(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := &queueModel{t: t, s: s, c: c, work: map[string]*modelWork{}, run: run}
			rt.Repeat(map[string]func(*rapid.T){
				"add": m.add, "claim": m.claim, "complete": m.complete, "defer": m.put, "wait": m.wait, "": func(*rapid.T) {},
			})
			m.clear()
		})
	})
}

type queueModel struct {
	t    *testing.T
	s    *store.Store
	c    *storetest.Clock
	work map[string]*modelWork
	run  int
}

func (m *queueModel) key(rt *rapid.T) string {
	return fmt.Sprintf("%d/%d", m.run, rapid.IntRange(0, 2).Draw(rt, "key"))
}

func (m *queueModel) add(rt *rapid.T) {
	key := m.key(rt)
	due := m.c.Now().Add(time.Duration(rapid.IntRange(-5, 10).Draw(rt, "due")) * time.Second)
	must(m.t, m.s.AddWork(m.t.Context(), parley.Work{Kind: parley.WorkTurn, Key: key, Due: due}))
	w := m.work[key]
	if w == nil || !w.there {
		m.work[key] = &modelWork{there: true, due: due, generation: 1}
		return
	}
	w.generation++
	if w.claimed && !w.merged || due.Before(w.due) {
		w.due = due
	}
	w.merged = w.claimed
}

func (m *queueModel) claim(rt *rapid.T) {
	got := claim(m.t, m.s, 100, time.Hour)
	n := 0
	for _, w := range m.work {
		if w.there && !w.claimed && !w.due.After(m.c.Now()) {
			n++
		}
	}
	if len(got) != n {
		rt.Fatalf("claimed %+v, want %d", got, n)
	}
	for _, g := range got {
		w := m.work[g.Key]
		w.claimed, w.token, w.merged, w.attempt = true, g, false, w.attempt+1
		if g.Generation != w.generation || g.Attempt != w.attempt {
			rt.Fatalf("claimed %+v, want generation %d, attempt %d", g, w.generation, w.attempt)
		}
	}
}

func (m *queueModel) complete(rt *rapid.T) {
	w := m.work[m.key(rt)]
	if w == nil || w.token.Token == "" {
		return
	}
	err := m.s.CompleteWork(m.t.Context(), w.token)
	if !w.claimed {
		if !errors.Is(err, store.ErrLeaseLost) {
			rt.Fatalf("completed without a lease: %v", err)
		}
		return
	}
	must(m.t, err)
	w.claimed, w.attempt, w.there = false, 0, w.merged
}

func (m *queueModel) put(rt *rapid.T) {
	w := m.work[m.key(rt)]
	if w == nil || !w.claimed {
		return
	}
	count := rapid.Bool().Draw(rt, "count")
	due := m.c.Now().Add(time.Duration(rapid.IntRange(0, 10).Draw(rt, "later")) * time.Second)
	must(m.t, m.s.DeferWork(m.t.Context(), w.token, due, count))
	if !w.merged || due.Before(w.due) {
		w.due = due
	}
	if w.claimed = false; !count {
		w.attempt--
	}
}

func (m *queueModel) wait(rt *rapid.T) {
	m.c.Move(time.Duration(rapid.IntRange(1, 8).Draw(rt, "seconds")) * time.Second)
}

// clear finishes everything for the next run on the same store.
func (m *queueModel) clear() {
	m.c.Move(24 * time.Hour)
	for _, w := range m.work {
		if w.claimed {
			must(m.t, m.s.DeferWork(m.t.Context(), w.token, m.c.Now(), true))
		}
	}
	for _, g := range claim(m.t, m.s, 100, time.Hour) {
		must(m.t, m.s.CompleteWork(m.t.Context(), g))
	}
}
