package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"parley/internal/store/merge"
)

// source yields conversations in the order of the list.
type source interface {
	// next returns the following n, fewer at the end.
	next(ctx context.Context, n int) ([]position, error)
}

// ordered returns the conversations that pass the filters that facets answer,
// in order.
func (l *listing) ordered() source {
	facets := l.q.facetFilter(&Binder{}, "f") != ""
	m := l.merged()
	if l.tags != nil {
		m.byTag = true
		if facets {
			return &sifted{merged: l.merged(), tagged: m}
		}
		return m
	}
	switch {
	case l.q.Sort != SortActivity:
		return m
	case facets:
		return &sifted{merged: m}
	}
	return &indexed{
		s: l.s, table: "conversation", column: "last_activity_at", by: []selected{{"workspace_id", l.q.WorkspaceID}}, at: m.at, low: m.low,
	}
}

// merged is ordered without a look at the newest.
func (l *listing) merged() *merged {
	return &merged{l: l, at: l.start(), low: l.low()}
}

// byTag makes the tags of the query what the list is read by, if its order is
// one that the rows of tags have: then the newest of each tag, and of each tag in
// each facet, are found in order, however many there are. The query goes on
// without them.
func (l *listing) byTag() {
	if len(l.q.Tags) == 0 || l.q.Sort != SortActivity && l.q.Sort != SortStarted {
		return
	}
	own := *l.q
	l.tags = slices.Compact(slices.Sorted(slices.Values(own.Tags)))
	own.Tags, l.q = nil, &own
}

// indexed yields what one index holds in order.
type indexed struct {
	s      *Store
	table  string     // conversation, or desk_tagged, which repeats its columns
	column string     // what it is ordered by
	by     []selected // what it is selected by
	at     position   // of the last one yielded
	low    int64      // the least key
}

type selected struct {
	column string
	value  any
}

