package senders_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/metasim"
	"parley/internal/metasim/world"
	pricing "parley/internal/price"
	"parley/internal/senders"
	"parley/internal/store"
)

// named returns the stored English template of a name; nil for none.
func (o *office) named(x *parley.Sender, name string) *parley.Template {
	o.t.Helper()
	all, err := o.Templates(o.ctx, o.ws, x.WABAID, "")
	o.ok(err)
	i := slices.IndexFunc(all, func(t parley.Template) bool { return t.Name == name && t.Language == "en_US" })
	if i < 0 {
		return nil
	}
	return &all[i]
}

func (o *office) sync(x *parley.Sender) {
	o.t.Helper()
	o.ok(o.service.SyncTemplates(o.ctx, x))
}

func fieldsOf(err error) []parley.FieldError {
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e.Fields
	}
	return nil
}

// order is a template that Meta takes.
func order(name string) *parley.Template {
	return &parley.Template{
		Name: name, Language: "en_US", Category: "UTILITY", Format: "positional",
		Components: json.RawMessage(`[{"type":"BODY","text":"Your order {{1}} is on its way.","example":{"body_text":[["ORD-1"]]}}]`),
	}
}

// The stored templates are those of the sender's account, with Meta's decision
// and its reason; what Meta has no more goes, and another account's stay.
func TestSyncTemplates(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x, y := o.connected(waba, number), o.connected(otherAcc, foreign)
		o.sync(x)
		o.sync(y)
		of := map[string]int{}
		for _, at := range o.sim.Templates() {
			of[at.AccountID]++
		}
		for _, s := range []*parley.Sender{x, y} {
			all, err := o.Templates(o.ctx, o.ws, s.WABAID, "")
			o.ok(err)
			if len(all) != of[s.WABAID] || len(all) == 0 {
				t.Errorf("%d of %d templates are stored", len(all), of[s.WABAID])
			}
		}
		was := o.named(x, "hello_world")
		for name, decision := range map[string][2]string{"hello_world": {"REJECTED", "PROMOTIONAL"}, "order_confirmation": {"PAUSED", ""}} {
			_, err := o.sim.ReviewTemplate(o.named(x, name).MetaID, decision[0], decision[1])
			o.ok(err)
		}
		o.clock.Move(time.Second)
		o.sync(x)
		got := o.named(x, "hello_world")
		if got.ID != was.ID || got.Status != "REJECTED" || got.Reason != "PROMOTIONAL" || !got.SyncedAt.Equal(o.clock.Now()) {
			t.Errorf("it became %+v", got)
		}
		if got := o.named(x, "order_confirmation"); got.Status != "PAUSED" {
			t.Errorf("it became %+v", got)
		}
		if got := o.named(y, "hello_world"); got == nil || got.Status != parley.TemplateApproved {
			t.Errorf("the other account's became %+v", got)
		}
		o.ok(o.service.Meta.DeleteTemplate(o.ctx, x, "hello_world", got.MetaID))
		o.clock.Move(time.Second)
		o.sync(x)
		if o.named(x, "hello_world") != nil || o.named(y, "hello_world") == nil {
			t.Error("what Meta has no more is still there, or another account's is gone")
		}
	})
}

