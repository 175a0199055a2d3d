package openai

import (
	"io"
	"net/http"
	"strings"
	"time"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// refusal turns a status other than 200 into an error; into a *rejection if a
// parameter may be to blame.
func (m *Model) refusal(w *remote.Watch, res *http.Response, model string, sent sentParams) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, remote.MaxErrorBody))
	if e := w.Failure(); err != nil && e != nil {
		return e
	}
	p := problemOf(res.StatusCode, body)
	e := m.failureOf(p, model)
	e.RetryAfter = remote.RetryAfter(res.Header, time.Now())
	if e.Class != llm.BadRequest || res.StatusCode >= 500 {
		return e
	}
	return &rejection{failure: e, param: strings.ToLower(p.param), body: p.body, sent: sent}
}

// failureOf classifies a problem and puts it into words.
func (m *Model) failureOf(p problem, model string) *llm.Error {
	class := classify(&p)
	return m.at.Failure(class, m.sentence(class, p.status, model), p.message)
}

// classify says what kind of trouble it is. What the body says counts before
// the status: providers agree on neither, but the words are more exact.
func classify(p *problem) llm.Class {
	switch {
	case p.mentions("insufficient_quota", "insufficient balance", "insufficient credits", "billing_hard_limit",
		"credit balance is too low") || p.status == http.StatusPaymentRequired:
		return llm.NoCredit
	case p.mentions("invalid_api_key", "incorrect api key", "api key not valid", "api_key_invalid",
		"authentication_error", "invalid api key") || p.status == http.StatusUnauthorized:
		return llm.Auth
	case p.mentions("context_length_exceeded", "maximum context length", "context window", "context size",
		"context length", "prompt is too long", "too many tokens", "reduce the length") && p.status < 500 &&
		p.status != http.StatusTooManyRequests || p.status == http.StatusRequestEntityTooLarge:
		return llm.TooLong
	case p.status == http.StatusTooManyRequests || p.mentions("rate_limit", "rate limit", "resource_exhausted") && p.status < 400:
		return llm.RateLimited
	case p.mentions("content_filter", "content_policy", "responsibleaipolicyviolation", "content management policy"):
		return llm.Refused
	case p.status != http.StatusTooManyRequests && p.status < 500 && namesModel(p):
		return llm.NoModel
	case p.status == http.StatusForbidden:
		return llm.Auth
	case p.status == http.StatusRequestTimeout || p.status == http.StatusGatewayTimeout:
		return llm.Timeout
	case p.status == http.StatusNotImplemented || refusesStreaming(p):
		return llm.NoStreaming
	case p.status == 0 || p.status >= 500:
		return llm.Overloaded
	}
	return llm.BadRequest
}

// namesModel recognises a complaint about the name of the model.
func namesModel(p *problem) bool {
	if p.mentions("model_not_found", "not a valid model", "unknown model", "invalid model", "no such model",
		"model_not_exist", "model not exist", "does not have access to model", "model_decommissioned") {
		return true
	}
	return p.mentions("model") && (p.status == http.StatusNotFound || p.mentions("does not exist", "not found"))
}

func refusesStreaming(p *problem) bool {
	return p.param == "stream" || p.mentions("streaming is not supported", "does not support streaming",
		"stream is not supported", "streaming not supported")
}

// sentence says what happened and what to do about it. Status 0 is unknown.
func (m *Model) sentence(class llm.Class, status int, model string) string {
	if said := m.at.Sentence(class, status, model); said != "" {
		return said
	}
	if status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status >= 300 && status < 400 {
		return m.at.At(status) + " has no chat completions at this address: check the base URL, it often ends in /v1."
	}
	return m.at.At(status) + " rejects the request."
}
