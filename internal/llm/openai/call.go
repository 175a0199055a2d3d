package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// call sends one request and reads its stream. A rejected request comes back as
// a *rejection, every other failure but onText's as an *llm.Error.
func (m *Model) call(
	ctx context.Context, req *llm.Request, q quirks, onText func(string) error,
) (*llm.Response, error) {
	wire, sent := build(req, q)
	body, err := json.Marshal(wire)
	if err != nil {
		return nil, &llm.Error{Class: llm.BadRequest,
			Message: "The request could not be written: a tool or a schema is not valid JSON.", Err: err}
	}
	w := m.at.Watch(ctx)
	defer w.Stop()
	hr, err := m.request(w, http.MethodPost, path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	hr.Header.Set("Content-Type", "application/json")
	hr.Header.Set("Accept", "text/event-stream")
	res, err := m.at.Do(w, hr)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, m.refusal(w, res, req.Model, sent)
	}
	events, err := m.at.Open(w, res, func(body []byte) error { return m.notAStream(body, req.Model) })
	if err != nil {
		return nil, err
	}
	a := &assembly{m: m, asked: req.Model}
	if err := m.at.Read(w, events, a, onText); err != nil {
		return a.response(), err
	}
	return m.complete(a, req)
}

// request makes a request with the key.
func (m *Model) request(w *remote.Watch, method, path string, body io.Reader) (*http.Request, error) {
	hr, err := m.at.Request(w.Context(), method, path, nil, body)
	if err == nil && m.at.Key() != "" {
		hr.Header.Set("Authorization", "Bearer "+m.at.Key())
	}
	return hr, err
}
