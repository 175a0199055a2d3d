package imports_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/export"
	"parley/internal/hook"
	"parley/internal/imports"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	"parley/internal/store/hooks"
	kept "parley/internal/store/imports"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// world is a store with a workspace, and what takes files into it.
type world struct {
	*exports.Exports
	t     testing.TB
	ctx   context.Context //nolint:containedctx // of the test
	ws    string
	files *blob.Dir
	kept  *kept.Imports
	now   time.Time
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	storetest.Run(t, func(t *testing.T, s *store.Store) { fn(newWorld(t, s)) })
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	w := &world{
		Exports: &exports.Exports{Store: s}, t: t, ctx: t.Context(), files: files, kept: &kept.Imports{Tables: s.Tables()},
		now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
	}
	w.ws = w.workspace()
	return w
}

func (w *world) clock() time.Time { return w.now }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) workspace() string {
	w.t.Helper()
	ws := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(w.CreateWorkspace(w.ctx, ws))
	return ws.ID
}

func (w *world) service(store imports.Store, step int) *imports.Service {
	return imports.New(imports.Config{
		Store: store, Conversations: w.Exports, Files: w.files, Step: step, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	})
}

// create brings a file.
func (w *world) create(ws, content string) *kept.Import {
	w.t.Helper()
	m := &kept.Import{ID: parley.NewID(w.now), WorkspaceID: ws, Name: "file.json", Size: int64(len(content)), CreatedAt: w.now}
	_, err := w.files.Put(w.ctx, imports.Key(ws, m.ID), strings.NewReader(content), imports.MaxFile)
	w.ok(err)
	w.ok(w.service(w.kept, 0).Create(w.ctx, m))
	return m
}

func (w *world) work(s *imports.Service, m *kept.Import, attempt int) error {
	return s.Work(w.ctx, parley.Work{Kind: kept.WorkKind, Key: m.ID, WorkspaceID: m.WorkspaceID, Attempt: attempt})
}

// bring takes a file and returns the report.
func (w *world) bring(ws, content string) *kept.Import {
	w.t.Helper()
	m := w.create(ws, content)
	err := w.work(w.service(w.kept, 3), m, 1)
	got, readErr := w.kept.Import(w.ctx, ws, m.ID)
	w.ok(readErr)
	if !got.State.Finished() {
		w.t.Fatalf("it is %+v, %v", got, err)
	}
	if _, err := w.files.Get(w.ctx, imports.Key(ws, m.ID)); parley.ErrorCode(err) != parley.CodeNotFound {
		w.t.Errorf("its file: %v", err)
	}
	return got
}