// next implements source.
func (x *indexed) next(ctx context.Context, n int) ([]position, error) {
	b := &Binder{}
	where := ""
	for _, s := range x.by {
		where += `c.` + s.column + ` = ` + b.Bind(s.value) + ` AND `
	}
	r, err := x.s.read.query(ctx, `
		SELECT c.`+x.column+`, c.n, c.facet_id FROM `+x.table+` c
		WHERE `+where+`(c.`+x.column+`, c.n) < (`+b.Bind(x.at.Key)+`, `+b.Bind(x.at.N)+`) AND c.`+x.column+` >= `+b.Bind(x.low)+`
		ORDER BY c.`+x.column+` DESC, c.n DESC LIMIT `+b.Bind(n), b.Args...)
	rows, err := collect(r, err, func(row scanner) (position, error) {
		p := position{Sort: x.at.Sort}
		return p, row.Scan(&p.Key, &p.N, &p.facet)
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
	tagged *merged        // what is sifted, by tag; nil: all conversations
	facets map[int64]bool // those that pass, for tagged
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

func (x *sifted) sift(ctx context.Context) (err error) {
	look := x.lookAtAll
	if x.tagged != nil {
		look = x.lookAtTagged
	}
	ended, err := look(ctx)
	x.looked += siftChunk
	if ended {
		x.looked, x.heads = newestBudget, merge.New(position.before, nil) // there are no more
	}
	return err
}

// lookAtAll asks for facets by their id, which the index has: no row is read.
func (x *sifted) lookAtAll(ctx context.Context) (ended bool, err error) {
	some, last, ended, err := x.l.look(ctx, x.at, siftChunk, func(b *Binder) string {
		return `(SELECT COUNT(*) FROM facet f WHERE f.id = c.facet_id` + x.l.q.facetFilter(b, "f") + `) = 1`
	})
	x.passed, x.at = append(x.passed, some...), last
	return ended, err
}

// lookAtTagged knows the facet of what has a tag, so it looks at more of it.
func (x *sifted) lookAtTagged(ctx context.Context) (ended bool, err error) {
	const taggedChunk = siftChunk * 8
	some, err := x.tagged.next(ctx, taggedChunk)
	if err != nil {
		return false, err
	}
	if x.facets == nil {
		if x.facets, err = x.l.facets(ctx); err != nil {
			return false, err
		}
	}
	for _, p := range some {
		if x.at = p; x.facets[p.facet] {
			x.passed = append(x.passed, p)
		}
	}
	return len(some) < taggedChunk, nil
}

// facets returns the ids of the facets that pass.
func (l *listing) facets(ctx context.Context) (map[int64]bool, error) {
	b := &Binder{}
	r, err := l.s.read.query(ctx, `SELECT f.id FROM facet f WHERE f.workspace_id = `+b.Bind(l.q.WorkspaceID)+l.q.facetFilter(b, "f"), b.Args...)
	ids, err := collect(r, err, scanInt)
	ok := make(map[int64]bool, len(ids))
	for _, id := range ids {
		ok[id] = true
	}
	return ok, err
}

// merged yields the conversations of several facets, or of several tags, in
// order. Only facets whose newest conversation may belong to the page are read at
// all.
type merged struct {
	l     *listing
	at    position
	low   int64
	byTag bool // by tag, whatever the facet
	heads *merge.Merge[position]
}

// How many conversations of a facet and of a tag are read at first.
const (
	facetChunk = 4
	tagChunk   = 32
)

// next implements source.
func (m *merged) next(ctx context.Context, n int) ([]position, error) {
	if m.heads == nil {
		heads, err := m.open(ctx)
		if err != nil {
			return nil, err
		}
		m.heads = merge.New(position.before, heads)
	}
	return m.heads.Next(ctx, n)
}

// open looks up the facets and the position of the first conversation of each.
func (m *merged) open(ctx context.Context) (heads []*merge.Source[position], err error) {
	if m.l.tags == nil {
		return m.facets(ctx, "conversation")
	}
	for _, tag := range m.l.tags {
		if m.byTag {
			x := &indexed{m.l.s, "desk_tagged", m.l.q.Sort.column(), []selected{{"tag_id", tag}}, m.at, m.low}
			heads = append(heads, &merge.Source[position]{Read: x.next, Bound: m.at, Size: tagChunk})
			continue
		}
		some, err := m.facets(ctx, "desk_tagged", selected{"tag_id", tag})
		if err != nil {
			return nil, err
		}
		heads = append(heads, some...)
	}
	return heads, nil
}

func (m *merged) facets(ctx context.Context, table string, by ...selected) ([]*merge.Source[position], error) {
	b := &Binder{}
	column := m.l.q.Sort.column()
	key, n, low := b.Bind(m.at.Key), b.Bind(m.at.N), b.Bind(m.low)
	and := ""
	for _, s := range by {
		and += ` AND c.` + s.column + ` = ` + b.Bind(s.value)
	}
	// The key and the n of the first conversation, in one look-up.
	first := `(SELECT CAST(c.` + column + ` AS TEXT) || ' ' || CAST(c.n AS TEXT) FROM ` + table + ` c
		WHERE c.facet_id = f.id` + and + ` AND (c.` + column + `, c.n) < (` + key + `, ` + n + `) AND c.` + column + ` >= ` + low + `
		ORDER BY c.` + column + ` DESC, c.n DESC LIMIT 1)`
	query := `SELECT f.id, ` + first + ` FROM facet f WHERE f.workspace_id = ` + b.Bind(m.l.q.WorkspaceID) + m.l.q.facetFilter(b, "f")
	r, err := m.l.s.read.query(ctx, query, b.Args...)
	heads, err := collect(r, err, func(row scanner) (*merge.Source[position], error) {
		var id int64
		var at *string
		if err := row.Scan(&id, &at); err != nil || at == nil {
			return nil, err
		}
		key, n, _ := strings.Cut(*at, " ")
		k, err := strconv.ParseInt(key, 10, 64)
		if err != nil {
			return nil, err
		}
		p := position{Sort: m.at.Sort, Key: k}
		p.N, err = strconv.ParseInt(n, 10, 64)
		x := &indexed{m.l.s, table, column, append(slices.Clip(by), selected{"facet_id", id}), p, m.low}
		return &merge.Source[position]{Read: x.next, Bound: p, Known: []position{p}, Size: facetChunk}, err
	})
	return slices.DeleteFunc(heads, func(h *merge.Source[position]) bool { return h == nil }), err
}
