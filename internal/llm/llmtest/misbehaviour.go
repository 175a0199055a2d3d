package llmtest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Text returns a good reply, one piece per word.
func Text(s string) Reply { return Reply{Deltas: strings.SplitAfter(s, " ")} }

// Calls returns a good reply that calls tools.
func Calls(calls ...Call) Reply { return Reply{ToolCalls: calls} }

// SlowStart waits before the first word.
func SlowStart(d time.Duration, s string) Reply {
	r := Text(s)
	r.Wait = d
	return r
}

// Stall sends so many words and then nothing, with the connection open.
func Stall(after int, s string) Reply {
	r := Text(s)
	r.StallAt = after
	return r
}

// HalfStream sends so many words and breaks the connection.
func HalfStream(after int, s string) Reply {
	r := Text(s)
	r.CutAt = after
	return r
}

// EndsEarly sends words and ends the stream in order, without a finish reason
// and [DONE].
func EndsEarly(s string) Reply {
	r := Text(s)
	r.NoFinish, r.NoDone, r.Usage = true, true, "none"
	return r
}

// MalformedJSON sends words and then an event that is not JSON.
func MalformedJSON(s string) Reply {
	r := Text(s)
	r.Raw = []string{`data: {"choices":[{"delta":{"content":"hal`}
	return r
}

// HTML answers as the login page of a proxy does.
func HTML() Reply {
	return Reply{
		Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}},
		Body: "<!doctype html><title>Sign in</title>",
	}
}

// Unauthorized refuses the key, and echoes it as some providers do.
func Unauthorized(key string) Reply {
	return failure(http.StatusUnauthorized, "invalid_request_error", "invalid_api_key",
		fmt.Sprintf("Incorrect API key provided: %s. You can find your API key in your account.", key))
}

// UnknownModel does not know the model.
func UnknownModel(model string) Reply {
	return failure(http.StatusNotFound, "invalid_request_error", "model_not_found",
		fmt.Sprintf("The model `%s` does not exist or you do not have access to it.", model))
}

// RateLimited answers 429. Retry-After is sent as it is: seconds, a date, or ""
// for none.
func RateLimited(after string) Reply {
	r := failure(http.StatusTooManyRequests, "requests", "rate_limit_exceeded", "Rate limit reached for requests.")
	if after != "" {
		r.Header = http.Header{"Retry-After": {after}}
	}
	return r
}

// OutOfCredit answers 429 as OpenAI does when the account is empty.
func OutOfCredit() Reply {
	return failure(http.StatusTooManyRequests, "insufficient_quota", "insufficient_quota",
		"You exceeded your current quota, please check your plan and billing details.")
}

// ServerError answers with a status of 500 and more.
func ServerError(status int) Reply {
	return failure(status, "server_error", "", "The server had an error while processing your request.")
}

// TooLong says that the context is exceeded.
func TooLong() Reply {
	return failure(http.StatusBadRequest, "invalid_request_error", "context_length_exceeded",
		"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.")
}

// Rejects complains about a parameter of the request.
func Rejects(param, message string) Reply {
	return Reply{Status: http.StatusBadRequest, Body: fmt.Sprintf(
		`{"error":{"message":%q,"type":"invalid_request_error","param":%q,"code":"unsupported_parameter"}}`, message, param)}
}

// ErrorInStream starts well and then reports an error with status 200.
func ErrorInStream(s string) Reply {
	r := Text(s)
	r.Raw = []string{`data: {"error":{"message":"The engine is overloaded.","type":"server_error","code":503}}`}
	r.NoFinish, r.NoDone, r.Usage = true, true, "none"
	return r
}

// WrongUsage sends a good reply with counts that cannot be.
func WrongUsage(s string) Reply {
	r := Text(s)
	r.Usage = `{"prompt_tokens":-5,"completion_tokens":"many","total_tokens":null}`
	return r
}

// UnknownTool calls a tool that nobody offered.
func UnknownTool() Reply {
	return Calls(Call{ID: "call_1", Name: "launch_rocket", Arguments: `{"to":"moon"}`})
}

// ToolLoop calls the same tool again, however often it is asked: use it with
// Answer. Each request has one more tool result than the one before.
func ToolLoop(name, arguments string) func(*Request) Reply {
	return func(r *Request) Reply {
		return Calls(Call{ID: fmt.Sprintf("call_%d", len(r.Messages)), Name: name, Arguments: arguments})
	}
}

// OnePiece answers with a completion that is not streamed.
func OnePiece(s string) Reply {
	return Reply{Status: http.StatusOK, Body: fmt.Sprintf(
		`{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":%q},`+
			`"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`, s)}
}

// failure is an error in OpenAI's form.
func failure(status int, kind, code, message string) Reply {
	return Reply{Status: status, Body: fmt.Sprintf(
		`{"error":{"message":%q,"type":%q,"param":null,"code":%q}}`, message, kind, code)}
}
