package watch_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/llm"
	"parley/internal/store"
	"parley/internal/watch"
)

// board is a store that counts what is written.
type board struct {
	mu     sync.Mutex
	alerts map[string]string // messages by workspace and code or provider
	writes int
	stats  []store.KindStats
}

func (b *board) RaiseAlert(_ context.Context, ws, subject, _, message string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.writes++
	b.alerts[ws+" "+subject] = message
	return nil
}

func (b *board) ClearAlerts(_ context.Context, ws, subject string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.writes++
	delete(b.alerts, ws+" "+subject)
	return nil
}

func (b *board) Workspaces(context.Context) ([]parley.Workspace, error) {
	return []parley.Workspace{{ID: "one"}, {ID: "two"}}, nil
}

func (b *board) WorkStats(context.Context) ([]store.KindStats, error) { return b.stats, nil }

// answers is a model that says what it is told to.
type answers struct{ err error }

func (a *answers) Stream(context.Context, *llm.Request, func(string) error) (*llm.Response, error) {
	return &llm.Response{}, a.err
}

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func TestProvider(t *testing.T) {
	t.Parallel()
	b := &board{alerts: map[string]string{"one p": "from before the start"}}
	w := watch.New(watch.Config{Store: b, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	a := &answers{}
	m := w.Model(a, &parley.Provider{WorkspaceID: "one", ID: "p", Name: "OpenAI"})
	call := func(n int, err error) {
		a.err = err
		for range n {
			_, _ = m.Stream(t.Context(), &llm.Request{}, nil)
		}
	}
	expect := func(when string, alerts, writes int) {
		t.Helper()
		if len(b.alerts) != alerts || b.writes != writes {
			t.Errorf("%s: %v after %d writes", when, b.alerts, b.writes)
		}
	}
	down := &llm.Error{Class: llm.Unreachable, Message: "Nobody answers at its address."}
	call(100, nil)
	expect("all is well", 0, 1)
	call(4, down)
	call(1, nil)
	call(4, down)
	expect("now and then", 0, 1)
	call(50, &llm.Error{Class: llm.Canceled})
	call(50, errors.New("the reader has gone"))
	expect("what says nothing", 0, 1)
	call(20, down)
	expect("in a row", 1, 2)
	if !strings.Contains(b.alerts["one p"], "OpenAI: 5 calls") || !strings.Contains(b.alerts["one p"], down.Message) {
		t.Errorf("it says %q", b.alerts["one p"])
	}
	call(10, nil)
	expect("over", 0, 3)
}

func TestDiskAndQueue(t *testing.T) {
	t.Parallel()
	b := &board{alerts: map[string]string{}}
	free, known := uint64(5<<30), true
	w := watch.New(watch.Config{
		Store: b, Free: func() (uint64, bool) { return free, known }, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	sweep := func(when string, alerts, writes int) {
		t.Helper()
		if err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(b.alerts) != alerts || b.writes != writes {
			t.Errorf("%s: %v after %d writes", when, b.alerts, b.writes)
		}
	}
	sweep("the first one removes what is left from before", 0, 4)
	sweep("all is well", 0, 4)
	free = 1 << 29
	sweep("full for a moment", 0, 4)
	sweep("full", 2, 6)
	sweep("still full", 2, 6)
	free = 5 << 28
	sweep("a little more", 2, 6)
	known = false
	sweep("nobody knows", 2, 6)
	known, free = true, 2<<30
	sweep("room", 0, 8)
	b.stats = []store.KindStats{
		{Kind: parley.WorkExport, Oldest: now.Add(-time.Hour)}, {Kind: parley.WorkTurn, Oldest: now.Add(-6 * time.Minute)},
	}
	sweep("late for a moment", 0, 8)
	sweep("late", 2, 10)
	b.stats[1].Oldest = now.Add(-2 * time.Minute)
	sweep("a little late", 2, 10)
	b.stats = b.stats[:1]
	sweep("in time; an export may last", 0, 12)
}
