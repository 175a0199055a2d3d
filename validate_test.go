package parley

import (
	"errors"
	"strings"
	"testing"
)

func TestAssistantConfigValidate(t *testing.T) {
	t.Parallel()
	valid := func() AssistantConfig {
		c := AssistantConfig{
			Name:      "Support",
			Variables: []VariableSchema{{Name: "order_id", Type: TypeText}},
			Tools: []HTTPTool{{
				Name: "find_order", Method: "GET", URL: "https://shop.example/orders/{id}",
				Parameters: []byte(`{"type":"object"}`),
			}},
		}
		c.Default()
		return c
	}
	c := valid()
	if err := c.Validate(); err != nil {
		t.Fatalf("a plain configuration is refused: %v", err)
	}
	temp := 2.1
	for path, spoil := range map[string]func(*AssistantConfig){
		"name":                    func(c *AssistantConfig) { c.Name = " " },
		"prompt":                  func(c *AssistantConfig) { c.Prompt = strings.Repeat("a", maxPrompt+1) },
		"greeting":                func(c *AssistantConfig) { c.SpeaksFirst = true },
		"status":                  func(c *AssistantConfig) { c.Status = "live" },
		"after_end":               func(c *AssistantConfig) { c.AfterEnd = "never" },
		"inactivity_minutes":      func(c *AssistantConfig) { c.InactivityMinutes = 1441 },
		"reply_delay_seconds":     func(c *AssistantConfig) { c.ReplyDelaySeconds = -1 },
		"time_zone":               func(c *AssistantConfig) { c.TimeZone = "Mars/Base" },
		"languages.0":             func(c *AssistantConfig) { c.Languages = []string{"english please"} },
		"model":                   func(c *AssistantConfig) { c.Model = ModelChoice{ProviderID: BuiltinProvider} },
		"model.temperature":       func(c *AssistantConfig) { c.Model.Temperature = &temp },
		"model.provider_id":       func(c *AssistantConfig) { c.Model.ProviderID = "openai" },
		"variables.0.name":        func(c *AssistantConfig) { c.Variables[0].Name = "1st" },
		"variables.0.type":        func(c *AssistantConfig) { c.Variables[0].Type = "money" },
		"variables.0.options":     func(c *AssistantConfig) { c.Variables[0].Type = TypeEnum },
		"tools.0.name":            func(c *AssistantConfig) { c.Tools[0].Name = ToolHandoff },
		"tools.0.url":             func(c *AssistantConfig) { c.Tools[0].URL = "https://{host}/" },
		"tools.0.method":          func(c *AssistantConfig) { c.Tools[0].Method = "get" },
		"tools.0.headers":         func(c *AssistantConfig) { c.Tools[0].Headers = map[string]string{"X": "a\r\nB: c"} },
		"tools.0.parameters":      func(c *AssistantConfig) { c.Tools[0].Parameters = []byte(`[]`) },
		"examples.0":              func(c *AssistantConfig) { c.Examples = []Example{{Question: "Why?", Answer: " "}} },
		"examples":                func(c *AssistantConfig) { c.Examples = []Example{{"Why?", strings.Repeat("a", maxExamples), "", ""}} },
		"tools.0.timeout_seconds": func(c *AssistantConfig) { c.Tools[0].TimeoutSeconds = 31 },
	} {
		c := valid()
		spoil(&c)
		err := c.Validate()
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Code != CodeInvalid || e.Fields[0].Path != path {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

func TestDocumentValidate(t *testing.T) {
	t.Parallel()
	for want, d := range map[Code]Document{
		"":           {Title: "Returns", Format: FormatMarkdown, Content: "# Returns"},
		CodeInvalid:  {Title: "Returns", Format: "pdf", Content: "x"},
		CodeTooLarge: {Title: "Returns", Format: FormatText, Content: strings.Repeat("a", MaxDocument+1)},
	} {
		if got := ErrorCode(d.Validate()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
