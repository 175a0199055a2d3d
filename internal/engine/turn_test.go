package engine_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/store"
)

// Law 2: the same provider id twice is one message and one turn.
func TestOnce(t *testing.T) {
	both(t, func() setup { return setup{model: scripted.Func(echo)} }, func(t *testing.T, w *world) {
		c := w.open()
		in := channel.Inbound{WorkspaceID: w.workspace.ID, ConversationID: c.ID, Content: "Hello", ProviderID: "p1"}
		var wg sync.WaitGroup
		var mu sync.Mutex
		duplicates := 0
		for range 8 {
			wg.Go(func() {
				got, err := w.engine.Receive(t.Context(), in)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if got.Duplicate {
					duplicates++
				}
			})
		}
		wg.Wait()
		equal(t, "duplicates", duplicates, 7)
		w.eventually("answered", func() bool { return w.conversation(c.ID).AssistantCount == 1 })
		time.Sleep(50 * time.Millisecond)
		equal(t, "messages", len(w.messages(c.ID)), 2)
		equal(t, "turns", len(w.turns(c.ID)), 1)
		in.Content = "Something else"
		if _, err := w.engine.Receive(t.Context(), in); parley.ErrorCode(err) != parley.CodeConflict {
			t.Errorf("the id with another content: %v", err)
		}
	})
}

// echo answers with what was said last.
func echo(req *llm.Request) scripted.Reply {
	return scripted.Text("You said: " + req.Messages[len(req.Messages)-1].Text)
}

// Law 3: what arrives within the reply delay is answered in one turn, and
// whatever arrives, turns of a conversation never overlap.
func TestABurstIsOneTurn(t *testing.T) {
	const delay = 4 // seconds; the burst has to be written within it
	model := func() setup {
		return setup{model: scripted.Func(echo), assistant: func(c *parley.AssistantConfig) { c.ReplyDelaySeconds = delay }}
	}
	both(t, model, func(t *testing.T, w *world) {
		c := w.open()
		begun := time.Now()
		for _, text := range []string{"one", "two", "three"} {
			w.write(c.ID, text)
		}
		replies := w.ask(c.ID, "four")
		if took := time.Since(begun); took < delay*time.Second {
			t.Errorf("answered after %s", took)
		}
		equal(t, "replies", len(replies), 1)
		turns := w.turns(c.ID)
		equal(t, "turns", len(turns), 1)
		equal(t, "first message answered", turns[0].FromSeq, 1)
		equal(t, "last message answered", turns[0].ToSeq, 4)
	})
}

// What was taken back before its turn is not answered, and no model sees it any
// more.
func TestWhatIsTakenBackIsNotAnswered(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	model := scripted.Func(func(req *llm.Request) scripted.Reply {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range req.Messages {
			seen = append(seen, string(m.Role)+": "+m.Text)
		}
		return scripted.Text("Good.")
	})
	w := quick(t, setup{model: model, assistant: func(c *parley.AssistantConfig) { c.ReplyDelaySeconds = 2 }})
	c := w.open()
	say := func(id, text string) *engine.Received {
		got, err := w.engine.Receive(t.Context(), channel.Inbound{WorkspaceID: w.workspace.ID, ConversationID: c.ID, Content: text, ProviderID: id})
		w.must(err)
		return got
	}
	take := func(id string) {
		w.must(w.engine.Amend(t.Context(), store.Amendment{WorkspaceID: w.workspace.ID, ProviderID: id, Revoke: true}))
	}
	say("p1", "Never mind.")
	take("p1")
	last := say("p2", "Hello")
	say("p3", "Oh no.")
	take("p3")
	w.eventually("answered", func() bool { return w.conversation(c.ID).AnsweredSeq >= last.Message.Seq })
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"user: Hello"}; !slices.Equal(seen, want) {
		t.Errorf("the model saw %q", seen)
	}
	equal(t, "turns", len(w.turns(c.ID)), 1)
}

func TestTurnsOfAConversationNeverOverlap(t *testing.T) {
	var mu sync.Mutex
	running, most := 0, 0
	model := scripted.Func(func(req *llm.Request) scripted.Reply {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		running--
		mu.Unlock()
		return echo(req)
	})
	w := quick(t, setup{model: model})
	c := w.open()
	var last *engine.Received
	for i := range 30 {
		last = w.write(c.ID, strings.Repeat("x", i+1))
		time.Sleep(2 * time.Millisecond)
	}
	w.eventually("all are answered", func() bool { return w.conversation(c.ID).AnsweredSeq >= last.Message.Seq })
	mu.Lock()
	defer mu.Unlock()
	equal(t, "turns at a time", most, 1)
	var answered int64
	for _, turn := range w.turns(c.ID) {
		if turn.FromSeq <= answered {
			t.Errorf("message %d is answered twice", turn.FromSeq)
		}
		answered = turn.ToSeq
	}
}

