package store

import (
	"context"
	"slices"
	"sync"
)

// Found are conversations of messages that a search finds.
type Found struct {
	Conversations []int64
	// Below is the n of the last message that was looked at; the search goes on
	// below it. Done is how much of the search is done, from 0 to 1.
	Below int64
	Done  float64
}

// EachFound hands out the conversations of the messages that a search finds,
// newest first; one may come again. Of the other filters only source and
// assistant count. It ends early when yield returns false.
func (s *Store) EachFound(ctx context.Context, q *ListQuery, yield func(Found) (more bool, err error)) error {
	own := &ListQuery{WorkspaceID: q.WorkspaceID, Q: q.Q, Source: q.Source, AssistantID: q.AssistantID}
	var newest int64
	if err := s.read.queryRow(ctx, `SELECT COALESCE(MAX(n), 0) FROM message`).Scan(&newest); err != nil {
		return err
	}
	f, err := s.newFinder(ctx, &listing{s: s, q: own})
	if err != nil || f.match == "" {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer stop()
	type window struct {
		low int64
		ns  []int64
		err error
	}
	read := func(high int64) <-chan window {
		out := make(chan window, 1)
		reading.Go(func() {
			w := window{low: max(0, high-s.dialect.foundAtOnce())}
			w.ns, w.err = f.conversations(ctx, w.low, high)
			out <- w
		})
		return out
	}
	// Two windows are read at the same time.
	high := newest + 1
	for next := read(high); next != nil; {
		coming := next
		next = nil
		if high -= s.dialect.foundAtOnce(); high > 0 {
			next = read(high)
		}
		w := <-coming
		if w.err != nil {
			return w.err
		}
		more, err := yield(Found{Conversations: w.ns, Below: w.low, Done: 1 - float64(w.low)/float64(newest+1)})
		if !more || err != nil {
			return err
		}
	}
	return nil
}

// foundAtOnce is how many messages EachFound looks at in one statement.
// PostgreSQL reads all of a word's list for each.
func (d *dialect) foundAtOnce() int64 {
	if d.postgres() {
		return 2_000_000
	}
	return 200_000
}

// conversations returns those of the messages from low on and below high that
// are found.
func (f *finder) conversations(ctx context.Context, low, high int64) ([]int64, error) {
	from := f.s.dialect.foundMessages()
	if f.query.Exact() {
		r, err := f.s.read.query(ctx, `SELECT DISTINCT m.conversation_n`+from, f.match, low, high)
		return collect(r, err, scanInt)
	}
	seen := map[int64]bool{}
	r, err := f.s.read.query(ctx, `SELECT m.conversation_n, m.content`+from, f.match, low, high)
	ns, err := collect(r, err, func(row scanner) (n int64, err error) {
		var content string
		if err := row.Scan(&n, &content); err != nil || seen[n] || !f.query.Matches(content) {
			return 0, err
		}
		seen[n] = true
		return n, nil
	})
	return slices.DeleteFunc(ns, func(n int64) bool { return n == 0 }), err
}

// foundMessages is the rest of a query for messages m that the index finds.
func (d *dialect) foundMessages() string {
	if d.postgres() {
		return ` FROM search s JOIN message m ON m.n = s.n
			WHERE s.words @@ $1::tsquery AND s.n >= $2 AND s.n < $3 AND m.deleted_at = 0`
	}
	return ` FROM search CROSS JOIN message m ON m.n = search.rowid
		WHERE search MATCH $1 AND search.rowid >= $2 AND search.rowid < $3 AND m.deleted_at = 0`
}

// FoldVariable is what the value of a variable is compared by.
func FoldVariable(value string) string { return foldValue(value) }

// ContactPrefix is how the keys begin by which a contact is found that is typed
// so; they are below prefix+LastRune.
func ContactPrefix(typed string) string { return contactPrefix(typed) }

// LastRune sorts after every text that may follow a prefix.
const LastRune = lastRune
