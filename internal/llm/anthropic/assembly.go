package anthropic

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// wireEvent is one event of a stream, of any type:
// https://platform.claude.com/docs/en/build-with-claude/streaming.
type wireEvent struct {
	Type    string `json:"type"`
	Index   int    `json:"index"`
	Message struct {
		Model string          `json:"model"`
		Usage json.RawMessage `json:"usage"`
	} `json:"message"` // message_start
	Block struct {
		Type  string          `json:"type"`
		ID    string          `json:"id"`
		Name  string          `json:"name"`
		Text  string          `json:"text"`
		Input json.RawMessage `json:"input"`
		Data  string          `json:"data"`
	} `json:"content_block"` // content_block_start
	Delta struct {
		Type        string `json:"type"`
		Text        string `json:"text"`
		PartialJSON string `json:"partial_json"`
		Thinking    string `json:"thinking"`
		Signature   string `json:"signature"`
		StopReason  string `json:"stop_reason"`
		StopDetails struct {
			Explanation string `json:"explanation"`
		} `json:"stop_details"`
	} `json:"delta"` // content_block_delta, message_delta
	Usage json.RawMessage `json:"usage"` // message_delta
}

// assembly puts a reply together.
type assembly struct {
	m       *Model
	asked   string // the model that was asked for
	model   string
	blocks  []*block // those of known types, in their order
	byIndex map[int]*block
	calls   int
	started json.RawMessage // usage at the start
	counted json.RawMessage // usage at the end
	finish  string
	why     string // of a refusal
}

// block is a part of the reply.
type block struct {
	kind      string
	id, name  string
	text      strings.Builder // what is said, thought, or the arguments of a call
	signature string
	data      string
	done      bool
}

// Take implements remote.Reply. Events and blocks of unknown types are passed
// over, as the protocol asks for.
func (a *assembly) Take(ev remote.Event) (remote.Gained, error) {
	var e wireEvent
	err := json.Unmarshal(ev.Data, &e)
	if ev.Name == "error" || bytes.Contains(ev.Data, []byte(`"error"`)) {
		if p := problemOf(0, ev.Data); p.found || ev.Name == "error" {
			return remote.Gained{}, a.m.failureOf(p, a.asked)
		}
	}
	if err != nil && (e.Type == "" || slices.Contains(known, e.Type)) {
		return remote.Gained{}, a.m.at.Unreadable(err)
	}
	switch e.Type {
	case "message_start":
		a.model, a.started = e.Message.Model, bounded(e.Message.Usage)
	case "content_block_start":
		return a.start(&e), nil
	case "content_block_delta":
		return a.add(&e), nil
	case "content_block_stop":
		if b := a.byIndex[e.Index]; b != nil {
			b.done = true
		}
	case "message_delta":
		a.counted = bounded(e.Usage)
		a.finish, a.why = e.Delta.StopReason, e.Delta.StopDetails.Explanation
		return remote.Gained{Progress: true, Finished: a.finish != ""}, nil
	case "message_stop":
		return remote.Gained{Done: true}, nil
	case "ping":
		// A model that thinks may send nothing else for long.
		return remote.Gained{Progress: a.thinks()}, nil
	}
	return remote.Gained{}, nil
}

// known are the types of events that must be what they ought to be.
var known = []string{"message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta"}

// Whole implements remote.Reply.
func (a *assembly) Whole() bool { return a.finish != "" }

// thinks reports whether the newest block is one in which the model thinks.
func (a *assembly) thinks() bool {
	if len(a.blocks) == 0 {
		return false
	}
	b := a.blocks[len(a.blocks)-1]
	return b.kind == "thinking" && !b.done
}

// start opens a block of a known type.
func (a *assembly) start(e *wireEvent) remote.Gained {
	b := &block{kind: e.Block.Type, id: e.Block.ID, name: e.Block.Name, data: e.Block.Data}
	var got remote.Gained
	switch b.kind {
	case "text":
		got.Text = strings.ReplaceAll(e.Block.Text, "\x00", "")
		b.text.WriteString(got.Text)
	case "tool_use":
		if a.calls++; a.calls > maxToolCalls {
			return remote.Gained{Progress: true}
		}
		if s := string(e.Block.Input); s != "{}" && s != "null" {
			b.text.WriteString(s) // some servers send it whole
		}
	case "thinking", "redacted_thinking":
	default:
		return remote.Gained{Progress: true}
	}
	a.blocks = append(a.blocks, b)
	a.byIndex[e.Index] = b
	got.Progress = b.kind != "text" || got.Text != ""
	return got
}

// add takes a piece of a block. NUL, which no store takes, is left out of texts.
func (a *assembly) add(e *wireEvent) remote.Gained {
	got := remote.Gained{Progress: true}
	b := a.byIndex[e.Index]
	if b == nil {
		return got
	}
	switch d := &e.Delta; d.Type {
	case "text_delta":
		got.Text = strings.ReplaceAll(d.Text, "\x00", "")
		b.text.WriteString(got.Text)
	case "input_json_delta":
		b.text.WriteString(d.PartialJSON)
	case "thinking_delta":
		b.text.WriteString(d.Thinking)
	case "signature_delta":
		b.signature += d.Signature
	}
	return got
}

// response returns what there is of the reply, nil if nothing.
func (a *assembly) response() *llm.Response {
	usage := usageOf(a.started, a.counted)
	if len(a.blocks) == 0 && usage == nil && a.finish == "" {
		return nil
	}
	r := &llm.Response{FinishReason: a.finish, Model: a.model, Usage: usage}
	var content []wireBlock
	thought := false
	for _, b := range a.blocks {
		s := b.text.String()
		switch b.kind {
		case "text":
			r.Text += s
			content = append(content, textBlock(s)...)
		case "tool_use":
			if b.id == "" {
				b.id = a.m.newCallID()
			}
			args := remote.Arguments(s)
			r.ToolCalls = append(r.ToolCalls, parley.ToolCall{ID: b.id, Name: b.name, Arguments: args})
			content = append(content, wireBlock{Type: b.kind, ID: callID(b.id), Name: b.name, Input: inputOf(args)})
		case "thinking":
			thought = true
			content = append(content, wireBlock{Type: b.kind, Thinking: &s, Signature: b.signature})
		default:
			thought = true
			content = append(content, wireBlock{Type: b.kind, Data: b.data})
		}
	}
	if thought && len(r.ToolCalls) > 0 {
		r.Carry, _ = json.Marshal(carry{a.asked, content}) // strings and valid JSON always marshal
	}
	return r
}
