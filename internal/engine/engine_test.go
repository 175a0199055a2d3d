package engine_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// patience bounds what a test waits for. It is long because the machine may be
// slow; nothing waits for all of it unless something is broken.
const patience = 3 * time.Minute

// world is a workspace with one assistant and an engine that runs.
type world struct {
	t         *testing.T
	store     *store.Store
	engine    *engine.Engine
	hub       *live.Hub
	workspace *parley.Workspace
	assistant *parley.Assistant
	provider  *parley.Provider
	stop      func()
}

// setup says how a world differs from the usual.
type setup struct {
	model     llm.Model            // of the assistant
	models    map[string]llm.Model // by provider base URL, instead of model
	assistant func(*parley.AssistantConfig)
	config    func(*engine.Config)
	settings  func(*parley.WorkspaceSettings)
	idle      bool // do not run the engine
}

// both runs a test on a world on each database.
func both(t *testing.T, s func() setup, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.Store) { fn(t, newWorld(t, db, s())) })
}

// quick runs a test on SQLite only: what it tests does not depend on the
// database.
func quick(t *testing.T, s setup) *world {
	t.Helper()
	t.Parallel()
	return newWorld(t, storetest.Open(t, "sqlite"), s)
}

func newWorld(t *testing.T, db *store.Store, s setup) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{t: t, store: db, hub: live.NewHub()}
	w.workspace = &parley.Workspace{Name: "Test", TimeZone: "Europe/Berlin", Settings: parley.DefaultWorkspaceSettings()}
	if s.settings != nil {
		s.settings(&w.workspace.Settings)
	}
	w.must(db.CreateWorkspace(ctx, w.workspace))
	w.provider = &parley.Provider{WorkspaceID: w.workspace.ID, Name: "Fake", Kind: "fake", BaseURL: "https://fake.example/v1", APIKey: "key"}
	w.must(db.CreateProvider(ctx, w.provider))

	cfg := parley.AssistantConfig{
		Name: "Ada", Status: parley.AssistantActive, Prompt: "You are {assistant_name}.",
		Model:             parley.ModelChoice{ProviderID: w.provider.ID, Model: "fake-1"},
		InactivityMinutes: 30, AfterEnd: parley.AfterEndNew, TroubleText: "Trouble.",
	}
	if s.assistant != nil {
		s.assistant(&cfg)
	}
	w.assistant = &parley.Assistant{WorkspaceID: w.workspace.ID, Name: cfg.Name, Status: cfg.Status, Config: cfg}
	w.must(db.CreateAssistant(ctx, w.assistant, ""))

	ec := engine.Config{
		Store: db, Hub: w.hub, Log: slog.New(slog.DiscardHandler),
		Providers: map[string]engine.NewModel{
			"fake": func(p *parley.Provider) (llm.Model, error) {
				if m, ok := s.models[p.BaseURL]; ok {
					return m, nil
				}
				return s.model, nil
			},
		},
		Limits: engine.Limits{TurnTime: patience, GraceTurn: 20 * time.Second},
	}
	if s.config != nil {
		s.config(&ec)
	}
	w.engine = engine.New(ec)
	w.stop = func() {}
	if !s.idle {
		w.run()
	}
	return w
}

// run starts the engine; stop ends it and waits.
func (w *world) run() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.engine.Run(ctx) }()
	stopped := false
	w.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("Run: %v", err)
		}
	}
	w.t.Cleanup(w.stop)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// open opens a conversation through the API.
func (w *world) open() *parley.Conversation {
	w.t.Helper()
	return w.openWith(engine.OpenRequest{Source: parley.SourceAPI})
}

func (w *world) openWith(req engine.OpenRequest) *parley.Conversation {
	w.t.Helper()
	req.WorkspaceID, req.AssistantID = w.workspace.ID, w.assistant.ID
	c, _, err := w.engine.Open(w.t.Context(), req)
	w.must(err)
	return c
}

