package engine_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/budget"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/llm/llmtest"
	"parley/internal/speech"
	"parley/internal/store"
	"parley/internal/store/budgets"
	"parley/internal/store/storetest"
)

// callCost is what every call of a paid model costs: 1000 × $2/M + 100 × $8/M.
const callCost = parley.Credits(280_000)

// paid returns a setup whose model is a real HTTP server, each call of which
// costs callCost.
func paid(t *testing.T, answer func(*llmtest.Request) llmtest.Reply) (setup, *llmtest.Server) {
	t.Helper()
	s, server := faulty(t)
	server.Answer(func(r *llmtest.Request) llmtest.Reply {
		reply := answer(r)
		reply.Usage = `{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}`
		return reply
	})
	return s, server
}

// price gives the model its price.
func (w *world) price() {
	w.t.Helper()
	input, output := int64(2_000_000), int64(8_000_000)
	w.must(w.store.AddPrices(w.t.Context(), w.workspace.ID, []parley.Price{{
		Provider: "fake.example", Model: "fake-1", Input: &input, Output: &output, Source: "test", ReadOn: "2026-01-01",
	}}))
}

// limit sets the budget of the assistant, or of the workspace for "".
func (w *world) limit(assistant string, credits parley.Credits, now time.Time) {
	w.t.Helper()
	b := budgets.Budgets{Tables: w.store.Tables()}
	w.must(b.Set(w.t.Context(), &budget.Budget{WorkspaceID: w.workspace.ID, AssistantID: assistant, Credits: credits, UpdatedAt: now}))
}

// watched is a store that sees whether calls keep to a budget.
type watched struct {
	*store.Store
	t     *testing.T
	limit parley.Credits

	mu    sync.Mutex
	spent parley.Credits
	open  map[string]int // calls under way by conversation
}

func (s *watched) OpenPaidUsage(ctx context.Context, u *parley.Usage) error {
	s.mu.Lock()
	before := s.spent
	s.mu.Unlock()
	err := s.Store.OpenPaidUsage(ctx, u)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		if before >= s.limit {
			s.t.Errorf("a call began when %s of %s were spent", before, s.limit)
		}
		if s.open[u.ConversationID]++; s.open[u.ConversationID] > 1 {
			s.t.Errorf("conversation %s has two calls under way", u.ConversationID)
		}
	}
	return err
}

func (s *watched) SettleUsage(ctx context.Context, u *parley.Usage) error {
	s.mu.Lock()
	s.open[u.ConversationID]--
	s.mu.Unlock()
	err := s.Store.SettleUsage(ctx, u)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && u.Credits != nil {
		s.spent += *u.Credits
	}
	return err
}

// Of 64 conversations at once, each whose turns call the model several times, none
// makes more than the one call that is under way when the budget is spent; and the
// counters are what the ledger says.
func TestBudgetUnderLoad(t *testing.T) {
	const conversations, limit = 64, 100 * callCost
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.Store) {
		// Three calls a turn: two with a tool, and the answer.
		s, server := paid(t, func(r *llmtest.Request) llmtest.Reply {
			if last := r.Messages[len(r.Messages)-1].Role; last == "tool" && len(r.Messages) > 4 {
				return llmtest.Text("Done.")
			}
			return llmtest.Calls(llmtest.Call{ID: "c" + parley.NewID(time.Now()), Name: "unknown", Arguments: "{}"})
		})
		seen := &watched{Store: db, t: t, limit: limit, open: map[string]int{}}
		s.assistant = func(c *parley.AssistantConfig) { c.BudgetText = "A person will answer." }
		s.config = func(c *engine.Config) { c.Store, c.Budgets = seen, &budgets.Budgets{Tables: db.Tables()} }
		w := newWorld(t, db, s)
		w.price()
		w.limit(w.assistant.ID, limit, time.Now())
		ids := make([]string, conversations)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				ids[i] = w.open().ID
				w.ask(ids[i], "Hello")
			})
		}
		wg.Wait()
		calls, refused := 0, 0
		var sum parley.Credits
		for _, id := range ids {
			rows := w.usage(id)
			calls += len(rows)
			for _, u := range rows {
				sum += *u.Credits
			}
			c := w.conversation(id)
			equal(t, "messages of the contact", len(w.messages(id, parley.ByUser)), 1)
			equal(t, "in error", c.HasError, false)
			if c.Waiting {
				refused++
				said := texts(w.messages(id, parley.ByAssistant))
				if len(said) == 0 || said[len(said)-1] != "A person will answer." {
					t.Errorf("the contact reads %q", said)
				}
			}
		}
		equal(t, "calls that the model saw", len(server.Requests()), calls)
		if sum < limit || sum >= limit+conversations*callCost || refused == 0 {
			t.Errorf("%s were spent of %s, and %d conversations wait", sum, limit, refused)
		}
		month, err := (&budgets.Budgets{Tables: db.Tables()}).Month(t.Context(), w.workspace.ID, time.Now())
		w.must(err)
		for _, l := range month.Lines {
			equal(t, "spent by "+l.Name, l.Spent, sum)
		}
	})
}

