package settext_test

import (
	"testing"

	"parley/internal/settext"
)

// Both texts are there in the same languages.
func TestTexts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]func([]string) string{"trouble": settext.Trouble, "budget": settext.Budget} {
		english := text(nil)
		if english == "" || text([]string{"xx", "fr-CA", "de"}) != text([]string{"fr"}) {
			t.Errorf("%s: %q", name, english)
		}
		for _, l := range []string{"de", "es", "fr", "it", "pt", "nl"} {
			if text([]string{l}) == english {
				t.Errorf("%s is not there in %s", name, l)
			}
		}
	}
}
