package lang_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/lang"
)

func TestClean(t *testing.T) {
	t.Parallel()
	if got := lang.Clean(" a\x00b\xff ", 100); got != "ab\uFFFD" {
		t.Errorf("got %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 40).Draw(t, "n")
		got := lang.Clean(string(rapid.SliceOf(rapid.Byte()).Draw(t, "text")), n)
		if len(got) > n || parley.CheckContent(got) != nil || strings.TrimSpace(got) != got && len(got) < n {
			t.Fatalf("got %q of at most %d bytes", got, n)
		}
	})
}
