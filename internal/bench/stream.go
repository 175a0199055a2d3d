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

	Streams []int         `help:"Numbers of open streams." default:"500,2000"`
	Settle  time.Duration `help:"How long the server may come to rest before it is measured." default:"5s"`

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
	r.budget("KB per idle stream", each, budgetStreamKB, each <= budgetStreamKB, fmt.Sprintf("%d streams", len(open)))
	r.budget("resident MB at rest", megabytes(idle), budgetIdleMB, megabytes(idle) <= budgetIdleMB, "")
	r.budget("start to healthy", server.Healthy, budgetStart, server.Healthy <= budgetStart, "")
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
