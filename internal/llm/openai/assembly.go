package openai

import (
	"encoding/json"
	"strings"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// chunk is one event of a stream, with the variants that servers add.
type chunk struct {
	Model   string          `json:"model"`
	Choices []choice        `json:"choices"`
	Usage   json.RawMessage `json:"usage"`
	XGroq   struct {
		Usage json.RawMessage `json:"usage"`
	} `json:"x_groq"`
}

type choice struct {
	Index        int             `json:"index"`
	Delta        delta           `json:"delta"`
	FinishReason string          `json:"finish_reason"`
	Usage        json.RawMessage `json:"usage"` // Moonshot's place for it
}

type delta struct {
	Content          json.RawMessage `json:"content"` // a string, or Mistral's list of parts
	Refusal          string          `json:"refusal"`
	ReasoningContent string          `json:"reasoning_content"` // DeepSeek, vLLM, llama.cpp
	Reasoning        json.RawMessage `json:"reasoning"`         // OpenRouter, Groq, Ollama
	ToolCalls        []callDelta     `json:"tool_calls"`
}

type callDelta struct {
	Index    *int   `json:"index"` // missing at Gemini
	ID       string `json:"id"`
	Function struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"` // a string; an object at some servers
	} `json:"function"`
}

// assembly puts a reply together.
type assembly struct {
	m       *Model
	asked   string // the model that was asked for
	text    strings.Builder
	refusal strings.Builder
	calls   []*callInProgress
	finish  string
	model   string
	usage   json.RawMessage
}

type callInProgress struct {
	index    int // -1: the server does not count
	id, name string
	args     strings.Builder
}

// add takes the data of one event; its error is that of the JSON.
func (a *assembly) add(data []byte) (remote.Gained, error) {
	var c chunk
	if err := json.Unmarshal(data, &c); err != nil {
		return remote.Gained{}, err
	}
	if c.Model != "" {
		a.model = c.Model
	}
	var g remote.Gained
	for _, u := range []json.RawMessage{c.XGroq.Usage, c.Usage} {
		g.Progress = a.addUsage(u) || g.Progress
	}
	for i := range c.Choices {
		ch := &c.Choices[i]
		if ch.Index != 0 {
			continue // one reply was asked for
		}
		g.Progress = a.addUsage(ch.Usage) || g.Progress
		text := textOf(ch.Delta.Content)
		a.text.WriteString(text)
		g.Text += text
		a.refusal.WriteString(ch.Delta.Refusal)
		for j := range ch.Delta.ToolCalls {
			a.addCall(&ch.Delta.ToolCalls[j])
		}
		if text != "" || ch.Delta.Refusal != "" || ch.Delta.ReasoningContent != "" ||
			isSet(ch.Delta.Reasoning) || len(ch.Delta.ToolCalls) > 0 {
			g.Progress = true
		}
		if ch.FinishReason != "" {
			a.finish = ch.FinishReason
			g.Progress, g.Finished = true, true
		}
	}
	return g, nil
}

func (a *assembly) addUsage(raw json.RawMessage) bool {
	if !isSet(raw) || len(raw) > remote.MaxErrorBody {
		return false
	}
	a.usage = append(a.usage[:0:0], raw...)
	return true
}

// addCall adds to the call that a delta belongs to: the one with its index, or
// the newest one where the server does not count. A new id with a name under a
// known index is another call: some servers give all of them index 0.
func (a *assembly) addCall(d *callDelta) {
	var call *callInProgress
	index := -1
	if d.Index != nil {
		index = *d.Index
	}
	for _, c := range a.calls {
		if c.index == index {
			call = c
		}
	}
	startsAnew := d.Function.Name != "" && (index < 0 || call != nil && d.ID != "" && d.ID != call.id)
	if call == nil || startsAnew {
		if len(a.calls) == maxToolCalls {
			return
		}
		call = &callInProgress{index: index}
		a.calls = append(a.calls, call)
	}
	if d.ID != "" {
		call.id = d.ID
	}
	if call.name == "" {
		call.name = d.Function.Name
	}
	var piece string
	if json.Unmarshal(d.Function.Arguments, &piece) != nil {
		piece = string(d.Function.Arguments)
	}
	call.args.WriteString(piece)
}

// response returns what there is of the reply, nil if nothing.
func (a *assembly) response() *llm.Response {
	usage := usageOf(a.usage)
	if a.text.Len() == 0 && len(a.calls) == 0 && usage == nil && a.finish == "" {
		return nil
	}
	r := &llm.Response{Text: a.text.String(), FinishReason: a.finish, Model: a.model, Usage: usage}
	for _, c := range a.calls {
		if c.id == "" {
			c.id = a.m.newCallID()
		}
		r.ToolCalls = append(r.ToolCalls, parley.ToolCall{
			ID: c.id, Name: c.name, Arguments: remote.Arguments(c.args.String()),
		})
	}
	return r
}

// textOf reads content: a string, or a list of parts of which the visible text
// counts. NUL, which no store takes, is left out.
func textOf(raw json.RawMessage) string {
	if !isSet(raw) {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		var parts []struct {
			Type string `json:"type"`
			Text string `json:"text"`
		}
		_ = json.Unmarshal(raw, &parts) // neither: nothing to show
		for _, p := range parts {
			if p.Type == "text" {
				s += p.Text
			}
		}
	}
	return strings.ReplaceAll(s, "\x00", "")
}

func isSet(raw json.RawMessage) bool {
	s := string(raw)
	return s != "" && s != "null" && s != `""`
}
