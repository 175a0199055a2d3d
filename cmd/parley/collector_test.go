package main

import (
	"context"
	"runtime"
	"testing"
	"time"
)

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

func TestTellOfCollections(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{}, 1)
	tellOfCollections(ctx, ended)
	for i := range 5 {
		runtime.GC()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatalf("collection %d is not told of", i)
		}
	}
	stop()
	runtime.GC()
	select {
	case <-ended: // of one that ended before the stop
	case <-time.After(100 * time.Millisecond):
	}
	runtime.GC()
	select {
	case <-ended:
		t.Error("a collection is told of after the end")
	case <-time.After(100 * time.Millisecond):
	}
}
