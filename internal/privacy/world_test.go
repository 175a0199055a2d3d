package privacy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/export"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	kept "parley/internal/store/privacy"
	"parley/internal/store/rollup"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// world is two workspaces with persons in them.
type world struct {
	*store.Store
	t           *testing.T
	engine, dsn string
	files       *blob.Dir
	folder      string
	exports     *export.Service
	privacy     *privacy.Service
	rollups     *rollup.Rollups
	now         time.Time
	ws          string
	assistant   string
	sender      *parley.Sender
	gone        []string // conversations that were told to be gone
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, engine: engine, dsn: storetest.DSN(t, engine), folder: t.TempDir(), now: time.Now().UTC().Truncate(time.Microsecond)}
			clock := func() time.Time { return w.now }
			s, err := store.Open(t.Context(), store.Options{DSN: w.dsn, Keyring: storetest.Keyring(t), Now: clock})
			w.ok(err)
			t.Cleanup(func() { _ = s.Close() })
			w.Store = s
			w.files, err = blob.Open(w.folder)
			w.ok(err)
			t.Cleanup(func() { _ = w.files.Close() })
			w.exports = export.New(export.Config{Store: &exports.Exports{Store: s}, Files: w.files, Now: clock})
			w.rollups = rollup.New(s, clock)
			w.privacy = privacy.New(privacy.Config{
				Store: kept.New(s), Conversations: s, Files: w.files, Exports: w.exports, Now: clock,
				Gone: func(_, conv string) { w.gone = append(w.gone, conv) },
			})
			w.ws, w.assistant = w.workspace()
			w.sender = w.number()
			fn(w)
		})
	}
}

func (w *world) workspace() (ws, assistant string) {
	w.t.Helper()
	x := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(w.CreateWorkspace(w.t.Context(), x))
	a := &parley.Assistant{WorkspaceID: x.ID, Config: parley.AssistantConfig{
		Name: "Mira", Status: parley.AssistantActive, InactivityMinutes: 30,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		Tools: []parley.HTTPTool{{Name: "find", Description: "Finds", Method: "GET", URL: "https://shop.example/", Headers: map[string]string{"X-Key": "tool-secret-xyz"}}},
	}}
	w.ok(w.CreateAssistant(w.t.Context(), a, ""))
	return x.ID, a.ID
}

func (w *world) number() *parley.Sender {
	w.t.Helper()
	app := &parley.WhatsAppApp{WorkspaceID: w.ws, Name: "App", AppSecret: "app-secret-xyz", VerifyToken: "verify-token-xyz"}
	w.ok(w.SaveWhatsAppApp(w.t.Context(), app))
	x := &parley.Sender{
		WorkspaceID: w.ws, Name: "Shop", Kind: parley.SenderCloud, AppID: app.ID, WABAID: "waba-1", PhoneNumberID: "555",
		DisplayPhone: "+15550001111", Token: "graph-token-xyz", AssistantID: w.assistant, AIOn: true,
	}
	w.ok(w.CreateSender(w.t.Context(), x))
	return x
}

// person is somebody of whom every trace has one word in it.
type person struct{ word, phone string }

func (p person) identities() []parley.Identity {
	return []parley.Identity{
		{Kind: parley.IdentityPhone, Value: "+" + p.phone}, {Kind: parley.IdentityBSUID, Value: "DE." + p.word},
		{Kind: parley.IdentityExternal, Value: "customer-" + p.word},
	}
}

// lives leaves every kind of trace of a person, in so many conversations.
func (w *world) lives(p person, conversations, messages int) (contact string) {
	w.t.Helper()
	ctx := w.t.Context()
	for i := range conversations {
		c, _, err := w.OpenConversation(ctx, store.OpenConversation{
			WorkspaceID: w.ws, Source: parley.SourceAPI, AssistantID: w.assistant, Identities: p.identities(),
			ContactName: "Name " + p.word, ExternalID: fmt.Sprint(p.word, i), Fresh: true,
			Variables: []parley.Variable{{Name: "city", Source: parley.FromPreChat, Type: parley.TypeText, Value: json.RawMessage(`"City ` + p.word + `"`)}},
		})
		w.ok(err)
		contact = c.ContactID
		file := w.file(p)
		for k := range messages {
			m := &parley.Message{Content: fmt.Sprintf("My %s order is late, number %d", p.word, k)}
			if k == 0 {
				m.Attachments = []parley.Attachment{file}
			}
			_, err := w.Receive(ctx, store.ReceiveMessage{WorkspaceID: w.ws, ConversationID: c.ID, Message: m, TurnAt: w.now})
			w.ok(err)
		}
		w.teach(w.assistant, taken(p, c.ID))
		w.ok((&desk.Desk{Tables: w.Tables(), Now: time.Now}).AddNote(ctx, w.ws, c.ID, &desk.Note{Text: "A note about " + p.word}))
		w.ok(w.SaveAnswer(ctx, store.IdempotencyKey{WorkspaceID: w.ws, Principal: "key", Key: p.word + fmt.Sprint(i), BodyHash: "x"},
			store.Answer{Status: 201, Body: []byte(`{"id": "` + c.ID + `"}`)}))
	}
	for n := 1; n > 0; {
		var err error
		n, err = w.IndexSearch(ctx, 1000)
		w.ok(err)
	}
	w.ok(w.rollups.Update(ctx))
	w.webhook(p)
	return contact
}

