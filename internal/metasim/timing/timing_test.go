package timing_test

import (
	"slices"
	"testing"
	"time"

	"parley/internal/metasim/timing"
)

// A bucket lends its size at once and refills steadily, never beyond its size.
func TestBucket(t *testing.T) {
	t.Parallel()
	var b timing.Bucket
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	take := func(n int) (got int) {
		for range n {
			if b.Take(now, 3, 0.5) {
				got++
			}
		}
		return got
	}
	if n := take(5); n != 3 {
		t.Errorf("at once: %d", n)
	}
	now = now.Add(3 * time.Second)
	if n := take(5); n != 1 {
		t.Errorf("after 3 seconds: %d", n)
	}
	now = now.Add(time.Hour)
	if n := take(5); n != 3 {
		t.Errorf("after an hour: %d", n)
	}
	for range 10 {
		b.Drain(now, 3, 0.5)
	}
	now = now.Add(2 * time.Second)
	if n := take(5); n != 1 {
		t.Errorf("2 seconds after it was drained: %d", n)
	}
}

// What is due comes in the order of its time, then in the order of its adding.
func TestSchedule(t *testing.T) {
	t.Parallel()
	var s timing.Schedule
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var got []int
	for _, x := range []struct{ seconds, n int }{{3, 5}, {1, 2}, {1, 3}, {0, 1}, {2, 4}} {
		s.Add(now.Add(time.Duration(x.seconds)*time.Second), func() { got = append(got, x.n) })
	}
	drain := func() (wait time.Duration, some bool) {
		run, wait, some := s.Due(now)
		for ; run != nil; run, wait, some = s.Due(now) {
			run()
		}
		return wait, some
	}
	if wait, some := drain(); wait != time.Second || !some || !slices.Equal(got, []int{1}) {
		t.Errorf("%v %v %v", wait, some, got)
	}
	now = now.Add(time.Hour)
	if _, some := drain(); some || !slices.Equal(got, []int{1, 2, 3, 4, 5}) {
		t.Errorf("%v %v", some, got)
	}
}
