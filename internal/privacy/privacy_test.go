package privacy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/export"
	"parley/internal/privacy"
	"parley/internal/store"
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

// What an erased person was called, wrote and sent is nowhere, and all of
// another person is there.
func TestErase(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx := t.Context()
		contact := w.lives(ada, 3, 4)
		other := w.lives(bob, 1, 4)
		w.writes()
		if !strings.Contains(w.onDisk(), ada.word) || !strings.Contains(storetest.Dump(t, w.engine, w.dsn), ada.word) {
			t.Fatal("the person has left no trace: the test tests nothing")
		}
		e := w.erase(contact)
		want := kept.Gone{
			Conversations: 3, Messages: 12, Variables: 3, Files: 3, FileBytes: 60, Identities: 3, Webhooks: 1, Answers: 3, Exports: 1,
		}
		if e.State != kept.Done || e.Gone != want || e.Total != 3 || e.AskedBy != "Anna" || e.FinishedAt.IsZero() {
			t.Errorf("the receipt is %+v", e)
		}
		if len(w.gone) != 3 {
			t.Errorf("%d conversations were told to be gone", len(w.gone))
		}
		w.ok(w.rollups.Update(ctx))

		_, err := kept.New(w.Store).Contact(ctx, w.ws, contact)
		if parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("the contact: %v", err)
		}
		for _, q := range []store.ListQuery{{Q: ada.word}, {Contact: ada.word}, {Contact: ada.phone}, {Contact: contact}} {
			q.WorkspaceID = w.ws
			page, err := w.List(ctx, q)
			if err != nil || len(page.Rows) > 0 {
				t.Errorf("%+v finds %d, %v", q, len(page.Rows), err)
			}
		}
		page, err := w.List(ctx, store.ListQuery{WorkspaceID: w.ws, Q: bob.word})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].ContactID != other {
			t.Errorf("the other person is found %d times, %v", len(page.Rows), err)
		}

		disk := w.onDisk()
		w.ok(w.Close())
		held := storetest.Live(t, w.engine, w.dsn)
		for _, trace := range []string{ada.word, ada.phone} {
			if at := strings.Index(held, trace); at >= 0 {
				t.Errorf("the database holds %q: %q", trace, held[max(0, at-60):min(len(held), at+60)])
			}
			if strings.Contains(disk, trace) {
				t.Errorf("a file holds %q", trace)
			}
		}
		for _, trace := range []string{bob.word, bob.phone} {
			if !strings.Contains(held, trace) {
				t.Errorf("the database has lost %q", trace)
			}
		}
		if !strings.Contains(disk, bob.word) {
			t.Error("a file of another person is gone")
		}
	})
}

// An erasure that was cut off anywhere goes on, and a second request for it is
// the same one.
func TestEraseGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx := t.Context()
		contact := w.lives(ada, 4, 2)
		e, err := w.privacy.Ask(ctx, w.ws, contact, "Anna")
		w.ok(err)
		again, err := w.privacy.Ask(ctx, w.ws, contact, "Ben")
		w.ok(err)
		if again.ID != e.ID || again.AskedBy != "Anna" {
			t.Errorf("asked again: %+v", again)
		}
		for cut := 1; ; cut++ {
			if cut > 100 {
				t.Fatal("it never ends")
			}
			limited := *w.privacy
			left := cut
			cutOff := func() error {
				if left--; left < 0 {
					return context.Canceled
				}
				return nil
			}
			limited.Files = cutFiles{w.files, cutOff}
			limited.Conversations = cutConversations{w.Store, cutOff}
			work := storetest.Claim(t, w.Store, parley.WorkErase, e.ID, w.now)
			if work == nil {
				t.Fatal("there is nothing to do")
			}
			err := limited.Work(ctx, *work)
			if err == nil {
				break
			}
			w.ok(w.DeferWork(ctx, *work, w.now, false))
		}
		e, err = kept.New(w.Store).Erasure(ctx, w.ws, e.ID)
		w.ok(err)
		if e.State != kept.Done || e.Gone.Conversations > 4 {
			t.Errorf("the receipt is %+v", e)
		}
		if disk := w.onDisk(); strings.Contains(disk, ada.word) {
			t.Errorf("files are left: %q", disk)
		}
		w.ok(w.Close())
		if strings.Contains(storetest.Live(t, w.engine, w.dsn), ada.word) {
			t.Error("something is left")
		}
	})
}

// cutFiles and cutConversations stop after a while.
type cutFiles struct {
	privacy.Files
	cut func() error
}

func (c cutFiles) Delete(ctx context.Context, key string) error {
	if err := c.cut(); err != nil {
		return err
	}
	return c.Files.Delete(ctx, key)
}

