package engine_test

import (
	"context"
	"sync/atomic"
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
			clock := &storetest.Ahead{}
			model := scripted.Func(func(req *llm.Request) scripted.Reply {
				if req.Messages[len(req.Messages)-1].Text == "Human!" {
					return scripted.Reply{Deltas: []string{"Yes."}, ToolCalls: []parley.ToolCall{call("1", parley.ToolHandoff, `{}`)}}
				}
				return echo(req)
			})
			db := storetest.OpenWith(t, "sqlite", store.Options{Now: clock.Now})
			w := newWorld(t, db, setup{model: model, config: func(c *engine.Config) { c.Now = clock.Now }})
			conv := w.open()
			c.prepare(w, conv.ID)
			clock.Move(c.after)
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
			clock := &storetest.Ahead{}
			db := storetest.OpenWith(t, "sqlite", store.Options{Now: clock.Now})
			w := newWorld(t, db, setup{
				model: scripted.Func(echo), config: func(c *engine.Config) { c.Now = clock.Now },
				assistant: func(a *parley.AssistantConfig) { a.ReleaseMinutes = c.minutes },
			})
			conv := w.open()
			c.prepare(w, conv.ID)
			clock.Move(c.after)
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

// lastMoment is a store in which something is committed just before a silent
// operator's conversation is given back.
type lastMoment struct {
	engine.Store
	armed  atomic.Bool
	before func()
	done   chan struct{}
}

func (l *lastMoment) ReleaseIdle(ctx context.Context, w parley.Work, silentSince time.Time) (*parley.Conversation, time.Time, error) {
	if l.armed.CompareAndSwap(true, false) {
		defer close(l.done)
		l.before()
	}
	return l.Store.ReleaseIdle(ctx, w, silentSince)
}

// An operator who does something at the last moment keeps the conversation, until
// they are silent again.
func TestTheLastMomentIsTheOperators(t *testing.T) {
	t.Parallel()
	type act func(w *world, conv string, holder, other engine.Actor) error
	release := func(w *world, conv string, holder, _ engine.Actor) error {
		_, err := w.engine.Release(w.t.Context(), w.workspace.ID, conv, holder)
		return err
	}
	for name, c := range map[string]struct {
		acts []act
		held bool
	}{
		"writes": {[]act{func(w *world, conv string, holder, _ engine.Actor) error {
			_, err := w.engine.OperatorMessage(w.t.Context(), w.workspace.ID, conv, holder, &parley.Message{Content: "I am here"})
			return err
		}}, true},
		"gives it to another": {[]act{release, func(w *world, conv string, _, other engine.Actor) error {
			_, err := w.engine.Takeover(w.t.Context(), w.workspace.ID, conv, other)
			return err
		}}, true},
		"gives it back": {[]act{release}, false},
	} {
		for _, database := range storetest.Engines() {
			t.Run(name+"/"+database, func(t *testing.T) {
				t.Parallel()
				clock := &storetest.Ahead{}
				db := storetest.OpenWith(t, database, store.Options{Now: clock.Now})
				last := &lastMoment{Store: db, done: make(chan struct{})}
				w := newWorld(t, db, setup{
					model: scripted.Func(echo), config: func(c *engine.Config) { c.Now, c.Store = clock.Now, last },
					assistant: func(a *parley.AssistantConfig) { a.ReleaseMinutes = 15 },
				})
				conv, holder, other := w.open().ID, w.member("Grace"), w.member("Heidi")
				last.before = func() {
					for _, act := range c.acts {
						if err := act(w, conv, holder, other); err != nil {
							t.Error(err)
						}
					}
				}
				_, err := w.engine.Takeover(t.Context(), w.workspace.ID, conv, holder)
				w.must(err)
				last.armed.Store(true)
				clock.Move(16 * time.Minute)
				<-last.done
				if held := w.conversation(conv).Owner == parley.OwnerOperator; held != c.held {
					t.Errorf("held: %t", held)
				}
				clock.Move(16 * time.Minute)
				w.eventually("it is given back", func() bool { return w.conversation(conv).Owner == parley.OwnerAssistant })
				released := 0
				for _, m := range w.messages(conv) {
					if m.Event == parley.EventRelease {
						released++
					}
				}
				equal(t, "releases", released, len(c.acts))
			})
		}
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
