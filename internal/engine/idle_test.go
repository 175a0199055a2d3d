package engine_test

import (
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestIdleConversationsEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(w *world, conv string)
		after   time.Duration
		ends    bool
	}{
		"quiet":             {func(w *world, conv string) { w.ask(conv, "Hello") }, 31 * time.Minute, true},
		"nobody wrote":      {func(*world, string) {}, 31 * time.Minute, true},
		"not long enough":   {func(w *world, conv string) { w.ask(conv, "Hello") }, 29 * time.Minute, false},
		"with an operator":  {takenOver, 31 * time.Minute, false},
		"forgotten by one":  {takenOver, 25 * time.Hour, true},
		"waiting":           {func(w *world, conv string) { w.ask(conv, "Human!") }, 31 * time.Minute, false},
		"an answer is due":  {func(w *world, conv string) { w.stop(); w.write(conv, "Hello") }, 31 * time.Minute, false},
		"waiting for a day": {func(w *world, conv string) { w.ask(conv, "Human!") }, 25 * time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var shift time.Duration
			now := func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return time.Now().Add(shift)
			}
			model := scripted.Func(func(req *llm.Request) scripted.Reply {
				if req.Messages[len(req.Messages)-1].Text == "Human!" {
					return scripted.Reply{Deltas: []string{"Yes."}, ToolCalls: []parley.ToolCall{call("1", parley.ToolHandoff, `{}`)}}
				}
				return echo(req)
			})
			db := storetest.OpenWith(t, "sqlite", store.Options{Now: now})
			w := newWorld(t, db, setup{model: model, config: func(c *engine.Config) { c.Now = now }})
			conv := w.open()
			c.prepare(w, conv.ID)
			mu.Lock()
			shift = c.after
			mu.Unlock()
			if c.ends {
				w.eventually("it ends", func() bool { return w.conversation(conv.ID).Status == parley.ConversationEnded })
				equal(t, "reason", w.conversation(conv.ID).EndReason, parley.EndInactivity)
				return
			}
			time.Sleep(1300 * time.Millisecond)
			equal(t, "status", w.conversation(conv.ID).Status, parley.ConversationActive)
		})
	}
}

// Whoever took a conversation over and writes nothing for as long as the
// assistant says gives it back, whatever the contact writes meanwhile; then the
// contact is answered.
func TestSilentOperatorsGiveBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		minutes  int
		prepare  func(w *world, conv string)
		after    time.Duration
		released bool
	}{
		"never":            {0, takenOver, 20 * time.Minute, false},
		"not long enough":  {15, takenOver, 14 * time.Minute, false},
		"long enough":      {15, takenOver, 16 * time.Minute, true},
		"the contact asks": {15, func(w *world, conv string) { takenOver(w, conv); w.write(conv, "Anybody?") }, 16 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var shift time.Duration
			now := func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return time.Now().Add(shift)
			}
			db := storetest.OpenWith(t, "sqlite", store.Options{Now: now})
			w := newWorld(t, db, setup{
				model: scripted.Func(echo), config: func(c *engine.Config) { c.Now = now },
				assistant: func(a *parley.AssistantConfig) { a.ReleaseMinutes = c.minutes },
			})
			conv := w.open()
			c.prepare(w, conv.ID)
			mu.Lock()
			shift = c.after
			mu.Unlock()
			owner := func() parley.Owner { return w.conversation(conv.ID).Owner }
			if !c.released {
				time.Sleep(1300 * time.Millisecond)
				equal(t, "owner", owner(), parley.OwnerOperator)
				return
			}
			w.eventually("it is given back", func() bool { return owner() == parley.OwnerAssistant })
			if name == "the contact asks" {
				w.eventually("the contact is answered", func() bool { return w.conversation(conv.ID).LastMessage.Role == parley.ByAssistant })
			}
		})
	}
}

// A message that arrives between the look and the end keeps the conversation.
func TestALateMessageKeepsTheConversation(t *testing.T) {
	both(t, func() setup { return setup{model: scripted.New(), idle: true} }, func(t *testing.T, w *world) {
		ctx := t.Context()
		conv := w.open()
		w.must(w.store.AddWork(ctx, parley.Work{Kind: parley.WorkIdle, Key: conv.ID, WorkspaceID: w.workspace.ID}))
		claimed, err := w.store.ClaimWork(ctx, []parley.WorkKind{parley.WorkIdle}, 1, time.Minute)
		w.must(err)
		looked := time.Now().UTC().Truncate(time.Microsecond)
		time.Sleep(2 * time.Millisecond)
		w.write(conv.ID, "One more thing")
		after, ended, err := w.store.EndIdle(ctx, claimed[0], looked)
		w.must(err)
		equal(t, "ended", ended, false)
		equal(t, "status", after.Status, parley.ConversationActive)
		_, ended, err = w.store.EndIdle(ctx, claimed[0], time.Now().Add(time.Second))
		w.must(err)
		equal(t, "ended when it is quiet", ended, true)
	})
}

func takenOver(w *world, conv string) {
	w.ask(conv, "Hello")
	_, err := w.engine.Takeover(w.t.Context(), w.workspace.ID, conv, w.member("Grace"))
	w.must(err)
}
