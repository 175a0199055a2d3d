package openai

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/llm"
	"parley/internal/llm/llmtest"
	"parley/internal/llm/remote"
)

// Every misbehaviour ends the call, in time, with the right class, in words,
// without the key.
func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 20)
	for name, c := range map[string]struct {
		reply llmtest.Reply
		class llm.Class
		words string
		text  string // what was received before it
	}{
		"slow first token":     {llmtest.SlowStart(time.Minute, "late"), llm.Timeout, "no first word", ""},
		"stall":                {llmtest.Stall(2, "one two three"), llm.Timeout, "stopped in the middle", "one two "},
		"half a stream":        {llmtest.HalfStream(2, "one two three"), llm.Truncated, "broke in the middle", "one two "},
		"ends early":           {llmtest.EndsEarly("one two"), llm.Truncated, "broke in the middle", "one two"},
		"ends inside an event": {llmtest.Reply{Deltas: []string{"a"}, Raw: []string{"data: {\"choices\":[{\"delta\""}, NoFinish: true, NoDone: true, Usage: "none"}, llm.Malformed, "cannot be read", "a"},
		"malformed JSON":       {llmtest.MalformedJSON("one"), llm.Malformed, "cannot be read", "one"},
		"wrong shape":          {llmtest.Reply{Raw: []string{`data: {"choices":"none"}`}}, llm.Malformed, "cannot be read", ""},
		"error in the stream":  {llmtest.ErrorInStream("one two"), llm.Overloaded, "engine is overloaded", "one two"},
		"error event":          {llmtest.Reply{Raw: []string{"event: error\ndata: {\"message\":\"oh\"}"}, NoFinish: true}, llm.Overloaded, "failed on its side", ""},
		"error in a choice":    {llmtest.Reply{Raw: []string{`data: {"choices":[{"delta":{},"finish_reason":"error","error":{"code":502}}]}`}, NoFinish: true}, llm.Overloaded, "", ""},
		"rate limit in a 200":  {llmtest.Reply{Body: `{"error":{"message":"Rate limit exceeded: free-models-per-min","code":429}}`}, llm.RateLimited, "rate limit", ""},
		"empty stream":         {llmtest.Reply{NoFinish: true, Usage: "none"}, llm.Truncated, "empty reply", ""},
		"empty body":           {llmtest.Reply{Header: http.Header{"Content-Length": {"0"}}, NoFinish: true, NoDone: true, Usage: "none"}, llm.Truncated, "without a reply", ""},
		"one piece":            {llmtest.OnePiece("hi"), llm.NoStreaming, "one piece", ""},
		"a web page":           {llmtest.HTML(), llm.Malformed, "web page", ""},
		"other JSON":           {llmtest.Reply{Body: `{"hello":"world"}`}, llm.Malformed, "not the Chat Completions protocol", ""},
		"content filter":       {llmtest.Reply{Deltas: []string{"Well"}, Finish: "content_filter"}, llm.Refused, "content filter", "Well"},
		"refusal":              {llmtest.Reply{Raw: []string{`data: {"choices":[{"delta":{"refusal":"I will not."}}]}`}}, llm.Refused, "I will not.", ""},
		"401":                  {llmtest.Unauthorized(testKey), llm.Auth, "does not accept the API key", ""},
		"401, key masked":      {llmtest.Unauthorized("sk-proj-********************et42"), llm.Auth, "[key]", ""},
		"401, end of the key":  {llmtest.Unauthorized("***********cret42"), llm.Auth, "[key]", ""},
		"402":                  {llmtest.Reply{Status: 402, Body: `{"error":{"message":"Insufficient Balance"}}`}, llm.NoCredit, "out of money", ""},
		"403":                  {llmtest.Reply{Status: 403, Body: `{"error":{"message":"no"}}`}, llm.Auth, "allowed", ""},
		"404 model":            {llmtest.UnknownModel("gpt-test"), llm.NoModel, `"gpt-test"`, ""},
		"404 Ollama":           {llmtest.Reply{Status: 404, Body: `{"error":"model 'gpt-test' not found"}`}, llm.NoModel, "check the model's name", ""},
		"400 OpenRouter model": {llmtest.Reply{Status: 400, Body: `{"error":{"message":"x/y is not a valid model ID","code":400}}`}, llm.NoModel, "does not know the model", ""},
		"404 page":             {llmtest.Reply{Status: 404, Body: `404 page not found`}, llm.BadRequest, "check the base URL", ""},
		"405":                  {llmtest.Reply{Status: 405}, llm.BadRequest, "check the base URL", ""},
		"redirect":             {llmtest.Reply{Status: 307, Header: http.Header{"Location": {"http://127.0.0.1:1/"}}}, llm.BadRequest, "check the base URL", ""},
		"429":                  {llmtest.RateLimited("7"), llm.RateLimited, "rate limit", ""},
		"429 out of credit":    {llmtest.OutOfCredit(), llm.NoCredit, "over its quota", ""},
		"400 Gemini key":       {llmtest.Reply{Status: 400, Body: `[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]`}, llm.Auth, "does not accept", ""},
		"429 Gemini":           {llmtest.Reply{Status: 429, Body: `[{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}]`}, llm.RateLimited, "Quota", ""},
		"too long":             {llmtest.TooLong(), llm.TooLong, "does not fit", ""},
		"too long, llama.cpp":  {llmtest.Reply{Status: 400, Body: `{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}`}, llm.TooLong, "", ""},
		"413":                  {llmtest.Reply{Status: 413}, llm.TooLong, "", ""},
		"422":                  {llmtest.Reply{Status: 422, Body: `{"detail":[{"loc":["body","messages"],"msg":"field required"}]}`}, llm.BadRequest, "field required", ""},
		"400 content policy":   {llmtest.Reply{Status: 400, Body: `{"error":{"message":"filtered","code":"content_filter"}}`}, llm.Refused, "content filter", ""},
		"no streaming":         {llmtest.Rejects("stream", "Streaming is not supported for this model."), llm.NoStreaming, "cannot stream", ""},
		"500":                  {llmtest.ServerError(500), llm.Overloaded, "status 500", ""},
		"503":                  {llmtest.ServerError(503), llm.Overloaded, "status 503", ""},
		"504":                  {llmtest.ServerError(504), llm.Timeout, "", ""},
		"529":                  {llmtest.ServerError(529), llm.Overloaded, "", ""},
		"500 in HTML":          {llmtest.Reply{Status: 502, Body: "<html>Bad gateway</html>"}, llm.Overloaded, "", ""},
		"long error":           {llmtest.Reply{Status: 400, Body: `{"error":{"message":"` + strings.Repeat(long, 100) + `"}}`}, llm.BadRequest, "…", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, s := script(t, c.reply)
			if c.class == llm.Timeout {
				m = newModelWith(t, Config{BaseURL: s.BaseURL(), APIKey: testKey, FirstToken: quick, Stall: quick})
			}
			text, resp, err := llmtest.Ask(t.Context(), m, hello())
			e := wantError(t, err, c.class, c.words)
			if text != c.text || (resp != nil && resp.Text != c.text) || (resp == nil && c.text != "") {
				t.Errorf("text %q, response %+v, want %q", text, resp, c.text)
			}
			if len([]rune(e.Message)) > remote.MaxQuote+200 {
				t.Errorf("the message has %d runes", len([]rune(e.Message)))
			}
			if n := len(s.Requests()); n != 1 {
				t.Errorf("%d requests: a model never repeats a call", n)
			}
		})
	}
}

