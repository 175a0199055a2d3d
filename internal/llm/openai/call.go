package openai

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"parley/internal/llm"
)

// call sends one request and reads its stream. A rejected request comes back as
// a *rejection, every other failure but onText's as an *llm.Error.
func (m *Model) call(
	ctx context.Context, req *llm.Request, q quirks, onText func(string) error,
) (*llm.Response, error) {
	endpoint, err := m.endpoint()
	if err != nil {
		return nil, err
	}
	wire, sent := build(req, q)
	body, err := json.Marshal(wire)
	if err != nil {
		return nil, &llm.Error{Class: llm.BadRequest,
			Message: "The request could not be written: a tool or a schema is not valid JSON.", Err: err}
	}
	w := newWatch(ctx, m.firstToken)
	defer w.stop()
	hr, err := http.NewRequestWithContext(w.ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, m.badAddress(err)
	}
	hr.Header.Set("Content-Type", "application/json")
	hr.Header.Set("Accept", "text/event-stream")
	if m.key != "" {
		hr.Header.Set("Authorization", "Bearer "+m.key)
	}
	res, err := m.client.Do(hr)
	if err != nil {
		return nil, m.noConnection(w, err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, m.refusal(w, res, req.Model, sent)
	}
	in := bufio.NewReaderSize(io.LimitReader(res.Body, maxStream+1), 16<<10)
	if err := m.expectStream(w, in, req.Model); err != nil {
		return nil, err
	}
	return m.read(w, in, req, onText)
}

// watch ends a call that makes no progress.
type watch struct {
	ctx    context.Context
	parent context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	limit  time.Duration
}

// newWatch starts to wait for the first piece of a reply.
func newWatch(parent context.Context, firstToken time.Duration) *watch {
	ctx, cancel := context.WithCancelCause(parent)
	w := &watch{ctx: ctx, parent: parent, cancel: cancel}
	w.expect(firstToken, &llm.Error{Class: llm.Timeout,
		Message: "The model sent no first word within " + inWords(firstToken) + "."})
	return w
}

// expect starts a phase: from now on the time between two calls of progress is
// at most limit, else the call ends with cause.
func (w *watch) expect(limit time.Duration, cause error) {
	if w.timer != nil {
		w.timer.Stop()
	}
	w.limit = limit
	w.timer = time.AfterFunc(limit, func() { w.cancel(cause) })
}

// pause stops the clock until the next progress.
func (w *watch) pause() { w.timer.Stop() }

// progress says that something came.
func (w *watch) progress() { w.timer.Reset(w.limit) }

// stop ends the phase and frees what the call holds.
func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(context.Canceled)
}

// failure returns why the call was ended from our side, or nil if it was not.
func (w *watch) failure() *llm.Error {
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
