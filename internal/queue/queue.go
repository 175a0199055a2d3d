// Package queue runs due work: it claims what the store says is due, keeps the
// leases alive while handlers work, and puts off what failed.
//
// It knows nothing of what the work is about. It must never decide that work
// is done without its handler, and never run two handlers for one kind and key.
package queue

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"parley"
)

// Store is what the runner needs of the database. ClaimWork gives a piece of
// work to one caller at a time and sets its lease by the database's clock.
type Store interface {
	ClaimWork(ctx context.Context, kinds []parley.WorkKind, n int, lease time.Duration) ([]parley.Work, error)
	CompleteWork(ctx context.Context, w parley.Work) error
	DeferWork(ctx context.Context, w parley.Work, due time.Time, countAttempt bool) error
	ExtendLease(ctx context.Context, w parley.Work, lease time.Duration) error
}

// Handler does one piece of work. nil means done; SnoozeUntil, RetryAfter and
// Cancel say more; any other error puts the work off with a growing delay.
type Handler func(ctx context.Context, w parley.Work) error

// Pool is a set of kinds that share their workers.
type Pool struct {
	Name     string
	Workers  int // pieces of work at a time
	Handlers map[parley.WorkKind]Handler
	// Poll is how often to look without having been woken.
	Poll time.Duration
	// Eager pools look as soon as Wake is called; the others only poll.
	Eager bool
}

// Config says what to run and how.
type Config struct {
	Store   Store
	Pools   []Pool
	Lease   time.Duration // 0: 60 s; renewed at a third of it
	Grace   time.Duration // how long running work may go on after a stop; 0: 20 s
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *Metrics // nil: none
}

// Runner runs work until its context ends.
type Runner struct {
	cfg   Config
	pools []*pool

	jobs sync.WaitGroup // what runs, and slots

	mu      sync.Mutex
	running map[*job]struct{}
	work    context.Context //nolint:containedctx // of the jobs; nil while no more may begin
}

// pool is a Pool at work.
type pool struct {
	Pool
	kinds []parley.WorkKind
	wake  chan struct{} // holds one value when there may be work
	busy  atomic.Int64  // pieces of work in progress
}

// New returns a runner for cfg.
func New(cfg Config) *Runner {
	if cfg.Lease == 0 {
		cfg.Lease = time.Minute
	}
	if cfg.Grace == 0 {
		cfg.Grace = 20 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	r := &Runner{cfg: cfg, running: map[*job]struct{}{}}
	for _, p := range cfg.Pools {
		q := &pool{Pool: p, wake: make(chan struct{}, 1)}
		for kind := range p.Handlers {
			q.kinds = append(q.kinds, kind)
		}
		r.pools = append(r.pools, q)
	}
	return r
}

// Wake makes the eager pools look for work at once. It never waits.
func (r *Runner) Wake() {
	for _, p := range r.pools {
		if p.Eager {
			p.signal()
		}
	}
}

// WakeAt calls Wake when t has come, so that work due in a moment does not
// wait for the next poll.
func (r *Runner) WakeAt(t time.Time) {
	d := t.Sub(r.cfg.Now())
	if d <= 0 {
		r.Wake()
		return
	}
	time.AfterFunc(d+time.Millisecond, r.Wake)
}

// Run claims and runs work until ctx ends. Then it claims no more, lets what
// runs finish within the grace time, cancels and hands back the rest, and
// returns when nothing of it runs any more.
func (r *Runner) Run(ctx context.Context) {
	work, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	r.mu.Lock()
	r.work = work
	r.mu.Unlock()

	var loops sync.WaitGroup
	for _, p := range r.pools {
		loops.Go(func() { r.loop(ctx, work, p) })
	}
	renewed := make(chan struct{})
	stopRenewing := make(chan struct{})
	go func() {
		defer close(renewed)
		r.renew(stopRenewing)
	}()

	loops.Wait()
	r.mu.Lock()
	r.work = nil
	r.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.jobs.Wait()
	}()
	grace := time.NewTimer(r.cfg.Grace)
	defer grace.Stop()
	select {
	case <-done:
	case <-grace.C:
		cancel(ErrStopping)
		<-done
	}
	close(stopRenewing)
	<-renewed
}

// loop claims work for one pool until ctx ends.
func (r *Runner) loop(ctx, work context.Context, p *pool) {
	poll := time.NewTicker(p.Poll)
	defer poll.Stop()
	failures := 0
	for {
		more, err := r.claim(ctx, work, p)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failures++
			r.cfg.Log.Error("cannot claim work", "pool", p.Name, "error", err)
			pause(ctx, backoff(failures))
			continue
		}
		failures = 0
		if more {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-poll.C:
		}
	}
}

// claim fills the pool's free slots. It reports whether there may be more work
// to claim right now.
func (r *Runner) claim(ctx, work context.Context, p *pool) (more bool, err error) {
	free := p.Workers - int(p.busy.Load())
	if free <= 0 {
		return false, nil // a job that ends signals the pool
	}
	found, err := r.cfg.Store.ClaimWork(ctx, p.kinds, min(free, maxClaim), r.cfg.Lease)
	if err != nil {
		return false, err
	}
	for _, w := range found {
		r.take(work, p).Run(w)
	}
	return len(found) == min(free, maxClaim), nil
}

// maxClaim bounds the rows that one claim locks.
const maxClaim = 64

func (p *pool) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// release frees a worker. The pool looks again when all of them were busy: it
// may have left work behind for lack of one.
func (p *pool) release() {
	if p.busy.Add(-1) == int64(p.Workers)-1 {
		p.signal()
	}
}

// backoff returns the delay before attempt n+1: a second doubled per attempt,
// at most five minutes, less up to a fifth at random.
func backoff(attempt int) time.Duration {
	d := min(time.Second<<min(max(attempt-1, 0), 9), 5*time.Minute)
	return d - time.Duration(rand.Int64N(int64(d)/5+1))
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// job is one piece of work in progress.
type job struct {
	work   parley.Work
	ctx    context.Context
	cancel context.CancelCauseFunc
	lost   atomic.Bool
}
