package remote

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"7":                             7 * time.Second,
		" 1.5 ":                         1500 * time.Millisecond,
		"Fri, 02 Jan 2026 03:05:05 GMT": time.Minute,
		"Fri, 02 Jan 2026 03:04:00 GMT": 0,
		"soon":                          0,
		"-3":                            0,
		"NaN":                           0,
		"+Inf":                          MaxRetryAfter,
		"99999999999":                   MaxRetryAfter,
		"":                              0,
	} {
		if got := RetryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
	if got := RetryAfter(http.Header{"Retry-After-Ms": {"250"}, "Retry-After": {"1"}}, now); got != 250*time.Millisecond {
		t.Errorf("retry-after-ms: %s", got)
	}
}

// The key leaves in no form: whole, escaped, masked, or like that of another
// provider.
func TestRedact(t *testing.T) {
	t.Parallel()
	const key = "sk-ant-api03-Zx81/kQw7=vTT0+et42"
	p := New(Config{BaseURL: "http://localhost", APIKey: " " + key + "\n"}, "")
	for _, said := range []string{
		"invalid x-api-key " + key,
		"key=sk-ant-api03-Zx81%2FkQw7%3DvTT0%2Bet42",
		"***********0+et42 is wrong",
		"the key sk-ant-api03-******** is wrong",
		"Authorization: Bearer abcdefghijkl",
		"AIzaSyD-0123456789",
	} {
		got := p.Redact(said)
		if !strings.Contains(got, redacted) || strings.Contains(got, "kQw7") || strings.Contains(got, "et42") || strings.Contains(got, "Zx81") {
			t.Errorf("%q became %q", said, got)
		}
	}
	if got := New(Config{}, "").Redact("The model is overloaded."); got != "The model is overloaded." {
		t.Errorf("%q", got)
	}
	if got := Clip("a\n\tb\x00 c" + strings.Repeat("ü", MaxQuote)); len([]rune(got)) != MaxQuote || !strings.HasPrefix(got, "a b c") {
		t.Errorf("clipped to %d runes: %q", len([]rune(got)), got)
	}
}
