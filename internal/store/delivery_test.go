package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/store"
)

// queued returns a conversation with n assistant messages in its outbox.
func (sc *scene) queued(n int) *parley.Conversation {
	sc.t.Helper()
	c := sc.open(parley.SourceAPI, "")
	sc.receive(c, "hello")
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprint("reply ", i)
	}
	sc.turn(c, true, texts...)
	return c
}

func (sc *scene) deliveries(c *parley.Conversation) (out []parley.Delivery) {
	sc.t.Helper()
	for _, m := range sc.log(c) {
		if m.Role == parley.ByAssistant || m.Role == parley.ByOperator {
			out = append(out, m.Delivery)
		}
	}
	return out
}

// Law 4: each message enters `sending` once, in order, whoever asks.
func TestClaimDeliveryOnce(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.queued(3)
		w := sc.claim(parley.WorkDeliver, c.ID)
		for i := range 3 {
			out, err := sc.claimDelivery(*w, parley.StopNothing)
			sc.ok(err)
			if out.Message.Content != fmt.Sprint("reply ", i) || out.Message.Delivery != parley.DeliverySending {
				sc.t.Fatalf("claim %d gave %+v", i, out.Message)
			}
			if out.Contact == nil || len(out.Identities) != 1 {
				sc.t.Errorf("no contact: %+v", out)
			}
			_, err = sc.SettleDelivery(sc.ctx, out.Message, parley.DeliverySent, fmt.Sprint("wamid.", i), nil)
			sc.ok(err)
		}
		out, err := sc.claimDelivery(*w, parley.StopNothing)
		sc.ok(err)
		if out != nil {
			sc.t.Errorf("a fourth was given: %+v", out.Message)
		}
		lost := *w
		lost.Token = "another"
		if _, err := sc.claimDelivery(lost, parley.StopNothing); !errors.Is(err, store.ErrLeaseLost) {
			sc.t.Errorf("without the lease: %v", err)
		}
	})
}

// Law 4: what an expired lease left in `sending` becomes `unknown` and is
// never sent again; a later status settles it.
func TestExpiredSendingIsUnknown(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.queued(2)
		work, err := sc.ClaimWork(sc.ctx, []parley.WorkKind{parley.WorkDeliver}, 1, 20*time.Millisecond)
		sc.ok(err)
		first, err := sc.claimDelivery(work[0], parley.StopNothing)
		sc.ok(err)
		// The worker dies here; its lease runs out by the database's clock.
		var again *parley.Work
		for deadline := time.Now().Add(time.Minute); again == nil && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
			sc.clock.Move(time.Second)
			again = sc.claim(parley.WorkDeliver, c.ID)
		}
		if again == nil {
			sc.t.Fatal("the lease did not run out")
		}
		second, err := sc.claimDelivery(*again, parley.StopNothing)
		sc.ok(err)
		if second.Message.ID == first.Message.ID {
			sc.t.Fatal("the same message was sent twice")
		}
		if got := sc.deliveries(c); got[0] != parley.DeliveryUnknown || got[1] != parley.DeliverySending {
			sc.t.Errorf("the states are %v", got)
		}
		if _, err := sc.claimDelivery(work[0], parley.StopNothing); !errors.Is(err, store.ErrLeaseLost) {
			sc.t.Errorf("the dead worker still may: %v", err)
		}
		// It comes back and says what the channel had answered.
		m, err := sc.SettleDelivery(sc.ctx, first.Message, parley.DeliverySent, "wamid.1", nil)
		sc.ok(err)
		if m.Delivery != parley.DeliverySent {
			sc.t.Errorf("the answer left it %s", m.Delivery)
		}
	})
}

