package metasim_test

import (
	"bytes"
	"context"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/burst"
	"parley/internal/metasim/world"
)

// A webhook is written as Meta writes it, and says who wrote what.
func TestWebhook(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	id := s.text("sheena", "Grüße 🎉 <b> a/b & \\ \"q\"")
	s.quiet()
	s.hook.mu.Lock()
	body := s.hook.bodies[0]
	s.hook.mu.Unlock()
	for _, want := range []string{`Gr\u00fc\u00dfe \ud83c\udf89 <b> a\/b & \\ \"q\"`, `"phone_number_id":"` + number + `"`, `"wa_id":"16505551234"`, `"user_id":"US.13491208655302741918"`} {
		if !bytes.Contains(body, []byte(want)) {
			t.Errorf("it lacks %s:\n%s", want, body)
		}
	}
	m := s.hook.messages(t)[0]
	if m["id"] != id || m["from"] != "16505551234" || m["type"] != "text" || m["text"].(map[string]any)["body"] != "Grüße 🎉 <b> a/b & \\ \"q\"" {
		t.Errorf("%v", m)
	}
	if e := s.hook.received(t)[0]; e.Object != "whatsapp_business_account" || e.Entry[0].ID != waba || e.Entry[0].Changes[0].Field != "messages" {
		t.Errorf("%+v", e)
	}
}

// What is not answered with 200 comes again, and the ledger knows.
func TestRedelivery(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.hook.mu.Lock()
	s.hook.refuse = 3
	s.hook.mu.Unlock()
	id := s.text("sheena", "Hi")
	s.quiet()
	if m := s.hook.messages(t); len(m) != 1 || m[0]["id"] != id {
		t.Errorf("%v", m)
	}
	in := s.Report().Inbound
	if len(in) != 1 || in[0].Attempts != 4 || in[0].AcknowledgedAt.IsZero() || in[0].ContactSeq != 1 || in[0].Text != "Hi" {
		t.Errorf("%+v", in)
	}
	if w := s.Report().Webhooks; len(w) != 1 || len(w[0].Attempts) != 4 || w[0].Attempts[0].Status != 500 || w[0].Attempts[3].Status != 200 {
		t.Errorf("%+v", w)
	}
}

// Seven days without an answer and the webhook is given up.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(c *metasim.Config) { c.RetryFirst, c.RetryMax = time.Hour, time.Hour })
	s.hook.mu.Lock()
	s.hook.refuse = 1 << 30
	s.hook.mu.Unlock()
	s.text("sheena", "Hi")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for n := uint64(0); s.Pending() > 0 && ctx.Err() == nil; n++ {
		s.EventsAfter(ctx, n) // the attempt is over
		s.Age(2 * 24 * time.Hour)
	}
	if c := s.Counts(); c["webhooks_given_up"] != 1 {
		t.Errorf("%v", c)
	}
}

// Every fault happens, is counted, and loses nothing.
func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	s := newScene(t, faults(world.Faults{Duplicate: 0.2, Reorder: 0.2, LostAck: 0.2, Batch: 50, Shuffle: 0.3, Skip: 0.3}),
		func(c *metasim.Config) {
			c.Accounts = world.DefaultAccounts()
			c.Accounts[0].Numbers[0].Throughput = 1000
		})
	if err := burst.Run(t.Context(), s.Sim, burst.Plan{Messages: 300, People: 20, Numbers: []string{number}}); err != nil {
		t.Fatal(err)
	}
	var sent []string
	for i, p := range s.People() {
		if strings.HasPrefix(p.ID, "burst") && i%2 == 0 {
			sent = append(sent, s.sendTo(`"to":"+`+p.Phone+`"`, hello).Messages[0].ID)
		}
	}
	s.quiet()
	times := map[any]int{}
	for _, m := range s.hook.messages(t) {
		times[m["id"]]++
	}
	if len(times) != 300 || slices.Max(slices.Collect(maps.Values(times))) < 2 {
		t.Errorf("%d messages, none twice or some lost", len(times))
	}
	for _, id := range sent {
		if names, _ := s.hook.statuses(t, id); !slices.Contains(names, "read") || !slices.Contains(names, "sent") {
			t.Errorf("statuses %v", names)
		}
	}
	c := s.Counts()
	for _, f := range []string{"fault_duplicate", "fault_reorder", "fault_lost_ack", "fault_shuffle", "fault_skip"} {
		if c[f] == 0 {
			t.Errorf("%s never happened: %v", f, c)
		}
	}
	if r := s.Report(); len(r.Inbound) != 300 || r.Dropped != 0 {
		t.Errorf("the ledger has %d, dropped %d", len(r.Inbound), r.Dropped)
	}
}

// The same seed gives the same ids and faults; another gives others.
func TestSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (string, int64) {
		s := newScene(t, faults(world.Faults{Duplicate: 0.3}), func(c *metasim.Config) { c.Seed = seed })
		if err := burst.Run(t.Context(), s.Sim, burst.Plan{Messages: 60, People: 7}); err != nil {
			t.Fatal(err)
		}
		s.quiet()
		var ids []string
		for _, in := range s.Report().Inbound {
			ids = append(ids, in.ID)
		}
		return strings.Join(ids, " "), s.Counts()["fault_duplicate"]
	}
	a, an := run(1)
	b, bn := run(1)
	c, _ := run(2)
	if a != b || an != bn || an == 0 {
		t.Errorf("two runs of a seed differ: %d and %d duplicates", an, bn)
	}
	if a == c {
		t.Error("two seeds gave the same ids")
	}
}

