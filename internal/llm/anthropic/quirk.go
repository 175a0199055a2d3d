package anthropic

import (
	"regexp"
	"strconv"
	"strings"

	"parley/internal/llm"
)

// quirks are what a model does not take.
type quirks struct {
	noTemperature bool // the newer models choose for themselves
	noSchema      bool // a schema is asked for in words
	noCache       bool // no marks for the cache: servers that speak the protocol in part
	maxTokens     int  // the most that it can write; 0: unknown
}

// rejection is a failure that may come from a parameter.
type rejection struct {
	failure *llm.Error
	said    string // by the provider, in lower case
	sent    *wireRequest
}

func (r *rejection) Error() string { return r.failure.Error() }
func (r *rejection) Unwrap() error { return r.failure }

// Failure implements remote.Rejection.
func (r *rejection) Failure() *llm.Error { return r.failure }

// tooManyTokens matches how a model says how much it can write.
var tooManyTokens = regexp.MustCompile(`max_tokens: \d+ > (\d+)`)

// Without implements remote.Rejection.
func (r *rejection) Without(q quirks) (quirks, bool) {
	says := func(hints ...string) bool {
		for _, h := range hints {
			if strings.Contains(r.said, h) {
				return true
			}
		}
		return false
	}
	if found := tooManyTokens.FindStringSubmatch(r.said); found != nil {
		n, err := strconv.Atoi(found[1])
		if err == nil && n > 0 && n < r.sent.MaxTokens {
			q.maxTokens = n
			return q, true
		}
	}
	switch {
	case r.sent.Temperature != nil && says("temperature"):
		q.noTemperature = true
	case r.sent.caches() && says("cache_control"):
		q.noCache = true
	case r.sent.OutputConfig != nil && says("output_config", "output_format", "schema", "structured output"):
		q.noSchema = true
	default:
		return q, false
	}
	return q, true
}
