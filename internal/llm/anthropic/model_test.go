package anthropic

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

// same compares JSON, whatever the order of its fields.
func same(t *testing.T, what string, got json.RawMessage, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(got, &g) // nothing: differs
	a, _ := json.Marshal(g)
	b, _ := json.Marshal(w)
	if string(a) != string(b) {
		t.Errorf("%s:\n%s\nwant\n%s", what, a, b)
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()
	m, s := script(t)
	zero := 0.0
	req := hello()
	req.Temperature, req.MaxTokens = &zero, 99
	req.System, req.Stable = "Be kind.\n\n## Knowledge\nParcels.", len("Be kind.")
	req.Tools = []llm.Tool{{Name: "weather", Description: "Says it.", Parameters: json.RawMessage(`{"type":"object","properties":{}}`)}, {Name: "bare"}}
	if _, _, err := llmtest.Ask(t.Context(), m, req); err != nil {
		t.Fatal(err)
	}
	got := s.Requests()[0]
	if got.Path != "/v1/messages" || got.Header.Get("X-Api-Key") != testKey || got.Header.Get("Anthropic-Version") != "2023-06-01" {
		t.Errorf("path %q, header %v", got.Path, got.Header)
	}
	same(t, "request", got.Body, `{"model":"claude-test","max_tokens":99,"stream":true,"temperature":0,
		"system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"\n\n## Knowledge\nParcels."}],
		"messages":[{"role":"user","content":[{"type":"text","text":"Hello?"}]}],
		"tools":[{"name":"weather","description":"Says it.","input_schema":{"type":"object","properties":{}}},
			{"name":"bare","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}]}`)
}

// Only what stays the same is marked for the cache.
func TestCacheMarks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		system string
		stable int
		want   string
	}{
		"nothing known":    {"Be kind. It is 10:42.", 0, `[{"type":"text","text":"Be kind. It is 10:42."}]`},
		"all of it":        {"Be kind.", 8, `[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}]`},
		"more than all":    {"Be kind.", 80, `[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}]`},
		"blank at the end": {"Be kind.\n\n", 8, `[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}]`},
		"blank at first":   {"\n\nBe kind.", 2, `[{"type":"text","text":"\n\nBe kind."}]`},
		"no prompt":        {" ", 1, `null`},
	} {
		got, err := json.Marshal(systemOf(c.system, c.stable, ""))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	m, s := script(t)
	req := hello()
	req.Messages = []llm.Message{
		{Role: parley.ByAssistant, Text: "Welcome!"},
		{Role: parley.ByUser, Text: "Look", Images: []llm.Image{{MIMEType: "image/png", Data: []byte("png")}}},
		{Role: parley.ByUser, Text: " \n"},
		{Role: parley.ByAssistant, Text: "One moment.", ToolCalls: []parley.ToolCall{
			{ID: "functions.weather:0", Name: "weather", Arguments: json.RawMessage(`{"city":"Ulm"}`)},
			{ID: "b", Name: "weather", Arguments: json.RawMessage(`"{\"city\":"`)},
			{ID: "c", Name: "time"},
		}},
		{Role: parley.ByTool, ToolCallID: "functions.weather:0", Text: "Rain."},
		{Role: parley.ByTool, ToolCallID: "b"},
		{Role: parley.ByTool, ToolCallID: "c", Text: "Noon."},
		{Role: parley.ByUser, Text: "And?"},
		{Role: parley.ByOperator, Text: "It rains."},
	}
	if _, _, err := llmtest.Ask(t.Context(), m, req); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Messages   json.RawMessage `json:"messages"`
		Tools      json.RawMessage `json:"tools"`
		ToolChoice json.RawMessage `json:"tool_choice"`
		MaxTokens  int             `json:"max_tokens"`
	}
	if err := json.Unmarshal(s.Requests()[0].Body, &got); err != nil {
		t.Fatal(err)
	}
	same(t, "messages", got.Messages, `[
		{"role":"user","content":[{"type":"text","text":"(The conversation begins.)"}]},
		{"role":"assistant","content":[{"type":"text","text":"Welcome!"}]},
		{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"cG5n"}}]},
		{"role":"assistant","content":[{"type":"text","text":"One moment."},
			{"type":"tool_use","id":"functions_weather_0","name":"weather","input":{"city":"Ulm"}},
			{"type":"tool_use","id":"b","name":"weather","input":{"malformed":"{\"city\":"}},
			{"type":"tool_use","id":"c","name":"time","input":{}}]},
		{"role":"user","content":[{"type":"tool_result","tool_use_id":"functions_weather_0","content":"Rain."},
			{"type":"tool_result","tool_use_id":"b"},{"type":"tool_result","tool_use_id":"c","content":"Noon."},
			{"type":"text","text":"And?"}]},
		{"role":"assistant","content":[{"type":"text","text":"It rains."}]},
		{"role":"user","content":[{"type":"text","text":"(The contact waits for your answer.)"}]}]`)
	// The history has calls, so there must be tools, of which none may be called.
	same(t, "tools", got.Tools, `[{"name":"weather","input_schema":{"type":"object"}},{"name":"time","input_schema":{"type":"object"}}]`)
	same(t, "tool choice", got.ToolChoice, `{"type":"none"}`)
	if got.MaxTokens != defaultMaxTokens {
		t.Errorf("max_tokens %d", got.MaxTokens)
	}
}

