package senders_test

import (
	"maps"
	"testing"
	"time"

	"parley"
	"parley/internal/metasim"
	"parley/internal/senders"
)

// What Meta says of a number is taken over, one call for each, and what has
// become worse stops templates and is told once, however often it is read.
func TestPoll(t *testing.T) {
	t.Parallel()
	of := func(v string) *string { return &v }
	yes, fast := true, 1000
	for name, tc := range map[string]struct {
		change  metasim.NumberChange
		status  parley.SenderStatus
		quality parley.Quality
		stop    parley.Stop
		alert   string
		blocked bool
	}{
		"medium quality": {metasim.NumberChange{Quality: of("YELLOW")}, parley.SenderOnline, parley.QualityYellow, parley.StopNothing, "", false},
		"low quality":    {metasim.NumberChange{Quality: of("RED")}, parley.SenderOnline, parley.QualityRed, parley.StopTemplates, "quality_red", true},
		"restricted":     {metasim.NumberChange{Status: of("RESTRICTED")}, parley.SenderSuspended, parley.QualityGreen, parley.StopTemplates, "status_suspended", true},
		"flagged":        {metasim.NumberChange{Status: of("FLAGGED")}, parley.SenderSuspended, parley.QualityGreen, parley.StopTemplates, "status_suspended", true},
		"banned":         {metasim.NumberChange{Status: of("BANNED")}, parley.SenderSuspended, parley.QualityGreen, parley.StopTemplates, "status_suspended", true},
		"disconnected":   {metasim.NumberChange{Status: of("DISCONNECTED")}, parley.SenderOffline, parley.QualityGreen, parley.StopNothing, "status_offline", true},
		"unpaid":         {metasim.NumberChange{NoPayment: &yes}, parley.SenderOnline, parley.QualityGreen, parley.StopTemplates, "unpaid", true},
		"a higher limit": {metasim.NumberChange{Limit: of("TIER_10K"), Throughput: &fast}, parley.SenderOnline, parley.QualityGreen, parley.StopNothing, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, o *office) {
				x := o.connected(waba, number)
				if h := x.Health; h.Status != parley.SenderOnline || h.Quality != parley.QualityGreen || h.LimitTier != "TIER_250" || h.Limit != 250 ||
					h.Throughput != 80 || h.VerifiedName != "Quillmoor Coffee" || !h.CheckedAt.Equal(o.clock.Now()) || senders.Blocked(x) != "" {
					t.Fatalf("at first it is %+v", h)
				}
				o.change(number, tc.change)
				before := o.calls.Load()
				for range 3 {
					o.clock.Move(senders.PollEvery)
					o.ok(o.service.Poll(o.ctx))
				}
				if n := o.calls.Load() - before; n != 3 {
					t.Errorf("three looks at one number took %d calls", n)
				}
				fresh := o.again(x)
				h := fresh.Health
				if h.Status != tc.status || h.Quality != tc.quality || h.Stopped != tc.stop || !h.CheckedAt.Equal(o.clock.Now()) {
					t.Errorf("it is %+v", h)
				}
				want := map[string]int{}
				if tc.alert != "" {
					want[tc.alert] = 1
				}
				if told := o.alerts(x); !maps.Equal(told, want) {
					t.Errorf("told: %v, want %v", told, want)
				}
				if why := senders.Blocked(fresh); (why != "") != tc.blocked {
					t.Errorf("templates are blocked: %q", why)
				}
				if tc.change.Limit != nil && (h.LimitTier != "TIER_10K" || h.Limit != 10_000 || h.Throughput != 1000) {
					t.Errorf("its limits are %+v", h)
				}
			})
		})
	}
}

// A stop stays when its cause has gone, until a person has looked; what a person
// has let go stays so until it becomes worse again, which is told again.
func TestResume(t *testing.T) {
	t.Parallel()
	red, green, yes, no := "RED", "GREEN", true, false
	for name, tc := range map[string]struct {
		worse, better metasim.NumberChange
		alert         string
	}{
		"quality": {metasim.NumberChange{Quality: &red}, metasim.NumberChange{Quality: &green}, "quality_red"},
		"payment": {metasim.NumberChange{NoPayment: &yes}, metasim.NumberChange{NoPayment: &no}, "unpaid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, o *office) {
				x := o.connected(waba, number)
				poll := func(what string, c metasim.NumberChange, stop parley.Stop, alerts int) {
					t.Helper()
					o.change(number, c)
					o.ok(o.service.Poll(o.ctx))
					if got := o.again(x).Health.Stopped; got != stop || o.alerts(x)[tc.alert] != alerts {
						t.Errorf("%s: it is stopped %q, told %v; want %q, %d", what, got, o.alerts(x), stop, alerts)
					}
				}
				poll("worse", tc.worse, parley.StopTemplates, 1)
				poll("better", tc.better, parley.StopTemplates, 1)
				poll("worse once more", tc.worse, parley.StopTemplates, 2)
				got, err := o.service.Resume(o.ctx, o.ws, x.ID)
				o.ok(err)
				if senders.Blocked(got) != "" || len(o.alerts(x)) != 0 || got.Health.LastError != nil {
					t.Errorf("resumed it is %+v with %v", got.Health, o.alerts(x))
				}
				poll("as bad as when it was let go", metasim.NumberChange{}, parley.StopNothing, 0)
				poll("better", tc.better, parley.StopNothing, 0)
				poll("worse again", tc.worse, parley.StopTemplates, 1)
				_, err = o.service.Resume(o.ctx, o.ws, "none")
				o.fails(err, parley.CodeNotFound, "")
			})
		})
	}
}

