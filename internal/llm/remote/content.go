package remote

import (
	"encoding/json"
	"math"
	"strings"
)

// maxTokensOfCall is more than any call can use; a higher count is a mistake.
const maxTokensOfCall = 1 << 40

// Count reads the first value that is a plausible count of tokens, a JSON number
// that is whole and not negative; else nil, which is unknown.
func Count(values ...any) *int64 {
	for _, v := range values {
		f, ok := v.(float64)
		if !ok || f < 0 || f > maxTokensOfCall || f != math.Trunc(f) {
			continue
		}
		n := int64(f)
		return &n
	}
	return nil
}

// Part returns a count that is part of another, nil if it cannot be.
func Part(part, whole *int64) *int64 {
	if part != nil && whole != nil && *part > *whole {
		return nil
	}
	return part
}

// BareJSON takes an object out of the fences or the prose that models put
// around it when they are only asked for JSON in words.
func BareJSON(s string) string {
	if json.Valid([]byte(s)) {
		return s
	}
	from, to := strings.IndexByte(s, '{'), strings.LastIndexByte(s, '}')
	if from < 0 || to < from || !json.Valid([]byte(s[from:to+1])) {
		return s
	}
	return s[from : to+1]
}

// Arguments returns a JSON object, or the raw text as a JSON string if it is
// none. Some servers put the object into a string once more.
func Arguments(raw string) json.RawMessage {
	s := strings.TrimSpace(raw)
	if s == "" || s == "null" {
		return json.RawMessage("{}")
	}
	var inner string
	if json.Unmarshal([]byte(s), &inner) == nil {
		s = strings.TrimSpace(inner)
	}
	if strings.HasPrefix(s, "{") && json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	quoted, err := json.Marshal(raw)
	if err != nil { // a string always marshals
		return json.RawMessage("{}")
	}
	return quoted
}
