package app_test

import (
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/llm/llmtest"
)

// A provider of kind anthropic, from its settings to the ledger: it is tried, it
// lists its models, it answers, and what was read from its cache and written into
// it is counted and priced apart.
func TestAnthropicFromSettingsToLedger(t *testing.T) {
	t.Parallel()
	reply := llmtest.Text("We open at nine.")
	reply.Started = `{"input_tokens":100,"cache_read_input_tokens":2000,"cache_creation_input_tokens":400,"output_tokens":1}`
	reply.Usage = `{"output_tokens":50,"output_tokens_details":{"thinking_tokens":30}}`
	model := llmtest.New(t, llmtest.Refuses(401, "authentication_error", "invalid x-api-key"), llmtest.Text("ok"))
	model.Models(llmtest.Reply{Body: `{"data":[{"id":"claude-test","display_name":"Claude Test"}]}`})
	model.Answer(func(*llmtest.Request) llmtest.Reply { return reply })
	r := serve(t, withAdmin(settings(t)))

	var provider struct{ ID string }
	if got := r.call(t, "POST", "/api/v1/providers", map[string]any{
		"name": "Claude", "kind": "anthropic", "base_url": model.BaseURL(), "api_key": "sk-ant-secret", "models": []string{"claude-test"},
	}, &provider); got != http.StatusCreated {
		t.Fatalf("provider: %d", got)
	}
	for _, want := range []string{"does not accept the API key", "answers, with streaming"} {
		var check struct{ Message string }
		r.call(t, "POST", "/api/v1/providers/test", map[string]string{"id": provider.ID, "model": "claude-test"}, &check)
		if !strings.Contains(check.Message, want) {
			t.Errorf("test: %q, want %q", check.Message, want)
		}
	}
	var listed struct {
		Listed bool
		Models []struct{ ID, Name string }
	}
	r.call(t, "GET", "/api/v1/providers/"+provider.ID+"/models", nil, &listed)
	if !listed.Listed || len(listed.Models) != 1 || listed.Models[0].Name != "Claude Test" {
		t.Errorf("models: %+v", listed)
	}
	// In micro-credits of 0.01 $: 100 × 5 $/M, 2000 × 0.5, 400 × 6.25, 50 × 25 are 0.00525 $.
	if got := r.call(t, "POST", "/api/v1/prices", map[string]string{
		"provider": strings.TrimSuffix(strings.TrimPrefix(model.BaseURL(), "http://"), "/v1"), "model": "claude-test", "source": "a test",
		"input_usd": "5", "output_usd": "25", "cached_usd": "0.5", "cache_write_usd": "6.25",
	}, nil); got != http.StatusCreated {
		t.Fatalf("price: %d", got)
	}
	var assistant, conversation struct{ ID string }
	r.call(t, "POST", "/api/v1/assistants", parley.AssistantConfig{
		Name: "Mira", Status: parley.AssistantActive, Prompt: "Help.", InactivityMinutes: 30, AfterEnd: parley.AfterEndNew,
		Model: parley.ModelChoice{ProviderID: provider.ID, Model: "claude-test"},
	}, &assistant)
	r.call(t, "POST", "/api/v1/conversations", map[string]string{"assistant_id": assistant.ID, "source": "api"}, &conversation)
	var sent struct{ Replies []message }
	r.call(t, "POST", "/api/v1/conversations/"+conversation.ID+"/messages?wait=30", map[string]string{"content": "When do you open?"}, &sent)
	if len(sent.Replies) != 1 || sent.Replies[0].Content != "We open at nine." {
		t.Fatalf("replies %+v", sent.Replies)
	}
	var whole struct {
		Rows []struct {
			Input     int64  `json:"input_tokens"`
			Output    int64  `json:"output_tokens"`
			Cached    int64  `json:"cached_tokens"`
			Written   int64  `json:"cache_write_tokens"`
			Reasoning int64  `json:"reasoning_tokens"`
			Audio     *int64 `json:"audio_in_tokens"`
			Credits   string `json:"credits"`
		} `json:"usage_rows"`
	}
	r.call(t, "GET", "/api/v1/conversations/"+conversation.ID, nil, &whole)
	if len(whole.Rows) != 1 {
		t.Fatalf("ledger %+v", whole)
	}
	u := whole.Rows[0]
	if u.Input != 2500 || u.Output != 50 || u.Cached != 2000 || u.Written != 400 || u.Reasoning != 30 || u.Audio != nil || u.Credits != "0.525" {
		t.Errorf("ledger %+v", u)
	}
	last := model.Requests()[len(model.Requests())-1]
	if last.Header.Get("X-Api-Key") != "sk-ant-secret" || !strings.Contains(string(last.System), `"cache_control":{"type":"ephemeral"}`) {
		t.Errorf("request %s", last.Body)
	}
}
