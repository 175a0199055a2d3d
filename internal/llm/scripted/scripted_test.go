package scripted

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/llm"
)

var _ interface {
	llm.Model
	llm.Checker
} = (*Model)(nil)

func ask(ctx context.Context, m *Model) (string, *llm.Response, error) {
	var b strings.Builder
	resp, err := m.Stream(ctx, &llm.Request{Model: "m"}, func(s string) error { b.WriteString(s); return nil })
	return b.String(), resp, err
}

func TestScript(t *testing.T) {
	t.Parallel()
	m := New(Text("good day"), Calls(parley.ToolCall{ID: "1", Name: "f"}))
	m.Add(Fails(llm.Auth, "no"), Reply{Deltas: []string{"half"}, Err: &llm.Error{Class: llm.Truncated}})

	text, resp, err := ask(t.Context(), m)
	if err != nil || text != "good day" || resp.Text != text || resp.FinishReason != "stop" || *resp.Usage.OutputTokens != 2 {
		t.Errorf("text: %q, %+v, %v", text, resp, err)
	}
	if _, resp, err = ask(t.Context(), m); err != nil || resp.FinishReason != "tool_calls" || resp.ToolCalls[0].Name != "f" {
		t.Errorf("calls: %+v, %v", resp, err)
	}
	if _, resp, err = ask(t.Context(), m); llm.ErrorClass(err) != llm.Auth || resp != nil {
		t.Errorf("fails: %+v, %v", resp, err)
	}
	if text, resp, err = ask(t.Context(), m); llm.ErrorClass(err) != llm.Truncated || text != "half" || resp.Text != text {
		t.Errorf("half: %+v, %v", resp, err)
	}
	if err := m.Check(t.Context(), "m"); llm.ErrorClass(err) != llm.BadRequest {
		t.Errorf("after the end: %v", err)
	}
	if len(m.Requests()) != 5 {
		t.Errorf("%d requests", len(m.Requests()))
	}
	if text, _, _ := ask(t.Context(), Func(func(r *llm.Request) Reply { return Text(r.Model) })); text != "m" {
		t.Errorf("func: %q", text)
	}
}

func TestOnTextEndsTheCall(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	resp, err := New(Text("a b")).Stream(t.Context(), &llm.Request{}, func(string) error { return stop })
	if !errors.Is(err, stop) || resp.Text != "a " {
		t.Errorf("%+v, %v", resp, err)
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		m := New(Reply{Deltas: []string{"a", "b", "c"}, FirstDelay: time.Second, Delay: time.Minute})
		if _, _, err := ask(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(start); d != time.Second+2*time.Minute {
			t.Errorf("took %s", d)
		}

		hold := make(chan struct{})
		m.Add(Reply{Deltas: []string{"a", "b"}, Hold: hold}, Reply{Deltas: []string{"a", "b"}, Hold: make(chan struct{})})
		time.AfterFunc(time.Hour, func() { close(hold) })
		start = time.Now()
		if text, _, err := ask(t.Context(), m); err != nil || text != "ab" || time.Since(start) != time.Hour {
			t.Errorf("held: %q, %v after %s", text, err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		text, resp, err := ask(ctx, m)
		if llm.ErrorClass(err) != llm.Timeout || text != "a" || resp.Text != "a" {
			t.Errorf("timed out: %q, %v", text, err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		m.Add(Text("never"))
		if _, _, err := ask(ctx, m); llm.ErrorClass(err) != llm.Canceled || !errors.Is(err, context.Canceled) {
			t.Errorf("canceled: %v", err)
		}
	})
}
