package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/bench/madeup"
	"parley/internal/store"
)

// ListCommand measures the list of conversations.
type ListCommand struct {
	Filled `embed:""`

	Runs  int `help:"How often each filter is run." default:"200"`
	Pairs int `help:"How often each pair of filters is run; 0 leaves the pairs out." default:"20"`

	out io.Writer // nil: os.Stdout
}

// The budgets of the list.
const (
	budgetSingle = 10 * time.Millisecond
	budgetPair   = 50 * time.Millisecond
)

// filter is one value of one filter.
type filter struct {
	kind  string // the filter
	value string // the value, and what it matches
	set   func(*store.ListQuery)
}

func (f *filter) name() string { return strings.TrimSpace(f.kind + " " + f.value) }

// Run implements the command.
func (c *ListCommand) Run(ctx context.Context) error {
	q, err := c.openQueries(ctx, "list", c.Runs)
	if err != nil {
		return err
	}
	return q.finish(q.list(ctx, c.Pairs), c.out, c.Printing)
}

func (q *queries) list(ctx context.Context, pairs int) error {
	filters, err := q.filters(ctx)
	if err != nil {
		return err
	}
	if err := q.singles(ctx, filters); err != nil {
		return err
	}
	if err := q.sorts(ctx, filters); err != nil {
		return err
	}
	if err := q.deep(ctx); err != nil {
		return err
	}
	if err := q.counts(ctx, filters); err != nil {
		return err
	}
	if pairs > 0 {
		return q.pairs(ctx, filters, pairs)
	}
	return nil
}

// filters are the values to measure: of each filter, where the data allows it,
// one that matches nothing, one that matches ten, and one that matches half.
func (q *queries) filters(ctx context.Context) ([]filter, error) {
	newest, err := q.store.List(ctx, store.ListQuery{WorkspaceID: q.data.Workspace, Limit: 100})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(q.plainFilters(), dateFilters(newest.Rows))
	for _, b := range []struct {
		kind string
		of   func(*store.ListQuery) **bool
	}{
		{"has attachment", func(l *store.ListQuery) **bool { return &l.HasAttachment }},
		{"has error", func(l *store.ListQuery) **bool { return &l.HasError }},
		{"handed over", func(l *store.ListQuery) **bool { return &l.HandedOver }},
		{"waiting", func(l *store.ListQuery) **bool { return &l.Waiting }},
		{"resolved", func(l *store.ListQuery) **bool { return &l.Resolved }},
		{"reviewed", func(l *store.ListQuery) **bool { return &l.Reviewed }},
	} {
		all = append(all,
			filter{b.kind, "yes", func(l *store.ListQuery) { *b.of(l) = pointer(true) }},
			filter{b.kind, "no", func(l *store.ListQuery) { *b.of(l) = pointer(false) }})
	}
	return all, nil
}

func (q *queries) plainFilters() []filter {
	n := len(q.data.Assistants)
	assistant := func(ids ...string) func(*store.ListQuery) {
		return func(l *store.ListQuery) { l.AssistantID = ids }
	}
	contact := func(s string) func(*store.ListQuery) { return func(l *store.ListQuery) { l.Contact = s } }
	variable := func(name, value string) func(*store.ListQuery) {
		return func(l *store.ListQuery) { l.Variables = map[string][]string{name: {value}} }
	}
	tagged := func(names ...string) func(*store.ListQuery) {
		ids := make([]string, len(names))
		for i, name := range names {
			ids[i] = q.data.Tags[name]
		}
		return func(l *store.ListQuery) { l.Tags = ids }
	}
	all := []filter{
		{"assistant", "none", assistant(q.data.Assistants[n-1])},
		{"assistant", "ten", assistant(q.data.Assistants[n-2])},
		{"assistant", "half", assistant(q.data.Assistants[0])},
		{"assistant", "several", assistant(q.data.Assistants[1:5]...)},
		{"contact", "none", contact("zzyzx")},
		{"contact", "ten", contact(madeup.NameOfTen)},
		{"contact", "many", contact(madeup.NameOfMany)},
		{"contact", "beginning of phone numbers", contact("4917000")},
		{"variable", "none", variable(madeup.VariableCampaign, "eleven")},
		{"variable", "ten", variable(madeup.VariableCampaign, "ten")},
		{"variable", "half", variable(madeup.VariableTier, "gold")},
		{"tag", "none", tagged(madeup.TagOfNone)},
		{"tag", "ten", tagged(madeup.TagOfTen)},
		{"tag", "many", tagged(madeup.TagOfMany)},
		{"tag", "half", tagged(madeup.TagOfHalf)},
		{"tag", "several", tagged(madeup.TagNames()...)},
	}
	for _, s := range parley.Sources() {
		all = append(all, filter{"source", string(s), func(l *store.ListQuery) { l.Source = []parley.Source{s} }})
	}
	for _, s := range []parley.ConversationStatus{parley.ConversationActive, parley.ConversationEnded} {
		all = append(all, filter{"status", string(s), func(l *store.ListQuery) { l.Status = s }})
	}
	return all
}

