package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parley"
)

// StreamCommand measures what an idle event stream costs.
type StreamCommand struct {
	Fresh `embed:""`

	Streams  []int         `help:"Numbers of open streams of the API." default:"500,2000"`
	Visitors []int         `help:"Numbers of open chats of visitors." default:"500,2000"`
	Settle   time.Duration `help:"How long the server may come to rest before it is measured." default:"10s"`

	out io.Writer // nil: os.Stdout
}

// The budgets of an idle server.
const (
	budgetStreamKB = 32.0
	budgetIdleMB   = 40.0
	budgetStart    = 300 * time.Millisecond
)

// Run implements the command.
func (c *StreamCommand) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(c.Dir, "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := newReport("stream", databaseName(c.DB),
		"The server is a child process whose resident memory is read from /proc; the streams are held by this one.")
	server, err := startParley(ctx, dir, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if err := c.measure(ctx, r, server); err != nil {
		return err
	}
	return r.print(c.out, c.Printing)
}

func (c *StreamCommand) measure(ctx context.Context, r *report, server *child) error {
	conversations, err := openConversations(ctx, server, 100, parley.AssistantConfig{
		Name: "Idle", Status: parley.AssistantActive, Prompt: "Answer.",
		Model:             parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		InactivityMinutes: 1440, AfterEnd: parley.AfterEndNew,
	})
	if err != nil {
		return err
	}
	var open []*eventStream
	defer func() {
		for _, s := range open {
			s.close()
		}
	}()
	out := r.table("Idle streams", "streams", "resident MB", "KB per stream")
	if err := pause(ctx, c.Settle); err != nil {
		return err
	}
	idle, each := server.memory(), 0.0
	out.row(0, megabytes(idle), nil)
	for _, n := range c.Streams {
		for len(open) < n {
			s, err := server.subscribe(ctx, conversations[len(open)%len(conversations)])
			if err != nil {
				return fmt.Errorf("stream %d: %w", len(open)+1, err)
			}
			open = append(open, s)
		}
		if err := pause(ctx, c.Settle); err != nil {
			return err
		}
		now := server.memory()
		each = float64(now-idle) / 1024 / float64(max(len(open), 1))
		out.row(len(open), megabytes(now), each)
	}
	held := len(open)
	for _, s := range open {
		s.close()
	}
	open = nil
	if err := c.measureVisitors(ctx, r, server); err != nil {
		return err
	}
	r.budget("KB per idle stream", each, budgetStreamKB, each <= budgetStreamKB, fmt.Sprintf("%d streams", held))
	r.budget("resident MB at rest", megabytes(idle), budgetIdleMB, megabytes(idle) <= budgetIdleMB, "")
	r.budget("start to healthy", server.Healthy, budgetStart, server.Healthy <= budgetStart, "")
	return nil
}

// measureVisitors does the same with open chats, and then lets a message appear
// in all of them.
func (c *StreamCommand) measureVisitors(ctx context.Context, r *report, server *child) error {
	if len(c.Visitors) == 0 {
		return nil
	}
	v, err := newVisitors(ctx, server, parley.AssistantInactive)
	if err != nil {
		return err
	}
	defer v.close()
	// What opening one costs for good, caches and connections to the database, is
	// not what an open one costs.
	if err := errors.Join(v.come(ctx, 50), v.open(ctx)); err != nil {
		return err
	}
	if err := pause(ctx, c.Settle); err != nil {
		return err
	}
	out := r.table("Idle visitors", "visitors", "open chats", "resident MB", "KB per visitor since the first row")
	base, from, each := server.memory(), len(v.all), 0.0
	row := func(open int) {
		now := server.memory()
		each = float64(now-base) / 1024 / float64(max(len(v.all)-from, 1))
		out.row(len(v.all), open, megabytes(now), each)
	}
	out.row(from, from, megabytes(base), nil)
	opened := from
	for _, n := range c.Visitors {
		// First the visitors, then their streams: what a conversation leaves in the
		// database's caches is told apart from what an open chat takes.
		if err := v.come(ctx, n); err != nil {
			return err
		}
		if err := pause(ctx, c.Settle); err != nil {
			return err
		}
		row(opened)
		if err := v.open(ctx); err != nil {
			return err
		}
		if err := pause(ctx, c.Settle); err != nil {
			return err
		}
		opened = len(v.all)
		row(opened)
	}
	r.budget("KB per idle visitor", each, budgetStreamKB, each <= budgetStreamKB, fmt.Sprintf("%d open chats", opened))
	begun := time.Now()
	seen, err := v.spread(ctx)
	if err != nil {
		return err
	}
	took := time.Since(begun)
	out = r.table("A message to each", "open chats", "all of them", "p50", "p99")
	spread := seen.summary()
	out.row(spread.N, took, spread.P50, spread.P99)
	return nil
}

func megabytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
