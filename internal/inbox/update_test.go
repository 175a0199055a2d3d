package inbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// A webhook for a number that nobody has added is kept and says so; after the
// number was added it can be processed.
func TestUnknownNumber(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.process(value("999", object{"messages": []object{text("491700000001", "wamid.1", "hello", time.Now())}}))
		hook := w.webhooks()[0]
		if hook.State != store.WebhookFailed || !strings.Contains(hook.Error, "No sender here has the number") {
			t.Errorf("it is %s: %s", hook.State, hook.Error)
		}
		added := w.number(w.sender.AssistantID, "999", "+15550009999")
		w.ok(w.ProcessAgain(w.ctx, w.ws, hook.ID))
		w.process()
		again, err := w.Webhook(w.ctx, w.ws, hook.ID)
		w.ok(err)
		if again.State != store.WebhookDone || again.SenderID != added.ID {
			t.Errorf("with the number it is %s: %s", again.State, again.Error)
		}
		if _, err := w.MessageByProviderID(w.ctx, w.ws, added.ID, "wamid.1"); err != nil {
			t.Errorf("its message: %v", err)
		}
	})
}

// turnDue reports whether an answer is planned for somebody.
func (w *world) turnDue(id parley.Identity) bool {
	w.t.Helper()
	conv, err := w.NewestConversation(w.ctx, w.ws, w.sender.ID, []parley.Identity{id})
	w.ok(err)
	stats, err := w.ClaimWork(w.ctx, []parley.WorkKind{parley.WorkTurn}, 100, time.Minute)
	w.ok(err)
	for _, s := range stats {
		w.ok(w.DeferWork(w.ctx, s, time.Now(), false))
	}
	return slices.ContainsFunc(stats, func(s parley.Work) bool { return s.Key == conv })
}

// Only what was written to this number, and is handled here, is answered.
func TestWhatIsAnswered(t *testing.T) {
	now := time.Now().Add(-time.Second)
	hello := func() object { return text("491700000001", "wamid.1", "hello", now) }
	inGroup := hello()
	inGroup["group_id"] = "g1"
	reaction := object{"from": "491700000001", "id": "wamid.2", "timestamp": fmt.Sprint(now.Unix()), "type": "reaction", "reaction": object{"message_id": "wamid.0", "emoji": "👍"}}
	edit := object{"from": "491700000001", "id": "wamid.3", "timestamp": fmt.Sprint(now.Unix()), "type": "edit", "edit": object{
		"original_message_id": "wamid.1", "message": object{"type": "text", "text": object{"body": "edited"}}}}
	withheld := func(kind string) object {
		return object{"from": "491700000001", "id": "wamid.4", "timestamp": fmt.Sprint(now.Unix()), "type": "unsupported", "unsupported": object{"type": kind}}
	}
	standby := value(phoneNumberID, object{"messages": []object{hello()}})
	standby = []byte(strings.ReplaceAll(string(standby), `"field":"messages"`, `"field":"standby"`))
	for name, tc := range map[string]struct {
		body []byte
		want bool
	}{
		"a message":  {messages(hello()), true},
		"in a group": {messages(inGroup), false}, "a reaction": {messages(reaction), false},
		"an edit of what is not known": {messages(edit), false}, "a poll": {messages(withheld("poll_creation")), true},
		"an edit that is not passed on": {messages(withheld("edit")), false}, "a deletion that is not": {messages(withheld("revoke")), false}, "a standby copy": {standby, false},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				w.process(tc.body)
				if got := w.turnDue(phone("+491700000001")); got != tc.want {
					t.Errorf("answered: %v", got)
				}
				said := strings.Join(notes(w.said(phone("+491700000001"))), "\n")
				if strings.Contains(said, "in a WhatsApp group") != (name == "in a group") || strings.Contains(said, "This is a copy") != (name == "a standby copy") {
					t.Errorf("it says %q", said)
				}
				all, err := w.Alerts(w.ctx, w.ws)
				w.ok(err)
				if (len(all) > 0) != (name == "a standby copy") {
					t.Errorf("the alerts are %+v", all)
				}
			})
		})
	}
}

// Who writes under a new id before the change of it is known stays one person,
// and only what was replaced is said to be.
func TestNewUserID(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		now := time.Now().Add(-time.Minute)
		from := func(userID, id, body string) object {
			return object{"from_user_id": userID, "id": id, "timestamp": fmt.Sprint(now.Unix()), "type": "text", "text": object{"body": body}}
		}
		both := from("DE.1", "wamid.1", "one")
		both["from"] = "491700000001"
		w.process(messages(both))
		w.process(messages(from("DE.2", "wamid.2", "two")))
		w.process(messages(object{"from_user_id": "DE.2", "id": "wamid.3", "timestamp": fmt.Sprint(now.Unix()), "type": "system", "system": object{
			"type": "user_changed_user_id", "user_id": "DE.2", "previous_user_id": "DE.1", "body": "She has a new id."}}))
		w.process(messages(from("DE.2", "wamid.4", "four")))
		var of []string
		for _, id := range []parley.Identity{phone("+491700000001"), {Kind: parley.IdentityBSUID, Value: "DE.2"}} {
			conv, err := w.NewestConversation(w.ctx, w.ws, w.sender.ID, []parley.Identity{id})
			w.ok(err)
			of = append(of, conv)
		}
		if of[0] != of[1] {
			t.Error("they are two people")
		}
		if said := strings.Join(notes(w.said(phone("+491700000001"))), "\n"); !strings.Contains(said, "She has a new id: it is DE.2 now, and DE.1 no more.") {
			t.Errorf("it says %q", said)
		}
	})
}

