package store

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// Transactions that somebody waits for run before patient ones that came first,
// and share their commit with few of these.
func TestPatientTransactionsGiveWay(t *testing.T) {
	t.Parallel()
	const patient, urgent = 20, 64
	s := openOn(t, nil, "FULL")
	ctx := context.Background()
	release := hold(s)
	var wg sync.WaitGroup
	type run struct {
		urgent bool
		commit int64 // which it shared
	}
	var order []run // only the writer's goroutine adds to it
	add := func(ctx context.Context, n int, isUrgent bool, first int) {
		for i := range n {
			wg.Go(func() {
				err := s.write(ctx, func(t *tx) error {
					order = append(order, run{isUrgent, s.writer.commits.Load()})
					if !isUrgent {
						time.Sleep(2 * patientTime)
					}
					return insertNote(ctx, t, first+i)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	add(Patient(ctx), patient, false, 0)
	queued(s, patient)
	add(ctx, urgent, true, 1000)
	queued(s, patient+urgent)
	release()
	wg.Wait()
	if len(order) != patient+urgent {
		t.Fatalf("%d of %d ran", len(order), patient+urgent)
	}
	if i := slices.IndexFunc(order, func(r run) bool { return !r.urgent }); i < urgent {
		t.Errorf("a patient transaction ran after %d of %d others", i, urgent)
	}
	shared := 0
	for _, r := range order[urgent:] {
		if r.commit == order[0].commit {
			shared++
		}
	}
	if shared != 1 {
		t.Errorf("%d patient transactions shared the commit of the others, want 1", shared)
	}
}

// hold makes the writer stand still until release is called.
func hold(s *Store) (release func()) {
	held, released := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.writer.pause(func() error {
			close(held)
			<-released
			return nil
		})
	}()
	<-held
	return func() { close(released) }
}

// queued waits until so many transactions wait for the writer.
func queued(s *Store, want int) {
	for n := 0; n < want; {
		runtime.Gosched()
		s.writer.mu.Lock()
		n = len(s.writer.waiting) + len(s.writer.patient)
		s.writer.mu.Unlock()
	}
}

// A stream of transactions that never ends, of more callers than fit into a
// commit, keeps no patient one waiting.
func TestPatientTransactionsAreNotStarved(t *testing.T) {
	t.Parallel()
	const callers = maxGroup + 50
	s := openOn(t, nil, "FULL")
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	release := hold(s)
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				_ = s.write(ctx, func(t *tx) error { return insertNote(ctx, t, caller*1_000_000+i) })
			}
		})
	}
	queued(s, callers)
	var first, last int64 // the commits that the patient ones shared
	wg.Go(func() {
		defer stop()
		const many = 50
		for i := range many {
			err := s.write(Patient(t.Context()), func(tx *tx) error {
				if last = s.writer.commits.Load(); i == 0 {
					first = last
				}
				return insertNote(ctx, tx, -1-i)
			})
			if err != nil {
				t.Error(err)
			}
		}
		// Each may miss the commit that runs while it comes.
		if got := last - first; got > 2*many {
			t.Errorf("%d patient transactions took %d commits", many, got)
		}
	})
	queued(s, callers+1)
	release()
	wg.Wait()
}
