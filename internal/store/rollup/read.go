package rollup

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley/internal/calendar"
	"parley/internal/store"
)

// Served says from what questions about a workspace are answered.
type Served struct {
	Zone *time.Location // whose days count
	// Complete is false while the rollups are made for the first time; what is
	// not in them yet is missing from every answer. Progress is its share.
	Complete bool
	Progress float64
	layout   int64
}

// Served returns from what questions are answered now.
func (r *Rollups) Served(ctx context.Context, ws string) (*Served, error) {
	var want, zone string
	var layout int64
	err := r.db.QueryRow(ctx, `
		SELECT w.time_zone, COALESCE(CASE WHEN z.served > 0 THEN z.served_zone ELSE z.zone END, w.time_zone),
			COALESCE(CASE WHEN z.served > 0 THEN z.served ELSE z.layout END, 0)
		FROM workspace w LEFT JOIN rollup_zone z ON z.workspace_id = w.id WHERE w.id = $1`, ws).Scan(&want, &zone, &layout)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	s, err := r.state(ctx)
	if err != nil {
		return nil, err
	}
	out := &Served{Zone: location(zone), Complete: s.shape == factShape && s.backfill >= s.backfillTo, Progress: 1, layout: layout}
	if !out.Complete {
		out.Progress = float64(s.backfill) / float64(max(s.backfillTo, 1))
	}
	return out, nil
}

// Question asks for the conversations that started at From or later and before
// To, in microseconds since 1970.
type Question struct {
	Workspace string
	From, To  int64
	Sifted    *Sifted // what to answer from; nil: from all conversations
	// Cell returns what to add a cell to; nil leaves it out. The conversations of
	// the cell started on the day, or with Whole in the month, of at.
	Cell func(at int64, k Key) *Cell
	// Label is told how the conversations of a key used a label; nil: not wanted.
	Label func(k Key, id LabelID, use *LabelUse)
	// Times and Contacts say whether the histograms with the hours, and the
	// contacts, are wanted.
	Times, Contacts bool
	Whole           bool // days need not be told apart
	Single          bool // conversations have to be told apart: at is when each started
}

// Ask answers a question. Parts of days at the ends come from the facts.
func (r *Rollups) Ask(ctx context.Context, s *Served, q *Question) error {
	if q.From >= q.To {
		return nil
	}
	if q.Single {
		return r.askFacts(ctx, s, q, q.From, q.To)
	}
	c := calendar.New(s.Zone)
	first, last := c.Of(q.From), c.Of(q.To-1)+1
	if start := c.Start(first).UnixMicro(); start < q.From {
		first++
		if err := r.askFacts(ctx, s, q, q.From, min(q.To, c.Start(first).UnixMicro())); err != nil {
			return err
		}
	}
	if end := c.Start(last).UnixMicro(); end > q.To && last > first {
		last--
		if err := r.askFacts(ctx, s, q, c.Start(last).UnixMicro(), q.To); err != nil {
			return err
		}
	}
	switch {
	case first >= last:
		return nil
	case q.Sifted != nil:
		return q.Sifted.ask(q, c, first, last)
	}
	return r.askSpans(ctx, s, q, c, first, last)
}

// reader adds what a span holds that began at an instant.
func (q *Question) reader(at int64) *reader {
	return &reader{
		cell: func(k Key) *Cell { return q.Cell(at, k) }, label: q.Label, times: q.Times, contacts: q.Contacts,
	}
}

// askSpans answers from days, and from the months that lie between them.
func (r *Rollups) askSpans(ctx context.Context, s *Served, q *Question, c *calendar.Calendar, first, last calendar.Day) error {
	of := func(start calendar.Day) *reader { return q.reader(c.Start(start).UnixMicro()) }
	parts := q.reader(0)
	from := first
	days := func(to calendar.Day) error {
		if from >= to {
			return nil
		}
		return r.spans(ctx, q.Workspace, s.layout, unitDay, int64(from), int64(to), parts,
			func(span int64) *reader { return of(calendar.Day(span)) })
	}
	if q.Whole {
		months, err := r.wholeMonths(ctx, s, q, first, last)
		if err != nil {
			return err
		}
		for _, m := range months {
			if err := days(m.First()); err != nil {
				return err
			}
			from = (m + 1).First()
			err := r.spans(ctx, q.Workspace, s.layout, unitMonth, int64(m), int64(m+1), parts,
				func(span int64) *reader { return of(calendar.Month(span).First()) })
			if err != nil {
				return err
			}
		}
	}
	return days(last)
}

// wholeMonths returns the months that are made and lie within some days.
func (r *Rollups) wholeMonths(ctx context.Context, s *Served, q *Question, first, last calendar.Day) ([]calendar.Month, error) {
	from, to := first.Month(), last.Month()
	if from.First() < first {
		from++
	}
	rows, err := r.db.Query(ctx, `
		SELECT span FROM rollup_span
		WHERE workspace_id = $1 AND layout = $2 AND unit = $3 AND span >= $4 AND span < $5 ORDER BY span`,
		q.Workspace, s.layout, unitMonth, int64(from), int64(to))
	return store.Collect(rows, err, func(row store.Row) (m calendar.Month, err error) { return m, row.Scan(&m) })
}

// askFacts answers from the facts of a time.
func (r *Rollups) askFacts(ctx context.Context, s *Served, q *Question, from, to int64) error {
	c := calendar.New(s.Zone)
	keys := map[int64]Key{}
	var v *sieve
	if q.Sifted != nil {
		if v = q.Sifted.sieveOf(); v == nil {
			return nil // it is not known yet
		}
	}
	err := r.facts(ctx, q.Workspace, from, to, func(f *Fact) {
		if v != nil && !v.pass(f) {
			return
		}
		if cell := q.Cell(f.Started, f.Key); cell != nil {
			cell.AddFact(f, c.HourOfWeek(f.Started))
			if q.Label != nil {
				keys[f.N] = f.Key
			}
		}
	})
	if err != nil || q.Label == nil {
		return err
	}
	return r.labelled(ctx, q.Workspace, from, to, func(n int64, label LabelID, use *LabelUse) {
		if k, ok := keys[n]; ok {
			q.Label(k, label, use)
		}
	})
}

// First returns when the first conversation of a workspace started; the zero
// time if there is none.
func (r *Rollups) First(ctx context.Context, ws string) (time.Time, error) {
	var at int64
	err := r.db.QueryRow(ctx, `
		SELECT started_at FROM rollup_fact WHERE workspace_id = $1 ORDER BY started_at LIMIT 1`, ws).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.UnixMicro(at).UTC(), err
}
