package rollup_test

import (
	"testing"

	"parley/internal/store/rollup"
)

// A conversation of one message lasts no time, and not a millisecond.
func TestPercentileOfNoTime(t *testing.T) {
	t.Parallel()
	var s rollup.Spread
	s.Add(0)
	if p := s.Percentile(0.5); p != 0 {
		t.Errorf("the half last %v µs", p)
	}
	s.Add(2_000_000)
	s.Add(2_000_000)
	if p := s.Percentile(0.5); p < 1_950_000 || p > 2_050_000 {
		t.Errorf("the half last %v µs", p)
	}
}
