// Package bulk answers the requests about things that are done to many
// conversations at once.
package bulk

import (
	"context"
	"time"

	"parley"
	"parley/internal/bulk"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/bulks"
	"parley/internal/store/desk"
)

// Workspaces tells the time zone of a workspace.
type Workspaces interface {
	Workspace(ctx context.Context, id string) (*parley.Workspace, error)
}

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Workspaces Workspaces
	Runs       *bulks.Bulks
	Bulk       *bulk.Service
	Now        func() time.Time
}

func author(ctx context.Context) desk.Author {
	who := api.Who(ctx)
	return desk.Author{ID: who.ID(), Name: who.Name()}
}

// Start begins to do something to many conversations.
func (h *Handlers) Start(ctx context.Context, in *api.Body[wire.StartBulk]) (*api.Reply[wire.Bulk], error) {
	ws := api.Who(ctx).Workspace
	which, err := in.Body.Which(func() (*time.Location, error) {
		w, err := h.Workspaces.Workspace(ctx, ws)
		if err != nil {
			return nil, err
		}
		return time.LoadLocation(w.TimeZone)
	})
	if err != nil {
		return nil, err
	}
	r := &bulks.Run{WorkspaceID: ws, Action: in.Body.Action, TagID: in.Body.TagID, Which: which, By: author(ctx)}
	if err := h.Bulk.Start(ctx, r); err != nil {
		return nil, err
	}
	return api.Answer(wire.BulkOf(r)), nil
}

// List answers with a page of runs, the newest first.
func (h *Handlers) List(ctx context.Context, in *api.PageQuery) (*api.Reply[api.Page[wire.Bulk]], error) {
	ws := api.Who(ctx).Workspace
	scope := ws + " bulk"
	before, err := wire.OpenCursor(scope, in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Runs.Runs(ctx, ws, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := api.Page[wire.Bulk]{Data: wire.Mapped(all[:min(len(all), in.Limit)], wire.BulkOf)}
	if len(all) > in.Limit {
		out.NextCursor = wire.SealCursor(scope, all[in.Limit-1].ID)
	}
	return api.Answer(out), nil
}

// Get answers with how a run stands.
func (h *Handlers) Get(ctx context.Context, in *api.ByID) (*api.Reply[wire.Bulk], error) {
	r, err := h.Runs.Run(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.BulkOf(r)), nil
}

// Cancel ends a run where it is.
func (h *Handlers) Cancel(ctx context.Context, in *api.ByID) (*api.Reply[wire.Bulk], error) {
	if err := h.Runs.Cancel(ctx, api.Who(ctx).Workspace, in.ID, h.Now()); err != nil {
		return nil, err
	}
	return h.Get(ctx, in)
}

// Undo takes back what a run has changed.
func (h *Handlers) Undo(ctx context.Context, in *api.ByID) (*api.Reply[wire.Bulk], error) {
	r, err := h.Runs.Undo(ctx, api.Who(ctx).Workspace, in.ID, author(ctx), h.Now())
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.BulkOf(r)), nil
}
