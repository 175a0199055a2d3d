package store_test

import (
	"context"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// Law 10: with another workspace's ids nothing is found and nothing changes.
func TestWorkspacesDoNotLeak(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.queued(2)
		start := sc.log(c)
		turns, err := sc.Turns(sc.ctx, sc.ws, c.ID)
		sc.ok(err)
		sc.ok(sc.OpenUsage(sc.ctx, &parley.Usage{ID: "u1", WorkspaceID: sc.ws, ConversationID: c.ID}))
		sc.index()
		before := sc.reload(c)
		other := sc.workspace()
		theirs := sc.newAssistant(other, "Theirs")

		work := sc.claim(parley.WorkDeliver, c.ID)
		foreign := *work
		foreign.WorkspaceID = other
		message := start[1]
		message.WorkspaceID = other
		ctx := sc.ctx
		for name, call := range map[string]func() error{
			"Conversation":    func() error { return second(sc.Conversation(ctx, other, c.ID)) },
			"ConversationRow": func() error { return second(sc.ConversationRow(ctx, other, c.ID)) },
			"Message":         func() error { return second(sc.Message(ctx, other, c.ID, start[0].ID)) },
			"Turn":            func() error { return second(sc.Turn(ctx, other, turns[0].ID)) },
			"Contact":         func() error { _, _, err := sc.Contact(ctx, other, c.ContactID); return err },
			"Evaluation":      func() error { return second(sc.Evaluation(ctx, other, c.ID)) },
			"Recompute":       func() error { return second(sc.Recompute(ctx, other, c.ID)) },
			"Takeover":        func() error { return second(sc.Takeover(ctx, other, c.ID, sc.anna)) },
			"Release":         func() error { return second(sc.Release(ctx, other, c.ID, sc.anna)) },
			"End":             func() error { return second(sc.End(ctx, other, c.ID, parley.EndOperator, "")) },
			"OperatorMessage": func() error {
				return second(sc.OperatorMessage(ctx, other, c.ID, sc.anna, []parley.Message{{Content: "x"}}, true))
			},
			"Receive": func() error {
				return second(sc.Receive(ctx, store.ReceiveMessage{WorkspaceID: other, ConversationID: c.ID, Message: &parley.Message{Content: "x"}, Reopen: true}))
			},
			"BeginTurn":  func() error { return second(sc.BeginTurn(ctx, foreign)) },
			"FinishTurn": func() error { return second(sc.FinishTurn(ctx, foreign, store.TurnEnd{Turn: &turns[0]})) },
			"CancelTurn": func() error {
				return sc.CancelTurn(ctx, &parley.Turn{ID: turns[0].ID, WorkspaceID: other, ConversationID: c.ID})
			},
			"ClaimDelivery":  func() error { return second(sc.ClaimDelivery(ctx, foreign, message.ID, parley.StopNothing)) },
			"SettleDelivery": func() error { return second(sc.SettleDelivery(ctx, &message, parley.DeliverySent, "", nil)) },
			"OpenUsage":      func() error { return sc.OpenUsage(ctx, &parley.Usage{WorkspaceID: other, ConversationID: c.ID}) },
			"SettleUsage": func() error {
				return sc.SettleUsage(ctx, &parley.Usage{ID: "u1", WorkspaceID: other, ConversationID: c.ID})
			},
			"SettleUsage alone": func() error {
				return sc.SettleUsage(ctx, &parley.Usage{ID: "u1", WorkspaceID: other})
			},
			"SaveEvaluation": func() error {
				return second(sc.SaveEvaluation(ctx, nil, other, &parley.Evaluation{ConversationID: c.ID}, nil))
			},
			"DeleteConversation": func() error { return sc.DeleteConversation(ctx, other, c.ID) },
			"OpenConversation": func() error {
				_, _, err := sc.OpenConversation(ctx, store.OpenConversation{
					WorkspaceID: sc.ws, Source: parley.SourceAPI, AssistantID: theirs,
					Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: "x"}},
				})
				return err
			},
		} {
			if err := call(); parley.ErrorCode(err) != parley.CodeNotFound {
				sc.t.Errorf("%s: got %v", name, err)
			}
		}
		sc.noLists(ctx, other, c)
		if after := sc.reload(c); after.Rev != before.Rev {
			sc.t.Errorf("it was changed from\n%+v to\n%+v", before, after)
		}
	})
}

