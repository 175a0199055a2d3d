package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parley"

	"parley/internal/bench/httpconn"
)

// IngestCommand measures how many messages are recorded durably.
type IngestCommand struct {
	Fresh `embed:""`

	Connections   []int         `help:"Numbers of connections." default:"1,8,64"`
	For           time.Duration `help:"How long each step is driven, after a second that is not counted." default:"5s"`
	Conversations int           `help:"How many conversations the messages go to." default:"1000"`

	out io.Writer // nil: os.Stdout
}

// ingest is a run of IngestCommand.
type ingest struct {
	*IngestCommand
	dir    string
	report *report
	steps  *table
	server *child
	echo   *child
	body   []byte
}

// Run implements the command.
func (c *IngestCommand) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(c.Dir, "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	i := &ingest{IngestCommand: c, dir: dir}
	i.report = newReport("ingest", databaseName(c.DB),
		"Server and echo are child processes; the load runs in this one, on the same cores.")
	i.body, err = json.Marshal(map[string]string{
		"content": "Hello, my order ORD-123456 has not arrived yet. Can you tell me when it will be here?",
	})
	if err != nil {
		return err
	}
	if err := i.run(ctx); err != nil {
		return err
	}
	return i.report.print(c.out, c.Printing)
}

func (i *ingest) run(ctx context.Context) (err error) {
	i.steps = i.report.table("Requests by number of connections",
		append([]string{"what", "connections", "per second", "ratio to echo", "ratio to commits", "failed"}, spread()...)...)
	if i.echo, err = startEcho(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.echo.stop()) }()
	if i.server, err = startParley(ctx, i.dir, i.DB); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.server.stop()) }()

	off, err := i.conversations(ctx, parley.AssistantInactive)
	if err != nil {
		return err
	}
	on, err := i.conversations(ctx, parley.AssistantActive)
	if err != nil {
		return err
	}
	drained := i.report.table("Until the assistant has answered everything",
		"connections", "messages", "time after the last message", "answers")
	for _, conns := range i.Connections {
		if err := i.compare(ctx, conns, off, on, drained); err != nil {
			return err
		}
	}
	i.report.note("Start to healthy %s; resident memory at the end %.1f MB.",
		cell(i.server.Healthy), float64(i.server.memory())/(1<<20))
	return nil
}

// compare drives one number of connections at the echo, the database and the
// server, in the same minute.
func (i *ingest) compare(ctx context.Context, conns int, off, on []string, drained *table) error {
	echo, err := i.drive(ctx, i.echo, conns, nil)
	if err != nil {
		return fmt.Errorf("echo: %w", err)
	}
	commits, err := rawCommits(ctx, i.dir, i.DB, i.commitConns(conns), i.For/2)
	if err != nil {
		return err
	}
	base := [2]float64{rateOf(echo), rateOf(commits)}
	i.row("bare echo", conns, echo, base)
	i.row("raw commits", i.commitConns(conns), commits, base)

	quiet, err := i.drive(ctx, i.server, conns, off)
	if err != nil {
		return fmt.Errorf("assistant off: %w", err)
	}
	i.row("messages, assistant off", conns, quiet, base)
	if conns == budgetConnections {
		i.compareBudget(quiet, base)
	}

	before, err := i.answers(ctx)
	if err != nil {
		return err
	}
	busy, err := i.drive(ctx, i.server, conns, on)
	if err != nil {
		return fmt.Errorf("assistant on: %w", err)
	}
	i.row("messages, assistant on", conns, busy, base)
	wait, after, err := i.drain(ctx)
	if err != nil {
		return err
	}
	drained.row(conns, busy.sent, wait, int(after-before))
	return nil
}

// The budgets of ingest are for 64 connections.
const (
	budgetConnections     = 64
	budgetShareOfEcho     = share(0.25) // on SQLite
	budgetIngestP99       = 20 * time.Millisecond
	budgetShareOfCommits  = share(0.10) // on PostgreSQL
	budgetIngestP99Remote = 40 * time.Millisecond
)

