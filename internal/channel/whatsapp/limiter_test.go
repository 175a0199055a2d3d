package whatsapp

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/whatsapp/graph"
)

// clock is a time that tests move.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time { return c.at }

func newOutbound(m parley.Message) *channel.Outbound {
	out := channeltest.Message(parley.SourceWhatsApp, "key-1", "")
	out.Message = &m
	out.Sender = &parley.Sender{ID: "s1", WABAID: "555", PhoneNumberID: "777"}
	return out
}

func to(phone string, s *parley.Sender) *channel.Outbound {
	out := newOutbound(parley.Message{})
	out.Identities = []parley.Identity{{Kind: parley.IdentityPhone, Value: phone}}
	if s != nil {
		out.Sender = s
	}
	return out
}

func TestPairRate(t *testing.T) {
	t.Parallel()
	at := newClock()
	c := newChannel(t, at.now)
	out := to("+491700000001", nil)
	for i := range 45 {
		if wait := c.Pace(out); wait != 0 {
			t.Fatalf("message %d waits %s", i, wait)
		}
	}
	wait := c.Pace(out)
	if wait <= 0 || wait > 7*time.Second {
		t.Fatalf("after the burst it waits %s", wait)
	}
	if c.Pace(to("+491700000002", nil)) != 0 {
		t.Error("another person waits too")
	}
	at.at = at.at.Add(wait)
	if c.Pace(out) != 0 || c.Pace(out) == 0 {
		t.Error("one message may go every six seconds")
	}
	at.at = at.at.Add(5 * time.Minute)
	c.Pace(to("+491700000003", nil))
	if n := len(c.rates.buckets); n > 2 {
		t.Errorf("%d buckets are remembered", n)
	}
}

func TestNumberRate(t *testing.T) {
	t.Parallel()
	at := newClock()
	c := newChannel(t, at.now)
	phones := func(i int) string { return "+4917" + time.Unix(int64(i), 0).UTC().Format("150405") }
	burst := func(s *parley.Sender) (n int) {
		for i := range 5000 {
			if c.Pace(to(phones(i), s)) != 0 {
				return n
			}
			n++
		}
		return n
	}
	slow := &parley.Sender{PhoneNumberID: "1"}
	if n := burst(slow); n != 80 {
		t.Errorf("%d messages in a moment", n)
	}
	fast := &parley.Sender{PhoneNumberID: "2", Health: parley.SenderHealth{Throughput: 1000}}
	if n := burst(fast); n != 1000 {
		t.Errorf("%d messages in a moment", n)
	}
	phone := &parley.Sender{PhoneNumberID: "3", Health: parley.SenderHealth{Throughput: 20}}
	c.NoteInbound(phone, 15)
	if n := burst(phone); n != 5 {
		t.Errorf("%d messages beside 15 that came in", n)
	}
	c.NoteInbound(phone, 1000)
	if wait := c.Pace(to(phones(9), phone)); wait <= time.Second || wait > 2*time.Second {
		t.Errorf("after a flood it waits %s", wait)
	}
	at.at = at.at.Add(10 * time.Second)
	slow.Health.Throughput = 1000
	if n := burst(slow); n != 1000 {
		t.Errorf("%d messages after an upgrade", n)
	}
	slow.Health.Throughput = 20
	at.at = at.at.Add(10 * time.Second)
	if n := burst(slow); n != 20 {
		t.Errorf("%d messages after it became slower", n)
	}
}

