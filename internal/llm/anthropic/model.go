// Package anthropic calls Claude's models by Anthropic's Messages API, at
// Anthropic or at any endpoint that speaks it.
//
// It reads the wire itself, as llm/openai does. Anthropic's own library has the
// clients of two clouds, OpenTelemetry and gRPC among its requirements, repeats
// calls unless told not to, which the ledger would not see, and takes a stream of
// any length. What Parley needs of the protocol is one request, one stream and one
// list.
//
// What stays the same from turn to turn, the tools and the beginning of the
// prompt, is marked for the provider's cache. What follows from the contact's
// message, passages and values, is not: writing it would cost more than reading
// it again, which hardly ever happens.
//
// It translates and classifies, and it never retries, with one exception: a
// request that was rejected because of a parameter which the model does not take
// is sent again without it, and the adapter remembers that. The key leaves this
// package in a header and nowhere else.
package anthropic

import (
	"context"
	"strings"
	"time"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// version is that of the protocol:
// https://platform.claude.com/docs/en/api/versioning.
const version = "2023-06-01"

// The paths below the base URL.
const (
	messagesPath = "/v1/messages"
	modelsPath   = "/v1/models"
)

// maxToolCalls bounds the calls of one reply.
const maxToolCalls = 64

// Config says where a provider is and how long to wait for it. The base URL may
// end in the version or not: https://api.anthropic.com/v1 is https://api.anthropic.com.
type Config = remote.Config

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
	c.BaseURL = strings.TrimRight(strings.TrimSpace(c.BaseURL), "/")
	c.BaseURL = strings.TrimSuffix(strings.TrimSuffix(c.BaseURL, "/messages"), "/v1")
	return &Model{
		at:        remote.New(c, messagesPath),
		newCallID: func() string { return "toolu_" + parley.NewID(time.Now()) },
	}
}

// Stream implements llm.Model.
func (m *Model) Stream(ctx context.Context, req *llm.Request, onText func(string) error) (*llm.Response, error) {
	resp, _, err := m.memory.Call(req.Model, func(q quirks) (*llm.Response, error) { return m.call(ctx, req, q, onText) })
	return resp, err
}

// Check implements llm.Checker: one short streamed call.
func (m *Model) Check(ctx context.Context, model string) error {
	_, err := m.Stream(ctx, &llm.Request{
		Model:     model,
		MaxTokens: 16,
		Messages:  []llm.Message{{Role: parley.ByUser, Text: "Answer with the word ok."}},
	}, func(string) error { return nil })
	return err
}
