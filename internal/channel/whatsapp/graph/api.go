// Package graph calls Meta's Graph API: it reads and changes what Meta knows of
// numbers, accounts and templates, and says what Meta's errors mean.
//
// It reads Meta's JSON with tolerance and everything within bounds. It never
// follows a redirect by itself, and the token leaves it in the Authorization
// header and in the one call that asks about the token, and nowhere else: not in
// errors, even when Meta repeats it.
package graph

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/channel"
)

// Config says how Meta is called. The zero value calls Meta itself.
type Config struct {
	Transport    http.RoundTripper // nil: http.DefaultTransport
	BaseURL      string            // for senders without one; "": https://graph.facebook.com
	GraphVersion string            // for senders without one; "": v25.0
	Timeout      time.Duration     // of one call; 0: 20 s
	MediaTimeout time.Duration     // of one upload or download; 0: 2 minutes
	Now          func() time.Time  // nil: time.Now
}

const (
	graphURL     = "https://graph.facebook.com"
	graphVersion = "v25.0"
	maxAnswer    = 4 << 20 // bytes of one answer; a page of templates is the largest
	maxRetryWait = time.Hour
)

// API makes calls to the Graph API. It keeps no state of senders.
type API struct {
	HTTP         *http.Client  // follows no redirect
	MediaTimeout time.Duration // of one upload or download
	base         string
	version      string
	timeout      time.Duration
}