func TestDeltasShowTheReplyAsItGrows(t *testing.T) {
	hold := make(chan struct{})
	w := quick(t, setup{model: scripted.New(scripted.Reply{Deltas: []string{"Good ", "day."}, Hold: hold, Usage: scripted.Tokens(1, 2)})})
	c := w.open()
	sub := w.hub.Subscribe(w.workspace.ID, c.ID)
	defer sub.Close()
	w.write(c.ID, "Hello")
	w.eventually("the first piece is out", func() bool {
		_, text, ok := w.engine.Snapshot(w.workspace.ID, c.ID)
		return ok && text == "Good "
	})
	close(hold)
	w.eventually("answered", func() bool { return w.conversation(c.ID).AssistantCount == 1 })
	var text string
	var types []live.Type
	w.eventually("the turn's end is told", func() bool {
		for _, e := range sub.Take() {
			types = append(types, e.Type)
			if e.Delta != nil {
				text = text[:e.Delta.Offset] + e.Delta.Content
			}
			if e.Turn != nil && e.Turn.Status == parley.TurnDone {
				return true
			}
		}
		return false
	})
	equal(t, "text", text, "Good day.")
	if !slices.Contains(types, live.MessageChanged) || !slices.Contains(types, live.ConversationChanged) {
		t.Errorf("events: %v", types)
	}
	if _, _, ok := w.engine.Snapshot(w.workspace.ID, c.ID); ok {
		t.Error("there is a snapshot of a turn that is over")
	}
}

// The text of an attempt that failed is void: watchers see only what holds.
func TestAFailedAttemptIsVoided(t *testing.T) {
	half := scripted.Reply{Deltas: []string{"Half a ", "reply"}, Err: &llm.Error{Class: llm.Truncated, Message: "It broke off."}}
	w := quick(t, setup{model: scripted.New(half, scripted.Text("The whole reply."))})
	c := w.open()
	sub := w.hub.Subscribe(w.workspace.ID, c.ID)
	defer sub.Close()
	replies := w.ask(c.ID, "Hello")
	if got := texts(replies); !slices.Equal(got, []string{"The whole reply."}) {
		t.Fatalf("answered %q", got)
	}
	text, voided := "", false
	w.eventually("the turn's end is told", func() bool {
		for _, e := range sub.Take() {
			if e.Delta != nil {
				voided = voided || e.Delta.Offset == 0 && e.Delta.Content == "" && text != ""
				text = text[:e.Delta.Offset] + e.Delta.Content
			}
			if e.Turn != nil && e.Turn.Status == parley.TurnDone {
				return true
			}
		}
		return false
	})
	equal(t, "voided", voided, true)
	equal(t, "text", text, "The whole reply.")
	rows := w.usage(c.ID)
	equal(t, "usage rows", len(rows), 2)
	steps := w.turns(c.ID)[0].Trace.Steps
	equal(t, "steps", len(steps), 2)
	equal(t, "first step's error", steps[0].Error, "It broke off.")
}

