package llmtest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// completions is OpenAI's protocol:
// https://platform.openai.com/docs/api-reference/chat-streaming.
type completions struct{}

func (completions) stream(p *pieces) {
	p.line(chunk(p, `{"role":"assistant","content":""}`, "", ""))
	for _, d := range p.reply.Deltas {
		content, err := json.Marshal(d)
		if err != nil || !p.piece(chunk(p, `{"content":`+string(content)+`}`, "", "")) {
			return
		}
	}
	for i, c := range p.reply.ToolCalls {
		for _, delta := range c.deltas(i) {
			if !p.piece(chunk(p, delta, "", "")) {
				return
			}
		}
	}
	for _, raw := range p.reply.Raw {
		p.line(raw)
	}
	completionsEpilogue(p, strings.Contains(string(p.request.StreamOptions), "true"))
}

// completionsEpilogue sends what follows the text: finish reason, usage, [DONE].
func completionsEpilogue(p *pieces, usageWanted bool) {
	r := p.reply
	usage := r.Usage
	if usage == "" {
		usage = fmt.Sprintf(`{"prompt_tokens":10,"completion_tokens":%d,"total_tokens":%d}`,
			len(r.Deltas), 10+len(r.Deltas))
	}
	if !r.NoFinish {
		finish := r.Finish
		if finish == "" {
			finish = "stop"
			if len(r.ToolCalls) > 0 {
				finish = "tool_calls"
			}
		}
		extra := ""
		switch {
		case usage == "none":
		case r.UsageIn == UsageWithFinish:
			extra = `,"usage":` + usage
		case r.UsageIn == UsageInXGroq:
			extra = `,"x_groq":{"id":"r","usage":` + usage + `}`
		}
		p.line(chunk(p, `{}`, finish, extra))
	}
	if usage != "none" && r.UsageIn == UsageAtEnd && usageWanted {
		p.line(fmt.Sprintf(`data: {"id":"c","object":"chat.completion.chunk","model":%q,"choices":[],"usage":%s}`,
			p.request.Model, usage))
	}
	if !r.NoDone {
		p.line("data: [DONE]")
	}
}

// chunk returns one event with a delta.
func chunk(p *pieces, delta, finish, extra string) string {
	reason := "null"
	if finish != "" {
		reason = strconv.Quote(finish)
	}
	return fmt.Sprintf(`data: {"id":"c","object":"chat.completion.chunk","created":1700000000,"model":%q,`+
		`"choices":[{"index":0,"delta":%s,"finish_reason":%s}]%s}`, p.request.Model, delta, reason, extra)
}

// deltas cuts a tool call into pieces, its arguments into two.
func (c Call) deltas(index int) []string {
	half := len(c.Arguments) / 2
	return []string{
		fmt.Sprintf(`{"tool_calls":[{"index":%d,"id":%q,"type":"function","function":{"name":%q,"arguments":""}}]}`,
			index, c.ID, c.Name),
		argumentsDelta(index, c.Arguments[:half]),
		argumentsDelta(index, c.Arguments[half:]),
	}
}

func argumentsDelta(index int, piece string) string {
	quoted, err := json.Marshal(piece)
	if err != nil { // a string always marshals
		return `{}`
	}
	return fmt.Sprintf(`{"tool_calls":[{"index":%d,"function":{"arguments":%s}}]}`, index, quoted)
}
