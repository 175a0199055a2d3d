// Package timing holds what the simulator needs to do things at their time and
// not too often.
package timing

import (
	"container/heap"
	"time"
)

// Schedule holds what is to be done at a time, in that order; what is due at
// once, in the order in which it was added. It is not safe for concurrent use.
type Schedule struct {
	tasks taskHeap
	n     uint64
}

// Add adds something.
func (s *Schedule) Add(at time.Time, run func()) {
	s.n++
	heap.Push(&s.tasks, task{at: at, n: s.n, run: run})
}

// Due returns what is due, or how long until something is; ok is false when
// there is nothing at all.
func (s *Schedule) Due(now time.Time) (run func(), wait time.Duration, ok bool) {
	if len(s.tasks) == 0 {
		return nil, 0, false
	}
	if wait = s.tasks[0].at.Sub(now); wait > 0 {
		return nil, wait, true
	}
	return heap.Pop(&s.tasks).(task).run, 0, true
}

type task struct {
	at  time.Time
	n   uint64 // keeps the order of what is due at once
	run func()
}

type taskHeap []task

func (h taskHeap) Len() int { return len(h) }
func (h taskHeap) Less(i, j int) bool {
	return h[i].at.Before(h[j].at) || h[i].at.Equal(h[j].at) && h[i].n < h[j].n
}
func (h taskHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *taskHeap) Push(x any) { *h = append(*h, x.(task)) }

// Pop implements heap.Interface.
func (h *taskHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = task{}
	*h = old[:len(old)-1]
	return t
}