// write writes as the contact.
func (w *world) write(conv, text string) *engine.Received {
	w.t.Helper()
	got, err := w.engine.Receive(w.t.Context(), channel.Inbound{
		WorkspaceID: w.workspace.ID, ConversationID: conv, Content: text,
	})
	w.must(err)
	return got
}

// ask writes and returns what is answered.
func (w *world) ask(conv, text string) []parley.Message {
	w.t.Helper()
	got := w.write(conv, text)
	replies, err := w.engine.WaitReplies(w.t.Context(), w.workspace.ID, got.Conversation.ID, got.Message.Seq, patience)
	w.must(err)
	return replies
}

func (w *world) conversation(id string) *parley.Conversation {
	w.t.Helper()
	c, err := w.store.Conversation(w.t.Context(), w.workspace.ID, id)
	w.must(err)
	return c
}

// messages returns the log of a conversation, of some roles or of all.
func (w *world) messages(conv string, roles ...parley.MessageRole) []parley.Message {
	w.t.Helper()
	all, err := w.store.Messages(w.t.Context(), w.workspace.ID, conv, 0, 0)
	w.must(err)
	if len(roles) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(m parley.Message) bool { return !slices.Contains(roles, m.Role) })
}

func (w *world) usage(conv string) []parley.Usage {
	w.t.Helper()
	rows, err := w.store.Usage(w.t.Context(), w.workspace.ID, conv)
	w.must(err)
	return rows
}

func (w *world) turns(conv string) []parley.Turn {
	w.t.Helper()
	turns, err := w.store.Turns(w.t.Context(), w.workspace.ID, conv)
	w.must(err)
	return turns
}

func (w *world) variables(conv string) map[string]string {
	w.t.Helper()
	vars, err := w.store.Variables(w.t.Context(), w.workspace.ID, conv)
	w.must(err)
	found := map[string]string{}
	for _, v := range vars {
		found[string(v.Source)+"."+v.Name] = string(v.Value)
	}
	return found
}

// eventually waits until ok holds.
func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); !ok(); {
		if time.Now().After(deadline) {
			w.t.Fatalf("after %s still not: %s", patience, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// member makes a member of the workspace.
func (w *world) member(name string) engine.Actor {
	w.t.Helper()
	m := &parley.Member{WorkspaceID: w.workspace.ID, Email: strings.ToLower(name) + "@example.com", Name: name,
		Role: parley.RoleOperator, PasswordHash: "x"}
	w.must(w.store.CreateMember(w.t.Context(), m))
	return engine.Actor{ID: m.ID, Name: m.Name}
}

func texts(msgs []parley.Message) []string {
	var out []string
	for _, m := range msgs {
		out = append(out, m.Content)
	}
	return out
}

func call(id, name, args string) parley.ToolCall {
	return parley.ToolCall{ID: id, Name: name, Arguments: json.RawMessage(args)}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestATurnFromMessageToAnswer(t *testing.T) {
	model := func() setup {
		return setup{model: scripted.New(scripted.Text("Good day to you."), scripted.Text("Fine."))}
	}
	both(t, model, func(t *testing.T, w *world) {
		c := w.open()
		replies := w.ask(c.ID, "Hello")
		if got := texts(replies); !slices.Equal(got, []string{"Good day to you."}) {
			t.Fatalf("answered %q", got)
		}
		w.ask(c.ID, "How are you?")
		got := texts(w.messages(c.ID))
		if want := []string{"Hello", "Good day to you.", "How are you?", "Fine."}; !slices.Equal(got, want) {
			t.Errorf("the log is %q", got)
		}
		after := w.conversation(c.ID)
		equal(t, "messages", after.MessageCount, 4)
		equal(t, "input tokens", after.InputTokens, 20)
		equal(t, "errors", after.HasError, false)
		turns := w.turns(c.ID)
		equal(t, "turns", len(turns), 2)
		equal(t, "status", turns[0].Status, parley.TurnDone)
		equal(t, "steps", len(turns[0].Trace.Steps), 1)
		if turns[0].FirstTokenAt.IsZero() || turns[0].EndedAt.IsZero() {
			t.Errorf("times are missing: %+v", turns[0])
		}
	})
}