// Law 7: takeover stops the running turn at once, and nothing of it is kept.
func TestTakeoverWins(t *testing.T) {
	model := func() setup {
		return setup{model: scripted.New(
			scripted.Reply{Deltas: []string{"I was about", " to say"}, Hold: make(chan struct{})},
			scripted.Text("Back again."))}
	}
	both(t, model, func(t *testing.T, w *world) {
		c, grace, joan := w.open(), w.member("Grace"), w.member("Joan")
		w.write(c.ID, "Hello")
		w.eventually("it speaks", func() bool {
			_, text, _ := w.engine.Snapshot(w.workspace.ID, c.ID)
			return text != ""
		})
		if _, err := w.engine.Takeover(t.Context(), w.workspace.ID, c.ID, grace); err != nil {
			t.Fatal(err)
		}
		w.eventually("the turn is stopped", func() bool {
			_, _, running := w.engine.Snapshot(w.workspace.ID, c.ID)
			return !running
		})
		if _, err := w.engine.Takeover(t.Context(), w.workspace.ID, c.ID, joan); parley.ErrorCode(err) != parley.CodeTakeoverActive {
			t.Errorf("a second operator: %v", err)
		}
		w.write(c.ID, "Are you there?")
		got, err := w.engine.OperatorMessage(t.Context(), w.workspace.ID, c.ID, grace, &parley.Message{Content: "Yes, Grace here."})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "author", got.Message.AuthorName, "Grace")
		time.Sleep(100 * time.Millisecond)
		if said := w.messages(c.ID, parley.ByAssistant); len(said) > 0 {
			t.Errorf("the assistant said %q", texts(said))
		}
		w.eventually("what the turn had done is kept", func() bool { return len(w.turns(c.ID)[0].Trace.Steps) == 1 })
		equal(t, "turn", w.turns(c.ID)[0].Status, parley.TurnCanceled)
		row := w.usage(c.ID)[0]
		if !row.Complete || row.Credits != nil || row.InputTokens != nil {
			t.Errorf("the canceled call: %+v", row)
		}
		if _, err := w.engine.Release(t.Context(), w.workspace.ID, c.ID, grace); err != nil {
			t.Fatal(err)
		}
		replies := w.ask(c.ID, "And now?")
		if got := texts(replies); !slices.Equal(got, []string{"Back again."}) {
			t.Errorf("after the release: %q", got)
		}
	})
}

// A takeover at any moment: after it is acknowledged, the log gains no message
// of the assistant.
func TestTakeoverAtAnyMoment(t *testing.T) {
	model := scripted.Func(func(*llm.Request) scripted.Reply {
		return scripted.Reply{Deltas: []string{"a ", "b ", "c"}, Delay: time.Millisecond, Usage: scripted.Tokens(1, 3)}
	})
	both(t, func() setup { return setup{model: model} }, func(t *testing.T, w *world) {
		grace := w.member("Grace")
		for i := range 25 {
			c := w.open()
			w.write(c.ID, "Hello")
			time.Sleep(time.Duration(i) * 500 * time.Microsecond)
			if _, err := w.engine.Takeover(t.Context(), w.workspace.ID, c.ID, grace); err != nil {
				t.Fatal(err)
			}
			before := len(w.messages(c.ID, parley.ByAssistant))
			time.Sleep(10 * time.Millisecond)
			if after := len(w.messages(c.ID, parley.ByAssistant)); after != before {
				t.Fatalf("round %d: %d messages of the assistant became %d", i, before, after)
			}
		}
	})
}

// A stop lets a running turn finish.
func TestStopLetsATurnFinish(t *testing.T) {
	hold := make(chan struct{})
	w := quick(t, setup{model: scripted.New(scripted.Reply{Deltas: []string{"Good ", "night."}, Hold: hold, Usage: scripted.Tokens(1, 2)})})
	c := w.open()
	w.write(c.ID, "Hello")
	w.eventually("it speaks", func() bool {
		_, text, _ := w.engine.Snapshot(w.workspace.ID, c.ID)
		return text != ""
	})
	time.AfterFunc(100*time.Millisecond, func() { close(hold) })
	w.stop()
	if got := texts(w.messages(c.ID, parley.ByAssistant)); !slices.Equal(got, []string{"Good night."}) {
		t.Errorf("after the stop the log has %q", got)
	}
}

// A stop hands back a turn that does not finish: the next process answers, once.
func TestStopHandsBackATurn(t *testing.T) {
	model := func() setup {
		return setup{
			model:  scripted.New(scripted.Reply{Deltas: []string{"Too ", "slow"}, Hold: make(chan struct{})}, scripted.Text("Here I am.")),
			config: func(c *engine.Config) { c.Limits.GraceTurn = 50 * time.Millisecond },
		}
	}
	both(t, model, func(t *testing.T, w *world) {
		c := w.open()
		got := w.write(c.ID, "Hello")
		w.eventually("it speaks", func() bool {
			_, text, _ := w.engine.Snapshot(w.workspace.ID, c.ID)
			return text != ""
		})
		w.stop()
		if said := w.messages(c.ID, parley.ByAssistant); len(said) > 0 {
			t.Fatalf("half a reply was kept: %q", texts(said))
		}
		w.run()
		replies, err := w.engine.WaitReplies(t.Context(), w.workspace.ID, c.ID, got.Message.Seq, patience)
		w.must(err)
		if got := texts(replies); !slices.Equal(got, []string{"Here I am."}) {
			t.Errorf("answered %q", got)
		}
		turns := w.turns(c.ID)
		if len(turns) != 1 || turns[0].Attempt != 2 || turns[0].Status != parley.TurnDone {
			t.Errorf("turns: %+v", turns)
		}
		for _, u := range w.usage(c.ID) {
			if !u.Complete {
				t.Errorf("an open row is left: %+v", u)
			}
		}
	})
}

