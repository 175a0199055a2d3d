package workshop_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/workshop"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// world is a workspace with a member, a provider and the workshop.
type world struct {
	*store.Store
	*workshop.Workshop
	t        *testing.T
	ws       string
	member   *parley.Member
	provider *parley.Provider
}

// run runs fn on each database.
func run(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) { fn(t, newWorld(t, s)) })
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{Store: s, t: t, Workshop: &workshop.Workshop{Store: s, Now: time.Now}}
	x := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(s.CreateWorkspace(t.Context(), x))
	w.ws = x.ID
	w.member = &parley.Member{WorkspaceID: w.ws, Email: parley.NewID(time.Now()) + "@shop.example", Name: "Olga", Role: parley.RoleOwner, PasswordHash: "x"}
	w.ok(s.CreateMember(t.Context(), w.member))
	w.provider = &parley.Provider{WorkspaceID: w.ws, Name: "House", Kind: "openai", BaseURL: "https://models.example/v1", APIKey: "sk-secret"}
	w.ok(s.CreateProvider(t.Context(), w.provider))
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code parley.Code) {
	t.Helper()
	if parley.ErrorCode(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// assistant makes one that has everything, with two documents.
func (w *world) assistant() *parley.Assistant {
	w.t.Helper()
	warm := 0.4
	conv, said := w.talk(parley.NewID(time.Now()), "u:Why?", "a:Because:\n- it is so")
	cfg := parley.AssistantConfig{
		Name: "Lumi", Avatar: "☕", Status: parley.AssistantActive, Prompt: "You are Lumi.\n\nBe kind: {name}.\n", Greeting: "Hello!", SpeaksFirst: true,
		Languages: []string{"en", "de"}, TimeZone: "Europe/Berlin", Model: parley.ModelChoice{ProviderID: w.provider.ID, Model: "m-1", Temperature: &warm},
		Fallback:          &parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		InactivityMinutes: 45, ReplyDelaySeconds: 3, AfterEnd: parley.AfterEndReopen, TroubleText: "Trouble: yes", BudgetText: "no",
		Variables: []parley.VariableSchema{
			{Name: "name", Type: parley.TypeText, Source: parley.FromPreChat, Default: "friend"},
			{Name: "grind", Type: parley.TypeEnum, Source: parley.FromExtracted, Options: []string{"yes", "Filter"}, Required: true, Question: "How?"},
		},
		Tools: []parley.HTTPTool{{
			Name: "find", Description: "Finds", Method: "POST", URL: "https://olga:s3cret@shop.example/o/{id}?api_key=k3y&lang={lang}&q=1#f",
			Headers:    map[string]string{"Authorization": "Bearer t0ken", "Accept": "text/plain"},
			Parameters: []byte(`{"type":"object","properties":{"id":{"type":"string","enum":["1","on"]},"n":{"type":"number","maximum":1.5}},"required":["id"]}`), TimeoutSeconds: 5,
		}},
		Examples: []parley.Example{{Question: "Why?", Answer: "Because:\n- it is so", ConversationID: conv, MessageID: said[1]}},
	}
	a := &parley.Assistant{WorkspaceID: w.ws, Config: cfg}
	w.ok(w.CreateAssistant(w.t.Context(), a, w.member.ID))
	for _, title := range []string{"Hours", "Delivery"} {
		w.ok(w.CreateDocument(w.t.Context(), &parley.Document{
			WorkspaceID: w.ws, AssistantID: a.ID, Title: title, Format: parley.FormatMarkdown, Content: "# " + title + "\n\nFrom *nine*.\n",
		}, w.member.ID))
	}
	return w.newest(a.ID)
}

func (w *world) newest(id string) *parley.Assistant {
	w.t.Helper()
	a, err := w.Assistant(w.t.Context(), w.ws, id)
	w.ok(err)
	return a
}

// texts returns the titles and contents of an assistant's documents.
func (w *world) texts(a *parley.Assistant) (all []string) {
	w.t.Helper()
	docs, err := w.DocumentsWithContent(w.t.Context(), a.WorkspaceID, a.Config.Knowledge)
	w.ok(err)
	for _, d := range docs {
		if d.AssistantID != a.ID || d.Size != len(d.Content) || d.State != parley.DocumentReady {
			w.t.Errorf("the document is %+v", d)
		}
		all = append(all, d.Title+": "+d.Content)
	}
	return all
}

func TestCompare(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		ctx, a := t.Context(), w.assistant() // version 3, with two documents added
		cfg := a.Config
		cfg.Prompt, cfg.Tools = "Another.", slices.Clone(cfg.Tools)
		cfg.Tools[0].Headers = map[string]string{"Authorization": "Bearer other", "Accept": "text/plain"}
		_, err := w.UpdateAssistant(ctx, w.ws, a.ID, 0, cfg, "gone")
		w.ok(err)
		c, err := w.Compare(ctx, w.ws, a.ID, 0, 0)
		w.ok(err)
		if c.A.Version.Version != 3 || c.B.Version.Version != 4 || !slices.Equal(c.Changed, []string{"prompt", "tools"}) || len(c.Steps) != 1 {
			t.Errorf("got %d and %d with %v, %d steps", c.A.Version.Version, c.B.Version.Version, c.Changed, len(c.Steps))
		}
		if c, err = w.Compare(ctx, w.ws, a.ID, 4, 1); err != nil || len(c.A.Documents) != 2 || len(c.B.Documents) != 0 {
			t.Fatalf("got %+v, %v", c, err)
		}
		if !slices.Equal(c.Changed, []string{"knowledge", "prompt", "tools"}) || c.More {
			t.Errorf("changed %v", c.Changed)
		}
		var steps []string
		for _, s := range c.Steps {
			steps = append(steps, strings.Join(s.Changed, " "))
		}
		if !slices.Equal(steps, []string{"prompt tools", "knowledge", "knowledge"}) || c.Steps[0].Version.Version != 4 {
			t.Errorf("steps %q", steps)
		}
		if c, err = w.Compare(ctx, w.ws, a.ID, 2, 2); err != nil || len(c.Changed) != 0 || len(c.Steps) != 0 {
			t.Errorf("with itself: %+v, %v", c, err)
		}
		people, err := w.People(ctx, w.ws)
		w.ok(err)
		if people[w.member.ID] != "Olga" || people["gone"] != "" {
			t.Errorf("people are %v", people)
		}
		_, err = w.Compare(ctx, w.ws, a.ID, 1, 9)
		wantCode(t, err, parley.CodeNotFound)
		_, err = newWorld(t, w.Store).Compare(ctx, newWorld(t, w.Store).ws, a.ID, 0, 0)
		wantCode(t, err, parley.CodeNotFound)
	})
}

