package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley"
	"parley/internal/blob"
	"parley/internal/bulk"
	"parley/internal/channel"
	"parley/internal/channel/webchat"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/engine"
	"parley/internal/export"
	"parley/internal/hook"
	"parley/internal/imports"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/password"
	"parley/internal/privacy"
	"parley/internal/questions"
	"parley/internal/secret"
	"parley/internal/senders"
	"parley/internal/server"
	exporting "parley/internal/server/export"
	hooking "parley/internal/server/hook"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/bulks"
	"parley/internal/store/exports"
	"parley/internal/store/hooks"
	"parley/internal/store/rollup"
	"parley/internal/store/storetest"
	"parley/internal/store/topics"
	"parley/internal/token"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

const secretWord = "correct horse battery"

// world is a server over a real database, with two workspaces.
type world struct {
	t       testing.TB
	store   *store.Store
	engine  *engine.Engine
	exports *export.Service
	imports *imports.Service
	hooks   *hook.Service
	privacy *privacy.Service
	runs    *bulks.Bulks
	bulk    *bulk.Service
	hub     *live.Hub
	server  *server.Server
	rollups *rollup.Rollups
	http    *httptest.Server
	model   *scripted.Model
	log     *syncBuffer
	clock   *storetest.Ahead
	meta    string // the address of a Graph API that refuses everything
	ours    *tenant
	theirs  *tenant
}

// workspaceIDs are known before there is a server, which may have to be told.
var workspaceIDs = map[string]string{"ours": parley.NewID(time.Now()), "theirs": parley.NewID(time.Now())}