// What Meta would refuse is said at its field, and Meta never sees it; what it
// takes is kept as pending, and deleted on both sides.
func TestCreateTemplate(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x := o.connected(waba, number)
		before := o.calls.Load()
		for field, change := range map[string]func(*parley.Template){
			"name":              func(t *parley.Template) { t.Name = "Order-Shipped" },
			"language":          func(t *parley.Template) { t.Language = "english" },
			"category":          func(t *parley.Template) { t.Category = "SERVICE" },
			"components":        func(t *parley.Template) { t.Components = json.RawMessage(`[]`) },
			"components.0.text": func(t *parley.Template) { t.Components = json.RawMessage(`[{"type":"BODY","text":""}]`) },
			"components.0.example": func(t *parley.Template) {
				t.Components = json.RawMessage(`[{"type":"BODY","text":"Order {{1}} left."}]`)
			},
		} {
			bad := order("order_shipped")
			change(bad)
			_, err := o.service.CreateTemplate(o.ctx, x, bad)
			o.fails(err, parley.CodeInvalid, "Meta would refuse")
			if fields := fieldsOf(err); !slices.ContainsFunc(fields, func(f parley.FieldError) bool { return f.Path == field && f.Message != "" }) {
				t.Errorf("%s: the fields are %+v", field, fields)
			}
		}
		if n := o.calls.Load() - before; n != 0 {
			t.Errorf("Meta was asked %d times about what it would refuse", n)
		}
		made, err := o.service.CreateTemplate(o.ctx, x, order("order_shipped"))
		o.ok(err)
		if kept := o.named(x, "order_shipped"); kept == nil || kept.ID != made.ID || kept.Status != "PENDING" || kept.MetaID == "" {
			t.Fatalf("it is kept as %+v", kept)
		}
		_, err = o.service.CreateTemplate(o.ctx, x, order("order_shipped"))
		o.fails(err, parley.CodeInvalid, "already")
		if kept := o.named(x, "order_shipped"); kept == nil || kept.ID != made.ID {
			t.Errorf("made twice it is %+v", kept)
		}
		o.fails(o.service.DeleteTemplate(o.ctx, o.connected(otherAcc, foreign), made.ID), parley.CodeNotFound, "")
		o.ok(o.service.DeleteTemplate(o.ctx, x, made.ID))
		o.fails(o.service.DeleteTemplate(o.ctx, x, made.ID), parley.CodeNotFound, "")
		o.sync(x)
		if o.named(x, "order_shipped") != nil {
			t.Error("Meta has it still")
		}
		// What somebody has deleted at Meta goes here too.
		made, err = o.service.CreateTemplate(o.ctx, x, order("order_returned"))
		o.ok(err)
		o.ok(o.service.Meta.DeleteTemplate(o.ctx, x, made.Name, made.MetaID))
		o.ok(o.service.DeleteTemplate(o.ctx, x, made.ID))
		if o.named(x, "order_returned") != nil {
			t.Error("it is still here")
		}
	})
}

// The price is said before anything is sent, by what Meta's category costs.
func TestPriceIsShownFirst(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x := o.connected(waba, number)
		for category, words := range map[string]string{
			"MARKETING": "marketing rate", "UTILITY": "utility rate", "AUTHENTICATION": "authentication rate", "NEW": "not known",
		} {
			tpl := order("of_" + strings.ToLower(category))
			tpl.WorkspaceID, tpl.WABAID, tpl.Category, tpl.Status = o.ws, x.WABAID, category, parley.TemplateApproved
			o.ok(o.SaveTemplate(o.ctx, tpl))
			before := o.calls.Load()
			m, err := o.service.Compose(o.ctx, x, tpl.ID, senders.Fill{Body: map[string]string{"1": " ORD-77 "}})
			o.ok(err)
			o.ok(o.service.Quote(o.ctx, m, senders.To{Phone: "+49 30 23125000"}))
			if !strings.Contains(m.Price, words) || m.Preview.Body != "Your order ORD-77 is on its way." || m.Blocked != "" || o.calls.Load() != before {
				t.Errorf("%s is shown as %+v", category, m)
			}
			_, err = o.service.Compose(o.ctx, x, tpl.ID, senders.Fill{})
			o.fails(err, parley.CodeInvalid, "must not be empty")
			if fields := fieldsOf(err); len(fields) != 1 || fields[0].Path != "body.0" {
				t.Errorf("the fields are %+v", fields)
			}
		}
	})
}

