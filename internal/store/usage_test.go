package store_test

import (
	"sync"
	"testing"

	"parley"
	"parley/internal/store"
)

// Law 8: a row is there before the call, unknown is not 0, and a takeover does
// not lose what a call has cost.
func TestMoneyAddsUp(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		row := func() *parley.Usage {
			return &parley.Usage{WorkspaceID: sc.ws, ConversationID: c.ID, Kind: parley.UsageReply, Model: "m"}
		}
		crashed, silent, priced := row(), row(), row()
		for _, u := range []*parley.Usage{crashed, silent, priced} {
			sc.ok(sc.OpenUsage(sc.ctx, u))
		}
		if now := sc.reload(c); now.UnknownCalls != 3 || now.Credits != 0 {
			sc.t.Errorf("opened: %+v", now)
		}
		_, err := sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		sc.ok(sc.SettleUsage(sc.ctx, silent)) // the provider sent no usage
		in, out, credits := int64(1200), int64(30), parley.Credits(4500)
		priced.InputTokens, priced.OutputTokens, priced.Credits = &in, &out, &credits
		parts := []int64{700, 200, 11, 5, 3}
		priced.CachedTokens, priced.CacheWriteTokens, priced.ReasoningTokens = &parts[0], &parts[1], &parts[2]
		priced.AudioInTokens, priced.AudioOutTokens = &parts[3], &parts[4]
		priced.Raw = []byte(`{"prompt_tokens":1200}`)
		var wg sync.WaitGroup
		for range 4 { // settled once, whoever repeats it
			u := *priced
			wg.Go(func() {
				if err := sc.SettleUsage(sc.ctx, &u); err != nil {
					sc.t.Error(err)
				}
			})
		}
		wg.Wait()
		now := sc.reload(c)
		if now.InputTokens != 1200 || now.OutputTokens != 30 || now.Credits != 4500 || now.UnknownCalls != 2 {
			sc.t.Errorf("settled: %+v", now)
		}
		rows, err := sc.Usage(sc.ctx, sc.ws, c.ID)
		sc.ok(err)
		byID := map[string]parley.Usage{}
		for _, u := range rows {
			byID[u.ID] = u
		}
		if u := byID[crashed.ID]; u.Complete || u.Credits != nil || u.InputTokens != nil {
			sc.t.Errorf("of the crashed call is known %+v", u)
		}
		if u := byID[silent.ID]; !u.Complete || u.Credits != nil || u.InputTokens != nil || u.Raw != nil {
			sc.t.Errorf("of the silent call is known %+v", u)
		}
		if u := byID[priced.ID]; !u.Complete || *u.Credits != 4500 || string(u.Raw) != `{"prompt_tokens":1200}` {
			sc.t.Errorf("of the priced call is known %+v", u)
		}
		u := byID[priced.ID]
		for i, got := range []*int64{u.CachedTokens, u.CacheWriteTokens, u.ReasoningTokens, u.AudioInTokens, u.AudioOutTokens} {
			if got == nil || *got != parts[i] {
				sc.t.Errorf("part %d of the priced call is %v, want %d", i, got, parts[i])
			}
		}
		sc.fails(sc.SettleUsage(sc.ctx, row()), parley.CodeNotFound)
	})
}

// A turn that fails answers its messages with a reason for the operator.
func TestFailedTurn(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		sc.receive(c, "hello")
		w := sc.claim(parley.WorkTurn, c.ID)
		start, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		trouble := &parley.MessageError{Code: "auth", Message: "The key is wrong."}
		done, err := sc.FinishTurn(sc.ctx, *w, store.TurnEnd{
			Turn: start.Turn, Trouble: trouble, Messages: []parley.Message{{Role: parley.ByAssistant, Content: "Sorry."}},
		})
		sc.ok(err)
		if len(done.Messages) != 2 || done.Messages[1].Event != parley.EventTrouble || *done.Messages[1].Error != *trouble {
			sc.t.Errorf("recorded %+v", done.Messages)
		}
		if now := sc.reload(c); !now.HasError || !now.Waiting || now.AnsweredSeq != 1 {
			sc.t.Errorf("it left %+v", now)
		}
		turn, err := sc.Turn(sc.ctx, sc.ws, start.Turn.ID)
		sc.ok(err)
		if turn.Status != parley.TurnFailed || *turn.Error != *trouble || turn.ConversationID != c.ID {
			sc.t.Errorf("the turn is %+v", turn)
		}
	})
}
