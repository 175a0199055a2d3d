package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/internal/bench/madeup"
	"parley/internal/bench/progress"
	"parley/internal/bench/stage"
	"parley/internal/store"
)

// FillCommand writes made-up conversations.
type FillCommand struct {
	Filled `embed:""`

	Conversations int `help:"How many conversations there shall be in all." default:"100000"`
	Days          int `help:"Over how many days they are spread." default:"540"`

	out        io.Writer      // nil: os.Stdout
	batch      int            // 0: fillBatch
	afterBatch func(done int) // nil: nothing; for tests
}

// How the conversations are made up and written.
const (
	fillBatch  = 4096 // conversations that are written together
	indexBatch = 5_000
)

// Run implements the command.
func (c *FillCommand) Run(ctx context.Context) (err error) {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	r := newReport("fill", s.Engine(), "The store is open in this process.")
	if err := c.fill(ctx, s, r); err != nil {
		return err
	}
	return r.print(c.out, c.Printing)
}

func (c *FillCommand) fill(ctx context.Context, s *store.Store, r *report) error {
	m, err := stage.Set(ctx, s, c.Conversations, c.Days)
	if err != nil {
		return err
	}
	done, err := stage.Written(ctx, s, m.Workspace)
	if err != nil {
		return err
	}
	if done > 0 && done < c.Conversations {
		r.note("%d conversations were there already.", done)
	}
	out := r.table("Written", "what", "number", "seconds", "per second")
	start := time.Now()
	indexed, err := index(ctx, s) // the new ones are made findable as they are written if the old ones are
	if err != nil {
		return err
	}
	messages, err := c.writeAll(ctx, s, m, done)
	if err != nil {
		return err
	}
	took := time.Since(start)
	out.row("conversations", max(c.Conversations-done, 0), took, perSecond(c.Conversations-done, took))
	out.row("messages, findable", messages, took, perSecond(messages, took))
	more, err := index(ctx, s)
	if err != nil {
		return err
	}
	if indexed += more; indexed > 0 {
		r.note("%d messages were made findable apart from their writing.", indexed)
	}
	r.note("To look at it in the dashboard: `parley member reset-password operator1@bench.invalid`, then `parley serve`, " +
		"both with the same --data or --db.")
	return nil
}

// writeAll makes up and writes conversations from number done on, and returns
// how many messages they have. One goroutine makes up while the store writes.
func (c *FillCommand) writeAll(ctx context.Context, s *store.Store, m *madeup.Conversations, done int) (messages int, err error) {
	f, err := s.NewFiller(ctx, m.Workspace, true)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	ctx, cancel := context.WithCancel(ctx)
	batches := make(chan batch, 1)
	go func() {
		defer close(batches)
		size := cmp.Or(c.batch, fillBatch)
		for from := done; from < c.Conversations; from += size {
			b := makeUp(m, f, from, min(from+size, c.Conversations))
			select {
			case batches <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() {
		cancel()
		for range batches { // until the goroutine has ended
			continue
		}
	}()
	return c.write(ctx, f, done, batches)
}

// batch is what is written in one transaction.
type batch struct {
	*store.FillBatch
	conversations, messages int
}

func makeUp(m *madeup.Conversations, f *store.Filler, from, to int) batch {
	convs := make([]store.FillConversation, 0, to-from)
	b := batch{conversations: to - from}
	for i := from; i < to; i++ {
		c := m.Make(i)
		stage.Furnish(m, i, &c)
		b.messages += len(c.Messages)
		convs = append(convs, c)
	}
	b.FillBatch = f.Prepare(convs)
	return b
}

// write writes batches and returns how many messages they have.
func (c *FillCommand) write(ctx context.Context, f *store.Filler, done int, batches <-chan batch) (messages int, err error) {
	bar := progress.New(c.Conversations, done, "conversations")
	for b := range batches {
		if err := f.Write(ctx, b.FillBatch); err != nil {
			return messages, fmt.Errorf("stopped; the same command goes on from here: %w", err)
		}
		messages += b.messages
		bar.Add(b.conversations)
		if done += b.conversations; c.afterBatch != nil {
			c.afterBatch(done)
		}
	}
	bar.Finish()
	if err := ctx.Err(); err != nil {
		return messages, fmt.Errorf("stopped; the same command goes on from here: %w", err)
	}
	return messages, nil
}

// index makes findable what is not.
func index(ctx context.Context, s *store.Store) (total int, err error) {
	bar := progress.New(-1, 0, "messages indexed")
	for {
		n, err := s.IndexSearch(ctx, indexBatch)
		if err != nil {
			return total, err
		}
		if n == 0 {
			bar.Finish()
			return total, nil
		}
		total += n
		bar.Add(n)
	}
}