// Law 10 for numbers, their webhooks, templates, alerts, and what their channel
// reports.
func TestSendersDoNotLeak(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("reply")
		n.sends(c, "wamid.ours", parley.DeliverySent)
		theirs := n.log(c)[0].ProviderID
		n.post(`{}`)
		hooks, err := n.WaitingWebhooks(n.ctx, n.sender.AppID, 1)
		n.ok(err)
		tpl := &parley.Template{WorkspaceID: n.ws, WABAID: "waba-1", Name: "t", Language: "en", Components: []byte("[]")}
		n.ok(n.SaveTemplate(n.ctx, tpl))
		n.ok(n.RaiseAlert(n.ctx, n.ws, n.sender.ID, "x", "x"))
		alerts, err := n.Alerts(n.ctx, n.ws)
		n.ok(err)
		_, ids, err := n.Contact(n.ctx, n.ws, c.ContactID)
		n.ok(err)
		before := n.reload(c)

		other := n.workspace()
		foreign := *n.sender
		foreign.WorkspaceID = other
		log := n.log(c)
		message := log[1]
		message.WorkspaceID = other
		ctx := n.ctx
		for name, call := range map[string]func() error{
			"Sender":       func() error { return second(n.Sender(ctx, other, n.sender.ID)) },
			"UpdateSender": func() error { return n.UpdateSender(ctx, &foreign) },
			"DeleteSender": func() error { return n.DeleteSender(ctx, other, n.sender.ID) },
			"ChangeHealth": func() error {
				return second(n.ChangeHealth(ctx, other, n.sender.ID, func(h *parley.SenderHealth) { h.Limit = 9 }))
			},
			"SenderFacts": func() error { return second(n.SenderFacts(ctx, &foreign)) },
			"SaveWhatsAppApp": func() error {
				return n.SaveWhatsAppApp(ctx, &parley.WhatsAppApp{WorkspaceID: other, ID: n.sender.AppID, AppSecret: "x"})
			},
			"Webhook":        func() error { return second(n.Webhook(ctx, other, hooks[0].ID)) },
			"ProcessAgain":   func() error { return n.ProcessAgain(ctx, other, hooks[0].ID) },
			"Template":       func() error { return second(n.Template(ctx, other, tpl.ID)) },
			"TemplateByName": func() error { return second(n.TemplateByName(ctx, other, "waba-1", "t", "en")) },
			"DeleteTemplate": func() error { return n.DeleteTemplate(ctx, other, tpl.ID) },
			"DismissAlert":   func() error { return n.DismissAlert(ctx, other, alerts[0].ID) },
			"NewestConversation": func() error {
				return second(n.NewestConversation(ctx, other, n.sender.ID, ids))
			},
			"ChangeIdentity": func() error {
				return second(n.ChangeIdentity(ctx, store.IdentityChange{WorkspaceID: other, Old: ids, New: []parley.Identity{phone("+1")}}))
			},
			"AddNote": func() error { return n.AddNote(ctx, store.Note{WorkspaceID: other, ConversationID: c.ID, Text: "x"}) },
			"AmendMessage": func() error {
				return second(n.AmendMessage(ctx, store.Amendment{WorkspaceID: other, SenderID: n.sender.ID, ProviderID: theirs, Revoke: true}))
			},
			"SendTemplate": func() error { return second(n.SendTemplate(ctx, other, c.ID, &parley.Message{Content: "x"})) },
			"SettleUnknown": func() error {
				return second(n.SettleUnknown(ctx, other, c.ID, message.ID, parley.DeliverySent))
			},
			"NextDelivery": func() error { return second(n.NextDelivery(ctx, other, c.ID)) },
			"PostponeDelivery": func() error {
				return n.PostponeDelivery(ctx, &message, n.clock.Now(), fault("x"))
			},
			"MessageByProviderID": func() error { return second(n.MessageByProviderID(ctx, other, n.sender.ID, theirs)) },
			"ReceiveFrom": func() error {
				o, in := n.opening("", ids...), n.says("wamid.x", "x")
				o.WorkspaceID, in.WorkspaceID = other, other // with our assistant
				_, _, err := n.ReceiveFrom(ctx, o, in)
				return err
			},
			"Echo": func() error {
				o := n.opening("", ids...)
				o.WorkspaceID = other
				return second(n.Echo(ctx, o, &parley.Message{Content: "x"}))
			},
		} {
			if err := call(); parley.ErrorCode(err) != parley.CodeNotFound {
				n.t.Errorf("%s: got %v", name, err)
			}
		}
		for _, key := range []string{"", store.SendKey(&log[1])} {
			m, err := n.DeliveryStatus(ctx, store.StatusReport{
				WorkspaceID: other, SenderID: n.sender.ID, ProviderID: "wamid.ours", Key: key, To: parley.DeliveryRead,
			})
			if m != nil || err != nil {
				n.t.Errorf("a status from elsewhere gave %+v, %v", m, err)
			}
		}
		lists := 0
		all, err := n.Senders(ctx, other)
		n.ok(err)
		apps, err := n.WhatsAppApps(ctx, other)
		n.ok(err)
		ofApp, err := n.AppSenders(ctx, other, n.sender.AppID)
		n.ok(err)
		posted, err := n.Webhooks(ctx, &foreign, "", 0, 10)
		n.ok(err)
		tpls, err := n.Templates(ctx, other, "waba-1", "")
		n.ok(err)
		raised, err := n.Alerts(ctx, other)
		n.ok(err)
		failed, err := n.SenderErrors(ctx, other, n.sender.ID, 10)
		n.ok(err)
		merges, err := n.ContactMerges(ctx, other, c.ContactID)
		n.ok(err)
		aged, err := n.AgeWindows(ctx, other, n.sender.ID, time.Hour)
		n.ok(err)
		lists += len(all) + len(apps) + len(ofApp) + len(posted) + len(tpls) + len(raised) + len(failed) + len(merges) + len(aged)
		if lists != 0 {
			n.t.Errorf("%d rows of another workspace were read or moved", lists)
		}
		if after := n.reload(c); after.Rev != before.Rev {
			n.t.Errorf("it was changed from\n%+v to\n%+v", before, after)
		}
		if x, err := n.Sender(ctx, n.ws, n.sender.ID); err != nil || x.Health.Limit != 0 || x.Name != "Shop" {
			n.t.Errorf("the number is %+v, %v", x, err)
		}
	})
}