// Where the price table knows it, the price itself is said, of the market of
// whom it goes to.
func TestPriceOfTheMarket(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x := o.connected(waba, number)
		usd := func(n int64) *int64 { return &n }
		o.ok(o.AddPrices(o.ctx, o.ws, []parley.Price{
			{Provider: pricing.Messages, Model: "utility/+49", Input: usd(55_000), Output: usd(0), Source: "rates", ReadOn: "2026-10-01"},
			{Provider: pricing.Messages, Model: "utility/*", Input: usd(7_700), Output: usd(0), Source: "rates", ReadOn: "2026-10-01"},
		}))
		tpl := order("priced")
		tpl.WorkspaceID, tpl.WABAID, tpl.Category, tpl.Status = o.ws, x.WABAID, "UTILITY", parley.TemplateApproved
		o.ok(o.SaveTemplate(o.ctx, tpl))
		for to, want := range map[senders.To]string{
			{Phone: "+49 30 23125000"}: "charges 0.055 USD for this message: its utility rate",
			{Phone: "+55 11 91234567"}: "charges 0.0077 USD",
			{}:                         "charges 0.0077 USD",
			{ConversationID: "none"}:   "utility rate of the recipient's country",
		} {
			m, err := o.service.Compose(o.ctx, x, tpl.ID, senders.Fill{Body: map[string]string{"1": "ORD-77"}})
			o.ok(err)
			o.ok(o.service.Quote(o.ctx, m, to))
			if !strings.Contains(m.Price, want) {
				t.Errorf("to %+v it says %q", to, m.Price)
			}
		}
	})
}

// What must not be sent is refused with the reason, and leaves no trace.
func TestSendRefuses(t *testing.T) {
	t.Parallel()
	fill := senders.Fill{Body: map[string]string{"1": "ORD-77"}}
	for name, tc := range map[string]struct {
		status string
		health func(*parley.SenderHealth)
		fill   senders.Fill
		to     string
		code   parley.Code
		words  string
	}{
		"pending":         {"PENDING", nil, fill, "+16505551234", parley.CodeConflict, "it is pending"},
		"rejected":        {"REJECTED", nil, fill, "+16505551234", parley.CodeConflict, "it is rejected"},
		"paused":          {"PAUSED", nil, fill, "+16505551234", parley.CodeConflict, "it is paused"},
		"stopped":         {"APPROVED", func(h *parley.SenderHealth) { h.Stopped = parley.StopTemplates }, fill, "+16505551234", parley.CodeConflict, "Templates are stopped"},
		"all stopped":     {"APPROVED", func(h *parley.SenderHealth) { h.Stopped = parley.StopAll }, fill, "+16505551234", parley.CodeConflict, "This sender is stopped"},
		"suspended":       {"APPROVED", func(h *parley.SenderHealth) { h.Status = parley.SenderSuspended }, fill, "+16505551234", parley.CodeConflict, "is suspended"},
		"failed":          {"APPROVED", func(h *parley.SenderHealth) { h.Status = parley.SenderFailed }, fill, "+16505551234", parley.CodeConflict, "is failed"},
		"no values":       {"APPROVED", nil, senders.Fill{}, "+16505551234", parley.CodeInvalid, "must not be empty"},
		"no phone number": {"APPROVED", nil, fill, "sheena", parley.CodeInvalid, "country code"},
		"nobody":          {"APPROVED", nil, fill, "", parley.CodeInvalid, "country code"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, o *office) {
				x := o.connected(waba, number)
				tpl := order("order_shipped")
				tpl.WorkspaceID, tpl.WABAID, tpl.Status = o.ws, x.WABAID, tc.status
				o.ok(o.SaveTemplate(o.ctx, tpl))
				if tc.health != nil {
					var err error
					x, err = o.ChangeHealth(o.ctx, o.ws, x.ID, tc.health)
					o.ok(err)
				}
				_, err := o.service.Send(o.ctx, x, tpl.ID, tc.fill, senders.To{Phone: tc.to}, engine.Actor{Name: "Anna"})
				o.fails(err, tc.code, tc.words)
				page, err := o.List(o.ctx, store.ListQuery{WorkspaceID: o.ws})
				o.ok(err)
				if len(page.Rows) != 0 {
					t.Errorf("a conversation was opened: %+v", page.Rows)
				}
			})
		})
	}
}

