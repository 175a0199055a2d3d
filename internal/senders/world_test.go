package senders_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/engine"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/metasim"
	"parley/internal/senders"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// The simulator's accounts with the numbers that the tests use.
const (
	waba     = "102290129340398"
	number   = "106540352242922"
	sibling  = "106540352242923"
	otherAcc = "524126980791429"
	foreign  = "206540352242931"
)

// office is the service with a real store, a real engine and a simulator of Meta
// that is called over HTTP.
type office struct {
	*store.Store
	t         *testing.T
	ctx       context.Context //nolint:containedctx // of the test
	clock     *storetest.Clock
	sim       *metasim.Sim
	url       string
	calls     atomic.Int64 // that reached the simulator
	engine    *engine.Engine
	service   *senders.Service
	files     *blob.Dir
	reachable error // whether the world reaches the webhook
	ws        string
	assistant string
}

// run runs a test on each database.
func run(t *testing.T, fn func(t *testing.T, o *office)) {
	t.Helper()
	storetest.RunAt(t, time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), func(t *testing.T, db *store.Store, c *storetest.Clock) {
		fn(t, newOffice(t, db, c))
	})
}

func newOffice(t *testing.T, db *store.Store, c *storetest.Clock) *office {
	t.Helper()
	o := &office{Store: db, t: t, ctx: t.Context(), clock: c}
	o.sim = metasim.New(metasim.Config{Seed: 7, Now: c.Now})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.calls.Add(1)
		o.sim.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	o.url = srv.URL
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	meta := graph.Config{Transport: transport, Now: c.Now}
	log := slog.New(slog.DiscardHandler)
	var err error
	o.files, err = blob.Open(t.TempDir())
	o.ok(err)
	t.Cleanup(func() { _ = o.files.Close() })
	o.engine = engine.New(engine.Config{
		Store: db, Hub: live.NewHub(), Blobs: o.files, Now: c.Now, Log: log,
		Channels: map[parley.Source]channel.Channel{parley.SourceWhatsApp: whatsapp.New(meta)},
		Providers: map[string]engine.NewModel{
			parley.BuiltinProvider: func(*parley.Provider) (llm.Model, error) { return scripted.New(), nil },
		},
	})
	o.service = senders.New(senders.Config{
		Store: db, Meta: graph.NewClient(meta), Engine: o.engine, Files: o.files, Now: c.Now, Log: log,
		Reachable: func(context.Context, string, string) error { return o.reachable },
	})
	ws := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	o.ok(o.CreateWorkspace(o.ctx, ws))
	o.ws = ws.ID
	a := &parley.Assistant{WorkspaceID: o.ws, Config: parley.AssistantConfig{
		Name: "Ada", Status: parley.AssistantActive, InactivityMinutes: 30, Greeting: "Hello!", SpeaksFirst: true,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	o.ok(o.CreateAssistant(o.ctx, a, ""))
	o.assistant = a.ID
	return o
}

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// fails checks the code of an error, and that it says in words what is wrong.
func (o *office) fails(err error, code parley.Code, words string) {
	o.t.Helper()
	if parley.ErrorCode(err) != code || !strings.Contains(err.Error(), words) {
		o.t.Errorf("got %v, want %s with %q", err, code, words)
	}
}

// sender is a number as somebody would connect it.
func (o *office) sender(account, id string) *parley.Sender {
	return &parley.Sender{
		WorkspaceID: o.ws, Name: "Shop " + id, Kind: parley.SenderCloud, WABAID: account, PhoneNumberID: id, BaseURL: o.url,
		Token: metasim.DefaultToken, AssistantID: o.assistant, AIOn: true,
		Health: parley.SenderHealth{Status: parley.SenderConnecting, Quality: parley.QualityUnknown},
	}
}

// connected is a number that is stored and was read from Meta once.
func (o *office) connected(account, id string) *parley.Sender {
	o.t.Helper()
	x := o.sender(account, id)
	o.ok(o.CreateSender(o.ctx, x))
	fresh, err := o.service.Check(o.ctx, x)
	o.ok(err)
	return fresh
}

// again reads a sender from the store.
func (o *office) again(x *parley.Sender) *parley.Sender {
	o.t.Helper()
	fresh, err := o.Sender(o.ctx, o.ws, x.ID)
	o.ok(err)
	return fresh
}

// change changes how Meta sees a number.
func (o *office) change(id string, c metasim.NumberChange) {
	o.t.Helper()
	_, err := o.sim.UpdateNumber(id, c)
	o.ok(err)
}

// alerts are the alerts about a sender by code, with how often each was raised.
func (o *office) alerts(x *parley.Sender) map[string]int {
	o.t.Helper()
	all, err := o.Alerts(o.ctx, o.ws)
	o.ok(err)
	out := map[string]int{}
	for _, a := range all {
		if a.SubjectID == x.ID {
			out[a.Code] = a.Count
			if !strings.Contains(a.Message, x.Name) {
				o.t.Errorf("an alert does not name its number: %s", a.Message)
			}
		}
	}
	return out
}
