package hook_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/hook"
	"parley/internal/store/hooks"
)

// The ways in which a receiver misbehaves: what it does at the nth posting.
func misbehaviours(elsewhere string) map[string]func(n int, rw http.ResponseWriter, r *http.Request, p *posted) bool {
	say := func(rw http.ResponseWriter, status int) bool {
		rw.WriteHeader(status)
		return status == http.StatusNoContent
	}
	return map[string]func(n int, rw http.ResponseWriter, r *http.Request, p *posted) bool{
		"slow": func(_ int, rw http.ResponseWriter, _ *http.Request, _ *posted) bool {
			time.Sleep(100 * time.Millisecond)
			return say(rw, http.StatusNoContent)
		},
		"refuses": func(n int, rw http.ResponseWriter, _ *http.Request, _ *posted) bool {
			if n%3 != 0 {
				return say(rw, http.StatusForbidden)
			}
			return say(rw, http.StatusNoContent)
		},
		"redirects": func(n int, rw http.ResponseWriter, r *http.Request, _ *posted) bool {
			if n%2 == 1 {
				http.Redirect(rw, r, elsewhere, http.StatusTemporaryRedirect)
				return false
			}
			return say(rw, http.StatusNoContent)
		},
		"times out": func(n int, rw http.ResponseWriter, r *http.Request, _ *posted) bool {
			if n%4 == 1 {
				<-r.Context().Done()
				return false
			}
			return say(rw, http.StatusNoContent)
		},
		"breaks off": func(n int, rw http.ResponseWriter, _ *http.Request, _ *posted) bool {
			if n%2 == 1 {
				panic(http.ErrAbortHandler)
			}
			return say(rw, http.StatusNoContent)
		},
		"endless answer": func(n int, rw http.ResponseWriter, r *http.Request, _ *posted) bool {
			for n%2 == 1 && r.Context().Err() == nil {
				if _, err := rw.Write([]byte(strings.Repeat("x", 1<<10))); err != nil {
					break
				}
			}
			return true // its status was 200 long ago
		},
	}
}

// Whatever a receiver does: each event arrives, in the order of its conversation,
// with the same id and the same bytes however often.
func TestMisbehavingReceivers(t *testing.T) {
	t.Parallel()
	elsewhere := newReceiver(t, nil) // where redirects lead
	t.Cleanup(func() {
		if n := len(elsewhere.all()); n != 0 {
			t.Errorf("%d redirects were followed", n)
		}
	})
	for name, behave := range misbehaviours(elsewhere.URL) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, w *world) {
				x := newReceiver(t, behave)
				h := w.hook(x.URL)
				for _, who := range []string{"anna", "berta", "carla"} {
					w.says(w.open(who, false), "one", "two", "three")
				}
				w.start()
				w.arrives(h, x, 15)
			})
		})
	}
}

// arrives moves the clock until everything has arrived, and checks it.
func (w *world) arrives(h *hooks.Hook, x *receiver, events int) {
	w.t.Helper()
	w.eventually("everything arrived", func() bool {
		w.clock.Move(2 * time.Second)
		all := w.deliveries(h)
		return len(all) == events && !slices.ContainsFunc(all, func(d hooks.Delivery) bool { return d.State != hooks.Delivered })
	})
	w.eventually("the receiver is done", func() bool { return !slices.ContainsFunc(x.all(), func(p posted) bool { return !p.Done }) })
	w.inOrder(h, x.all())
}

