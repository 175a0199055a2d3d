package httptool

import (
	"context"
	"errors"
	"io"
	"net/http"

	"parley"
)

// maxPage is how much is read of a page.
const maxPage = 2 << 20

// Page reads a page of a website, as a browser that is not signed in gets it.
// It goes through the same guard as tools. It returns CodeForbidden for an
// address that may not be reached and CodeUnavailable for what goes wrong on
// the way.
func (c *Client) Page(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", parley.Errorf(parley.CodeInvalid, "This is not the address of a page.")
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	req.Header.Set("User-Agent", "Parley (looks for its widget)")
	resp, err := c.http.Do(req)
	if private, ok := errors.AsType[*PrivateError](err); ok {
		return "", &parley.Error{Code: parley.CodeForbidden, Err: err,
			Message: private.Addr.String() + " is not a public address, and Parley reads only public pages. Allow the network with --allow-net."}
	}
	if err != nil {
		return "", &parley.Error{Code: parley.CodeUnavailable, Message: "The page does not answer.", Err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
	if err != nil {
		return "", &parley.Error{Code: parley.CodeUnavailable, Message: "The page was cut off.", Err: err}
	}
	if resp.StatusCode != http.StatusOK {
		return "", parley.Errorf(parley.CodeUnavailable, "The page answers %d %s.", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return string(body), nil
}
