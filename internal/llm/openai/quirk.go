package openai

import (
	"errors"
	"strings"

	"parley/internal/llm"
)

// quirks are the parameters that a provider does not accept for a model.
type quirks struct {
	noStreamOptions  bool      // rejects stream_options, so it may send no usage
	format           schemaWay // how a JSON schema is asked for
	noTemperature    bool      // accepts no other temperature than its default
	completionTokens bool      // wants max_completion_tokens for max_tokens
	noTools          bool      // cannot call tools
}

// schemaWay is a way to ask for a reply that follows a schema; a later one asks
// less of the provider.
type schemaWay int

const (
	bySchema     schemaWay = iota // response_format json_schema
	byJSONObject                  // response_format json_object, the schema in the prompt
	byPrompt                      // the schema in the prompt
)

// rejection is a failure that may come from a parameter. Body is what the
// provider said, in lower case.
type rejection struct {
	failure *llm.Error
	param   string // as the provider names it, "" if it does not
	body    string
	sent    sentParams
}

// sentParams says which optional parameters a request had.
type sentParams struct {
	streamOptions, responseFormat, temperature, maxTokens, tools bool
}

func (r *rejection) Error() string { return r.failure.Error() }
func (r *rejection) Unwrap() error { return r.failure }

// Failure implements remote.Rejection.
func (r *rejection) Failure() *llm.Error { return r.failure }

// failureIn returns the failure of a rejection, and any other error as it is.
func failureIn(err error) error {
	if r, ok := errors.AsType[*rejection](err); ok {
		return r.failure
	}
	return err
}

// names reports whether the provider complains about one of the parameters.
func (r *rejection) names(params ...string) bool {
	for _, p := range params {
		if r.param != "" && strings.HasPrefix(r.param, p) || r.param == "" && strings.Contains(r.body, p) {
			return true
		}
	}
	return false
}

// Without implements remote.Rejection.
func (r *rejection) Without(q quirks) (quirks, bool) {
	switch {
	case r.sent.streamOptions && r.names("stream_options", "include_usage"):
		q.noStreamOptions = true
	case r.sent.responseFormat && q.format < byPrompt &&
		r.names("response_format", "json_schema", "json_object", "structured output", "invalid schema"):
		q.format++
	case r.sent.maxTokens && !q.completionTokens && strings.Contains(r.body, "max_completion_tokens"):
		q.completionTokens = true
	case r.sent.temperature && r.names("temperature"):
		q.noTemperature = true
	case r.sent.tools && refusesTools(r.body):
		q.noTools = true
	default:
		return q, false
	}
	return q, true
}

// refusesTools recognises how Ollama, OpenRouter, vLLM and others say that a
// model cannot call tools.
func refusesTools(body string) bool {
	for _, s := range []string{
		"does not support tools", "support tool use", "tool calling is not supported",
		"tools are not supported", "does not support function", "tools is not supported",
		"enable-auto-tool-choice",
	} {
		if strings.Contains(body, s) {
			return true
		}
	}
	return false
}
