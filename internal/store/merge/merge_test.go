package merge_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"parley/internal/store/merge"
)

func before(a, b int) bool { return a > b }

// numbers is a source of some numbers, the greatest first. It counts what is read.
func numbers(all []int, bound int, read *int) *merge.Source[int] {
	return &merge.Source[int]{Bound: bound, Size: 3, Read: func(_ context.Context, n int) ([]int, error) {
		n = min(n, len(all))
		out := slices.Clone(all[:n])
		all = all[n:]
		*read += n
		return out, nil
	}}
}

// However many sources there are, and whatever is asked for at once, each number
// comes once, in order.
func TestMerge(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var sources []*merge.Source[int]
		var want []int
		read := 0
		for range r.IntN(6) {
			all := make([]int, r.IntN(40))
			for i := range all {
				all[i] = r.IntN(100)
			}
			slices.SortFunc(all, func(a, b int) int { return b - a })
			all = slices.Compact(all)
			want = append(want, all...)
			s := numbers(all, 100, &read)
			if len(all) > 0 && r.IntN(2) == 0 { // the first of it is known
				s = numbers(all[1:], all[0], &read)
				s.Known = all[:1]
			}
			sources = append(sources, s)
		}
		slices.SortFunc(want, func(a, b int) int { return b - a })
		want = slices.Compact(want)
		m := merge.New(before, sources)
		var got []int
		for {
			n := 1 + r.IntN(9)
			some, err := m.Next(t.Context(), n)
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, some...); len(some) < n {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// A source whose bound comes after what is asked for is not read.
func TestMergeReadsWhatItNeeds(t *testing.T) {
	t.Parallel()
	near, far := 0, 0
	m := merge.New(before, []*merge.Source[int]{numbers([]int{9, 8, 7, 6, 5}, 9, &near), numbers([]int{4, 3}, 4, &far)})
	if got, err := m.Next(t.Context(), 3); err != nil || !slices.Equal(got, []int{9, 8, 7}) || near != 3 || far != 0 {
		t.Fatalf("%v, %v, %d and %d read", got, err, near, far)
	}
}

func TestMergeFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	m := merge.New(before, []*merge.Source[int]{{Size: 1, Read: func(context.Context, int) ([]int, error) { return nil, broken }}})
	if _, err := m.Next(t.Context(), 1); !errors.Is(err, broken) {
		t.Fatal(err)
	}
}