func TestWhoAnswersWhere(t *testing.T) {
	t.Parallel()
	type place struct {
		status  parley.AssistantStatus
		source  parley.Source
		answers bool
	}
	var places []place
	for _, source := range parley.Sources() {
		places = append(places, place{parley.AssistantActive, source, true},
			place{parley.AssistantDraft, source, source == parley.SourceTest}, place{parley.AssistantInactive, source, false})
	}
	for _, c := range places {
		t.Run(string(c.status)+" "+string(c.source), func(t *testing.T) {
			w := quick(t, setup{model: scripted.Func(echo), assistant: func(cfg *parley.AssistantConfig) {
				cfg.Status, cfg.SpeaksFirst, cfg.Greeting = c.status, true, "Hi."
			}})
			conv := w.openWith(engine.OpenRequest{Source: c.source})
			w.write(conv.ID, "Hello")
			w.write(conv.ID, "Hello?")
			w.eventually("both are looked at", func() bool { return w.conversation(conv.ID).AnsweredSeq >= conv.NextSeq+1 })
			after := w.conversation(conv.ID)
			equal(t, "answers", after.AssistantCount > 0, c.answers)
			equal(t, "waits for a person", after.Waiting, !c.answers)
			if !c.answers {
				equal(t, "system messages", len(w.messages(conv.ID, parley.BySystem)), 1)
				equal(t, "calls", len(w.usage(conv.ID)), 0)
			}
		})
	}
}

func TestAfterEnd(t *testing.T) {
	for _, mode := range []parley.AfterEnd{parley.AfterEndNew, parley.AfterEndReopen} {
		t.Run(string(mode), func(t *testing.T) {
			s := func() setup {
				return setup{model: scripted.Func(echo), assistant: func(c *parley.AssistantConfig) { c.AfterEnd = mode }}
			}
			both(t, s, func(t *testing.T, w *world) {
				c := w.openWith(engine.OpenRequest{Source: parley.SourceAPI, ExternalID: "order-7"})
				w.ask(c.ID, "Hello")
				_, err := w.engine.End(t.Context(), w.workspace.ID, c.ID, parley.EndOperator, engine.Actor{})
				w.must(err)
				in := channel.Inbound{WorkspaceID: w.workspace.ID, ConversationID: c.ID, Content: "One more thing", ProviderID: "p2"}
				got, err := w.engine.Receive(t.Context(), in)
				w.must(err)
				equal(t, "same conversation", got.Conversation.ID == c.ID, mode == parley.AfterEndReopen)
				equal(t, "status", got.Conversation.Status, parley.ConversationActive)
				equal(t, "contact", got.Conversation.ContactID, c.ContactID)
				equal(t, "external id", got.Conversation.ExternalID, "order-7")
				again, err := w.engine.Receive(t.Context(), in)
				w.must(err)
				equal(t, "a repeat is one", again.Duplicate, true)
				equal(t, "a repeat is found", again.Message.ID, got.Message.ID)
				w.eventually("answered", func() bool {
					return w.conversation(got.Conversation.ID).AnsweredSeq >= got.Message.Seq
				})
			})
		})
	}
}

func TestTheReplyWaitIsBounded(t *testing.T) {
	w := quick(t, setup{model: scripted.New(scripted.Reply{Deltas: []string{"a", "b"}, Hold: make(chan struct{})}),
		config: func(c *engine.Config) { c.Limits.GraceTurn = 10 * time.Millisecond }})
	c := w.open()
	got := w.write(c.ID, "Hello")
	replies, err := w.engine.WaitReplies(t.Context(), w.workspace.ID, c.ID, got.Message.Seq, 100*time.Millisecond)
	w.must(err)
	equal(t, "replies", len(replies), 0)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.engine.WaitReplies(gone, w.workspace.ID, c.ID, got.Message.Seq, time.Minute); err != nil {
		t.Errorf("a client that left: %v", err)
	}
}
