package outbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/world"
	"parley/internal/store"
)

// Law 4: a send whose answer was lost is never repeated, whether Meta has it or
// not; a status or a person says what became of it. The next one goes.
func TestUnknownIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		faults world.Faults
		has    int // messages that Meta accepted
	}{
		"accepted, the answer lost": {world.Faults{LostSend: 1}, 1},
		"cut before it was read":    {world.Faults{CutSend: 1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, s *stage) {
				ann := s.person("4915112300001")
				c := s.asked(ann, first, "lost")
				s.faults(tc.faults)
				s.waits("it", c, 0)
				s.faults(world.Faults{})
				for range 3 {
					s.clock.Move(time.Hour)
					s.waits("an unknown one", c, 0)
					s.restart()
				}
				s.is(c, parley.DeliveryUnknown)
				next := s.asked(ann, first, "next")
				s.waits("the next one", next, 0)
				if next.ID != c.ID {
					t.Fatal("the next message has another conversation")
				}
				want := append(slices.Repeat([]string{"lost"}, tc.has), "next")
				s.got(ann, want...)
				s.settles(c, tc.has == 1)
				s.waits("a settled one", c, 0)
				s.got(ann, want...)
			})
		})
	}
}

// settles lets a status settle the first reply, if Meta has it, or a person.
func (s *stage) settles(c *parley.Conversation, accepted bool) {
	s.t.Helper()
	m := s.replies(c)[0]
	if !accepted {
		if _, err := s.outbox.Settle(s.ctx, s.ws, c.ID, m.ID, parley.DeliveryFailed); err != nil {
			s.t.Fatal(err)
		}
		s.is(c, parley.DeliveryFailed, parley.DeliverySent)
		return
	}
	sent := s.sim.Report().Outbound[0]
	// Shuffled: the later status comes first.
	for _, to := range []parley.Delivery{parley.DeliveryDelivered, parley.DeliverySent} {
		s.ok(s.outbox.Report(s.ctx, store.StatusReport{
			WorkspaceID: s.ws, SenderID: c.SenderID, ProviderID: sent.ID, Key: sent.CallbackData, To: to,
		}))
	}
	s.is(c, parley.DeliveryDelivered, parley.DeliverySent)
	if _, err := s.outbox.Settle(s.ctx, s.ws, c.ID, m.ID, parley.DeliveryFailed); parley.ErrorCode(err) != parley.CodeConflict {
		s.t.Errorf("a person may say otherwise than the status: %v", err)
	}
}

// A worker that dies while it sends leaves a message whose fate is not known:
// who comes after it does not send it, whatever else waits.
func TestDiedWhileSending(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, s *stage) {
		ann := s.person("4915112300001")
		c := s.asked(ann, first, "one", "two")
		w := s.claim(parley.WorkDeliver, c.ID)
		out, err := s.ClaimDelivery(s.ctx, *w, s.replies(c)[0].ID, parley.StopNothing)
		s.ok(err)
		if out == nil || out.Message.Content != "one" {
			t.Fatalf("claimed %+v", out)
		}
		s.ok(s.DeferWork(s.ctx, *w, s.clock.Now(), true)) // as the lease that runs out does
		s.restart()
		s.waits("it", c, 0)
		s.is(c, parley.DeliveryUnknown, parley.DeliverySent)
		s.got(ann, "two")
	})
}

// Law 7: a takeover cancels what is queued and what would be tried again; what
// the operator writes then goes out.
func TestTakeoverCancels(t *testing.T) {
	t.Parallel()
	run(t, func(_ *testing.T, s *stage) {
		ann := s.person("4915112300001")
		c := s.asked(ann, first, "sent before", "refused", "queued")
		other := s.asked(s.person("4915112300002"), first, "of another conversation")
		s.waits("all", c, 0) // one goes out in each conversation
		c = s.asked(ann, first, "refused", "queued")
		s.faults(world.Faults{ServerError: 1})
		s.waits("what Meta refused", c, 5*time.Second)
		s.faults(world.Faults{})
		_, err := s.Takeover(s.ctx, s.ws, c.ID, s.anna)
		s.ok(err)
		s.clock.Move(time.Minute)
		s.waits("after the takeover", c, 0)
		s.restart()
		s.waits("after the restart", c, 0)
		sent := slices.Repeat([]parley.Delivery{parley.DeliverySent}, 3)
		s.is(c, append(sent, parley.DeliveryFailed, parley.DeliveryCanceled)...)
		_, err = s.OperatorMessage(s.ctx, s.ws, c.ID, s.anna, []parley.Message{{Content: "from Anna"}}, true)
		s.ok(err)
		s.waits("the operator's", c, 0)
		s.got(ann, "sent before", "refused", "queued", "from Anna")
		s.waits("another conversation", other, 0)
		s.is(other, parley.DeliverySent)
	})
}

