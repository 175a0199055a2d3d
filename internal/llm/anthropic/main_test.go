package anthropic

import (
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testKey is what no error may ever hold.
const testKey = "sk-ant-api03-Zx81kQw7vTT0secretsecret42"

// Time-outs of the model: quick where a test waits until it has run out, and
// patient everywhere else, because the machine may be slow.
const (
	quick   = time.Second
	patient = time.Minute
)

// newModelWith returns a model whose connections end with the test.
func newModelWith(t *testing.T, c Config) *Model {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c.Transport = transport
	return New(c)
}

// script starts a server with a script and a model at it.
func script(t *testing.T, replies ...llmtest.Reply) (*Model, *llmtest.Server) {
	t.Helper()
	s := llmtest.New(t, replies...)
	return newModelWith(t, Config{BaseURL: s.BaseURL(), APIKey: testKey, FirstToken: patient, Stall: patient}), s
}

// hello is the least request.
func hello() *llm.Request {
	return &llm.Request{Model: "claude-test", Messages: []llm.Message{{Role: parley.ByUser, Text: "Hello?"}}}
}

// wantError checks the class and that the error is fit for an operator.
func wantError(t *testing.T, err error, class llm.Class, words string) *llm.Error {
	t.Helper()
	return llmtest.WantError(t, err, class, words, testKey, "Zx81kQ")
}