// What is spent holds the assistant back: the message is kept, the contact reads
// the set text once, and a person is asked for. A higher budget and a new month
// let it go on.
func TestSpentBudget(t *testing.T) {
	t.Parallel()
	storetest.RunAt(t, time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC), func(t *testing.T, db *store.Store, clock *storetest.Clock) {
		s, server := paid(t, func(*llmtest.Request) llmtest.Reply { return llmtest.Text("Hi.") })
		s.assistant = func(c *parley.AssistantConfig) {
			c.Languages = []string{"de-CH"}
			c.Fallback = &parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel}
		}
		s.config = func(c *engine.Config) { c.Now, c.Budgets = clock.Now, &budgets.Budgets{Tables: db.Tables()} }
		w := newWorld(t, db, s)
		w.price()
		c := w.open()
		w.limit("", callCost, clock.Now())
		equal(t, "the first", texts(w.ask(c.ID, "One"))[0], "Hi.")
		got := texts(w.ask(c.ID, "Two"))
		if len(got) != 1 || !strings.HasPrefix(got[0], "Danke für deine Nachricht.") {
			t.Errorf("the contact reads %q", got)
		}
		after := w.conversation(c.ID)
		equal(t, "waits for a person", after.Waiting, true)
		equal(t, "in error", after.HasError, false)
		if said := w.messages(c.ID, parley.BySystem); len(said) != 1 || said[0].Event != parley.EventWaiting ||
			!strings.Contains(said[0].Content, "has spent its budget for November 2026") {
			t.Errorf("the operator reads %+v", said)
		}
		if !slices.ContainsFunc(w.turns(c.ID), func(turn parley.Turn) bool { return strings.Contains(turn.Trace.Note, "spent its budget") }) {
			t.Error("no trace says why there is no answer")
		}
		seq := w.write(c.ID, "Three").Message.Seq
		w.eventually("the third is looked at", func() bool { return w.conversation(c.ID).AnsweredSeq >= seq })
		equal(t, "told once", len(w.messages(c.ID, parley.ByAssistant)), 2)
		equal(t, "calls", len(server.Requests()), 1)

		test := w.openWith(engine.OpenRequest{Source: parley.SourceTest})
		equal(t, "Test Chat, which costs nothing", texts(w.ask(test.ID, "Hello"))[0], "Hi.")

		w.limit("", 2*callCost, clock.Now())
		equal(t, "raised", texts(w.ask(c.ID, "Four"))[0], "Hi.")
		if got := texts(w.ask(c.ID, "Five")); len(got) != 1 || got[0] == "Hi." {
			t.Errorf("spent again: %q", got)
		}
		clock.Move(11 * 24 * time.Hour) // it is December
		next := w.open()
		equal(t, "the next month", texts(w.ask(next.ID, "Six"))[0], "Hi.")
	})
}

// An evaluation for which there is no money is put off, and says so.
func TestEvaluationWaitsForItsBudget(t *testing.T) {
	t.Parallel()
	storetest.RunAt(t, time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC), func(t *testing.T, db *store.Store, clock *storetest.Clock) {
		s, server := paid(t, func(r *llmtest.Request) llmtest.Reply {
			if strings.Contains(r.LastUser(), "transcript") {
				return llmtest.Text(verdict)
			}
			return llmtest.Text("Hi.")
		})
		s.config = func(c *engine.Config) { c.Now, c.Budgets = clock.Now, &budgets.Budgets{Tables: db.Tables()} }
		w := newWorld(t, db, s)
		w.price()
		w.limit("", callCost, clock.Now())
		c := w.open()
		w.ask(c.ID, "Where is it?")
		w.end(c.ID)
		if eval := w.evaluation(c.ID); !strings.HasPrefix(eval.Error, "Put off: The workspace has spent its budget") {
			t.Errorf("evaluated: %+v", eval)
		}
		if now := w.conversation(c.ID); now.Resolved != nil {
			t.Errorf("resolved: %v", *now.Resolved)
		}
		if _, err := w.engine.Evaluate(t.Context(), w.workspace.ID, c.ID); parley.ErrorCode(err) != parley.CodeBudgetExhausted {
			t.Errorf("on demand: %v", err)
		}
		equal(t, "calls", len(server.Requests()), 1)
		for range 8 { // more often than a failure would be tried again
			clock.Move(time.Hour + time.Minute)
			time.Sleep(20 * time.Millisecond)
		}
		w.limit("", 10*callCost, clock.Now())
		clock.Move(time.Hour + time.Minute)
		w.eventually("it is evaluated", func() bool {
			eval, err := w.store.Evaluation(t.Context(), w.workspace.ID, c.ID)
			return err == nil && eval.Error == "" && eval.Resolved
		})
	})
}

