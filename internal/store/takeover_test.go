package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"parley"
	"parley/internal/store"
)

// Law 7: a takeover cancels what is queued, names what is being sent, and after
// it neither a result is recorded nor a message sent.
func TestTakeoverWins(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.queued(3)
		deliver := sc.claim(parley.WorkDeliver, c.ID)
		sending, err := sc.claimDelivery(*deliver, parley.StopNothing)
		sc.ok(err)
		sc.receive(c, "and another thing")
		turn := sc.claim(parley.WorkTurn, c.ID)
		start, err := sc.BeginTurn(sc.ctx, *turn)
		sc.ok(err)

		took, err := sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		if len(took.Canceled) != 2 || !slices.Equal(took.Sending, []string{sending.Message.ID}) {
			sc.t.Errorf("the takeover met %+v", took)
		}
		if took.Conversation.OperatorID != sc.anna || took.Conversation.Epoch != c.Epoch+1 {
			sc.t.Errorf("it left %+v", took.Conversation)
		}
		_, err = sc.FinishTurn(sc.ctx, *turn, store.TurnEnd{
			Turn: start.Turn, Messages: []parley.Message{{Role: parley.ByAssistant, Content: "too late"}},
		})
		if !errors.Is(err, store.ErrSuperseded) {
			sc.t.Errorf("the running turn was recorded: %v", err)
		}
		if out, err := sc.claimDelivery(*deliver, parley.StopNothing); err != nil || out != nil {
			sc.t.Errorf("a message of the assistant was sent: %+v, %v", out, err)
		}
		again, err := sc.BeginTurn(sc.ctx, *turn)
		sc.ok(err)
		if again.Turn != nil {
			sc.t.Error("a turn began while an operator holds the conversation")
		}
		// A release and a new epoch do not bring the old turn back.
		_, err = sc.Release(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		_, err = sc.FinishTurn(sc.ctx, *turn, store.TurnEnd{
			Turn: start.Turn, Messages: []parley.Message{{Role: parley.ByAssistant, Content: "much too late"}},
		})
		if !errors.Is(err, store.ErrSuperseded) {
			sc.t.Errorf("the old turn was recorded after the release: %v", err)
		}
		for _, m := range sc.log(c) {
			if m.Content == "too late" || m.Content == "much too late" {
				sc.t.Errorf("%q is in the log", m.Content)
			}
		}
	})
}

// Law 7 against a race: of a takeover and the end of a turn one comes first,
// and if it is the takeover, the turn leaves nothing.
func TestTakeoverRace(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		for range 20 {
			c := sc.open(parley.SourceAPI, "")
			sc.receive(c, "hello")
			work := sc.claim(parley.WorkTurn, c.ID)
			start, err := sc.BeginTurn(sc.ctx, *work)
			sc.ok(err)
			var wg sync.WaitGroup
			wg.Go(func() {
				if _, err := sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna); err != nil {
					sc.t.Error(err)
				}
			})
			wg.Go(func() {
				_, err := sc.FinishTurn(sc.ctx, *work, store.TurnEnd{
					Turn: start.Turn, Push: true, Messages: []parley.Message{{Role: parley.ByAssistant, Content: "reply"}},
				})
				if err != nil && !errors.Is(err, store.ErrSuperseded) {
					sc.t.Error(err)
				}
			})
			wg.Wait()
			taken := false
			for _, m := range sc.log(c) {
				taken = taken || m.Event == parley.EventTakeover
				if m.Role == parley.ByAssistant && (taken || m.Delivery != parley.DeliveryCanceled) {
					sc.t.Fatalf("after the takeover: %+v", m)
				}
			}
		}
	})
}

