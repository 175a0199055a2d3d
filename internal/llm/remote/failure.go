package remote

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/internal/llm"
)

// MaxRetryAfter is the longest wait that is believed.
const MaxRetryAfter = 7 * 24 * time.Hour

// Failure is an error of a class in words that end with what the provider said,
// without the key.
func (p *Provider) Failure(class llm.Class, message, said string) *llm.Error {
	if words := Clip(p.Redact(said)); words != "" {
		message += " It says: " + words
	}
	return &llm.Error{Class: class, Message: message}
}

// Sentence says what happened and what to do about it, for the classes of which
// that is the same at every provider; "" for the others. Status 0 is unknown.
func (p *Provider) Sentence(class llm.Class, status int, model string) string {
	at := p.At(status)
	switch class {
	case llm.Auth:
		if p.key == "" {
			return at + " wants an API key, and none is set."
		}
		return at + " does not accept the API key: check it, and what it is allowed to do."
	case llm.NoModel:
		return fmt.Sprintf("%s does not know the model %q, or the key may not use it: check the model's name.", at, Clip(model))
	case llm.RateLimited:
		return at + " refuses more requests for now: its rate limit is reached."
	case llm.NoCredit:
		return "The account at " + at + " is out of money or over its quota."
	case llm.Overloaded:
		return at + " failed on its side."
	case llm.Timeout:
		return at + " gave up waiting for the model."
	case llm.TooLong:
		return fmt.Sprintf("The conversation does not fit into the context of the model %q.", Clip(model))
	case llm.Refused:
		return "The content filter of " + at + " refused the request."
	case llm.NoStreaming:
		return at + " answers, but cannot stream: Parley needs a model that streams."
	default:
		return ""
	}
}

// noConnection puts a failed connection into words.
func (p *Provider) noConnection(w *Watch, err error) error {
	if e := w.Failure(); e != nil {
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
		Message: fmt.Sprintf("%s cannot be reached: %s. Check the base URL, and that the server runs.", p.Host(), why),
		Err:     p.Clean(err)}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// RetryAfter reads Retry-After, in seconds or as a date (RFC 9110, 10.2.3), and
// OpenAI's retry-after-ms. 0 is unknown.
func RetryAfter(h http.Header, now time.Time) time.Duration {
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
	return time.Duration(min(seconds, MaxRetryAfter.Seconds()) * float64(time.Second))
}
