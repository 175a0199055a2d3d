package hook_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store/hooks"
)

// Law 10: with another workspace's ids nothing is found and nothing changes, and
// what happens in one is not told to the other.
func TestHooksDoNotLeak(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		x := newReceiver(t, nil)
		h := w.hook(x.URL)
		w.says(w.open("anna", false), "one")
		w.record()
		d := w.deliveries(h)[0]
		other, _ := w.workspace()
		theirs := &hooks.Hook{WorkspaceID: other, URL: x.URL, Events: hooks.Types(), Enabled: true}
		w.ok(w.service.Create(w.ctx, theirs))
		before := w.reload(h)
		foreign := *before
		foreign.WorkspaceID, foreign.URL = other, "https://elsewhere.example/"
		for name, call := range map[string]func() error{
			"Hook":    func() error { _, err := w.kept.Hook(w.ctx, other, h.ID); return err },
			"Save":    func() error { return w.service.Save(w.ctx, &foreign) },
			"Disable": func() error { return w.kept.Disable(w.ctx, &foreign, "x", w.clock.Now()) },
			"Delete":  func() error { return w.service.Delete(w.ctx, other, h.ID) },
			"Renew":   func() error { _, err := w.service.Renew(w.ctx, other, h.ID); return err },
			"Renew in the store": func() error {
				return w.kept.Renew(w.ctx, &foreign, "whsec_eA==", w.clock.Now())
			},
			"Test":                   func() error { _, err := w.service.Test(w.ctx, other, h.ID); return err },
			"Send":                   func() error { _, err := w.service.Send(w.ctx, other, h.ID, d.ID); return err },
			"Send below theirs":      func() error { _, err := w.service.Send(w.ctx, other, theirs.ID, d.ID); return err },
			"Delivery":               func() error { _, err := w.kept.Delivery(w.ctx, other, h.ID, d.ID); return err },
			"Delivery below another": func() error { _, err := w.kept.Delivery(w.ctx, w.ws, theirs.ID, d.ID); return err },
		} {
			if err := call(); parley.ErrorCode(err) != parley.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, hook := range []string{h.ID, theirs.ID} {
			if all, _, err := w.kept.Deliveries(w.ctx, other, hook, "", 0, 10); len(all) != 0 || err != nil {
				t.Errorf("%d deliveries of another workspace, %v", len(all), err)
			}
		}
		work := parley.Work{Kind: parley.WorkHook, Key: h.ID + "/" + d.ConversationID, WorkspaceID: other}
		if head, err := w.kept.Head(w.ctx, work); head != nil || err != nil {
			t.Errorf("the head of another workspace's lane: %+v, %v", head, err)
		}
		if _, err := w.kept.GiveUp(w.ctx, work, w.clock.Now()); err != nil {
			t.Error(err)
		}
		moved := d
		moved.WorkspaceID, moved.State = other, hooks.Failed
		w.ok(w.kept.Settle(w.ctx, nil, &moved, &hooks.Attempt{At: w.clock.Now(), Error: "x"}))
		w.ok(w.kept.SendSoon(w.ctx, &moved, w.clock.Now().Add(time.Hour)))
		after := w.reload(h)
		if after.URL != before.URL || after.Secret != before.Secret || !after.Enabled || !after.FailingSince.IsZero() {
			t.Errorf("it was changed from %+v to %+v", before, after)
		}
		if now := w.deliveries(h)[0]; now.State != hooks.Pending || now.Attempts != 0 || !now.NextAt.Equal(d.NextAt) {
			t.Errorf("the delivery was changed to %+v", now)
		}
	})
}