// inOrder checks what a receiver got against the log.
func (w *world) inOrder(h *hooks.Hook, got []posted) {
	w.t.Helper()
	bodies, accepted := map[string]string{}, map[string][]string{}
	last := map[string]string{} // the event of each conversation that is being told
	done := map[string]bool{}
	for _, p := range got {
		id, conv := p.Event.ID, p.Event.Data.Conversation.ID
		if p.Header.Get("Webhook-Id") != id || p.Header.Get("Content-Type") != "application/json" || p.Event.WorkspaceID != h.WorkspaceID {
			w.t.Errorf("posted %v %s", p.Header, p.Raw)
		}
		if before, seen := bodies[id]; seen && before != p.Raw {
			w.t.Errorf("the event %s was told in other bytes:\n%s\n%s", id, before, p.Raw)
		}
		bodies[id] = p.Raw
		if prev := last[conv]; prev != "" && prev != id && !done[prev] {
			w.t.Errorf("%s was told before %s had arrived", id, prev)
		}
		last[conv] = id
		if p.Accepted && !done[id] {
			done[id] = true
			accepted[conv] = append(accepted[conv], id)
		}
	}
	want := map[string][]string{}
	for _, d := range w.deliveries(h) {
		want[d.ConversationID] = append(want[d.ConversationID], d.EventID)
	}
	for conv, ids := range want {
		if !slices.Equal(accepted[conv], ids) {
			w.t.Errorf("the events of %s arrived as %v, want %v", conv, accepted[conv], ids)
		}
	}
}

// A receiver that answers 500 for an hour gets everything after it, in order; the
// log has every attempt.
func TestAnHourOf500(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		until := w.clock.Now().Add(time.Hour)
		x := newReceiver(t, func(_ int, rw http.ResponseWriter, _ *http.Request, _ *posted) bool {
			if w.clock.Now().Before(until) {
				http.Error(rw, "out of order", http.StatusInternalServerError)
				return false
			}
			rw.WriteHeader(http.StatusOK)
			return true
		})
		h := w.hook(x.URL)
		w.says(w.open("anna", false), "one", "two", "three")
		w.start()
		w.eventually("everything arrived", func() bool {
			if w.clock.Now().Before(until.Add(2 * time.Hour)) {
				w.clock.Move(30 * time.Second)
			}
			return !slices.ContainsFunc(w.deliveries(h), func(d hooks.Delivery) bool { return d.State != hooks.Delivered }) && len(x.all()) > 5
		})
		w.arrives(h, x, 5)
		first := w.deliveries(h)[0]
		log, err := w.kept.Attempts(w.ctx, &first)
		w.ok(err)
		if len(log) < 5 || len(log) > 12 || log[0].Error != "" || log[0].Status != http.StatusOK {
			t.Errorf("%d attempts, the last %+v", len(log), log[0])
		}
		if a := log[len(log)-1]; a.Status != 500 || !strings.Contains(a.Answer, "out of order") || !strings.Contains(a.Error, "500 Internal Server Error") ||
			a.Number != 1 || a.Request.Get("Webhook-Id") != first.EventID || a.Headers.Get("Content-Type") == "" {
			t.Errorf("the first attempt is %+v", a)
		}
		if h := w.reload(h); !h.FailingSince.IsZero() || !h.Enabled {
			t.Errorf("the webhook is %+v", h)
		}
	})
}

// What cannot be told holds up neither other conversations nor other webhooks.
func TestOthersAreNotHeldUp(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		var bad atomic.Value
		x := newReceiver(t, func(_ int, rw http.ResponseWriter, _ *http.Request, p *posted) bool {
			if p.Event.Data.Conversation.ID == bad.Load() {
				rw.WriteHeader(http.StatusInternalServerError)
				return false
			}
			return true
		})
		hangs := newReceiver(t, func(_ int, _ http.ResponseWriter, r *http.Request, _ *posted) bool {
			<-r.Context().Done()
			return false
		})
		w.hook(hangs.URL)
		h := w.hook(x.URL)
		anna := w.open("anna", false)
		bad.Store(anna.ID)
		w.says(anna, "one")
		for i := range 20 {
			w.says(w.open(fmt.Sprint("other", i), false), "one")
		}
		w.start()
		w.eventually("the others arrived", func() bool {
			w.clock.Move(100 * time.Millisecond)
			n := 0
			for _, d := range w.deliveries(h) {
				if d.State == hooks.Delivered {
					n++
				}
			}
			return n == 60
		})
		for _, d := range w.deliveries(h) {
			if d.ConversationID == anna.ID && (d.State != hooks.Pending || d.Attempts > 0 && d.Type != hooks.Started) {
				t.Errorf("%s of the one that fails is %s after %d attempts", d.Type, d.State, d.Attempts)
			}
		}
	})
}

