package engine_test

import (
	"testing"

	"parley"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
)

// Law 8: what calls cost adds up, and unknown is not 0.
func TestMoneyAddsUp(t *testing.T) {
	both(t, func() setup {
		return setup{
			settings: func(s *parley.WorkspaceSettings) { s.TestChatPercent = 50 },
			model: scripted.Func(func(*llm.Request) scripted.Reply {
				return scripted.Reply{Deltas: []string{"Hi."}, Usage: scripted.Tokens(1000, 100)}
			})}
	}, func(t *testing.T, w *world) {
		before := w.open()
		w.ask(before.ID, "Hello")
		c := w.conversation(before.ID)
		equal(t, "calls of unknown cost", c.UnknownCalls, 1)
		equal(t, "credits", c.Credits, 0)
		if u := w.usage(before.ID)[0]; u.Credits != nil || u.PriceID != "" {
			t.Errorf("a price was made up: %+v", u)
		}

		input, output := int64(2_000_000), int64(8_000_000) // micro-USD a million tokens
		w.must(w.store.AddPrices(t.Context(), w.workspace.ID, []parley.Price{{
			WorkspaceID: w.workspace.ID, Provider: "fake.example", Model: "fake-1", Input: &input, Output: &output,
			Source: "test", ReadOn: "2026-01-01",
		}}))
		w.engine.ForgetPrices()
		// 1000 × $2/M + 100 × $8/M = $0.0028 = 0.28 credits
		const want = parley.Credits(280_000)
		after := w.open()
		w.ask(after.ID, "Hello")
		w.ask(after.ID, "Hello again")
		equal(t, "two calls", w.conversation(after.ID).Credits, 2*want)
		equal(t, "calls of unknown cost", w.conversation(after.ID).UnknownCalls, 0)
		w.checkLedger(after.ID, 2)

		test := w.openWith(engine.OpenRequest{Source: parley.SourceTest})
		w.ask(test.ID, "Hello")
		equal(t, "Test Chat", w.conversation(test.ID).Credits, want/2)
		equal(t, "an earlier call", w.conversation(before.ID).Credits, 0)
	})
}

// A row is open while its call runs, so that a crash leaves a trace.
func TestTheLedgerIsOpenedBeforeTheCall(t *testing.T) {
	hold := make(chan struct{})
	w := quick(t, setup{model: scripted.New(scripted.Reply{Deltas: []string{"a", "b"}, Hold: hold, Usage: scripted.Tokens(1, 1)})})
	c := w.open()
	w.write(c.ID, "Hello")
	w.eventually("the call runs", func() bool { return len(w.usage(c.ID)) == 1 })
	u := w.usage(c.ID)[0]
	if u.Complete || !u.SettledAt.IsZero() || u.Kind != parley.UsageReply {
		t.Errorf("the row: %+v", u)
	}
	close(hold)
	w.eventually("it is settled", func() bool { return w.usage(c.ID)[0].Complete })
}
