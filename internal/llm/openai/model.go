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
	"time"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// maxToolCalls bounds the calls of one reply.
const maxToolCalls = 64

// Config says where a provider is and how long to wait for it.
type Config = remote.Config

// path is that of the calls, below the base URL.
const path = "/chat/completions"

// Model calls the models of one provider. It is safe for concurrent use, and
// worth keeping: it remembers which parameters the provider rejects.
type Model struct {
	at        *remote.Provider
	memory    remote.Memory[quirks]
	newCallID func() string
}

// New returns a model for the provider. A wrong address or key shows at the
// first call.
func New(c Config) *Model {
	return &Model{
		at:        remote.New(c, path),
		newCallID: func() string { return "call_" + parley.NewID(time.Now()) },
	}
}

// Stream implements llm.Model.
func (m *Model) Stream(ctx context.Context, req *llm.Request, onText func(string) error) (*llm.Response, error) {
	resp, q, err := m.memory.Call(req.Model, func(q quirks) (*llm.Response, error) { return m.call(ctx, req, q, onText) })
	if resp != nil && q.noTools && len(req.Tools) > 0 {
		resp.Note = "The model does not support tools, so it was called without them."
	}
	return resp, err
}
