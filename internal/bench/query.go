package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/internal/bench/madeup"
	"parley/internal/bench/stage"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// queries measures pages of the list as a member sees them: with tags, notes, who
// reviewed, and what is unread.
type queries struct {
	store  *store.Store
	desk   *desk.Desk
	data   *madeup.Conversations
	report *report
	runs   int
	groups []*budgeted
}

// budgeted is a group of measurements with one budget for their p99.
type budgeted struct {
	name    string
	budget  time.Duration
	n, over int
	worst   time.Duration
	of      string // what the worst was
}

// group starts a group.
func (q *queries) group(name string, budget time.Duration) *budgeted {
	g := &budgeted{name: name, budget: budget}
	q.groups = append(q.groups, g)
	return g
}

// verdict counts a measurement and compares it with the budget.
func (g *budgeted) verdict(p99 time.Duration, of string) string {
	g.n++
	if p99 >= g.worst {
		g.worst, g.of = p99, of
	}
	if p99 > g.budget {
		g.over++
		return "over"
	}
	return "ok"
}

// openQueries opens the filled data and describes it.
func (f *Filled) openQueries(ctx context.Context, bench string, runs int) (*queries, error) {
	s, err := f.open(ctx)
	if err != nil {
		return nil, err
	}
	q := &queries{store: s, runs: runs, report: newReport(bench, s.Engine(), "The store is open in this process; nothing else runs.")}
	if err := q.describe(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return q, nil
}

func (q *queries) describe(ctx context.Context) error {
	data, err := stage.Find(ctx, q.store)
	if err != nil {
		return err
	}
	tiles, err := q.store.Tiles(ctx, data.Workspace, time.Now(), time.UTC)
	if err != nil {
		return err
	}
	data.Total = int(tiles.Conversations)
	q.data, q.desk = data, stage.Desk(q.store)
	q.report.table("Data", "conversations", "messages by the assistant").row(q.data.Total, int(tiles.AssistantMessages))
	return nil
}

// finish closes the store and prints the report.
func (q *queries) finish(err error, out io.Writer, p Printing) error {
	if err = errors.Join(err, q.store.Close()); err != nil {
		return err
	}
	for _, g := range q.groups {
		q.report.budget(fmt.Sprintf("p99 of %d of %s, %d over", g.n, g.name, g.over), g.worst, g.budget, g.over == 0, g.of)
	}
	return q.report.print(out, p)
}

// measured is how one query ran.
type measured struct {
	summary
	first   time.Duration // of a run before those that are counted, which may have to read from the disk
	rows    int
	partial bool
}

// run reads a query and keeps how long it took each time.
func (q *queries) run(
	ctx context.Context, read func(context.Context, store.ListQuery) (*store.ListPage, error), query store.ListQuery, runs int,
) (measured, error) {
	query.WorkspaceID = q.data.Workspace
	var (
		l latencies
		m measured
	)
	for i := range runs + 1 {
		start := time.Now()
		page, err := read(ctx, query)
		if err != nil {
			return m, err
		}
		if i == 0 {
			m.first = time.Since(start)
			continue
		}
		l = append(l, time.Since(start))
		m.rows, m.partial = len(page.Rows), page.Partial
	}
	m.summary = l.summary()
	return m, nil
}

// page reads a page of the list and what stands on its rows.
func (q *queries) page(ctx context.Context, query store.ListQuery) (*store.ListPage, error) {
	page, err := q.store.List(ctx, query)
	if err != nil {
		return nil, err
	}
	_, err = q.desk.Marks(ctx, q.data.Workspace, q.data.Members[0], page.Rows)
	return page, err
}

// querySpread are the columns of cells.
func querySpread() []string { return append([]string{"first"}, spread()...) }

func (m *measured) cells() []any { return append([]any{m.first}, m.summary.cells()...) }

// rowsOf says how many rows a page had.
func (m *measured) rowsOf() string {
	if m.partial {
		return fmt.Sprintf("%d, partial", m.rows)
	}
	return fmt.Sprint(m.rows)
}

func pointer[T any](v T) *T { return &v }
