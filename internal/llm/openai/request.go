package openai

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"parley"
	"parley/internal/llm"
)

// The request of the protocol, as far as it is used:
// https://platform.openai.com/docs/api-reference/chat/create.
type (
	wireRequest struct {
		Model               string         `json:"model"`
		Messages            []wireMessage  `json:"messages"`
		Stream              bool           `json:"stream"`
		StreamOptions       *streamOptions `json:"stream_options,omitempty"`
		Temperature         *float64       `json:"temperature,omitempty"`
		MaxTokens           int            `json:"max_tokens,omitempty"`
		MaxCompletionTokens int            `json:"max_completion_tokens,omitempty"`
		Tools               []wireTool     `json:"tools,omitempty"`
		ResponseFormat      *wireFormat    `json:"response_format,omitempty"`
	}
	streamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	}
	wireMessage struct {
		Role       string         `json:"role"`
		Content    any            `json:"content"` // string, []wirePart, or nil beside tool calls
		ToolCalls  []wireToolCall `json:"tool_calls,omitempty"`
		ToolCallID string         `json:"tool_call_id,omitempty"`
	}
	wirePart struct {
		Type     string     `json:"type"`
		Text     string     `json:"text,omitempty"`
		ImageURL *wireImage `json:"image_url,omitempty"`
	}
	wireImage struct {
		URL string `json:"url"`
	}
	wireToolCall struct {
		ID       string       `json:"id"`
		Type     string       `json:"type"`
		Function wireFunction `json:"function"`
	}
	wireFunction struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	}
	wireTool struct {
		Type     string          `json:"type"`
		Function wireDeclaration `json:"function"`
	}
	wireDeclaration struct {
		Name        string          `json:"name"`
		Description string          `json:"description,omitempty"`
		Parameters  json.RawMessage `json:"parameters"`
	}
	wireFormat struct {
		Type       string      `json:"type"`
		JSONSchema *wireSchema `json:"json_schema,omitempty"`
	}
	wireSchema struct {
		Name   string          `json:"name"`
		Strict bool            `json:"strict"`
		Schema json.RawMessage `json:"schema"`
	}
)

// build translates a request, leaving out what the provider does not accept.
func build(req *llm.Request, q quirks) (*wireRequest, sentParams) {
	w := &wireRequest{Model: req.Model, Stream: true}
	if !q.noStreamOptions {
		w.StreamOptions = &streamOptions{IncludeUsage: true}
	}
	if !q.noTemperature {
		w.Temperature = req.Temperature
	}
	if q.completionTokens {
		w.MaxCompletionTokens = req.MaxTokens
	} else {
		w.MaxTokens = req.MaxTokens
	}
	system := req.System
	if req.Schema != nil {
		w.ResponseFormat = formatOf(req.Schema, q.format)
		if q.format != bySchema {
			system += "\n\nAnswer with one JSON object and nothing else. It must follow this JSON schema:\n" +
				string(req.Schema.Schema)
		}
	}
	if !q.noTools {
		for _, t := range req.Tools {
			w.Tools = append(w.Tools, toolOf(t))
		}
	}
	if system = strings.TrimSpace(system); system != "" {
		w.Messages = append(w.Messages, wireMessage{Role: "system", Content: system})
	}
	for i := range req.Messages {
		if m, ok := messageOf(&req.Messages[i], q.noTools); ok {
			w.Messages = append(w.Messages, m)
		}
	}
	return w, sentParams{
		streamOptions:  w.StreamOptions != nil,
		responseFormat: w.ResponseFormat != nil,
		temperature:    w.Temperature != nil,
		maxTokens:      req.MaxTokens > 0,
		tools:          len(w.Tools) > 0,
	}
}

func formatOf(s *llm.Schema, way schemaWay) *wireFormat {
	switch way {
	case bySchema:
		return &wireFormat{Type: "json_schema", JSONSchema: &wireSchema{
			Name: s.Name, Strict: strictable(s.Schema), Schema: s.Schema,
		}}
	case byJSONObject:
		return &wireFormat{Type: "json_object"}
	default:
		return nil
	}
}

func toolOf(t llm.Tool) wireTool {
	params := t.Parameters
	if len(params) == 0 {
		params = json.RawMessage(`{"type":"object","properties":{}}`)
	}
	return wireTool{Type: "function", Function: wireDeclaration{
		Name: t.Name, Description: t.Description, Parameters: params,
	}}
}

// messageOf translates one message; false if it says nothing that the model
// could be told.
func messageOf(m *llm.Message, noTools bool) (wireMessage, bool) {
	switch m.Role {
	case parley.ByTool:
		return wireMessage{Role: "tool", Content: m.Text, ToolCallID: m.ToolCallID}, !noTools
	case parley.BySystem:
		return wireMessage{Role: "system", Content: m.Text}, m.Text != ""
	case parley.ByAssistant, parley.ByOperator:
		w := wireMessage{Role: "assistant"}
		if m.Text != "" {
			w.Content = m.Text
		}
		if !noTools {
			for _, c := range m.ToolCalls {
				w.ToolCalls = append(w.ToolCalls, callOf(c))
			}
		}
		return w, w.Content != nil || len(w.ToolCalls) > 0
	default:
		w := wireMessage{Role: "user", Content: m.Text}
		if len(m.Images) > 0 {
			w.Content = partsOf(m)
		}
		return w, true
	}
}

func partsOf(m *llm.Message) []wirePart {
	var parts []wirePart
	if m.Text != "" {
		parts = append(parts, wirePart{Type: "text", Text: m.Text})
	}
	for _, img := range m.Images {
		data := "data:" + img.MIMEType + ";base64," + base64.StdEncoding.EncodeToString(img.Data)
		parts = append(parts, wirePart{Type: "image_url", ImageURL: &wireImage{URL: data}})
	}
	return parts
}

// callOf gives the model its own call back. Arguments that were malformed are
// kept as a JSON string, and are sent as the text that the model wrote.
func callOf(c parley.ToolCall) wireToolCall {
	args := string(c.Arguments)
	var raw string
	if json.Unmarshal(c.Arguments, &raw) == nil {
		args = raw
	}
	if strings.TrimSpace(args) == "" {
		args = "{}"
	}
	return wireToolCall{ID: c.ID, Type: "function", Function: wireFunction{Name: c.Name, Arguments: args}}
}

// strictable reports whether a schema keeps the rules of OpenAI's strict mode:
// every object closed, and all of its properties required.
// https://platform.openai.com/docs/guides/structured-outputs
func strictable(schema json.RawMessage) bool {
	var s struct {
		Properties           map[string]json.RawMessage `json:"properties"`
		Required             []string                   `json:"required"`
		AdditionalProperties json.RawMessage            `json:"additionalProperties"`
		Items                json.RawMessage            `json:"items"`
	}
	if json.Unmarshal(schema, &s) != nil {
		return false
	}
	if s.Properties != nil {
		if string(s.AdditionalProperties) != "false" || len(s.Required) != len(s.Properties) {
			return false
		}
		for _, p := range s.Properties {
			if !strictable(p) {
				return false
			}
		}
	}
	return len(s.Items) == 0 || strictable(s.Items)
}
