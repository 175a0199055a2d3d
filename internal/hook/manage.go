package hook

import (
	"context"
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"parley"
	"parley/internal/store/hooks"
)

// overlap is how long an old secret signs beside the new one.
const overlap = 24 * time.Hour

// Create adds a hook with a new secret. h has WorkspaceID, URL, Description,
// Events and Enabled. It returns CodeInvalid for what cannot be used, and
// CodeConflict if there are too many.
func (s *Service) Create(ctx context.Context, h *hooks.Hook) error {
	if err := s.check(h); err != nil {
		return err
	}
	now := s.Now()
	h.ID, h.Secret, h.CreatedAt, h.UpdatedAt = parley.NewID(now), newSecret(), now, now
	return s.Store.Create(ctx, h)
}

// Save changes URL, Description, Events and Enabled. It returns CodeInvalid like
// Create, and CodeNotFound.
func (s *Service) Save(ctx context.Context, h *hooks.Hook) error {
	if err := s.check(h); err != nil {
		return err
	}
	h.UpdatedAt = s.Now()
	if err := s.Store.Update(ctx, h); err != nil || !h.Enabled {
		return err
	}
	return s.Alerts.ClearAlerts(ctx, h.WorkspaceID, h.ID)
}

// Delete removes a hook. It returns CodeNotFound.
func (s *Service) Delete(ctx context.Context, ws, id string) error {
	if err := s.Store.Delete(ctx, ws, id); err != nil {
		return err
	}
	return s.Alerts.ClearAlerts(ctx, ws, id)
}

// Renew gives a hook a new secret, which it returns; the one that it had signs
// too for a day. It returns CodeNotFound.
func (s *Service) Renew(ctx context.Context, ws, id string) (secret string, err error) {
	h, err := s.Store.Hook(ctx, ws, id)
	if err != nil {
		return "", err
	}
	secret = newSecret()
	return secret, s.Store.Renew(ctx, h, secret, s.Now().Add(overlap))
}

// check returns CodeInvalid for an address that cannot be used, as far as that
// is seen from it: names are looked up when something is posted.
func (s *Service) check(h *hooks.Hook) error {
	u, err := url.Parse(h.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Fragment != "" {
		return parley.Errorf(parley.CodeInvalid, "url: give an address such as https://shop.example/hooks, without a name or password in it.")
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil && s.guard.Check(addr) != nil {
		return parley.Errorf(parley.CodeInvalid, "url: %s is not a public address. Allow the network with --allow-net, or give another.", addr)
	}
	for _, t := range h.Events {
		if !slices.Contains(hooks.Types(), t) {
			return parley.Errorf(parley.CodeInvalid, "events: there is no event %.50q.", t)
		}
	}
	if len(h.Events) == 0 {
		return parley.Errorf(parley.CodeInvalid, "events: choose at least one.")
	}
	slices.Sort(h.Events)
	h.Events = slices.Compact(h.Events)
	return nil
}

// Test posts an event that is only a test, once, and returns how it went. It
// returns CodeNotFound.
func (s *Service) Test(ctx context.Context, ws, id string) (*hooks.Delivery, error) {
	h, err := s.Store.Hook(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	e := &hooks.Event{WorkspaceID: ws, ID: parley.NewID(now), Type: hooks.Test, CreatedAt: now}
	if err := enclose(e, json.RawMessage(`{"text":"This is a test."}`)); err != nil {
		return nil, err
	}
	d, err := s.Store.AddTest(ctx, h, e)
	if err != nil {
		return nil, err
	}
	return s.once(ctx, h, d)
}

// Send posts a delivery again that is finished, once, out of turn, and returns
// how it went; what was delivered stays so. One that is pending is due at once
// instead. It returns CodeNotFound.
func (s *Service) Send(ctx context.Context, ws, id, delivery string) (*hooks.Delivery, error) {
	h, err := s.Store.Hook(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	d, err := s.Store.Delivery(ctx, ws, id, delivery)
	if err != nil {
		return nil, err
	}
	if d.State != hooks.Pending {
		return s.once(ctx, h, d)
	}
	d.NextAt = s.Now()
	return d, s.Store.SendSoon(ctx, d, d.NextAt)
}

// once makes one attempt, whoever asked for it waits or not, and gives up.
func (s *Service) once(ctx context.Context, h *hooks.Hook, d *hooks.Delivery) (*hooks.Delivery, error) {
	ctx = context.WithoutCancel(ctx)
	a := s.post(ctx, h, d)
	switch {
	case a.Error == "":
		d.State, d.FinishedAt = hooks.Delivered, s.Now()
	case d.State == hooks.Pending:
		d.State, d.FinishedAt = hooks.Failed, s.Now()
	}
	if err := s.Store.Settle(ctx, nil, d, a); err != nil {
		return nil, err
	}
	return s.Store.Delivery(ctx, h.WorkspaceID, h.ID, d.ID)
}
