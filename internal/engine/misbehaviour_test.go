package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
	"parley/internal/llm/openai"
	"parley/internal/llm/scripted"
)

// faulty returns a setup whose model is a real HTTP server with a script.
func faulty(t *testing.T, script ...llmtest.Reply) (setup, *llmtest.Server) {
	t.Helper()
	server := llmtest.New(t, script...)
	return setup{model: openai.New(openai.Config{
		BaseURL: server.BaseURL(), APIKey: "sk-secret", FirstToken: 4 * time.Second, Stall: 4 * time.Second,
	})}, server
}

// A model server that misbehaves never loses a message, never hangs the
// conversation, never double-answers, and the operator reads what happened.
func TestAModelThatMisbehaves(t *testing.T) {
	t.Parallel()
	const good = "The good reply."
	ok := llmtest.Text(good)
	for name, c := range map[string]struct {
		script []llmtest.Reply
		reply  string // "" for trouble
		words  string // in the operator's system message
		calls  int
	}{
		"slow first token":     {[]llmtest.Reply{llmtest.SlowStart(200*time.Millisecond, good)}, good, "", 1},
		"too slow, then good":  {[]llmtest.Reply{llmtest.SlowStart(time.Minute, "x"), ok}, good, "", 2},
		"stalls, then good":    {[]llmtest.Reply{llmtest.Stall(1, "half of it"), ok}, good, "", 2},
		"half, then good":      {[]llmtest.Reply{llmtest.HalfStream(2, "half of it"), ok}, good, "", 2},
		"malformed, then good": {[]llmtest.Reply{llmtest.MalformedJSON("half"), ok}, good, "", 2},
		"500, then good":       {[]llmtest.Reply{llmtest.ServerError(500), ok}, good, "", 2},
		"429 for a second":     {[]llmtest.Reply{llmtest.RateLimited("1"), ok}, good, "", 2},
		"error in the stream":  {[]llmtest.Reply{llmtest.ErrorInStream("some words"), ok}, good, "", 2},
		"wrong usage":          {[]llmtest.Reply{llmtest.WrongUsage(good)}, good, "", 1},
		"unknown tool":         {[]llmtest.Reply{llmtest.UnknownTool(), ok}, good, "", 2},
		"always slow":          {slices.Repeat([]llmtest.Reply{llmtest.SlowStart(time.Minute, "x")}, 3), "", "first word", 3},
		"always half":          {slices.Repeat([]llmtest.Reply{llmtest.HalfStream(1, "half of it")}, 3), "", "", 3},
		"always malformed":     {slices.Repeat([]llmtest.Reply{llmtest.MalformedJSON("half")}, 3), "", "", 3},
		"always 500":           {slices.Repeat([]llmtest.Reply{llmtest.ServerError(500)}, 3), "", "", 3},
		"401":                  {[]llmtest.Reply{llmtest.Unauthorized("sk-secret")}, "", "key", 1},
		"unknown model":        {[]llmtest.Reply{llmtest.UnknownModel("fake-1")}, "", "fake-1", 1},
		"out of credit":        {[]llmtest.Reply{llmtest.OutOfCredit()}, "", "", 1},
		"429 for an hour":      {[]llmtest.Reply{llmtest.RateLimited("3600")}, "", "", 1},
		"a web page":           {[]llmtest.Reply{llmtest.HTML(), llmtest.HTML(), llmtest.HTML()}, "", "", 3},
		"empty replies":        {[]llmtest.Reply{llmtest.Text("")}, "", "", 1},
		"rejects":              {[]llmtest.Reply{llmtest.Rejects("messages", "No.")}, "", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, server := faulty(t, c.script...)
			w := quick(t, s)
			conv := w.open()
			replies := w.ask(conv.ID, "Hello")
			want := c.reply
			if want == "" {
				want = "Trouble."
			}
			if got := texts(replies); !slices.Equal(got, []string{want}) {
				t.Fatalf("answered %q, want %q", got, want)
			}
			equal(t, "calls", len(server.Requests()), c.calls)
			equal(t, "turns", len(w.turns(conv.ID)), 1)
			w.checkTrouble(conv.ID, c.reply == "", c.words)
			w.checkLedger(conv.ID, c.calls)
		})
	}
}