// The languages that the shipped texts are in are those that trouble is told in.
func TestBudgetTextIsFilledIn(t *testing.T) {
	s, _ := paid(t, func(*llmtest.Request) llmtest.Reply { return llmtest.Text("Hi.") })
	s.assistant = func(c *parley.AssistantConfig) { c.BudgetText = "{{assistant_name}} is away." }
	w := quick(t, s)
	w.price()
	w.limit("", 1, time.Now())
	c := w.open()
	w.ask(c.ID, "One")
	if got := texts(w.ask(c.ID, "Two")); !slices.Equal(got, []string{"Ada is away."}) {
		t.Errorf("the contact reads %q", got)
	}
}

// Pictures and recordings are under the budget too; what is not looked at says
// why. The pictures of a conversation wait for each other.
func TestFilesAreUnderTheBudget(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.Store) {
		s, server := paid(t, func(*llmtest.Request) llmtest.Reply { return llmtest.Text("A red parcel.") })
		seen := &watched{Store: db, t: t, limit: 2 * callCost, open: map[string]int{}}
		s.config = func(c *engine.Config) { c.Store, c.Budgets = seen, &budgets.Budgets{Tables: db.Tables()} }
		w := newWorld(t, db, withMedia(t, keeps(png), nil, s))
		w.price()
		w.limit(w.assistant.ID, 2*callCost, time.Now())
		c := w.onPhone()
		var media []channel.Media
		for _, id := range []string{"m1", "m2", "m3", "m4"} {
			media = append(media, channel.Media{ID: id, URL: "https://lookaside.example/" + id, MIMEType: "image/png"})
		}
		got, err := w.engine.Receive(t.Context(), channel.Inbound{
			WorkspaceID: w.workspace.ID, ConversationID: c.ID, Type: parley.MessageImage, Media: media,
		})
		w.must(err)
		looked, refused := 0, 0
		w.eventually("all are settled", func() bool {
			now, err := db.Message(t.Context(), w.workspace.ID, c.ID, got.Message.ID)
			w.must(err)
			looked, refused = 0, 0
			for _, a := range now.Attachments {
				if a.Reading != "" {
					looked++
				}
				if strings.Contains(a.Error, "has spent its budget") {
					refused++
				}
			}
			return looked+refused == len(media)
		})
		equal(t, "pictures that were looked at", looked, 2)
		w.eventually("the turn is over", func() bool { return w.conversation(c.ID).Waiting })
		equal(t, "calls", len(server.Requests()), 2)
		for _, u := range w.usage(c.ID) {
			equal(t, "kind", u.Kind, parley.UsageVision)
		}
	})
}

func TestRecordingsAreUnderTheBudget(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "sqlite")
	heard := 0
	hear := ears(func(speech.Audio) (*speech.Transcript, error) {
		heard++
		return &speech.Transcript{Text: "Hello", Usage: &speech.Usage{InputTokens: new(int64), OutputTokens: new(int64)}}, nil
	})
	s, _ := paid(t, func(*llmtest.Request) llmtest.Reply { return llmtest.Text("Hi.") })
	w := newWorld(t, db, withMedia(t, keeps(opus), hear, s))
	w.price()
	w.workspace.Settings.Speech = parley.SpeechChoice{ProviderID: w.provider.ID, Model: "fake-1"}
	w.must(db.UpdateWorkspace(t.Context(), w.workspace))
	w.limit("", callCost, time.Now())
	c := w.onPhone()
	w.ask(c.ID, "Hello")
	m := w.send(c.ID, parley.MessageAudio, channel.Media{ID: "m1", URL: "https://lookaside.example/1", MIMEType: "audio/ogg"})
	if a := w.settled(m); heard != 0 || !strings.Contains(a.Error, "has spent its budget") {
		t.Errorf("heard %d times: %+v", heard, a)
	}
}