// A reply that is whole is kept, even when the end of the stream is not as it
// should be.
func TestWholeReplies(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]llmtest.Reply{
		"no [DONE]":             {Deltas: []string{"whole"}, NoDone: true},
		"no finish reason":      {Deltas: []string{"whole"}, NoFinish: true},
		"comments":              {Deltas: []string{"whole"}, Raw: []string{": keep-alive", ":", "retry: 10", "id: 4"}},
		"error is null":         {Raw: []string{`data: {"error":null,"choices":[{"delta":{"content":"whole"}}]}`}},
		"two lines of data":     {Raw: []string{"data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"whole\"}}]}"}},
		"no empty line between": {Raw: []string{`data: {"choices":[{"delta":{"content":"who"}}]}` + "\n" + `data:{"choices":[{"delta":{"content":"le"}}]}`}},
		"CRLF":                  {Raw: []string{"data: {\"choices\":[{\"delta\":{\"content\":\"whole\"}}]}\r\n\r"}},
		"parts":                 {Raw: []string{`data: {"choices":[{"delta":{"content":[{"type":"thinking","text":"hm"},{"type":"text","text":"whole"}]}}]}`}},
		"other choices":         {Raw: []string{`data: {"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"whole"}}]}`}},
		"NUL":                   {Deltas: []string{"who\x00le"}},
		"length":                {Deltas: []string{"whole"}, Finish: "length"},
		"big line":              {Raw: []string{`data: {"choices":[{"delta":{"content":"whole"}}],"pad":"` + strings.Repeat("x", 100_000) + `"}`}},
		"byte order mark":       {Body: "\ufeffdata: {\"choices\":[{\"delta\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, _ := script(t, reply)
			if text, _, err := llmtest.Ask(t.Context(), m, hello()); err != nil || text != "whole" {
				t.Fatalf("%q, %v", text, err)
			}
		})
	}
}

