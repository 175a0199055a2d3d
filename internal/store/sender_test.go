package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func TestSenders(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		got, err := n.Sender(n.ctx, n.ws, n.sender.ID)
		n.ok(err)
		if got.Token != "graph-token-xyz" || !got.AIOn || got.PhoneNumberID != "1" {
			n.t.Errorf("got %+v", got)
		}
		twin := *got
		twin.ID = ""
		n.fails(n.CreateSender(n.ctx, &twin), parley.CodeConflict)

		got.Name, got.Token, got.AIOn = "Renamed", "", false
		n.ok(n.UpdateSender(n.ctx, got))
		got, err = n.Sender(n.ctx, n.ws, n.sender.ID)
		n.ok(err)
		if got.Name != "Renamed" || got.Token != "graph-token-xyz" || got.AIOn {
			n.t.Errorf("saved without a token it is %+v with %q", got, got.Token)
		}
		second := n.newSender(n.ws, n.assistant, "2")
		second.PhoneNumberID = "1"
		n.fails(n.UpdateSender(n.ctx, second), parley.CodeConflict)

		if text := fmt.Sprintf("%v %+v %#v", *got, got, *got); strings.Contains(text, "graph-token-xyz") {
			n.t.Errorf("it prints its token: %s", text)
		}
		n.ok(n.DeleteSender(n.ctx, n.ws, n.sender.ID))
		n.fails(n.DeleteSender(n.ctx, n.ws, n.sender.ID), parley.CodeNotFound)
		if _, err := n.WhatsAppApp(n.ctx, n.sender.AppID); parley.ErrorCode(err) != parley.CodeNotFound {
			n.t.Errorf("its app was left: %v", err)
		}
		if _, err := n.WhatsAppApp(n.ctx, second.AppID); err != nil {
			n.t.Errorf("another's app is gone: %v", err)
		}
		// Its number may be connected again.
		n.newSender(n.ws, n.assistant, "1")
	})
}

// An assistant that answers for a number stays.
func TestDeleteAssistantOfANumber(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		err := n.DeleteAssistant(n.ctx, n.ws, n.assistant)
		n.fails(err, parley.CodeConflict)
		if !strings.Contains(err.Error(), "WhatsApp number Shop") {
			n.t.Errorf("it says %q", err)
		}
		if _, err := n.Assistant(n.ctx, n.ws, n.assistant); err != nil {
			n.t.Errorf("it is gone: %v", err)
		}
		n.ok(n.DeleteSender(n.ctx, n.ws, n.sender.ID))
		n.ok(n.DeleteAssistant(n.ctx, n.ws, n.assistant))
	})
}

func TestWhatsAppApps(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		n.ok(n.SaveWhatsAppApp(n.ctx, &parley.WhatsAppApp{WorkspaceID: n.ws, ID: n.sender.AppID, Name: "Other"}))
		a, err := n.WhatsAppApp(n.ctx, n.sender.AppID)
		n.ok(err)
		if a.Name != "Other" || a.AppSecret != "app-secret-xyz" || a.VerifyToken != "verify-token-xyz" {
			n.t.Errorf("it is %+v", *a)
		}
		stolen := &parley.WhatsAppApp{WorkspaceID: n.workspace(), ID: n.sender.AppID, AppSecret: "mine"}
		n.fails(n.SaveWhatsAppApp(n.ctx, stolen), parley.CodeNotFound)
		all, err := n.WhatsAppApps(n.ctx, n.ws)
		n.ok(err)
		if len(all) != 1 || all[0].AppSecret != "app-secret-xyz" {
			n.t.Errorf("they are %v", all)
		}
	})
}

// Health changes one after the other, whoever changes it.
func TestChangeHealth(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		done := make(chan error)
		const times = 10
		for range times {
			go func() {
				_, err := n.ChangeHealth(n.ctx, n.ws, n.sender.ID, func(h *parley.SenderHealth) { h.Limit++ })
				done <- err
			}()
		}
		for range times {
			n.ok(<-done)
		}
		x, err := n.Sender(n.ctx, n.ws, n.sender.ID)
		n.ok(err)
		if x.Health.Limit != times {
			n.t.Errorf("%d of %d changes were kept", x.Health.Limit, times)
		}
		_, err = n.ChangeHealth(n.ctx, n.ws, "none", func(*parley.SenderHealth) {})
		n.fails(err, parley.CodeNotFound)
	})
}

// sends puts what is next in a conversation's outbox on its way.
func (n *number) sends(c *parley.Conversation, id string, to parley.Delivery) {
	n.t.Helper()
	w := n.claim(parley.WorkDeliver, c.ID)
	if w == nil {
		n.t.Fatal("nothing is to be sent")
	}
	out, err := n.claimDelivery(*w, parley.StopNothing)
	n.ok(err)
	_, err = n.SettleDelivery(n.ctx, out.Message, to, id, nil)
	n.ok(err)
	n.ok(n.CompleteWork(n.ctx, *w))
}

