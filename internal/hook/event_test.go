package hook_test

import (
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/exports"
	"parley/internal/store/hooks"
)

// What a conversation goes through becomes events, in their order, each once.
func TestEventsOfAConversation(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		h, some := w.hook("http://127.0.0.1:1/all"), w.hook("http://127.0.0.1:1/some", hooks.Ended)
		c := w.open("anna", false)
		w.says(c, "hello")
		w.record()
		m := &parley.Member{WorkspaceID: w.ws, Email: "o@shop.example", Name: "Olga", Role: parley.RoleOperator}
		w.ok(w.CreateMember(w.ctx, m))
		_, err := w.Takeover(w.ctx, w.ws, c.ID, m.ID)
		w.ok(err)
		_, err = w.OperatorMessage(w.ctx, w.ws, c.ID, m.ID, []parley.Message{{Content: "I am here"}}, false)
		w.ok(err)
		w.record()
		_, err = w.End(w.ctx, w.ws, c.ID, parley.EndOperator, m.ID)
		w.ok(err)
		w.record()
		w.record()
		want := []hooks.Type{hooks.Started, hooks.Sent, hooks.Received, hooks.HandedOver, hooks.Sent, hooks.Ended}
		if got := w.types(h); !slices.Equal(got, want) {
			t.Errorf("the events are %v, want %v", got, want)
		}
		if got := w.types(some); !slices.Equal(got, []hooks.Type{hooks.Ended}) {
			t.Errorf("who asked for the end got %v", got)
		}
		if due, err := w.service.Due(w.ctx); due || err != nil {
			t.Errorf("there is something more to record: %v, %v", due, err)
		}
	})
}

// What goes through a channel is sent when it has left, and stands where it was
// sent among what the conversation had meanwhile.
func TestSentMeansThatItHasLeft(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		h := w.hook("http://127.0.0.1:1/")
		c := w.open("anna", true)
		w.says(c, "one")
		w.record()
		w.leaves(c)
		w.says(c, "two") // what was sent before it is told before it
		w.record()
		want := []hooks.Type{hooks.Started, hooks.Received, hooks.Sent, hooks.Received}
		if got := w.types(h); !slices.Equal(got, want) {
			t.Errorf("the events are %v, want %v", got, want)
		}
		// Those that are seen together are in their order too.
		d := w.open("berta", true)
		w.says(d, "one")
		w.leaves(d)
		w.says(d, "two")
		w.record()
		var got []hooks.Type
		for _, x := range w.deliveries(h) {
			if x.ConversationID == d.ID {
				got = append(got, x.Type)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the events are %v, want %v", got, want)
		}
	})
}

// leaves sends the message of a conversation that is queued.
func (w *world) leaves(c *parley.Conversation) {
	w.t.Helper()
	var work *parley.Work
	all, err := w.ClaimWork(w.ctx, []parley.WorkKind{parley.WorkDeliver}, 10, time.Minute)
	w.ok(err)
	for i := range all {
		if all[i].Key == c.ID {
			work = &all[i]
		}
	}
	next, err := w.NextDelivery(w.ctx, w.ws, c.ID)
	w.ok(err)
	out, err := w.ClaimDelivery(w.ctx, *work, next.Message.ID, parley.StopNothing)
	w.ok(err)
	_, err = w.SettleDelivery(w.ctx, out.Message, parley.DeliverySent, "p-"+c.ID, nil)
	w.ok(err)
	_, err = w.SettleDelivery(w.ctx, out.Message, parley.DeliveryRead, "", nil)
	w.ok(err)
	w.ok(w.CompleteWork(w.ctx, *work))
}

