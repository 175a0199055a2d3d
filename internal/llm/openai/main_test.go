package openai

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
const testKey = "sk-proj-Zx81kQw7vTT0secretsecret42"

// Time-outs of the model: quick where a test waits until it has run out, and
// patient everywhere else, because the machine may be slow.
const (
	quick   = time.Second
	patient = time.Minute
)

// newModel returns a model at the server whose connections end with the test.
func newModel(t *testing.T, baseURL string) *Model {
	t.Helper()
	return newModelWith(t, Config{BaseURL: baseURL, APIKey: testKey, FirstToken: patient, Stall: patient})
}

func newModelWith(t *testing.T, c Config) *Model {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c.Transport = transport
	return New(c)
}

// hello is the least request.
func hello() *llm.Request {
	return &llm.Request{Model: "gpt-test", Messages: []llm.Message{{Role: parley.ByUser, Text: "Hello?"}}}
}

// script starts a server with a script and a model at it.
func script(t *testing.T, replies ...llmtest.Reply) (*Model, *llmtest.Server) {
	t.Helper()
	s := llmtest.New(t, replies...)
	return newModel(t, s.BaseURL()), s
}

// wantError checks the class and that the error is fit for an operator.
func wantError(t *testing.T, err error, class llm.Class, words string) *llm.Error {
	t.Helper()
	return llmtest.WantError(t, err, class, words, testKey, "Zx81kQ")
}
