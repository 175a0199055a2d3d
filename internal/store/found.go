package store

import (
	"context"

	"parley/internal/search"
)

// foundBatch is how many messages are looked at between two calls of yield.
const foundBatch = 512

// Found hands out the conversations of the messages that a search finds, the
// newest first, and how much of the search is done, from 0 to 1; a conversation
// may come again. Other filters do not count, apart from source and assistant.
// It ends early when yield returns false.
func (s *Store) Found(ctx context.Context, q ListQuery, yield func(ns []int64, done float64) bool) error {
	l := &listing{s: s, q: &ListQuery{WorkspaceID: q.WorkspaceID, Source: q.Source, AssistantID: q.AssistantID, Sort: "q"}}
	f := &finder{listing: l, query: search.Parse(q.Q)}
	var number, newest int64
	err := s.read.queryRow(ctx, `
		SELECT number, (SELECT COALESCE(MAX(n), 0) FROM message) FROM workspace WHERE id = $1`, q.WorkspaceID).
		Scan(&number, &newest)
	if err != nil {
		return orNotFound(err, "workspace")
	}
	if f.match, err = s.matchWords(ctx, l.q, workspacePrefix(number), f.query); err != nil || f.match == "" {
		return err
	}
	windows := s.dialect.windows()
	for high := newest + 1; high > 0; {
		low := max(0, high-windows[0])
		if len(windows) > 1 {
			windows = windows[1:]
		}
		for {
			ns, err := f.messages(ctx, high, low, foundBatch)
			if err != nil {
				return err
			}
			found, err := f.matching(ctx, ns)
			if err != nil {
				return err
			}
			if len(ns) == foundBatch {
				high = ns[len(ns)-1]
			} else {
				high = low
			}
			if !yield(found, 1-float64(high)/float64(newest+1)) {
				return nil
			}
			if high == low {
				break
			}
		}
	}
	return nil
}

// matching returns the conversations of those messages that are looked for.
func (f *finder) matching(ctx context.Context, ns []int64) ([]int64, error) {
	var found []int64
	for len(ns) > 0 {
		some := ns[:min(len(ns), 256)]
		ns = ns[len(some):]
		hits, err := f.read(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			if f.query.Matches(h.content) {
				found = append(found, h.conversation)
			}
		}
	}
	return found, nil
}

// FoldVariable is what the value of a variable is compared by.
func FoldVariable(value string) string { return foldValue(value) }

// ContactPrefix returns the keys of contact_key, low and below high, by which a
// contact is found that is typed so; "" for none.
func ContactPrefix(typed string) (low, high string) {
	prefix := contactPrefix(typed)
	if prefix == "" {
		return "", ""
	}
	return prefix, prefix + lastRune
}
