package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/store"
)

func fault(code string) *parley.MessageError {
	return &parley.MessageError{Code: code, Message: "It failed."}
}

// Law 4: what the channel has certainly not sent is claimed again, in its place
// in the order, and by one worker only.
func TestPostponedIsClaimedAgain(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("first", "second")
		w := n.claim(parley.WorkDeliver, c.ID)
		for attempt := range 3 {
			out, err := n.claimDelivery(*w, parley.StopNothing)
			n.ok(err)
			if out.Message.Content != "first" || out.Attempts != attempt {
				n.t.Fatalf("attempt %d has %q after %d", attempt, out.Message.Content, out.Attempts)
			}
			until := n.clock.Now().Add(time.Minute)
			n.ok(n.PostponeDelivery(n.ctx, out.Message, until, fault("130429")))
			next, err := n.NextDelivery(n.ctx, n.ws, c.ID)
			n.ok(err)
			if next.Message.ID != out.Message.ID || !next.RetryAt.Equal(until) || next.Message.Error == nil {
				n.t.Fatalf("next is %+v at %s", next.Message, next.RetryAt)
			}
		}
		// Two workers, of which one has lost its lease.
		lost := *w
		lost.Token = "another"
		var mu sync.Mutex
		var got []string
		var wg sync.WaitGroup
		for _, work := range []parley.Work{*w, lost, *w, lost} {
			wg.Go(func() {
				out, err := n.claimDelivery(work, parley.StopNothing)
				if err == nil && out != nil {
					mu.Lock()
					defer mu.Unlock()
					got = append(got, out.Message.Content)
				}
			})
		}
		wg.Wait()
		slices.Sort(got)
		if first := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return s != "first" }); len(first) != 1 {
			n.t.Errorf("claimed: %q", got)
		}
	})
}

// A message that is not the one which was paced is not claimed.
func TestClaimsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("first", "second")
		w := n.claim(parley.WorkDeliver, c.ID)
		log := n.log(c)
		for _, id := range []string{"", log[2].ID, "none"} {
			out, err := n.ClaimDelivery(n.ctx, *w, id, parley.StopNothing)
			n.ok(err)
			if out != nil {
				n.t.Errorf("asked for %q, got %q", id, out.Message.Content)
			}
		}
		if got := n.deliveries(c); !slices.Equal(got, []parley.Delivery{parley.DeliveryQueued, parley.DeliveryQueued}) {
			n.t.Errorf("they are %v", got)
		}
	})
}

// Law 7: a takeover fails what would be tried again and cancels what waits;
// what is on its way is named.
func TestTakeoverEndsRetries(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("tried", "waits")
		w := n.claim(parley.WorkDeliver, c.ID)
		out, err := n.claimDelivery(*w, parley.StopNothing)
		n.ok(err)
		n.ok(n.PostponeDelivery(n.ctx, out.Message, n.clock.Now(), fault("130429")))
		res, err := n.Takeover(n.ctx, n.ws, c.ID, n.anna)
		n.ok(err)
		if len(res.Canceled) != 1 || len(res.Sending) != 0 {
			n.t.Errorf("it met %+v", res)
		}
		log := n.log(c)
		if log[1].Delivery != parley.DeliveryFailed || log[1].Error.Code != "taken_over" || log[2].Delivery != parley.DeliveryCanceled {
			n.t.Errorf("they are %+v", log[1:3])
		}
		// The worker is told that it may try again, which comes too late.
		n.ok(n.PostponeDelivery(n.ctx, out.Message, n.clock.Now(), fault("130429")))
		if again, err := n.claimDelivery(*w, parley.StopNothing); err != nil || again != nil {
			n.t.Errorf("after the takeover: %+v, %v", again, err)
		}
		n.projected(c)
	})
}

// Law 7, while the channel is being asked: its "try again" is not followed.
func TestTakeoverWhileSending(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("on its way")
		w := n.claim(parley.WorkDeliver, c.ID)
		out, err := n.claimDelivery(*w, parley.StopNothing)
		n.ok(err)
		res, err := n.Takeover(n.ctx, n.ws, c.ID, n.anna)
		n.ok(err)
		if !slices.Equal(res.Sending, []string{out.Message.ID}) {
			n.t.Errorf("it met %+v", res)
		}
		n.ok(n.PostponeDelivery(n.ctx, out.Message, n.clock.Now(), fault("130429")))
		if again, err := n.claimDelivery(*w, parley.StopNothing); err != nil || again != nil {
			n.t.Errorf("after the takeover: %+v, %v", again, err)
		}
		if got := n.deliveries(c); !slices.Equal(got, []parley.Delivery{parley.DeliveryFailed}) {
			n.t.Errorf("it is %v", got)
		}
		n.projected(c)
	})
}

