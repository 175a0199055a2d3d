package openai

import (
	"bytes"
	"encoding/json"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// notAStream says what a JSON body with status 200 means.
func (m *Model) notAStream(body []byte, model string) error {
	p := problemOf(0, body)
	if p.found {
		return m.failureOf(p, model)
	}
	var whole struct {
		Choices []json.RawMessage `json:"choices"`
	}
	if json.Unmarshal(body, &whole) == nil && len(whole.Choices) > 0 {
		return &llm.Error{Class: llm.NoStreaming,
			Message: "The provider answers, but in one piece: Parley needs a model that streams."}
	}
	return &llm.Error{Class: llm.Malformed,
		Message: "What " + m.at.Host() + " answered is not the Chat Completions protocol: check the base URL."}
}

// Take implements remote.Reply.
func (a *assembly) Take(ev remote.Event) (remote.Gained, error) {
	if string(ev.Data) == "[DONE]" {
		return remote.Gained{Done: true}, nil
	}
	if ev.Name == "error" || bytes.Contains(ev.Data, []byte(`"error"`)) {
		if p := problemOf(0, ev.Data); p.found || ev.Name == "error" {
			return remote.Gained{}, a.m.failureOf(p, a.asked)
		}
	}
	got, err := a.add(ev.Data)
	if err != nil {
		return remote.Gained{}, a.m.at.Unreadable(err)
	}
	return got, nil
}

// Whole implements remote.Reply.
func (a *assembly) Whole() bool { return a.finish != "" }

// complete checks a reply that was sent to its end.
func (m *Model) complete(a *assembly, req *llm.Request) (*llm.Response, error) {
	resp := a.response()
	switch {
	case a.finish == "content_filter" || a.refusal.Len() > 0:
		msg := "The provider's content filter refused the reply."
		if a.refusal.Len() > 0 {
			msg = "The model refused to answer: " + remote.Clip(m.at.Redact(a.refusal.String()))
		}
		return resp, &llm.Error{Class: llm.Refused, Message: msg}
	case resp == nil:
		return nil, &llm.Error{Class: llm.Truncated, Message: "The provider sent an empty reply."}
	}
	if req.Schema != nil {
		resp.Text = remote.BareJSON(resp.Text)
	}
	return resp, nil
}
