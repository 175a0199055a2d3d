package analytics

import (
	"context"
	"slices"
	"time"

	"parley"
	"parley/internal/calendar"
	"parley/internal/store"
	"parley/internal/store/rollup"
)

// Service answers questions.
type Service struct {
	Rollups *rollup.Rollups
	Now     func() time.Time
}

// View is the conversations that questions are about: those that pass the
// filter and started within Span.
type View struct {
	Filter store.ListQuery
	Span   Span
	// Days is how many local days Span has; 0 if it does not begin and end with
	// one.
	Days   calendar.Day
	Served *rollup.Served
	// Progress is the share of the conversations that answers are counted from:
	// 1 is all. Capped says that there is no more to come.
	Progress float64
	Capped   bool
	sifted   *rollup.Sifted // nil: cells know all that the filter asks
}

// patience is how long an answer waits for what has to be looked up for it.
const patience = 2 * time.Second

// prepare looks up what cells do not know, or as much of it as there is by then.
func (s *Service) prepare(ctx context.Context, v *View) error {
	v.Progress = v.Served.Progress
	if rollup.Plain(&v.Filter) {
		return nil
	}
	v.sifted = s.Rollups.Sift(ctx, v.Served, &v.Filter, v.Span.Start.UnixMicro(), v.Span.End.UnixMicro())
	done, err := v.sifted.Wait(ctx, patience)
	v.Progress *= done
	v.Capped = v.sifted.Capped()
	return err
}

// View prepares to answer questions about a filter. A time that it leaves open
// begins with the first conversation and ends with today.
func (s *Service) View(ctx context.Context, q *store.ListQuery) (*View, error) {
	served, err := s.Rollups.Served(ctx, q.WorkspaceID)
	if err != nil {
		return nil, err
	}
	v := &View{Filter: *q, Served: served, Span: Span{q.StartedFrom, q.StartedTo}}
	c := calendar.New(served.Zone)
	today := c.Of(s.Now().UnixMicro())
	if v.Span.Start.IsZero() {
		first, err := s.Rollups.First(ctx, q.WorkspaceID)
		if err != nil {
			return nil, err
		}
		day := today
		if !first.IsZero() {
			day = min(today, c.Of(first.UnixMicro()))
		}
		v.Span.Start = c.Start(day)
	}
	if v.Span.End.IsZero() {
		v.Span.End = c.Start(today + 1)
	}
	if !v.Span.Start.Before(v.Span.End) {
		switch { // an open end lies beyond the other one: there is nothing in that day
		case q.StartedTo.IsZero():
			v.Span.End = c.Start(c.Of(v.Span.Start.UnixMicro()) + 1)
		case q.StartedFrom.IsZero():
			v.Span.Start = c.Start(c.Of(v.Span.End.UnixMicro() - 1))
		default:
			return nil, parley.Errorf(parley.CodeInvalid, "The time has to begin before it ends.")
		}
	}
	v.measure(c)
	return v, s.prepare(ctx, v)
}

func (v *View) measure(c *calendar.Calendar) {
	first, last := c.Of(v.Span.Start.UnixMicro()), c.Of(v.Span.End.UnixMicro())
	if c.Start(first).Equal(v.Span.Start) && c.Start(last).Equal(v.Span.End) {
		v.Days = last - first
	}
}

// Before returns the view of the time before, as long as this one.
func (s *Service) Before(ctx context.Context, v *View) (*View, error) {
	b := *v
	c := calendar.New(v.Served.Zone)
	b.Span.End = v.Span.Start
	if v.Days > 0 {
		b.Span.Start = c.Start(c.Of(v.Span.Start.UnixMicro()) - v.Days)
	} else {
		b.Span.Start = v.Span.Start.Add(-v.Span.End.Sub(v.Span.Start))
	}
	return &b, s.prepare(ctx, &b)
}

// passes reports whether the conversations of a cell pass the filter, as far as
// cells know.
func passes(q *store.ListQuery, k *rollup.Key) bool {
	is := func(want *bool, have bool) bool { return want == nil || *want == have }
	return (len(q.Source) == 0 || slices.Contains(q.Source, k.Source)) &&
		(len(q.AssistantID) == 0 || slices.Contains(q.AssistantID, k.AssistantID)) &&
		(q.Version == 0 || q.Version == k.Version) &&
		(q.Status == "" || (q.Status == parley.ConversationEnded) == k.Ended) &&
		is(q.Waiting, k.Waiting) && is(q.HandedOver, k.HandedOver) && is(q.HasError, k.HasError) &&
		is(q.HasAttachment, k.HasAttachment) && is(q.Evaluated, k.Resolved != rollup.Unevaluated) &&
		(q.Resolved == nil || k.Resolved == outcome(*q.Resolved))
}

func outcome(resolved bool) rollup.Outcome {
	if resolved {
		return rollup.Resolved
	}
	return rollup.Unresolved
}

// ask asks for the cells of a view.
func (s *Service) ask(ctx context.Context, v *View, q rollup.Question) error {
	q.Workspace, q.From, q.To = v.Filter.WorkspaceID, v.Span.Start.UnixMicro(), v.Span.End.UnixMicro()
	q.Sifted = v.sifted
	cell := q.Cell
	q.Cell = func(at int64, k rollup.Key) *rollup.Cell {
		if !passes(&v.Filter, &k) {
			return nil
		}
		return cell(at, k)
	}
	return s.Rollups.Ask(ctx, v.Served, &q)
}

// Total adds all conversations of a view up.
func (s *Service) Total(ctx context.Context, v *View) (*rollup.Cell, error) {
	total := &rollup.Cell{}
	return total, s.ask(ctx, v, rollup.Question{
		Cell: func(int64, rollup.Key) *rollup.Cell { return total }, Times: true, Contacts: true, Whole: true,
	})
}

// Point is a part of a chart over time.
type Point struct {
	Span
	rollup.Cell
}

// Series divides a view by an interval; "" chooses one. It returns CodeInvalid
// for too many points.
func (s *Service) Series(ctx context.Context, v *View, by Interval) ([]Point, Interval, error) {
	c := calendar.New(v.Served.Zone)
	if by == "" {
		by = auto(c.Of(v.Span.End.UnixMicro()-1) - c.Of(v.Span.Start.UnixMicro()) + 1)
	}
	parts, err := spans(c, v.Span, by)
	if err != nil {
		return nil, by, err
	}
	points := make([]Point, len(parts))
	for i, p := range parts {
		points[i].Span = p
	}
	err = s.ask(ctx, v, rollup.Question{
		Cell: func(at int64, _ rollup.Key) *rollup.Cell {
			if i := indexOf(parts, at); i >= 0 {
				return &points[i].Cell
			}
			return nil
		},
		Times: true, Contacts: true, Single: by == ByHour, Whole: by == ByMonth,
	})
	return points, by, err
}