// What counts towards Meta's allowances: each service message once in its month,
// and each person once in 24 hours who was written to outside the window.
func TestSenderFacts(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		facts := func(sent, reached int) {
			n.t.Helper()
			f, err := n.SenderFacts(n.ctx, n.sender)
			n.ok(err)
			if f.ServiceSent != sent || f.Reached != reached {
				n.t.Errorf("counted %d sent, %d reached; want %d and %d", f.ServiceSent, f.Reached, sent, reached)
			}
		}
		template := func(c *parley.Conversation, id string) {
			n.t.Helper()
			_, err := n.SendTemplate(n.ctx, n.ws, c.ID, &parley.Message{Content: "Your order is here."})
			n.ok(err)
			n.sends(c, id, parley.DeliverySent)
		}
		facts(0, 0)
		c := n.answered("reply")
		n.sends(c, "wamid.a", parley.DeliverySent)
		facts(1, 0)
		_, err := n.DeliveryStatus(n.ctx, store.StatusReport{WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: "wamid.a", To: parley.DeliveryRead})
		n.ok(err)
		facts(1, 0)
		n.sends(n.answered("refused"), "", parley.DeliveryFailed)
		facts(1, 0)
		lost := n.answered("lost")
		n.sends(lost, "", parley.DeliveryUnknown)
		facts(1, 0)
		_, err = n.DeliveryStatus(n.ctx, store.StatusReport{
			WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: "wamid.lost", Key: lost.ID + "/" + n.log(lost)[1].ID, To: parley.DeliveryDelivered,
		})
		n.ok(err)
		facts(2, 0)

		template(c, "wamid.t1") // within the window
		facts(2, 0)
		n.clock.Move(parley.WindowTime)
		template(c, "wamid.t2")
		template(c, "wamid.t3") // the same person
		facts(2, 1)
		template(lost, "wamid.t4")
		facts(2, 2)
		n.clock.Move(23 * time.Hour)
		template(c, "wamid.t5") // again, so it counts from now
		n.clock.Move(2 * time.Hour)
		facts(2, 1)
		n.clock.Move(31 * 24 * time.Hour)
		facts(0, 0)
	})
}

func TestSenderErrors(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		for i := range 3 {
			c := n.answered("reply")
			w := n.claim(parley.WorkDeliver, c.ID)
			out, err := n.claimDelivery(*w, parley.StopNothing)
			n.ok(err)
			_, err = n.SettleDelivery(n.ctx, out.Message, parley.DeliveryFailed, "", fault(fmt.Sprint("e", i)))
			n.ok(err)
		}
		all, err := n.SenderErrors(n.ctx, n.ws, n.sender.ID, 2)
		n.ok(err)
		if len(all) != 2 || all[0].Error.Code != "e2" || all[1].Error.Code != "e1" {
			n.t.Errorf("got %+v", all)
		}
	})
}

func TestAlerts(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		for range 3 {
			n.ok(n.RaiseAlert(n.ctx, n.ws, n.sender.ID, "quality_red", "It is low."))
			n.clock.Move(time.Second)
		}
		n.ok(n.RaiseAlert(n.ctx, n.ws, n.sender.ID, "payment", "Add a card."))
		all, err := n.Alerts(n.ctx, n.ws)
		n.ok(err)
		if len(all) != 2 || all[0].Code != "payment" || all[1].Count != 3 || !all[1].LastAt.After(all[1].FirstAt) {
			n.t.Fatalf("they are %+v", all)
		}
		n.ok(n.DismissAlert(n.ctx, n.ws, all[0].ID))
		n.fails(n.DismissAlert(n.ctx, n.ws, all[0].ID), parley.CodeNotFound)
		n.ok(n.ClearAlerts(n.ctx, n.ws, n.sender.ID))
		if all, err = n.Alerts(n.ctx, n.ws); err != nil || len(all) != 0 {
			n.t.Errorf("left: %+v, %v", all, err)
		}
	})
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		tpl := func(name, status string) parley.Template {
			return parley.Template{WorkspaceID: n.ws, WABAID: "waba-1", Name: name, Language: "en_US", Category: "UTILITY", Status: status, Components: []byte(`[]`)}
		}
		one := tpl("order", "PENDING")
		n.ok(n.SaveTemplate(n.ctx, &one))
		id := one.ID
		one = tpl("order", "APPROVED")
		n.ok(n.SaveTemplate(n.ctx, &one))
		if one.ID != id {
			n.t.Errorf("the same template became %s", one.ID)
		}
		n.clock.Move(time.Second)
		var many []parley.Template
		for i := range 450 {
			many = append(many, tpl(fmt.Sprintf("t%03d", i), "APPROVED"))
		}
		n.ok(n.SyncTemplates(n.ctx, n.ws, "waba-1", many))
		all, err := n.Templates(n.ctx, n.ws, "waba-1", "")
		n.ok(err)
		if len(all) != 450 || all[0].Name != "t000" {
			n.t.Errorf("there are %d", len(all))
		}
		n.clock.Move(time.Second)
		gone := many[:200]
		gone[7].Status = "REJECTED"
		n.ok(n.SyncTemplates(n.ctx, n.ws, "waba-1", gone))
		all, err = n.Templates(n.ctx, n.ws, "waba-1", "APPROVED")
		n.ok(err)
		if len(all) != 199 {
			n.t.Errorf("%d are left", len(all))
		}
		got, err := n.TemplateByName(n.ctx, n.ws, "waba-1", "t007", "en_US")
		n.ok(err)
		if got.Status != "REJECTED" {
			n.t.Errorf("got %+v", got)
		}
		n.ok(n.DeleteTemplate(n.ctx, n.ws, got.ID))
		n.fails(n.DeleteTemplate(n.ctx, n.ws, got.ID), parley.CodeNotFound)
		_, err = n.Template(n.ctx, n.ws, got.ID)
		n.fails(err, parley.CodeNotFound)
	})
}
