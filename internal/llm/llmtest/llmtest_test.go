package llmtest

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// post sends a request and returns the status and the body, as far as it came.
func post(t *testing.T, s *Server, body string) (int, string, error) {
	t.Helper()
	return postWithin(t, s, time.Minute, body)
}

func postWithin(t *testing.T, s *Server, patience time.Duration, body string) (int, string, error) {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := http.Client{Transport: transport, Timeout: patience}
	res, err := c.Post(s.BaseURL()+"/chat/completions", "application/json", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

const question = `{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}`

func TestTextOnTheWire(t *testing.T) {
	t.Parallel()
	s := New(t, Text("Hello you"))
	status, body, err := post(t, s, question)
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	chunk := func(rest string) string {
		return `data: {"id":"c","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":` + rest + "}]}\n\n"
	}
	want := chunk(`{"role":"assistant","content":""},"finish_reason":null`) +
		chunk(`{"content":"Hello "},"finish_reason":null`) +
		chunk(`{"content":"you"},"finish_reason":null`) +
		chunk(`{},"finish_reason":"stop"`) +
		`data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[],` +
		`"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}` + "\n\ndata: [DONE]\n\n"
	if body != want {
		t.Errorf("got\n%s\nwant\n%s", body, want)
	}
	if r := s.Requests(); len(r) != 1 || r[0].LastUser() != "hi" || r[0].Model != "m" {
		t.Errorf("requests %+v", r)
	}
}

func TestScriptThenAnswer(t *testing.T) {
	t.Parallel()
	s := New(t, ServerError(500))
	s.Add(RateLimited("3"))
	s.Answer(ToolLoop("f", `{}`))
	for i, want := range []int{500, 429, 200, 200} {
		status, body, err := post(t, s, question)
		if err != nil || status != want {
			t.Errorf("request %d: %d, %v", i, status, err)
		}
		if want == 200 && !strings.Contains(body, `"name":"f"`) {
			t.Errorf("no loop: %s", body)
		}
	}
	s.Forget()
	if status, _, _ := post(t, s, "nonsense"); status != http.StatusBadRequest {
		t.Errorf("nonsense: %d", status)
	}
	if len(s.Requests()) != 0 {
		t.Error("requests were kept")
	}
}

func TestMisbehavesOnTheWire(t *testing.T) {
	t.Parallel()
	s := New(t, HalfStream(1, "one two"), Stall(1, "one two"), MalformedJSON("one"))
	if _, body, err := post(t, s, question); err == nil || !strings.Contains(body, "one") || strings.Contains(body, "two") {
		t.Errorf("half a stream: %v, %q", err, body)
	}
	if _, body, err := postWithin(t, s, time.Second, question); err == nil || strings.Contains(body, "two") {
		t.Errorf("stall: %v, %q", err, body)
	}
	if _, body, err := post(t, s, question); err != nil || !strings.Contains(body, `"hal`+"\n") {
		t.Errorf("malformed: %v, %q", err, body)
	}
}

// Closing the server ends replies that would never end.
func TestCloseEndsStalls(t *testing.T) {
	t.Parallel()
	s, err := Start(Reply{Deltas: []string{"a", "b"}, Hold: make(chan struct{})})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _, _ = post(t, s, question)
	}()
	for len(s.Requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-done
}
