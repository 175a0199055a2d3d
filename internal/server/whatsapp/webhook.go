package whatsapp

import (
	"context"
	"strconv"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
)

// WebhookQuery asks for a page of a sender's webhook log.
type WebhookQuery struct {
	api.PageFor
	State string `query:"state" enum:"waiting,done,failed"`
}

// ByWebhook names a webhook of a sender.
type ByWebhook struct {
	ID      string `path:"id"`
	Webhook string `path:"webhook_id"`
}

// ListWebhooks shows what Meta has posted for a sender in the last week, newest
// first, with what concerns several senders of its app or none.
func (h *Handlers) ListWebhooks(ctx context.Context, in *WebhookQuery) (*api.Reply[api.Page[wire.Webhook]], error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	scope, before := x.WorkspaceID+" webhooks "+x.ID, int64(0)
	text, err := wire.OpenCursor(scope, in.Cursor)
	if err == nil && text != "" {
		before, err = strconv.ParseInt(text, 10, 64)
	}
	if err != nil {
		return nil, err
	}
	all, err := h.Store.Webhooks(ctx, x, store.WebhookState(in.State), before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := api.Page[wire.Webhook]{Data: wire.Mapped(all, wire.WebhookOf)}
	if len(all) == in.Limit {
		out.NextCursor = wire.SealCursor(scope, strconv.FormatInt(all[len(all)-1].N, 10))
	}
	return api.Answer(out), nil
}

// GetWebhook reads one webhook with its body.
func (h *Handlers) GetWebhook(ctx context.Context, in *ByWebhook) (*api.Reply[wire.Webhook], error) {
	w, err := h.webhook(ctx, in)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.WebhookOf(w)), nil
}

// webhook returns a webhook that a sender's log shows. It returns CodeNotFound.
func (h *Handlers) webhook(ctx context.Context, in *ByWebhook) (*store.Webhook, error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	w, err := h.Store.Webhook(ctx, x.WorkspaceID, in.Webhook)
	if err == nil && (w.AppID != x.AppID || w.SenderID != "" && w.SenderID != x.ID) {
		err = parley.Errorf(parley.CodeNotFound, "The sender has no such webhook.")
	}
	return w, err
}

// ProcessWebhook processes a webhook again.
func (h *Handlers) ProcessWebhook(ctx context.Context, in *ByWebhook) (*api.Reply[wire.Webhook], error) {
	w, err := h.webhook(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := h.Store.ProcessAgain(ctx, w.WorkspaceID, w.ID); err != nil {
		return nil, err
	}
	return h.GetWebhook(ctx, in)
}

// ListAlerts lists what an operator has to look at.
func (h *Handlers) ListAlerts(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.Alert]], error) {
	all, err := h.Store.Alerts(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.Alert]{Data: wire.Mapped(all, wire.AlertOf)}), nil
}

// DismissAlert removes an alert that somebody has looked at.
func (h *Handlers) DismissAlert(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, h.Store.DismissAlert(ctx, api.Who(ctx).Workspace, in.ID)
}
