package rollup

import (
	"strconv"
	"strings"
)

// binder collects the arguments of a statement as it is written.
type binder struct{ args []any }

func (b *binder) bind(v any) string {
	b.args = append(b.args, v)
	return "$" + strconv.Itoa(len(b.args))
}

// padded is how many entries a list of n gets, so that few different
// statements are prepared; those that are too many name nothing.
func padded(n int) int {
	size := 1
	for size < n {
		size *= 4
	}
	return size
}

const nothing = -1

// numbers binds a list of conversations.
func (b *binder) numbers(ns []int64) string {
	names := make([]string, padded(len(ns)))
	for i := range names {
		n := int64(nothing)
		if i < len(ns) {
			n = ns[i]
		}
		names[i] = b.bind(n)
	}
	return strings.Join(names, ", ")
}

// pairs binds a table "v" with columns n and seq. A statement that joins it says
// CROSS JOIN: SQLite then looks up its rows, and does not scan the other table.
func (b *binder) pairs(facts []*Fact, seq func(*Fact) int64) string {
	rows := make([]string, padded(len(facts)))
	for i := range rows {
		n, s := int64(nothing-i), int64(0)
		if i < len(facts) {
			n, s = facts[i].N, seq(facts[i])
		}
		rows[i] = "(CAST(" + b.bind(n) + " AS BIGINT), CAST(" + b.bind(s) + " AS BIGINT))"
	}
	return "WITH v (n, seq) AS (VALUES " + strings.Join(rows, ", ") + ") "
}