// Nothing that a provider sends can fill the memory.
func TestBounds(t *testing.T) {
	t.Parallel()
	m, _ := script(t,
		llmtest.Reply{Raw: []string{"data: " + strings.Repeat("x", remote.MaxLine)}},
		llmtest.Reply{Status: 400, Body: strings.Repeat("y", 4*remote.MaxErrorBody)},
	)
	_, _, err := llmtest.Ask(t.Context(), m, hello())
	wantError(t, err, llm.Malformed, "more than a reply can hold")
	_, _, err = llmtest.Ask(t.Context(), m, hello())
	wantError(t, err, llm.BadRequest, "")
}

func TestReasoningIsProgress(t *testing.T) {
	t.Parallel()
	thinking := `{"choices":[{"delta":{"reasoning_content":"hm"}}]}`
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 4 {
			_, _ = w.Write([]byte("data: " + thinking + "\n\n"))
			_ = http.NewResponseController(w).Flush()
			time.Sleep(quick / 3)
		}
		_, _ = w.Write([]byte("data: {\"choices\":[{\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}\n\n"))
	})}
	go func() { _ = srv.Serve(l) }()
	defer func() { _ = srv.Close() }()
	m := newModelWith(t, Config{BaseURL: "http://" + l.Addr().String(), APIKey: testKey, FirstToken: quick, Stall: patient})
	text, _, err := llmtest.Ask(t.Context(), m, hello())
	if err != nil || text != "ok" {
		t.Fatalf("%q, %v", text, err)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	_, _, err = llmtest.Ask(t.Context(), newModel(t, "http://user:pw@"+addr+"/v1"), hello())
	e := wantError(t, err, llm.Unreachable, "refused")
	if strings.Contains(e.Error(), "pw") || !e.Retryable() {
		t.Errorf("%v", e)
	}
	_, _, err = llmtest.Ask(t.Context(), newModel(t, "http://no-such-host.invalid/v1"), hello())
	wantError(t, err, llm.Unreachable, "cannot be reached")

	m := New(Config{BaseURL: "http://" + addr, APIKey: "bad\nkey-" + testKey})
	_, _, err = llmtest.Ask(t.Context(), m, hello())
	wantError(t, err, llm.Auth, "paste it again")
}

func TestMissingKey(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, llmtest.Unauthorized(""))
	m := newModelWith(t, Config{BaseURL: s.BaseURL(), FirstToken: patient})
	_, _, err := llmtest.Ask(t.Context(), m, hello())
	wantError(t, err, llm.Auth, "none is set")
	if s.Requests()[0].Header.Get("Authorization") != "" {
		t.Error("an empty key was sent")
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	m, _ := script(t, llmtest.RateLimited("7"))
	_, _, err := llmtest.Ask(t.Context(), m, hello())
	if e := wantError(t, err, llm.RateLimited, ""); e.RetryAfter != 7*time.Second {
		t.Errorf("retry after %s", e.RetryAfter)
	}
}
