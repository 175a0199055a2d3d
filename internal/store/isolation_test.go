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
			"ClaimDelivery":  func() error { return second(sc.ClaimDelivery(ctx, foreign, parley.StopNothing)) },
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
