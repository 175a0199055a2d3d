package senders

import (
	"context"
	"errors"
	"time"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

// PollEvery is how often each number is read: four calls an hour of the hundreds
// that Meta allows.
const PollEvery = 15 * time.Minute

// Poll reads the health of every sender. One that fails keeps no other from
// being read.
func (s *Service) Poll(ctx context.Context) error {
	all, err := s.Store.AllSenders(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for i := range all {
		if _, err := s.Check(ctx, &all[i]); err != nil && parley.ErrorCode(err) == parley.CodeInternal {
			errs = append(errs, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.Join(errs...)
}

// Check reads a number from Meta, takes over what it says, stops templates where
// the number's quality or standing asks for it, and returns the sender as it is
// then. That Meta cannot be asked is itself recorded; the error says why.
func (s *Service) Check(ctx context.Context, x *parley.Sender) (*parley.Sender, error) {
	n, err := s.Meta.ReadNumber(ctx, x)
	if err != nil {
		return s.unreadable(ctx, x, err)
	}
	var was parley.SenderHealth
	fresh, err := s.Store.ChangeHealth(ctx, x.WorkspaceID, x.ID, func(h *parley.SenderHealth) {
		was = *h
		took(h, n)
		h.CheckedAt = s.Now().UTC()
	})
	if err != nil {
		return nil, err
	}
	return fresh, s.alarm(ctx, fresh, was)
}

// took takes over what Meta says of a number. What has become worse stops its
// templates; what is as bad as before does not, so that a person can let them go.
func took(h *parley.SenderHealth, n *graph.Number) {
	was, read := *h, n.Health
	h.Unpaid = read.Unpaid
	h.Status, h.VerifiedName, h.NameStatus, h.Quality = read.Status, read.VerifiedName, read.NameStatus, read.Quality
	if read.PortfolioID != "" {
		h.PortfolioID = read.PortfolioID
	}
	if read.LimitTier != "" {
		h.LimitTier, h.Limit = read.LimitTier, read.Limit
	}
	if read.Throughput != 0 {
		h.Throughput = read.Throughput
	}
	if h.Stopped == parley.StopNothing && (becameRed(h, &was) || becameUnpaid(h, &was) || became(h, &was, parley.SenderSuspended)) {
		h.Stopped = parley.StopTemplates
	}
}

func becameRed(h, was *parley.SenderHealth) bool {
	return h.Quality == parley.QualityRed && was.Quality != parley.QualityRed
}

func becameUnpaid(h, was *parley.SenderHealth) bool { return h.Unpaid && !was.Unpaid }

func became(h, was *parley.SenderHealth, status parley.SenderStatus) bool {
	return h.Status == status && was.Status != status
}

// alarm tells an operator of what has become worse.
func (s *Service) alarm(ctx context.Context, x *parley.Sender, was parley.SenderHealth) error {
	h := &x.Health
	raise := func(code, words string) error {
		return s.Store.RaiseAlert(ctx, x.WorkspaceID, x.ID, code, x.Name+": "+words)
	}
	var errs []error
	if becameRed(h, &was) {
		errs = append(errs, raise("quality_red", "its quality is low. Templates are stopped, "+
			"so that it does not get worse; replies still go. See what people blocked or reported, then resume on its health page."))
	}
	if becameUnpaid(h, &was) {
		errs = append(errs, raise("unpaid", "Meta cannot charge the account. Templates are stopped; replies go while they are free. "+
			"Repair its payment method in Meta's Billing settings, then resume on its health page."))
	}
	for _, status := range []parley.SenderStatus{parley.SenderSuspended, parley.SenderOffline} {
		if became(h, &was, status) {
			errs = append(errs, raise("status_"+string(status),
				"Meta says that the number is "+string(status)+". Look at it in WhatsApp Manager."))
		}
	}
	return errors.Join(errs...)
}

// unreadable records that Meta did not say how a number is.
func (s *Service) unreadable(ctx context.Context, x *parley.Sender, cause error) (*parley.Sender, error) {
	e, ok := errors.AsType[*parley.Error](cause)
	if !ok || e.Code == parley.CodeRateLimited || e.Code == parley.CodeUnavailable {
		return nil, cause // it may work the next time
	}
	fresh, err := s.Store.ChangeHealth(ctx, x.WorkspaceID, x.ID, func(h *parley.SenderHealth) {
		h.Status = parley.SenderFailed
		h.LastError = &parley.MessageError{Code: string(e.Code), Message: e.Message}
		h.LastErrorAt = s.Now().UTC()
		h.CheckedAt = h.LastErrorAt
	})
	if err != nil {
		return nil, err
	}
	if x.Health.Status != parley.SenderFailed {
		err = s.Store.RaiseAlert(ctx, x.WorkspaceID, x.ID, "unreadable", x.Name+": "+e.Message)
	}
	return fresh, errors.Join(cause, err)
}

// Resume lets a sender send again, because a person has looked at it, and
// forgets its alerts.
func (s *Service) Resume(ctx context.Context, ws, id string) (*parley.Sender, error) {
	x, err := s.Store.ChangeHealth(ctx, ws, id, func(h *parley.SenderHealth) {
		h.Stopped, h.LastError = parley.StopNothing, nil
	})
	if err != nil {
		return nil, err
	}
	return x, s.Store.ClearAlerts(ctx, ws, id)
}

// Blocked says why a sender sends no templates now, "" if it does.
func Blocked(x *parley.Sender) string {
	h := &x.Health
	switch {
	case h.Stopped == parley.StopAll:
		return "This sender is stopped: look at its health page, then resume."
	case h.Stopped == parley.StopTemplates:
		return "Templates are stopped for this sender: look at its health page, then resume."
	case h.Status == parley.SenderSuspended, h.Status == parley.SenderOffline, h.Status == parley.SenderFailed:
		return "This sender is " + string(h.Status) + ": look at its health page."
	}
	return ""
}
