package anthropic

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"parley/internal/llm"
)

// defaultMaxTokens is asked for where the caller names no limit: the protocol
// wants one, and what the model thinks counts towards it. Models that can write
// less say so.
const defaultMaxTokens = 16_000

// The request of the protocol, as far as it is used:
// https://platform.claude.com/docs/en/api/messages/create.
type (
	wireRequest struct {
		Model        string        `json:"model"`
		MaxTokens    int           `json:"max_tokens"`
		Stream       bool          `json:"stream"`
		Temperature  *float64      `json:"temperature,omitempty"`
		System       []wireBlock   `json:"system,omitempty"`
		Messages     []wireMessage `json:"messages"`
		Tools        []wireTool    `json:"tools,omitempty"`
		ToolChoice   *wireChoice   `json:"tool_choice,omitempty"`
		OutputConfig *wireOutput   `json:"output_config,omitempty"`
	}
	wireMessage struct {
		Role    string      `json:"role"`
		Content []wireBlock `json:"content"`
	}
	// wireBlock is a part of a message; which fields it has follows from its type.
	wireBlock struct {
		Type      string          `json:"type"`
		Text      string          `json:"text,omitempty"`
		Source    *wireSource     `json:"source,omitempty"`      // image
		ID        string          `json:"id,omitempty"`          // tool_use
		Name      string          `json:"name,omitempty"`        // tool_use
		Input     json.RawMessage `json:"input,omitempty"`       // tool_use
		ToolUseID string          `json:"tool_use_id,omitempty"` // tool_result
		Content   string          `json:"content,omitempty"`     // tool_result
		Thinking  *string         `json:"thinking,omitempty"`    // thinking; may be empty and must be there
		Signature string          `json:"signature,omitempty"`   // thinking
		Data      string          `json:"data,omitempty"`        // redacted_thinking
		Cache     *wireCache      `json:"cache_control,omitempty"`
	}
	wireSource struct {
		Type      string `json:"type"`
		MediaType string `json:"media_type"`
		Data      string `json:"data"`
	}
	wireTool struct {
		Name        string          `json:"name"`
		Description string          `json:"description,omitempty"`
		InputSchema json.RawMessage `json:"input_schema"`
		Cache       *wireCache      `json:"cache_control,omitempty"`
	}
	wireCache struct {
		Type string `json:"type"`
	}
	wireChoice struct {
		Type string `json:"type"`
	}
	wireOutput struct {
		Format wireFormat `json:"format"`
	}
	wireFormat struct {
		Type   string          `json:"type"`
		Schema json.RawMessage `json:"schema"`
	}
)

// build translates a request, leaving out what the model does not take.
func build(req *llm.Request, q quirks) *wireRequest {
	w := &wireRequest{Model: req.Model, Stream: true, MaxTokens: req.MaxTokens}
	if w.MaxTokens <= 0 {
		w.MaxTokens = defaultMaxTokens
	}
	if q.maxTokens > 0 {
		w.MaxTokens = min(w.MaxTokens, q.maxTokens)
	}
	if req.Temperature != nil && !q.noTemperature {
		t := min(*req.Temperature, 1) // other providers go to 2
		w.Temperature = &t
	}
	more := ""
	switch {
	case req.Schema == nil:
	case q.noSchema:
		more = "\n\nAnswer with one JSON object and nothing else. It must follow this JSON schema:\n" + string(req.Schema.Schema)
	default:
		w.OutputConfig = &wireOutput{wireFormat{"json_schema", req.Schema.Schema}}
	}
	w.System = systemOf(req.System, req.Stable, more)
	w.Messages = messagesOf(req)
	for _, t := range req.Tools {
		w.Tools = append(w.Tools, toolOf(t))
	}
	if len(w.Tools) > 0 {
		w.Tools[len(w.Tools)-1].Cache = &wireCache{"ephemeral"}
	} else if w.Tools = calledIn(w.Messages); len(w.Tools) > 0 {
		// A history with calls wants tools, even where none may be called now.
		w.ToolChoice = &wireChoice{"none"}
	}
	if q.noCache {
		w.forgetCache()
	}
	return w
}

// forgetCache takes the marks away.
func (w *wireRequest) forgetCache() {
	for i := range w.System {
		w.System[i].Cache = nil
	}
	for i := range w.Tools {
		w.Tools[i].Cache = nil
	}
}

// caches reports whether anything is marked for the provider's cache.
func (w *wireRequest) caches() bool {
	marked := len(w.Tools) > 0 && w.Tools[len(w.Tools)-1].Cache != nil
	return marked || len(w.System) > 0 && w.System[0].Cache != nil
}

// systemOf divides the prompt: its first bytes, which stay the same, go to the
// cache. Blocks without a word are refused, so there is none.
func systemOf(system string, stable int, more string) []wireBlock {
	var out []wireBlock
	stable = max(0, min(stable, len(system)))
	if first := system[:stable]; strings.TrimSpace(first) != "" {
		out = append(out, wireBlock{Type: "text", Text: first, Cache: &wireCache{"ephemeral"}})
		system = system[stable:]
	}
	if rest := system + more; strings.TrimSpace(rest) != "" {
		out = append(out, wireBlock{Type: "text", Text: rest})
	}
	return out
}

func toolOf(t llm.Tool) wireTool {
	schema := t.Parameters
	if len(schema) == 0 {
		schema = json.RawMessage(`{"type":"object"}`)
	}
	return wireTool{Name: t.Name, Description: t.Description, InputSchema: schema}
}

// calledIn returns the tools that were called in messages, by their names alone.
func calledIn(messages []wireMessage) []wireTool {
	var out []wireTool
	seen := map[string]bool{}
	for _, m := range messages {
		for _, b := range m.Content {
			if b.Type == "tool_use" && !seen[b.Name] {
				seen[b.Name] = true
				out = append(out, toolOf(llm.Tool{Name: b.Name}))
			}
		}
	}
	return out
}

func imageOf(img llm.Image) wireBlock {
	return wireBlock{Type: "image", Source: &wireSource{
		Type: "base64", MediaType: img.MIMEType, Data: base64.StdEncoding.EncodeToString(img.Data),
	}}
}