func TestDuplicate(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		ctx, a := t.Context(), w.assistant()
		b, err := w.Duplicate(ctx, w.ws, a.ID, "", w.member.ID)
		w.ok(err)
		b = w.newest(b.ID)
		if b.Name != "Lumi (copy)" || b.Status != parley.AssistantDraft || b.Version != 1 || b.Config.Tools[0].Headers["Authorization"] != "Bearer t0ken" {
			t.Errorf("the copy is %+v", b)
		}
		if got := workshop.Changed(&a.Config, &b.Config); !slices.Equal(got, []string{"knowledge", "name", "status"}) {
			t.Errorf("the copy differs in %v", got)
		}
		if !slices.Equal(w.texts(a), w.texts(b)) || slices.ContainsFunc(b.Config.Knowledge, func(id string) bool { return slices.Contains(a.Config.Knowledge, id) }) {
			t.Errorf("documents are %v", w.texts(b))
		}
		if c, err := w.Duplicate(ctx, w.ws, a.ID, " Mila ", w.member.ID); err != nil || c.Name != "Mila" {
			t.Errorf("got %+v, %v", c, err)
		}
		_, err = w.Duplicate(ctx, newWorld(t, w.Store).ws, a.ID, "", w.member.ID)
		wantCode(t, err, parley.CodeNotFound)
	})
}

