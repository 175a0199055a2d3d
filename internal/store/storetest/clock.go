package storetest

import (
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// Clock is a time that tests move.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Move moves the time by d.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Ahead is the real time and as much more as tests want, for what has timers of
// its own.
type Ahead struct {
	mu sync.Mutex
	by time.Duration
}

// Now returns the time.
func (a *Ahead) Now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Now().Add(a.by)
}

// Move moves the time by d.
func (a *Ahead) Move(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.by += d
}

// RunAt is Run with stores that read a clock of their own, which begins at a
// time.
func RunAt(t *testing.T, at time.Time, fn func(t *testing.T, s *store.Store, c *Clock)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			c := &Clock{at: at}
			fn(t, OpenWith(t, engine, store.Options{Now: c.Now}), c)
		})
	}
}

// Claim claims the work of a kind that is due for a key, and leaves all other;
// nil if there is none.
func Claim(t testing.TB, s *store.Store, kind parley.WorkKind, key string, now time.Time) *parley.Work {
	t.Helper()
	work, err := s.ClaimWork(t.Context(), []parley.WorkKind{kind}, 100, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var mine *parley.Work
	for _, w := range work {
		if w.Key == key {
			mine = &w
			continue
		}
		if err := s.DeferWork(t.Context(), w, now, false); err != nil {
			t.Fatal(err)
		}
	}
	return mine
}
