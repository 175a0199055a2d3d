// Package openai transcribes with any endpoint that speaks OpenAI's protocol
// for it: OpenAI itself, Groq, Mistral, vLLM, whisper.cpp's server, Speaches and
// LocalAI among them.
//
// It translates and classifies, and it never retries. The key leaves this
// package in the Authorization header and nowhere else: not in errors, even when
// a provider echoes it.
package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/speech"
)

// Bounds of what is read from a provider.
const (
	maxAnswer    = 1 << 20
	maxErrorBody = 64 << 10
)

// Config says where a provider is and how long to wait for it.
type Config struct {
	BaseURL   string            // up to the version, such as https://api.openai.com/v1
	APIKey    string            // "" for servers that want none
	Transport http.RoundTripper // nil: http.DefaultTransport
	Timeout   time.Duration     // for one recording; 0: 2 minutes
}

// Recogniser transcribes with one provider. It is safe for concurrent use.
type Recogniser struct {
	base    string
	key     string
	timeout time.Duration
	client  *http.Client
}

// New returns a recogniser for the provider. A wrong address or key shows at
// the first call.
func New(c Config) *Recogniser {
	if c.Timeout <= 0 {
		c.Timeout = 2 * time.Minute
	}
	base := strings.TrimRight(strings.TrimSpace(c.BaseURL), "/")
	for _, path := range []string{"/chat/completions", "/audio/transcriptions"} {
		base = strings.TrimRight(strings.TrimSuffix(base, path), "/")
	}
	return &Recogniser{
		base: base, key: strings.TrimSpace(c.APIKey), timeout: c.Timeout,
		client: &http.Client{
			Transport: c.Transport,
			// A redirect would carry the recording to another place.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// errTooSlow ends a call that takes too long.
var errTooSlow = errors.New("no transcript in time")

// Transcribe implements speech.Recogniser.
func (r *Recogniser) Transcribe(ctx context.Context, a speech.Audio) (*speech.Transcript, error) {
	if a.Size > speech.MaxAudio {
		return nil, &speech.Error{Class: speech.TooLong,
			Message: fmt.Sprintf("The recording is larger than %d MB and was not sent.", speech.MaxAudio>>20)}
	}
	timed, cancel := context.WithTimeoutCause(ctx, r.timeout, errTooSlow)
	defer cancel()
	req, err := r.request(timed, a)
	if err != nil {
		return nil, err
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, r.noConnection(ctx, timed, err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(res.Body, maxErrorBody)) // half a reason is one, too
		return nil, r.refusal(res, body, a.Model)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, r.noConnection(ctx, timed, err)
	}
	return r.read(body)
}

// endpoint returns the address of the transcriptions.
func (r *Recogniser) endpoint() (string, error) {
	u, err := url.Parse(r.base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", &speech.Error{Class: speech.Unreachable,
			Message: "The base URL is not a web address; it looks like https://api.openai.com/v1."}
	}
	return u.JoinPath("audio", "transcriptions").String(), nil
}

// host names the provider in messages.
func (r *Recogniser) host() string {
	if u, err := url.Parse(r.base); err == nil && u.Host != "" {
		return u.Host
	}
	return "the provider"
}