// A template goes to one person outside any window, once, without the
// assistant's greeting before it, and in the conversation with this number.
func TestSendTemplate(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x, y := o.connected(waba, number), o.connected(otherAcc, foreign)
		o.sync(x)
		o.sync(y)
		anna := engine.Actor{Name: "Anna"}
		p, err := o.sim.AddPerson(world.Person{ID: "ann", Name: "Ann", Phone: "4915112300001"})
		o.ok(err)
		tpl := o.named(x, "order_confirmation")
		fill := senders.Fill{Body: map[string]string{"1": "Ann", "2": "ORD-9"}, Buttons: map[string]string{"0": "ORD-9"}}
		got, err := o.service.Send(o.ctx, x, tpl.ID, fill, senders.To{Phone: "+49 151 12300001"}, anna)
		o.ok(err)
		if got.Conversation.SenderID != x.ID || got.Conversation.Source != parley.SourceWhatsApp || got.Message.Type != parley.MessageTemplate ||
			got.Message.AuthorName != "Anna" || !strings.Contains(got.Message.Content, "Hello Ann, your order ORD-9 is on its way.") {
			t.Errorf("recorded: %+v in %+v", got.Message, got.Conversation)
		}
		again, err := o.service.Send(o.ctx, x, tpl.ID, fill, senders.To{ConversationID: got.Conversation.ID}, anna)
		o.ok(err)
		if again.Conversation.ID != got.Conversation.ID {
			t.Error("the second one has another conversation")
		}
		// Another number has a conversation of its own, and sends its templates
		// into no other's.
		foreignTemplate := o.named(y, "order_confirmation")
		_, err = o.service.Send(o.ctx, y, foreignTemplate.ID, fill, senders.To{ConversationID: got.Conversation.ID}, anna)
		o.fails(err, parley.CodeNotFound, "")
		_, err = o.service.Send(o.ctx, y, tpl.ID, fill, senders.To{Phone: p.Phone}, anna)
		o.fails(err, parley.CodeNotFound, "")
		other, err := o.service.Send(o.ctx, y, foreignTemplate.ID, fill, senders.To{Phone: "+" + p.Phone}, anna)
		o.ok(err)
		if other.Conversation.ID == got.Conversation.ID {
			t.Error("the other number continues the first one's conversation")
		}
		o.runUntilSent(3)
		from := map[string]int{}
		for _, m := range o.sim.Report().Outbound {
			if m.Type != "template" || m.PersonID != p.ID || m.WindowOpen || !strings.Contains(m.Text, "your order ORD-9") {
				t.Errorf("Meta has %+v", m)
			}
			from[m.NumberID]++
		}
		if from[number] != 2 || from[foreign] != 1 {
			t.Errorf("Meta has %v", from)
		}
		facts, err := o.SenderFacts(o.ctx, x)
		o.ok(err)
		if facts.Reached != 1 || facts.ServiceSent != 0 {
			t.Errorf("counted %+v", facts)
		}
		all, err := o.Messages(o.ctx, o.ws, got.Conversation.ID, 0, 0)
		o.ok(err)
		if len(all) != 2 || all[0].Delivery != parley.DeliverySent || all[1].Delivery != parley.DeliverySent {
			t.Errorf("the conversation holds %+v", all)
		}
	})
}

// runUntilSent runs the engine until Meta has n messages and nothing is queued.
func (o *office) runUntilSent(n int) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.ctx, time.Minute)
	done := make(chan error, 1)
	go func() { done <- o.engine.Run(ctx) }()
	for ctx.Err() == nil && (len(o.sim.Report().Outbound) < n || o.queued(ctx) > 0) {
		time.Sleep(10 * time.Millisecond)
	}
	late := ctx.Err()
	cancel()
	<-done
	o.ok(late)
}