// What a model thought before a call comes back to it unchanged with the result,
// and to no other model.
func TestThinkingIsCarried(t *testing.T) {
	t.Parallel()
	reply := llmtest.Calls(llmtest.Call{ID: "toolu_1", Name: "time", Arguments: `{"zone":"CET"}`})
	reply.Thinking, reply.Deltas = []string{"Hm, ", "the time."}, []string{"One moment."}
	m, s := script(t, reply)
	req := hello()
	req.Tools = []llm.Tool{{Name: "time"}}
	text, resp, err := llmtest.Ask(t.Context(), m, req)
	if err != nil || text != "One moment." || resp.Text != text {
		t.Fatalf("%q, %+v, %v", text, resp, err)
	}
	req.Messages = append(req.Messages,
		llm.Message{Role: parley.ByAssistant, Text: resp.Text, ToolCalls: resp.ToolCalls, Carry: resp.Carry},
		llm.Message{Role: parley.ByTool, ToolCallID: resp.ToolCalls[0].ID, Text: "Noon."})
	other := *req
	other.Model = "claude-other"
	for _, r := range []*llm.Request{req, &other} {
		if _, _, err := llmtest.Ask(t.Context(), m, r); err != nil {
			t.Fatal(err)
		}
	}
	call := `{"type":"tool_use","id":"toolu_1","name":"time","input":{"zone":"CET"}}]`
	same(t, "the same model", s.Requests()[1].Messages[1].Content,
		`[{"type":"thinking","thinking":"Hm, the time.","signature":"signed"},{"type":"text","text":"One moment."},`+call)
	same(t, "another model", s.Requests()[2].Messages[1].Content, `[{"type":"text","text":"One moment."},`+call)
	// A model may think without showing it, and must see the empty block again.
	reply.Thinking, reply.Deltas = []string{""}, nil
	m, _ = script(t, reply)
	if _, resp, err = llmtest.Ask(t.Context(), m, hello()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(resp.Carry), `{"type":"thinking","thinking":"","signature":"signed"}`) {
		t.Errorf("carry %s", resp.Carry)
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	m, s := script(t, llmtest.Text(`{"resolved":true}`),
		llmtest.Refuses(400, "invalid_request_error", "output_config.format: Extra inputs are not permitted"),
		llmtest.Text(`{"resolved":true}`), llmtest.Text(`{"resolved":true}`))
	req := hello()
	req.System, req.Schema = "Judge.", &llm.Schema{Name: "evaluation", Schema: json.RawMessage(`{"type":"object"}`)}
	for range 3 {
		if text, _, err := llmtest.Ask(t.Context(), m, req); err != nil || text != `{"resolved":true}` {
			t.Fatalf("%q, %v", text, err)
		}
	}
	all := s.Requests()
	if len(all) != 4 {
		t.Fatalf("%d requests", len(all))
	}
	same(t, "native", all[0].OutputConfig, `{"format":{"type":"json_schema","schema":{"type":"object"}}}`)
	for i, r := range all[2:] {
		if r.OutputConfig != nil || !strings.Contains(string(r.System), "It must follow this JSON schema") {
			t.Errorf("request %d: %s", i+2, r.Body)
		}
	}
}

// What every adapter must do.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, c := range llmtest.Conformance() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			s := llmtest.New(t, c.Reply)
			config := Config{BaseURL: s.BaseURL(), APIKey: llmtest.Key, FirstToken: patient, Stall: patient}
			if c.Impatient {
				config.FirstToken, config.Stall = quick, quick
			}
			if err := c.Run(t.Context(), newModelWith(t, config)); err != nil {
				t.Error(err)
			}
			if n := len(s.Requests()); n != 1 {
				t.Errorf("%d requests: a model never repeats a call", n)
			}
		})
	}
}