// After a day an event is given up and the next one has its turn; after days of
// nothing but failure the webhook is switched off, and somebody is told.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		x := newReceiver(t, func(_ int, rw http.ResponseWriter, _ *http.Request, _ *posted) bool {
			rw.WriteHeader(http.StatusBadGateway)
			return false
		})
		h := w.hook(x.URL, hooks.Received)
		c := w.open("anna", false)
		w.says(c, "one")
		w.start()
		w.eventually("it is given up", func() bool {
			w.clock.Move(time.Minute)
			all := w.deliveries(h)
			return len(all) == 1 && all[0].State == hooks.Failed
		})
		first := w.deliveries(h)[0]
		if age := first.FinishedAt.Sub(first.CreatedAt); age < 24*time.Hour || age > 25*time.Hour {
			t.Errorf("it was given up after %s and %d attempts", age, first.Attempts)
		}
		if first.Attempts < 12 || first.Attempts > 25 {
			t.Errorf("%d attempts in a day", first.Attempts)
		}
		if h := w.reload(h); !h.Enabled || h.FailingSince.IsZero() {
			t.Errorf("after a day the webhook is %+v", h)
		}
		w.says(c, "two")
		w.eventually("the next one has its turn", func() bool { return len(w.deliveries(h)) == 2 && w.deliveries(h)[1].Attempts > 0 })
		w.clock.Move(3 * 24 * time.Hour)
		w.eventually("it is switched off", func() bool { return !w.reload(h).Enabled })
		off := w.reload(h)
		if off.DisabledAt.IsZero() || !strings.Contains(off.DisabledWhy, "502 Bad Gateway") {
			t.Errorf("the webhook is %+v", off)
		}
		alerts, err := w.Alerts(w.ctx, w.ws)
		w.ok(err)
		if len(alerts) != 1 || alerts[0].Code != hook.AlertDisabled || alerts[0].SubjectID != h.ID || !strings.Contains(alerts[0].Message, x.URL) {
			t.Errorf("the alerts are %+v", alerts)
		}
		n := len(x.all())
		w.says(c, "three")
		w.clock.Move(time.Hour)
		time.Sleep(100 * time.Millisecond)
		if got := len(x.all()); got != n || len(w.deliveries(h)) != 2 {
			t.Errorf("it was told %d times more", got-n)
		}
		off.Enabled = true
		w.ok(w.service.Save(w.ctx, off))
		alerts, err = w.Alerts(w.ctx, w.ws)
		w.ok(err)
		if on := w.reload(h); len(alerts) != 0 || !on.FailingSince.IsZero() || !on.DisabledAt.IsZero() {
			t.Errorf("switched on it is %+v, with %d alerts", on, len(alerts))
		}
	})
}

// A process that ends in the middle of a posting posts it again, and what was
// not recorded yet is recorded by the next one.
func TestRestart(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		held := make(chan struct{})
		entered := make(chan struct{}, 100)
		var once sync.Once
		x := newReceiver(t, func(n int, _ http.ResponseWriter, r *http.Request, _ *posted) bool {
			if n == 2 {
				once.Do(func() { close(held) })
				<-r.Context().Done()
				return false
			}
			entered <- struct{}{}
			return true
		})
		h := w.hook(x.URL)
		c := w.open("anna", false)
		w.says(c, "one", "two")
		stop := w.start()
		<-held
		stop()
		for _, d := range w.deliveries(h) {
			if d.Attempts > 1 {
				t.Errorf("what we broke off counts: %+v", d)
			}
		}
		w.says(c, "three")
		w.service = w.newService(loopback)
		w.start()
		w.arrives(h, x, 5)
	})
}

