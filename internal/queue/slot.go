package queue

import (
	"context"
	"time"

	"parley"
)

// Slot is a worker that is taken for a piece of work, be it one that its
// holder is about to add to the store and claim in one transaction.
type Slot struct {
	r    *Runner
	p    *pool
	work context.Context //nolint:containedctx // of the job to come
	used bool
}

// Lease returns for how long work is to be claimed.
func (r *Runner) Lease() time.Duration { return r.cfg.Lease }

// Reserve takes a free worker of the pool that handles kind. It returns nil if
// all are busy or the runner does not run. Claims that are under way do not
// know of it, so that a pool may have a few more at work than it has workers.
// The holder calls Release in the end.
func (r *Runner) Reserve(kind parley.WorkKind) *Slot {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.work == nil {
		return nil
	}
	for _, p := range r.pools {
		if p.Handlers[kind] == nil || int(p.busy.Load()) >= p.Workers {
			continue
		}
		return r.take(r.work, p)
	}
	return nil
}

func (r *Runner) take(work context.Context, p *pool) *Slot {
	p.busy.Add(1)
	r.jobs.Add(1)
	return &Slot{r: r, p: p, work: work}
}

// Run starts the work on the worker. It may be called once.
func (s *Slot) Run(w parley.Work) {
	s.used = true
	j := s.r.start(s.work, w)
	go func() {
		defer s.free()
		s.r.execute(j, s.p.Handlers[w.Kind])
	}()
}

// Release gives the worker back if Run was not called; no slot, nil, needs none.
func (s *Slot) Release() {
	if s != nil && !s.used {
		s.free()
	}
}

func (s *Slot) free() {
	s.p.release()
	s.r.jobs.Done()
}
