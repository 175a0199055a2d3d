package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How the garbage collector is steered. A server at rest should be small, and
// a busy one with a small heap should not collect ten times a second: with 400
// instead of Go's 100 percent a message costs an eighth less.
const (
	steerEvery   = time.Second
	busyPercent  = 400
	calmPercent  = 100
	busyHeap     = 64 << 20 // bytes that may wait to be collected under load, so large heaps stay at calmPercent
	calmAfter    = 3        // seconds without a collection
	busyFromRate = 2        // collections a second
)

// steerCollector gives the garbage collector room while it runs often, and
// gives memory back once it has come to rest, until ctx ends.
func steerCollector(ctx context.Context) {
	ticker := time.NewTicker(steerEvery)
	defer ticker.Stop()
	seen, calm, dirty := collections().cycles, 0, true // what only the start needed is given back as well
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := collections()
		ran := now.cycles - seen
		seen = now.cycles
		switch {
		case ran >= busyFromRate:
			debug.SetGCPercent(percentFor(now.live))
			calm, dirty = 0, true
		case ran > 0:
			calm, dirty = 0, true
		case dirty:
			if calm++; calm >= calmAfter {
				debug.SetGCPercent(calmPercent)
				debug.FreeOSMemory()
				giveBackProgram()
				seen, dirty = collections().cycles, false
			}
		}
	}
}

// percentFor returns how much of a live heap, in percent, may be allocated
// before the next collection.
func percentFor(live uint64) int {
	if live == 0 {
		return busyPercent
	}
	return int(min(max(busyHeap*100/live, calmPercent), busyPercent))
}

// collected is what the collector has done.
type collected struct{ cycles, live uint64 } // collections so far, bytes that the last one left

func collections() collected {
	s := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return collected{s[0].Value.Uint64(), s[1].Value.Uint64()}
}
