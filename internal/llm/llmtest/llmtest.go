// Package llmtest is a model server for tests: a real HTTP server that speaks
// OpenAI's Chat Completions protocol and Anthropic's Messages API, well or badly,
// as its script says for each request. With no script it is an instant model for
// measurements. Conformance is what every adapter of a provider must do.
//
// It holds no model, checks no key unless told to, and listens on loopback only.
package llmtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/internal/llm"
)

// Request is what a client asked.
type Request struct {
	Path   string
	Header http.Header
	Body   []byte
	Model  string `json:"model"`
	Stream bool   `json:"stream"`
	// Messages have their content as it came: a string, a list of parts or null.
	Messages []struct {
		Role       string          `json:"role"`
		Content    json.RawMessage `json:"content"`
		ToolCalls  json.RawMessage `json:"tool_calls"`
		ToolCallID string          `json:"tool_call_id"`
	} `json:"messages"`
	Tools          []json.RawMessage `json:"tools"`
	StreamOptions  json.RawMessage   `json:"stream_options"`
	ResponseFormat json.RawMessage   `json:"response_format"`
	Temperature    *float64          `json:"temperature"`
	MaxTokens      int               `json:"max_tokens"`
	// Of Anthropic's protocol alone.
	System       json.RawMessage `json:"system"`
	ToolChoice   json.RawMessage `json:"tool_choice"`
	OutputConfig json.RawMessage `json:"output_config"`
}

// LastUser returns the text of the newest user message: the string, or the first
// part of a list; "" if that is no text.
func (r *Request) LastUser() string {
	for i := len(r.Messages) - 1; i >= 0; i-- {
		if r.Messages[i].Role == "user" {
			var s string
			var parts []struct{ Text string }
			if json.Unmarshal(r.Messages[i].Content, &s) != nil && json.Unmarshal(r.Messages[i].Content, &parts) == nil && len(parts) > 0 {
				s = parts[0].Text
			}
			return s
		}
	}
	return ""
}

// Server is a running model server.
type Server struct {
	http *http.Server
	addr string
	stop context.CancelFunc
	done chan error

	mu       sync.Mutex
	script   []Reply
	answer   func(*Request) Reply
	models   Reply
	requests []*Request
	keep     bool
}

// Start runs a server on a free port of loopback. Requests take the replies of
// the script in turn, and after its end get a short text.
func Start(script ...Reply) (*Server, error) {
	ctx, stop := context.WithCancel(context.Background())
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		stop()
		return nil, err
	}
	s := &Server{
		addr: l.Addr().String(), stop: stop, done: make(chan error, 1), script: script, keep: true,
		answer: func(*Request) Reply { return Text("Hello from the model.") },
		models: Reply{Status: http.StatusNotFound},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, r *http.Request) { s.chat(w, r, completions{}) })
	mux.HandleFunc("POST /v1/messages", func(w http.ResponseWriter, r *http.Request) { s.chat(w, r, &messages{}) })
	mux.HandleFunc("GET /v1/models", s.list)
	s.http = &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	go func() { s.done <- s.http.Serve(l) }()
	return s, nil
}

// Test is what New needs of a *testing.T or *testing.B.
type Test interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// WantError checks the class of an error, and that it is fit for an operator: it
// holds the words and none of the secrets.
func WantError(t Test, err error, class llm.Class, words string, secrets ...string) *llm.Error {
	t.Helper()
	e, ok := errors.AsType[*llm.Error](err)
	if !ok {
		t.Fatalf("got %v, want a model error of class %s", err, class)
	}
	if e.Class != class {
		t.Fatalf("class %s (%v), want %s", e.Class, e, class)
	}
	if !strings.Contains(e.Message, words) {
		t.Errorf("message %q does not hold %q", e.Message, words)
	}
	for _, secret := range secrets {
		if strings.Contains(e.Error(), secret) {
			t.Errorf("the error holds the key: %v", e)
		}
	}
	return e
}

// New is Start for tests: the server ends with the test.
func New(t Test, script ...Reply) *Server {
	t.Helper()
	s, err := Start(script...)
	if err != nil {
		t.Fatalf("start the model server: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Fatalf("stop the model server: %v", err)
		}
	})
	return s
}

// BaseURL returns the address to give to a client.
func (s *Server) BaseURL() string { return "http://" + s.addr + "/v1" }

// Add appends to the script.
func (s *Server) Add(replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append(s.script, replies...)
}

// Answer sets what is replied when the script is at its end.
func (s *Server) Answer(f func(*Request) Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

// Models sets how the list of models is answered; without it there is none.
func (s *Server) Models(r Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.models = r
}

// Forget stops keeping requests, so that a long measurement does not grow.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep, s.requests = false, nil
}

// Requests returns what was asked so far.
func (s *Server) Requests() []*Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Request(nil), s.requests...)
}

// Close ends the server and every reply in the making.
func (s *Server) Close() error {
	s.stop()
	err := s.http.Close()
	if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// chat answers one request as the script says.
func (s *Server) chat(w http.ResponseWriter, r *http.Request, p protocol) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return // the client is gone
	}
	req := &Request{Path: r.URL.Path, Header: r.Header, Body: body}
	if err := json.Unmarshal(body, req); err != nil {
		http.Error(w, `{"error":{"message":"the request is not JSON"}}`, http.StatusBadRequest)
		return
	}
	s.next(req).write(r.Context(), w, req, p)
}

// list answers a request for the models.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	reply := s.models
	if s.keep {
		s.requests = append(s.requests, &Request{Path: r.URL.RequestURI(), Header: r.Header})
	}
	s.mu.Unlock()
	reply.write(r.Context(), w, &Request{}, completions{})
}

// next records the request and takes a reply.
func (s *Server) next(req *Request) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keep {
		s.requests = append(s.requests, req)
	}
	if len(s.script) == 0 {
		return s.answer(req)
	}
	r := s.script[0]
	s.script = s.script[1:]
	return r
}
