package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/server"
	"parley/internal/server/wire"
	"parley/internal/store/storetest"
)

// mixed is our tenant with everything that stands below something else theirs.
func mixed(ours, theirs *tenant) *tenant {
	n := *ours
	n.document, n.template, n.webhook, n.message = theirs.document, theirs.template, theirs.webhook, theirs.message
	n.delivery, n.tag, n.note, n.turn = theirs.delivery, theirs.tag, theirs.note, theirs.turn
	return &n
}

// TestLaw10CrossedIDs asks with our key for what is theirs below what is ours,
// in paths and in bodies, at the simulator and at the webhook.
func TestLaw10CrossedIDs(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			var simulated atomic.Int64
			w := newWorld(t, engineName, func(c *server.Config) {
				c.SimulatorWorkspace = workspaceIDs["theirs"]
				c.Simulator = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
					simulated.Add(1)
					rw.WriteHeader(http.StatusNoContent)
				})
			})
			w.complete(w.ours)
			w.complete(w.theirs)
			before := w.fingerprint(w.theirs)
			both := mixed(w.ours, w.theirs)
			crossed := 0
			for _, l := range guarded(t) {
				below := strings.Count(l.path, "{") == 2 && !strings.Contains(l.path, "{n}")
				simulator := strings.HasPrefix(l.path, "/api/v1/simulator/")
				if !below && !simulator {
					continue
				}
				crossed++
				r := both.to(l)
				r.key = w.ours.key
				if a := w.send(r); a.code() != parley.CodeNotFound || strings.Contains(string(a.body), "of theirs") {
					t.Errorf("%s with what is theirs below what is ours: %s", l, a)
				}
				r = mixed(w.theirs, w.ours).to(l)
				r.key = w.ours.key
				if a := w.send(r); a.code() != parley.CodeNotFound {
					t.Errorf("%s with what is ours below what is theirs: %s", l, a)
				}
				if r.key = w.theirs.key; simulator && w.send(r).status != http.StatusNoContent {
					t.Errorf("%s is closed to whose it is", l)
				}
			}
			if crossed < 12 {
				t.Errorf("only %d routes were asked", crossed)
			}
			if n := simulated.Load(); n != 4 {
				t.Errorf("the simulator was reached %d times", n)
			}
			w.crossedBodies(w.ours, w.theirs)
			w.crossedWebhook(w.ours, w.theirs)
			if after := w.fingerprint(w.theirs); after != before {
				t.Errorf("something of the other workspace has changed:\n%s\n%s", before, after)
			}
		})
	}
}

// crossedBodies names what is theirs in bodies for what is ours.
func (w *world) crossedBodies(ours, theirs *tenant) {
	w.t.Helper()
	number := func(assistant, app string) wire.SaveSender {
		return wire.SaveSender{Name: "N", PhoneNumberID: "7", WABAID: "1", BaseURL: ours.sender.BaseURL, Token: "EAAG", AssistantID: assistant,
			App: &wire.SaveSenderApp{ID: app, AppSecret: "stolen"}}
	}
	senders, send := "/api/v1/whatsapp/senders", "/templates/"+ours.template.ID+"/send"
	for name, r := range map[string]request{
		"a number of their app":               {method: "POST", path: senders, body: number(ours.assistant.ID, theirs.sender.AppID)},
		"a number with their assistant":       {method: "POST", path: senders, body: number(theirs.assistant.ID, "")},
		"our number moved to their app":       {method: "PUT", path: senders + "/" + ours.sender.ID, body: number(ours.assistant.ID, theirs.sender.AppID)},
		"our number answered by theirs":       {method: "PUT", path: senders + "/" + ours.sender.ID, body: number(theirs.assistant.ID, "")},
		"their number tested":                 {method: "POST", path: senders + "/test", body: wire.TestSender{ID: theirs.sender.ID}},
		"a template into their conversation":  {method: "POST", path: senders + "/" + ours.sender.ID + send, body: wire.SendTemplate{ConversationID: theirs.conversation.ID}},
		"a template into one of no number":    {method: "POST", path: senders + "/" + ours.sender.ID + send, body: wire.SendTemplate{ConversationID: ours.conversation.ID}},
		"a conversation with their assistant": {method: "POST", path: "/api/v1/conversations", body: wire.NewConversation{AssistantID: theirs.assistant.ID, Source: parley.SourceAPI}},
	} {
		r.key = ours.key
		if a := w.send(r); a.code() != parley.CodeNotFound {
			w.t.Errorf("%s: %s", name, a)
		}
	}
}

// crossedWebhook posts to their webhook with our app's secret, and reads their
// handshake with our token.
func (w *world) crossedWebhook(ours, theirs *tenant) {
	w.t.Helper()
	body := []byte(`{"object":"whatsapp_business_account","entry":[]}`)
	signed := func(secret string) map[string]string {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		return map[string]string{"X-Hub-Signature-256": "sha256=" + hex.EncodeToString(mac.Sum(nil))}
	}
	path := "/webhooks/whatsapp/" + theirs.sender.AppID
	if a := w.send(request{method: "POST", path: path, body: body, header: signed("app-secret-ours")}); a.status != http.StatusUnauthorized {
		w.t.Errorf("their webhook with our secret: %s", a)
	}
	handshake := "?hub.mode=subscribe&hub.challenge=12345&hub.verify_token=verify-"
	if a := w.send(request{method: "GET", path: path + handshake + "ours"}); a.status/100 == 2 || strings.Contains(string(a.body), "12345") {
		w.t.Errorf("their handshake with our token: %s", a)
	}
	if a := w.send(request{method: "GET", path: path + handshake + "theirs"}); a.status != http.StatusOK || string(a.body) != "12345" {
		w.t.Errorf("their handshake: %s", a)
	}
	path = "/webhooks/whatsapp/" + ours.sender.AppID
	if a := w.send(request{method: "POST", path: path, body: body, header: signed("app-secret-ours")}); a.status != http.StatusOK {
		w.t.Errorf("our webhook: %s", a)
	}
}