// An edit that came before its message is that message.
func TestEditBeforeItsMessage(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		at := time.Now().Add(-time.Minute)
		edit := messages(object{"from": "491700000001", "id": "wamid.3", "timestamp": fmt.Sprint(at.Unix()), "type": "edit", "edit": object{
			"original_message_id": "wamid.1", "message": object{"type": "text", "text": object{"body": "as edited"}}}})
		original := messages(text("491700000001", "wamid.1", "as written", at.Add(-time.Second)))
		w.process(edit)
		w.process(original)
		w.process(edit)
		if got := contents(w.said(phone("+491700000001"))); !slices.Equal(got, []string{"as edited"}) {
			t.Errorf("it says %q", got)
		}
		for _, h := range w.webhooks() {
			if h.State != store.WebhookDone {
				t.Errorf("%s: %s", h.State, h.Error)
			}
		}
	})
}

// A message that comes after it was taken back says nothing and is not
// answered, in the same webhook or another, whatever the contact is called.
func TestRevokeBeforeItsMessage(t *testing.T) {
	at := time.Now().Add(-time.Minute)
	original := func() object { return text("491700000001", "wamid.1", "as written", at) }
	revoke := func() object {
		return object{"from_user_id": "DE.1", "id": "wamid.3", "timestamp": fmt.Sprint(at.Unix() + 1), "type": "revoke",
			"revoke": object{"original_message_id": "wamid.1"}}
	}
	for name, bodies := range map[string][][]byte{
		"one after the other": {messages(revoke()), messages(original())},
		"together":            {messages(revoke(), original())},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				for _, b := range bodies {
					w.process(b)
				}
				all := w.said(phone("+491700000001"))
				if len(all) != 1 || all[0].Content != "" || all[0].DeletedAt.IsZero() {
					t.Errorf("it holds %+v", all)
				}
				if name != "together" && w.turnDue(phone("+491700000001")) {
					t.Error("it is to be answered")
				}
			})
		})
	}
}

// While the assistant is switched off, the first message makes the conversation
// wait for a person, by one turn; those that follow need none.
func TestAIOff(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		x, err := w.Sender(w.ctx, w.ws, w.sender.ID)
		w.ok(err)
		x.AIOn, x.Token = false, ""
		w.ok(w.UpdateSender(w.ctx, x))
		w.process(messages(text("491700000001", "wamid.1", "hello", time.Now())))
		if !w.turnDue(phone("+491700000001")) {
			t.Error("nobody makes it wait for a person")
		}
		if got := w.said(phone("+491700000001")); len(got) != 1 {
			t.Errorf("it holds %q", contents(got))
		}
	})
}

// A price category by which Meta takes the number for a general-purpose
// assistant is an alarm, and the status counts all the same.
func TestGeneralPurposeAI(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.process(fixture(t, "derived/status_general_purpose_ai.json"))
		all, err := w.Alerts(w.ctx, w.ws)
		w.ok(err)
		if len(all) != 1 || all[0].Code != "general_purpose_ai" || all[0].SubjectID != w.sender.ID {
			t.Errorf("the alerts are %+v", all)
		}
	})
}

// A person keeps the conversation when WhatsApp says that the number changed,
// also where the new number writes in the same batch, and before it.
func TestIdentityChanges(t *testing.T) {
	change := func(at time.Time) object {
		return object{"from": "491700000001", "id": "wamid.sys", "timestamp": fmt.Sprint(at.Unix()), "type": "system", "system": object{
			"type": "user_changed_number", "body": "Anna changed from 491700000001 to 491700000002", "wa_id": "491700000002"}}
	}
	at := time.Now().Add(-time.Minute)
	old, fresh := text("491700000001", "wamid.1", "from the old", at), text("491700000002", "wamid.2", "from the new", at.Add(2*time.Second))
	for name, bodies := range map[string][][]byte{
		"in order":           {messages(old), messages(change(at.Add(time.Second))), messages(fresh)},
		"shuffled, together": {messages(fresh), messages(change(at.Add(time.Second))), messages(old)},
		"in one body":        {messages(fresh, change(at.Add(time.Second)), old)},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				w.process(bodies...)
				w.process(messages(change(at.Add(time.Second)))) // told again
				if got := contents(w.said(phone("+491700000002"))); !slices.Equal(got, []string{"from the old", "from the new"}) {
					t.Errorf("the conversation is %q", got)
				}
			})
		})
	}
	t.Run("the new number wrote first", func(t *testing.T) {
		run(t, func(t *testing.T, w *world) {
			w.process(messages(old))
			w.process(messages(fresh))
			w.process(messages(change(at.Add(time.Second))))
			page, err := w.List(w.ctx, store.ListQuery{WorkspaceID: w.ws})
			w.ok(err)
			if len(page.Rows) != 2 || page.Rows[0].ContactID != page.Rows[1].ContactID {
				t.Errorf("the conversations are of two people: %+v", page.Rows)
			}
		})
	})
	t.Run("of nobody", func(t *testing.T) {
		run(t, func(t *testing.T, w *world) {
			w.process(messages(change(at)))
			if h := w.webhooks()[0]; h.State != store.WebhookDone {
				t.Errorf("it is %s: %s", h.State, h.Error)
			}
		})
	})
}