// Law 6: what waited for Meta's rates until its window closed is not sent.
func TestWindowClosesWhileItWaits(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, s *stage) {
		ann := s.person("4915112300001")
		c := s.asked(ann, first, "late")
		s.faults(world.Faults{RateAccount: 1})
		s.waits("it", c, time.Minute)
		s.faults(world.Faults{})
		s.clock.Move(parley.WindowTime)
		s.waits("too late it", c, 0)
		s.got(ann)
		if m := s.replies(c)[0]; m.Delivery != parley.DeliveryFailed || m.Error.Code != string(parley.CodeWindowClosed) {
			t.Errorf("it is %s with %+v", m.Delivery, m.Error)
		}
	})
}

// What Meta says of one message stops what would fail too, at once, and an
// operator is told.
func TestTroubleStopsTheNumber(t *testing.T) {
	t.Parallel()
	for code, stop := range map[string]parley.Stop{
		"131042": parley.StopAll, // it cannot be charged
		"131031": parley.StopAll, // locked
		"133010": parley.StopAll, // not registered
		"131048": parley.StopTemplates,
		"131051": parley.StopNothing, // only this message
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, s *stage) {
				bob := s.person("4915112300002")
				behind, elsewhere := s.asked(bob, first, "text"), s.asked(bob, sibling, "text of another number")
				s.deliver(s.asked(s.person("4915112300003"), first, "fine")) // the number is known as it was
				met := s.asked(s.person("49151"+code), first, "met it")
				s.waits("what met it", met, 0)
				if m := s.replies(met)[0]; m.Delivery != parley.DeliveryFailed || m.Error == nil || m.Error.Code != code {
					t.Errorf("it is %s with %+v", m.Delivery, m.Error)
				}
				h := s.health(first)
				told := s.alerts()
				if h.Stopped != stop || (len(told) == 1) != (stop != parley.StopNothing) || len(told) == 1 && told[0] != code {
					t.Errorf("the number is stopped %q with alerts %q", h.Stopped, told)
				}
				s.deliver(behind)
				if held := len(s.arrived(bob)) == 0; held != (stop == parley.StopAll) {
					t.Errorf("the next text is held back: %v", held)
				}
				_, err := s.SendTemplate(s.ctx, s.ws, behind.ID, &parley.Message{
					Content: "Hello World", Payload: []byte(`{"name":"hello_world","language":"en_US","category":"UTILITY"}`),
				})
				s.ok(err)
				s.deliver(behind)
				last := s.replies(behind)[1]
				want := map[parley.Stop]parley.Delivery{
					parley.StopAll: parley.DeliveryQueued, parley.StopTemplates: parley.DeliveryFailed, parley.StopNothing: parley.DeliverySent,
				}[stop]
				if last.Delivery != want || want == parley.DeliveryFailed && last.Error.Code != "templates_stopped" {
					t.Errorf("a template is %s with %+v, want %s", last.Delivery, last.Error, want)
				}
				s.waits("another number", elsewhere, 0)
				s.is(elsewhere, parley.DeliverySent)
			})
		})
	}
}

// What a stopped number holds back goes out in its order once a person lets it,
// and is not given up before.
func TestResumedSendsInOrder(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, s *stage) {
		ann := s.person("4915112300001")
		s.sim.SetToken(metasim.TokenState{})
		s.deliver(s.asked(s.person("4915112300009"), first, "meets it"))
		c := s.asked(ann, first, "one", "two")
		for range 20 {
			s.deliver(c)
			s.clock.Move(time.Minute)
		}
		s.is(c, parley.DeliveryQueued, parley.DeliveryQueued)
		if n := s.sim.Counts()["error_190"]; n != 1 {
			t.Errorf("Meta was asked %d times with a dead token", n)
		}
		if got := fmt.Sprint(s.alerts(), " ", s.health(first).LastError.Code); got != "[190] 190" {
			t.Errorf("told: %s", got)
		}
		s.sim.SetToken(metasim.TokenState{Valid: true, Scopes: []string{"whatsapp_business_messaging"}})
		_, err := s.ChangeHealth(s.ctx, s.ws, s.senders[first].ID, func(h *parley.SenderHealth) { h.Stopped = parley.StopNothing })
		s.ok(err)
		s.restart()
		s.waits("resumed it", c, 0)
		s.got(ann, "one", "two")
	})
}

// A number that was removed sends nothing, and its messages say so.
func TestRemovedNumber(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, s *stage) {
		ann := s.person("4915112300001")
		c := s.asked(ann, first, "orphan")
		s.ok(s.DeleteSender(s.ctx, s.ws, s.senders[first].ID))
		s.waits("it", c, 0)
		s.got(ann)
		if m := s.replies(c)[0]; m.Delivery != parley.DeliveryFailed || m.Error.Code != "no_channel" {
			t.Errorf("it is %s with %+v", m.Delivery, m.Error)
		}
	})
}
