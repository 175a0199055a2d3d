package analytics

import (
	"testing"

	"parley/internal/store/rollup"
)

// TestUnknownCreditsAreNotCompared compares a group whose prices are known with one
// that has conversations of unknown cost: nothing is said of their credits.
func TestUnknownCreditsAreNotCompared(t *testing.T) {
	t.Parallel()
	known, unknown := &rollup.Cell{}, &rollup.Cell{}
	for range 40 {
		known.Credits.Add(1e6)
		known.Tokens.Add(100)
		unknown.Credits.Add(0)
		unknown.Tokens.Add(10)
	}
	if got := compare(unknown, known)[MeasureCredits]; got != Lower {
		t.Errorf("credits that are known: %q", got)
	}
	unknown.Unpriced = 1
	for _, got := range []map[Measure]Difference{compare(unknown, known), compare(known, unknown)} {
		if d, is := got[MeasureCredits]; is {
			t.Errorf("credits of which one is unknown: %q", d)
		}
		if got[MeasureTokens] == None {
			t.Error("nothing is said of the tokens")
		}
	}
	if _, is := Means(unknown)[MeasureCredits]; is {
		t.Error("there is a mean of what is not known")
	}
}
