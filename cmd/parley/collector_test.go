package main

import "testing"

func TestPercentFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		live uint64
		want int
	}{
		{0, 400},
		{busyHeap / 8, 400},
		{busyHeap / 4, 400},
		{busyHeap / 2, 200},
		{busyHeap, 100},
		{4 << 30, 100},
	} {
		if got := percentFor(c.live); got != c.want {
			t.Errorf("percentFor(%d MB) = %d, want %d", c.live>>20, got, c.want)
		}
	}
}
