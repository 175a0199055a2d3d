package openai

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

// picky rejects each of the parameters that the request has, as a server that
// knows none of them.
func picky(params map[string]llmtest.Reply) func(*llmtest.Request) llmtest.Reply {
	return func(r *llmtest.Request) llmtest.Reply {
		var body map[string]json.RawMessage
		_ = json.Unmarshal(r.Body, &body)
		for param, reply := range params {
			if _, ok := body[param]; ok {
				return reply
			}
		}
		return llmtest.Reply{Deltas: []string{"ok"}, UsageIn: llmtest.UsageWithFinish}
	}
}

// What a provider rejects is left out, and not tried again.
func TestRejectedParameters(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rejects map[string]llmtest.Reply
		tries   int // of the first call
	}{
		"stream_options": {map[string]llmtest.Reply{
			"stream_options": llmtest.Rejects("stream_options", "Unrecognized request argument supplied: stream_options")}, 2},
		"in pydantic's words": {map[string]llmtest.Reply{
			"stream_options": {Status: 422, Body: `{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}`}}, 2},
		"temperature": {map[string]llmtest.Reply{
			"temperature": llmtest.Rejects("temperature", "Unsupported value: 'temperature' does not support 0.2 with this model.")}, 2},
		"max_tokens": {map[string]llmtest.Reply{
			"max_tokens": llmtest.Rejects("max_tokens", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")}, 2},
		"response_format": {map[string]llmtest.Reply{
			"response_format": llmtest.Rejects("response_format", "This response_format type is unavailable now")}, 3},
		"tools": {map[string]llmtest.Reply{
			"tools": {Status: 400, Body: `{"error":"registry.ollama.ai/library/gemma:2b does not support tools"}`}}, 2},
		"all of them": {map[string]llmtest.Reply{
			"stream_options":  llmtest.Rejects("stream_options", "no"),
			"temperature":     llmtest.Rejects("temperature", "no"),
			"response_format": llmtest.Rejects("response_format", "no"),
			"max_tokens":      llmtest.Rejects("max_tokens", "use max_completion_tokens"),
			"tools":           llmtest.Rejects("tools", "this model does not support tools"),
		}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, s := script(t)
			s.Answer(picky(c.rejects))
			warm := 0.2
			req := hello()
			req.Temperature, req.MaxTokens = &warm, 50
			req.Tools = []llm.Tool{{Name: "handoff"}}
			req.Schema = &llm.Schema{Name: "answer", Schema: json.RawMessage(`{"type":"object"}`)}
			for call, want := range []int{c.tries, c.tries + 1} {
				text, resp, err := llmtest.Ask(t.Context(), m, req)
				if err != nil || text != "ok" || resp.Usage == nil {
					t.Fatalf("call %d: %q, %v", call, text, err)
				}
				if got := len(s.Requests()); got != want {
					t.Fatalf("call %d: %d requests so far, want %d", call, got, want)
				}
				if _, ok := c.rejects["tools"]; ok != strings.Contains(resp.Note, "without them") {
					t.Errorf("note %q", resp.Note)
				}
			}
			other := hello()
			other.Model, other.Temperature = "another", &warm
			_, _, _ = llmtest.Ask(t.Context(), m, other)
			if last := s.Requests()[c.tries+1]; last.Temperature == nil {
				t.Error("what one model rejects was held against another")
			}
		})
	}
}

// A rejection that leaving out does not cure is reported, and not remembered.
func TestRejectionThatStays(t *testing.T) {
	t.Parallel()
	m, s := script(t)
	s.Answer(func(*llmtest.Request) llmtest.Reply {
		return llmtest.Reply{Status: 400, Body: `{"error":{"message":"bad stream_options, bad temperature"}}`}
	})
	_, _, err := llmtest.Ask(t.Context(), m, hello())
	wantError(t, err, llm.BadRequest, "rejects the request")
	if got := m.memory.Of("gpt-test"); got != (quirks{}) {
		t.Errorf("remembered %+v", got)
	}
	if n := len(s.Requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	schema := json.RawMessage(`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`)
	m, s := script(t, llmtest.Text(`{"a":"x"}`))
	req := hello()
	req.Schema = &llm.Schema{Name: "evaluation", Schema: schema}
	if _, _, err := llmtest.Ask(t.Context(), m, req); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"json_schema","json_schema":{"name":"evaluation","strict":true,"schema":` + string(schema) + `}}`
	if got := string(s.Requests()[0].ResponseFormat); got != want {
		t.Errorf("response_format %s, want %s", got, want)
	}
	m.memory.Keep("gpt-test", quirks{format: byPrompt})
	s.Add(llmtest.Text("Here you are:\n```json\n{\"a\": \"y\"}\n```"))
	_, resp, err := llmtest.Ask(t.Context(), m, req)
	if err != nil || resp.Text != `{"a": "y"}` {
		t.Fatalf("%+v, %v", resp, err)
	}
	last := s.Requests()[1]
	if last.ResponseFormat != nil || !strings.Contains(string(last.Messages[0].Content), "additionalProperties") {
		t.Errorf("the schema is not in the prompt: %s", last.Body)
	}
}

func TestStrictable(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]bool{
		`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}`:                                                 true,
		`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`:                                                                              false,
		`{"type":"object","properties":{"a":{},"b":{}},"required":["a"],"additionalProperties":false}`:                                                         false,
		`{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"x":{}}}}},"required":["a"],"additionalProperties":false}`:  false,
		`{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}},"b":{"enum":["x"]}},"required":["b","a"],"additionalProperties":false}`: true,
		`{"type":"string"}`: true,
		`nonsense`:          false,
	} {
		if got := strictable(json.RawMessage(schema)); got != want {
			t.Errorf("%s: %v", schema, got)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	m, s := script(t, llmtest.Text("ok"), llmtest.OnePiece("ok"), llmtest.UnknownModel("x"))
	var _ llm.Checker = m
	if err := m.Check(t.Context(), "gpt-test"); err != nil {
		t.Fatal(err)
	}
	if got := s.Requests()[0]; got.MaxTokens != 16 || got.Model != "gpt-test" {
		t.Errorf("request %s", got.Body)
	}
	wantError(t, m.Check(t.Context(), "gpt-test"), llm.NoStreaming, "streams")
	wantError(t, m.Check(t.Context(), "x"), llm.NoModel, `"x"`)
}
