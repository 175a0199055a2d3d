// Package analytics answers the requests for numbers over conversations. Every
// number comes with the filter of the list that shows exactly its conversations.
package analytics

import (
	"context"
	"maps"
	"net/url"
	"time"

	"parley"
	"parley/internal/analytics"
	"parley/internal/server/api"
	"parley/internal/server/filter"
)

// Store is what the handlers need of the database.
type Store interface {
	Workspace(ctx context.Context, id string) (*parley.Workspace, error)
}

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Store   Store
	Service *analytics.Service
}

// view reads the filter of a request; of is its whole input. list is the filter
// as the list reads it, without the parameters of the question.
func (h *Handlers) view(ctx context.Context, in *filter.Conversations, of any, own ...string) (*analytics.View, url.Values, error) {
	raw := api.CallOf(ctx).R.URL.Query()
	ws := api.Who(ctx).Workspace
	q, err := in.Query(raw, of, func() (*time.Location, error) {
		w, err := h.Store.Workspace(ctx, ws)
		if err != nil {
			return nil, err
		}
		return time.LoadLocation(w.TimeZone)
	})
	if err != nil {
		return nil, nil, err
	}
	q.WorkspaceID = ws
	v, err := h.Service.View(ctx, q)
	for _, name := range own {
		raw.Del(name)
	}
	return v, raw, err
}

// period describes a view; list is the filter that it was asked for with.
func period(v *analytics.View, list url.Values) Period {
	all := maps.Clone(list)
	maps.Copy(all, started(v.Span.Start, v.Span.End))
	all.Set("sort", "-started_at") // which the list can begin in the middle
	return Period{
		StartedFrom: v.Span.Start, StartedTo: v.Span.End, TimeZone: v.Served.Zone.String(), List: all.Encode(),
		Complete: v.Served.Complete, Progress: v.Served.Progress,
	}
}

// Summary answers with the numbers of a view.
func (h *Handlers) Summary(ctx context.Context, in *summaryQuery) (*api.Reply[Summary], error) {
	v, list, err := h.view(ctx, &in.Conversations, *in, "previous")
	if err != nil {
		return nil, err
	}
	total, err := h.Service.Total(ctx, v)
	if err != nil {
		return nil, err
	}
	out := Summary{
		Period: period(v, list), Now: numbersOf(total), Lists: lists(), Hours: hoursOf(total), Waits: waitsOf(total),
	}
	if in.Previous {
		b := v.Before()
		total, err := h.Service.Total(ctx, b)
		if err != nil {
			return nil, err
		}
		numbers, span := numbersOf(total), period(b, list)
		out.Before, out.Span = &numbers, &span
	}
	return api.Answer(out), nil
}

// Series answers with a view over time.
func (h *Handlers) Series(ctx context.Context, in *seriesQuery) (*api.Reply[Series], error) {
	v, list, err := h.view(ctx, &in.Conversations, *in, "interval")
	if err != nil {
		return nil, err
	}
	points, by, err := h.Service.Series(ctx, v, in.Interval)
	if err != nil {
		return nil, err
	}
	out := Series{Period: period(v, list), Interval: by, Lists: lists(), Points: make([]Point, len(points))}
	for i := range points {
		p := &points[i]
		out.Points[i] = Point{Start: p.Start, End: p.End, List: started(p.Start, p.End).Encode(), Numbers: numbersOf(&p.Cell)}
	}
	return api.Answer(out), nil
}