// dateFilters are ranges of the last activity, given the newest rows.
func dateFilters(newest []store.ListRow) []filter {
	if len(newest) == 0 {
		return nil
	}
	latest := newest[0].LastActivityAt
	tenth := newest[min(madeup.RareCount, len(newest))-1].LastActivityAt
	from := func(t time.Time) func(*store.ListQuery) { return func(l *store.ListQuery) { l.From = t } }
	return []filter{
		{"date", "none", from(latest.Add(time.Hour))},
		{"date", "ten", from(tenth)},
		{"date", "last 30 days", from(latest.AddDate(0, 0, -30))},
		{"date", "half a year, one month of it", func(l *store.ListQuery) {
			l.From, l.To = latest.AddDate(0, -6, 0), latest.AddDate(0, -5, 0)
		}},
		{"date", "old half", func(l *store.ListQuery) { l.To = latest.AddDate(0, 0, -190) }},
	}
}

func (q *queries) singles(ctx context.Context, filters []filter) error {
	out := q.report.table("One filter, newest activity first",
		append([]string{"filter", "value", "rows", "budget"}, querySpread()...)...)
	g := q.group("one filter", budgetSingle)
	all := append([]filter{{"no filter", "", func(*store.ListQuery) {}}}, filters...)
	for _, f := range all {
		var query store.ListQuery
		f.set(&query)
		m, err := q.run(ctx, q.page, query, q.runs)
		if err != nil {
			return err
		}
		out.row(append([]any{f.kind, f.value, m.rowsOf(), g.verdict(m.P99, f.name())}, m.cells()...)...)
	}
	return nil
}

func (q *queries) sorts(ctx context.Context, filters []filter) error {
	out := q.report.table("Other sorts",
		append([]string{"sort", "filter", "value", "rows", "budget"}, querySpread()...)...)
	g := q.group("other sorts", budgetPair)
	all := append([]filter{{"no filter", "", func(*store.ListQuery) {}}}, filters...)
	for _, sort := range []store.Sort{store.SortStarted, store.SortMessages, store.SortCredits} {
		for _, f := range all {
			query := store.ListQuery{Sort: sort}
			f.set(&query)
			m, err := q.run(ctx, q.page, query, max(q.runs/4, 1))
			if err != nil {
				return err
			}
			out.row(append([]any{string(sort), f.kind, f.value, m.rowsOf(), g.verdict(m.P99, string(sort)+", "+f.name())}, m.cells()...)...)
		}
	}
	return nil
}

// deep follows the cursor through many pages: the last must cost what the
// first does.
func (q *queries) deep(ctx context.Context) error {
	const pages = 500
	out := q.report.table("Following the cursor", append([]string{"pages", "budget"}, spread()...)...)
	query := store.ListQuery{WorkspaceID: q.data.Workspace, Limit: 25}
	var l latencies
	for range pages {
		start := time.Now()
		page, err := q.page(ctx, query)
		if err != nil {
			return err
		}
		l = append(l, time.Since(start))
		if query.Cursor = page.NextCursor; query.Cursor == "" {
			break
		}
	}
	s := l.summary()
	out.row(append([]any{s.N, q.group("following the cursor", budgetSingle).verdict(s.P99, "")}, s.cells()...)...)
	return nil
}

// viewCount is how far the numbers beside saved views are counted.
const viewCount = 99

// counts measures the numbers beside saved views, for each filter.
func (q *queries) counts(ctx context.Context, filters []filter) error {
	out := q.report.table(fmt.Sprintf("Counts of saved views, up to %d", viewCount),
		append([]string{"filter", "value", "count", "budget"}, querySpread()...)...)
	g := q.group("counts of views", budgetPair)
	for _, f := range filters {
		query := store.ListQuery{Limit: viewCount}
		f.set(&query)
		m, err := q.run(ctx, q.store.List, query, max(q.runs/4, 1))
		if err != nil {
			return err
		}
		out.row(append([]any{f.kind, f.value, m.rowsOf(), g.verdict(m.P99, f.name())}, m.cells()...)...)
	}
	return nil
}

// pairs runs every two values of different filters and shows the worst.
func (q *queries) pairs(ctx context.Context, filters []filter, runs int) error {
	type pair struct {
		a, b filter
		m    measured
	}
	g := q.group("pairs of filters", budgetPair)
	var all []pair
	for i, a := range filters {
		for _, b := range filters[i+1:] {
			if a.kind == b.kind {
				continue
			}
			var query store.ListQuery
			a.set(&query)
			b.set(&query)
			m, err := q.run(ctx, q.page, query, runs)
			if err != nil {
				return err
			}
			g.verdict(m.P99, a.name()+", "+b.name())
			all = append(all, pair{a, b, m})
		}
	}
	slices.SortFunc(all, func(x, y pair) int { return cmp.Compare(y.m.P99, x.m.P99) })
	out := q.report.table("The worst pairs", append([]string{"filters", "and", "rows"}, querySpread()...)...)
	for _, p := range all[:min(10, len(all))] {
		out.row(append([]any{p.a.name(), p.b.name(), p.m.rowsOf()}, p.m.cells()...)...)
	}
	return nil
}
