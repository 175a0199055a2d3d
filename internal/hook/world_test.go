package hook_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/hook"
	"parley/internal/queue"
	hooking "parley/internal/server/hook"
	"parley/internal/store"
	"parley/internal/store/hooks"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// began is when the clock of the tests begins.
var began = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// patience bounds what a test waits for; the machine may be slow.
const patience = 4 * time.Minute

// loopback lets the tests reach their own receivers.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// world is a workspace, and the service that tells of it.
type world struct {
	*store.Store
	t         *testing.T
	ctx       context.Context //nolint:containedctx // of the test
	clock     *storetest.Clock
	kept      *hooks.Hooks
	service   *hook.Service
	ws        string
	assistant string
}

// run runs fn on each database; the service is not at work yet.
func run(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.RunAt(t, began, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		w := &world{Store: s, t: t, ctx: t.Context(), clock: c, kept: &hooks.Hooks{Tables: s.Tables()}}
		w.service = w.newService(loopback)
		w.ws, w.assistant = w.workspace()
		fn(t, w)
	})
}

func (w *world) newService(allow []netip.Prefix) *hook.Service {
	s := hook.New(hook.Config{
		Store: w.kept, Alerts: w.Store, Shape: hooking.Shape(w.Store, w.clock.Now), Allow: allow, Agent: "Parley/test",
		Timeout: 500 * time.Millisecond, Now: w.clock.Now,
	})
	w.t.Cleanup(s.Close)
	return s
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
	return x.ID, a.ID
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// start lets the service work, on a queue that looks again at short intervals,
// and returns what stops it: what it is in the middle of is broken off.
func (w *world) start() (stop func()) {
	w.t.Helper()
	pools := w.service.Pools()
	for i := range pools {
		pools[i].Poll = 20 * time.Millisecond
	}
	r := queue.New(queue.Config{Store: w.Store, Pools: pools, Grace: time.Millisecond, Now: w.clock.Now})
	w.OnWork(r.Wake)
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { r.Run(ctx) })
	work.Go(func() {
		for ctx.Err() == nil {
			w.plan(ctx)
			time.Sleep(10 * time.Millisecond)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		work.Wait()
	})
	w.t.Cleanup(stop)
	return stop
}

// plan does what the server does every second.
func (w *world) plan(ctx context.Context) {
	due, err := w.service.Due(ctx)
	if err == nil && due {
		err = w.AddWork(ctx, parley.Work{Kind: parley.WorkEvents, Key: hook.EventsKey})
	}
	if err != nil && ctx.Err() == nil {
		w.t.Errorf("plan: %v", err)
	}
}

// record records the events of what is new, without the queue.
func (w *world) record() {
	w.t.Helper()
	w.ok(w.service.Record(w.ctx, parley.Work{}))
}

// open opens a conversation of somebody, with a greeting that is sent through a
// channel or not.
func (w *world) open(who string, push bool) *parley.Conversation {
	w.t.Helper()
	c, _, err := w.OpenConversation(w.ctx, store.OpenConversation{
		WorkspaceID: w.ws, Source: parley.SourceAPI, AssistantID: w.assistant, ExternalID: who, Push: push,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: who}},
		Greeting:   &parley.Message{Content: "Hello!"},
	})
	w.ok(err)
	return c
}

// says records messages of the contact.
func (w *world) says(c *parley.Conversation, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		_, err := w.Receive(w.ctx, store.ReceiveMessage{
			WorkspaceID: w.ws, ConversationID: c.ID, Message: &parley.Message{Content: text},
		})
		w.ok(err)
	}
}

// hook adds a webhook for a receiver; no types mean all.
func (w *world) hook(url string, types ...hooks.Type) *hooks.Hook {
	w.t.Helper()
	if len(types) == 0 {
		types = hooks.Types()
	}
	h := &hooks.Hook{WorkspaceID: w.ws, URL: url, Events: types, Enabled: true}
	w.ok(w.service.Create(w.ctx, h))
	return h
}

// reload returns a webhook as it is now.
func (w *world) reload(h *hooks.Hook) *hooks.Hook {
	w.t.Helper()
	got, err := w.kept.Hook(w.ctx, w.ws, h.ID)
	w.ok(err)
	return got
}

// deliveries returns all deliveries to a webhook, the oldest first.
func (w *world) deliveries(h *hooks.Hook) []hooks.Delivery {
	w.t.Helper()
	all, _, err := w.kept.Deliveries(w.ctx, h.WorkspaceID, h.ID, "", 0, 1000)
	w.ok(err)
	slices.Reverse(all)
	return all
}

func (w *world) types(h *hooks.Hook) (types []hooks.Type) {
	w.t.Helper()
	for _, d := range w.deliveries(h) {
		types = append(types, d.Type)
	}
	return types
}

func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatalf("after %s still not: %s", patience, what)
		}
	}
}

// posted is what a receiver got.
type posted struct {
	Header http.Header
	Raw    string
	Event  struct {
		ID          string     `json:"id"`
		Type        hooks.Type `json:"type"`
		WorkspaceID string     `json:"workspace_id"`
		Data        struct {
			Conversation struct {
				ID string `json:"id"`
			} `json:"conversation"`
			Message struct {
				Seq     int64  `json:"seq"`
				Content string `json:"content"`
			} `json:"message"`
			Reason string `json:"reason"`
		} `json:"data"`
	}
	Accepted bool // it was answered with 2xx
	Done     bool // the receiver has nothing more to say
}

// receiver is an address that is posted to.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []posted
	// behave answers the nth posting, from 1; nil: with 204. It returns whether
	// the answer was 2xx.
	behave func(n int, rw http.ResponseWriter, r *http.Request, p *posted) bool
}

func newReceiver(t *testing.T, behave func(n int, rw http.ResponseWriter, r *http.Request, p *posted) bool) *receiver {
	t.Helper()
	x := &receiver{behave: behave}
	x.Server = httptest.NewServer(x)
	t.Cleanup(x.Close)
	return x
}

// ServeHTTP implements http.Handler.
func (x *receiver) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	p := posted{Header: r.Header.Clone(), Raw: string(body)}
	if err == nil {
		err = json.Unmarshal(body, &p.Event)
	}
	if err != nil {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	x.mu.Lock()
	x.got = append(x.got, p)
	n := len(x.got)
	x.mu.Unlock()
	accepted := false
	defer func() { // it may break off
		x.mu.Lock()
		defer x.mu.Unlock()
		x.got[n-1].Accepted, x.got[n-1].Done = accepted, true
	}()
	if x.behave == nil {
		rw.WriteHeader(http.StatusNoContent)
		accepted = true
	} else {
		accepted = x.behave(n, rw, r, &p)
	}
}

func (x *receiver) all() []posted {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.got)
}