type cutConversations struct {
	privacy.Conversations
	cut func() error
}

func (c cutConversations) DeleteConversation(ctx context.Context, ws, id string) error {
	if err := c.cut(); err != nil {
		return err
	}
	return c.Conversations.DeleteConversation(ctx, ws, id)
}

// What WhatsApp has posted and nobody has processed may be of the person: the
// erasure waits for it.
func TestEraseWaitsForWebhooks(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		contact := w.lives(ada, 1, 1)
		w.post(ada)
		e, err := w.privacy.Ask(t.Context(), w.ws, contact, "Anna")
		w.ok(err)
		if err := w.work(e); err == nil {
			t.Error("it did not wait")
		}
		w.settle()
		w.ok(w.work(e))
		left, err := kept.New(w.Store).Webhooks(t.Context(), w.ws, 0, 10)
		if err != nil || len(left) > 0 {
			t.Errorf("%d webhooks are left, %v", len(left), err)
		}
	})
}

// A person of another workspace is nobody, and their receipts are not there.
func TestErasureBelongsToItsWorkspace(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx, p := t.Context(), kept.New(w.Store)
		contact := w.lives(ada, 1, 1)
		other, _ := w.workspace()
		if _, err := w.privacy.Ask(ctx, other, contact, "Eve"); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("asked from elsewhere: %v", err)
		}
		if _, err := p.Contact(ctx, other, contact); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("read from elsewhere: %v", err)
		}
		e := w.erase(contact)
		if _, err := p.Erasure(ctx, other, e.ID); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("the receipt, from elsewhere: %v", err)
		}
		if all, err := p.Erasures(ctx, other, "", 10); err != nil || len(all) > 0 {
			t.Errorf("receipts elsewhere: %d, %v", len(all), err)
		}
		if all, err := p.Erasures(ctx, w.ws, "", 10); err != nil || len(all) != 1 {
			t.Errorf("receipts: %d, %v", len(all), err)
		}
		if _, err := w.privacy.Ask(ctx, w.ws, contact, "Anna"); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("asked for somebody who is gone: %v", err)
		}
	})
}

// Conversations that are older than they are kept go, with contacts who have no
// other; those of other sources, of other workspaces, and such as have not ended
// stay.
func TestRetention(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx := t.Context()
		begun := w.now
		old := w.lives(ada, 2, 1)
		for _, id := range w.conversations() {
			_, err := w.End(ctx, w.ws, id, parley.EndOperator, "")
			w.ok(err)
		}
		active := w.lives(bob, 1, 1)
		w.now = begun.Add(30*24*time.Hour + time.Minute)
		for _, bad := range []kept.Retention{{parley.SourceAPI: 0}, {parley.SourceAPI: privacy.MaxDays + 1}, {"carrier-pigeon": 3}} {
			if err := w.privacy.SetRetention(ctx, w.ws, bad); parley.ErrorCode(err) != parley.CodeInvalid {
				t.Errorf("%v: %v", bad, err)
			}
		}
		w.ok(w.privacy.SetRetention(ctx, w.ws, kept.Retention{parley.SourceWidget: 1, parley.SourceAPI: 31}))
		w.ok(w.privacy.Sweep(ctx))
		if n := len(w.conversations()); n != 3 {
			t.Fatalf("%d of 3 conversations are left before their time", n)
		}
		w.ok(w.privacy.SetRetention(ctx, w.ws, kept.Retention{parley.SourceAPI: 30}))
		w.ok(w.privacy.Sweep(ctx))
		p := kept.New(w.Store)
		if _, err := p.Contact(ctx, w.ws, old); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("a contact without conversations: %v", err)
		}
		c, err := p.Contact(ctx, w.ws, active)
		w.ok(err)
		if n := len(w.conversations()); n != 1 || c.Conversations != 1 || c.Files != 1 || len(c.Identities) != 3 {
			t.Errorf("%d conversations are left; %+v", n, c)
		}
		if keep, err := p.Retention(ctx, w.ws); err != nil || len(keep) != 1 || keep[parley.SourceAPI] != 30 {
			t.Errorf("kept: %v, %v", keep, err)
		}
		if strings.Contains(w.onDisk(), ada.word) {
			t.Error("files are left")
		}
	})
}

// conversations returns the ids of all of the workspace.
func (w *world) conversations() (ids []string) {
	w.t.Helper()
	page, err := w.List(w.t.Context(), store.ListQuery{WorkspaceID: w.ws, Limit: 100})
	w.ok(err)
	for _, r := range page.Rows {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}
