package remote

import (
	"context"
	"errors"
	"time"

	"parley/internal/llm"
)

// Watch ends a call that makes no progress.
type Watch struct {
	ctx    context.Context
	parent context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	limit  time.Duration
}

// Watch starts to wait for the first piece of a reply. Stop must be called.
func (p *Provider) Watch(parent context.Context) *Watch {
	return newWatch(parent, p.firstToken, "The model sent no first word within "+inWords(p.firstToken)+".")
}

func newWatch(parent context.Context, limit time.Duration, message string) *Watch {
	ctx, cancel := context.WithCancelCause(parent)
	w := &Watch{ctx: ctx, parent: parent, cancel: cancel}
	w.expect(limit, &llm.Error{Class: llm.Timeout, Message: message})
	return w
}

// Context is that of the call; it ends when the call has to.
func (w *Watch) Context() context.Context { return w.ctx }

// expect starts a phase: from now on the time between two calls of progress is
// at most limit, else the call ends with cause.
func (w *Watch) expect(limit time.Duration, cause error) {
	if w.timer != nil {
		w.timer.Stop()
	}
	w.limit = limit
	w.timer = time.AfterFunc(limit, func() { w.cancel(cause) })
}

// pause stops the clock until the next progress.
func (w *Watch) pause() { w.timer.Stop() }

// progress says that something came.
func (w *Watch) progress() { w.timer.Reset(w.limit) }

// Stop ends the call and frees what it holds.
func (w *Watch) Stop() {
	w.timer.Stop()
	w.cancel(context.Canceled)
}

// Failure returns why the call was ended from our side, or nil if it was not.
func (w *Watch) Failure() *llm.Error {
	if err := w.parent.Err(); errors.Is(err, context.DeadlineExceeded) {
		return &llm.Error{Class: llm.Timeout, Message: "The time for the reply ran out.", Err: err}
	} else if err != nil {
		return &llm.Error{Class: llm.Canceled, Message: "The call was canceled.", Err: err}
	}
	if e, ok := errors.AsType[*llm.Error](context.Cause(w.ctx)); ok {
		return e
	}
	return nil
}

func inWords(d time.Duration) string { return d.Round(time.Millisecond).String() }
