package store

import (
	"context"

	"parley"
)

// What follows is for the packages below the store, which have questions or a
// table of their own and bind them to a workspace as the store does.

// Rows is the result of a query; who asked closes it.
type Rows interface{ rows }

// Tx is a transaction. What is said of write holds for it: no I/O but its
// statements, and it may run more than once.
type Tx struct{ t *tx }

// Exec runs a statement and returns how many rows it changed.
func (x Tx) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	return x.t.exec(ctx, sql, args...)
}

// AddWork makes a piece of work due, as Store.AddWork does.
func (x Tx) AddWork(ctx context.Context, w parley.Work) error {
	return addWork(ctx, x.t, w.Kind, w.Key, w.WorkspaceID, w.Due)
}

// Write runs fn in a transaction.
func (s *Store) Write(ctx context.Context, fn func(Tx) error) error {
	return s.write(ctx, func(t *tx) error { return fn(Tx{t}) })
}

// Query runs a statement that reads.
func (s *Store) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return s.read.query(ctx, sql, args...)
}

// Conditions returns what a filter asks for as SQL, each condition with " AND "
// before it, and adds its arguments to args: of the facets, which hold for a row
// of facet and of conversation alike, by the name that it has in the statement,
// and the rest, of a conversation c.
func (q ListQuery) Conditions(args *[]any, facet string) (facets, rest string) {
	q.Sort = SortStarted
	b := &binder{*args}
	facets, rest = q.facetFilter(b, facet), q.rowFilter(b)
	*args = b.args
	return facets, rest
}
