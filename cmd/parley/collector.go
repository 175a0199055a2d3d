package main

import (
	"context"
	"runtime"
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
	busyHeap     = 36 << 20 // bytes that may wait to be collected under load, so large heaps stay at calmPercent
	calmAfter    = 3        // seconds without a collection
	busyFromRate = 2        // collections a second
)

// steerCollector gives the garbage collector room while it runs often, and
// gives memory back once it has come to rest, until ctx ends.
func steerCollector(ctx context.Context) {
	ticker := time.NewTicker(steerEvery)
	defer ticker.Stop()
	ended := make(chan struct{}, 1)
	tellOfCollections(ctx, ended)
	busy := false
	seen, calm, dirty := collections().cycles, 0, true // what only the start needed is given back as well
	for {
		select {
		case <-ctx.Done():
			return
		case <-ended:
			if busy {
				debug.SetGCPercent(percentFor(collections().live))
			}
			continue
		case <-ticker.C:
		}
		now := collections()
		ran := now.cycles - seen
		seen = now.cycles
		busy = busy || ran >= busyFromRate
		switch {
		case ran > 0:
			calm, dirty = 0, true
		case dirty:
			if calm++; calm >= calmAfter {
				busy = false
				debug.SetGCPercent(calmPercent)
				debug.FreeOSMemory()
				giveBackProgram()
				seen, dirty = collections().cycles, false
			}
		}
	}
}

// tellOfCollections sends to ended after each collection until ctx ends, unless
// it has not been heard since the last. What lives changes from one to the next:
// a percentage that is right for 8 MB lets 40 MB become 200.
func tellOfCollections(ctx context.Context, ended chan<- struct{}) {
	type found [32]byte // by the next collection, as nothing refers to it
	runtime.AddCleanup(new(found), func(struct{}) {
		if ctx.Err() != nil {
			return
		}
		tellOfCollections(ctx, ended)
		select {
		case ended <- struct{}{}:
		default:
		}
	}, struct{}{})
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
