package llmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// messages is Anthropic's protocol:
// https://platform.claude.com/docs/en/build-with-claude/streaming.
type messages struct{ blocks int }

func (m *messages) stream(p *pieces) {
	started := p.reply.Started
	if started == "" {
		started = `{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}`
	}
	p.line(event("message_start", fmt.Sprintf(`"message":{"id":"msg_1","type":"message","role":"assistant","model":%q,`+
		`"content":[],"stop_reason":null,"stop_sequence":null,"usage":%s}`, p.request.Model, started)))
	p.line(event("ping", ""))
	if !m.thinking(p) || !m.text(p) {
		return
	}
	for _, c := range p.reply.ToolCalls {
		if !m.call(p, c) {
			return
		}
	}
	for _, raw := range p.reply.Raw {
		p.line(raw)
	}
	m.epilogue(p)
}

// thinking sends a block of what the model thinks.
func (m *messages) thinking(p *pieces) bool {
	if len(p.reply.Thinking) == 0 {
		return true
	}
	m.start(p, `{"type":"thinking","thinking":"","signature":""}`)
	for _, t := range p.reply.Thinking {
		if !m.delta(p, `{"type":"thinking_delta","thinking":`+quoted(t)+`}`) {
			return false
		}
	}
	if !m.delta(p, `{"type":"signature_delta","signature":"signed"}`) {
		return false
	}
	m.stop(p)
	return true
}

func (m *messages) text(p *pieces) bool {
	if len(p.reply.Deltas) == 0 {
		return true
	}
	m.start(p, `{"type":"text","text":""}`)
	for _, d := range p.reply.Deltas {
		if !m.delta(p, `{"type":"text_delta","text":`+quoted(d)+`}`) {
			return false
		}
	}
	m.stop(p)
	return true
}

// call sends a block of a tool call, its arguments in two pieces.
func (m *messages) call(p *pieces, c Call) bool {
	m.start(p, fmt.Sprintf(`{"type":"tool_use","id":%q,"name":%q,"input":{}}`, c.ID, c.Name))
	half := len(c.Arguments) / 2
	for _, piece := range []string{"", c.Arguments[:half], c.Arguments[half:]} {
		if !m.delta(p, `{"type":"input_json_delta","partial_json":`+quoted(piece)+`}`) {
			return false
		}
	}
	m.stop(p)
	return true
}

func (m *messages) start(p *pieces, block string) {
	p.line(event("content_block_start", fmt.Sprintf(`"index":%d,"content_block":%s`, m.blocks, block)))
}

func (m *messages) delta(p *pieces, delta string) bool {
	return p.piece(event("content_block_delta", fmt.Sprintf(`"index":%d,"delta":%s`, m.blocks, delta)))
}

func (m *messages) stop(p *pieces) {
	p.line(event("content_block_stop", fmt.Sprintf(`"index":%d`, m.blocks)))
	m.blocks++
}

// epilogue sends what follows the blocks.
func (m *messages) epilogue(p *pieces) {
	r := p.reply
	if !r.NoFinish {
		finish := r.Finish
		if finish == "" {
			finish = "end_turn"
			if len(r.ToolCalls) > 0 {
				finish = "tool_use"
			}
		}
		usage := r.Usage
		if usage == "" {
			usage = fmt.Sprintf(`{"output_tokens":%d}`, len(r.Deltas))
		}
		counted := ""
		if usage != "none" {
			counted = `,"usage":` + usage
		}
		p.line(event("message_delta", fmt.Sprintf(`"delta":{"stop_reason":%q,"stop_sequence":null}%s`, finish, counted)))
	}
	if !r.NoDone {
		p.line(event("message_stop", ""))
	}
}

// event returns an event of the protocol with its fields, "" for none.
func event(kind, fields string) string {
	if fields != "" {
		fields = "," + fields
	}
	return "event: " + kind + "\ndata: " + `{"type":"` + kind + `"` + fields + "}"
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string always marshals
		return `""`
	}
	return string(b)
}

// Refuses answers with an error in Anthropic's form.
func Refuses(status int, kind, message string) Reply {
	return Reply{Status: status, Body: `{"type":"error","error":{"type":` + quoted(kind) + `,"message":` + quoted(message) +
		`},"request_id":"req_1"}`}
}

// RefusesUntil is Refuses with a Retry-After.
func RefusesUntil(after string, status int, kind, message string) Reply {
	r := Refuses(status, kind, message)
	r.Header = http.Header{"Retry-After": {after}}
	return r
}

// ErrorEvent starts well and then reports an error as an event.
func ErrorEvent(s, kind, message string) Reply {
	r := Text(s)
	r.Raw = []string{event("error", `"error":{"type":`+quoted(kind)+`,"message":`+quoted(message)+`}`)}
	r.NoFinish, r.NoDone = true, true
	return r
}
