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
)

// Store is what the handlers need of the database.
type Store interface {
	Workspace(ctx context.Context, id string) (*parley.Workspace, error)
	Providers(ctx context.Context, ws string) ([]parley.Provider, error)
	Prices(ctx context.Context, ws string) ([]parley.Price, error)
}

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Store   Store
	Service *analytics.Service
}

// view reads what a request is about; of is its whole input, whose own
// parameters are named. list is the filter as the list reads it.
func (h *Handlers) view(ctx context.Context, in *View, of any, own ...string) (v *analytics.View, list url.Values, err error) {
	list = api.CallOf(ctx).R.URL.Query()
	ws := api.Who(ctx).Workspace
	zone := func() (*time.Location, error) {
		w, err := h.Store.Workspace(ctx, ws)
		if err != nil {
			return nil, err
		}
		return time.LoadLocation(w.TimeZone)
	}
	q, err := in.Query(list, of, zone, h.Service.Now())
	if err != nil {
		return nil, nil, err
	}
	q.WorkspaceID = ws
	for _, name := range append(own, "days") {
		list.Del(name)
	}
	v, err = h.Service.View(ctx, q)
	return v, list, err
}

// period describes a view; list is the filter that it was asked for with.
func period(v *analytics.View, list url.Values) Period {
	all := maps.Clone(list)
	maps.Copy(all, started(v.Span.Start, v.Span.End))
	all.Set("sort", "-started_at") // which the list can begin in the middle
	return Period{
		StartedFrom: v.Span.Start, StartedTo: v.Span.End, TimeZone: v.Served.Zone.String(), List: all.Encode(),
		Progress: v.Progress, Capped: v.Capped,
	}
}

// Summary answers with the numbers of a view.
func (h *Handlers) Summary(ctx context.Context, in *summaryQuery) (*api.Reply[Summary], error) {
	v, list, err := h.view(ctx, &in.View, *in, "previous")
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
		b, err := h.Service.Before(ctx, v)
		if err != nil {
			return nil, err
		}
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
	v, list, err := h.view(ctx, &in.View, *in, "interval")
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

// maxGroups bounds the groups of an answer.
const maxGroups = 200

// Groups answers with a view divided.
func (h *Handlers) Groups(ctx context.Context, in *groupsQuery) (*api.Reply[Groups], error) {
	v, list, err := h.view(ctx, &in.View, *in, "by")
	if err != nil {
		return nil, err
	}
	all, err := h.Service.Groups(ctx, v, in.By)
	if err != nil {
		return nil, err
	}
	names, err := h.Service.Rollups.AssistantNames(ctx, v.Filter.WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := Groups{Period: period(v, list), Lists: lists(), Others: max(0, len(all)-maxGroups), Groups: []Group{}}
	for i, g := range all {
		out.Conversations += g.Cell.Conversations
		out.Credits += parley.Credits(g.Cell.Credits.Sum)
		if i < maxGroups {
			out.Groups = append(out.Groups, groupOf(g, names))
		}
	}
	return api.Answer(out), nil
}

// Labels answers with what the conversations of a view had.
func (h *Handlers) Labels(ctx context.Context, in *labelsQuery) (*api.Reply[Labels], error) {
	v, list, err := h.view(ctx, &in.View, *in, "kind", "limit")
	if err != nil {
		return nil, err
	}
	all, others, err := h.Service.Labels(ctx, v, in.Kind, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Labels{Period: period(v, list), Lists: lists(), Others: others, Labels: []Label{}}
	for _, l := range all {
		out.Labels = append(out.Labels, labelOf(in.Kind, l))
	}
	return api.Answer(out), nil
}
