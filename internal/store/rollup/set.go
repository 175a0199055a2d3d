package rollup

import (
	"math/bits"
	"slices"
)

// Set is a set of small numbers: a list while it is short, else a bit for each
// number.
type Set struct {
	list []int64
	bits []uint64
}

// longList is when a set becomes bits.
const longList = 4096

// Add adds a number, which is not negative.
func (s *Set) Add(n int64) {
	if s.bits == nil {
		s.list = append(s.list, n)
		if len(s.list) > longList {
			s.spread()
		}
		return
	}
	word := int(n / 64)
	if word >= len(s.bits) {
		s.bits = append(s.bits, make([]uint64, max(word+1-len(s.bits), len(s.bits)/2))...)
	}
	s.bits[word] |= 1 << (n % 64)
}

func (s *Set) spread() {
	list := s.list
	s.list, s.bits = nil, make([]uint64, slices.Max(list)/64+1)
	for _, n := range list {
		s.Add(n)
	}
}

// settle prepares a set for Has.
func (s *Set) settle() {
	if s.bits == nil {
		s.Sorted()
	}
}

// Has reports whether a number is in the set, which must be settled.
func (s *Set) Has(n int64) bool {
	if s.bits != nil {
		return n >= 0 && int(n/64) < len(s.bits) && s.bits[n/64]&(1<<(n%64)) != 0
	}
	_, found := slices.BinarySearch(s.list, n)
	return found
}

// Len returns how many different numbers there are.
func (s *Set) Len() int64 {
	if s.bits == nil {
		return int64(len(s.Sorted()))
	}
	n := 0
	for _, w := range s.bits {
		n += bits.OnesCount64(w)
	}
	return int64(n)
}

// Sorted returns the numbers in order.
func (s *Set) Sorted() []int64 {
	if s.bits == nil {
		slices.Sort(s.list)
		s.list = slices.Compact(s.list)
		return s.list
	}
	var out []int64
	for i, w := range s.bits {
		for ; w != 0; w &= w - 1 {
			out = append(out, int64(i*64+bits.TrailingZeros64(w)))
		}
	}
	return out
}

// Merge adds all numbers of o.
func (s *Set) Merge(o *Set) {
	for _, n := range o.list {
		s.Add(n)
	}
	for i, w := range o.bits {
		for ; w != 0; w &= w - 1 {
			s.Add(int64(i*64 + bits.TrailingZeros64(w)))
		}
	}
}