// NewAPI returns an API.
func NewAPI(c Config) *API {
	return &API{
		HTTP: &http.Client{
			Transport: c.Transport,
			// A redirect would carry a message, and perhaps the token, elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		base: cmp.Or(strings.TrimRight(c.BaseURL, "/"), graphURL), version: cmp.Or(c.GraphVersion, graphVersion),
		timeout: cmp.Or(c.Timeout, 20*time.Second), MediaTimeout: cmp.Or(c.MediaTimeout, 2*time.Minute),
	}
}

// Call is one request.
type Call struct {
	Method string
	Path   []string // after the version, not escaped
	Query  url.Values
	JSON   any       // body, or
	Body   io.Reader // body of
	Length int64     // bytes and
	MIME   string    // type
	// Resumable says that the body is that of an upload which was begun before.
	// Meta wants the token under another name there.
	Resumable bool
	// Sends says that a repeat of the call would be a second message, so that an
	// answer which is lost leaves it open whether it was sent.
	Sends bool
}

// Base returns the base URL of the sender's Graph API.
func (g *API) Base(s *parley.Sender) string { return cmp.Or(strings.TrimRight(s.BaseURL, "/"), g.base) }

// address returns the URL of a path of the sender's Graph API.
func (g *API) address(s *parley.Sender, path []string, query url.Values) (*url.URL, error) {
	if s.Simulated && g.Base(s) == graphURL {
		return nil, errors.New("a simulated number has no base URL, and nothing of it leaves this machine")
	}
	u, err := url.Parse(g.Base(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the base URL is not a web address")
	}
	parts := []string{url.PathEscape(cmp.Or(s.GraphVersion, g.version))}
	for _, p := range path {
		if p == "" || p == "." || p == ".." {
			return nil, errors.New("an id is missing")
		}
		parts = append(parts, url.PathEscape(p))
	}
	u = u.JoinPath(parts...)
	u.RawQuery = query.Encode()
	return u, nil
}

// Do makes a call and returns the answer's Object.
func (g *API) Do(ctx context.Context, s *parley.Sender, c Call) (Object, *channel.Error) {
	timeout := g.timeout
	if c.Body != nil {
		timeout = g.MediaTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// Before there is a connection nothing can have been written to it.
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, e := g.request(ctx, s, c)
	if e != nil {
		return nil, e
	}
	res, err := g.HTTP.Do(req)
	if err != nil {
		return nil, Broken(err, c.Sends && connected.Load())
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, Broken(err, c.Sends)
	}
	return answer(s, res, body, c.Sends)
}

func (g *API) request(ctx context.Context, s *parley.Sender, c Call) (*http.Request, *channel.Error) {
	u, err := g.address(s, c.Path, c.Query)
	if err != nil {
		return nil, &channel.Error{Action: channel.Fail, Code: "address", Scope: channel.ScopeSender, Err: err,
			Message: "The number cannot be used: check its base URL, its phone number id and its account id."}
	}
	body, mime := c.Body, c.MIME
	if c.JSON != nil {
		b, err := json.Marshal(c.JSON)
		if err != nil {
			return nil, &channel.Error{Action: channel.Fail, Code: "encoding", Message: "The message cannot be written as JSON.", Err: err}
		}
		body, mime = bytes.NewReader(b), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, c.Method, u.String(), body)
	if err != nil {
		return nil, &channel.Error{Action: channel.Fail, Code: "address", Scope: channel.ScopeSender, Err: Bare(err),
			Message: "The number cannot be used: its base URL is not a web address."}
	}
	if c.Body != nil {
		req.ContentLength = c.Length
	}
	if mime != "" {
		req.Header.Set("Content-Type", mime)
	}
	req.Header.Set("Accept", "application/json")
	e := Authorise(req, s)
	if e == nil && c.Resumable {
		req.Header.Set("Authorization", "OAuth "+strings.TrimSpace(s.Token))
		req.Header.Set("file_offset", "0")
	}
	return req, e
}

// Authorise puts the sender's token on a request to Meta.
func Authorise(req *http.Request, s *parley.Sender) *channel.Error {
	token := strings.TrimSpace(s.Token)
	for _, r := range token {
		if r <= ' ' || r > '~' {
			token = ""
			break
		}
	}
	if token == "" {
		return &channel.Error{Action: channel.Fail, Code: "token", Scope: channel.ScopeSender, Stop: parley.StopAll, Alert: true,
			Message: "The number has no usable access token: enter one, without spaces."}
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// Broken is a connection that failed. Where a message may have gone out, only a
// status or a person can tell.
func Broken(err error, maybeSent bool) *channel.Error {
	e := &channel.Error{Action: channel.Retry, Code: "connection", Err: Bare(err),
		Message: "Meta cannot be reached; it is tried again. Check this server's way to the internet."}
	if maybeSent {
		e.Action, e.Message = channel.Ambiguous, "The connection to Meta broke before it answered: the message may have been sent."
	}
	if t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && t.Timeout() {
		e.Code = "timeout"
	}
	return e
}

// Bare drops the address, which may hold a token, from what net/http says.
func Bare(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// answer reads what came back. Meta's code decides; the HTTP status only where
// there is no code, which means that it was not Meta who answered.
func answer(s *parley.Sender, res *http.Response, body []byte, sends bool) (Object, *channel.Error) {
	o := AsObject(body)
	if len(body) > maxAnswer {
		o = nil
	}
	wait := RetryAfter(res.Header)
	if fault := o.Object("error"); fault != nil {
		e := ErrorFrom(fault)
		hide(e, s.Token)
		if e.Action == channel.Retry {
			e.RetryAfter = cmp.Or(wait, e.RetryAfter)
		}
		return nil, e
	}
	if o != nil && res.StatusCode/100 == 2 {
		return o, nil
	}
	e := &channel.Error{Action: channel.Fail, Code: "http_" + strconv.Itoa(res.StatusCode),
		Message: fmt.Sprintf("What answered (status %d) does not speak as Meta does: check the base URL, and what stands between.", res.StatusCode),
		Err:     fmt.Errorf("status %d with %d bytes that are no answer of the Graph API", res.StatusCode, len(body))}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		e.Action, e.RetryAfter, e.Scope = channel.Retry, cmp.Or(wait, ShortPause), channel.ScopeSender
	case res.StatusCode/100 == 4 || res.StatusCode/100 == 3:
	case sends:
		e.Action = channel.Ambiguous
		e.Message = fmt.Sprintf("Meta's answer (status %d) cannot be read: the message may have been sent.", res.StatusCode)
	default:
		e.Action, e.RetryAfter = channel.Retry, cmp.Or(wait, ShortPause)
	}
	return nil, e
}

// hide removes the token from what Meta says: it repeats a malformed one.
func hide(e *channel.Error, token string) {
	if len(token) < 4 || e.Err == nil {
		return
	}
	if said := e.Err.Error(); strings.Contains(said, token) {
		e.Err = errors.New(strings.ReplaceAll(said, token, "…"))
	}
	e.Message = strings.ReplaceAll(e.Message, token, "…")
}

// RetryAfter reads Retry-After in seconds; 0 is unknown.
func RetryAfter(h http.Header) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(h.Get("Retry-After")))
	if err != nil || n <= 0 {
		return 0
	}
	return min(time.Duration(min(n, 1<<20))*time.Second, maxRetryWait)
}
