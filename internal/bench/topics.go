package bench

import (
	"context"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/questions"
	"parley/internal/store"
	"parley/internal/store/linked"
	"parley/internal/store/topics"
)

// TopicsCommand measures the grouping of questions, beside somebody who reads
// the list.
type TopicsCommand struct {
	Filled `embed:""`

	Runs int `help:"How often the overview and the list of a topic are read." default:"50"`

	out io.Writer // nil: os.Stdout
}

// budgetTopics is for the grouping of the newest 100,000 conversations.
const budgetTopics = time.Minute

// probeEvery is how often the list is read while questions are grouped.
const probeEvery = 20 * time.Millisecond

// Run implements the command.
func (c *TopicsCommand) Run(ctx context.Context) error {
	q, err := c.openQueries(ctx, "topics", c.Runs)
	if err != nil {
		return err
	}
	q.report.Setup = "The store is open in this process; the list is read meanwhile, every " + probeEvery.String() + "."
	return q.finish(q.topics(ctx), c.out, c.Printing)
}

func (q *queries) topics(ctx context.Context) error {
	service := questions.New(questions.Config{Store: &topics.Topics{Tables: q.store.Tables()}})
	out := q.report.table("Grouping the newest conversations",
		append([]string{"run", "took", "conversations", "topics", "heap MB", "list meanwhile: reads"}, spread()...)...)
	took, probes := q.group("groupings", budgetTopics), q.group("lists meanwhile", budgetSingle)
	before, err := q.probe(ctx, func(ctx context.Context) error {
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	out.row(append([]any{"nothing, for 2 s", nil, nil, nil, nil, before.list.N}, before.list.cells()...)...)
	for _, name := range []string{"the first", "the next day's"} {
		m, err := q.probe(ctx, func(ctx context.Context) error {
			return service.Work(store.Patient(ctx), parley.Work{Kind: parley.WorkTopics, Key: q.data.Workspace, WorkspaceID: q.data.Workspace})
		})
		if err != nil {
			return err
		}
		o, err := service.Overview(ctx, store.ListQuery{WorkspaceID: q.data.Workspace}, parley.QuestionAsked)
		if err != nil {
			return err
		}
		took.verdict(m.took, name)
		probes.verdict(m.list.P99, name)
		out.row(append([]any{name, m.took, o.Run.Conversations, len(o.Topics), m.heapMB, m.list.N}, m.list.cells()...)...)
	}
	q.report.note("The process had %d MB at most, with the caches of the database.", residentMB())
	return q.readTopics(ctx, service)
}

// readTopics measures what the page asks for.
func (q *queries) readTopics(ctx context.Context, service *questions.Service) error {
	out := q.report.table("Reading them", append([]string{"what", "rows"}, spread()...)...)
	now := time.Now()
	for _, days := range []int{0, 7, 30} {
		query, name := store.ListQuery{WorkspaceID: q.data.Workspace}, "all of them"
		if days > 0 {
			query.From, name = now.AddDate(0, 0, -days), "last "+strconv.Itoa(days)+" days"
		}
		var l latencies
		n := 0
		for range q.runs {
			start := time.Now()
			o, err := service.Overview(ctx, query, parley.QuestionAsked)
			if err != nil {
				return err
			}
			l, n = append(l, time.Since(start)), len(o.Topics)
		}
		out.row(append([]any{"overview, " + name, n}, l.summary().cells()...)...)
	}
	o, err := service.Overview(ctx, store.ListQuery{WorkspaceID: q.data.Workspace}, parley.QuestionAsked)
	if err != nil || len(o.Topics) == 0 {
		return err
	}
	for name, t := range map[string]*questions.Counted{"the most frequent": &o.Topics[0], "the others": &o.Topics[len(o.Topics)-1]} {
		m, err := q.run(ctx, q.page, store.ListQuery{Links: linked.Links{TopicID: t.ID}}, q.runs)
		if err != nil {
			return err
		}
		out.row(append([]any{"list of a topic, " + name + ", " + strconv.Itoa(t.Conversations), m.rowsOf()}, m.summary.cells()...)...)
	}
	return nil
}

// probed is how something ran, and how the list did meanwhile.
type probed struct {
	took   time.Duration
	list   summary
	heapMB int
}

// probe runs fn and reads the list and the heap until it is done.
func (q *queries) probe(ctx context.Context, fn func(context.Context) error) (probed, error) {
	var p probed
	var l latencies
	var failed error
	done := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		tick := time.NewTicker(probeEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			start := time.Now()
			if _, err := q.store.List(ctx, store.ListQuery{WorkspaceID: q.data.Workspace}); err != nil {
				failed = err
				return
			}
			l = append(l, time.Since(start))
			if len(l)%25 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				p.heapMB = max(p.heapMB, int(m.HeapAlloc>>20))
			}
		}
	})
	start := time.Now()
	err := fn(ctx)
	p.took = time.Since(start)
	close(done)
	reading.Wait()
	if err == nil {
		err = failed
	}
	p.list = l.summary()
	return p, err
}

// residentMB is the most memory that the process has had.
func residentMB() int {
	kb, err := strconv.Atoi(strings.TrimSuffix(procValue("/proc/self/status", "VmHWM"), " kB"))
	if err != nil {
		return 0
	}
	return kb / 1024
}