// checkTrouble checks what an operator sees.
func (w *world) checkTrouble(conv string, trouble bool, words string) {
	w.t.Helper()
	c := w.conversation(conv)
	equal(w.t, "has error", c.HasError, trouble)
	equal(w.t, "waits for a person", c.Waiting, trouble)
	equal(w.t, "stays active", c.Status, parley.ConversationActive)
	said := w.messages(conv, parley.BySystem)
	if !trouble {
		equal(w.t, "system messages", len(said), 0)
		return
	}
	if len(said) != 1 || said[0].Error == nil || !strings.Contains(said[0].Content, words) {
		w.t.Fatalf("the operator reads %+v", said)
	}
	if len(said[0].Content) < 10 || strings.Contains(said[0].Content, "sk-secret") {
		w.t.Errorf("the operator reads %q", said[0].Content)
	}
}

// checkLedger checks law 8: a row per call, all settled, totals as their sum.
func (w *world) checkLedger(conv string, calls int) {
	w.t.Helper()
	rows := w.usage(conv)
	equal(w.t, "usage rows", len(rows), calls)
	var in, out int64
	unknown := 0
	for _, u := range rows {
		if !u.Complete || u.SettledAt.IsZero() {
			w.t.Errorf("an open row: %+v", u)
		}
		if u.InputTokens != nil {
			in += *u.InputTokens
		}
		if u.OutputTokens != nil {
			out += *u.OutputTokens
		}
		if u.Credits == nil {
			unknown++
		}
	}
	c := w.conversation(conv)
	equal(w.t, "input tokens", c.InputTokens, in)
	equal(w.t, "output tokens", c.OutputTokens, out)
	equal(w.t, "calls of unknown cost", c.UnknownCalls, unknown)
}

func TestAToolLoopEnds(t *testing.T) {
	s, server := faulty(t)
	server.Answer(llmtest.ToolLoop(parley.ToolOfferChoices, `{"choices":["a","b"]}`))
	w := quick(t, s)
	c := w.open()
	replies := w.ask(c.ID, "Hello")
	if got := texts(replies); !slices.Equal(got, []string{"Trouble."}) {
		t.Fatalf("answered %q", got)
	}
	w.checkTrouble(c.ID, true, "8 times")
	w.checkLedger(c.ID, 9)
	requests := server.Requests()
	equal(t, "the last call offers tools", len(requests[len(requests)-1].Tools) > 0, false)
	refused := 0
	for _, m := range w.messages(c.ID, parley.ByTool) {
		if m.ToolCalls[0].Error != "" {
			refused++
		}
	}
	equal(t, "refused repeats", refused, 6)
}

func TestTheFallbackAnswers(t *testing.T) {
	backup := &parley.Provider{Name: "Backup", Kind: "fake", BaseURL: "https://backup.example/v1"}
	main := scripted.Func(func(*llm.Request) scripted.Reply {
		return scripted.Fails(llm.Overloaded, "The provider is overloaded.")
	})
	spare := scripted.New(scripted.Text("From the spare."))
	w := quick(t, setup{
		models: map[string]llm.Model{"https://fake.example/v1": main, backup.BaseURL: spare},
	})
	backup.WorkspaceID = w.workspace.ID
	w.must(w.store.CreateProvider(t.Context(), backup))
	cfg := w.assistant.Config
	cfg.Fallback = &parley.ModelChoice{ProviderID: backup.ID, Model: "spare-1"}
	_, err := w.store.UpdateAssistant(t.Context(), w.workspace.ID, w.assistant.ID, 0, cfg, "")
	w.must(err)
	c := w.open()
	replies := w.ask(c.ID, "Hello")
	if got := texts(replies); !slices.Equal(got, []string{"From the spare."}) {
		t.Fatalf("answered %q", got)
	}
	steps := w.turns(c.ID)[0].Trace.Steps
	last := steps[len(steps)-1]
	if !last.Fallback || last.Model != "spare-1" || last.Provider != "Backup" || len(steps) != 3 {
		t.Errorf("steps: %+v", steps)
	}
	w.checkTrouble(c.ID, false, "")
	w.checkLedger(c.ID, 3)
}