// A sender that sends no templates still answers; one outside the window sends
// templates only.
func TestStopsAndWindows(t *testing.T) {
	t.Parallel()
	const template, text = "template", "text"
	for name, tc := range map[string]struct {
		closed bool
		stop   parley.Stop
		what   string
		want   string // the error's code; "": it is sent
	}{
		"text":                           {false, parley.StopNothing, text, ""},
		"text, templates stopped":        {false, parley.StopTemplates, text, ""},
		"text outside the window":        {true, parley.StopNothing, text, string(parley.CodeWindowClosed)},
		"template":                       {false, parley.StopNothing, template, ""},
		"template outside the window":    {true, parley.StopNothing, template, ""},
		"template, stopped":              {false, parley.StopTemplates, template, "templates_stopped"},
		"template, stopped, outside too": {true, parley.StopTemplates, template, "templates_stopped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runNumber(t, func(_ *testing.T, n *number) {
				c := n.from("wamid.1", "hello", phone("+491")).Conversation
				if tc.what == text {
					n.turn(c, true, "reply")
				} else {
					_, err := n.SendTemplate(n.ctx, n.ws, c.ID, &parley.Message{Content: "Your order is here."})
					n.ok(err)
				}
				if tc.closed {
					n.clock.Move(parley.WindowTime)
				}
				w := n.claim(parley.WorkDeliver, c.ID)
				out, err := n.claimDelivery(*w, tc.stop)
				n.ok(err)
				last := n.log(c)[1]
				switch {
				case tc.want == "" && (out == nil || last.Delivery != parley.DeliverySending):
					n.t.Errorf("it is %s", last.Delivery)
				case tc.want != "" && (out != nil || last.Delivery != parley.DeliveryFailed || last.Error.Code != tc.want):
					n.t.Errorf("it is %s, %+v", last.Delivery, last.Error)
				}
				n.projected(c)
			})
		})
	}
}

// Law 6: a retry whose window closes meanwhile is not sent.
func TestWindowClosesWhilePostponed(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("reply")
		w := n.claim(parley.WorkDeliver, c.ID)
		out, err := n.claimDelivery(*w, parley.StopNothing)
		n.ok(err)
		n.ok(n.PostponeDelivery(n.ctx, out.Message, n.clock.Now().Add(parley.WindowTime), fault("131056")))
		n.clock.Move(parley.WindowTime)
		n.ok(n.ExtendLease(n.ctx, *w, time.Minute))
		if out, err := n.claimDelivery(*w, parley.StopNothing); err != nil || out != nil {
			n.t.Errorf("claimed %+v, %v", out, err)
		}
		if m := n.log(c)[1]; m.Delivery != parley.DeliveryFailed || m.Error.Code != string(parley.CodeWindowClosed) {
			n.t.Errorf("it is %+v", m)
		}
		n.projected(c)
	})
}

// A template goes out whoever holds the conversation, and reopens an ended one.
func TestSendTemplate(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "hello", phone("+491")).Conversation
		n.clock.Move(2 * parley.WindowTime)
		_, err := n.Takeover(n.ctx, n.ws, c.ID, n.ben)
		n.ok(err)
		_, err = n.End(n.ctx, n.ws, c.ID, parley.EndInactivity, "")
		n.ok(err)
		got, err := n.SendTemplate(n.ctx, n.ws, c.ID, &parley.Message{Content: "Your order is here.", AuthorID: n.anna, Payload: []byte(`{"name":"order"}`)})
		n.ok(err)
		if m := got.Message; m.Role != parley.ByOperator || m.Type != parley.MessageTemplate || m.Delivery != parley.DeliveryQueued {
			n.t.Errorf("the message is %+v", m)
		}
		if now := n.reload(c); now.Status != parley.ConversationActive || now.Owner != parley.OwnerAssistant {
			n.t.Errorf("the conversation is %+v", now)
		}
		w := n.claim(parley.WorkDeliver, c.ID)
		out, err := n.claimDelivery(*w, parley.StopNothing)
		n.ok(err)
		if out == nil || string(out.Message.Payload) != `{"name":"order"}` {
			n.t.Errorf("claimed %+v", out)
		}
		n.projected(c)
		_, err = n.SendTemplate(n.ctx, n.ws, "none", &parley.Message{Content: "x"})
		n.fails(err, parley.CodeNotFound)
		_, err = n.SendTemplate(n.ctx, n.ws, c.ID, &parley.Message{Content: "a\x00"})
		n.fails(err, parley.CodeInvalid)
	})
}

// Law 5: what was reported about a message, in whatever order, before, between
// and after the channel's own answer, ends the same.
func TestStatusesInAnyOrder(t *testing.T) {
	t.Parallel()
	runNumber(t, func(t *testing.T, n *number) {
		k := 0
		rapid.Check(t, func(rt *rapid.T) {
			states := rapid.SliceOfNDistinct(rapid.SampledFrom([]parley.Delivery{
				parley.DeliverySent, parley.DeliveryDelivered, parley.DeliveryRead, parley.DeliveryFailed,
			}), 1, 4, rapid.ID[parley.Delivery]).Draw(rt, "states")
			repeats := rapid.IntRange(1, 2).Draw(rt, "repeats")
			answered := rapid.Bool().Draw(rt, "answered")
			keyed := rapid.Bool().Draw(rt, "keyed") || !answered
			seed := rapid.Uint64().Draw(rt, "order")
			var first string
			for run := range uint64(3) {
				k++
				got := n.reported(states, repeats, answered, keyed, rand.New(rand.NewPCG(seed, run)), fmt.Sprint("wamid.any.", k))
				if run == 0 {
					first = got
				}
				if got != first {
					rt.Fatalf("%v ends as %q and as %q", states, first, got)
				}
			}
		})
	})
}

