// Package scripted is a model for tests that needs no network: it answers from
// a script, deterministically, and keeps what it was asked.
//
// It is no model for production and knows nothing about the questions.
package scripted

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/llm"
)

// Reply is one entry of a script.
type Reply struct {
	Deltas       []string          // the text, piece by piece
	FirstDelay   time.Duration     // before the first piece
	Delay        time.Duration     // before each further piece
	Hold         <-chan struct{}   // after the first piece, wait until it is closed; nil: do not
	ToolCalls    []parley.ToolCall // ID, Name and Arguments
	FinishReason string            // "": stop, or tool_calls
	Usage        *llm.Usage        // nil: none is reported
	Citations    []parley.Passage
	Note         string
	Err          *llm.Error // the call fails with it after the deltas
}

// Text returns a reply in words, one delta per word, that used a token per word.
func Text(s string) Reply {
	deltas := strings.SplitAfter(s, " ")
	return Reply{Deltas: deltas, Usage: Tokens(10, int64(len(deltas)))}
}

// Calls returns a reply that calls tools.
func Calls(calls ...parley.ToolCall) Reply {
	return Reply{ToolCalls: calls, Usage: Tokens(10, 5)}
}

// Fails returns a reply that fails before its first word.
func Fails(class llm.Class, message string) Reply {
	return Reply{Err: &llm.Error{Class: class, Message: message}}
}

// Tokens returns a usage with the two counts.
func Tokens(in, out int64) *llm.Usage {
	return &llm.Usage{InputTokens: &in, OutputTokens: &out}
}

// Model answers from a script. It is safe for concurrent use; the calls take
// the replies in the order in which they arrive.
type Model struct {
	mu       sync.Mutex
	script   []Reply
	answer   func(*llm.Request) Reply
	requests []llm.Request
}

// New returns a model that gives the replies in turn, and fails with
// llm.BadRequest when there are none left.
func New(replies ...Reply) *Model { return &Model{script: replies} }

// Func returns a model that asks f for each reply.
func Func(f func(*llm.Request) Reply) *Model { return &Model{answer: f} }

// Add appends to the script.
func (m *Model) Add(replies ...Reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.script = append(m.script, replies...)
}

// Requests returns what was asked so far.
func (m *Model) Requests() []llm.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]llm.Request(nil), m.requests...)
}

// next records the request and takes a reply.
func (m *Model) next(req *llm.Request) Reply {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests = append(m.requests, *req)
	if m.answer != nil {
		return m.answer(req)
	}
	if len(m.script) == 0 {
		return Fails(llm.BadRequest, "The script has no reply left.")
	}
	r := m.script[0]
	m.script = m.script[1:]
	return r
}

// Stream implements llm.Model.
func (m *Model) Stream(ctx context.Context, req *llm.Request, onText func(string) error) (*llm.Response, error) {
	r := m.next(req)
	resp := &llm.Response{
		Model: req.Model, ToolCalls: r.ToolCalls, FinishReason: r.FinishReason,
		Usage: r.Usage, Citations: r.Citations, Note: r.Note,
	}
	if resp.FinishReason == "" {
		resp.FinishReason = "stop"
		if len(r.ToolCalls) > 0 {
			resp.FinishReason = "tool_calls"
		}
	}
	if err := wait(ctx, r.FirstDelay, nil); err != nil {
		return nil, err
	}
	for i, d := range r.Deltas {
		if i > 0 {
			if err := wait(ctx, r.Delay, nil); err != nil {
				return resp, err
			}
		}
		resp.Text += d
		if err := onText(d); err != nil {
			return resp, err
		}
		if i == 0 && r.Hold != nil {
			if err := wait(ctx, 0, r.Hold); err != nil {
				return resp, err
			}
		}
	}
	if err := wait(ctx, 0, nil); err != nil {
		return resp, err
	}
	if r.Err != nil {
		if resp.Text == "" && resp.Usage == nil {
			return nil, r.Err
		}
		return resp, r.Err
	}
	return resp, nil
}

// Check implements llm.Checker with the next reply of the script.
func (m *Model) Check(ctx context.Context, model string) error {
	_, err := m.Stream(ctx, &llm.Request{Model: model}, func(string) error { return nil })
	return err
}

// wait waits for d or for hold, or fails when ctx ends.
func wait(ctx context.Context, d time.Duration, hold <-chan struct{}) error {
	var timer <-chan time.Time
	switch {
	case d > 0:
		t := time.NewTimer(d)
		defer t.Stop()
		timer = t.C
	case hold == nil:
		if ctx.Err() == nil {
			return nil
		}
	}
	select {
	case <-timer:
		return nil
	case <-hold:
		return nil
	case <-ctx.Done():
		class := llm.Canceled
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			class = llm.Timeout
		}
		return &llm.Error{Class: class, Message: "The call was canceled.", Err: ctx.Err()}
	}
}
