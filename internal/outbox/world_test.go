package outbox_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/live"
	"parley/internal/metasim"
	"parley/internal/metasim/world"
	"parley/internal/outbox"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// The simulator's numbers: two of one account, and one of another.
const (
	first   = "106540352242922"
	sibling = "106540352242923"
	foreign = "206540352242931"
)

// stage is an outbox between a real store and a simulator of Meta. All three
// read one clock, and nothing is sent unless the test asks for it.
type stage struct {
	*store.Store
	t         *testing.T
	ctx       context.Context //nolint:containedctx // of the test
	clock     *storetest.Clock
	sim       *metasim.Sim
	url       string
	outbox    *outbox.Outbox
	woken     time.Time // what the outbox asked to be woken at, the last time
	ws        string
	assistant string
	anna      string
	senders   map[string]*parley.Sender
}

// run runs a test on each database.
func run(t *testing.T, fn func(t *testing.T, s *stage)) {
	t.Helper()
	storetest.RunAt(t, time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), func(t *testing.T, db *store.Store, c *storetest.Clock) {
		fn(t, newStage(t, db, c))
	})
}

func newStage(t *testing.T, db *store.Store, c *storetest.Clock) *stage {
	t.Helper()
	s := &stage{Store: db, t: t, ctx: t.Context(), clock: c, senders: map[string]*parley.Sender{}}
	s.sim = metasim.New(metasim.Config{Seed: 7, Now: c.Now})
	srv := httptest.NewServer(s.sim)
	t.Cleanup(srv.Close)
	s.url = srv.URL
	ws := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	s.ok(s.CreateWorkspace(s.ctx, ws))
	s.ws = ws.ID
	a := &parley.Assistant{WorkspaceID: s.ws, Config: parley.AssistantConfig{
		Name: "Ada", Status: parley.AssistantActive, InactivityMinutes: 30,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	s.ok(s.CreateAssistant(s.ctx, a, ""))
	s.assistant = a.ID
	m := &parley.Member{WorkspaceID: s.ws, Name: "Anna", Email: parley.NewID(time.Now()) + "@example.com", Role: parley.RoleOperator}
	s.ok(s.CreateMember(s.ctx, m))
	s.anna = m.ID
	for _, n := range s.sim.Numbers() {
		x := &parley.Sender{
			WorkspaceID: s.ws, Name: n.VerifiedName, Kind: parley.SenderCloud, Simulated: true, WABAID: n.AccountID, PhoneNumberID: n.ID,
			DisplayPhone: "+" + n.Phone, BaseURL: srv.URL, Token: metasim.DefaultToken, AssistantID: s.assistant, AIOn: true,
			Health: parley.SenderHealth{Status: parley.SenderOnline, Throughput: n.Throughput},
		}
		s.ok(s.CreateSender(s.ctx, x))
		s.senders[n.ID] = x
	}
	s.restart()
	return s
}

// restart replaces the outbox by one that remembers nothing, as after a crash.
func (s *stage) restart() {
	transport := &http.Transport{}
	s.t.Cleanup(transport.CloseIdleConnections)
	s.outbox = outbox.New(outbox.Config{
		Store: s.Store, Hub: live.NewHub(), Now: s.clock.Now, Log: slog.New(slog.DiscardHandler),
		Channels: map[parley.Source]channel.Channel{
			parley.SourceWhatsApp: whatsapp.New(graph.Config{Transport: transport, Now: s.clock.Now}),
		},
		WakeAt: func(t time.Time) { s.woken = t },
	})
}

func (s *stage) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// person adds somebody to the simulator.
func (s *stage) person(phone string) world.Person {
	s.t.Helper()
	p, err := s.sim.AddPerson(world.Person{ID: "p" + phone, Name: "P " + phone, Phone: phone})
	s.ok(err)
	return p
}

// asked returns the conversation of somebody who wrote to a number just now, with
// replies that wait to be sent.
func (s *stage) asked(p world.Person, number string, replies ...string) *parley.Conversation {
	s.t.Helper()
	in, err := s.sim.SendText(p.ID, number, "hello")
	s.ok(err)
	now, x := s.clock.Now(), s.senders[number]
	got, _, err := s.ReceiveFrom(s.ctx, store.OpenConversation{
		WorkspaceID: s.ws, Source: parley.SourceWhatsApp, AssistantID: s.assistant, SenderID: x.ID,
		Identities: []parley.Identity{{Kind: parley.IdentityPhone, Value: "+" + p.Phone}},
	}, store.ReceiveMessage{
		WorkspaceID: s.ws, SenderID: x.ID, TurnAt: now, WindowExpiresAt: now.Add(parley.WindowTime),
		Message: &parley.Message{Content: "hello", ProviderID: in.ID},
	})
	s.ok(err)
	w := s.claim(parley.WorkTurn, got.Conversation.ID)
	start, err := s.BeginTurn(s.ctx, *w)
	s.ok(err)
	end := store.TurnEnd{Turn: start.Turn, Push: true}
	for _, text := range replies {
		end.Messages = append(end.Messages, parley.Message{Role: parley.ByAssistant, Content: text})
	}
	_, err = s.FinishTurn(s.ctx, *w, end)
	s.ok(err)
	s.ok(s.CompleteWork(s.ctx, *w))
	return got.Conversation
}

// claim claims the work of a kind for a conversation, which is due.
func (s *stage) claim(kind parley.WorkKind, conv string) *parley.Work {
	s.t.Helper()
	mine := storetest.Claim(s.t, s.Store, kind, conv, s.clock.Now())
	if mine == nil {
		s.t.Fatalf("no %s is due for %s", kind, conv)
	}
	return mine
}

// deliver works on what a conversation has queued, as the queue would. It
// returns how long the rest has to wait: 0 means that nothing is left, or that
// it waits for a person.
func (s *stage) deliver(c *parley.Conversation) time.Duration {
	s.t.Helper()
	s.ok(s.AddWork(s.ctx, parley.Work{Kind: parley.WorkDeliver, Key: c.ID, WorkspaceID: s.ws, Due: s.clock.Now()}))
	w := s.claim(parley.WorkDeliver, c.ID)
	s.woken = time.Time{}
	if err := s.outbox.Deliver(s.ctx, *w); err != nil {
		s.ok(s.DeferWork(s.ctx, *w, s.clock.Now(), false)) // so that a test can look before it is due
	} else {
		s.ok(s.CompleteWork(s.ctx, *w))
	}
	if s.woken.IsZero() {
		return 0
	}
	return s.woken.Sub(s.clock.Now())
}

// waits checks how long a conversation's outbox has to wait.
func (s *stage) waits(what string, c *parley.Conversation, want time.Duration) {
	s.t.Helper()
	if got := s.deliver(c); got != want {
		s.t.Errorf("%s waits %s, want %s", what, got, want)
	}
}

// arrived are the texts that Meta has accepted for a person, in order.
func (s *stage) arrived(p world.Person) (texts []string) {
	for _, m := range s.sim.Report().Outbound {
		if m.PersonID == p.ID {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// got checks what Meta has accepted for a person.
func (s *stage) got(p world.Person, want ...string) {
	s.t.Helper()
	if texts := s.arrived(p); !slices.Equal(texts, want) {
		s.t.Errorf("Meta has %q for %s, want %q", texts, p.ID, want)
	}
}

// faults changes what goes wrong from now on.
func (s *stage) faults(f world.Faults) {
	s.t.Helper()
	s.ok(s.sim.SetFaults(f))
}

// replies are the messages of a conversation that were to be sent.
func (s *stage) replies(c *parley.Conversation) (out []parley.Message) {
	s.t.Helper()
	all, err := s.Messages(s.ctx, s.ws, c.ID, 0, 0)
	s.ok(err)
	for _, m := range all {
		if m.Role == parley.ByAssistant || m.Role == parley.ByOperator {
			out = append(out, m)
		}
	}
	return out
}

// is checks the states of a conversation's replies.
func (s *stage) is(c *parley.Conversation, want ...parley.Delivery) {
	s.t.Helper()
	var got []parley.Delivery
	for _, m := range s.replies(c) {
		got = append(got, m.Delivery)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("the replies are %v, want %v", got, want)
	}
}

// health reads a number's health anew.
func (s *stage) health(number string) parley.SenderHealth {
	s.t.Helper()
	x, err := s.Sender(s.ctx, s.ws, s.senders[number].ID)
	s.ok(err)
	return x.Health
}

// alerts are the codes of the workspace's alerts.
func (s *stage) alerts() (codes []string) {
	s.t.Helper()
	all, err := s.Alerts(s.ctx, s.ws)
	s.ok(err)
	for _, a := range all {
		codes = append(codes, a.Code)
	}
	slices.Sort(codes)
	return codes
}
