package openai

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

func TestStream(t *testing.T) {
	t.Parallel()
	m, s := script(t, llmtest.Text("Good morning to you."))
	zero := 0.0
	req := hello()
	req.System, req.Temperature, req.MaxTokens = "Be kind.", &zero, 99
	text, resp, err := llmtest.Ask(t.Context(), m, req)
	if err != nil {
		t.Fatal(err)
	}
	if text != "Good morning to you." || resp.Text != text || resp.FinishReason != "stop" || resp.Model != "gpt-test" {
		t.Errorf("text %q, response %+v", text, resp)
	}
	if *resp.Usage.InputTokens != 10 || *resp.Usage.OutputTokens != 4 || resp.Usage.CachedTokens != nil {
		t.Errorf("usage %+v", resp.Usage)
	}
	got := s.Requests()[0]
	if got.Path != "/v1/chat/completions" || got.Header.Get("Authorization") != "Bearer "+testKey {
		t.Errorf("path %q, authorization %q", got.Path, got.Header.Get("Authorization"))
	}
	if !got.Stream || string(got.StreamOptions) != `{"include_usage":true}` || *got.Temperature != 0 || got.MaxTokens != 99 {
		t.Errorf("request %s", got.Body)
	}
	if len(got.Messages) != 2 || got.Messages[0].Role != "system" || got.LastUser() != "Hello?" {
		t.Errorf("messages %+v", got.Messages)
	}
}

func TestToolCalls(t *testing.T) {
	t.Parallel()
	reply := llmtest.Calls(
		llmtest.Call{ID: "a", Name: "weather", Arguments: `{"city":"Ulm","days":3}`},
		llmtest.Call{ID: "b", Name: "time", Arguments: ``},
		llmtest.Call{ID: "c", Name: "broken", Arguments: `{"city":`},
	)
	reply.Deltas = []string{"One moment."}
	m, _ := script(t, reply)
	text, resp, err := llmtest.Ask(t.Context(), m, hello())
	if err != nil {
		t.Fatal(err)
	}
	if text != "One moment." || resp.FinishReason != "tool_calls" || len(resp.ToolCalls) != 3 {
		t.Fatalf("text %q, response %+v", text, resp)
	}
	for i, want := range []string{`{"city":"Ulm","days":3}`, `{}`, `"{\"city\":"`} {
		if got := string(resp.ToolCalls[i].Arguments); got != want {
			t.Errorf("arguments %d: %s, want %s", i, got, want)
		}
	}
}