func TestTemplateNews(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		x := &parley.Template{WorkspaceID: w.ws, WABAID: wabaID, Name: "order", Language: "en_US", Category: "UTILITY", Status: "PENDING", Components: []byte("[]")}
		w.ok(w.SaveTemplate(w.ctx, x))
		news := func(field string, v object) *parley.Template {
			v["message_template_id"], v["message_template_name"], v["message_template_language"] = 77, "order", "en-US"
			w.process(envelope(field, v))
			got, err := w.Template(w.ctx, w.ws, x.ID)
			w.ok(err)
			return got
		}
		if got := news("message_template_status_update", object{"event": "APPROVED", "reason": nil}); got.Status != "APPROVED" || got.MetaID != "77" {
			t.Errorf("approved it is %+v", got)
		}
		if got := news("message_template_quality_update", object{"previous_quality_score": "GREEN", "new_quality_score": "RED"}); got.Quality != parley.QualityRed || got.Status != "APPROVED" {
			t.Errorf("of low quality it is %+v", got)
		}
		if got := news("template_category_update", object{"previous_category": "UTILITY", "new_category": "MARKETING"}); got.Category != "MARKETING" {
			t.Errorf("moved it is %+v", got)
		}
		if got := news("message_template_status_update", object{"event": "REJECTED", "reason": "INVALID_FORMAT"}); got.Status != "REJECTED" || got.Reason == "" {
			t.Errorf("rejected it is %+v", got)
		}
		all, err := w.Alerts(w.ctx, w.ws)
		w.ok(err)
		if len(all) != 1 || all[0].Count != 2 {
			t.Errorf("the alerts are %+v", all)
		}
	})
}

func TestAccountAndNumberNews(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		health := func() parley.SenderHealth {
			x, err := w.Sender(w.ctx, w.ws, w.sender.ID)
			w.ok(err)
			return x.Health
		}
		w.process(envelope("phone_number_quality_update", object{"display_phone_number": "15550783881", "event": "ONBOARDING", "max_daily_conversations_per_business": "TIER_2K"}))
		if h := health(); h.Limit != 2000 || h.LimitTier != "TIER_2K" {
			t.Errorf("after its limit: %+v", h)
		}
		w.process(envelope("phone_number_quality_update", object{"display_phone_number": "15550783881", "event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"}))
		if h := health(); h.Throughput != 1000 || h.Limit != 2000 {
			t.Errorf("after the upgrade: %+v", h)
		}
		w.process(envelope("account_update", object{"event": "ACCOUNT_RESTRICTION", "restriction_info": []object{{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}}}))
		if h := health(); h.Stopped != parley.StopTemplates {
			t.Errorf("restricted: %+v", h)
		}
		w.process(envelope("account_update", object{"event": "DISABLED_UPDATE", "ban_info": object{"waba_ban_state": "DISABLE"}}))
		if h := health(); h.Stopped != parley.StopAll || h.Status != parley.SenderSuspended || h.LastError == nil {
			t.Errorf("disabled: %+v", h)
		}
		w.process(envelope("account_update", object{"event": "DISABLED_UPDATE", "ban_info": object{"waba_ban_state": "REINSTATE"}}))
		if h := health(); h.Stopped != parley.StopNothing {
			t.Errorf("reinstated: %+v", h)
		}
		w.process(fixture(t, "meta-docs/errors_out_of_band_130429.json"))
		for _, h := range w.webhooks() {
			if h.State != store.WebhookDone {
				t.Errorf("%v is %s: %s", h.Fields, h.State, h.Error)
			}
		}
	})
}

// A failure that a status tells stops the number, as one of a send would.
func TestFailedStatusStopsTheNumber(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.process(value(phoneNumberID, object{"statuses": []object{{
			"id": "wamid.1", "status": "failed", "timestamp": fmt.Sprint(time.Now().Unix()), "recipient_id": "491700000001",
			"errors": []object{{"code": 131042, "title": "Business eligibility payment issue"}},
		}}}))
		x, err := w.Sender(w.ctx, w.ws, w.sender.ID)
		w.ok(err)
		all, err := w.Alerts(w.ctx, w.ws)
		w.ok(err)
		if x.Health.Stopped != parley.StopAll || len(all) != 1 {
			t.Errorf("it is %+v, with %+v", x.Health, all)
		}
	})
}