func TestExamplesOfConversations(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		ctx, a := t.Context(), w.assistant()
		conv, log := w.talk(a.ID, "u:Hello", "a:Hi", "u:My number is +49 30 1234567.", "t:lookup", "u:When do you open?", "a:At nine.", "a:On Sundays at ten.", "o:I am **Olga**.")
		s, err := w.Suggest(ctx, w.ws, conv, log[5])
		w.ok(err)
		want := parley.Example{Question: "My number is [phone].\nWhen do you open?", Answer: "At nine.", ConversationID: conv, MessageID: log[5]}
		if s.Example != want || s.Kept || s.Assistant.ID != a.ID {
			t.Errorf("suggested %+v", s)
		}
		if s, err := w.Suggest(ctx, w.ws, conv, log[7]); err != nil || s.Example.Question != want.Question || s.Example.Answer != "I am **Olga**." {
			t.Errorf("of the operator: %+v, %v", s, err)
		}
		for _, no := range []string{log[0], log[3]} {
			_, err = w.Suggest(ctx, w.ws, conv, no)
			wantCode(t, err, parley.CodeInvalid)
		}
		kept, err := w.Keep(ctx, w.ws, conv, log[5], "When do you open?", "", w.member.ID)
		w.ok(err)
		if kept.Version != a.Version+1 || len(kept.Config.Examples) != 2 || kept.Config.Examples[1].Question != "When do you open?" || kept.Config.Examples[1].Answer != "At nine." {
			t.Errorf("kept %+v", kept.Config.Examples)
		}
		if s, err := w.Suggest(ctx, w.ws, conv, log[5]); err != nil || !s.Kept {
			t.Errorf("it is not kept: %+v, %v", s, err)
		}
		again, err := w.Keep(ctx, w.ws, conv, log[5], "", "At ten.", w.member.ID)
		w.ok(err)
		if len(again.Config.Examples) != 2 || again.Config.Examples[1].Answer != "At ten." || !slices.Equal(again.Config.Knowledge, a.Config.Knowledge) {
			t.Errorf("kept again: %+v", again.Config)
		}
		_, err = w.Keep(ctx, w.ws, conv, log[6], strings.Repeat("x", 25<<10), "", w.member.ID)
		wantCode(t, err, parley.CodeInvalid)
		_, err = w.Keep(ctx, newWorld(t, w.Store).ws, conv, log[5], "", "", w.member.ID)
		wantCode(t, err, parley.CodeNotFound)
		// Nobody's example is lost when several are kept at once.
		var wg sync.WaitGroup
		for _, m := range []string{log[1], log[6], log[7]} {
			wg.Go(func() {
				if _, err := w.Keep(ctx, w.ws, conv, m, "", "", w.member.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(w.newest(a.ID).Config.Examples); n != 5 {
			t.Errorf("%d examples", n)
		}
	})
}

// talk makes a conversation of lines such as "u:Hello" and returns the ids of its
// messages.
func (w *world) talk(assistant string, lines ...string) (conv string, ids []string) {
	w.t.Helper()
	ctx, start := w.t.Context(), time.Now().Add(-time.Hour).Truncate(time.Microsecond)
	c := store.FillConversation{
		Conversation: parley.Conversation{
			ID: parley.NewID(start), Source: parley.SourceAPI, Status: parley.ConversationEnded, EndReason: parley.EndContact, AssistantID: assistant,
			AssistantVersion: 1, Owner: parley.OwnerAssistant, StartedAt: start, EndedAt: start.Add(time.Hour),
		},
		Contact: parley.Contact{ID: parley.NewID(start)},
	}
	roles := map[string]parley.MessageRole{"u": parley.ByUser, "a": parley.ByAssistant, "o": parley.ByOperator, "t": parley.ByTool}
	for i, line := range lines {
		by, text, _ := strings.Cut(line, ":")
		c.Messages = append(c.Messages, parley.Message{Role: roles[by], Content: text, CreatedAt: start.Add(time.Duration(i) * time.Second)})
	}
	f, err := w.NewFiller(ctx, w.ws, true)
	w.ok(err)
	w.ok(f.Write(ctx, f.Prepare([]store.FillConversation{c})))
	w.ok(f.Close())
	log, err := w.Messages(ctx, w.ws, c.Conversation.ID, 0, 0)
	w.ok(err)
	for _, m := range log {
		ids = append(ids, m.ID)
	}
	return c.Conversation.ID, ids
}