// tenant is a workspace with one of each thing.
type tenant struct {
	workspace    *parley.Workspace
	members      map[parley.Role]*parley.Member
	key          string // with every scope
	keyID        string
	provider     *parley.Provider
	assistant    *parley.Assistant
	document     *parley.Document
	conversation *parley.Conversation
	widget       *parley.Widget
	invite       *parley.Invite
	sender       *parley.Sender
	template     *parley.Template
	webhook      string
	message      string
	turn         string // see complete
	alert        string
	attachment   string
	export       string
	brought      string
	topic        string
	hook         *hooks.Hook
	delivery     string
	erasure      string
	bulk         string
	tag          string
	note         string
	view         string // everybody's
	reply        string
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newWorld(t testing.TB, engineName string, change ...func(*server.Config)) *world {
	t.Helper()
	w := &world{t: t, hub: live.NewHub(), log: &syncBuffer{}, clock: &storetest.Ahead{}}
	w.store = storetest.OpenWith(t, engineName, store.Options{Now: w.clock.Now})
	blobs, err := blob.Open(t.TempDir())
	w.must(err)
	t.Cleanup(func() { _ = blobs.Close() })
	w.model = scripted.Func(func(*llm.Request) scripted.Reply { return scripted.Text("Hello from the **model**.") })
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	providers := map[string]engine.NewModel{
		"fake":                 func(*parley.Provider) (llm.Model, error) { return w.model, nil },
		parley.BuiltinProvider: func(*parley.Provider) (llm.Model, error) { return w.model, nil },
	}
	w.engine = engine.New(engine.Config{
		Store: w.store, Providers: providers, Hub: w.hub, Blobs: blobs, Now: w.clock.Now, Log: log,
		Channels: map[parley.Source]channel.Channel{
			parley.SourceTest: webchat.New(parley.SourceTest), parley.SourceAPI: webchat.New(parley.SourceAPI),
			parley.SourceWidget: webchat.New(parley.SourceWidget),
		},
	})
	keys, err := secret.Parse(secret.NewKey())
	w.must(err)
	cfg := server.Config{
		Keys:  keys,
		Store: w.store, Engine: w.engine, Hub: w.hub, Blobs: blobs, Providers: providers, Version: "test", Log: log, Now: w.clock.Now,
		Rollups:     rollup.New(w.store, w.clock.Now),
		SpeechKinds: []string{parley.SpeechCommand, "fake"},
		Hashing:     password.Params{MemoryKiB: 64, Passes: 1, Threads: 1},
		Metrics:     prometheus.NewRegistry(),
		UI: fstest.MapFS{
			"index.html":                    {Data: []byte(`<!doctype html><script nonce="__CSP_NONCE__" src="/assets/app-1a2b.js"></script>`)},
			"assets/app-1a2b.js":            {Data: []byte(strings.Repeat("console.log('hello');\n", 200))},
			"widget/loader.js":              {Data: []byte(strings.Repeat("console.log(parleyConfig.widget);\n", 50))},
			"widget/assets/chat-5e6f.js":    {Data: []byte("export const chat = 1;\n")},
			"widget/assets/chat-5e6f.js.br": {Data: []byte("brotli")},
			"widget/assets/chat-5e6f.js.gz": {Data: []byte("gzip")},
			"favicon.svg":                   {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		},
	}
	exported := &exports.Exports{Store: w.store}
	w.exports = export.New(export.Config{Store: exported, Files: blobs, Now: w.clock.Now, Log: log})
	cfg.Exports = &exporting.Handlers{Store: exported, Exports: w.exports}
	told := &hooks.Hooks{Tables: w.store.Tables()}
	w.hooks = hook.New(hook.Config{
		Store: told, Alerts: w.store, Shape: hooking.Shape(w.store, w.clock.Now), Timeout: time.Second, Now: w.clock.Now, Log: log,
	})
	t.Cleanup(w.hooks.Close)
	cfg.Money, cfg.Imports = w.money(), w.imported(blobs, log)
	cfg.Webhooks = &hooking.Handlers{Store: told, Hooks: w.hooks, Now: w.clock.Now}
	cfg.Privacy = w.forgets(blobs, log)
	cfg.Bulk = w.manifold(exported)
	for _, c := range change {
		c(&cfg)
	}
	cfg.Senders = senders.New(senders.Config{
		Store: w.store, Engine: w.engine, Files: blobs, Meta: graph.NewClient(graph.Config{Now: w.clock.Now}), Now: w.clock.Now, Log: log,
		Reachable: func(context.Context, string, string) error { return nil },
	})
	cfg.Questions = questions.New(questions.Config{Store: &topics.Topics{Tables: w.store.Tables()}, Now: w.clock.Now, Log: log})
	w.rollups, w.meta = cfg.Rollups, w.refusingMeta()
	w.server, err = server.New(cfg)
	w.must(err)
	w.serve(w.server)
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { _ = w.engine.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		work.Wait()
	})
	w.ours, w.theirs = w.newTenant("ours"), w.newTenant("theirs")
	return w
}

func (w *world) refusingMeta() string {
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw, `{"error":{"message":"Invalid parameter","type":"OAuthException","code":100}}`)
	}))
	w.t.Cleanup(s.Close)
	return s.URL
}

