package anthropic

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/llm"
	"parley/internal/llm/llmtest"
	"parley/internal/llm/remote"
)

// show writes the counts as input/output/read/written/thought, unknown as -.
func show(u *llm.Usage) string {
	if u == nil {
		return "none"
	}
	s := ""
	for i, n := range []*int64{u.InputTokens, u.OutputTokens, u.CachedTokens, u.CacheWriteTokens, u.ReasoningTokens} {
		if i > 0 {
			s += "/"
		}
		if n == nil {
			s += "-"
		} else {
			s += fmt.Sprint(*n)
		}
	}
	return s
}

func TestUsageOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ started, counted, want, raw string }{
		"none":            {``, ``, "none", ``},
		"both":            {`{"input_tokens":5,"output_tokens":1}`, `{"output_tokens":7}`, "5/7/-/-/-", `{"input_tokens":5,"output_tokens":7}`},
		"cache":           {`{"input_tokens":5,"cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":1}`, `{"output_tokens":7}`, "125/7/100/20/-", `{"cache_creation_input_tokens":20,"cache_read_input_tokens":100,"input_tokens":5,"output_tokens":7}`},
		"again, and null": {`{"input_tokens":5,"cache_read_input_tokens":0}`, `{"input_tokens":6,"cache_read_input_tokens":null,"output_tokens":7}`, "6/7/0/-/-", `{"cache_read_input_tokens":0,"input_tokens":6,"output_tokens":7}`},
		"thinking":        {`{"input_tokens":5}`, `{"output_tokens":70,"output_tokens_details":{"thinking_tokens":60}}`, "5/70/-/-/60", ``},
		"more thought":    {`{"input_tokens":5}`, `{"output_tokens":7,"output_tokens_details":{"thinking_tokens":60}}`, "5/7/-/-/-", ``},
		"broken off":      {`{"input_tokens":5,"output_tokens":1}`, ``, "5/-/-/-/-", `{"input_tokens":5,"output_tokens":1}`},
		"only the end":    {``, `{"input_tokens":5,"output_tokens":7}`, "5/7/-/-/-", `{"input_tokens":5,"output_tokens":7}`},
		"nonsense":        {`{"input_tokens":-5}`, `{"output_tokens":"many"}`, "-/-/-/-/-", ``},
		"no object":       {`"x"`, `{"output_tokens":7}`, "-/7/-/-/-", `{"output_tokens":7}`},
	} {
		raw := func(s string) json.RawMessage { return bounded(json.RawMessage(s)) }
		u := usageOf(raw(c.started), raw(c.counted))
		if got := show(u); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if c.raw != "" && string(u.Raw) != c.raw {
			t.Errorf("%s: raw %s, want %s", name, u.Raw, c.raw)
		}
	}
}

// Whatever a provider counts, no count is negative and no part exceeds its whole.
func TestUsageIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1000, 1<<50)
		started := fmt.Sprintf(`{"input_tokens":%d,"cache_read_input_tokens":%d,"cache_creation_input_tokens":%d}`,
			n.Draw(t, "in"), n.Draw(t, "read"), n.Draw(t, "written"))
		counted := fmt.Sprintf(`{"output_tokens":%d,"output_tokens_details":{"thinking_tokens":%d}}`, n.Draw(t, "out"), n.Draw(t, "thought"))
		u := usageOf(json.RawMessage(started), json.RawMessage(counted))
		parts := int64(0)
		for _, c := range []*int64{u.InputTokens, u.OutputTokens, u.CachedTokens, u.CacheWriteTokens, u.ReasoningTokens} {
			if c != nil && *c < 0 {
				t.Fatal(show(u))
			}
		}
		for _, c := range []*int64{u.CachedTokens, u.CacheWriteTokens} {
			if c != nil {
				parts += *c
			}
		}
		if u.InputTokens != nil && parts > *u.InputTokens || remote.Part(u.ReasoningTokens, u.OutputTokens) != u.ReasoningTokens {
			t.Fatal(show(u))
		}
	})
}

// What was counted before a break is not lost, and what was not is unknown.
func TestUsageOfABrokenReply(t *testing.T) {
	t.Parallel()
	reply := llmtest.HalfStream(1, "one two")
	reply.Started = `{"input_tokens":5,"cache_read_input_tokens":100,"output_tokens":1}`
	m, _ := script(t, reply)
	_, resp, err := llmtest.Ask(t.Context(), m, hello())
	wantError(t, err, llm.Truncated, "")
	if got := show(resp.Usage); got != "105/-/100/-/-" {
		t.Errorf("usage %s", got)
	}
}
