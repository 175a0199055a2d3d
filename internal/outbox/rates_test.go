package outbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/world"
)

// What Meta refuses for its rates rests as long as its code says, longer each
// time, and keeps back whom the code concerns and nobody else.
func TestBackOffScopes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		faults        world.Faults
		code          string
		pauses        []time.Duration
		number, whole bool // whether the number's other people wait, and the account's other number
	}{
		"recipient": {world.Faults{RatePair: 1}, "131056", []time.Duration{time.Second, 4 * time.Second, 16 * time.Second}, false, false},
		"number":    {world.Faults{RateNumber: 1}, "130429", []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second}, true, false},
		"account":   {world.Faults{RateAccount: 1}, "80007", []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute}, true, true},
		"nobody":    {world.Faults{ServerError: 1}, "131000", []time.Duration{5 * time.Second, 5 * time.Second, 5 * time.Second}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, s *stage) {
				ann, bob := s.person("4915112300001"), s.person("4915112300002")
				met := s.asked(ann, first, "refused at first")
				s.faults(tc.faults)
				for _, pause := range tc.pauses {
					s.waits("what was refused", met, pause)
					m := s.replies(met)[0]
					if m.Delivery != parley.DeliverySending || m.Error == nil || m.Error.Code != tc.code {
						t.Fatalf("it is %s with %+v", m.Delivery, m.Error)
					}
					s.clock.Move(pause - time.Microsecond)
					s.waits("a moment too early it", met, time.Microsecond)
					s.clock.Move(time.Microsecond)
				}
				s.deliver(met) // refused once more, so that the pause goes on
				s.faults(world.Faults{})
				for _, other := range []struct {
					what   string
					person world.Person
					number string
					waits  bool
				}{
					{"another person", bob, first, tc.number},
					{"the account's other number", ann, sibling, tc.whole},
					{"another account", ann, foreign, false},
				} {
					c := s.asked(other.person, other.number, "to "+other.what)
					s.deliver(c)
					if sent := s.replies(c)[0].Delivery == parley.DeliverySent; sent == other.waits {
						t.Errorf("%s waits: %v", other.what, !sent)
					}
				}
				s.clock.Move(s.deliver(met))
				s.waits("after the pause it", met, 0)
				s.is(met, parley.DeliverySent)
				if m := s.replies(met)[0]; m.Error != nil {
					t.Errorf("it is sent, with %+v", m.Error)
				}
			})
		})
	}
}

// A message that rests keeps its time and its place when the process does not.
func TestPostponedSurvivesARestart(t *testing.T) {
	t.Parallel()
	run(t, func(_ *testing.T, s *stage) {
		ann := s.person("4915112300001")
		c := s.asked(ann, first, "one", "two")
		s.faults(world.Faults{RateAccount: 1})
		s.waits("it", c, time.Minute)
		s.faults(world.Faults{})
		s.restart()
		s.clock.Move(time.Minute - time.Microsecond)
		s.waits("after the restart it", c, time.Microsecond)
		s.got(ann)
		// It waits for its time, so it is not one whose worker has died.
		s.is(c, parley.DeliverySending, parley.DeliveryQueued)
		s.clock.Move(time.Microsecond)
		s.waits("then it", c, 0)
		s.got(ann, "one", "two")
		s.is(c, parley.DeliverySent, parley.DeliverySent)
	})
}

// What is refused again and again is given up, and the next one has its turn.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, s *stage) {
		ann := s.person("4915112300001")
		c := s.asked(ann, first, "one", "two")
		s.faults(world.Faults{ServerError: 1})
		for s.replies(c)[0].Delivery != parley.DeliveryFailed {
			if wait := s.deliver(c); wait > 0 {
				s.clock.Move(wait)
			}
			if n := s.sim.Counts()["sends_refused"]; n > 50 {
				t.Fatalf("it was tried %d times", n)
			}
		}
		tries := map[string]int{}
		for _, r := range s.sim.Report().Refused {
			tries[r.CallbackData]++
		}
		m := s.replies(c)[0]
		if n := tries[c.ID+"/"+m.ID]; n != 12 || m.Error == nil || m.Error.Code != "131000" {
			t.Errorf("it was tried %d times, and failed for %+v", n, m.Error)
		}
		s.faults(world.Faults{})
		s.clock.Move(s.deliver(c))
		s.deliver(c)
		s.got(ann, "two")
		s.is(c, parley.DeliveryFailed, parley.DeliverySent)
	})
}

// One person gets a burst of 45, then one message every six seconds, and holds
// nobody else up. The simulator counts too, and refuses none.
func TestPairBucket(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, s *stage) {
		ann, bob := s.person("4915112300001"), s.person("4915112300002")
		var texts []string
		for i := range 48 {
			texts = append(texts, fmt.Sprint("part ", i))
		}
		c := s.asked(ann, first, texts...)
		s.clock.Move(time.Minute) // what came in leaves the number's bucket
		for sent := 45; sent < 48; sent++ {
			wait := s.deliver(c)
			if wait <= 0 || wait > 6*time.Second+time.Microsecond {
				t.Fatalf("after %d it waits %s", sent, wait)
			}
			if got := s.arrived(ann); !slices.Equal(got, texts[:sent]) {
				t.Fatalf("Meta has %d messages, want %d in order", len(got), sent)
			}
			s.is(c, append(slices.Repeat([]parley.Delivery{parley.DeliverySent}, sent),
				slices.Repeat([]parley.Delivery{parley.DeliveryQueued}, 48-sent)...)...)
			if sent == 45 {
				s.waits("another person", s.asked(bob, first, "meanwhile"), 0)
				s.got(bob, "meanwhile")
			}
			s.clock.Move(wait)
		}
		s.waits("the last one", c, 0)
		s.got(ann, texts...)
		s.clock.Move(10 * time.Minute)
		s.waits("after a rest a burst", s.asked(ann, first, texts[:45]...), 0)
		if n := s.sim.Counts()["pair_limited"]; n != 0 {
			t.Errorf("Meta refused %d messages for the pair's rate", n)
		}
	})
}

// A number sends as fast as it may and no faster, to however many people, while
// another number is not held up.
func TestNumberBucket(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, s *stage) {
		one := 1 // message a second
		_, err := s.sim.UpdateNumber(first, metasim.NumberChange{Throughput: &one})
		s.ok(err)
		_, err = s.ChangeHealth(s.ctx, s.ws, s.senders[first].ID, func(h *parley.SenderHealth) { h.Throughput = one })
		s.ok(err)
		var convs []*parley.Conversation
		var people []world.Person
		for i := range 4 {
			people = append(people, s.person(fmt.Sprint("491511230000", i)))
			convs = append(convs, s.asked(people[i], first, "hi"))
			s.clock.Move(time.Minute)
		}
		elsewhere := s.asked(people[3], sibling, "hi from the other")
		for i, c := range convs {
			s.waits("a message whose turn it is", c, 0)
			for _, later := range convs[i+1:] {
				if wait := s.deliver(later); wait <= 0 || wait > time.Second+time.Microsecond {
					t.Errorf("after %d messages the next waits %s", i+1, wait)
				}
			}
			s.clock.Move(time.Second + time.Microsecond)
		}
		s.waits("the other number", elsewhere, 0)
		for _, p := range people[:3] {
			s.got(p, "hi")
		}
		s.got(people[3], "hi", "hi from the other")
		if n := s.sim.Counts()["number_limited"]; n != 0 {
			t.Errorf("Meta refused %d messages for the number's rate", n)
		}
	})
}
