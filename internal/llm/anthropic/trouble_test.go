package anthropic

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

// Every trouble of the protocol ends the call with the right class, in words,
// without the key.
func TestTrouble(t *testing.T) {
	t.Parallel()
	const bad = "invalid_request_error"
	for name, c := range map[string]struct {
		reply llmtest.Reply
		class llm.Class
		words string
		text  string // what was received before it
	}{
		"overloaded":            {llmtest.Refuses(529, "overloaded_error", "Overloaded"), llm.Overloaded, "status 529", ""},
		"api error":             {llmtest.Refuses(500, "api_error", "Internal server error"), llm.Overloaded, "Internal server error", ""},
		"timeout":               {llmtest.Refuses(504, "timeout_error", "Timed out"), llm.Timeout, "gave up", ""},
		"rate limit":            {llmtest.Refuses(429, "rate_limit_error", "This request would exceed your rate limit"), llm.RateLimited, "rate limit", ""},
		"wrong key":             {llmtest.Refuses(401, "authentication_error", "invalid x-api-key "+testKey), llm.Auth, "[key]", ""},
		"no permission":         {llmtest.Refuses(403, "permission_error", "Your API key does not have permission"), llm.Auth, "allowed to do", ""},
		"billing":               {llmtest.Refuses(402, "billing_error", "Check your payment details"), llm.NoCredit, "out of money", ""},
		"no credit left":        {llmtest.Refuses(400, bad, "Your credit balance is too low to access the Anthropic API."), llm.NoCredit, "credit balance", ""},
		"a limit of one's own":  {llmtest.Refuses(400, bad, "You have reached your specified API usage limits."), llm.NoCredit, "over its quota", ""},
		"unknown model":         {llmtest.Refuses(404, "not_found_error", "model: claude-test"), llm.NoModel, `"claude-test"`, ""},
		"another page":          {llmtest.Refuses(404, "not_found_error", "Not found"), llm.BadRequest, "check the base URL", ""},
		"no such page":          {llmtest.Reply{Status: 404, Body: "404 page not found"}, llm.BadRequest, "check the base URL", ""},
		"too large":             {llmtest.Refuses(413, "request_too_large", "Request exceeds the maximum size"), llm.TooLong, "does not fit", ""},
		"prompt too long":       {llmtest.Refuses(400, bad, "prompt is too long: 210000 tokens > 200000 maximum"), llm.TooLong, "does not fit", ""},
		"with the reply":        {llmtest.Refuses(400, bad, "input length and `max_tokens` exceed context limit: 199759 + 16000 > 200000"), llm.TooLong, "", ""},
		"filtered":              {llmtest.Refuses(400, bad, "Output blocked by content filtering policy"), llm.Refused, "content filter", ""},
		"bad image":             {llmtest.Refuses(400, bad, "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum"), llm.BadRequest, "image exceeds", ""},
		"a proxy's words":       {llmtest.Reply{Status: 502, Body: "<html>Bad gateway</html>"}, llm.Overloaded, "status 502", ""},
		"a server's detail":     {llmtest.Reply{Status: 422, Body: `{"detail":"field required"}`}, llm.BadRequest, "field required", ""},
		"error in plain words":  {llmtest.Reply{Body: `{"error":"model is loading"}`}, llm.Overloaded, "model is loading", ""},
		"one piece":             {llmtest.Reply{Body: `{"type":"message","content":[{"type":"text","text":"hi"}]}`}, llm.NoStreaming, "one piece", ""},
		"no streaming":          {llmtest.Refuses(400, bad, "Streaming is not supported for this model"), llm.NoStreaming, "cannot stream", ""},
		"OpenAI's protocol":     {llmtest.OnePiece("hi"), llm.Malformed, "not the Messages API", ""},
		"overloaded in between": {llmtest.ErrorEvent("one two", "overloaded_error", "Overloaded"), llm.Overloaded, "Overloaded", "one two"},
		"failed in between":     {llmtest.ErrorEvent("one", "api_error", "Internal server error"), llm.Overloaded, "failed on its side", "one"},
		"limited in between":    {llmtest.ErrorEvent("one", "rate_limit_error", "Slow down"), llm.RateLimited, "", "one"},
		"an event without type": {llmtest.Reply{Raw: []string{"event: error\ndata: {\"message\":\"oh\"}"}, NoFinish: true}, llm.Overloaded, "oh", ""},
		"an event without name": {llmtest.Reply{Raw: []string{`data: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}`}}, llm.Overloaded, "Busy", ""},
		"refusal":               {llmtest.Reply{Deltas: []string{"Well"}, Finish: "refusal"}, llm.Refused, "refused to answer", "Well"},
		"context full at once":  {llmtest.Reply{Finish: "model_context_window_exceeded"}, llm.TooLong, "does not fit", ""},
		"wrong shape":           {llmtest.Reply{Raw: []string{`data: {"type":"content_block_delta","index":"x"}`}}, llm.Malformed, "cannot be read", ""},
		"nothing":               {llmtest.Reply{Raw: []string{"data: 1"}, NoFinish: true}, llm.Malformed, "cannot be read", ""},
		"only pings":            {llmtest.Reply{Started: "null", NoFinish: true}, llm.Truncated, "empty reply", ""},
		"long words":            {llmtest.Refuses(400, bad, strings.Repeat("word ", 1000)), llm.BadRequest, "…", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, s := script(t, c.reply)
			text, resp, err := llmtest.Ask(t.Context(), m, hello())
			wantError(t, err, c.class, c.words)
			if text != c.text || resp != nil && resp.Text != c.text || resp == nil && c.text != "" {
				t.Errorf("text %q, response %+v, want %q", text, resp, c.text)
			}
			if n := len(s.Requests()); n != 1 {
				t.Errorf("%d requests: a model never repeats a call", n)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	m, _ := script(t, llmtest.RefusesUntil("12", 429, "rate_limit_error", "Slow down"),
		llmtest.RefusesUntil("3", 529, "overloaded_error", "Overloaded"))
	for _, want := range []time.Duration{12 * time.Second, 3 * time.Second} {
		_, _, err := llmtest.Ask(t.Context(), m, hello())
		if e, ok := err.(*llm.Error); !ok || e.RetryAfter != want || !e.Retryable() { //nolint:errorlint // as it is
			t.Errorf("%v, want to wait %s", err, want)
		}
	}
}

// What a client does not know is passed over, and a reply that is whole is kept
// even when the end of the stream is not as it should be.
func TestWholeReplies(t *testing.T) {
	t.Parallel()
	delta := `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"whole"}}`
	block := func(start string) string {
		return `data: {"type":"content_block_start","index":0,"content_block":` + start + `}`
	}
	for name, reply := range map[string]llmtest.Reply{
		"no message_stop":  {Deltas: []string{"whole"}, NoDone: true},
		"no message_delta": {Deltas: []string{"whole"}, NoFinish: true},
		"unknown events": {Deltas: []string{"whole"}, Raw: []string{
			"event: vibe\ndata: {\"type\":\"vibe\",\"delta\":\"odd\",\"index\":\"seven\"}", "data: {}", ": a comment", "retry: 5"}},
		"unknown block":     {Deltas: []string{"whole"}, Raw: []string{`data: {"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}`, `data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"q\":1}"}}`, `data: {"type":"content_block_stop","index":1}`}},
		"unknown delta":     {Deltas: []string{"whole"}, Raw: []string{`data: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"cited_text":"x"}}}`}},
		"pings in between":  {Deltas: []string{"who", "le"}, Raw: []string{"event: ping\ndata: {\"type\":\"ping\"}"}},
		"text at the start": {Raw: []string{block(`{"type":"text","text":"who"}`), `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"le"}}`}},
		"no names":          {Raw: []string{block(`{"type":"text","text":""}`), delta}},
		"hidden thinking":   {Raw: []string{`data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"secret"}}`, block(`{"type":"text","text":""}`), delta}},
		"NUL":               {Deltas: []string{"who\x00le"}},
		"cut by its limit":  {Deltas: []string{"whole"}, Finish: "max_tokens"},
		"context full":      {Deltas: []string{"whole"}, Finish: "model_context_window_exceeded"},
		"error is null":     {Deltas: []string{"whole"}, Raw: []string{`data: {"type":"ping","error":null}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, _ := script(t, reply)
			text, resp, err := llmtest.Ask(t.Context(), m, hello())
			if err != nil || text != "whole" || len(resp.ToolCalls) != 0 || resp.Carry != nil {
				t.Fatalf("%q, %+v, %v", text, resp, err)
			}
		})
	}
}

// A model that thinks may send nothing but pings; one that says nothing at all
// and only pings has stalled.
func TestPings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		block string
		class llm.Class
	}{
		"thinks": {`{"type":"thinking","thinking":"","signature":""}`, ""},
		"stalls": {`{"type":"text","text":""}`, llm.Timeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := slowly(t, []string{
				`{"type":"content_block_start","index":0,"content_block":` + c.block + `}`,
				`{"type":"ping"}`, `{"type":"ping"}`, `{"type":"ping"}`, `{"type":"ping"}`, `{"type":"ping"}`,
				`{"type":"content_block_stop","index":0}`,
				`{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}`, `{"type":"message_stop"}`,
			}, quick/3)
			m := newModelWith(t, Config{BaseURL: srv, APIKey: testKey, FirstToken: quick, Stall: quick})
			_, _, err := llmtest.Ask(t.Context(), m, hello())
			if llm.ErrorClass(err) != c.class || c.class == "" && err != nil {
				t.Errorf("%v, want class %q", err, c.class)
			}
		})
	}
}

func TestMissingKeyAndAddress(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.Refuses(401, "authentication_error", "x-api-key header is required"))
	_, _, err := llmtest.Ask(t.Context(), newModelWith(t, Config{BaseURL: s.BaseURL()}), hello())
	wantError(t, err, llm.Auth, "none is set")
	if _, sent := s.Requests()[0].Header[http.CanonicalHeaderKey("x-api-key")]; sent {
		t.Error("an empty key was sent")
	}
	root := strings.TrimSuffix(s.BaseURL(), "/v1")
	for _, url := range []string{root, root + "/", root + "/v1", root + "/v1/", " " + root + "/v1/messages "} {
		if _, _, err := llmtest.Ask(t.Context(), newModelWith(t, Config{BaseURL: url, APIKey: testKey}), hello()); err != nil {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{"", "localhost:8080", "ftp://x", "http://127.0.0.1:1"} {
		_, _, err := llmtest.Ask(t.Context(), newModelWith(t, Config{BaseURL: url, APIKey: testKey}), hello())
		wantError(t, err, llm.Unreachable, "base URL")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	// A model that thinks may be cut before its first word; it answers all the same.
	m, s := script(t, llmtest.Reply{Thinking: []string{"Hm"}, Finish: "max_tokens"}, llmtest.Refuses(404, "not_found_error", "model: gone"))
	if err := m.Check(t.Context(), "claude-test"); err != nil {
		t.Error(err)
	}
	wantError(t, m.Check(t.Context(), "gone"), llm.NoModel, `"gone"`)
	if s.Requests()[0].MaxTokens != 16 {
		t.Errorf("request %s", s.Requests()[0].Body)
	}
}
