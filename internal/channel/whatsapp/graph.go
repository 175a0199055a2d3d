package whatsapp

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

// graph makes calls to the Graph API. It keeps no state of senders.
type graph struct {
	http         *http.Client
	base         string
	version      string
	timeout      time.Duration
	mediaTimeout time.Duration
}

func newGraph(c Config) *graph {
	return &graph{
		http: &http.Client{
			Transport: c.Transport,
			// A redirect would carry a message, and perhaps the token, elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		base: cmp.Or(strings.TrimRight(c.BaseURL, "/"), graphURL), version: cmp.Or(c.GraphVersion, graphVersion),
		timeout: cmp.Or(c.Timeout, 20*time.Second), mediaTimeout: cmp.Or(c.MediaTimeout, 2*time.Minute),
	}
}

// call is one request.
type call struct {
	method string
	path   []string // after the version, not escaped
	query  url.Values
	json   any       // body, or
	body   io.Reader // body of
	length int64     // bytes and
	mime   string    // type
	// sends says that a repeat of the call would be a second message, so that an
	// answer which is lost leaves it open whether it was sent.
	sends bool
}

// address returns the URL of a path of the sender's Graph API.
func (g *graph) address(s *parley.Sender, path []string, query url.Values) (*url.URL, error) {
	u, err := url.Parse(cmp.Or(strings.TrimRight(s.BaseURL, "/"), g.base))
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

// do makes a call and returns the answer's object.
func (g *graph) do(ctx context.Context, s *parley.Sender, c call) (object, *channel.Error) {
	timeout := g.timeout
	if c.body != nil {
		timeout = g.mediaTimeout
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
	res, err := g.http.Do(req)
	if err != nil {
		return nil, broken(err, c.sends && connected.Load())
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, broken(err, c.sends)
	}
	return answer(s, res, body, c.sends)
}

func (g *graph) request(ctx context.Context, s *parley.Sender, c call) (*http.Request, *channel.Error) {
	u, err := g.address(s, c.path, c.query)
	if err != nil {
		return nil, &channel.Error{Action: channel.Fail, Code: "address", Scope: channel.ScopeSender, Err: err,
			Message: "The number cannot be used: check its base URL, its phone number id and its account id."}
	}
	body, mime := c.body, c.mime
	if c.json != nil {
		b, err := json.Marshal(c.json)
		if err != nil {
			return nil, &channel.Error{Action: channel.Fail, Code: "encoding", Message: "The message cannot be written as JSON.", Err: err}
		}
		body, mime = bytes.NewReader(b), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, c.method, u.String(), body)
	if err != nil {
		return nil, &channel.Error{Action: channel.Fail, Code: "address", Scope: channel.ScopeSender, Err: bare(err),
			Message: "The number cannot be used: its base URL is not a web address."}
	}
	if c.body != nil {
		req.ContentLength = c.length
	}
	if mime != "" {
		req.Header.Set("Content-Type", mime)
	}
	req.Header.Set("Accept", "application/json")
	return req, authorise(req, s)
}

// authorise puts the sender's token on a request to Meta.
func authorise(req *http.Request, s *parley.Sender) *channel.Error {
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

// broken is a connection that failed. Where a message may have gone out, only a
// status or a person can tell.
func broken(err error, maybeSent bool) *channel.Error {
	e := &channel.Error{Action: channel.Retry, Code: "connection", Err: bare(err),
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

// bare drops the address, which may hold a token, from what net/http says.
func bare(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// answer reads what came back. Meta's code decides; the HTTP status only where
// there is no code, which means that it was not Meta who answered.
func answer(s *parley.Sender, res *http.Response, body []byte, sends bool) (object, *channel.Error) {
	o := asObject(body)
	if len(body) > maxAnswer {
		o = nil
	}
	wait := retryAfter(res.Header)
	if fault := o.object("error"); fault != nil {
		e := errorOf(fault)
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
		e.Action, e.RetryAfter, e.Scope = channel.Retry, cmp.Or(wait, shortPause), channel.ScopeSender
	case res.StatusCode/100 == 4 || res.StatusCode/100 == 3:
	case sends:
		e.Action = channel.Ambiguous
		e.Message = fmt.Sprintf("Meta's answer (status %d) cannot be read: the message may have been sent.", res.StatusCode)
	default:
		e.Action, e.RetryAfter = channel.Retry, cmp.Or(wait, shortPause)
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

// retryAfter reads Retry-After in seconds; 0 is unknown.
func retryAfter(h http.Header) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(h.Get("Retry-After")))
	if err != nil || n <= 0 {
		return 0
	}
	return min(time.Duration(min(n, 1<<20))*time.Second, maxRetryWait)
}