// noLists checks that no list of a workspace shows another's conversation.
func (sc *scene) noLists(ctx context.Context, other string, c *parley.Conversation) {
	sc.t.Helper()
	for _, q := range []store.ListQuery{
		{}, {Q: "hello"}, {Q: "hel"}, {Q: "reply"}, {Contact: c.ContactID}, {AssistantID: []string{c.AssistantID}},
		{Source: parley.Sources()}, {Sort: store.SortStarted}, {Contact: "0"},
		{Q: "hello", AssistantID: []string{c.AssistantID}}, {From: time.Unix(1, 0), Sort: store.SortCredits},
	} {
		q.WorkspaceID = other
		page, err := sc.List(ctx, q)
		sc.ok(err)
		if len(page.Rows) != 0 {
			sc.t.Errorf("%+v shows %+v", q, page.Rows)
		}
	}
	log, err := sc.Messages(ctx, other, c.ID, 0, 0)
	sc.ok(err)
	changed, err := sc.MessagesChangedSince(ctx, other, c.ID, 0, 0)
	sc.ok(err)
	vars, err := sc.Variables(ctx, other, c.ID)
	sc.ok(err)
	ledger, err := sc.Usage(ctx, other, c.ID)
	sc.ok(err)
	turns, err := sc.Turns(ctx, other, c.ID)
	sc.ok(err)
	if n := len(log) + len(changed) + len(vars) + len(ledger) + len(turns); n != 0 {
		sc.t.Errorf("%d rows of another workspace were read", n)
	}
	tiles, err := sc.Tiles(ctx, other, time.Now(), time.UTC)
	sc.ok(err)
	if *tiles != (store.Tiles{}) {
		sc.t.Errorf("the tiles are %+v", tiles)
	}
}

func second[T any](_ T, err error) error { return err }