// A number that cannot be read is said to have failed, once, and keeps no other
// from being read. It recovers by itself.
func TestPollOneFails(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		bad, good := o.connected(waba, number), o.connected(waba, sibling)
		bad.Token = "EAAdead"
		o.ok(o.UpdateSender(o.ctx, bad))
		red := "RED"
		o.change(sibling, metasim.NumberChange{Quality: &red})
		for range 2 {
			o.ok(o.service.Poll(o.ctx))
		}
		h := o.again(bad).Health
		if h.Status != parley.SenderFailed || h.LastError == nil || h.LastError.Message == "" || o.alerts(bad)["unreadable"] != 1 {
			t.Errorf("the dead one is %+v, told %v", h, o.alerts(bad))
		}
		if senders.Blocked(o.again(bad)) == "" {
			t.Error("the dead one may send templates")
		}
		if o.again(good).Health.Quality != parley.QualityRed {
			t.Error("the other one was not read")
		}
		bad.Token = metasim.DefaultToken
		o.ok(o.UpdateSender(o.ctx, bad))
		o.ok(o.service.Poll(o.ctx))
		if h := o.again(bad).Health; h.Status != parley.SenderOnline {
			t.Errorf("repaired it is %+v", h)
		}
	})
}

// That Meta cannot be reached says nothing of the number: it stays as it was.
func TestMetaIsDown(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x := o.connected(waba, number)
		x.BaseURL = "http://127.0.0.1:1"
		o.ok(o.UpdateSender(o.ctx, x))
		_, err := o.service.Check(o.ctx, x)
		o.fails(err, parley.CodeUnavailable, "cannot be reached")
		o.ok(o.service.Poll(o.ctx))
		if h := o.again(x).Health; h.Status != parley.SenderOnline || len(o.alerts(x)) != 0 {
			t.Errorf("it became %+v, told %v", h, o.alerts(x))
		}
	})
}

// Parley keeps to Meta's budget by itself: 200 calls an hour for an account
// without a working number. The account's numbers share it, and others do not.
func TestCallBudget(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x, y, z := o.sender(waba, number), o.sender(waba, sibling), o.sender(otherAcc, foreign)
		for _, s := range []*parley.Sender{x, y, z} {
			o.ok(o.CreateSender(o.ctx, s))
		}
		for i := range 200 {
			if _, err := o.service.Meta.SubscribedApps(o.ctx, []*parley.Sender{x, y}[i%2]); err != nil {
				t.Fatalf("call %d: %v", i, err)
			}
		}
		for _, s := range []*parley.Sender{x, y} {
			_, err := o.service.Check(o.ctx, s)
			o.fails(err, parley.CodeRateLimited, "")
			if h := o.again(s).Health; h.Status != parley.SenderConnecting || len(o.alerts(s)) != 0 {
				t.Errorf("without a call it became %+v", h)
			}
		}
		if n := o.calls.Load(); n != 200 {
			t.Errorf("Meta was called %d times", n)
		}
		_, err := o.service.Check(o.ctx, z)
		o.ok(err)
		o.clock.Move(time.Hour / 200)
		fresh, err := o.service.Check(o.ctx, x)
		o.ok(err)
		// Now that it works there are 5,000, which come with the time.
		_, err = o.service.Check(o.ctx, fresh)
		o.fails(err, parley.CodeRateLimited, "")
		o.clock.Move(time.Hour)
		_, err = o.service.Check(o.ctx, fresh)
		o.ok(err)
		o.clock.Move(time.Hour)
		before := o.calls.Load()
		for range 300 {
			_, err := o.service.Check(o.ctx, fresh)
			o.ok(err)
		}
		if n := o.calls.Load() - before; n != 300 {
			t.Errorf("Meta was called %d times", n)
		}
	})
}
