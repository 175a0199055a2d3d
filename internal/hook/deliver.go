package hook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"parley"
	"parley/internal/queue"
	"parley/internal/store/hooks"
)

// When things are given up: an event a day after it was recorded, and a hook
// that has only failed for some days.
const (
	giveUpAfter  = 24 * time.Hour
	disableAfter = 3 * 24 * time.Hour
)

// AlertDisabled is the code of the alert about a hook that was given up.
const AlertDisabled = "webhook_disabled"

// atOnce bounds the deliveries of a lane that are made before others have their
// turn.
const atOnce = 50

// Deliver posts what is due in a lane: the events of one conversation for one
// hook, in their order. The first that fails holds those after it up, until it
// succeeds or is given up.
func (s *Service) Deliver(ctx context.Context, w parley.Work) error {
	for range atOnce {
		d, err := s.Store.Head(ctx, w)
		if d == nil || err != nil {
			return err
		}
		h, err := s.Store.Hook(ctx, w.WorkspaceID, d.HookID)
		switch {
		case parley.ErrorCode(err) == parley.CodeNotFound:
			return nil
		case err != nil:
			return err
		case !h.Enabled:
			return s.giveUp(ctx, w)
		case d.NextAt.After(s.Now()):
			return queue.SnoozeUntil(d.NextAt)
		}
		if err := s.deliver(ctx, w, h, d); err != nil {
			return err
		}
	}
	return queue.SnoozeUntil(s.Now())
}

// deliver makes one attempt.
func (s *Service) deliver(ctx context.Context, w parley.Work, h *hooks.Hook, d *hooks.Delivery) error {
	if !s.enter(h) {
		return queue.SnoozeUntil(s.Now().Add(time.Second + time.Duration(rand.Int64N(int64(4*time.Second)))))
	}
	defer s.leave(h)
	a := s.post(ctx, h, d)
	if err := ctx.Err(); err != nil && a.Error != "" { // it was broken off by us
		return err
	}
	s.decide(d, a)
	if err := s.Store.Settle(ctx, &w, d, a); err != nil {
		return err
	}
	if a.Error != "" && !h.FailingSince.IsZero() && a.At.Sub(h.FailingSince) >= disableAfter {
		return s.disable(ctx, h, a)
	}
	return nil
}

// decide sets what a delivery is after an attempt.
func (s *Service) decide(d *hooks.Delivery, a *hooks.Attempt) {
	now := s.Now()
	end := d.CreatedAt.Add(giveUpAfter)
	switch {
	case a.Error == "":
		d.State, d.FinishedAt = hooks.Delivered, now
	case !now.Before(end):
		d.State, d.FinishedAt = hooks.Failed, now
	default:
		d.NextAt = now.Add(backoff(d.Attempts + 1))
		if d.NextAt.After(end) {
			d.NextAt = end
		}
	}
}

// backoff returns how long to wait after the nth attempt: 5 s, three times as
// long each time, at most 3 h, and up to a fifth more at random.
func backoff(n int) time.Duration {
	d := 5 * time.Second
	for range n - 1 {
		d = min(3*d, 3*time.Hour)
	}
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}

// What may be under way to one hook at a time, and how long one may fail before
// it is only tried by one at a time.
const (
	atATime   = 4
	soonTired = time.Minute
)

// enter reports whether something more may be posted to a hook now, so that one
// that is slow leaves workers to the others.
func (s *Service) enter(h *hooks.Hook) bool {
	limit := atATime
	if !h.FailingSince.IsZero() && s.Now().Sub(h.FailingSince) > soonTired {
		limit = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[h.ID] >= limit {
		return false
	}
	s.busy[h.ID]++
	return true
}

func (s *Service) leave(h *hooks.Hook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[h.ID]--; s.busy[h.ID] <= 0 {
		delete(s.busy, h.ID)
	}
}

func (s *Service) giveUp(ctx context.Context, w parley.Work) error {
	for more := true; more; {
		var err error
		if more, err = s.Store.GiveUp(ctx, w, s.Now()); err != nil {
			return err
		}
	}
	return nil
}

// disable gives a hook up. The alert comes first: what was given up is told of.
func (s *Service) disable(ctx context.Context, h *hooks.Hook, a *hooks.Attempt) error {
	days := int(disableAfter / (24 * time.Hour))
	why := fmt.Sprintf("Nothing arrived for %d days. %s", days, a.Error)
	err := s.Alerts.RaiseAlert(ctx, h.WorkspaceID, h.ID, AlertDisabled, fmt.Sprintf(
		"The webhook %s was switched off: nothing arrived for %d days. Last: %s Repair the receiver, then switch the webhook on again in the settings.",
		h.URL, days, a.Error))
	if err != nil {
		return err
	}
	return s.Store.Disable(ctx, h, why, s.Now())
}
