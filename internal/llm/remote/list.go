package remote

import (
	"context"
	"io"
	"net/http"
	"time"

	"parley/internal/llm"
)

// The bounds of a list of models.
const (
	listTime  = 10 * time.Second
	maxList   = 8 << 20
	MaxListed = 2000
)

// List asks a provider for its models and returns the answer, at most maxList of
// it. A status that means nothing but refusal goes to refusal. Every error is an
// *llm.Error; one of class bad_request may mean that the provider has no list.
func (p *Provider) List(
	ctx context.Context, request func(*Watch) (*http.Request, error), refusal func(*Watch, *http.Response) error,
) ([]byte, error) {
	w := newWatch(ctx, listTime, p.Host()+" did not list its models within "+inWords(listTime)+".")
	defer w.Stop()
	r, err := request(w)
	if err != nil {
		return nil, err
	}
	res, err := p.Do(w, r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return nil, p.NoList(p.At(res.StatusCode))
	default:
		return nil, refusal(w, res)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxList+1))
	switch {
	case err != nil && w.Failure() != nil:
		return nil, w.Failure()
	case err != nil:
		return nil, &llm.Error{Class: llm.Truncated, Message: "The connection broke in the middle of the list.", Err: p.Clean(err)}
	case len(body) > maxList:
		return nil, &llm.Error{Class: llm.Malformed, Message: p.Host() + " sent more than a list of models can hold."}
	}
	return body, nil
}

// NoList is the error of a provider that does not list its models. At names it.
func (p *Provider) NoList(at string) error {
	return &llm.Error{Class: llm.BadRequest, Message: at + " does not list its models: type the name of one."}
}
