package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"parley"
)

// timeout is how long an answer may take.
const timeout = 20 * time.Second

// Poster posts webhooks of one app.
type Poster struct {
	HTTP   *http.Client
	Secret string
}

// Sign returns the X-Hub-Signature-256 of a body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Post sends a signed webhook and returns the answer; status 0 is none.
func (p *Poster) Post(ctx context.Context, target string, body []byte) (status int, answer string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "facebookexternalua")
	req.Header.Set("X-Hub-Signature-256", Sign(p.Secret, body))
	return p.exchange(req)
}

func (p *Poster) exchange(req *http.Request) (int, string, error) {
	res, err := p.HTTP.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	const most = 64 << 10
	b, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return 0, "", err
	}
	return res.StatusCode, string(b), nil
}

// Handshake asks the receiver to prove that it expects the webhooks. Errors:
// invalid for an address that cannot be, unavailable.
func (p *Poster) Handshake(ctx context.Context, address, token, challenge string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return parley.Errorf(parley.CodeInvalid, "A webhook is an http or https address.")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.challenge", challenge)
	q.Set("hub.verify_token", token)
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return parley.Errorf(parley.CodeInvalid, "A webhook is an http or https address.")
	}
	status, answer, err := p.exchange(req)
	switch {
	case err != nil:
		return parley.Errorf(parley.CodeUnavailable, "The webhook did not answer: %w", err)
	case status != http.StatusOK:
		return parley.Errorf(parley.CodeUnavailable, "The webhook answered the handshake with status %d.", status)
	case strings.TrimSpace(answer) != challenge:
		return parley.Errorf(parley.CodeUnavailable, "The webhook did not answer the challenge of the handshake.")
	}
	return nil
}

var errElsewhere = errors.New("the simulator reaches this machine only")

// LocalClient reaches this machine and no other.
func LocalClient() *http.Client {
	dialer := &net.Dialer{
		Timeout: 5 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return err
			}
			if !isLocal(net.ParseIP(host)) {
				return errElsewhere
			}
			return nil
		},
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// isLocal reports whether the address is one of this machine.
func isLocal(ip net.IP) bool {
	if ip == nil || ip.IsLoopback() {
		return ip != nil
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range addrs {
		if n, is := a.(*net.IPNet); is && n.IP.Equal(ip) {
			return true
		}
	}
	return false
}
