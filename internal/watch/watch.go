// Package watch tells operators of what breaks by and by and that nobody sees in
// a conversation: a provider of models that fails, a disk that fills up, a queue
// that falls behind. It says so once, and takes it back when it is over.
//
// Watching must cost nothing while all is well: it writes only when something
// changes, and once after a start.
package watch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley"
	"parley/internal/store"
)

// The codes of alerts.
const (
	AlertProvider = "provider_failing" // about the provider
	AlertDisk     = "disk_full"
	AlertQueue    = "queue_behind"
)

// Store raises and removes alerts, and says how the queue is.
type Store interface {
	RaiseAlert(ctx context.Context, ws, subject, code, message string) error
	ClearAlerts(ctx context.Context, ws, subject string) error
	Workspaces(ctx context.Context) ([]parley.Workspace, error)
	WorkStats(ctx context.Context) ([]store.KindStats, error)
}

// Config is what a Watch needs.
type Config struct {
	Store Store
	Free  func() (uint64, bool) // bytes left on the disk; false: not known
	Now   func() time.Time
	Log   *slog.Logger
}

// Watch watches. It is safe for concurrent use.
type Watch struct {
	Config
	mu          sync.Mutex
	providers   map[provider]*state
	disk, queue state // of who sweeps
}

// New returns a watch.
func New(c Config) *Watch { return &Watch{Config: c, providers: map[provider]*state{}} }

// state is what was seen of a thing.
type state struct {
	bad   int  // times in a row
	told  bool // there is an alert
	known bool // whether there is one: not after a start
}

// SweepEvery is how often disk and queue are looked at.
const SweepEvery = time.Minute

// When there is an alert, and when it is over: what is between changes nothing.
const (
	diskLow   = 1 << 30
	diskFine  = 3 << 29
	queueLate = 5 * time.Minute
	queueFine = time.Minute
	sweepsBad = 2 // in a row, before it is told
)

// Sweep looks at the disk and at the queue.
func (w *Watch) Sweep(ctx context.Context) error {
	if free, known := w.Free(); known {
		err := w.see(ctx, &w.disk, AlertDisk, free < diskLow, free >= diskFine,
			"The disk of the server is nearly full. Make room, or it accepts no messages any more.")
		if err != nil {
			return err
		}
	}
	late, err := w.late(ctx)
	if err != nil {
		return err
	}
	return w.see(ctx, &w.queue, AlertQueue, late > queueLate, late < queueFine,
		"Replies and messages wait for minutes before their turn. Look whether the models answer slowly, and whether the server has enough to run on.")
}

// late is how long the oldest work has waited that people wait for.
func (w *Watch) late(ctx context.Context) (longest time.Duration, _ error) {
	stats, err := w.Store.WorkStats(ctx)
	if err != nil {
		return 0, err
	}
	for _, k := range stats {
		switch k.Kind {
		case parley.WorkTurn, parley.WorkDeliver, parley.WorkMedia, parley.WorkWebhooks:
			if !k.Oldest.IsZero() {
				longest = max(longest, w.Now().Sub(k.Oldest))
			}
		}
	}
	return longest, nil
}

// see tells all workspaces of a change of what concerns them all.
func (w *Watch) see(ctx context.Context, s *state, code string, bad, fine bool, message string) error {
	switch {
	case bad:
		s.bad++
		if s.told || s.bad < sweepsBad {
			return nil
		}
	case fine:
		s.bad = 0
		if s.known && !s.told {
			return nil
		}
	default:
		return nil
	}
	all, err := w.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		if bad {
			err = w.Store.RaiseAlert(ctx, all[i].ID, code, code, message)
		} else {
			err = w.Store.ClearAlerts(ctx, all[i].ID, code)
		}
		if err != nil {
			return err
		}
	}
	s.told, s.known = bad, true
	return nil
}
