package store_test

import (
	"context"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// scene is a store with a workspace, an assistant and two operators, on a
// clock that tests move.
type scene struct {
	*store.Store
	t         *testing.T
	ctx       context.Context //nolint:containedctx // of the test
	clock     *storetest.Clock
	ws        string
	assistant string
	anna, ben string
}

// runScene runs fn on each database.
func runScene(t *testing.T, fn func(t *testing.T, sc *scene)) {
	t.Helper()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) { fn(t, newScene(t, s, c)) })
}

func newScene(t *testing.T, s *store.Store, c *storetest.Clock) *scene {
	t.Helper()
	sc := &scene{Store: s, t: t, ctx: t.Context(), clock: c}
	sc.ws = sc.workspace()
	sc.assistant = sc.newAssistant(sc.ws, "Concierge")
	sc.anna, sc.ben = sc.member("Anna"), sc.member("Ben")
	return sc
}

func (sc *scene) workspace() string {
	sc.t.Helper()
	w := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	sc.ok(sc.CreateWorkspace(sc.ctx, w))
	return w.ID
}

func (sc *scene) newAssistant(ws, name string) string {
	sc.t.Helper()
	a := &parley.Assistant{WorkspaceID: ws, Config: parley.AssistantConfig{
		Name: name, Status: parley.AssistantActive, InactivityMinutes: 30,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	sc.ok(sc.CreateAssistant(sc.ctx, a, ""))
	return a.ID
}

func (sc *scene) member(name string) string {
	sc.t.Helper()
	m := &parley.Member{
		WorkspaceID: sc.ws, Name: name, Email: parley.NewID(time.Now()) + "@example.com", Role: parley.RoleOperator,
	}
	sc.ok(sc.CreateMember(sc.ctx, m))
	return m.ID
}

func (sc *scene) ok(err error) {
	sc.t.Helper()
	if err != nil {
		sc.t.Fatal(err)
	}
}

// fails checks the code of an error.
func (sc *scene) fails(err error, code parley.Code) {
	sc.t.Helper()
	if parley.ErrorCode(err) != code {
		sc.t.Fatalf("got %v, want %s", err, code)
	}
}

// open opens a conversation of a new contact, or of the one with that id.
func (sc *scene) open(source parley.Source, external string) *parley.Conversation {
	sc.t.Helper()
	if external == "" {
		external = parley.NewID(time.Now())
	}
	c, _, err := sc.OpenConversation(sc.ctx, store.OpenConversation{
		WorkspaceID: sc.ws, Source: source, AssistantID: sc.assistant,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: external}},
	})
	sc.ok(err)
	return c
}

// fill writes whole conversations at once.
func (sc *scene) fill(convs ...store.FillConversation) {
	sc.t.Helper()
	f, err := sc.NewFiller(sc.ctx, sc.ws, true)
	sc.ok(err)
	sc.ok(f.Write(sc.ctx, f.Prepare(convs)))
	sc.ok(f.Close())
}

// receive records a message of the contact that wants an answer now.
func (sc *scene) receive(c *parley.Conversation, text string) *parley.Message {
	sc.t.Helper()
	r, err := sc.Receive(sc.ctx, store.ReceiveMessage{
		WorkspaceID: c.WorkspaceID, ConversationID: c.ID, TurnAt: sc.clock.Now(),
		Message: &parley.Message{Content: text},
	})
	sc.ok(err)
	return r.Message
}

// claim claims the work of a kind that is due for a conversation; nil if none
// is.
func (sc *scene) claim(kind parley.WorkKind, conv string) *parley.Work {
	sc.t.Helper()
	return storetest.Claim(sc.t, sc.Store, kind, conv, sc.clock.Now())
}

// turn answers what is due with texts.
func (sc *scene) turn(c *parley.Conversation, push bool, texts ...string) *store.FinishedTurn {
	sc.t.Helper()
	w := sc.claim(parley.WorkTurn, c.ID)
	if w == nil {
		sc.t.Fatal("no turn is due")
	}
	start, err := sc.BeginTurn(sc.ctx, *w)
	sc.ok(err)
	end := store.TurnEnd{Turn: start.Turn, Push: push}
	for _, text := range texts {
		end.Messages = append(end.Messages, parley.Message{Role: parley.ByAssistant, Content: text})
	}
	done, err := sc.FinishTurn(sc.ctx, *w, end)
	sc.ok(err)
	sc.ok(sc.CompleteWork(sc.ctx, *w))
	return done
}

// claimDelivery claims the next message that is to be sent; nil if there is
// none.
func (sc *scene) claimDelivery(w parley.Work, stop parley.Stop) (*store.Outgoing, error) {
	id := ""
	next, err := sc.NextDelivery(sc.ctx, w.WorkspaceID, w.Key)
	if err == nil && next != nil {
		id = next.Message.ID
	}
	return sc.ClaimDelivery(sc.ctx, w, id, stop)
}

func (sc *scene) log(c *parley.Conversation) []parley.Message {
	sc.t.Helper()
	log, err := sc.Messages(sc.ctx, c.WorkspaceID, c.ID, 0, 0)
	sc.ok(err)
	return log
}

func (sc *scene) reload(c *parley.Conversation) *parley.Conversation {
	sc.t.Helper()
	got, err := sc.Conversation(sc.ctx, c.WorkspaceID, c.ID)
	sc.ok(err)
	return got
}
