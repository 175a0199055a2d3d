package store

import (
	"cmp"
	"context"
	"math"
	"slices"

	"parley"
	"parley/internal/search"
)

// The limits of one page of a search: how many messages are looked at, how
// many of a conversation are shown, and how long a snippet is in runes.
const (
	searchBudget = 2000
	maxSnippets  = 3
	snippetRunes = 160
)

// find returns a page of the conversations in which messages were found, the
// newest message first. A conversation comes once, with its newest message.
func (s *Store) find(ctx context.Context, l *listing) (*ListPage, error) {
	f, err := s.newFinder(ctx, l)
	if err != nil || f.match == "" {
		return &ListPage{}, err
	}
	page := &ListPage{}
	if page.NextCursor, page.Partial, err = f.run(ctx); err != nil {
		return nil, err
	}
	if page.Rows, err = s.listRows(ctx, l.q.WorkspaceID, f.found); err != nil {
		return nil, err
	}
	n := make(map[string]int64, len(f.found))
	for i, id := range f.ids {
		n[id] = f.found[i]
	}
	for i := range page.Rows {
		page.Rows[i].Snippets = f.snippets[n[page.Rows[i].ID]]
	}
	return page, nil
}

// newFinder returns a finder for a page; its match is "" if there can be nothing.
func (s *Store) newFinder(ctx context.Context, l *listing) (*finder, error) {
	f := &finder{listing: l, query: search.Parse(l.q.Q), snippets: map[int64][]Snippet{}}
	var number int64
	err := s.read.queryRow(ctx, `SELECT number FROM workspace WHERE id = $1`, l.q.WorkspaceID).Scan(&number)
	if err != nil {
		return nil, orNotFound(err, "workspace")
	}
	f.match, err = s.matchWords(ctx, l.q, workspacePrefix(number), f.query)
	return f, err
}

// finder collects one page of a search.
type finder struct {
	*listing
	query    *search.Query
	match    string // the query in the index's syntax
	found    []int64
	ids      []string // of found
	snippets map[int64][]Snippet
	last     int64 // the n of the message that was looked at last
}

// hit is a message that was found.
type hit struct {
	n            int64
	conversation int64
	id           string // of the conversation
	snippet      Snippet
	content      string
}

// run fills the page and returns the cursor of the next one.
func (f *finder) run(ctx context.Context) (cursor string, partial bool, err error) {
	high, looked := f.after.N, 0
	f.last = high
	windows := f.s.dialect.windows()
	if high == 1<<63-1 {
		var newest int64
		if err := f.s.read.queryRow(ctx, `SELECT COALESCE(MAX(n), 0) FROM message`).Scan(&newest); err != nil {
			return "", false, err
		}
		high = newest + 1
	}
	for size := f.q.Limit + 15; high > 0; {
		low := max(0, high-windows[0])
		if len(windows) > 1 {
			windows = windows[1:]
		}
		for {
			ns, err := f.messages(ctx, high, low, size)
			if err != nil {
				return "", false, err
			}
			full, err := f.take(ctx, ns)
			if err != nil {
				return "", false, err
			}
			if full {
				return position{Sort: f.q.Sort, N: f.last}.cursor(), false, nil
			}
			looked += len(ns)
			if len(ns) < size {
				break
			}
			if looked >= searchBudget {
				return position{Sort: f.q.Sort, N: f.last}.cursor(), true, nil
			}
			high, size = f.last, min(4*size, 512)
		}
		high = low
	}
	return "", false, nil
}

// windows are the ranges of messages, the newest first, that the index is
// asked about one after the other; the last one repeats. They bound what two
// words cost that are common, but not in the same messages.
func (d *dialect) windows() []int64 {
	if d.postgres() {
		return []int64{2000, 20_000, 500_000, 1 << 62}
	}
	return []int64{100_000, 400_000, 1_000_000}
}

// messages returns the newest messages below high, from low on, that the index
// finds.
func (f *finder) messages(ctx context.Context, high, low int64, limit int) ([]int64, error) {
	r, err := f.s.read.query(ctx, f.s.dialect.searchQuery(), f.match, high, low, limit)
	return collect(r, err, scanInt)
}

