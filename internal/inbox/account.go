package inbox

import (
	"cmp"
	"context"
	"slices"

	"parley"
)

// template takes over what Meta says of a template. One that is not known comes
// with the next synchronisation.
func (x *Inbox) template(ctx context.Context, it item) error {
	u := it.update.Template
	ws := it.webhook.WorkspaceID
	t, err := x.Store.TemplateByName(ctx, ws, it.update.WABAID, u.Name, u.Language)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	t.Status, t.Category = cmp.Or(u.Status, t.Status), cmp.Or(u.Category, t.Category)
	t.Quality, t.MetaID = cmp.Or(u.Quality, t.Quality), cmp.Or(u.MetaID, t.MetaID)
	if u.Status != "" {
		t.Reason = u.Reason
	}
	if err := x.Store.SaveTemplate(ctx, t); err != nil {
		return err
	}
	what := ""
	switch {
	case slices.Contains([]string{"REJECTED", "PAUSED", "DISABLED"}, u.Status):
		what = "Meta has set the template " + t.Name + " (" + t.Language + ") to " + u.Status + ". " + u.Reason
	case u.OldCategory != "":
		what = "Meta has moved the template " + t.Name + " from " + u.OldCategory + " to " + u.Category + ": its price changes."
	default:
		return nil
	}
	return x.ofAccount(ctx, it, func(s *parley.Sender) error {
		return x.alert(ctx, s, "template:"+t.Name+":"+t.Language, what)
	})
}

// number takes over what Meta says of a business number.
func (x *Inbox) number(ctx context.Context, it item) error {
	u, s := it.update.Number, it.sender
	_, err := x.Store.ChangeHealth(ctx, s.WorkspaceID, s.ID, func(h *parley.SenderHealth) {
		h.Limit, h.LimitTier = cmp.Or(u.Limit, h.Limit), cmp.Or(u.LimitTier, h.LimitTier)
		h.Throughput = cmp.Or(u.Throughput, h.Throughput)
		h.VerifiedName, h.NameStatus = cmp.Or(u.VerifiedName, h.VerifiedName), cmp.Or(u.NameStatus, h.NameStatus)
	})
	return err
}

// account takes over what Meta says of an account or its portfolio: it holds
// for each of its numbers.
func (x *Inbox) account(ctx context.Context, it item) error {
	u := it.update.Account
	return x.ofAccount(ctx, it, func(s *parley.Sender) error {
		_, err := x.Store.ChangeHealth(ctx, s.WorkspaceID, s.ID, func(h *parley.SenderHealth) {
			h.Limit, h.LimitTier = cmp.Or(u.Limit, h.Limit), cmp.Or(u.LimitTier, h.LimitTier)
			switch {
			case u.Resumed:
				h.Stopped, h.Status = parley.StopNothing, parley.SenderOnline
			case u.Stop == parley.StopAll:
				h.Stopped, h.Status = parley.StopAll, parley.SenderSuspended
			case u.Stop != parley.StopNothing && h.Stopped == parley.StopNothing:
				h.Stopped = u.Stop
			}
			if u.Alert {
				h.LastError, h.LastErrorAt = &parley.MessageError{Code: u.Event, Message: u.Text}, x.Now().UTC()
			}
		})
		if err != nil || !u.Alert {
			return err
		}
		return x.alert(ctx, s, "account:"+u.Event, u.Text)
	})
}

// ofAccount calls fn for each sender of the update's account, or the one that
// it names.
func (x *Inbox) ofAccount(ctx context.Context, it item, fn func(*parley.Sender) error) error {
	if it.sender != nil {
		return fn(it.sender)
	}
	all, err := x.Store.AppSenders(ctx, it.webhook.WorkspaceID, it.webhook.AppID)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].WABAID != it.update.WABAID {
			continue
		}
		if err := fn(&all[i]); err != nil {
			return err
		}
	}
	return nil
}
