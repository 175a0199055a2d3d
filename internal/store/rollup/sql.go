package rollup

import (
	"strings"

	"parley/internal/store"
)

// binder is the store's, with tables of values.
type binder struct{ store.Binder }

// pairs binds a table "v" with columns n and seq. A statement that joins it says
// CROSS JOIN: SQLite then looks up its rows, and does not scan the other table.
// It is filled up with numbers that no conversation has.
func (b *binder) pairs(facts []*Fact, seq func(*Fact) int64) string {
	rows := make([]string, store.Padded(len(facts)))
	for i := range rows {
		n, s := int64(-1-i), int64(0)
		if i < len(facts) {
			n, s = facts[i].N, seq(facts[i])
		}
		rows[i] = "(CAST(" + b.Bind(n) + " AS BIGINT), CAST(" + b.Bind(s) + " AS BIGINT))"
	}
	return "WITH v (n, seq) AS (VALUES " + strings.Join(rows, ", ") + ") "
}