// reported sends a message, has states of it reported in some order, and tells
// what became of it.
func (n *number) reported(states []parley.Delivery, repeats int, answered, keyed bool, dice *rand.Rand, id string) string {
	n.t.Helper()
	c := n.answered("reply")
	w := n.claim(parley.WorkDeliver, c.ID)
	out, err := n.claimDelivery(*w, parley.StopNothing)
	n.ok(err)
	var steps []func() error
	for range repeats {
		for _, to := range states {
			r := store.StatusReport{WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: id, To: to}
			if keyed {
				r.Key = store.SendKey(out.Message)
			}
			if to == parley.DeliveryFailed {
				r.Error = fault("131026")
			}
			steps = append(steps, func() error { return second(n.DeliveryStatus(n.ctx, r)) })
		}
	}
	if answered {
		steps = append(steps, func() error {
			return second(n.SettleDelivery(n.ctx, out.Message, parley.DeliverySent, id, nil))
		})
	}
	for _, i := range dice.Perm(len(steps)) {
		n.ok(steps[i]())
	}
	n.projected(c)
	m := n.log(c)[1]
	return fmt.Sprint(m.Delivery, " ", m.Error != nil, " ", n.reload(c).HasError, " ", m.ProviderID == id)
}

// Law 4: a send whose answer was lost is settled by the status that carries its
// key, whoever else's key that is not.
func TestKeySettlesUnknown(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("reply")
		w := n.claim(parley.WorkDeliver, c.ID)
		out, err := n.claimDelivery(*w, parley.StopNothing)
		n.ok(err)
		_, err = n.SettleDelivery(n.ctx, out.Message, parley.DeliveryUnknown, "", fault("timeout"))
		n.ok(err)
		report := store.StatusReport{
			WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: "wamid.9", Key: store.SendKey(out.Message), To: parley.DeliverySent,
		}
		for name, change := range map[string]func(*store.StatusReport){
			"another workspace": func(r *store.StatusReport) { r.WorkspaceID = n.workspace() },
			"another number":    func(r *store.StatusReport) { r.SenderID = "another" },
			"no key":            func(r *store.StatusReport) { r.Key = "" },
			"a strange key":     func(r *store.StatusReport) { r.Key = "order-17" },
			"the contact's":     func(r *store.StatusReport) { r.Key = c.ID + "/" + n.log(c)[0].ID },
			"no id":             func(r *store.StatusReport) { r.ProviderID = "" },
		} {
			r := report
			r.ProviderID = "wamid.of " + name
			change(&r)
			if m, err := n.DeliveryStatus(n.ctx, r); err != nil || m != nil {
				n.t.Errorf("%s: got %+v, %v", name, m, err)
			}
		}
		if got := n.deliveries(c); got[0] != parley.DeliveryUnknown {
			n.t.Fatalf("it is %v", got)
		}
		m, err := n.DeliveryStatus(n.ctx, report)
		n.ok(err)
		if m == nil || m.Delivery != parley.DeliverySent || m.ProviderID != "wamid.9" || m.Error != nil {
			n.t.Errorf("it is %+v", m)
		}
		n.projected(c)
	})
}

func TestSettleUnknown(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		for _, to := range []parley.Delivery{parley.DeliverySent, parley.DeliveryFailed} {
			c := n.answered("reply")
			w := n.claim(parley.WorkDeliver, c.ID)
			out, err := n.claimDelivery(*w, parley.StopNothing)
			n.ok(err)
			_, err = n.SettleUnknown(n.ctx, n.ws, c.ID, out.Message.ID, to)
			n.fails(err, parley.CodeConflict) // still on its way
			_, err = n.SettleDelivery(n.ctx, out.Message, parley.DeliveryUnknown, "", nil)
			n.ok(err)
			m, err := n.SettleUnknown(n.ctx, n.ws, c.ID, out.Message.ID, to)
			n.ok(err)
			if m.Delivery != to || n.reload(c).HasError != (to == parley.DeliveryFailed) {
				n.t.Errorf("settled as %s it is %+v", to, m)
			}
			_, err = n.SettleUnknown(n.ctx, n.ws, c.ID, out.Message.ID, to)
			n.fails(err, parley.CodeConflict)
			_, err = n.SettleUnknown(n.ctx, n.ws, c.ID, "none", to)
			n.fails(err, parley.CodeNotFound)
			n.projected(c)
		}
	})
}
