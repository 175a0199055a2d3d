package bench

import (
	"context"
	"io"
	"strconv"
	"time"

	"parley/internal/analytics"
	"parley/internal/bench/madeup"
	"parley/internal/store"
	"parley/internal/store/rollup"
)

// AnalyticsCommand measures the numbers over conversations.
type AnalyticsCommand struct {
	Filled `embed:""`

	Runs  int `help:"How often each question is asked." default:"50"`
	Pairs int `help:"How often each question is asked with a pair of filters; 0 leaves the pairs out." default:"10"`

	out io.Writer // nil: os.Stdout
}

// The budgets of analytics: of what rollups hold, and of what has to be looked
// for in the conversations.
const (
	budgetNumbers = 200 * time.Millisecond
	budgetSifted  = 3 * time.Second
)

// Run implements the command.
func (c *AnalyticsCommand) Run(ctx context.Context) error {
	q, err := c.openQueries(ctx, "analytics", c.Runs)
	if err != nil {
		return err
	}
	return q.finish(q.analytics(ctx, c.Pairs), c.out, c.Printing)
}

func (q *queries) analytics(ctx context.Context, pairs int) error {
	rollups := rollup.New(q.store, time.Now)
	start := time.Now()
	if err := rollups.Update(ctx); err != nil {
		return err
	}
	q.report.note("The rollups were brought up to date in %s.", time.Since(start).Round(time.Millisecond))
	a := &asking{queries: q, service: &analytics.Service{Rollups: rollups, Now: time.Now}}
	filters, lookedUp := q.numberFilters()
	a.to("Numbers, any range and one filter", budgetNumbers)
	for _, f := range filters {
		if err := a.ranges(ctx, f, q.runs); err != nil {
			return err
		}
	}
	if pairs > 0 {
		a.to("Numbers, any range and two filters", budgetNumbers)
		for i, f := range filters[1:] {
			for _, g := range filters[i+2:] {
				if f.kind == g.kind {
					continue
				}
				both := filter{f.name() + ", " + g.name(), "", func(l *store.ListQuery) { f.set(l); g.set(l) }}
				if err := a.ranges(ctx, both, pairs); err != nil {
					return err
				}
			}
		}
	}
	a.to("Numbers of a search, and of what has to be looked up", budgetSifted)
	for _, f := range lookedUp {
		if err := a.ranges(ctx, f, 3); err != nil {
			return err
		}
	}
	return nil
}

// numberFilters are those that rollups tell conversations apart by, of which the
// first is none, and those whose conversations have to be looked up.
func (q *queries) numberFilters() (known, lookedUp []filter) {
	all := append([]filter{{"any", "", func(*store.ListQuery) {}}}, q.plainFilters()...)
	all = append(all,
		filter{"version", "1", func(l *store.ListQuery) { l.Version = 1 }},
		filter{"resolved", "yes", func(l *store.ListQuery) { l.Resolved = pointer(true) }},
		filter{"resolved", "no", func(l *store.ListQuery) { l.Resolved = pointer(false) }},
		filter{"evaluated", "no", func(l *store.ListQuery) { l.Evaluated = pointer(false) }},
		filter{"handed over", "yes", func(l *store.ListQuery) { l.HandedOver = pointer(true) }},
		filter{"words", madeup.CommonWord, func(l *store.ListQuery) { l.Q = madeup.CommonWord }},
		filter{"words", madeup.RareWord, func(l *store.ListQuery) { l.Q = madeup.RareWord }},
		filter{"variable", "common", func(l *store.ListQuery) { l.Variables = map[string][]string{"tier": {"standard"}} }},
	)
	for _, f := range all {
		var l store.ListQuery
		if f.set(&l); rollup.Plain(&l) {
			known = append(known, f)
		} else {
			lookedUp = append(lookedUp, f)
		}
	}
	return known, lookedUp
}

// asking is a table of questions with one budget.
type asking struct {
	*queries
	service *analytics.Service
	table   *table
	group   *budgeted
}

func (a *asking) to(title string, budget time.Duration) {
	a.table = a.report.table(title, append([]string{"filter", "range", "conversations", "budget", "looked up"}, spread()...)...)
	a.group = a.queries.group(title, budget)
}

type answered func(ctx context.Context, s *analytics.Service, v *analytics.View) error

// asked is what the page asks for.
var asked = []struct {
	name string
	ask  answered
}{
	{"over time", func(ctx context.Context, s *analytics.Service, v *analytics.View) error {
		_, _, err := s.Series(ctx, v, "")
		return err
	}},
	{"by source", func(ctx context.Context, s *analytics.Service, v *analytics.View) error {
		_, err := s.Groups(ctx, v, []analytics.Dimension{analytics.BySource})
		return err
	}},
	{"by assistant and version", func(ctx context.Context, s *analytics.Service, v *analytics.View) error {
		_, err := s.Groups(ctx, v, []analytics.Dimension{analytics.ByAssistant, analytics.ByVersion})
		return err
	}},
	{"by model", func(ctx context.Context, s *analytics.Service, v *analytics.View) error {
		_, _, err := s.Labels(ctx, v, rollup.LabelModel, 30)
		return err
	}},
	{"together", func(ctx context.Context, s *analytics.Service, v *analytics.View) error {
		_, err := s.Total(ctx, v)
		return err
	}},
}

// ranges asks all questions with a filter, of several ranges. A row is a range,
// with all its questions.
func (a *asking) ranges(ctx context.Context, f filter, runs int) error {
	for _, days := range []int{1, 7, 30, 90, 365, 0} {
		query, span := store.ListQuery{WorkspaceID: a.data.Workspace}, "all"
		f.set(&query)
		if days > 0 {
			query.StartedFrom, span = time.Now().AddDate(0, 0, -days), strconv.Itoa(days)+" days"
		}
		start := time.Now()
		v, err := a.whole(ctx, &query)
		if err != nil {
			return err
		}
		lookedUp := time.Since(start)
		total, err := a.service.Total(ctx, v)
		if err != nil {
			return err
		}
		var all latencies
		verdict := a.group.verdict(lookedUp, f.name()+", "+span)
		for _, x := range asked {
			l, err := a.answer(ctx, &query, runs, x.ask)
			if err != nil {
				return err
			}
			if said := a.group.verdict(l.summary().P99, f.name()+", "+span+", "+x.name); said != "ok" {
				verdict = said
			}
			all = append(all, l...)
		}
		if v.Capped {
			verdict += ", capped"
		}
		a.table.row(append([]any{f.name(), span, total.Conversations, verdict, lookedUp.Round(time.Millisecond)}, all.summary().cells()...)...)
	}
	return nil
}

func (a *asking) answer(ctx context.Context, query *store.ListQuery, runs int, ask answered) (l latencies, _ error) {
	for range runs {
		start := time.Now()
		v, err := a.whole(ctx, query)
		if err == nil {
			err = ask(ctx, a.service, v)
		}
		if err != nil {
			return nil, err
		}
		l = append(l, time.Since(start))
	}
	return l, nil
}

// whole waits until all of what a filter asks for is looked up; who is in front
// of the page sees the numbers grow meanwhile.
func (a *asking) whole(ctx context.Context, query *store.ListQuery) (*analytics.View, error) {
	for {
		v, err := a.service.View(ctx, query)
		if err != nil || v.Progress >= 1 {
			return v, err
		}
	}
}