func (i *ingest) compareBudget(l *load, base [2]float64) {
	what, got, want, p99 := "messages / echo", share(ratio(rateOf(l), base[0])), budgetShareOfEcho, budgetIngestP99
	if i.DB != "" {
		what, got, want, p99 = "messages / commits", share(ratio(rateOf(l), base[1])), budgetShareOfCommits, budgetIngestP99Remote
	}
	s := l.latencies.summary()
	i.report.budget(what, got, want, got >= want, "assistant off, 64 connections")
	i.report.budget("p99 of a message", s.P99, p99, s.P99 <= p99, "assistant off, 64 connections")
}

// commitConns is the number of connections for the raw commit loop: SQLite has
// one writer, and more connections would only wait for each other.
func (i *ingest) commitConns(conns int) int {
	if i.DB == "" {
		return 1
	}
	return conns
}

func (i *ingest) row(what string, conns int, l *load, base [2]float64) {
	r := rateOf(l)
	values := []any{what, conns, r, share(ratio(r, base[0])), share(ratio(r, base[1])), l.failed}
	i.steps.row(append(values, l.latencies.summary().cells()...)...)
	if l.failed > 0 {
		i.report.note("%s, %d connections: %d requests failed, one with %s", what, conns, l.failed, l.failure)
	}
}

func rateOf(l *load) float64 { return perSecond(len(l.latencies), l.took) }

// drive posts the body over conns connections: to the conversations in turn, or
// to the root of an echo when there are none.
func (i *ingest) drive(ctx context.Context, c *child, conns int, conversations []string) (*load, error) {
	paths := []string{"/"}
	if conversations != nil {
		paths = paths[:0]
		for _, id := range conversations {
			paths = append(paths, "/api/v1/conversations/"+id+"/messages")
		}
	}
	requests := make([][]byte, len(paths))
	for n, path := range paths {
		requests[n] = httpconn.Request("POST", c.Addr, path, c.Key, i.body)
	}
	return drive(ctx, c.Addr, conns, i.For, func(conn, n int) []byte {
		return requests[(conn+n*conns)%len(requests)]
	})
}

// conversations opens conversations with an assistant of their own, on the
// built-in answerer.
func (i *ingest) conversations(ctx context.Context, status parley.AssistantStatus) ([]string, error) {
	return openConversations(ctx, i.server, i.Conversations, parley.AssistantConfig{
		Name: "Bench " + string(status), Status: status, Prompt: "Answer from what you know.",
		Model:             parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		InactivityMinutes: 1440, AfterEnd: parley.AfterEndNew,
	})
}

// drain waits until the assistant has nothing left to answer: until the number
// of its answers has not changed for a while. It returns how long that took
// after the last message, without the while, and the number.
func (i *ingest) drain(ctx context.Context) (time.Duration, int64, error) {
	const still = 2 * time.Second
	start := time.Now()
	last, changed := int64(-1), start
	for time.Since(changed) < still {
		n, err := i.answers(ctx)
		if err != nil {
			return 0, 0, err
		}
		if n != last {
			last, changed = n, time.Now()
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		}
	}
	return changed.Sub(start), last, nil
}

func (i *ingest) answers(ctx context.Context) (int64, error) {
	var tiles struct {
		AssistantMessages int64 `json:"assistant_messages"`
	}
	err := i.server.call(ctx, "GET", "/conversations/tiles", nil, &tiles)
	return tiles.AssistantMessages, err
}

// openConversations makes an assistant and opens conversations with it.
func openConversations(ctx context.Context, c *child, n int, cfg parley.AssistantConfig) ([]string, error) {
	var made struct {
		ID string `json:"id"`
	}
	if err := c.call(ctx, "POST", "/assistants", cfg, &made); err != nil {
		return nil, err
	}
	ids := make([]string, n)
	for k := range ids {
		var conv struct {
			ID string `json:"id"`
		}
		in := map[string]string{"assistant_id": made.ID, "source": "api", "external_id": fmt.Sprintf("%s-%d", made.ID, k)}
		if err := c.call(ctx, "POST", "/conversations", in, &conv); err != nil {
			return nil, err
		}
		ids[k] = conv.ID
	}
	return ids, nil
}

func databaseName(db string) string {
	if db != "" {
		return "PostgreSQL"
	}
	return "SQLite, synchronous=FULL"
}
