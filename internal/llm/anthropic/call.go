package anthropic

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// call sends one request and reads its stream. A rejected request comes back as
// a *rejection, every other failure but onText's as an *llm.Error.
func (m *Model) call(
	ctx context.Context, req *llm.Request, q quirks, onText func(string) error,
) (*llm.Response, error) {
	wire := build(req, q)
	body, err := json.Marshal(wire)
	if err != nil {
		return nil, &llm.Error{Class: llm.BadRequest,
			Message: "The request could not be written: a tool or a schema is not valid JSON.", Err: err}
	}
	w := m.at.Watch(ctx)
	defer w.Stop()
	hr, err := m.request(w, http.MethodPost, messagesPath, nil, bytes.NewReader(body))
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
		return nil, m.refusal(w, res, req.Model, wire)
	}
	events, err := m.at.Open(w, res, func(body []byte) error { return m.notAStream(body, req.Model) })
	if err != nil {
		return nil, err
	}
	a := &assembly{m: m, asked: req.Model, byIndex: map[int]*block{}}
	if err := m.at.Read(w, events, a, onText); err != nil {
		return a.response(), err
	}
	return m.complete(a, req)
}

// request makes a request with the key and the version of the protocol.
func (m *Model) request(w *remote.Watch, method, path string, query url.Values, body io.Reader) (*http.Request, error) {
	hr, err := m.at.Request(w.Context(), method, path, query, body)
	if err != nil {
		return nil, err
	}
	hr.Header.Set("Anthropic-Version", version)
	if m.at.Key() != "" {
		hr.Header.Set("X-Api-Key", m.at.Key())
	}
	return hr, nil
}

// notAStream says what a JSON body with status 200 means.
func (m *Model) notAStream(body []byte, model string) error {
	if p := problemOf(0, body); p.found {
		return m.failureOf(p, model)
	}
	var whole struct {
		Type    string            `json:"type"`
		Content []json.RawMessage `json:"content"`
	}
	if json.Unmarshal(body, &whole) == nil && whole.Type == "message" {
		return &llm.Error{Class: llm.NoStreaming,
			Message: "The provider answers, but in one piece: Parley needs a model that streams."}
	}
	return &llm.Error{Class: llm.Malformed,
		Message: "What " + m.at.Host() + " answered is not the Messages API: check the base URL."}
}

// complete checks a reply that was sent to its end.
func (m *Model) complete(a *assembly, req *llm.Request) (*llm.Response, error) {
	resp := a.response()
	switch {
	case resp == nil:
		return nil, &llm.Error{Class: llm.Truncated, Message: "The provider sent an empty reply."}
	case a.finish == "refusal":
		return resp, m.at.Failure(llm.Refused, "The model refused to answer.", a.why)
	case a.finish == "model_context_window_exceeded" && resp.Text == "" && len(resp.ToolCalls) == 0:
		return resp, &llm.Error{Class: llm.TooLong, Message: m.at.Sentence(llm.TooLong, 0, req.Model)}
	}
	if req.Schema != nil {
		resp.Text = remote.BareJSON(resp.Text)
	}
	return resp, nil
}
