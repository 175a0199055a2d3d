package bench

import (
	"testing"
	"time"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	var l latencies
	for i := range 100 {
		l = append(l, time.Duration(100-i)*time.Millisecond)
	}
	s := l.summary()
	want := summary{N: 100, Mean: 50500 * time.Microsecond, P50: 50 * time.Millisecond,
		P90: 90 * time.Millisecond, P99: 99 * time.Millisecond, Max: 100 * time.Millisecond}
	if s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
	one := latencies{time.Second}.summary()
	if one.P50 != time.Second || one.P99 != time.Second {
		t.Errorf("one: %+v", one)
	}
	if s := (latencies{}).summary(); s != (summary{}) {
		t.Errorf("none: %+v", s)
	}
	// With few values the 99th percentile is the greatest, never less.
	if s := (latencies{1, 2, 3}).summary(); s.P99 != 3 || s.P50 != 2 {
		t.Errorf("three: %+v", s)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	if perSecond(10, 2*time.Second) != 5 || perSecond(10, 0) != 0 || ratio(1, 4) != 0.25 || ratio(1, 0) != 0 {
		t.Error("a rate or a ratio is wrong")
	}
}