// Addresses that are not public are refused, unless they are allowed.
func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		x := newReceiver(t, nil)
		h := w.hook(x.URL)
		w.service = w.newService(nil)
		for _, url := range []string{
			"http://127.0.0.1/", "http://10.1.2.3/x", "http://[::1]:80/", "http://169.254.169.254/latest", "ftp://shop.example/", "shop.example",
			"https://user:word@shop.example/", "http://", "https://shop.example/#part", "javascript:alert(1)", "http://[::ffff:10.0.0.1]/",
		} {
			err := w.service.Create(w.ctx, &hooks.Hook{WorkspaceID: w.ws, URL: url, Events: hooks.Types(), Enabled: true})
			if parley.ErrorCode(err) != parley.CodeInvalid {
				t.Errorf("%s: %v", url, err)
			}
		}
		name := &hooks.Hook{WorkspaceID: w.ws, URL: strings.Replace(x.URL, "127.0.0.1", "localhost", 1), Events: hooks.Types(), Enabled: true}
		w.ok(w.service.Create(w.ctx, name))
		for _, h := range []*hooks.Hook{h, name} {
			d, err := w.service.Test(w.ctx, w.ws, h.ID)
			w.ok(err)
			if d.State != hooks.Failed || !strings.Contains(d.Last.Error, "is not a public address") {
				t.Errorf("%s: %s, %s", h.URL, d.State, d.Last.Error)
			}
		}
		if n := len(x.all()); n != 0 {
			t.Errorf("it was reached %d times", n)
		}
	})
}

// A test and sending again are made at once, and say how it went.
func TestByHand(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		var broken atomic.Bool
		x := newReceiver(t, func(_ int, rw http.ResponseWriter, _ *http.Request, _ *posted) bool {
			if broken.Load() {
				http.Error(rw, "\x00\xffbroken", http.StatusTeapot)
				return false
			}
			_, _ = rw.Write([]byte("thanks"))
			return true
		})
		h := w.hook(x.URL)
		d, err := w.service.Test(w.ctx, w.ws, h.ID)
		w.ok(err)
		if d.State != hooks.Delivered || d.Type != hooks.Test || d.Last.Answer != "thanks" || x.all()[0].Event.Type != hooks.Test {
			t.Errorf("the test is %+v, %+v", d, d.Last)
		}
		broken.Store(true)
		again, err := w.service.Send(w.ctx, w.ws, h.ID, d.ID)
		w.ok(err)
		if again.State != hooks.Delivered || again.Attempts != 2 || again.Last.Error != "The receiver answered 418 I'm a teapot." ||
			again.Last.Answer != "\uFFFD\uFFFDbroken\n" {
			t.Errorf("sent again it is %+v, %+v", again, again.Last)
		}
		if got := x.all(); got[1].Event.ID != got[0].Event.ID || got[1].Raw != got[0].Raw {
			t.Errorf("sent again it is another event: %+v", got)
		}
		failed, err := w.service.Test(w.ctx, w.ws, h.ID)
		w.ok(err)
		if failed.State != hooks.Failed {
			t.Errorf("a test that fails is %s", failed.State)
		}
		broken.Store(false)
		if failed, err = w.service.Send(w.ctx, w.ws, h.ID, failed.ID); err != nil || failed.State != hooks.Delivered {
			t.Errorf("sent again it is %+v, %v", failed, err)
		}
		// What waits for its next attempt is due at once.
		w.says(w.open("anna", false), "one")
		broken.Store(true)
		w.start()
		w.eventually("it has failed", func() bool { return len(w.deliveries(h)) == 5 && w.deliveries(h)[2].Attempts == 1 })
		broken.Store(false)
		head := w.deliveries(h)[2]
		if _, err := w.service.Send(w.ctx, w.ws, h.ID, head.ID); err != nil {
			t.Fatal(err)
		}
		w.eventually("it has arrived", func() bool { return w.deliveries(h)[4].State == hooks.Delivered })
	})
}
