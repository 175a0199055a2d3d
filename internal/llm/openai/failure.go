package openai

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/internal/llm"
)

// maxRetryAfter is the longest wait that is believed.
const maxRetryAfter = 7 * 24 * time.Hour

// refusal turns a status other than 200 into an error; into a *rejection if a
// parameter may be to blame.
func (m *Model) refusal(w *watch, res *http.Response, model string, sent sentParams) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxErrorBody))
	if e := w.failure(); err != nil && e != nil {
		return e
	}
	p := problemOf(res.StatusCode, body)
	e := m.failureOf(p, model)
	e.RetryAfter = retryAfter(res.Header, time.Now())
	if e.Class != llm.BadRequest || res.StatusCode >= 500 {
		return e
	}
	return &rejection{failure: e, param: strings.ToLower(p.param), body: p.body, sent: sent}
}

// failureOf classifies a problem and puts it into words.
func (m *Model) failureOf(p problem, model string) *llm.Error {
	class := classify(&p)
	msg := m.sentence(class, p.status, model)
	if words := clip(m.redact(p.message)); words != "" {
		msg += " It says: " + words
	}
	return &llm.Error{Class: class, Message: msg}
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
	at := m.host()
	if status != 0 {
		at += fmt.Sprintf(" (status %d)", status)
	}
	switch class {
	case llm.Auth:
		if m.key == "" {
			return at + " wants an API key, and none is set."
		}
		return at + " does not accept the API key: check it, and what it is allowed to do."
	case llm.NoModel:
		return fmt.Sprintf("%s does not know the model %q, or the key may not use it: check the model's name.", at, clip(model))
	case llm.RateLimited:
		return at + " refuses more requests for now: its rate limit is reached."
	case llm.NoCredit:
		return "The account at " + at + " is out of money or over its quota."
	case llm.Overloaded:
		return at + " failed on its side."
	case llm.Timeout:
		return at + " gave up waiting for the model."
	case llm.TooLong:
		return fmt.Sprintf("The conversation does not fit into the context of the model %q.", clip(model))
	case llm.Refused:
		return "The content filter of " + at + " refused the request."
	case llm.NoStreaming:
		return at + " answers, but cannot stream: Parley needs a model that streams."
	default:
		if status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status >= 300 && status < 400 {
			return at + " has no chat completions at this address: check the base URL, it often ends in /v1."
		}
		return at + " rejects the request."
	}
}

// noConnection puts a failed connection into words.
func (m *Model) noConnection(w *watch, err error) error {
	if e := w.failure(); e != nil {
		return e
	}
	why := "the connection broke"
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		why = "there is no server of this name"
	case errors.As(err, &dns):
		why = "its name could not be looked up"
	case errors.Is(err, syscall.ECONNREFUSED):
		why = "the connection was refused"
	case isTimeout(err):
		why = "it did not answer in time"
	case strings.Contains(err.Error(), "tls:") || strings.Contains(err.Error(), "x509:"):
		why = "a secure connection could not be made"
	case strings.Contains(err.Error(), "invalid header field value"):
		return &llm.Error{Class: llm.Auth, Message: "The API key holds characters that no key has: paste it again."}
	}
	return &llm.Error{Class: llm.Unreachable,
		Message: fmt.Sprintf("%s cannot be reached: %s. Check the base URL, and that the server runs.", m.host(), why),
		Err:     m.clean(err)}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// badAddress is an address that cannot be called at all.
func (m *Model) badAddress(err error) error {
	return &llm.Error{Class: llm.Unreachable, Message: "The base URL cannot be called.", Err: m.clean(err)}
}

// retryAfter reads Retry-After, in seconds or as a date (RFC 9110, 10.2.3), and
// OpenAI's retry-after-ms. 0 is unknown.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return bounded(ms / 1000)
	}
	v := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		return bounded(s)
	}
	if t, err := http.ParseTime(v); err == nil {
		return bounded(t.Sub(now).Seconds())
	}
	return 0
}

func bounded(seconds float64) time.Duration {
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
}