// Nobody is told of what was before the webhook, was imported, or happened while
// it was switched off; and nothing is recorded for nobody.
func TestWhatIsNotTold(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		c := w.open("anna", true)
		w.says(c, "before")
		h := w.hook("http://127.0.0.1:1/")
		w.record()
		if got := w.types(h); len(got) != 0 {
			t.Errorf("what was before is told: %v", got)
		}
		w.imports()
		w.record()
		if got := w.types(h); len(got) != 0 {
			t.Errorf("what was imported is told: %v", got)
		}
		h.Enabled = false
		w.ok(w.service.Save(w.ctx, h))
		w.says(c, "meanwhile")
		w.leaves(c)
		if due, err := w.service.Due(w.ctx); due || err != nil {
			t.Errorf("there is something to record for nobody: %v, %v", due, err)
		}
		h.Enabled = true
		w.ok(w.service.Save(w.ctx, h))
		w.record()
		if got := w.types(h); len(got) != 0 {
			t.Errorf("what happened meanwhile is told: %v", got)
		}
		w.says(c, "again")
		w.record()
		if got := w.types(h); !slices.Equal(got, []hooks.Type{hooks.Received}) {
			t.Errorf("after it was switched on: %v", got)
		}
	})
}

func (w *world) imports() {
	w.t.Helper()
	x := &exports.Exports{Store: w.Store}
	m, err := x.NewImporter(w.ctx, w.ws)
	w.ok(err)
	at := w.clock.Now().Add(-time.Hour)
	_, err = m.Import(w.ctx, []exports.Imported{{AssistantName: "Old", FillConversation: store.FillConversation{
		Conversation: parley.Conversation{
			ID: parley.NewID(at), Source: parley.SourceAPI, Status: parley.ConversationEnded, AssistantID: w.assistant, StartedAt: at,
			Owner: parley.OwnerAssistant,
		},
		Contact:  parley.Contact{ID: parley.NewID(at), Name: "Old", CreatedAt: at},
		Messages: []parley.Message{{Role: parley.ByUser, Content: "old", CreatedAt: at}, {Role: parley.ByAssistant, Content: "older", CreatedAt: at}},
	}}})
	w.ok(err)
	w.ok(m.Close())
}

// What is erased is erased from the log of webhooks too.
func TestErasedIsForgotten(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		x := newReceiver(t, nil)
		h := w.hook(x.URL)
		c, other := w.open("anna", false), w.open("berta", false)
		w.says(c, "my secret")
		stop := w.start()
		w.eventually("all arrived", func() bool { return len(x.all()) == 5 })
		stop()
		w.ok(w.DeleteConversation(w.ctx, w.ws, c.ID))
		for _, d := range w.deliveries(h) {
			if d.ConversationID != other.ID {
				t.Errorf("%s of the erased conversation is in the log", d.Type)
			}
		}
		for _, table := range []string{"hook_event", "hook_delivery", "hook_attempt"} {
			var n int
			w.ok(w.Tables().QueryRow(w.ctx, `SELECT COUNT(*) FROM `+table).Scan(&n))
			if n != 2 {
				t.Errorf("%s holds %d rows", table, n)
			}
		}
		// One that is erased while its events are recorded has none.
		d := w.open("carla", false)
		b, _, err := w.kept.Next(w.ctx)
		w.ok(err)
		for i := range b.Events {
			b.Events[i].Body = "{}"
		}
		w.ok(w.DeleteConversation(w.ctx, w.ws, d.ID))
		w.ok(w.kept.Record(w.ctx, b, w.clock.Now()))
		if n := len(w.deliveries(h)); n != 2 {
			t.Errorf("%d deliveries after it", n)
		}
	})
}

// The log is swept after a week.
func TestSweep(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		h := w.hook("http://127.0.0.1:1/")
		w.says(w.open("anna", false), "one", "two")
		w.record()
		w.clock.Move(6 * 24 * time.Hour)
		w.ok(w.service.Sweep(w.ctx))
		if n := len(w.deliveries(h)); n != 4 {
			t.Fatalf("%d deliveries after six days", n)
		}
		w.clock.Move(2 * 24 * time.Hour)
		w.ok(w.service.Sweep(w.ctx))
		var events int
		w.ok(w.Tables().QueryRow(w.ctx, `SELECT COUNT(*) FROM hook_event`).Scan(&events))
		if n := len(w.deliveries(h)); n+events != 0 {
			t.Errorf("%d deliveries and %d events after eight days", n, events)
		}
	})
}
