package store

import "strings"

// Binder collects the arguments of a statement as it is written.
type Binder struct{ Args []any }

// Bind adds an argument and returns its placeholder.
func (b *Binder) Bind(v any) string {
	b.Args = append(b.Args, v)
	return placeholder(len(b.Args))
}

// Ints adds a list of rows' numbers, filled up with some that no row has.
func (b *Binder) Ints(ns []int64) string {
	names := make([]string, Padded(len(ns)))
	for i := range names {
		n := int64(-1)
		if i < len(ns) {
			n = ns[i]
		}
		names[i] = b.Bind(n)
	}
	return strings.Join(names, ", ")
}

// Padded is how many entries a list of n gets in a statement: one of a few
// lengths, so that few different statements are prepared.
func Padded(n int) int {
	size := 1
	for size < n {
		size *= 4
	}
	return size
}
