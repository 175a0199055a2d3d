package store_test

import (
	"fmt"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// post keeps webhooks of the number's app.
func (n *number) post(bodies ...string) {
	n.t.Helper()
	for _, b := range bodies {
		n.ok(n.AddWebhook(n.ctx, n.ws, n.sender.AppID, []byte(b)))
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		n.post(`{"n":0}`, `{"n":1}`, `{"n":2}`)
		if w := n.claim(parley.WorkWebhooks, n.sender.AppID); w == nil || w.Generation != 3 || w.WorkspaceID != n.ws {
			n.t.Errorf("their processing is due as %+v", w)
		}
		waiting, err := n.WaitingWebhooks(n.ctx, n.sender.AppID, 2)
		n.ok(err)
		if len(waiting) != 2 || string(waiting[0].Body) != `{"n":0}` || waiting[1].Size != 7 {
			n.t.Fatalf("waiting: %+v", waiting)
		}
		waiting[0].State, waiting[0].SenderID, waiting[0].Updates, waiting[0].Fields = store.WebhookDone, n.sender.ID, 3, []string{"messages"}
		waiting[1].State, waiting[1].Error, waiting[1].Unknown = store.WebhookFailed, "It went wrong.", 1
		n.ok(n.SettleWebhooks(n.ctx, waiting))

		got, err := n.Webhook(n.ctx, n.ws, waiting[0].ID)
		n.ok(err)
		if got.State != store.WebhookDone || got.Updates != 3 || len(got.Fields) != 1 || string(got.Body) != `{"n":0}` || got.DoneAt.IsZero() {
			n.t.Errorf("settled it is %+v", got)
		}
		facts, err := n.SenderFacts(n.ctx, n.sender)
		n.ok(err)
		if !facts.WebhookAt.Equal(n.clock.Now()) {
			n.t.Errorf("the newest webhook is of %s", facts.WebhookAt)
		}

		n.ok(n.ProcessAgain(n.ctx, n.ws, waiting[1].ID))
		n.fails(n.ProcessAgain(n.ctx, n.ws, "none"), parley.CodeNotFound)
		waiting, err = n.WaitingWebhooks(n.ctx, n.sender.AppID, 50)
		n.ok(err)
		if len(waiting) != 2 || string(waiting[0].Body) != `{"n":1}` || waiting[0].Error != "" {
			n.t.Errorf("waiting again: %+v", waiting)
		}
	})
}

// The log has pages, newest first, and shows what concerns the number, several
// or none; another number's not.
func TestWebhookLog(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		other := *n.sender
		other.ID, other.PhoneNumberID = "", "2"
		n.ok(n.CreateSender(n.ctx, &other))
		const all = 30
		for i := range all {
			n.post(fmt.Sprint(`{"n":`, i, `}`))
		}
		waiting, err := n.WaitingWebhooks(n.ctx, n.sender.AppID, 100)
		n.ok(err)
		want := 0
		for i := range waiting {
			w := &waiting[i]
			w.State = store.WebhookDone
			switch i % 3 {
			case 0:
				w.SenderID, want = n.sender.ID, want+1
			case 1:
				w.SenderID = other.ID
			default:
				w.State, want = store.WebhookFailed, want+1
			}
		}
		n.ok(n.SettleWebhooks(n.ctx, waiting))
		var seen []store.Webhook
		for before := int64(0); ; {
			page, err := n.Webhooks(n.ctx, n.sender, "", before, 7)
			n.ok(err)
			if len(page) == 0 {
				break
			}
			seen = append(seen, page...)
			before = page[len(page)-1].N
		}
		if len(seen) != want {
			n.t.Errorf("the log shows %d of %d", len(seen), want)
		}
		for i, w := range seen {
			if w.SenderID == other.ID || w.Body != nil || i > 0 && w.N >= seen[i-1].N {
				n.t.Errorf("entry %d is %+v", i, w)
			}
		}
		failed, err := n.Webhooks(n.ctx, n.sender, store.WebhookFailed, 0, 100)
		n.ok(err)
		if len(failed) != all/3 {
			n.t.Errorf("%d have failed", len(failed))
		}
	})
}

// Webhooks are kept for a week.
func TestWebhooksAreSwept(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		n.post(`{"n":0}`)
		n.clock.Move(store.KeepWebhooks - time.Hour)
		n.post(`{"n":1}`)
		for i, want := range []int{2, 1, 0} {
			n.ok(second(n.Sweep(n.ctx)))
			left, err := n.Webhooks(n.ctx, n.sender, "", 0, 10)
			n.ok(err)
			if len(left) != want {
				n.t.Errorf("sweep %d left %d", i, len(left))
			}
			n.clock.Move(2 * time.Hour)
			if i == 1 {
				n.clock.Move(store.KeepWebhooks)
			}
		}
	})
}