func (d *dialect) searchQuery() string {
	if d.postgres() {
		// OFFSET 0 keeps PostgreSQL from reading backwards by n in the hope of
		// finding enough soon: a rare word would cost the whole table.
		return `SELECT n FROM (SELECT n FROM search WHERE words @@ $1::tsquery AND n < $2 AND n >= $3 OFFSET 0) found
			ORDER BY n DESC LIMIT $4`
	}
	return `SELECT rowid FROM search WHERE search MATCH $1 AND rowid < $2 AND rowid >= $3 ORDER BY rowid DESC LIMIT $4`
}

// take adds messages to the page. It reports whether the page is full with
// more to come.
func (f *finder) take(ctx context.Context, ns []int64) (full bool, err error) {
	for some := range slices.Chunk(ns, 64) {
		hits, err := f.read(ctx, some)
		if err != nil {
			return false, err
		}
		for _, n := range some {
			full, err := f.takeOne(ctx, hits[n])
			if full || err != nil {
				return full, err
			}
			f.last = n
		}
	}
	return false, nil
}

func (f *finder) takeOne(ctx context.Context, h *hit) (full bool, err error) {
	switch {
	case h == nil:
		return false, nil
	case len(f.snippets[h.conversation]) > 0:
		f.add(h)
		return false, nil
	}
	fresh, err := f.fresh(ctx, h)
	if !fresh || err != nil {
		return false, err
	}
	if len(f.found) == f.q.Limit {
		return true, nil
	}
	f.add(h)
	f.found, f.ids = append(f.found, h.conversation), append(f.ids, h.id)
	return false, nil
}

// add adds the snippet of a message, if it is one that is looked for and its
// conversation has not enough of them.
func (f *finder) add(h *hit) {
	if len(f.snippets[h.conversation]) >= maxSnippets {
		return
	}
	if h.snippet.Segments = f.query.Snippet(h.content, snippetRunes); h.snippet.Segments != nil {
		f.snippets[h.conversation] = append(f.snippets[h.conversation], h.snippet)
	}
}

// read returns those of the messages whose conversations pass the filters.
func (f *finder) read(ctx context.Context, ns []int64) (map[int64]*hit, error) {
	b := &Binder{}
	r, err := f.s.read.query(ctx, `
		SELECT m.n, m.conversation_n, c.id, m.id, m.seq, m.role, m.content
		FROM message m JOIN conversation c ON c.n = m.conversation_n
		WHERE m.n IN (`+b.Ints(ns)+`) AND m.deleted_at = 0`+inWorkspace(b, f.q.WorkspaceID)+
		f.q.facetFilter(b, "c")+f.q.rowFilter(b), b.Args...)
	rows, err := collect(r, err, func(row scanner) (*hit, error) {
		h := &hit{}
		return h, row.Scan(&h.n, &h.conversation, &h.id, &h.snippet.MessageID, &h.snippet.Seq, &h.snippet.Role, &h.content)
	})
	hits := make(map[int64]*hit, len(rows))
	for _, h := range rows {
		hits[h.n] = h
	}
	return hits, err
}

// fresh reports whether no page before has shown the conversation: none of its
// messages from the start of this page on is one that is looked for.
func (f *finder) fresh(ctx context.Context, h *hit) (bool, error) {
	if f.q.Cursor == "" {
		return f.query.Matches(h.content), nil
	}
	r, err := f.s.read.query(ctx, `
		SELECT content FROM message
		WHERE conversation_n = $1 AND seq > $2 AND n >= $3 AND n < $5 AND deleted_at = 0 AND role IN ('user', 'assistant', 'operator')
		ORDER BY seq LIMIT $4`, h.conversation, h.snippet.Seq, f.after.N, maxMessages, cmp.Or(f.q.below, math.MaxInt64))
	newer, err := collect(r, err, scanID)
	if err != nil {
		return false, err
	}
	for _, content := range newer {
		if f.query.Matches(content) {
			return false, nil
		}
	}
	return f.query.Matches(h.content), nil
}

// searchable are the roles whose messages are found.
func searchable(r parley.MessageRole) bool { return r.Counts() }
