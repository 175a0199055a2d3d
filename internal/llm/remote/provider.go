// Package remote is what the adapters of providers that are called over HTTP
// share: one connection without redirects, a clock that ends a call which makes
// no progress, a bounded reader of event streams, and words for what went wrong.
//
// It knows no provider's protocol. The key never leaves it in an error, even
// when a provider echoes it.
package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/llm"
)

// MaxErrorBody bounds what is read of an answer that is no stream.
const MaxErrorBody = 64 << 10

// Config says where a provider is and how long to wait for it.
type Config struct {
	BaseURL    string            // up to the version, such as https://api.openai.com/v1
	APIKey     string            // "" for servers that want none
	Transport  http.RoundTripper // nil: http.DefaultTransport
	FirstToken time.Duration     // until the first piece of a reply; 0: 30 s
	Stall      time.Duration     // between two pieces; 0: 30 s
}

// Provider is the place that calls go to. It is safe for concurrent use.
type Provider struct {
	base       string
	key        string
	client     *http.Client
	firstToken time.Duration
	stall      time.Duration
}

// New returns the provider of the settings. A base URL may end in the path of
// the calls themselves, which is then cut off. A wrong address or key shows at
// the first call.
func New(c Config, path string) *Provider {
	if c.FirstToken <= 0 {
		c.FirstToken = 30 * time.Second
	}
	if c.Stall <= 0 {
		c.Stall = 30 * time.Second
	}
	base := strings.TrimRight(strings.TrimSpace(c.BaseURL), "/")
	base = strings.TrimRight(strings.TrimSuffix(base, path), "/")
	return &Provider{
		base:       base,
		key:        strings.TrimSpace(c.APIKey),
		firstToken: c.FirstToken,
		stall:      c.Stall,
		client: &http.Client{
			Transport: c.Transport,
			// A redirect would carry the conversation to another place.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Key returns the API key, "" for none.
func (p *Provider) Key() string { return p.key }

// Host names the provider in messages.
func (p *Provider) Host() string {
	if u, err := url.Parse(p.base); err == nil && u.Host != "" {
		return u.Host
	}
	return "the provider"
}

// At names the provider and the status with which it answered; 0 is unknown.
func (p *Provider) At(status int) string {
	if status == 0 {
		return p.Host()
	}
	return fmt.Sprintf("%s (status %d)", p.Host(), status)
}

// Request makes a request to a path below the base URL, for which body may be
// nil. Its error is an *llm.Error of class unreachable.
func (p *Provider) Request(ctx context.Context, method, path string, query url.Values, body io.Reader) (*http.Request, error) {
	u, err := url.Parse(p.base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, &llm.Error{Class: llm.Unreachable,
			Message: "The base URL is not a web address; it begins with https:// or http://."}
	}
	u = u.JoinPath(path)
	if len(query) > 0 {
		u.RawQuery = query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, &llm.Error{Class: llm.Unreachable, Message: "The base URL cannot be called.", Err: p.Clean(err)}
	}
	return r, nil
}

// Do sends a request that belongs to a watch. Its error is an *llm.Error.
func (p *Provider) Do(w *Watch, r *http.Request) (*http.Response, error) {
	res, err := p.client.Do(r)
	if err != nil {
		return nil, p.noConnection(w, err)
	}
	return res, nil
}