// The servers disagree about how a call is cut into deltas.
func TestToolCallVariants(t *testing.T) {
	t.Parallel()
	chunk := func(calls string) string { return `data: {"choices":[{"delta":{"tool_calls":[` + calls + `]}}]}` }
	for name, c := range map[string]struct {
		raw  []string
		want string // id name arguments
	}{
		"no index, whole calls": {[]string{
			chunk(`{"id":"a","function":{"name":"f","arguments":"{\"n\":1}"}}`),
			chunk(`{"id":"b","function":{"name":"g","arguments":"{}"}}`),
		}, `a f {"n":1}|b g {}`},
		"always index 0": {[]string{
			chunk(`{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}`),
			chunk(`{"index":0,"id":"b","function":{"name":"f","arguments":"{\"x\":2}"}}`),
		}, `a f {}|b f {"x":2}`},
		"name and id repeated": {[]string{
			chunk(`{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}`),
			chunk(`{"index":0,"id":"a","function":{"name":"f","arguments":":1}"}}`),
		}, `a f {"x":1}`},
		"arguments as an object": {[]string{
			chunk(`{"index":0,"id":"a","function":{"name":"f","arguments":{"x":1}}}`),
		}, `a f {"x":1}`},
		"arguments in a string twice": {[]string{
			chunk(`{"index":0,"id":"a","function":{"name":"f","arguments":"\"{\\\"x\\\":1}\""}}`),
		}, `a f {"x":1}`},
		"no id": {[]string{
			chunk(`{"index":0,"function":{"name":"f","arguments":"{}"}}`),
		}, `new f {}`},
		"a list is no object": {[]string{
			chunk(`{"index":0,"id":"a","function":{"name":"f","arguments":"[1]"}}`),
		}, `a f "[1]"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, _ := script(t, llmtest.Reply{Raw: c.raw, Finish: "tool_calls"})
			m.newCallID = func() string { return "new" }
			_, resp, err := llmtest.Ask(t.Context(), m, hello())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, call := range resp.ToolCalls {
				got = append(got, call.ID+" "+call.Name+" "+string(call.Arguments))
			}
			if strings.Join(got, "|") != c.want {
				t.Errorf("got %q, want %q", strings.Join(got, "|"), c.want)
			}
		})
	}
}

func TestHistoryAndImages(t *testing.T) {
	t.Parallel()
	m, s := script(t)
	req := hello()
	req.Tools = []llm.Tool{{Name: "weather", Description: "Says it.", Parameters: json.RawMessage(`{"type":"object"}`)}, {Name: "bare"}}
	req.Messages = []llm.Message{
		{Role: parley.ByUser, Text: "Look", Images: []llm.Image{{MIMEType: "image/png", Data: []byte("png")}}},
		{Role: parley.ByAssistant, ToolCalls: []parley.ToolCall{
			{ID: "a", Name: "weather", Arguments: json.RawMessage(`{"city":"Ulm"}`)},
			{ID: "b", Name: "weather", Arguments: json.RawMessage(`"{\"city\":"`)},
		}},
		{Role: parley.ByTool, ToolCallID: "a", Text: ""},
		{Role: parley.ByAssistant}, // says nothing: left out
		{Role: parley.ByOperator, Text: "It rains."},
		{Role: parley.BySystem, Text: "Note."},
	}
	if _, _, err := llmtest.Ask(t.Context(), m, req); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Messages []json.RawMessage `json:"messages"`
		Tools    []json.RawMessage `json:"tools"`
	}
	if err := json.Unmarshal(s.Requests()[0].Body, &got); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,cG5n"}}]}`,
		`{"role":"assistant","content":null,"tool_calls":[` +
			`{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Ulm\"}"}},` +
			`{"id":"b","type":"function","function":{"name":"weather","arguments":"{\"city\":"}}]}`,
		`{"role":"tool","content":"","tool_call_id":"a"}`,
		`{"role":"assistant","content":"It rains."}`,
		`{"role":"system","content":"Note."}`,
	} {
		if i >= len(got.Messages) || string(got.Messages[i]) != want {
			t.Errorf("message %d of %d, want %s", i, len(got.Messages), want)
		}
	}
	if len(got.Messages) != 5 || len(got.Tools) != 2 ||
		string(got.Tools[1]) != `{"type":"function","function":{"name":"bare","parameters":{"type":"object","properties":{}}}}` {
		t.Errorf("tools %s", got.Tools)
	}
}

// An error of onText ends the call and comes back as it is.
func TestOnTextEndsTheCall(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	m, _ := script(t, llmtest.Stall(2, "one two three"))
	resp, err := m.Stream(t.Context(), hello(), func(string) error { return stop })
	if !errors.Is(err, stop) || resp == nil || resp.Text != "one " {
		t.Fatalf("got %v, %+v", err, resp)
	}
}

func TestCanceledByTheCaller(t *testing.T) {
	t.Parallel()
	m, _ := script(t, llmtest.Stall(1, "one two"), llmtest.SlowStart(time.Minute, "late"))
	ctx, cancel := context.WithCancel(t.Context())
	resp, err := m.Stream(ctx, hello(), func(string) error { cancel(); return nil })
	e := wantError(t, err, llm.Canceled, "canceled")
	if !errors.Is(e, context.Canceled) || resp == nil || resp.Text != "one " || e.Retryable() {
		t.Errorf("error %v, response %+v", e, resp)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, _, err = llmtest.Ask(ctx, m, hello())
	if e := wantError(t, err, llm.Timeout, "ran out"); !errors.Is(e, context.DeadlineExceeded) {
		t.Errorf("cause %v", e.Err)
	}
}

// A slow consumer is not a stalled provider.
func TestSlowConsumerIsNoStall(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.Text("one two"))
	m := newModelWith(t, Config{BaseURL: s.BaseURL(), FirstToken: patient, Stall: quick})
	_, err := m.Stream(t.Context(), hello(), func(string) error {
		time.Sleep(quick * 3 / 2)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestConcurrentCalls(t *testing.T) {
	t.Parallel()
	m, s := script(t)
	s.Answer(func(r *llmtest.Request) llmtest.Reply {
		if strings.Contains(string(r.Body), "stream_options") {
			return llmtest.Rejects("stream_options", "Unknown parameter: 'stream_options'.")
		}
		return llmtest.Text("echo " + r.LastUser())
	})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			req := hello()
			req.Messages[0].Text = strings.Repeat("x", i+1)
			text, _, err := llmtest.Ask(t.Context(), m, req)
			if err != nil || text != "echo "+req.Messages[0].Text {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	wg.Wait()
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t)
	for _, url := range []string{s.BaseURL(), s.BaseURL() + "/", " " + s.BaseURL() + "/chat/completions "} {
		if _, _, err := llmtest.Ask(t.Context(), newModel(t, url), hello()); err != nil {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{"", "localhost:8080/v1", "ftp://x/v1", "http://", ":"} {
		_, _, err := llmtest.Ask(t.Context(), newModel(t, url), hello())
		wantError(t, err, llm.Unreachable, "base URL")
	}
}

// What every adapter must do.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, c := range llmtest.Conformance() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			s := llmtest.New(t, c.Reply)
			config := Config{BaseURL: s.BaseURL(), APIKey: llmtest.Key, FirstToken: patient, Stall: patient}
			if c.Impatient {
				config.FirstToken, config.Stall = quick, quick
			}
			if err := c.Run(t.Context(), newModelWith(t, config)); err != nil {
				t.Error(err)
			}
			if n := len(s.Requests()); n != 1 {
				t.Errorf("%d requests: a model never repeats a call", n)
			}
		})
	}
}