func TestTakeoverNamesItsMember(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		_, err := sc.OperatorMessage(sc.ctx, sc.ws, c.ID, sc.anna, []parley.Message{{Content: "hi"}}, false)
		sc.fails(err, parley.CodeConflict)
		_, err = sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		_, err = sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		_, err = sc.Takeover(sc.ctx, sc.ws, c.ID, sc.ben)
		sc.fails(err, parley.CodeTakeoverActive)
		if err.Error() != "takeover_active: Anna holds this conversation." {
			sc.t.Errorf("got %q", err)
		}
		_, err = sc.OperatorMessage(sc.ctx, sc.ws, c.ID, sc.ben, []parley.Message{{Content: "hi"}}, false)
		sc.fails(err, parley.CodeTakeoverActive)
		m := parley.Message{Content: "hi", AuthorID: sc.anna, AuthorName: "Anna"}
		got, err := sc.OperatorMessage(sc.ctx, sc.ws, c.ID, sc.anna, []parley.Message{m}, true)
		sc.ok(err)
		if got.Message.Delivery != parley.DeliveryQueued {
			sc.t.Errorf("got %+v", got)
		}
		row, err := sc.ConversationRow(sc.ctx, sc.ws, c.ID)
		sc.ok(err)
		if row.OperatorName != "Anna" {
			sc.t.Errorf("the row names %q", row.OperatorName)
		}
	})
}

func TestTakeoverNamesItsKey(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		k := &parley.APIKey{WorkspaceID: sc.ws, Name: "Shop", Prefix: "parley_ab", Hash: "h", Scopes: parley.Permissions()}
		sc.ok(sc.CreateAPIKey(sc.ctx, k))
		w := sc.widget("Help")
		c := sc.visit(w, "ada")
		_, err := sc.Takeover(sc.ctx, sc.ws, c.ID, k.ID)
		sc.ok(err)
		row, err := sc.ConversationRow(sc.ctx, sc.ws, c.ID)
		sc.ok(err)
		seen, err := sc.VisitorConversation(sc.ctx, sc.ws, w.ID, "ada", c.ID)
		sc.ok(err)
		if row.OperatorName != "Shop" || seen.OperatorName != "Shop" {
			sc.t.Errorf("the row names %q, the visitor is told %q", row.OperatorName, seen.OperatorName)
		}
	})
}

// What the contact wrote to an operator who did not answer is answered by the
// assistant after the release; what was answered is not.
func TestReleaseAnswers(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		_, err := sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		sc.receive(c, "one")
		if sc.claim(parley.WorkTurn, c.ID) != nil {
			sc.t.Error("a turn is due while an operator holds the conversation")
		}
		_, err = sc.OperatorMessage(sc.ctx, sc.ws, c.ID, sc.anna, []parley.Message{{Content: "answer"}}, false)
		sc.ok(err)
		_, err = sc.Release(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		if sc.claim(parley.WorkTurn, c.ID) != nil {
			sc.t.Error("what the operator answered is due again")
		}
		_, err = sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		sc.receive(c, "two")
		_, err = sc.Release(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		w := sc.claim(parley.WorkTurn, c.ID)
		if w == nil {
			sc.t.Fatal("nothing is due")
		}
		start, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		last := start.History[len(start.History)-1]
		if start.Turn == nil || last.Content != "two" {
			sc.t.Errorf("the turn answers %+v", last)
		}
	})
}

func TestEndIsIdempotent(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.queued(1)
		one, err := sc.End(sc.ctx, sc.ws, c.ID, parley.EndOperator, sc.anna)
		sc.ok(err)
		two, err := sc.End(sc.ctx, sc.ws, c.ID, parley.EndInactivity, "")
		sc.ok(err)
		if one.Rev != two.Rev || two.EndReason != parley.EndOperator || two.EndedAt.IsZero() {
			sc.t.Errorf("got %+v, then %+v", one, two)
		}
		if got := sc.deliveries(c); got[0] != parley.DeliveryCanceled {
			sc.t.Errorf("the queued reply is %s", got[0])
		}
		if sc.claim(parley.WorkEvaluate, c.ID) == nil {
			sc.t.Error("no evaluation is due")
		}
		_, err = sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		if !errors.Is(err, store.ErrEnded) {
			sc.t.Errorf("takeover of an ended one: %v", err)
		}
	})
}
