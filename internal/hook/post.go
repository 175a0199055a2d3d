package hook

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"parley/internal/httptool"
	"parley/internal/store/hooks"
)

// The bounds of an answer: what is read of it, so that the connection can be used
// again, and what is kept.
const (
	readAnswer  = 64 << 10
	keepAnswer  = 4 << 10
	keepHeaders = 30
	keepValue   = 300 // bytes of each header
)

// post posts a delivery once. Its Error is "" where the answer was 2xx.
func (s *Service) post(ctx context.Context, h *hooks.Hook, d *hooks.Delivery) *hooks.Attempt {
	now, begun := s.Now(), time.Now()
	a := &hooks.Attempt{At: now, Request: s.headers(h, d, now)}
	defer func() { a.Took = time.Since(begun) }()
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, strings.NewReader(d.Body))
	if err != nil {
		a.Error = "The address cannot be used."
		return a
	}
	req.Header = a.Request.Clone()
	resp, err := s.http.Do(req)
	if err != nil {
		a.Error = s.describe(err)
		return a
	}
	defer func() { _ = resp.Body.Close() }()
	a.Status, a.Headers = resp.StatusCode, kept(resp.Header)
	body, err := io.ReadAll(io.LimitReader(resp.Body, readAnswer))
	a.Answer = readable(body)
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		a.Error = fmt.Sprintf("The receiver answered %s. Redirects are not followed: give the address that it leads to.", status(resp.StatusCode))
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		a.Error = fmt.Sprintf("The receiver answered %s.", status(resp.StatusCode))
	case err != nil:
		a.Error = s.describe(err)
	}
	return a
}

func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// kept returns the headers of an answer that the log shows.
func kept(all http.Header) http.Header {
	out := http.Header{}
	for name, values := range all {
		if len(out) == keepHeaders || name == "Set-Cookie" || len(name) > keepValue {
			continue
		}
		out.Set(readable([]byte(name)), cut(readable([]byte(strings.Join(values, ", "))), keepValue))
	}
	return out
}

// readable returns the beginning of a body as text that the database takes.
func readable(body []byte) string {
	return cut(strings.ReplaceAll(strings.ToValidUTF8(string(body), "\uFFFD"), "\x00", "\uFFFD"), keepAnswer)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + " … (cut)"
}

// describe says in words why there is no answer.
func (s *Service) describe(err error) string {
	private, isPrivate := errors.AsType[*httptool.PrivateError](err)
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, isCert := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case isPrivate:
		return fmt.Sprintf("%s is not a public address, and nothing was sent. Allow the network with --allow-net.", private.Addr)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("The receiver did not answer within %s.", s.Timeout)
	case isDNS:
		return fmt.Sprintf("The host %s is not known.", dns.Name)
	case isCert:
		return "The receiver's certificate is not valid."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The receiver refused the connection."
	}
	return "The receiver cannot be reached, or broke the connection off."
}
