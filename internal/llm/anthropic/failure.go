package anthropic

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// problem is what a provider said is wrong.
type problem struct {
	found   bool   // the body says that something is wrong
	status  int    // of HTTP; 0 = unknown
	kind    string // such as rate_limit_error
	message string
}

// problemOf reads {"type": "error", "error": {"type": …, "message": …}}, and the
// plainer forms of servers in between. With status 0 a body without a mark of an
// error is none.
func problemOf(status int, body []byte) problem {
	p := problem{found: status != 0, status: status}
	var whole struct {
		Type    string          `json:"type"`
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
		Detail  string          `json:"detail"`
	}
	_ = json.Unmarshal(body, &whole) // what is no JSON says nothing
	p.found = p.found || whole.Type == "error"
	p.message = whole.Message + whole.Detail
	var inner struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	var words string
	switch {
	case json.Unmarshal(whole.Error, &inner) == nil && inner.Type+inner.Message != "":
		p.found, p.kind, p.message = true, inner.Type, inner.Message
	case json.Unmarshal(whole.Error, &words) == nil && words != "":
		p.found, p.message = true, words
	}
	return p
}

// says reports whether the message holds one of the hints, which are in lower
// case.
func (p *problem) says(hints ...string) bool {
	said := strings.ToLower(p.message)
	for _, h := range hints {
		if strings.Contains(said, h) {
			return true
		}
	}
	return false
}

// refusal turns a status other than 200 into an error; into a *rejection if a
// parameter may be to blame.
func (m *Model) refusal(w *remote.Watch, res *http.Response, model string, sent *wireRequest) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, remote.MaxErrorBody))
	if e := w.Failure(); err != nil && e != nil {
		return e
	}
	p := problemOf(res.StatusCode, body)
	e := m.failureOf(p, model)
	e.RetryAfter = remote.RetryAfter(res.Header, time.Now())
	if e.Class != llm.BadRequest || sent == nil {
		return e
	}
	return &rejection{failure: e, said: strings.ToLower(p.message), sent: sent}
}

// failureOf classifies a problem and puts it into words.
func (m *Model) failureOf(p problem, model string) *llm.Error {
	class := classify(&p)
	message := m.at.Sentence(class, p.status, model)
	switch {
	case message != "":
	case p.status == http.StatusNotFound || p.status == http.StatusMethodNotAllowed || p.status >= 300 && p.status < 400:
		message = m.at.At(p.status) + " has no Messages API at this address: check the base URL, it often ends in /v1."
	default:
		message = m.at.At(p.status) + " rejects the request."
	}
	return m.at.Failure(class, message, p.message)
}

// classify says what kind of trouble it is, by the type that the provider gives,
// or else by the status: https://platform.claude.com/docs/en/api/errors.
func classify(p *problem) llm.Class {
	switch {
	case p.kind == "billing_error" || p.status == http.StatusPaymentRequired ||
		p.says("credit balance is too low", "spend limit", "api usage limits"):
		return llm.NoCredit
	case p.kind == "rate_limit_error" || p.status == http.StatusTooManyRequests:
		return llm.RateLimited
	case p.kind == "authentication_error" || p.kind == "permission_error" ||
		p.status == http.StatusUnauthorized || p.status == http.StatusForbidden:
		return llm.Auth
	case p.kind == "request_too_large" || p.status == http.StatusRequestEntityTooLarge ||
		p.says("prompt is too long", "exceed context limit", "context window"):
		return llm.TooLong
	case p.kind == "timeout_error" || p.status == http.StatusRequestTimeout || p.status == http.StatusGatewayTimeout:
		return llm.Timeout
	case p.says("content filtering policy"):
		return llm.Refused
	case (p.kind == "not_found_error" || p.status == http.StatusNotFound) && p.says("model"),
		p.says("model not found", "unknown model", "invalid model", "model does not exist"):
		return llm.NoModel
	case p.status == http.StatusNotImplemented || p.says("streaming is not supported", "does not support streaming"):
		return llm.NoStreaming
	case p.kind == "invalid_request_error" || p.kind == "not_found_error" || p.status >= 300 && p.status < 500:
		return llm.BadRequest
	}
	return llm.Overloaded // overloaded_error, api_error, 5xx, and what has no name
}