func TestPauses(t *testing.T) {
	t.Parallel()
	type step struct {
		code int
		wait time.Duration // of the one that met it
	}
	for name, c := range map[string]struct {
		steps            []step
		samePair, number bool // whether they pause
		account          bool
	}{
		"pair":    {[]step{{131056, time.Second}, {131056, 4 * time.Second}, {131056, 16 * time.Second}, {131056, 64 * time.Second}}, true, false, false},
		"number":  {[]step{{130429, 5 * time.Second}, {130429, 10 * time.Second}, {130429, 20 * time.Second}}, true, true, false},
		"account": {[]step{{80007, time.Minute}, {4, 2 * time.Minute}, {4, 4 * time.Minute}, {4, 5 * time.Minute}, {4, 5 * time.Minute}}, true, true, true},
		"others":  {[]step{{131000, 0}, {131047, 0}, {131049, 0}, {190, 0}}, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := newClock()
			ch := newChannel(t, at.now)
			s := &parley.Sender{WABAID: "5", PhoneNumberID: "1"}
			sibling := &parley.Sender{WABAID: "5", PhoneNumberID: "2"}
			stranger := &parley.Sender{WABAID: "6", PhoneNumberID: "3"}
			for i, step := range c.steps {
				ch.NoteError(s, to("+491", s).Identities, graph.ErrorOf(step.code, ""))
				for who, want := range map[*channel.Outbound]bool{
					to("+491", s): c.samePair, to("+492", s): c.number, to("+491", sibling): c.account, to("+491", stranger): false,
				} {
					wait := ch.Pace(who)
					if (wait > 0) != want || want && wait != step.wait {
						t.Errorf("step %d: %s to %s waits %s, want %s", i, who.Sender.PhoneNumberID, who.Identities[0].Value, wait, step.wait)
					}
				}
				// What was under way when the pause began says nothing new.
				ch.NoteError(s, to("+491", s).Identities, graph.ErrorOf(step.code, ""))
				at.at = at.at.Add(step.wait)
			}
			if wait := ch.Pace(to("+491", s)); wait != 0 {
				t.Errorf("after the pause it waits %s", wait)
			}
			ch.rates.accepted(s, "+491")
			ch.NoteError(s, to("+491", s).Identities, graph.ErrorOf(c.steps[0].code, ""))
			if wait := ch.Pace(to("+491", s)); wait != c.steps[0].wait {
				t.Errorf("after one went through, the pause is %s", wait)
			}
		})
	}
}

func TestSendBacksOff(t *testing.T) {
	t.Parallel()
	at := newClock()
	m := newMeta(t)
	m.fault = []string{`400 {"error":{"code":131056}}`, `400 {"error":{"code":131056}}`}
	c := newChannel(t, at.now)
	for _, want := range []time.Duration{time.Second, 4 * time.Second} {
		_, err := c.Send(t.Context(), outbound(m, nil))
		e, ok := errors.AsType[*channel.Error](err)
		if !ok || e.Action != channel.Retry || e.RetryAfter != want || e.Scope != channel.ScopeRecipient {
			t.Fatalf("got %v, want %s", err, want)
		}
		if wait := c.Pace(outbound(m, nil)); wait != want {
			t.Errorf("the next one waits %s", wait)
		}
		at.at = at.at.Add(want)
	}
	if _, err := c.Send(t.Context(), outbound(m, nil)); err != nil {
		t.Error(err)
	}
	if len(c.rates.pauses) > 0 {
		t.Errorf("pauses are remembered: %v", c.rates.pauses)
	}
}

// Whatever the order of times and people, Meta's rates are kept: in no second
// more than twice the number's, in no span more than burst and refill of a pair.
func TestRatesAreKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := newClock()
		l := newLimiter(at.now)
		s := &parley.Sender{PhoneNumberID: "1", Health: parley.SenderHealth{Throughput: 20}}
		start, sent, pairs := at.at, 0, map[string]int{}
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			at.at = at.at.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "ms")) * time.Millisecond)
			who := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "who")
			if l.take(s, who) == 0 {
				sent++
				pairs[who]++
			}
			span := at.at.Sub(start)
			if most := 20 + int(span.Seconds()*20) + 1; sent > most {
				t.Fatalf("%d messages in %s", sent, span)
			}
			if most := pairBurst + int(span/pairEvery) + 1; pairs[who] > most {
				t.Fatalf("%d messages to one person in %s", pairs[who], span)
			}
		}
	})
}