// queued counts what has not been sent in any conversation.
func (o *office) queued(ctx context.Context) (n int) {
	page, err := o.List(ctx, store.ListQuery{WorkspaceID: o.ws})
	if err != nil {
		return 1
	}
	for _, row := range page.Rows {
		all, err := o.Messages(ctx, o.ws, row.ID, 0, 0)
		if err != nil {
			return 1
		}
		for _, m := range all {
			if m.Delivery == parley.DeliveryQueued || m.Delivery == parley.DeliverySending {
				n++
			}
		}
	}
	return n
}

// The words of a one-time code are read from Meta as soon as it has the
// template; the code is given once, and its button copies it.
func TestOneTimeCode(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x := o.connected(waba, number)
		p, err := o.sim.AddPerson(world.Person{ID: "ann", Name: "Ann", Phone: "4915112300001"})
		o.ok(err)
		made, err := o.service.CreateTemplate(o.ctx, x, &parley.Template{
			Name: "our_code", Language: "de", Category: "AUTHENTICATION", Components: json.RawMessage(`[{"type":"BODY","add_security_recommendation":true},
				{"type":"FOOTER","code_expiration_minutes":5},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE","text":"Kopieren"}]}]`),
		})
		o.ok(err)
		_, err = o.sim.ReviewTemplate(made.MetaID, "APPROVED", "")
		o.ok(err)
		kept, err := o.Template(o.ctx, o.ws, made.ID)
		o.ok(err)
		if !strings.Contains(string(kept.Components), "ist dein Verifizierungscode") {
			t.Errorf("kept as %s", kept.Components)
		}
		kept.Status = parley.TemplateApproved
		o.ok(o.SaveTemplate(o.ctx, kept))
		send := func(code string) error {
			fill := senders.Fill{Body: map[string]string{"1": code}}
			_, err := o.service.Send(o.ctx, x, made.ID, fill, senders.To{Phone: "+" + p.Phone}, engine.Actor{Name: "Anna"})
			return err
		}
		o.fails(send("1234567890123456"), parley.CodeInvalid, "15 characters")
		o.ok(send("4711"))
		o.runUntilSent(1)
		chat, err := o.sim.Chat(p.ID, number, "")
		o.ok(err)
		got := chat.Messages[0]
		if !strings.HasPrefix(got.Text, "*4711* ist dein") || got.Footer != "Dieser Code läuft in 5 Minuten ab." || len(got.Buttons) != 1 ||
			got.Buttons[0].Title != "Kopieren" || got.Buttons[0].Kind != "copy_code" || got.Buttons[0].Value != "4711" {
			t.Errorf("on the phone: %+v", got)
		}
	})
}

// A number of low quality sends no template, not even one, until a person lets
// it; then it does.
func TestLowQualityStopsTemplates(t *testing.T) {
	t.Parallel()
	run(t, func(_ *testing.T, o *office) {
		x := o.connected(waba, number)
		red := "RED"
		o.change(number, metasim.NumberChange{Quality: &red})
		fresh, err := o.service.Check(o.ctx, x)
		o.ok(err)
		o.sync(x)
		tpl := o.named(x, "hello_world")
		_, err = o.service.Send(o.ctx, fresh, tpl.ID, senders.Fill{}, senders.To{Phone: "+16505551234"}, engine.Actor{})
		o.fails(err, parley.CodeConflict, "Templates are stopped")
		fresh, err = o.service.Resume(o.ctx, o.ws, x.ID)
		o.ok(err)
		_, err = o.service.Send(o.ctx, fresh, tpl.ID, senders.Fill{}, senders.To{Phone: "+16505551234"}, engine.Actor{})
		o.ok(err)
		o.runUntilSent(1)
	})
}
