// Package privacy answers the requests about forgetting: what is kept of a
// person, the erasing of a person, and how long conversations are kept.
package privacy

import (
	"context"

	"parley/internal/privacy"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	store "parley/internal/store/privacy"
)

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Store   *store.Privacy
	Privacy *privacy.Service
}

// Contact answers with what is kept of a person.
func (h *Handlers) Contact(ctx context.Context, in *api.ByID) (*api.Reply[wire.Contact], error) {
	c, err := h.Store.Contact(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ContactOf(c)), nil
}

// Erase makes the erasing of a person due; if it is under way already, it
// answers with that.
func (h *Handlers) Erase(ctx context.Context, in *api.ByID) (*api.Reply[wire.Erasure], error) {
	who := api.Who(ctx)
	e, err := h.Privacy.Ask(ctx, who.Workspace, in.ID, who.Name())
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ErasureOf(e)), nil
}

// Erasures answers with a page of erasures, the newest first.
func (h *Handlers) Erasures(ctx context.Context, in *api.PageQuery) (*api.Reply[api.Page[wire.Erasure]], error) {
	ws := api.Who(ctx).Workspace
	scope := ws + " erasures"
	before, err := wire.OpenCursor(scope, in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Store.Erasures(ctx, ws, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := api.Page[wire.Erasure]{Data: wire.Mapped(all[:min(len(all), in.Limit)], wire.ErasureOf)}
	if len(all) > in.Limit {
		out.NextCursor = wire.SealCursor(scope, all[in.Limit-1].ID)
	}
	return api.Answer(out), nil
}

// Erasure answers with how an erasure stands, or its receipt.
func (h *Handlers) Erasure(ctx context.Context, in *api.ByID) (*api.Reply[wire.Erasure], error) {
	e, err := h.Store.Erasure(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ErasureOf(e)), nil
}

// Retention answers with how long conversations are kept.
func (h *Handlers) Retention(ctx context.Context, _ *api.None) (*api.Reply[wire.Retention], error) {
	keep, err := h.Store.Retention(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.Retention{Days: keep}), nil
}

// SetRetention changes that.
func (h *Handlers) SetRetention(ctx context.Context, in *api.Body[wire.Retention]) (*api.Reply[wire.Retention], error) {
	if err := h.Privacy.SetRetention(ctx, api.Who(ctx).Workspace, in.Body.Days); err != nil {
		return nil, err
	}
	return h.Retention(ctx, &api.None{})
}