// taken is an example from a conversation of a person.
func taken(p person, conv string) parley.Example {
	return parley.Example{Question: "Where is the order of " + p.word + "?", Answer: "On its way, " + p.word, ConversationID: conv, MessageID: conv}
}

// teach adds an example to an assistant, in a new version.
func (w *world) teach(assistant string, x parley.Example) {
	w.t.Helper()
	a, err := w.Assistant(w.t.Context(), w.ws, assistant)
	w.ok(err)
	cfg := a.Config
	cfg.Examples = append(cfg.Examples, x)
	_, err = w.UpdateAssistant(w.t.Context(), w.ws, assistant, a.Version, cfg, "")
	w.ok(err)
}

// taught is what all versions of an assistant have been taught, the newest first.
func (w *world) taught(assistant string) (all [][]parley.Example) {
	w.t.Helper()
	versions, err := w.AssistantVersions(w.t.Context(), w.ws, assistant, 0, 100)
	w.ok(err)
	for i := range versions {
		all = append(all, versions[i].Config.Examples)
	}
	return all
}

// file uploads a file of a person.
func (w *world) file(p person) parley.Attachment {
	w.t.Helper()
	a := &store.StoredAttachment{
		Attachment:  parley.Attachment{ID: parley.NewID(w.now), Name: p.word + ".txt", MIMEType: "text/plain", Size: 20},
		WorkspaceID: w.ws, CreatedBy: "key",
	}
	a.Key = blob.AttachmentKey(w.ws, a.ID)
	_, err := w.files.Put(w.t.Context(), a.Key, strings.NewReader("a file of "+p.word), 1000)
	w.ok(err)
	w.ok(w.CreateAttachment(w.t.Context(), a))
	return a.Attachment
}

// webhook lets WhatsApp post something about a person, which is processed.
func (w *world) webhook(p person) {
	w.t.Helper()
	w.post(p)
	w.settle()
}

func (w *world) post(p person) {
	w.t.Helper()
	w.ok(w.AddWebhook(w.t.Context(), w.ws, w.sender.AppID, []byte(`{"from": "`+p.phone+`", "name": "`+p.word+`"}`)))
}

func (w *world) settle() {
	w.t.Helper()
	waiting, err := w.WaitingWebhooks(w.t.Context(), w.sender.AppID, 100)
	w.ok(err)
	for i := range waiting {
		waiting[i].State = store.WebhookDone
	}
	w.ok(w.SettleWebhooks(w.t.Context(), waiting))
}

// writes makes an export of all conversations and returns the key of its file.
func (w *world) writes() {
	w.t.Helper()
	e, err := w.exports.Create(w.t.Context(), w.ws, "", parley.ExportOptions{Format: parley.ExportJSONL, TimeZone: "UTC"})
	w.ok(err)
	if work := storetest.Claim(w.t, w.Store, parley.WorkExport, e.ID, w.now); work != nil {
		w.ok(w.exports.Work(w.t.Context(), *work))
		w.ok(w.CompleteWork(w.t.Context(), *work))
	}
}

// erase asks for an erasure and works on it until it is done.
func (w *world) erase(contact string) *kept.Erasure {
	w.t.Helper()
	e, err := w.privacy.Ask(w.t.Context(), w.ws, contact, "Anna")
	w.ok(err)
	w.ok(w.work(e))
	e, err = kept.New(w.Store).Erasure(w.t.Context(), w.ws, e.ID)
	w.ok(err)
	return e
}

func (w *world) work(e *kept.Erasure) error {
	w.t.Helper()
	work := storetest.Claim(w.t, w.Store, parley.WorkErase, e.ID, w.now)
	if work == nil {
		w.t.Fatal("there is nothing to do")
	}
	if err := w.privacy.Work(w.t.Context(), *work); err != nil {
		w.ok(w.DeferWork(w.t.Context(), *work, w.now, false))
		return err
	}
	return w.CompleteWork(w.t.Context(), *work)
}

// onDisk is all that is in the folder of files.
func (w *world) onDisk() string {
	w.t.Helper()
	var all strings.Builder
	w.ok(filepath.WalkDir(w.folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all.WriteString(path + "\n" + string(b) + "\n")
		return err
	}))
	return all.String()
}

var (
	ada = person{"zebrafinch", "4915112345678"}
	bob = person{"marmalade", "4915187654321"}
)
