package openai

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/llm"
	"parley/internal/llm/llmtest"
	"parley/internal/llm/remote"
)

// show writes the counts as input/output/cached/reasoning, unknown as -.
func show(u *llm.Usage) string {
	if u == nil {
		return "none"
	}
	s := func(n *int64) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	return s(u.InputTokens) + "/" + s(u.OutputTokens) + "/" + s(u.CachedTokens) + "/" + s(u.ReasoningTokens)
}

func TestUsageOf(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		``: "none",
		`{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}`: "5/7/-/-",
		`{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":3,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4}}`: "5/7/3/4",
		`{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":null,"completion_tokens_details":null}`:                                                   "5/7/-/-",
		`{"prompt_tokens":5,"completion_tokens":7,"prompt_cache_hit_tokens":2,"prompt_cache_miss_tokens":3}`:                                                        "5/7/2/-",
		`{"prompt_tokens":5,"completion_tokens":7,"cached_tokens":1}`:                                                                                               "5/7/1/-",
		`{"prompt_tokens":5,"completion_tokens":7,"total_tokens":42,"completion_tokens_details":{"reasoning_tokens":30}}`:                                           "5/37/-/30", // xAI
		`{"prompt_tokens":5,"completion_tokens":7,"total_tokens":42}`:                                                                                               "5/37/-/30", // Gemini
		`{"prompt_tokens":5,"completion_tokens":7,"total_tokens":3}`:                                                                                                "5/7/-/-",
		`{"prompt_tokens":-5,"completion_tokens":"many","total_tokens":null}`:                                                                                       "-/-/-/-",
		`{"prompt_tokens":5.5,"completion_tokens":1e300}`:                                                                                                           "-/-/-/-",
		`{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":8}}`:                  "5/7/-/-",
		`{"prompt_tokens":0,"completion_tokens":0}`:                                                                                                                 "0/0/-/-",
		`"text"`: "-/-/-/-",
		`{}`:     "-/-/-/-",
	} {
		u := usageOf(json.RawMessage(raw))
		if got := show(u); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
		if u != nil && string(u.Raw) != raw {
			t.Errorf("raw %s, want it verbatim: %s", u.Raw, raw)
		}
	}
}

func TestUsageOfSound(t *testing.T) {
	t.Parallel()
	u := usageOf(json.RawMessage(`{"prompt_tokens":50,"completion_tokens":70,"prompt_tokens_details":{"audio_tokens":40},"completion_tokens_details":{"audio_tokens":60}}`))
	if *u.AudioInTokens != 40 || *u.AudioOutTokens != 60 {
		t.Errorf("%+v", u)
	}
	u = usageOf(json.RawMessage(`{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"audio_tokens":40},"completion_tokens_details":{"audio_tokens":-1}}`))
	if u.AudioInTokens != nil || u.AudioOutTokens != nil {
		t.Errorf("counts that cannot be: %+v", u)
	}
}

// Whatever a provider counts, no count is negative and no part exceeds its
// whole.
func TestUsageIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1000, 1<<50)
		raw := fmt.Sprintf(`{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,`+
			`"prompt_tokens_details":{"cached_tokens":%d},"completion_tokens_details":{"reasoning_tokens":%d}}`,
			n.Draw(t, "in"), n.Draw(t, "out"), n.Draw(t, "total"), n.Draw(t, "cached"), n.Draw(t, "reasoning"))
		u := usageOf(json.RawMessage(raw))
		for _, c := range []*int64{u.InputTokens, u.OutputTokens, u.CachedTokens, u.ReasoningTokens} {
			if c != nil && *c < 0 {
				t.Fatalf("%s: %s", raw, show(u))
			}
		}
		if remote.Part(u.CachedTokens, u.InputTokens) != u.CachedTokens || remote.Part(u.ReasoningTokens, u.OutputTokens) != u.ReasoningTokens {
			t.Fatalf("%s: %s", raw, show(u))
		}
	})
}

// Servers put the usage in different places, or send none.
func TestUsagePlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply llmtest.Reply
		want  string
	}{
		"in a chunk of its own":  {llmtest.Reply{Deltas: []string{"a", "b"}}, "10/2/-/-"},
		"beside the finish":      {llmtest.Reply{Deltas: []string{"a", "b"}, UsageIn: llmtest.UsageWithFinish}, "10/2/-/-"},
		"in x_groq":              {llmtest.Reply{Deltas: []string{"a"}, UsageIn: llmtest.UsageInXGroq}, "10/1/-/-"},
		"in a choice":            {llmtest.Reply{Usage: "none", Raw: []string{`data: {"choices":[{"delta":{"content":"a"},"usage":{"prompt_tokens":3,"completion_tokens":4}}]}`}}, "3/4/-/-"},
		"nowhere":                {llmtest.Reply{Deltas: []string{"a"}, Usage: "none"}, "none"},
		"null":                   {llmtest.Reply{Deltas: []string{"a"}, Usage: "null"}, "none"},
		"in every chunk, rising": {llmtest.Reply{Usage: `{"prompt_tokens":3,"completion_tokens":9}`, Raw: []string{`data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`}}, "3/9/-/-"},
		"wrong":                  {llmtest.WrongUsage("a"), "-/-/-/-"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, _ := script(t, c.reply)
			_, resp, err := llmtest.Ask(t.Context(), m, hello())
			if err != nil {
				t.Fatal(err)
			}
			if got := show(resp.Usage); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	// What was counted before a break is not lost.
	m, _ := script(t, llmtest.Reply{
		Raw:      []string{`data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`},
		NoFinish: true, NoDone: true, Usage: "none",
	})
	_, resp, err := llmtest.Ask(t.Context(), m, hello())
	wantError(t, err, llm.Truncated, "")
	if got := show(resp.Usage); got != "3/1/-/-" {
		t.Errorf("usage %s", got)
	}
}