// A send whose answer is lost was accepted all the same; one that is cut was
// not. Statuses carry the callback data.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	rest := hello + `,"biz_opaque_callback_data":"key/1"`
	for name, tt := range map[string]struct {
		faults   world.Faults
		accepted int
		code     int
	}{
		"lost":   {world.Faults{LostSend: 1}, 1, -1},
		"cut":    {world.Faults{CutSend: 1}, 0, -1},
		"slow":   {world.Faults{Slow: 1, SlowMillis: 5}, 1, 0},
		"number": {world.Faults{RateNumber: 1}, 0, 130429},
		"pair":   {world.Faults{RatePair: 1}, 0, 131056},
		"waba":   {world.Faults{RateAccount: 1}, 0, 80007},
		"server": {world.Faults{ServerError: 1}, 0, 131000},
		"fails":  {world.Faults{FailedStatus: 1}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, faults(tt.faults))
			s.text("sheena", "Hi")
			a := s.send(rest)
			if got := a.Error.Code; tt.code >= 0 && got != tt.code || tt.code < 0 && a.status != 0 {
				t.Errorf("answered %+v", a)
			}
			s.quiet()
			out := s.Report().Outbound
			if len(out) != tt.accepted || len(s.Report().Refused) != 1-tt.accepted {
				t.Fatalf("%d accepted", len(out))
			}
			if tt.accepted == 0 {
				return
			}
			names, all := s.hook.statuses(t, out[0].ID)
			want := "read"
			if tt.faults.FailedStatus > 0 {
				want = "failed"
			}
			if !slices.Contains(names, want) || all[0]["biz_opaque_callback_data"] != "key/1" || out[0].CallbackData != "key/1" || out[0].AnswerLost != (tt.faults.LostSend > 0) {
				t.Errorf("%v %v %+v", names, all, out[0])
			}
		})
	}
}

// A send that hangs is cut in the end, and was accepted every other time.
func TestHang(t *testing.T) {
	t.Parallel()
	s := newScene(t, faults(world.Faults{Hang: 1, HangMillis: 1}))
	s.text("sheena", "Hi")
	for range 20 {
		if a := s.send(hello); a.status != 0 {
			t.Fatalf("answered %+v", a)
		}
	}
	if r := s.Report(); len(r.Outbound) == 0 || len(r.Refused) == 0 {
		t.Errorf("%d accepted, %d not", len(r.Outbound), len(r.Refused))
	}
}

// The handshake is made before an address is taken, an account that is not
// subscribed hears nothing, and another machine is never reached.
func TestSubscription(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	other := newReceiver(t)
	ctx := t.Context()
	if err := s.SetWebhook(ctx, other.URL); err != nil {
		t.Fatal(err)
	}
	no := httptest.NewServer(nil)
	t.Cleanup(no.Close)
	for address, want := range map[string]parley.Code{
		no.URL: parley.CodeUnavailable, "http://192.0.2.1:9/": parley.CodeUnavailable, "ftp://127.0.0.1/": parley.CodeInvalid, "http://user:pw@127.0.0.1/": parley.CodeInvalid,
	} {
		if err := s.SetWebhook(ctx, address); parley.ErrorCode(err) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	s.text("sheena", "to the other")
	s.quiet()
	if a := s.call("POST", "/v25.0/"+waba+"/subscribed_apps", `{"override_callback_uri":"`+s.hook.URL+`","verify_token":"verify-me"}`); !a.Success {
		t.Fatalf("%+v", a)
	}
	if a := s.call("POST", "/v25.0/"+waba+"/subscribed_apps", `{"override_callback_uri":"`+s.hook.URL+`","verify_token":"wrong"}`); a.Error.Code != 2200 {
		t.Errorf("wrong verify token: %+v", a)
	}
	s.text("sheena", "to the first")
	if a := s.call("GET", "/v25.0/"+waba+"/subscribed_apps", ""); len(a.Data) != 1 || a.Data[0]["override_callback_uri"] != s.hook.URL {
		t.Errorf("%+v", a)
	}
	s.quiet()
	if a := s.call("DELETE", "/v25.0/"+waba+"/subscribed_apps", ""); !a.Success {
		t.Fatalf("%+v", a)
	}
	s.text("sheena", "to nobody")
	s.quiet()
	if a := s.call("GET", "/v25.0/"+waba+"/subscribed_apps", ""); len(a.Data) != 0 {
		t.Errorf("%+v", a)
	}
	if a, b := other.messages(t), s.hook.messages(t); len(a) != 1 || len(b) != 1 || s.Counts()["updates_without_receiver"] != 1 {
		t.Errorf("%v %v", a, b)
	}
	status, _, err := s.PostRaw(ctx, []byte("not json"))
	if err != nil || status != 200 || !slices.ContainsFunc(other.bodies, func(b []byte) bool { return string(b) == "not json" }) {
		t.Errorf("raw: %d %v", status, err)
	}
}