// Law 4: many workers with their own claims of the work send each message once.
func TestConcurrentDelivery(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.queued(12)
		var mu sync.Mutex
		sent := map[string]int{}
		left := func() bool { return slices.Contains(sc.deliveries(c), parley.DeliveryQueued) }
		deadline := time.Now().Add(2 * time.Minute)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for left() && time.Now().Before(deadline) {
					work, err := sc.ClaimWork(sc.ctx, []parley.WorkKind{parley.WorkDeliver}, 1, time.Minute)
					if err != nil {
						sc.t.Error(err)
						return
					}
					for _, w := range work {
						out, err := sc.claimDelivery(w, parley.StopNothing)
						if err != nil {
							sc.t.Error(err)
							return
						}
						if out != nil {
							mu.Lock()
							sent[out.Message.ID]++
							mu.Unlock()
							if _, err := sc.SettleDelivery(sc.ctx, out.Message, parley.DeliverySent, "", nil); err != nil {
								sc.t.Error(err)
							}
						}
						if err := sc.DeferWork(sc.ctx, w, sc.clock.Now(), false); err != nil {
							sc.t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		if len(sent) != 12 {
			sc.t.Errorf("%d messages were sent", len(sent))
		}
		for id, n := range sent {
			if n != 1 {
				sc.t.Errorf("message %s was sent %d times", id, n)
			}
		}
		for _, d := range sc.deliveries(c) {
			if d != parley.DeliverySent {
				sc.t.Errorf("one is %s", d)
			}
		}
	})
}

// Law 5: whatever the order in which statuses and the channel's answer arrive,
// the state is the furthest of them, and it never goes back.
func TestDeliveryOnlyRises(t *testing.T) {
	t.Parallel()
	runScene(t, func(t *testing.T, sc *scene) {
		rank := map[parley.Delivery]int{
			parley.DeliverySending: 1, parley.DeliverySent: 2, parley.DeliveryDelivered: 3, parley.DeliveryRead: 4,
			parley.DeliveryPlayed: 5,
		}
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			c := sc.queued(1)
			w := sc.claim(parley.WorkDeliver, c.ID)
			out, err := sc.claimDelivery(*w, parley.StopNothing)
			sc.ok(err)
			id := fmt.Sprint("wamid.rapid.", n)
			statuses := rapid.SliceOfN(rapid.SampledFrom([]parley.Delivery{
				parley.DeliverySent, parley.DeliveryDelivered, parley.DeliveryRead, parley.DeliveryPlayed,
			}), 1, 6).Draw(rt, "statuses")
			answerAt := rapid.IntRange(0, len(statuses)).Draw(rt, "answer")
			want, last := parley.DeliverySending, 0
			for i := range len(statuses) + 1 {
				if i == answerAt {
					if rank[want] < rank[parley.DeliverySent] {
						want = parley.DeliverySent
					}
					_, err = sc.SettleDelivery(sc.ctx, out.Message, parley.DeliverySent, id, nil)
				} else {
					s := statuses[i-min(1, max(0, i-answerAt))]
					if rank[s] > rank[want] {
						want = s
					}
					_, err = sc.DeliveryStatus(sc.ctx, store.StatusReport{WorkspaceID: sc.ws, ProviderID: id, To: s})
				}
				if err != nil {
					rt.Fatal(err)
				}
				now := rank[sc.deliveries(c)[0]]
				if now < last {
					rt.Fatalf("the state went back to %v", sc.deliveries(c))
				}
				last = now
			}
			if got := sc.deliveries(c)[0]; got != want {
				rt.Fatalf("after %v with the answer at %d it is %s, want %s", statuses, answerAt, got, want)
			}
		})
	})
}

func TestDeliveryFails(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.queued(1)
		w := sc.claim(parley.WorkDeliver, c.ID)
		out, err := sc.claimDelivery(*w, parley.StopNothing)
		sc.ok(err)
		m, err := sc.SettleDelivery(sc.ctx, out.Message, parley.DeliveryFailed, "", &parley.MessageError{Code: "131026", Message: "The number is not on WhatsApp."})
		sc.ok(err)
		if m.Delivery != parley.DeliveryFailed || m.Error == nil || !sc.reload(c).HasError {
			sc.t.Errorf("got %+v in %+v", m, sc.reload(c))
		}
		m, err = sc.SettleDelivery(sc.ctx, out.Message, parley.DeliverySent, "", nil)
		sc.ok(err)
		if m.Delivery != parley.DeliveryFailed {
			sc.t.Errorf("a failed message became %s", m.Delivery)
		}
	})
}

// Law 6, for the store's part: nothing enters `sending` outside the window.
func TestWindowIsAWall(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c, _, err := sc.OpenConversation(sc.ctx, store.OpenConversation{
			WorkspaceID: sc.ws, Source: parley.SourceWhatsApp, AssistantID: sc.assistant, SenderID: "s1",
			Identities: []parley.Identity{{Kind: parley.IdentityPhone, Value: "+491701234567"}},
		})
		sc.ok(err)
		_, err = sc.Receive(sc.ctx, store.ReceiveMessage{
			WorkspaceID: sc.ws, ConversationID: c.ID, SenderID: "s1", TurnAt: sc.clock.Now(),
			Message:         &parley.Message{Content: "hello", ProviderID: "wamid.in"},
			WindowExpiresAt: sc.clock.Now().Add(24 * time.Hour),
		})
		sc.ok(err)
		sc.turn(c, true, "in time", "too late")
		w := sc.claim(parley.WorkDeliver, c.ID)
		out, err := sc.claimDelivery(*w, parley.StopNothing)
		sc.ok(err)
		if out == nil {
			sc.t.Fatal("nothing was sent inside the window")
		}
		sc.clock.Move(24*time.Hour - 5*time.Minute)
		sc.ok(sc.ExtendLease(sc.ctx, *w, time.Minute))
		out, err = sc.claimDelivery(*w, parley.StopNothing)
		sc.ok(err)
		if out != nil {
			sc.t.Fatalf("%q was sent outside the window", out.Message.Content)
		}
		last := sc.log(c)[2]
		if last.Delivery != parley.DeliveryFailed || last.Error.Code != string(parley.CodeWindowClosed) {
			sc.t.Errorf("it is %+v", last)
		}
	})
}
