package anthropic

import (
	"encoding/json"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// bounded returns a usage object, nil for one that is missing or too big.
func bounded(raw json.RawMessage) json.RawMessage {
	if s := string(raw); s == "" || s == "null" || len(s) > remote.MaxErrorBody {
		return nil
	}
	return append(json.RawMessage(nil), raw...)
}

// usageOf reads the counts that came at the start of a message and at its end,
// and keeps both as one object, field by field as the provider wrote them. It
// returns nil when there are none. The protocol counts input apart from what was
// read from its cache and written into it; here input is all of them. What is
// said of the output before its end is no count of it.
func usageOf(started, counted json.RawMessage) *llm.Usage {
	if started == nil && counted == nil {
		return nil
	}
	u := &llm.Usage{Raw: joined(started, counted)}
	var w struct {
		Input    any `json:"input_tokens"`
		Output   any `json:"output_tokens"`
		Read     any `json:"cache_read_input_tokens"`
		Written  any `json:"cache_creation_input_tokens"`
		OutputOf struct {
			Thinking any `json:"thinking_tokens"`
		} `json:"output_tokens_details"`
	}
	if json.Unmarshal(u.Raw, &w) != nil {
		return u
	}
	u.CachedTokens, u.CacheWriteTokens = remote.Count(w.Read), remote.Count(w.Written)
	if in := remote.Count(w.Input); in != nil {
		all := *in
		for _, part := range []*int64{u.CachedTokens, u.CacheWriteTokens} {
			if part != nil {
				all += *part
			}
		}
		u.InputTokens = &all
	}
	if counted != nil {
		u.OutputTokens = remote.Count(w.Output)
		u.ReasoningTokens = remote.Part(remote.Count(w.OutputOf.Thinking), u.OutputTokens)
	}
	return u
}

// joined returns the fields of two objects; those of the second count, where it
// has them.
func joined(first, second json.RawMessage) json.RawMessage {
	if first == nil || second == nil {
		return append(first, second...)
	}
	var all, newer map[string]json.RawMessage
	if json.Unmarshal(first, &all) != nil || json.Unmarshal(second, &newer) != nil {
		return second
	}
	for name, value := range newer {
		if string(value) != "null" {
			all[name] = value
		}
	}
	raw, err := json.Marshal(all)
	if err != nil { // what was just read always marshals
		return second
	}
	return raw
}
