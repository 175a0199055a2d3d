package wire

import (
	"testing"

	"parley"
)

func TestDecodeStrict(t *testing.T) {
	t.Parallel()
	for body, ok := range map[string]bool{
		`{"content":"hi"}`:                   true,
		` {"content":"\\u0000 is no NUL"} `:  true,
		`{"content":"\u0000"}`:               false,
		`{"content":"\\\u0000"}`:             false,
		"{\"content\":\"\xc3\x28\"}":         false,
		`{"content":1}`:                      false,
		`{"other":"x"}`:                      false,
		`{"content":"a"}{"content":"b"}`:     false,
		`{"content":"a"} trailing`:           false,
		``:                                   false,
		`{"content":"\ud800"}`:               true, // a lone surrogate becomes U+FFFD
		`{"content":"a","attachments":null}`: true,
	} {
		var in NewMessage
		err := DecodeStrict([]byte(body), &in)
		if (err == nil) != ok {
			t.Errorf("%s: %v", body, err)
		} else if err != nil && parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%s: code %s", body, parley.ErrorCode(err))
		}
	}
}

func TestEveryCodeHasAStatus(t *testing.T) {
	t.Parallel()
	for code, want := range map[parley.Code]int{
		parley.CodeInvalid: 400, parley.CodeUnauthorized: 401, parley.CodeBudgetExhausted: 402, parley.CodeForbidden: 403,
		parley.CodeNotFound: 404, parley.CodeConflict: 409, parley.CodeWindowClosed: 409, parley.CodeTakeoverActive: 409,
		parley.CodeTooLarge: 413, parley.CodeRateLimited: 429, parley.CodeInternal: 500, parley.CodeUnavailable: 503,
	} {
		if got := StatusOf(code); got != want {
			t.Errorf("%s has the status %d, want %d", code, got, want)
		}
	}
}
