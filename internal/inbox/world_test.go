package inbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/engine"
	"parley/internal/inbox"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// The number that most of the captured bodies are for.
const (
	wabaID        = "102290129340398"
	phoneNumberID = "106540352242922"
	displayPhone  = "+15550783881"
)

// world is a workspace with a number, and an inbox in front of a real engine and
// a real store. Nothing is sent, and no turn runs.
type world struct {
	*store.Store
	t      testing.TB
	ctx    context.Context //nolint:containedctx // of the test
	ws     string
	sender *parley.Sender
	inbox  *inbox.Inbox
	engine *engine.Engine
	log    bytes.Buffer
}

// run runs a test on each database.
func run(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) { fn(t, newWorld(t, s)) })
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	w := &world{Store: s, t: t, ctx: t.Context()}
	ws := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(s.CreateWorkspace(w.ctx, ws))
	w.ws = ws.ID
	a := &parley.Assistant{WorkspaceID: w.ws, Config: parley.AssistantConfig{
		Name: "Ada", Status: parley.AssistantActive, InactivityMinutes: 30, AfterEnd: parley.AfterEndNew,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	w.ok(s.CreateAssistant(w.ctx, a, ""))
	log := slog.New(slog.NewTextHandler(&w.log, nil))
	ch := whatsapp.New(graph.Config{})
	w.engine = engine.New(engine.Config{
		Store: s, Hub: live.NewHub(), Log: log,
		Channels: map[parley.Source]channel.Channel{parley.SourceWhatsApp: ch},
		Providers: map[string]engine.NewModel{
			parley.BuiltinProvider: func(*parley.Provider) (llm.Model, error) { return scripted.New(), nil },
		},
	})
	w.inbox = inbox.New(inbox.Config{Store: s, Engine: w.engine, Rates: ch, Now: time.Now, Log: log})
	app := &parley.WhatsAppApp{WorkspaceID: w.ws, AppSecret: "test-app-secret", VerifyToken: "v"}
	w.ok(s.SaveWhatsAppApp(w.ctx, app))
	w.sender = &parley.Sender{AppID: app.ID}
	w.sender = w.number(a.ID, phoneNumberID, displayPhone)
	return w
}

// number adds a number of the world's app.
func (w *world) number(assistant, id, display string) *parley.Sender {
	w.t.Helper()
	x := &parley.Sender{
		WorkspaceID: w.ws, Name: "Shop " + id, Kind: parley.SenderCloud, AppID: w.sender.AppID, WABAID: wabaID, PhoneNumberID: id,
		DisplayPhone: display, Token: "t", AssistantID: assistant, AIOn: true, BaseURL: "http://127.0.0.1:1",
	}
	w.ok(w.CreateSender(w.ctx, x))
	return x
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) work(attempt int) parley.Work {
	return parley.Work{Kind: parley.WorkWebhooks, Key: w.sender.AppID, WorkspaceID: w.ws, Attempt: attempt}
}

// post keeps bodies without processing them.
func (w *world) post(bodies ...[]byte) {
	w.t.Helper()
	for _, b := range bodies {
		w.ok(w.AddWebhook(w.ctx, w.ws, w.sender.AppID, b))
	}
}

// process keeps bodies and processes what waits.
func (w *world) process(bodies ...[]byte) {
	w.t.Helper()
	w.post(bodies...)
	w.ok(w.inbox.Process(w.ctx, w.work(1)))
}

// webhooks returns the log, oldest first.
func (w *world) webhooks() []store.Webhook {
	w.t.Helper()
	all, err := w.Webhooks(w.ctx, w.sender, "", 0, 1000)
	w.ok(err)
	for i, k := 0, len(all)-1; i < k; i, k = i+1, k-1 {
		all[i], all[k] = all[k], all[i]
	}
	return all
}

// said returns what a conversation with somebody holds.
func (w *world) said(ids ...parley.Identity) []parley.Message {
	w.t.Helper()
	conv, err := w.NewestConversation(w.ctx, w.ws, w.sender.ID, ids)
	w.ok(err)
	all, err := w.Messages(w.ctx, w.ws, conv, 0, 0)
	w.ok(err)
	differ, err := w.Drift(w.ctx, w.ws, conv)
	w.ok(err)
	if len(differ) > 0 {
		w.t.Errorf("the list differs from the log in %v", differ)
	}
	return all
}

func phone(v string) parley.Identity { return parley.Identity{Kind: parley.IdentityPhone, Value: v} }

// fixture reads a captured body.
func fixture(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "channel", "whatsapp", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// object is JSON in the making.
type object = map[string]any

// value wraps what a number's webhook tells in an envelope.
func value(phoneNumber string, v object) []byte {
	v["messaging_product"] = "whatsapp"
	v["metadata"] = object{"display_phone_number": "15550783881", "phone_number_id": phoneNumber}
	return envelope("messages", v)
}

func envelope(field string, v object) []byte {
	b, err := json.Marshal(object{"object": "whatsapp_business_account", "entry": []object{
		{"id": wabaID, "changes": []object{{"field": field, "value": v}}},
	}})
	if err != nil {
		panic(err)
	}
	return b
}

// text is a message in Meta's words; from is a phone number or, with a dot, a
// business-scoped user id.
func text(from, id, body string, at time.Time) object {
	m := object{"id": id, "timestamp": fmt.Sprint(at.Unix()), "type": "text", "text": object{"body": body}}
	if len(from) > 2 && from[2] == '.' {
		m["from_user_id"] = from
	} else {
		m["from"] = from
	}
	return m
}

func messages(all ...object) []byte { return value(phoneNumberID, object{"messages": all}) }

// notes are what Parley says of itself among the messages.
func notes(all []parley.Message) (out []string) {
	for _, m := range all {
		if m.Role == parley.BySystem {
			out = append(out, m.Content)
		}
	}
	return out
}

func contents(all []parley.Message) (out []string) {
	for _, m := range all {
		if m.Role != parley.BySystem {
			out = append(out, m.Content)
		}
	}
	return out
}
