package httptool

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"

	"parley"
)

// maxPage is how much is read of a page.
const maxPage = 2 << 20

// Page reads a page of a website, as a browser that is not signed in gets it,
// and returns the address that it was redirected to as well. It goes through
// the same guard as tools. It returns CodeForbidden for an address that may not
// be reached and CodeUnavailable for what goes wrong on the way.
func (c *Client) Page(ctx context.Context, url string) (address, text string, err error) {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", "", parley.Errorf(parley.CodeInvalid, "This is not the address of a page.")
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	req.Header.Set("User-Agent", "Parley (looks for its widget)")
	resp, err := c.http.Do(req)
	if err != nil {
		return "", "", noPage(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return "", "", parley.Errorf(parley.CodeUnavailable, "The page answers %d %s.", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if media != "" && media != "text/html" && media != "application/xhtml+xml" {
		return "", "", parley.Errorf(parley.CodeUnavailable, "The address does not lead to a page, but to %s.", media)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
	if err != nil {
		return "", "", &parley.Error{Code: parley.CodeUnavailable, Message: "The page was cut off.", Err: err}
	}
	return resp.Request.URL.String(), string(body), nil
}

// noPage says in words why a page did not answer.
func noPage(err error) error {
	if private, ok := errors.AsType[*PrivateError](err); ok {
		return &parley.Error{Code: parley.CodeForbidden, Err: err,
			Message: private.Addr.String() + " is not a public address, and Parley reads only public pages. Allow the network with --allow-net."}
	}
	msg := "The page does not answer."
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, isCert := errors.AsType[*tls.CertificateVerificationError](err)
	_, isRedirect := errors.AsType[*parley.Error](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		msg = fmt.Sprintf("The page did not answer within %s.", defaultTimeout)
	case isDNS:
		msg = fmt.Sprintf("The host %s is not known.", dns.Name)
	case isCert:
		msg = "The certificate of the site is not valid."
	case isRedirect:
		msg = "The page redirects too often, or from https to http."
	}
	return &parley.Error{Code: parley.CodeUnavailable, Message: msg, Err: err}
}
