package openai

import (
	"encoding/json"
	"math"

	"parley/internal/llm"
)

// maxTokensOfCall is more than any call can use; a higher count is a mistake.
const maxTokensOfCall = 1 << 40

// usageOf reads the counts of a usage object and keeps it verbatim. A count
// that is missing, negative, no whole number, or at odds with the others is
// unknown. It returns nil when there is no usage.
func usageOf(raw json.RawMessage) *llm.Usage {
	if len(raw) == 0 {
		return nil
	}
	var w struct {
		Prompt     any `json:"prompt_tokens"`
		Completion any `json:"completion_tokens"`
		Total      any `json:"total_tokens"`
		PromptOf   struct {
			Cached any `json:"cached_tokens"`
		} `json:"prompt_tokens_details"`
		CompletionOf struct {
			Reasoning any `json:"reasoning_tokens"`
		} `json:"completion_tokens_details"`
		CacheHit  any `json:"prompt_cache_hit_tokens"` // DeepSeek
		Cached    any `json:"cached_tokens"`           // Moonshot
		Reasoning any `json:"reasoning_tokens"`
	}
	u := &llm.Usage{Raw: raw}
	if json.Unmarshal(raw, &w) != nil {
		return u
	}
	u.InputTokens, u.OutputTokens = count(w.Prompt), count(w.Completion)
	u.CachedTokens = firstCount(w.PromptOf.Cached, w.CacheHit, w.Cached)
	u.ReasoningTokens = firstCount(w.CompletionOf.Reasoning, w.Reasoning)

	addUnshown(u, count(w.Total))
	if exceeds(u.CachedTokens, u.InputTokens) {
		u.CachedTokens = nil
	}
	if exceeds(u.ReasoningTokens, u.OutputTokens) {
		u.ReasoningTokens = nil
	}
	return u
}

// addUnshown adds the tokens that a provider counts in the total and not in the
// completion: xAI and Gemini leave reasoning out of it, and charge it as output.
func addUnshown(u *llm.Usage, total *int64) {
	if total == nil || u.InputTokens == nil || u.OutputTokens == nil {
		return
	}
	unshown := *total - *u.InputTokens - *u.OutputTokens
	if unshown <= 0 {
		return
	}
	all := *u.OutputTokens + unshown
	u.OutputTokens = &all
	if u.ReasoningTokens == nil {
		u.ReasoningTokens = &unshown
	}
}

func exceeds(part, whole *int64) bool { return part != nil && whole != nil && *part > *whole }

func firstCount(values ...any) *int64 {
	for _, v := range values {
		if n := count(v); n != nil {
			return n
		}
	}
	return nil
}

// count reads a JSON number that is a plausible count of tokens, else nil.
func count(v any) *int64 {
	f, ok := v.(float64)
	if !ok || f < 0 || f > maxTokensOfCall || f != math.Trunc(f) {
		return nil
	}
	n := int64(f)
	return &n
}
