package store

import (
	"context"
	"math"
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
	source := l.merged()
	for size := 2 * want; ; size = min(4*size, 1024) {
		some, err := source.next(ctx, size)
		if err != nil || len(some) == 0 {
			return rows, nil, err
		}
		ns := make([]int64, len(some))
		for i, p := range some {
			ns[i] = p.N
		}
		passed, err := l.filter(ctx, ns)
		if err != nil {
			return nil, nil, err
		}
		ok := make(map[int64]bool, len(passed))
		for _, p := range passed {
			ok[p.N] = true
		}
		for _, p := range some {
			if ok[p.N] && len(rows) < want {
				rows = append(rows, p)
			}
		}
		looked += len(some)
		switch {
		case len(rows) >= want || len(some) < size:
			return rows, nil, nil
		case looked >= scanBudget:
			return rows, &some[len(some)-1], nil
		}
	}
}

// newest looks at the next budget conversations by activity, in one pass with
// all filters, until want are found; l.after moves with it. ended says that
// there are no more.
func (l *listing) newest(ctx context.Context, want, budget int) (rows []position, ended bool, err error) {
	passes := func(b *Binder) string { return `1 = 1` + l.q.facetFilter(b, "c") + l.q.rowFilter(b) }
	l.after = l.start()
	for size := 4 * want; budget > 0 && len(rows) < want && !ended; size *= 2 {
		size = min(size, budget)
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

// source yields conversations in the order of the list.
type source interface {
	// next returns the following n, fewer at the end.
	next(ctx context.Context, n int) ([]position, error)
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

// ordered returns the conversations that pass the filters that facets answer,
// in order.
func (l *listing) ordered() source {
	m := l.merged()
	if l.q.Sort != SortActivity || l.tags != nil {
		return m
	}
	if b := (&Binder{}); l.q.facetFilter(b, "f") != "" {
		return &sifted{merged: m}
	}
	return &indexed{s: l.s, column: "last_activity_at", by: "workspace_id", value: l.q.WorkspaceID, at: m.at, low: m.low}
}

// merged is ordered without a look at the newest.
func (l *listing) merged() *merged {
	return &merged{l: l, at: l.start(), low: l.low()}
}

// indexed yields what one index holds in order.
type indexed struct {
	s      *Store
	tag    string // only those with it; "": all
	column string // what it is ordered by
	by     string // what it is selected by
	value  any
	at     position // of the last one yielded
	low    int64    // the least key
}

// next implements source.
func (x *indexed) next(ctx context.Context, n int) ([]position, error) {
	b := &Binder{[]any{x.value, x.at.Key, x.at.N, x.low, n}}
	table, and := listedFrom(x.tag, b)
	r, err := x.s.read.query(ctx, `
		SELECT c.`+x.column+`, c.n FROM `+table+`
		WHERE c.`+x.by+` = $1 AND (c.`+x.column+`, c.n) < ($2, $3) AND c.`+x.column+` >= $4`+and+`
		ORDER BY c.`+x.column+` DESC, c.n DESC LIMIT $5`, b.Args...)
	rows, err := collect(r, err, func(row scanner) (position, error) {
		p := position{Sort: x.at.Sort}
		return p, row.Scan(&p.Key, &p.N)
	})
	if len(rows) > 0 {
		x.at = rows[len(rows)-1]
	}
	return rows, err
}

// siftChunk is how many of the newest conversations are sifted at once.
const siftChunk = 128

// sifted yields those of the newest conversations that pass the filters, as
// long as they may be expected among them, and goes on as merged: what many
// pass is found here, without a look at each of their facets.
type sifted struct {
	*merged
	looked int
	passed []position // found and not yet yielded
}

// next implements source.
func (x *sifted) next(ctx context.Context, n int) ([]position, error) {
	for len(x.passed) < n && x.looked < newestBudget {
		if err := x.sift(ctx); err != nil {
			return nil, err
		}
	}
	out := slices.Clone(x.passed[:min(n, len(x.passed))])
	x.passed = x.passed[len(out):]
	if len(out) == n {
		return out, nil
	}
	rest, err := x.merged.next(ctx, n-len(out))
	return append(out, rest...), err
}

// sift asks for facets by their id, which the index has: no row is read.
func (x *sifted) sift(ctx context.Context) error {
	some, last, ended, err := x.l.look(ctx, x.at, siftChunk, func(b *Binder) string {
		return `(SELECT COUNT(*) FROM facet f WHERE f.id = c.facet_id` + x.l.q.facetFilter(b, "f") + `) = 1`
	})
	x.passed, x.at = append(x.passed, some...), last
	x.looked += siftChunk
	if ended {
		x.looked, x.opened = newestBudget, true
	}
	return err
}

// merged yields the conversations of several facets in order. Only facets
// whose newest conversation may belong to the page are read at all.
type merged struct {
	l      *listing
	at     position
	low    int64
	facets []*head // nil: not looked up yet
	opened bool
	last   int64 // the one that was yielded last; one with two tags comes twice
}

// head is what is known of a facet: its next conversations, or, while they
// have not been read, where they begin, or at the earliest may begin.
type head struct {
	source indexed
	bound  position
	rows   []position
	ended  bool
}

// chunk is how many conversations of a facet are read at once.
const chunk = 16

// next implements source.
func (m *merged) next(ctx context.Context, n int) ([]position, error) {
	if !m.opened {
		if err := m.open(ctx); err != nil {
			return nil, err
		}
	}
	var out []position
	for len(out) < n {
		best := -1
		for i, h := range m.facets {
			if !h.ended && (best < 0 || h.bound.before(m.facets[best].bound)) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		h := m.facets[best]
		if len(h.rows) == 0 {
			rows, err := h.source.next(ctx, chunk)
			if err != nil {
				return nil, err
			}
			h.rows = rows
			h.advance()
			continue
		}
		if h.rows[0].N != m.last {
			out = append(out, h.rows[0])
		}
		m.last = h.rows[0].N
		h.rows = h.rows[1:]
		if len(h.rows) > 0 {
			h.advance()
			continue
		}
		h.bound = position{Key: h.bound.Key, N: h.bound.N - 1}
	}
	return out, nil
}

func (h *head) advance() {
	if len(h.rows) == 0 {
		h.ended = true
		return
	}
	h.bound = h.rows[0]
}

// open looks up the facets and the position of the first conversation of each.
func (m *merged) open(ctx context.Context) error {
	m.opened = true
	for _, tag := range m.l.tags {
		if err := m.openTag(ctx, tag); err != nil {
			return err
		}
	}
	if m.l.tags != nil {
		return nil
	}
	return m.openTag(ctx, "")
}

func (m *merged) openTag(ctx context.Context, tag string) error {
	b := &Binder{}
	column := m.l.q.Sort.column()
	key, n, low := b.Bind(m.at.Key), b.Bind(m.at.N), b.Bind(m.low)
	table, and := listedFrom(tag, b)
	first := func(what string) string {
		return `(SELECT c.` + what + ` FROM ` + table + `
			WHERE c.facet_id = f.id` + and + ` AND (c.` + column + `, c.n) < (` + key + `, ` + n + `) AND c.` + column + ` >= ` + low + `
			ORDER BY c.` + column + ` DESC, c.n DESC LIMIT 1)`
	}
	tie := `NULL`
	if m.l.q.Sort != SortActivity { // whose keys are rarely equal
		tie = first("n")
	}
	query := `SELECT f.id, ` + first(column) + `, ` + tie + ` FROM facet f WHERE f.workspace_id = ` +
		b.Bind(m.l.q.WorkspaceID) + m.l.q.facetFilter(b, "f")
	r, err := m.l.s.read.query(ctx, query, b.Args...)
	heads, err := collect(r, err, func(row scanner) (*head, error) {
		var id int64
		var key, n *int64
		if err := row.Scan(&id, &key, &n); err != nil {
			return nil, err
		}
		h := &head{source: indexed{s: m.l.s, tag: tag, column: column, by: "facet_id", value: id, at: m.at, low: m.low}}
		h.ended = key == nil
		switch {
		case h.ended:
		case n != nil:
			h.bound = position{Key: *key, N: *n}
		case *key < m.at.Key:
			h.bound = position{Key: *key, N: math.MaxInt64}
		default:
			h.bound = position{Key: *key, N: m.at.N}
		}
		return h, nil
	})
	m.facets = append(m.facets, slices.DeleteFunc(heads, func(h *head) bool { return h.ended })...)
	return err
}
