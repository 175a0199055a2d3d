package questions_test

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"parley"
	"parley/internal/questions"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/store/topics"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// began is when the clock of the tests begins.
var began = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// world is a workspace with conversations and the service that groups them.
type world struct {
	*store.Store
	t         *testing.T
	clock     *storetest.Clock
	service   *questions.Service
	ws        string
	assistant string
	random    *rand.Rand
}

// run runs fn on each database.
func run(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.RunAt(t, began, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		w := &world{Store: s, t: t, clock: c, random: rand.New(rand.NewPCG(1, 2))}
		w.service = questions.New(questions.Config{Store: &topics.Topics{Tables: s.Tables()}, Now: c.Now, Eager: true})
		w.ws, w.assistant = w.workspace()
		fn(t, w)
	})
}

func (w *world) workspace() (ws, assistant string) {
	w.t.Helper()
	x := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(w.CreateWorkspace(w.t.Context(), x))
	a := &parley.Assistant{WorkspaceID: x.ID, Config: parley.AssistantConfig{
		Name: "Concierge", Status: parley.AssistantActive, InactivityMinutes: 30,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	w.ok(w.CreateAssistant(w.t.Context(), a, ""))
	return x.ID, a.ID
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// asked returns questions of customers, a third of each language's.
func asked(t *testing.T) (texts []string) {
	t.Helper()
	for _, language := range []string{"en", "de"} {
		f, err := os.Open("../topic/testdata/questions." + language + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r := csv.NewReader(f)
		r.Comma, r.LazyQuotes = '\t', true
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows[1:] {
			if i%3 == 0 {
				texts = append(texts, row[2])
			}
		}
	}
	return texts
}

// made makes up a conversation that begins with what a contact says.
func (w *world) made(says ...string) store.FillConversation {
	r := w.random
	start := began.Add(-time.Duration(r.Int64N(int64(40 * 24 * time.Hour)))).Truncate(time.Microsecond)
	c := store.FillConversation{
		Conversation: parley.Conversation{
			ID: parley.NewID(start), Source: parley.Sources()[r.IntN(4)], Status: parley.ConversationEnded,
			EndReason: parley.EndInactivity, AssistantID: w.assistant, AssistantVersion: 1, Owner: parley.OwnerAssistant,
			StartedAt: start, EndedAt: start.Add(time.Hour), HandedOver: r.IntN(5) == 0,
		},
		Contact: parley.Contact{ID: parley.NewID(start)},
		Messages: []parley.Message{
			{Role: parley.ByUser, Content: "hello", CreatedAt: start},
			{Role: parley.ByAssistant, Content: "How can I help?", CreatedAt: start.Add(time.Second)},
		},
	}
	for i, s := range says {
		at := start.Add(time.Duration(i+1) * time.Minute)
		c.Messages = append(c.Messages, parley.Message{Role: parley.ByUser, Content: s, CreatedAt: at},
			parley.Message{Role: parley.ByAssistant, Content: "Let me see.", CreatedAt: at.Add(time.Second)})
	}
	if n := r.IntN(3); n < 2 {
		resolved := n == 1
		c.Conversation.Resolved = &resolved
	}
	credits := parley.Credits(r.Int64N(1_000_000))
	tokens := int64(7)
	c.Usage = []parley.Usage{{
		ID: parley.NewID(start), Kind: parley.UsageReply, Complete: true, InputTokens: &tokens, OutputTokens: &tokens, Credits: &credits,
	}}
	if r.IntN(10) == 0 {
		c.Usage[0].Credits = nil
	}
	return c
}

// fill writes conversations, one for each text.
func (w *world) fill(texts ...string) []store.FillConversation {
	w.t.Helper()
	all := make([]store.FillConversation, len(texts))
	for i, s := range texts {
		all[i] = w.made(s)
	}
	w.write(all...)
	return all
}

func (w *world) write(all ...store.FillConversation) {
	w.t.Helper()
	f, err := w.NewFiller(w.t.Context(), w.ws, true)
	w.ok(err)
	w.ok(f.Write(w.t.Context(), f.Prepare(all)))
	w.ok(f.Close())
}

// group does what the queue would.
func (w *world) group() {
	w.t.Helper()
	w.ok(w.service.Work(w.t.Context(), parley.Work{Kind: parley.WorkTopics, Key: w.ws, WorkspaceID: w.ws}))
}

func (w *world) overview(kind parley.QuestionKind, q store.ListQuery) *questions.Overview {
	w.t.Helper()
	q.WorkspaceID = w.ws
	o, err := w.service.Overview(w.t.Context(), q, kind)
	w.ok(err)
	return o
}

// listed returns the conversations that the list shows for a filter.
func (w *world) listed(q store.ListQuery) (rows []store.ListRow) {
	w.t.Helper()
	q.WorkspaceID, q.Limit = w.ws, 100
	for range 200 {
		page, err := w.List(w.t.Context(), q)
		w.ok(err)
		rows = append(rows, page.Rows...)
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return rows
		}
	}
	w.t.Fatalf("the pages of %+v do not end", q)
	return nil
}
