package anthropic

import (
	"encoding/json"
	"strings"

	"parley"
	"parley/internal/llm"
)

// The roles of the protocol.
const (
	user      = "user"
	assistant = "assistant"
)

// What stands in for a contact who has said nothing: a history begins and ends
// with the user.
const (
	opening = "(The conversation begins.)"
	waiting = "(The contact waits for your answer.)"
)

// messagesOf translates the history. Neighbours of one role become one message,
// so that the results of calls made together stand together.
func messagesOf(req *llm.Request) []wireMessage {
	var out []wireMessage
	add := func(role string, blocks ...wireBlock) {
		if len(blocks) == 0 {
			return
		}
		if n := len(out); n > 0 && out[n-1].Role == role {
			out[n-1].Content = append(out[n-1].Content, blocks...)
			return
		}
		out = append(out, wireMessage{role, blocks})
	}
	for i := range req.Messages {
		m := &req.Messages[i]
		role, blocks := blocksOf(m, req.Model)
		if len(out) == 0 && role == assistant && len(blocks) > 0 {
			add(user, textBlock(opening)...)
		}
		add(role, blocks...)
	}
	if n := len(out); n == 0 || out[n-1].Role == assistant {
		add(user, textBlock(waiting)...)
	}
	return out
}

// blocksOf translates one message; no blocks if it says nothing that the model
// could be told.
func blocksOf(m *llm.Message, model string) (role string, blocks []wireBlock) {
	switch m.Role {
	case parley.ByTool:
		return user, []wireBlock{{Type: "tool_result", ToolUseID: callID(m.ToolCallID), Content: m.Text}}
	case parley.ByAssistant, parley.ByOperator:
		if said := carried(m.Carry, model); said != nil {
			return assistant, said
		}
		blocks = textBlock(m.Text)
		for _, c := range m.ToolCalls {
			blocks = append(blocks, wireBlock{Type: "tool_use", ID: callID(c.ID), Name: c.Name, Input: inputOf(c.Arguments)})
		}
		return assistant, blocks
	default:
		blocks = textBlock(m.Text)
		for _, img := range m.Images {
			blocks = append(blocks, imageOf(img))
		}
		return user, blocks
	}
}

// textBlock returns a block of text, or none: blocks without a word are refused.
func textBlock(s string) []wireBlock {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return []wireBlock{{Type: "text", Text: s}}
}

// inputOf returns arguments as an object. Malformed ones, which are kept as a
// JSON string, are shown to the model under a name.
func inputOf(args json.RawMessage) json.RawMessage {
	s := strings.TrimSpace(string(args))
	switch {
	case s == "" || s == "null":
		return json.RawMessage("{}")
	case strings.HasPrefix(s, "{"):
		return args
	}
	return json.RawMessage(`{"malformed":` + s + `}`)
}

// callID keeps to the characters that the protocol has for ids; those of other
// providers have more.
func callID(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, id)
}

// carry is what a model thought before its calls. It must come back unchanged
// with their results, and only to the model that thought it:
// https://platform.claude.com/docs/en/build-with-claude/thinking-tool-workflows.
type carry struct {
	Anthropic string      `json:"anthropic"` // the model
	Content   []wireBlock `json:"content"`
}

// carried returns the blocks of what the same model said, or nil.
func carried(raw json.RawMessage, model string) []wireBlock {
	var c carry
	if len(raw) == 0 || json.Unmarshal(raw, &c) != nil || c.Anthropic != model {
		return nil
	}
	return c.Content
}
