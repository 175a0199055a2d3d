package found

import (
	"context"
	"slices"
	"sync"

	"parley/internal/search"
	"parley/internal/store"
)

// Finder finds conversations. It is safe for concurrent use.
type Finder struct {
	store *store.Store
	db    store.Tables
}

// New returns the finder of a store.
func New(s *store.Store) *Finder { return &Finder{s, s.Tables()} }

// Found are conversations of messages that a search finds.
type Found struct {
	Conversations []int64
	// Below is the n of the last message that was looked at; the search goes on
	// below it. Done is how much of the search is done, from 0 to 1.
	Below int64
	Done  float64
}

// question is a search.
type question struct {
	*Finder
	query *search.Query
	match string // query in the index's syntax
	last  int64  // the newest message that is in a block
}

// Each hands out the conversations of the messages that a search finds, newest
// first; one may come again. Of the other filters only source and assistant
// count. It ends early when yield returns false.
func (f *Finder) Each(ctx context.Context, q *store.ListQuery, yield func(Found) (more bool, err error)) error {
	var newest int64
	if err := f.db.QueryRow(ctx, `SELECT COALESCE(MAX(n), 0) FROM message`).Scan(&newest); err != nil {
		return err
	}
	at, err := f.newest(ctx)
	if err != nil {
		return err
	}
	w := question{Finder: f, last: at.last}
	if w.match, w.query, err = f.store.Match(ctx, q); err != nil || w.match == "" {
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
			x := window{low: max(0, high-f.atOnce())}
			x.ns, x.err = w.conversations(ctx, x.low, high)
			out <- x
		})
		return out
	}
	// Two windows are read at the same time.
	high := newest + 1
	for next := read(high); next != nil; {
		coming := next
		next = nil
		if high -= f.atOnce(); high > 0 {
			next = read(high)
		}
		x := <-coming
		if x.err != nil {
			return x.err
		}
		more, err := yield(Found{Conversations: x.ns, Below: x.low, Done: 1 - float64(x.low)/float64(newest+1)})
		if !more || err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many messages are looked at in one statement. PostgreSQL reads
// all of a word's list for each.
func (f *Finder) atOnce() int64 {
	if f.postgres() {
		return 2_000_000
	}
	return 200_000
}

func (f *Finder) postgres() bool { return f.store.Engine() == "postgres" }

// conversations returns those of the messages from low on and below high that
// are found.
func (w *question) conversations(ctx context.Context, low, high int64) ([]int64, error) {
	if !w.query.Exact() {
		return w.read(ctx, low, high)
	}
	noted := min(high, w.last+1)
	ns, err := w.noted(ctx, low, noted)
	if err != nil || noted >= high {
		return ns, err
	}
	more, err := w.read(ctx, max(low, noted), high)
	return append(ns, more...), err
}

// noted is conversations for messages that are all in blocks, and need not be
// read: the index says all.
func (w *question) noted(ctx context.Context, low, high int64) ([]int64, error) {
	if low >= high {
		return nil, nil
	}
	in, err := w.places(ctx, low, high)
	if err != nil {
		return nil, err
	}
	query := `SELECT rowid FROM search WHERE search MATCH $1 AND rowid >= $2 AND rowid < $3`
	if w.postgres() {
		query = `SELECT n FROM search WHERE words @@ $1::tsquery AND n >= $2 AND n < $3`
	}
	last := int64(0) // those of a conversation often lie together
	r, err := w.db.Query(ctx, query, w.match, low, high)
	ns, err := store.Collect(r, err, func(row store.Row) (int64, error) {
		var message int64
		if err := row.Scan(&message); err != nil || in[message-low] == last {
			return 0, err
		}
		last = in[message-low]
		return last, nil
	})
	return slices.DeleteFunc(ns, func(n int64) bool { return n == 0 }), err
}

// places returns the conversation of each message from low on and below high, 0
// for one that there is not.
func (w *question) places(ctx context.Context, low, high int64) ([]int64, error) {
	all, err := w.blocks(ctx, `WHERE block >= $1 AND block <= $2`, low/blockSize, (high-1)/blockSize)
	if err != nil {
		return nil, err
	}
	in := make([]int64, high-low)
	for _, b := range all {
		_, err := b.each(func(p place) {
			if p.message >= low && p.message < high {
				in[p.message-low] = p.conversation
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return in, nil
}

// read is conversations for any messages, which it reads.
func (w *question) read(ctx context.Context, low, high int64) ([]int64, error) {
	query := `
		SELECT m.conversation_n, m.content FROM search CROSS JOIN message m ON m.n = search.rowid
		WHERE search MATCH $1 AND search.rowid >= $2 AND search.rowid < $3 AND m.deleted_at = 0`
	if w.postgres() {
		query = `
		SELECT m.conversation_n, m.content FROM search s JOIN message m ON m.n = s.n
		WHERE s.words @@ $1::tsquery AND s.n >= $2 AND s.n < $3 AND m.deleted_at = 0`
	}
	seen := map[int64]bool{}
	r, err := w.db.Query(ctx, query, w.match, low, high)
	ns, err := store.Collect(r, err, func(row store.Row) (n int64, err error) {
		var content string
		if err := row.Scan(&n, &content); err != nil || seen[n] || !w.query.Matches(content) {
			return 0, err
		}
		seen[n] = true
		return n, nil
	})
	return slices.DeleteFunc(ns, func(n int64) bool { return n == 0 }), err
}
