package engine_test

import (
	"encoding/json"
	"testing"

	"parley"
	"parley/internal/llm/anthropic"
	"parley/internal/llm/llmtest"
)

// What a model thought before a call comes back to it with the result, in the
// same turn and not in the next.
func TestThoughtsAreCarriedThroughATurn(t *testing.T) {
	thinks := llmtest.Calls(llmtest.Call{ID: "toolu_1", Name: parley.ToolSetVariable, Arguments: `{"name":"order","value":"X"}`})
	thinks.Thinking = []string{"The order is X."}
	wire := llmtest.New(t, thinks, llmtest.Text("Noted."), llmtest.Text("Yes."))
	w := quick(t, setup{model: anthropic.New(anthropic.Config{BaseURL: wire.BaseURL(), APIKey: "key"}), assistant: withVariables})
	c := w.open()
	w.ask(c.ID, "It is X.")
	w.ask(c.ID, "Sure?")
	thoughts := func(r *llmtest.Request) (n int) {
		for _, m := range r.Messages {
			var blocks []struct{ Type, Thinking string }
			w.must(json.Unmarshal(m.Content, &blocks))
			for _, b := range blocks {
				if b.Type == "thinking" && b.Thinking == "The order is X." {
					n++
				}
			}
		}
		return n
	}
	all := wire.Requests()
	if len(all) != 3 || thoughts(all[0]) != 0 || thoughts(all[1]) != 1 || thoughts(all[2]) != 0 {
		for _, r := range all {
			t.Errorf("%d thoughts in %s", thoughts(r), r.Body)
		}
	}
}
