package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"parley"
)

// start registers w as running.
func (r *Runner) start(parent context.Context, w parley.Work) *job {
	ctx, cancel := context.WithCancelCause(parent)
	j := &job{work: w, ctx: ctx, cancel: cancel}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[j] = struct{}{}
	return j
}

// execute runs the handler and tells the store how it went.
func (r *Runner) execute(j *job, handle Handler) {
	w := j.work
	begun := time.Now()
	err := call(j.ctx, handle, w)

	r.mu.Lock()
	delete(r.running, j)
	r.mu.Unlock()
	cause := context.Cause(j.ctx)
	j.cancel(nil)

	outcome := r.settle(j, cause, err)
	r.cfg.Metrics.observe(w.Kind, outcome, time.Since(begun))
}

// call runs handle and turns a panic into an error, so that one bad piece of
// work does not take the others down.
func call(ctx context.Context, handle Handler, w parley.Work) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handle(ctx, w)
}

// settle completes, defers or hands back the work. Its own context outlives a
// stop: the result of finished work must reach the store.
func (r *Runner) settle(j *job, cause, err error) outcome {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(j.ctx), settleTimeout)
	defer cancel()
	w := j.work
	log := r.cfg.Log.With("kind", string(w.Kind), "key", w.Key, "attempt", w.Attempt)

	var out outcome
	var storeErr error
	again, isSnooze := errors.AsType[*snooze](err)
	gaveUp, isCancel := errors.AsType[*canceled](err)
	switch {
	case err == nil:
		out, storeErr = done, r.cfg.Store.CompleteWork(ctx, w)
	case j.lost.Load():
		log.Warn("work was lost to another worker", "error", err)
		return lost
	case isCancel:
		log.Warn("work was given up", "error", gaveUp.cause)
		out, storeErr = gave, r.cfg.Store.CompleteWork(ctx, w)
	case isSnooze:
		due := again.until
		if due.IsZero() {
			due = r.cfg.Now().Add(again.after)
		}
		out, storeErr = deferred, r.cfg.Store.DeferWork(ctx, w, due, again.count)
		if storeErr == nil {
			r.WakeAt(due)
		}
	case errors.Is(cause, ErrStopping):
		log.Info("work was handed back at the stop")
		out, storeErr = deferred, r.cfg.Store.DeferWork(ctx, w, r.cfg.Now(), false)
	default:
		wait := backoff(w.Attempt)
		log.Error("work failed and is tried again", "error", err, "after", wait)
		out, storeErr = failed, r.cfg.Store.DeferWork(ctx, w, r.cfg.Now().Add(wait), true)
	}
	if storeErr != nil {
		log.Error("cannot record how work went; its lease will expire", "error", storeErr)
	}
	return out
}

// settleTimeout bounds the recording of a result.
const settleTimeout = 10 * time.Second

// renew keeps the leases of running work alive until stop is closed. A lease
// that cannot be renewed because it is lost cancels its handler.
func (r *Runner) renew(stop <-chan struct{}) {
	tick := time.NewTicker(r.cfg.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		r.mu.Lock()
		jobs := make([]*job, 0, len(r.running))
		for j := range r.running {
			jobs = append(jobs, j)
		}
		r.mu.Unlock()
		for _, j := range jobs {
			r.extend(j)
		}
	}
}

func (r *Runner) extend(j *job) {
	ctx, cancel := context.WithTimeout(j.ctx, r.cfg.Lease/3)
	defer cancel()
	err := r.cfg.Store.ExtendLease(ctx, j.work, r.cfg.Lease)
	if err == nil || j.ctx.Err() != nil {
		return
	}
	if parley.ErrorCode(err) == parley.CodeConflict {
		j.lost.Store(true)
		j.cancel(ErrLeaseLost)
		return
	}
	r.cfg.Log.Error("cannot renew a lease", "kind", string(j.work.Kind), "key", j.work.Key, "error", err)
}
