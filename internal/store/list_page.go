package store

import (
	"context"
	"slices"

	"parley/internal/store/linked"
)

// listing finds the conversations of one page.
type listing struct {
	s     *Store
	q     *ListQuery
	tags  []string // that it is read by, see byTag
	after position
}

// scanBudget is how many conversations are looked at for one page, and
// newestBudget how many of the newest before those facets are read that pass.
const (
	scanBudget   = 1000
	newestBudget = 512
)

// page returns the positions of the page's rows, where the next page begins
// after, and whether the budget ended it.
func (l *listing) page(ctx context.Context) (rows []position, next *position, partial bool, err error) {
	l.byTag()
	want := l.q.Limit + 1
	b := &Binder{}
	if l.q.rowFilter(b) == "" {
		rows, err = l.ordered().next(ctx, want)
	} else {
		var ns []int64
		var ok bool
		if ns, ok, err = l.few(ctx); err == nil && ok {
			rows, err = l.sorted(ctx, ns)
		} else if err == nil {
			rows, next, err = l.scan(ctx, want)
		}
	}
	if err != nil {
		return nil, nil, false, err
	}
	if len(rows) >= want {
		rows = rows[:l.q.Limit]
		return rows, &rows[len(rows)-1], false, nil
	}
	return rows, next, next != nil, nil
}

// sorted reads few conversations, filters and sorts them.
func (l *listing) sorted(ctx context.Context, ns []int64) ([]position, error) {
	rows, err := l.filter(ctx, ns)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(p position) bool { return !l.after.before(p) })
	slices.SortFunc(rows, func(a, b position) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return rows[:min(len(rows), l.q.Limit+1)], nil
}

// filter returns those of the conversations that pass all filters.
func (l *listing) filter(ctx context.Context, ns []int64) ([]position, error) {
	var out []position
	for chunk := range slices.Chunk(ns, 256) {
		b := &Binder{}
		query := `SELECT c.n, c.` + l.q.Sort.column() + ` FROM conversation c WHERE c.n IN (` + b.Ints(chunk) +
			`)` + inWorkspace(b, l.q.WorkspaceID) + l.q.facetFilter(b, "c") + l.q.rowFilter(b) + linked.Tagged(l.tags, b.Bind)
		switch l.q.Sort { // what the order answers elsewhere
		case SortActivity:
			query += l.rangeFilter(b)
		case SortStarted:
			query += l.q.Times(b.Bind)
		}
		r, err := l.s.read.query(ctx, query, b.Args...)
		rows, err := collect(r, err, func(row scanner) (position, error) {
			p := position{Sort: l.q.Sort}
			return p, row.Scan(&p.N, &p.Key)
		})
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func (l *listing) rangeFilter(b *Binder) string {
	where := ""
	if !l.q.From.IsZero() {
		where += ` AND c.last_activity_at >= ` + b.Bind(micros(l.q.From))
	}
	if !l.q.To.IsZero() {
		where += ` AND c.last_activity_at < ` + b.Bind(micros(l.q.To))
	}
	return where
}

// scan looks at conversations in order until the page is full; next is where
// it gave up.
func (l *listing) scan(ctx context.Context, want int) (rows []position, next *position, err error) {
	looked := 0
	if l.q.Sort == SortActivity && l.tags == nil {
		budget := scanBudget
		facets := l.q.facetFilter(&Binder{}, "c") != ""
		if facets {
			budget = newestBudget
		}
		var ended bool
		if rows, ended, err = l.newest(ctx, want, budget); err != nil || ended || len(rows) >= want {
			return rows, nil, err
		}
		if !facets {
			return rows, &l.after, nil
		}
		looked = budget
	}
	source := source(l.merged())
	if l.tags != nil {
		source = l.ordered()
	}
	size := 4 * want
	for {
		some, err := source.next(ctx, size)
		if err != nil || len(some) == 0 {
			return rows, nil, err
		}
		passed, err := l.pass(ctx, some)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, passed[:min(len(passed), want-len(rows))]...)
		looked += len(some)
		switch {
		case len(rows) >= want || len(some) < size:
			return rows, nil, nil
		case looked >= scanBudget:
			return rows, &some[len(some)-1], nil
		}
	}
}

// pass returns those of some conversations that pass all filters, in their order.
func (l *listing) pass(ctx context.Context, some []position) ([]position, error) {
	ns := make([]int64, len(some))
	for i, p := range some {
		ns[i] = p.N
	}
	passed, err := l.filter(ctx, ns)
	ok := make(map[int64]bool, len(passed))
	for _, p := range passed {
		ok[p.N] = true
	}
	return slices.DeleteFunc(slices.Clone(some), func(p position) bool { return !ok[p.N] }), err
}

// newest looks at the next budget conversations by activity, in one pass with
// all filters, until want are found; l.after moves with it. ended says that
// there are no more.
func (l *listing) newest(ctx context.Context, want, budget int) (rows []position, ended bool, err error) {
	passes := func(b *Binder) string { return `1 = 1` + l.q.facetFilter(b, "c") + l.q.rowFilter(b) }
	l.after = l.start()
	for budget > 0 && len(rows) < want && !ended {
		size := min(4*want, budget)
		budget -= size
		var some []position
		if some, l.after, ended, err = l.look(ctx, l.after, size, passes); err != nil {
			return nil, false, err
		}
		rows = append(rows, some...)
	}
	return rows[:min(len(rows), want)], ended, nil
}

// look reads the n conversations after a position by activity and returns those
// that pass a condition on c, where it came to, and whether there are no more.
func (l *listing) look(
	ctx context.Context, at position, n int, passes func(*Binder) string,
) (rows []position, last position, ended bool, err error) {
	b := &Binder{}
	query := `
		SELECT c.last_activity_at, c.n, CASE WHEN ` + passes(b) + ` THEN 1 ELSE 0 END
		FROM conversation c
		WHERE c.workspace_id = ` + b.Bind(l.q.WorkspaceID) +
		` AND (c.last_activity_at, c.n) < (` + b.Bind(at.Key) + `, ` + b.Bind(at.N) + `)
			AND c.last_activity_at >= ` + b.Bind(l.low()) + `
		ORDER BY c.last_activity_at DESC, c.n DESC LIMIT ` + b.Bind(n)
	r, err := l.s.read.query(ctx, query, b.Args...)
	looked, err := collect(r, err, func(row scanner) (position, error) {
		p, ok := position{Sort: at.Sort}, false
		err := row.Scan(&p.Key, &p.N, &ok)
		if ok {
			rows = append(rows, p)
		}
		return p, err
	})
	if len(looked) > 0 {
		at = looked[len(looked)-1]
	}
	return rows, at, len(looked) < n, err
}

// start is where the page begins: after its cursor, and before q.To.
func (l *listing) start() position {
	to := position{Sort: l.after.Sort, Key: micros(l.q.To)}
	// A conversation has started before its last activity.
	if !l.q.To.IsZero() && l.after.before(to) && (l.q.Sort == SortActivity || l.q.Sort == SortStarted) {
		return to
	}
	if to.Key = micros(l.q.StartedTo); !l.q.StartedTo.IsZero() && l.q.Sort == SortStarted && l.after.before(to) {
		return to
	}
	return l.after
}

// low is the least key of the order that passes the filters by time.
func (l *listing) low() int64 {
	switch l.q.Sort {
	case SortActivity:
		return max(micros(l.q.From), micros(l.q.StartedFrom))
	case SortStarted:
		return micros(l.q.StartedFrom)
	}
	return 0
}
