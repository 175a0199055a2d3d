package openai

import (
	"encoding/json"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

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
			Audio  any `json:"audio_tokens"`
		} `json:"prompt_tokens_details"`
		CompletionOf struct {
			Reasoning any `json:"reasoning_tokens"`
			Audio     any `json:"audio_tokens"`
		} `json:"completion_tokens_details"`
		CacheHit  any `json:"prompt_cache_hit_tokens"` // DeepSeek
		Cached    any `json:"cached_tokens"`           // Moonshot
		Reasoning any `json:"reasoning_tokens"`
	}
	u := &llm.Usage{Raw: raw}
	if json.Unmarshal(raw, &w) != nil {
		return u
	}
	u.InputTokens, u.OutputTokens = remote.Count(w.Prompt), remote.Count(w.Completion)
	u.CachedTokens = remote.Count(w.PromptOf.Cached, w.CacheHit, w.Cached)
	u.ReasoningTokens = remote.Count(w.CompletionOf.Reasoning, w.Reasoning)

	addUnshown(u, remote.Count(w.Total))
	u.CachedTokens = remote.Part(u.CachedTokens, u.InputTokens)
	u.ReasoningTokens = remote.Part(u.ReasoningTokens, u.OutputTokens)
	u.AudioInTokens = remote.Part(remote.Count(w.PromptOf.Audio), u.InputTokens)
	u.AudioOutTokens = remote.Part(remote.Count(w.CompletionOf.Audio), u.OutputTokens)
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