func (w *world) list(ws string) []store.ListRow {
	w.t.Helper()
	page, err := w.List(w.ctx, store.ListQuery{WorkspaceID: ws, Limit: 100})
	w.ok(err)
	return page.Rows
}

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("../foreign/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// dify is a file with n conversations of one exchange.
func dify(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"m%d","conversation_id":"c%d","query":"Question %d","answer":"Answer %d","from_end_user_id":"u%d","created_at":%d}`+"\n", i, i, i, i, i%7, 1730503863+i)
	}
	return b.String()
}

// TestChatwoot takes conversations with all that belongs to them, and again.
func TestChatwoot(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		h := &hooks.Hook{WorkspaceID: w.ws, URL: "https://hooks.example/", Events: hooks.Types(), Enabled: true}
		told := &hooks.Hooks{Tables: w.Tables()}
		w.ok(told.Create(w.ctx, h))
		for round, want := range []kept.Progress{{Position: 2, Taken: 2, Messages: 6}, {Position: 2, Present: 2}} {
			m := w.bring(w.ws, sample(t, "chatwoot.jsonl"))
			if m.State != kept.Done || m.System != "chatwoot" || m.Total != 2 || m.Done.Taken != want.Taken || m.Done.Messages != want.Messages || m.Done.Present != want.Present || m.Done.Problems.Count > 0 {
				t.Errorf("round %d: %+v", round, m)
			}
		}
		rows := w.list(w.ws)
		if len(rows) != 2 {
			t.Fatalf("%d conversations", len(rows))
		}
		whatsapp, widget := rows[0], rows[1]
		if whatsapp.Source != parley.SourceWhatsApp || whatsapp.SenderID == "" || whatsapp.EndReason != parley.EndInactivity || whatsapp.WindowOpen(w.now) || whatsapp.ContactName != "Luis" {
			t.Errorf("it is %+v", whatsapp)
		}
		if widget.Source != parley.SourceWidget || widget.Status != parley.ConversationEnded || widget.EndReason != parley.EndOperator || !widget.HandedOver || !widget.HasAttachment ||
			widget.MessageCount != 3 || widget.Credits != 0 || widget.UnknownCalls != 0 || !widget.StartedAt.Equal(time.Unix(1730500000, 0)) || !widget.LastActivityAt.Equal(time.Unix(1730500140, 0)) {
			t.Errorf("it is %+v", widget)
		}
		w.projected(rows)
		d := &desk.Desk{Tables: w.Tables(), Now: func() time.Time { return w.now }}
		marks, err := d.Of(w.ctx, "", &widget)
		w.ok(err)
		notes, err := d.Notes(w.ctx, w.ws, widget.ID)
		w.ok(err)
		if len(marks.Tags) != 2 || len(notes) != 1 || notes[0].Author.Name != "Max Mod" || !notes[0].CreatedAt.Equal(time.Unix(1730500130, 0)) {
			t.Errorf("on it are %+v and %+v", marks, notes)
		}
		log, err := w.Messages(w.ctx, w.ws, widget.ID, 0, 20)
		w.ok(err)
		if m := log[4]; m.Role != parley.ByOperator || m.AuthorName != "Max" || !parley.ValidID(m.AuthorID) || m.ReplyTo != log[1].ID || m.Delivery != parley.DeliveryRead {
			t.Errorf("the operator wrote %+v", m)
		}
		contact, _, err := w.Contact(w.ctx, w.ws, widget.ContactID)
		w.ok(err)
		s := hook.New(hook.Config{Store: told, Alerts: w.Store, Now: func() time.Time { return w.now }})
		defer s.Close()
		w.ok(s.Record(w.ctx, parley.Work{}))
		if all, _, err := told.Deliveries(w.ctx, w.ws, h.ID, "", 0, 10); err != nil || len(all) > 0 {
			t.Errorf("a webhook is told: %+v, %v", all, err)
		}
		if contact.Name != "Ana Ruiz" || contact.Phone != "+4915112345678" {
			t.Errorf("the contact is %+v", contact)
		}
		quiet(w, rows)
	})
}

// projected is law 9: each row is what its log says.
func (w *world) projected(rows []store.ListRow) {
	w.t.Helper()
	for i := range rows {
		want, err := w.Recompute(w.ctx, w.ws, rows[i].ID)
		w.ok(err)
		got, err := w.Conversation(w.ctx, w.ws, rows[i].ID)
		w.ok(err)
		want.AnsweredSeq = got.AnsweredSeq // nobody answers history
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			w.t.Errorf("the row is\n%+v instead of\n%+v", got, want)
		}
	}
}

// quiet looks that history starts nothing.
func quiet(w *world, rows []store.ListRow) {
	w.t.Helper()
	for i := range rows {
		for _, kind := range []parley.WorkKind{parley.WorkTurn, parley.WorkDeliver, parley.WorkIdle, parley.WorkEvaluate, parley.WorkMedia} {
			if storetest.Claim(w.t, w.Store, kind, rows[i].ID, w.now) != nil {
				w.t.Errorf("%s is due for %s", kind, rows[i].ID)
			}
		}
	}
}

func TestDify(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		for _, name := range []string{"dify.json", "dify.csv"} {
			if m := w.bring(w.ws, sample(t, name)); m.State != kept.Done || m.System != "dify" || m.Done.Problems.Count > 0 {
				t.Errorf("%s: %+v", name, m)
			}
		}
		rows := w.list(w.ws)
		if len(rows) != 3 {
			t.Fatalf("%d conversations", len(rows))
		}
		w.projected(rows)
		quiet(w, rows)
		for i := range rows {
			if rows[i].AssistantName != "Imported from Dify" || rows[i].Source != parley.SourceAPI {
				t.Errorf("it is %+v", rows[i])
			}
		}
	})
}

// TestParley takes what another Parley has exported: it has ended and cost nothing
// here, and of another workspace's things it takes none.
func TestParley(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.bring(w.ws, dify(4))
		var b bytes.Buffer
		out := export.New(export.Config{Store: w.Exports, Files: w.files, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)})
		w.ok(out.Stream(w.ctx, w.ws, parley.ExportOptions{Format: parley.ExportJSONL, TimeZone: "UTC"}, &b, func(int64, int64) {}))
		lines := strings.SplitAfter(b.String(), "\n")
		lines[1] = strings.Replace(lines[1], `"status":"ended"`, `"status":"active"`, 1)
		second := w.workspace()
		content := lines[0] + lines[1] + "{\"cut off\n" + lines[2] + lines[2] + strings.Replace(lines[3], `"source":"api"`, `"source":"fax"`, 1)
		m := w.bring(second, content)
		if m.State != kept.Done || m.System != "parley" || m.Done.Taken != 3 || m.Done.Problems.Count != 3 {
			t.Fatalf("it is %+v", m)
		}
		for i, want := range []struct {
			line int
			code parley.Code
		}{{3, parley.CodeInvalid}, {5, parley.CodeConflict}, {6, parley.CodeInvalid}} {
			if p := m.Done.Problems.First[i]; p.Line != want.line || p.Code != want.code {
				t.Errorf("problem %d is %+v", i, p)
			}
		}
		rows := w.list(second)
		for i := range rows {
			if rows[i].Status != parley.ConversationEnded || rows[i].EndedAt.IsZero() {
				t.Errorf("it is %+v", rows[i])
			}
			for _, original := range w.list(w.ws) {
				if original.ID == rows[i].ID || original.ContactID == rows[i].ContactID || original.AssistantID == rows[i].AssistantID {
					t.Errorf("%s has something of %s", rows[i].ID, original.ID)
				}
			}
		}
		if again := w.bring(second, content); again.Done.Taken != 0 || again.Done.Present != 3 || len(w.list(second)) != 3 {
			t.Errorf("again: %+v", again)
		}
		if same := w.bring(w.ws, b.String()); same.Done.Present != 4 || len(w.list(w.ws)) != 4 {
			t.Errorf("where it comes from: %+v", same)
		}
	})
}

// cutting is a store that stops at a save, before or after it.
type cutting struct {
	*kept.Imports
	left  int
	after bool
}

var errCut = errors.New("cut off")

func (c *cutting) Save(ctx context.Context, m *kept.Import) error {
	c.left--
	if c.left == 0 && !c.after {
		return errCut
	}
	err := c.Imports.Save(ctx, m)
	if c.left == 0 && err == nil {
		err = errCut
	}
	return err
}

// TestCutOffAnywhere stops an import at every save: the next one goes on and the
// report is as if nothing had happened.
func TestCutOffAnywhere(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		content := dify(8) + `{"id":"bad","conversation_id":"bad","query":"q","answer":"a","created_at":"never"}` + "\n"
		for at := 1; ; at++ {
			for _, after := range []bool{false, true} {
				ws := w.workspace()
				m := w.create(ws, content)
				c := &cutting{w.kept, at, after}
				err := w.work(w.service(c, 3), m, 1)
				if c.left > 0 {
					w.ok(err)
					return
				}
				if err != nil {
					w.ok(w.work(w.service(w.kept, 3), m, 2))
				}
				got, err := w.kept.Import(w.ctx, ws, m.ID)
				w.ok(err)
				if got.State != kept.Done || got.Done.Taken != 8 || got.Done.Messages != 16 || got.Done.Present != 0 || got.Done.Problems.Count != 1 || len(w.list(ws)) != 8 {
					t.Errorf("cut off at %d, %t: %+v, %d conversations", at, after, got, len(w.list(ws)))
				}
				if _, err := w.files.Get(w.ctx, imports.Key(ws, m.ID)); parley.ErrorCode(err) != parley.CodeNotFound {
					t.Errorf("cut off at %d, %t: its file: %v", at, after, err)
				}
			}
		}
	})
}

// TestRefused are files of which nothing can be taken: the report says why, and
// nobody tries again.
func TestRefused(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		for content, code := range map[string]parley.Code{"hello": parley.CodeInvalid, dify(2)[:150]: parley.CodeInvalid} {
			m := w.bring(w.ws, content)
			if m.State != kept.Failed || m.Code != code || m.Error == "" {
				t.Errorf("%q: %+v", content, m)
			}
		}
		if rows := w.list(w.ws); len(rows) > 0 {
			t.Errorf("%d were taken", len(rows))
		}
		m := w.create(w.ws, dify(1))
		w.ok(w.files.Delete(w.ctx, imports.Key(w.ws, m.ID)))
		for attempt := 1; attempt <= 5; attempt++ {
			if err := w.work(w.service(w.kept, 0), m, attempt); err == nil {
				t.Errorf("attempt %d passes", attempt)
			}
		}
		if got, err := w.kept.Import(w.ctx, w.ws, m.ID); err != nil || got.State != kept.Failed || got.Code != parley.CodeNotFound {
			t.Errorf("without its file: %+v, %v", got, err)
		}
		if err := w.work(w.service(w.kept, 0), &kept.Import{ID: m.ID, WorkspaceID: w.workspace()}, 1); err == nil {
			t.Error("another workspace's import is worked at")
		}
	})
}

// TestMoreOfAConversation is told, because it is not added.
func TestMoreOfAConversation(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.bring(w.ws, dify(1))
		m := w.bring(w.ws, dify(1)+strings.Replace(dify(1), "m0", "m1", 1))
		if m.Done.Present != 1 || m.Done.Problems.Count != 1 || m.Done.Problems.First[0].Code != parley.CodeConflict {
			t.Errorf("it is %+v", m)
		}
	})
}

// TestImportsDoNotLeak is law 10.
func TestImportsDoNotLeak(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		m := w.bring(w.ws, dify(1))
		other := w.workspace()
		if _, err := w.kept.Import(w.ctx, other, m.ID); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("it is read: %v", err)
		}
		if all, err := w.kept.Recent(w.ctx, other, "", 10); err != nil || len(all) > 0 {
			t.Errorf("%d are listed, %v", len(all), err)
		}
		if same := w.bring(other, dify(1)); same.Done.Taken != 1 || w.list(other)[0].ID == w.list(w.ws)[0].ID {
			t.Errorf("the same file there: %+v", same)
		}
	})
}
