package store

import "context"

// EachFound hands out the conversations of the messages that a search finds,
// newest first, with how much of the search is done, from 0 to 1; one may come
// again. Of the other filters only source and assistant count. It ends early
// when yield returns false.
func (s *Store) EachFound(ctx context.Context, q *ListQuery, yield func(ns []int64, done float64) bool) error {
	own := &ListQuery{WorkspaceID: q.WorkspaceID, Q: q.Q, Source: q.Source, AssistantID: q.AssistantID, Sort: "q", Limit: searchBudget}
	var newest int64
	if err := s.read.queryRow(ctx, `SELECT COALESCE(MAX(n), 0) FROM message`).Scan(&newest); err != nil {
		return err
	}
	all, err := s.newFinder(ctx, &listing{s: s, q: own})
	if err != nil || all.match == "" {
		return err
	}
	for high, more := newest+1, true; more; {
		f := &finder{
			listing: &listing{s: s, q: own, after: position{N: high}}, query: all.query, match: all.match, snippets: map[int64][]Snippet{},
		}
		cursor, _, err := f.run(ctx)
		if err != nil {
			return err
		}
		if high, more = f.last, cursor != ""; !yield(f.found, 1-float64(high)/float64(newest+1)) {
			return nil
		}
	}
	return nil
}

// FoldVariable is what the value of a variable is compared by.
func FoldVariable(value string) string { return foldValue(value) }

// ContactPrefix is how the keys begin by which a contact is found that is typed
// so; they are below prefix+LastRune.
func ContactPrefix(typed string) string { return contactPrefix(typed) }

// LastRune sorts after every text that may follow a prefix.
const LastRune = lastRune
