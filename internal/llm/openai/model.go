// Package openai calls the models of any endpoint that speaks OpenAI's Chat
// Completions protocol: OpenAI itself, Ollama, vLLM, llama.cpp, Groq, Mistral,
// OpenRouter, DeepSeek and Gemini's compatible endpoint among them.
//
// It reads the wire itself instead of through a client library: what a library
// hides is what matters here. The raw usage, the difference between a stream
// that ended and one that broke off, an explicit temperature of 0, and bounds on
// everything that a provider can send.
//
// It translates and classifies, and it never retries, with one exception: a
// request that was rejected because of a parameter which the provider does not
// know is sent again without it, and the model remembers that.
//
// The key leaves this package in the Authorization header and nowhere else: not
// in errors, even when a provider echoes it.
package openai

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley"
	"parley/internal/llm"
)

// Bounds of what is read from a provider.
const (
	maxErrorBody = 64 << 10
	maxLine      = 4 << 20
	maxStream    = 64 << 20
	maxToolCalls = 64
)

// tailTimeout bounds the wait for the usage and the end of a stream whose reply
// is complete already.
const tailTimeout = 5 * time.Second

// Config says where a provider is and how long to wait for it.
type Config struct {
	BaseURL    string            // up to the version, such as https://api.openai.com/v1
	APIKey     string            // "" for servers that want none
	Transport  http.RoundTripper // nil: http.DefaultTransport
	FirstToken time.Duration     // until the first piece of a reply; 0: 30 s
	Stall      time.Duration     // between two pieces; 0: 30 s
}

// Model calls the models of one provider. It is safe for concurrent use, and
// worth keeping: it remembers which parameters the provider rejects.
type Model struct {
	base       string
	key        string
	client     *http.Client
	firstToken time.Duration
	stall      time.Duration
	memory     memory
	newCallID  func() string
}

// New returns a model for the provider. A wrong address or key shows at the
// first call.
func New(c Config) *Model {
	if c.FirstToken <= 0 {
		c.FirstToken = 30 * time.Second
	}
	if c.Stall <= 0 {
		c.Stall = 30 * time.Second
	}
	base := strings.TrimRight(strings.TrimSpace(c.BaseURL), "/")
	base = strings.TrimRight(strings.TrimSuffix(base, "/chat/completions"), "/")
	return &Model{
		base:       base,
		key:        strings.TrimSpace(c.APIKey),
		firstToken: c.FirstToken,
		stall:      c.Stall,
		newCallID:  func() string { return "call_" + parley.NewID(time.Now()) },
		client: &http.Client{
			Transport: c.Transport,
			// A redirect would carry the conversation to another place.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Stream implements llm.Model.
func (m *Model) Stream(ctx context.Context, req *llm.Request, onText func(string) error) (*llm.Response, error) {
	known := m.memory.of(req.Model)
	q := known
	for {
		resp, err := m.call(ctx, req, q, onText)
		if rejected, ok := errors.AsType[*rejection](err); ok {
			if next, ok := q.without(rejected); ok {
				q = next
				continue
			}
			err = rejected.failure
		}
		// Only what a provider then accepted is known to have been the trouble.
		if q != known && llm.ErrorClass(err) != llm.BadRequest {
			m.memory.keep(req.Model, q)
		}
		if resp != nil && q.noTools && len(req.Tools) > 0 {
			resp.Note = "The model does not support tools, so it was called without them."
		}
		return resp, err
	}
}

// endpoint returns the address of the chat completions, or an *llm.Error.
func (m *Model) endpoint() (string, error) {
	u, err := url.Parse(m.base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", &llm.Error{Class: llm.Unreachable,
			Message: "The base URL is not a web address; it looks like https://api.openai.com/v1."}
	}
	return u.JoinPath("chat", "completions").String(), nil
}

// host names the provider in messages.
func (m *Model) host() string {
	if u, err := url.Parse(m.base); err == nil && u.Host != "" {
		return u.Host
	}
	return "the provider"
}
