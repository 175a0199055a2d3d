// Package merge yields as one what several sources hold, each in the same order,
// without reading more of any than it needs.
package merge

import (
	"container/heap"
	"context"
)

// maxRead is how much is read of a source at once, at most.
const maxRead = 512

// Source is one of the sources.
type Source[T any] struct {
	// Bound is where the source begins at the earliest: it is not read before all
	// that comes before this was yielded.
	Bound T
	Known []T // what was read already
	Size  int // how many to read first; each time it is more
	// Read returns the next n, fewer at the end.
	Read func(ctx context.Context, n int) ([]T, error)
}

func (s *Source[T]) read(ctx context.Context) (err error) {
	if s.Known, err = s.Read(ctx, s.Size); len(s.Known) < s.Size {
		s.Size = 0 // there is no more
	}
	s.Size = min(4*s.Size, maxRead)
	return err
}

// Merge yields what several sources hold. What is equal comes once.
type Merge[T any] struct {
	sources queue[T]
	last    *T
}

// New merges sources in the order that before says.
func New[T any](before func(a, b T) bool, sources []*Source[T]) *Merge[T] {
	m := &Merge[T]{sources: queue[T]{before: before, all: sources}}
	heap.Init(&m.sources)
	return m
}

// Next returns the following n, fewer at the end of all sources.
func (m *Merge[T]) Next(ctx context.Context, n int) (out []T, err error) {
	for len(out) < n && m.sources.Len() > 0 {
		s := m.sources.all[0]
		if len(s.Known) == 0 {
			if err := s.read(ctx); err != nil {
				return nil, err
			}
		} else {
			if x := s.Known[0]; m.last == nil || m.sources.before(*m.last, x) {
				out, m.last = append(out, x), &x
			}
			s.Known = s.Known[1:]
		}
		if len(s.Known) > 0 {
			s.Bound = s.Known[0]
		}
		if len(s.Known) > 0 || s.Size > 0 {
			heap.Fix(&m.sources, 0)
		} else {
			heap.Pop(&m.sources)
		}
	}
	return out, nil
}

// queue is a heap of those sources that are not at their end.
type queue[T any] struct {
	before func(a, b T) bool
	all    []*Source[T]
}

func (q *queue[T]) Len() int           { return len(q.all) }
func (q *queue[T]) Less(i, j int) bool { return q.before(q.all[i].Bound, q.all[j].Bound) }
func (q *queue[T]) Swap(i, j int)      { q.all[i], q.all[j] = q.all[j], q.all[i] }
func (q *queue[T]) Push(x any)         { q.all = append(q.all, x.(*Source[T])) } //nolint:forcetypeassert // nobody pushes anything else
func (q *queue[T]) Pop() any {
	last := len(q.all) - 1
	x := q.all[last]
	q.all = q.all[:last]
	return x
}