// serve puts a server on a port of its own.
func (w *world) serve(s *server.Server) {
	w.http = httptest.NewServer(s)
	w.t.Cleanup(func() {
		s.EndStreams()
		w.http.Close()
		s.WaitStreams(context.Background())
		w.http.Client().CloseIdleConnections()
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) newTenant(name string) *tenant {
	w.t.Helper()
	ctx, now := context.Background(), w.clock.Now()
	n := &tenant{members: map[parley.Role]*parley.Member{}, key: token.New(token.KeyPrefix)}
	n.workspace = &parley.Workspace{ID: workspaceIDs[name], Name: name, TimeZone: "Europe/Berlin", Settings: parley.DefaultWorkspaceSettings(), CreatedAt: now}
	w.must(w.store.CreateWorkspace(ctx, n.workspace))
	hash, err := password.NewHasher(password.Params{MemoryKiB: 64, Passes: 1, Threads: 1}, 1).Hash(ctx, secretWord)
	w.must(err)
	for _, role := range parley.Roles() {
		m := &parley.Member{
			ID: parley.NewID(now), WorkspaceID: n.workspace.ID, Email: string(role) + "@" + name + ".example",
			Name: string(role) + " of " + name, Role: role, PasswordHash: hash, CreatedAt: now,
		}
		w.must(w.store.CreateMember(ctx, m))
		n.members[role] = m
	}
	key := &parley.APIKey{
		ID: parley.NewID(now), WorkspaceID: n.workspace.ID, Name: "key of " + name, Prefix: n.key[:token.KeyShown],
		Hash: token.Hash(n.key), Scopes: parley.Permissions(), CreatedBy: n.members[parley.RoleOwner].ID, CreatedAt: now,
	}
	w.must(w.store.CreateAPIKey(ctx, key))
	n.keyID = key.ID
	n.provider = &parley.Provider{ID: parley.NewID(now), WorkspaceID: n.workspace.ID, Name: "Fake", Kind: "fake", BaseURL: "https://fake.example/v1", APIKey: "sk-very-secret-" + name}
	w.must(w.store.CreateProvider(ctx, n.provider))
	cfg := parley.AssistantConfig{
		Name: "Lumi", Status: parley.AssistantActive, Prompt: "You are Lumi.",
		Model:     parley.ModelChoice{ProviderID: n.provider.ID, Model: "fake-1"},
		Variables: []parley.VariableSchema{{Name: "order", Type: parley.TypeText, Source: parley.FromPreChat}},
	}
	cfg.Default()
	n.assistant = &parley.Assistant{ID: parley.NewID(now), WorkspaceID: n.workspace.ID, Name: cfg.Name, Status: cfg.Status, Config: cfg, CreatedAt: now, UpdatedAt: now}
	w.must(w.store.CreateAssistant(ctx, n.assistant, n.keyID))
	n.document = &parley.Document{WorkspaceID: n.workspace.ID, AssistantID: n.assistant.ID, Title: "Hours", Format: parley.FormatMarkdown, Content: "We open at nine in the morning."}
	w.must(w.store.CreateDocument(ctx, n.document, n.keyID))
	n.invite = &parley.Invite{
		ID: parley.NewID(now), WorkspaceID: n.workspace.ID, Role: parley.RoleViewer, TokenHash: token.Hash("invite-" + name),
		CreatedBy: n.keyID, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	w.must(w.store.CreateInvite(ctx, n.invite))
	n.widget = &parley.Widget{
		WorkspaceID: n.workspace.ID, Name: "Shop of " + name, AssistantID: n.assistant.ID, Settings: parley.DefaultWidgetSettings(),
		IdentitySecret: "identity-secret-" + name,
	}
	w.must(w.store.CreateWidget(ctx, n.widget))
	n.conversation, _, err = w.engine.Open(ctx, engine.OpenRequest{
		WorkspaceID: n.workspace.ID, AssistantID: n.assistant.ID, Source: parley.SourceAPI, ExternalID: "first",
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: "first"}},
	})
	w.must(err)
	received, err := w.store.Receive(ctx, store.ReceiveMessage{
		WorkspaceID: n.workspace.ID, ConversationID: n.conversation.ID, Message: &parley.Message{Content: "A message of " + name},
	})
	w.must(err)
	n.message = received.Message.ID
	n.topic = parley.NewID(now)
	w.must((&topics.Topics{Tables: w.store.Tables()}).Save(ctx, []parley.Topic{{
		ID: n.topic, WorkspaceID: n.workspace.ID, Kind: parley.QuestionAsked, Label: "of " + name, Terms: []string{"of " + name}, CreatedAt: now,
	}}))
	w.connectNumber(n, name)
	made, err := w.exports.Create(ctx, n.workspace.ID, n.keyID, parley.ExportOptions{Format: parley.ExportCSV, TimeZone: "UTC"})
	w.must(err)
	n.export = made.ID
	n.hook = &hooks.Hook{WorkspaceID: n.workspace.ID, URL: "https://hooks." + name + ".example/", Description: "Hook of " + name, Events: hooks.Types(), Enabled: true}
	w.must(w.hooks.Create(ctx, n.hook))
	_, err = w.store.Receive(ctx, store.ReceiveMessage{
		WorkspaceID: n.workspace.ID, ConversationID: n.conversation.ID, Message: &parley.Message{Content: "Told of " + name},
	})
	w.must(err)
	w.must(w.hooks.Record(ctx, parley.Work{}))
	told, _, err := (&hooks.Hooks{Tables: w.store.Tables()}).Deliveries(ctx, n.workspace.ID, n.hook.ID, "", 0, 1)
	w.must(err)
	n.delivery = told[0].ID
	w.leaves(n, name)
	w.runsBulk(n, name)
	w.furnish(n, name)
	return n
}

// connectNumber gives a tenant a WhatsApp number with an approved template and
// an alert.
func (w *world) connectNumber(n *tenant, name string) {
	w.t.Helper()
	ctx := context.Background()
	app := &parley.WhatsAppApp{WorkspaceID: n.workspace.ID, Name: "App of " + name, AppSecret: "app-secret-" + name, VerifyToken: "verify-" + name}
	w.must(w.store.SaveWhatsAppApp(ctx, app))
	n.sender = &parley.Sender{
		WorkspaceID: n.workspace.ID, Name: "Number of " + name, Kind: parley.SenderCloud, AppID: app.ID, WABAID: "1", PhoneNumberID: "2",
		DisplayPhone: "+4930123456", BaseURL: w.meta, Token: "EAAG-" + name, AssistantID: n.assistant.ID, AIOn: true,
	}
	w.must(w.store.CreateSender(ctx, n.sender))
	n.template = &parley.Template{
		WorkspaceID: n.workspace.ID, WABAID: "1", MetaID: "3", Name: "hello_" + name, Language: "en_US", Category: "UTILITY",
		Status: parley.TemplateApproved, Format: "positional", Components: json.RawMessage(`[{"type":"BODY","text":"Hello"}]`),
	}
	w.must(w.store.SaveTemplate(ctx, n.template))
	w.must(w.store.RaiseAlert(ctx, n.workspace.ID, n.sender.ID, "quality", "The quality of the number of "+name+" is low."))
	alerts, err := w.store.Alerts(ctx, n.workspace.ID)
	w.must(err)
	n.alert = alerts[0].ID
	w.must(w.store.AddWebhook(ctx, n.workspace.ID, app.ID, []byte(`{"object":"whatsapp_business_account","note":"of `+name+`"}`)))
	hooks, err := w.store.Webhooks(ctx, n.sender, "", 0, 1)
	w.must(err)
	n.webhook = hooks[0].ID
}

// request is one HTTP request of a test.
type request struct {
	method, path string
	body         any    // nil, a string, []byte, or what becomes JSON
	key          string // bearer
	cookie       string // session
	header       map[string]string
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes a request and reads its whole answer.
func (w *world) send(r request) answer {
	w.t.Helper()
	var body io.Reader
	kind := "application/json"
	switch b := r.body.(type) {
	case nil:
		kind = ""
	case string:
		body = strings.NewReader(b)
	case []byte:
		body = bytes.NewReader(b)
	default:
		data, err := json.Marshal(b)
		w.must(err)
		body = bytes.NewReader(data)
	}
	// An answer that does not end is a stream that should have been refused.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, w.http.URL+r.path, body)
	w.must(err)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if r.key != "" {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
	if r.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "parley_session", Value: r.cookie})
	}
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	res, err := w.http.Client().Do(req)
	if err != nil {
		w.t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	w.must(err)
	return answer{res.StatusCode, res.Header, data}
}

// code is the code of a problem, "" for another answer.
func (a answer) code() parley.Code {
	var p wire.Problem
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") || json.Unmarshal(a.body, &p) != nil {
		return ""
	}
	return p.Code
}

func (a answer) String() string { return fmt.Sprintf("%d %.300s", a.status, a.body) }

// read decodes a successful answer.
func read[T any](t testing.TB, a answer) T {
	t.Helper()
	var v T
	if a.status >= 300 {
		t.Fatalf("answer %s", a)
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%v in %s", err, a)
	}
	return v
}
