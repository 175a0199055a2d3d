package senders_test

import (
	"errors"
	"strings"
	"testing"

	"parley"
	"parley/internal/metasim"
	"parley/internal/senders"
)

const hookURL = "https://shop.example/webhooks/whatsapp/1"

// Each thing that can be wrong with a connection fails its own step, says in
// words what is wrong and what to do, and keeps the others from being tried only
// where it must.
func TestConnection(t *testing.T) {
	t.Parallel()
	yes, red, restricted := false, "RED", "RESTRICTED"
	ok, warn, fail, skip := senders.CheckOK, senders.CheckWarning, senders.CheckFailed, senders.CheckSkipped
	both := []string{"whatsapp_business_messaging", "whatsapp_business_management"}
	type states = [5]senders.CheckState // token, permissions, number, subscription, webhook
	for name, tc := range map[string]struct {
		broken func(o *office, x *parley.Sender)
		hook   string
		want   states
		step   string // whose words are looked at
		says   string
		hint   string
	}{
		"all is well":    {nil, hookURL, states{ok, ok, ok, ok, ok}, senders.StepNumber, "Quillmoor Coffee", ""},
		"no webhook yet": {nil, "", states{ok, ok, ok, ok, skip}, senders.StepWebhook, "when the sender is saved", ""},
		"no token": {func(_ *office, x *parley.Sender) { x.Token = "" }, hookURL,
			states{fail, skip, skip, skip, ok}, senders.StepToken, "no token", "system user"},
		"a wrong token": {func(_ *office, x *parley.Sender) { x.Token = "EAAwrong" }, hookURL,
			states{fail, skip, skip, skip, ok}, senders.StepToken, "invalid or has expired", "Copy the token again"},
		"a token of two lines": {func(_ *office, x *parley.Sender) { x.Token = "EAA\nwrong" }, hookURL,
			states{fail, skip, skip, skip, ok}, senders.StepToken, "no usable access token", "Copy the token again"},
		"an expired token": {func(o *office, _ *parley.Sender) { o.sim.SetToken(metasim.TokenState{Scopes: both}) }, hookURL,
			states{fail, skip, skip, skip, ok}, senders.StepToken, "invalid or has expired", "Copy the token again"},
		"may not send": {func(o *office, _ *parley.Sender) { o.sim.SetToken(metasim.TokenState{Valid: true, Scopes: both[1:]}) }, hookURL,
			states{ok, fail, ok, ok, ok}, senders.StepPermissions, "lacks whatsapp_business_messaging", "system user"},
		"may not manage": {func(o *office, _ *parley.Sender) { o.sim.SetToken(metasim.TokenState{Valid: true, Scopes: both[:1]}) }, hookURL,
			states{ok, fail, fail, fail, ok}, senders.StepPermissions, "lacks whatsapp_business_management", "system user"},
		"the phone number as its id": {func(_ *office, x *parley.Sender) { x.PhoneNumberID = "15550783881" }, hookURL,
			states{ok, ok, fail, ok, ok}, senders.StepNumber, "check the ids of the number", "not the phone number itself"},
		"no id of the number": {func(_ *office, x *parley.Sender) { x.PhoneNumberID = "" }, hookURL,
			states{ok, ok, fail, ok, ok}, senders.StepNumber, "phone number id", "not the phone number itself"},
		"a wrong account": {func(_ *office, x *parley.Sender) { x.WABAID = "1" }, hookURL,
			states{ok, fail, ok, fail, ok}, senders.StepSubscription, "", "business account id"},
		"not subscribed": {func(o *office, _ *parley.Sender) { o.change(number, metasim.NumberChange{Subscribed: &yes}) }, hookURL,
			states{ok, ok, ok, warn, ok}, senders.StepSubscription, "No app gets the webhooks", "subscribes its app"},
		"restricted": {func(o *office, _ *parley.Sender) { o.change(number, metasim.NumberChange{Status: &restricted}) }, hookURL,
			states{ok, ok, warn, ok, ok}, senders.StepNumber, "suspended", "RESTRICTED"},
		"low quality": {func(o *office, _ *parley.Sender) { o.change(number, metasim.NumberChange{Quality: &red}) }, hookURL,
			states{ok, ok, warn, ok, ok}, senders.StepNumber, "Quillmoor Coffee", "quality is low"},
		"nobody answers": {func(_ *office, x *parley.Sender) { x.BaseURL = "http://127.0.0.1:1" }, hookURL,
			states{fail, skip, skip, skip, ok}, senders.StepToken, "cannot be reached", ""},
		"no web address": {func(_ *office, x *parley.Sender) { x.BaseURL = "ftp://example.com" }, hookURL,
			states{fail, skip, skip, skip, ok}, senders.StepToken, "base URL", ""},
		"the world cannot post": {func(o *office, _ *parley.Sender) {
			o.reachable = parley.Errorf(parley.CodeUnavailable, "Nothing answers there.")
		}, hookURL, states{ok, ok, ok, ok, fail}, senders.StepWebhook, "Nothing answers there.", "--public-url"},
		"a fault without words": {func(o *office, _ *parley.Sender) { o.reachable = errors.New("dial tcp: secret details") }, hookURL,
			states{ok, ok, ok, ok, fail}, senders.StepWebhook, "could not be asked", "--public-url"},
		"http for the world":   {nil, "http://shop.example/webhooks/whatsapp/1", states{ok, ok, ok, ok, fail}, senders.StepWebhook, "https addresses only", "--public-url"},
		"http of this machine": {nil, "http://127.0.0.1:1/webhooks/whatsapp/1", states{ok, ok, ok, ok, ok}, senders.StepWebhook, "The webhook answers", ""},
		"http of this machine for Meta": {func(_ *office, x *parley.Sender) { x.BaseURL, x.Token = "https://graph.example", "" }, "http://localhost:1/webhooks/whatsapp/1",
			states{fail, skip, skip, skip, fail}, senders.StepWebhook, "https addresses only", "--public-url"},
		"a simulated number": {func(o *office, x *parley.Sender) {
			x.Simulated, o.reachable = true, errors.New("asked all the same")
		}, hookURL, states{ok, ok, ok, ok, ok}, senders.StepWebhook, "simulator", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, o *office) {
				x := o.sender(waba, number)
				if tc.broken != nil {
					tc.broken(o, x)
				}
				checks := o.service.Test(o.ctx, x, tc.hook, "verify-me")
				steps := []string{senders.StepToken, senders.StepPermissions, senders.StepNumber, senders.StepSubscription, senders.StepWebhook}
				if len(checks) != len(steps) {
					t.Fatalf("the steps are %+v", checks)
				}
				for i, c := range checks {
					if c.Step != steps[i] || c.State != tc.want[i] {
						t.Errorf("step %d is %s %s, want %s %s: %s", i, c.Step, c.State, steps[i], tc.want[i], c.Message)
					}
					if c.Message == "" || c.State == fail && c.Hint == "" {
						t.Errorf("%s has no words: %+v", c.Step, c)
					}
					if text := c.Message + c.Hint; strings.Contains(text, metasim.DefaultToken) || x.Token != "" && strings.Contains(text, x.Token) ||
						strings.Contains(text, "secret details") {
						t.Errorf("%s tells too much: %s", c.Step, text)
					}
					if c.Step == tc.step && (!strings.Contains(c.Message, tc.says) || !strings.Contains(c.Hint, tc.hint)) {
						t.Errorf("it says %q, hint %q; want %q, %q", c.Message, c.Hint, tc.says, tc.hint)
					}
				}
				all, err := o.Senders(o.ctx, o.ws)
				o.ok(err)
				if told, err := o.Alerts(o.ctx, o.ws); err != nil || len(all) != 0 || len(told) != 0 {
					t.Errorf("a test has kept something: %v, %v, %v", all, told, err)
				}
			})
		})
	}
}

// Connecting subscribes to the account's webhooks, for this server's address if
// one is given that answers the handshake.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		yes := false
		x := o.connected(waba, number)
		o.change(number, metasim.NumberChange{Subscribed: &yes})
		o.ok(o.service.Meta.Subscribe(o.ctx, x, "", ""))
		apps, err := o.service.Meta.SubscribedApps(o.ctx, x)
		o.ok(err)
		if len(apps) != 1 || apps[0].CallbackURL != "" {
			t.Errorf("subscribed are %+v", apps)
		}
		err = o.service.Meta.Subscribe(o.ctx, x, "http://127.0.0.1:1/webhooks/whatsapp/1", "verify-me")
		if err == nil {
			t.Error("an address that does not answer was taken")
		}
	})
}