// A provider that asks to wait longer than a turn may: the turn comes back
// later, under the same id.
func TestALongRetryAfterDefersTheTurn(t *testing.T) {
	busy := scripted.Reply{Err: &llm.Error{Class: llm.RateLimited, Message: "Too many requests.", RetryAfter: 300 * time.Millisecond}}
	w := quick(t, setup{
		model:  scripted.New(busy, scripted.Text("Now.")),
		config: func(c *engine.Config) { c.Limits.RetryAfter = 100 * time.Millisecond },
	})
	c := w.open()
	sub := w.hub.Subscribe(w.workspace.ID, c.ID)
	defer sub.Close()
	replies := w.ask(c.ID, "Hello")
	if got := texts(replies); !slices.Equal(got, []string{"Now."}) {
		t.Fatalf("answered %q", got)
	}
	turns := w.turns(c.ID)
	if len(turns) != 1 || turns[0].Attempt != 2 {
		t.Errorf("turns: %+v", turns)
	}
	waited := false
	for _, e := range sub.Take() {
		waited = waited || e.Turn != nil && e.Turn.Waiting && e.Turn.Error == "Too many requests."
	}
	equal(t, "watchers were told", waited, true)
	w.checkLedger(c.ID, 2)
}

// A turn that never comes to an end is given up instead of tried for ever.
func TestATurnThatNeverEndsIsGivenUp(t *testing.T) {
	busy := &llm.Error{Class: llm.RateLimited, Message: "Too many requests.", RetryAfter: 60 * time.Millisecond}
	w := quick(t, setup{
		model:  scripted.Func(func(*llm.Request) scripted.Reply { return scripted.Reply{Err: busy} }),
		config: func(c *engine.Config) { c.Limits.RetryAfter = 50 * time.Millisecond },
	})
	c := w.open()
	if got := texts(w.ask(c.ID, "Hello")); !slices.Equal(got, []string{"Trouble."}) {
		t.Fatalf("answered %q", got)
	}
	w.checkTrouble(c.ID, true, "5 times")
	w.checkLedger(c.ID, 5)
}

func TestATurnHasATimeOut(t *testing.T) {
	w := quick(t, setup{
		model:  scripted.New(scripted.Reply{Deltas: []string{"a", "b"}, Hold: make(chan struct{})}),
		config: func(c *engine.Config) { c.Limits.TurnTime = 5 * time.Second },
	})
	c := w.open()
	if got := texts(w.ask(c.ID, "Hello")); !slices.Equal(got, []string{"Trouble."}) {
		t.Fatalf("answered %q", got)
	}
	w.checkTrouble(c.ID, true, "5s")
	w.checkLedger(c.ID, 1)
}

// A model that never stops is cut where a message has to end.
func TestAnEndlessReplyIsCut(t *testing.T) {
	w := quick(t, setup{model: scripted.New(scripted.Reply{Deltas: slices.Repeat([]string{strings.Repeat("é", 1000)}, 100)})})
	c := w.open()
	replies := w.ask(c.ID, "Hello")
	if len(replies) != 1 || len(replies[0].Content) > parley.MaxContentBytes || len(replies[0].Content) < parley.MaxContentBytes-10 {
		t.Fatalf("%d replies, %d bytes", len(replies), len(replies[0].Content))
	}
	w.must(parley.CheckContent(replies[0].Content))
}

func TestWhatAModelSendsCanBeKept(t *testing.T) {
	both(t, func() setup {
		return setup{model: scripted.New(
			scripted.Calls(parley.ToolCall{Name: strings.Repeat("n\x00", 90), Arguments: []byte("{broken \x00")}),
			scripted.Reply{Deltas: []string{"a\x00b \xff"}})}
	}, func(t *testing.T, w *world) {
		c := w.open()
		if got := texts(w.ask(c.ID, "Hello")); !slices.Equal(got, []string{"ab \uFFFD"}) {
			t.Fatalf("answered %q", got)
		}
	})
}

func TestATooLongConversationIsShortened(t *testing.T) {
	model := scripted.New(scripted.Text("ok"), scripted.Fails(llm.TooLong, "Too long."), scripted.Text("Now it fits."))
	w := quick(t, setup{model: model, config: func(c *engine.Config) { c.Limits.HistoryBytes = 4000 }})
	c := w.open()
	w.ask(c.ID, strings.Repeat("long ", 500))
	if got := texts(w.ask(c.ID, "Short.")); !slices.Equal(got, []string{"Now it fits."}) {
		t.Fatalf("answered %q", got)
	}
	requests := model.Requests()
	equal(t, "messages at first", len(requests[1].Messages), 3)
	equal(t, "messages then", len(requests[2].Messages), 2)
}
