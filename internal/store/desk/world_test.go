package desk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/linked"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// world is a workspace with its desk, and a member.
type world struct {
	*store.Store
	t         *testing.T
	ctx       context.Context //nolint:containedctx // of the test
	clock     *storetest.Clock
	desk      *desk.Desk
	ws        string
	assistant string
	anna      desk.Author
}

// run runs fn on each database.
func run(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.RunAt(t, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), func(t *testing.T, s *store.Store, c *storetest.Clock) {
		w := &world{Store: s, t: t, ctx: t.Context(), clock: c, desk: &desk.Desk{Tables: s.Tables(), Now: c.Now}}
		w.ws, w.assistant = w.workspace()
		w.anna = w.member(w.ws, "Anna")
		fn(t, w)
	})
}

func (w *world) workspace() (ws, assistant string) {
	w.t.Helper()
	x := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(w.CreateWorkspace(w.ctx, x))
	a := &parley.Assistant{WorkspaceID: x.ID, Config: parley.AssistantConfig{
		Name: "Concierge", Status: parley.AssistantActive, InactivityMinutes: 30,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	w.ok(w.CreateAssistant(w.ctx, a, ""))
	w.ok(w.CreateMember(w.ctx, &parley.Member{WorkspaceID: x.ID, Name: "Owner", Email: parley.NewID(time.Now()) + "@example.com", Role: parley.RoleOwner}))
	return x.ID, a.ID
}

func (w *world) member(ws, name string) desk.Author {
	w.t.Helper()
	m := &parley.Member{WorkspaceID: ws, Name: name, Email: parley.NewID(time.Now()) + "@example.com", Role: parley.RoleOperator, CreatedAt: w.clock.Now()}
	w.ok(w.CreateMember(w.ctx, m))
	return desk.Author{ID: m.ID, Name: m.Name}
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) fails(err error, code parley.Code) {
	w.t.Helper()
	if parley.ErrorCode(err) != code {
		w.t.Fatalf("got %v, want %s", err, code)
	}
}

// talk opens a conversation in which somebody has written.
func (w *world) talk(who string) *parley.Conversation {
	w.t.Helper()
	w.clock.Move(time.Minute)
	c, _, err := w.OpenConversation(w.ctx, store.OpenConversation{
		WorkspaceID: w.ws, Source: parley.SourceAPI, AssistantID: w.assistant, ExternalID: who,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: who}},
	})
	w.ok(err)
	w.says(c, "hello from "+who)
	return c
}

func (w *world) says(c *parley.Conversation, text string) {
	w.t.Helper()
	w.clock.Move(time.Minute)
	_, err := w.Receive(w.ctx, store.ReceiveMessage{WorkspaceID: w.ws, ConversationID: c.ID, Message: &parley.Message{Content: text}})
	w.ok(err)
}

func (w *world) tag(name string) *desk.Tag {
	w.t.Helper()
	g := &desk.Tag{WorkspaceID: w.ws, Name: name, Color: "#112233"}
	w.ok(w.desk.CreateTag(w.ctx, g))
	return g
}

func (w *world) put(c *parley.Conversation, tags ...*desk.Tag) {
	w.t.Helper()
	for _, g := range tags {
		w.ok(w.desk.PutTag(w.ctx, w.ws, c.ID, g.ID))
	}
}

// marks are what Anna sees on a conversation.
func (w *world) marks(c *parley.Conversation) *desk.Marks {
	w.t.Helper()
	row, err := w.ConversationRow(w.ctx, w.ws, c.ID)
	w.ok(err)
	m, err := w.desk.Of(w.ctx, w.anna.ID, row)
	w.ok(err)
	return m
}

// listed reads what a filter lists, page by page.
func (w *world) listed(q store.ListQuery) (names []string) {
	w.t.Helper()
	q.WorkspaceID = w.ws
	for range 1000 {
		page, err := w.List(w.ctx, q)
		w.ok(err)
		for i := range page.Rows {
			names = append(names, page.Rows[i].ExternalID)
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return names
		}
	}
	w.t.Fatalf("%+v has no end", q)
	return nil
}

// expect checks which conversations a filter lists, in order.
func (w *world) expect(q store.ListQuery, want ...*parley.Conversation) {
	w.t.Helper()
	var names []string
	for _, c := range want {
		names = append(names, c.ExternalID)
	}
	q.Limit = 2
	if got := w.listed(q); !slices.Equal(got, names) {
		w.t.Errorf("%+v lists %v, want %v", q, got, names)
	}
}

func byTags(tags ...*desk.Tag) store.ListQuery {
	q := store.ListQuery{Links: linked.Links{}}
	for _, g := range tags {
		q.Tags = append(q.Tags, g.ID)
	}
	return q
}
