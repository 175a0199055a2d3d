package slab

import "sync"

// grow is how many slots become usable at once.
const grow = 256

// slots hands out memory of one size.
type slots struct {
	base   uintptr
	size   uintptr                     // of a slot, in bytes
	most   uintptr                     // how many there may be
	usable func(from, to uintptr) bool // makes slots usable, the last not included

	mu   sync.Mutex
	used uintptr   // that were handed out at least once
	free []uintptr // of these, by number
}

// holds reports whether an address is that of a slot.
func (s *slots) holds(p uintptr) bool { return p >= s.base && p-s.base < s.size*s.most }

// take returns the address of a slot, 0 if there is none left. Its content is
// whatever it was before.
func (s *slots) take() uintptr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		n := s.free[last]
		s.free = s.free[:last]
		return s.base + n*s.size
	}
	if s.used == s.most || s.used%grow == 0 && !s.usable(s.used, min(s.used+grow, s.most)) {
		return 0
	}
	s.used++
	return s.base + (s.used-1)*s.size
}

// give takes a slot back.
func (s *slots) give(p uintptr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, (p-s.base)/s.size)
}
