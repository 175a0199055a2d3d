// Package hook answers the requests about webhooks out: the addresses that are
// told what happens, and the log of what they were told.
package hook

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/hook"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/hooks"
)

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Store *hooks.Hooks
	Hooks *hook.Service
	Now   func() time.Time
}

// The shapes of requests.
type (
	// DeliveriesQuery asks for a page of the log.
	DeliveriesQuery struct {
		ID string `path:"id"`
		api.PageQuery
		State hooks.State `query:"state" enum:"pending,delivered,failed" doc:"Only deliveries of this state."`
	}
	// ByDelivery names a delivery.
	ByDelivery struct {
		ID         string `path:"id"`
		DeliveryID string `path:"delivery_id"`
	}
)

// List lists the addresses.
func (h *Handlers) List(ctx context.Context, _ *api.None) (*api.Reply[wire.WebhookEndpoints], error) {
	all, err := h.Store.All(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	out := wire.WebhookEndpoints{Data: wire.Mapped(all, h.shown), Events: hooks.Types()}
	return api.Answer(out), nil
}

func (h *Handlers) shown(x *hooks.Hook) wire.WebhookEndpoint {
	return wire.WebhookEndpointOf(x, h.Now())
}

// Create adds an address and shows its secret, once.
func (h *Handlers) Create(ctx context.Context, in *api.Body[wire.SaveWebhookEndpoint]) (*api.Reply[wire.NewWebhookEndpoint], error) {
	x := &hooks.Hook{
		WorkspaceID: api.Who(ctx).Workspace, URL: in.Body.URL, Description: in.Body.Description, Events: in.Body.Events,
		Enabled: in.Body.Enabled == nil || *in.Body.Enabled,
	}
	if err := h.Hooks.Create(ctx, x); err != nil {
		return nil, err
	}
	return api.Answer(wire.NewWebhookEndpoint{WebhookEndpoint: h.shown(x), Secret: x.Secret}), nil
}

// Get answers with one address.
func (h *Handlers) Get(ctx context.Context, in *api.ByID) (*api.Reply[wire.WebhookEndpoint], error) {
	x, err := h.Store.Hook(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(h.shown(x)), nil
}

// Save changes an address.
func (h *Handlers) Save(ctx context.Context, in *api.BodyFor[wire.SaveWebhookEndpoint]) (*api.Reply[wire.WebhookEndpoint], error) {
	x, err := h.Store.Hook(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	x.URL, x.Description, x.Events = in.Body.URL, in.Body.Description, in.Body.Events
	if in.Body.Enabled != nil {
		x.Enabled = *in.Body.Enabled
	}
	if err := h.Hooks.Save(ctx, x); err != nil {
		return nil, err
	}
	return h.Get(ctx, &api.ByID{ID: in.ID})
}

// Delete removes an address.
func (h *Handlers) Delete(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, h.Hooks.Delete(ctx, api.Who(ctx).Workspace, in.ID)
}

// Renew gives an address a new secret and shows it, once.
func (h *Handlers) Renew(ctx context.Context, in *api.ByID) (*api.Reply[wire.NewWebhookEndpoint], error) {
	ws := api.Who(ctx).Workspace
	secret, err := h.Hooks.Renew(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	x, err := h.Store.Hook(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.NewWebhookEndpoint{WebhookEndpoint: h.shown(x), Secret: secret}), nil
}

// Test posts a test event and answers with how it went.
func (h *Handlers) Test(ctx context.Context, in *api.ByID) (*api.Reply[wire.WebhookDeliveryDetail], error) {
	d, err := h.Hooks.Test(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, d)
}

// Deliveries answers with a page of the log, the newest first.
func (h *Handlers) Deliveries(ctx context.Context, in *DeliveriesQuery) (*api.Reply[api.Page[wire.WebhookDelivery]], error) {
	ws := api.Who(ctx).Workspace
	scope := ws + " deliveries " + in.ID + " " + string(in.State)
	cursor, err := wire.OpenCursor(scope, in.Cursor)
	if err != nil {
		return nil, err
	}
	var before int64
	if cursor != "" {
		if before, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return nil, parley.Errorf(parley.CodeInvalid, "cursor: this is not a next_cursor of this list.")
		}
	}
	if _, err := h.Store.Hook(ctx, ws, in.ID); err != nil {
		return nil, err
	}
	all, next, err := h.Store.Deliveries(ctx, ws, in.ID, in.State, before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := api.Page[wire.WebhookDelivery]{Data: wire.Mapped(all, wire.WebhookDeliveryOf)}
	if next > 0 {
		out.NextCursor = wire.SealCursor(scope, strconv.FormatInt(next, 10))
	}
	return api.Answer(out), nil
}

// Delivery answers with one delivery, what was posted and what was answered.
func (h *Handlers) Delivery(ctx context.Context, in *ByDelivery) (*api.Reply[wire.WebhookDeliveryDetail], error) {
	d, err := h.Store.Delivery(ctx, api.Who(ctx).Workspace, in.ID, in.DeliveryID)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, d)
}

// Send posts a delivery again and answers with how it went.
func (h *Handlers) Send(ctx context.Context, in *ByDelivery) (*api.Reply[wire.WebhookDeliveryDetail], error) {
	d, err := h.Hooks.Send(ctx, api.Who(ctx).Workspace, in.ID, in.DeliveryID)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, d)
}

func (h *Handlers) answer(ctx context.Context, d *hooks.Delivery) (*api.Reply[wire.WebhookDeliveryDetail], error) {
	log, err := h.Store.Attempts(ctx, d)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.WebhookDeliveryDetailOf(d, log)), nil
}

// Log is what the shape of events needs of the database.
type Log interface {
	ConversationRow(ctx context.Context, ws, id string) (*store.ListRow, error)
	Message(ctx context.Context, ws, conv, id string) (*parley.Message, error)
	Tables() store.Tables
}

// Shape returns what events tell, in the shapes of the API.
func Shape(log Log, now func() time.Time) hook.Shape {
	html, marked := webchat.NewRenderer(), &desk.Desk{Tables: log.Tables(), Now: now}
	return func(ctx context.Context, e *hooks.Event) (json.RawMessage, error) {
		row, err := log.ConversationRow(ctx, e.WorkspaceID, e.ConversationID)
		if err != nil {
			return nil, err
		}
		m, err := log.Message(ctx, e.WorkspaceID, e.ConversationID, e.MessageID)
		if err != nil {
			return nil, err
		}
		marks, err := marked.Of(ctx, "", row)
		if err != nil {
			return nil, err
		}
		return json.Marshal(wire.WebhookData{
			Conversation: wire.ConversationOf(row, marks, now()), Message: wire.MessageOf(m, html), Reason: wire.ReasonOf(m.Event),
		})
	}
}
