package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"parley/internal/speech"
)

// maxRetryAfter is the longest wait that is believed.
const maxRetryAfter = 24 * time.Hour

// refusal turns a status other than 200 into an error.
func (r *Recogniser) refusal(res *http.Response, body []byte, model string) error {
	class := classify(res.StatusCode, strings.ToLower(string(body)))
	message := r.sentence(class, res.StatusCode, model)
	if words := r.quote(body); words != "" {
		message += " It says: " + words
	}
	return &speech.Error{Class: class, Message: message, RetryAfter: retryAfter(res.Header, time.Now())}
}

// classify says what kind of trouble it is: what the body says counts before the
// status.
func classify(status int, body string) speech.Class {
	mentions := func(hints ...string) bool {
		for _, h := range hints {
			if strings.Contains(body, h) {
				return true
			}
		}
		return false
	}
	switch {
	case mentions("insufficient_quota", "insufficient balance", "insufficient credits") || status == http.StatusPaymentRequired:
		return speech.NoCredit
	case mentions("invalid_api_key", "incorrect api key", "invalid api key") || status == http.StatusUnauthorized:
		return speech.Auth
	case status == http.StatusRequestEntityTooLarge, mentions("maximum content size", "audio file is too long"):
		return speech.TooLong
	case status == http.StatusTooManyRequests:
		return speech.RateLimited
	case status < 500 && (mentions("model_not_found", "unknown model", "invalid model", "no such model") ||
		mentions("model") && (status == http.StatusNotFound || mentions("does not exist", "not found"))):
		return speech.NoModel
	case status == http.StatusForbidden:
		return speech.Auth
	case status == http.StatusRequestTimeout, status == http.StatusGatewayTimeout:
		return speech.Timeout
	case status >= 500:
		return speech.Overloaded
	case status == http.StatusUnsupportedMediaType, mentions("file format", "could not be decoded", "corrupted", "audio file might be",
		"failed to load audio", "failed to decode", "invalid data found"):
		return speech.BadAudio
	}
	return speech.BadRequest
}

// sentence says what happened and what to do about it.
func (r *Recogniser) sentence(class speech.Class, status int, model string) string {
	at := fmt.Sprintf("%s (status %d)", r.host(), status)
	switch class {
	case speech.Auth:
		if r.key == "" {
			return at + " wants an API key, and none is set."
		}
		return at + " does not accept the API key: check it, and what it is allowed to do."
	case speech.NoModel:
		return fmt.Sprintf("%s does not know the model %q, or the key may not use it: check the model's name.", at, clip(model))
	case speech.RateLimited:
		return at + " refuses more requests for now: its rate limit is reached."
	case speech.NoCredit:
		return "The account at " + at + " is out of money or over its quota."
	case speech.Overloaded:
		return at + " failed on its side."
	case speech.Timeout:
		return at + " gave up waiting for the transcript."
	case speech.TooLong:
		return "The recording is too large for " + at + "."
	case speech.BadAudio:
		return at + " cannot read the recording."
	default:
		if status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status >= 300 && status < 400 {
			return at + " has no transcriptions at this address: check the base URL, it often ends in /v1."
		}
		return at + " rejects the request."
	}
}

// noConnection puts a failed connection into words. timed is ctx with the time
// limit.
func (r *Recogniser) noConnection(ctx, timed context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &speech.Error{Class: speech.Canceled, Message: "The transcription was canceled.", Err: ctx.Err()}
	}
	if timed.Err() != nil {
		return &speech.Error{Class: speech.Timeout, Message: r.host() + " sent no transcript in time.", Err: context.Cause(timed)}
	}
	why := "the connection broke"
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		why = "its name could not be looked up"
	case errors.Is(err, syscall.ECONNREFUSED):
		why = "the connection was refused"
	case strings.Contains(err.Error(), "tls:") || strings.Contains(err.Error(), "x509:"):
		why = "a secure connection could not be made"
	case strings.Contains(err.Error(), "invalid header field value"):
		return &speech.Error{Class: speech.Auth, Message: "The API key holds characters that no key has: paste it again."}
	}
	return &speech.Error{Class: speech.Unreachable, Err: r.clean(err),
		Message: fmt.Sprintf("%s cannot be reached: %s. Check the base URL, and that the server runs.", r.host(), why)}
}

// quote returns what an error body says, without a key.
func (r *Recogniser) quote(body []byte) string {
	var w struct {
		Error   any    `json:"error"`
		Message string `json:"message"`
		Detail  any    `json:"detail"`
	}
	if json.Unmarshal(body, &w) != nil {
		return ""
	}
	words := w.Message
	switch e := w.Error.(type) {
	case string:
		words = e
	case map[string]any:
		words, _ = e["message"].(string)
	}
	if d, ok := w.Detail.(string); ok && words == "" {
		words = d
	}
	return clip(r.redact(words))
}

// redacted stands for a key.
const redacted = "[key]"

// keyLike matches what looks like a key of a known provider, whole or with its
// middle starred out, and bearer tokens.
var keyLike = regexp.MustCompile(`(?i)\b(?:sk|pk|gsk|xai|hf|key|api)[-_][A-Za-z0-9*_.\-]{6,}|AIza[A-Za-z0-9_*\-]{6,}|bearer\s+[A-Za-z0-9*_.\-]{6,}|\*{4,}[A-Za-z0-9]{2,}`)

// redact removes the key, and what looks like one, from a provider's words.
func (r *Recogniser) redact(s string) string {
	if r.key != "" {
		for _, form := range []string{r.key, url.QueryEscape(r.key)} {
			s = strings.ReplaceAll(s, form, redacted)
		}
	}
	return keyLike.ReplaceAllString(s, redacted)
}

// clean returns an error for the log that holds no key and no address.
func (r *Recogniser) clean(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if text := err.Error(); r.redact(text) != text {
		return errors.New(clip(r.redact(text)))
	}
	return err
}

// maxQuote is how much of a provider's words an error repeats, in runes.
const maxQuote = 300

// clip folds words into one line of at most maxQuote runes.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " "), "�")
	if r := []rune(s); len(r) > maxQuote {
		return string(r[:maxQuote-1]) + "…"
	}
	return s
}

// retryAfter reads Retry-After, in seconds or as a date (RFC 9110, 10.2.3). 0 is
// unknown.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	s, err := strconv.ParseFloat(v, 64)
	if err != nil {
		t, err := http.ParseTime(v)
		if err != nil {
			return 0
		}
		s = t.Sub(now).Seconds()
	}
	if !(s > 0) {
		return 0
	}
	return time.Duration(min(s, maxRetryAfter.Seconds()) * float64(time.Second))
}
