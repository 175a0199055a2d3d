package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/export"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// world is a store with a workspace, and what exports it.
type world struct {
	*exports.Exports
	t     testing.TB
	ctx   context.Context //nolint:containedctx // of the test
	ws    string
	path  string // of the files
	files files
	rand  *rand.Rand
	now   time.Time
}

// files lets tests get in between.
type files struct {
	*blob.Dir
	put func(key string) error // nil: nothing happens
}

func (f *files) Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error) {
	n, err := f.Dir.Put(ctx, key, r, limit)
	if err == nil && f.put != nil {
		err = f.put(key)
	}
	return n, err
}

// each runs fn on each database.
func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	storetest.Run(t, func(t *testing.T, s *store.Store) { fn(newWorld(t, s)) })
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	path := t.TempDir()
	b, err := blob.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	w := &world{
		Exports: &exports.Exports{Store: s}, t: t, ctx: t.Context(), path: path, files: files{Dir: b},
		rand: rand.New(rand.NewPCG(1, 2)), now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
	}
	w.ws = w.workspace()
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) workspace() string {
	w.t.Helper()
	ws := &parley.Workspace{Name: "Shop", TimeZone: "Europe/Berlin", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(w.CreateWorkspace(w.ctx, ws))
	return ws.ID
}

func (w *world) service(l export.Limits) *export.Service {
	return export.New(export.Config{
		Store: w.Exports, Files: &w.files, Limits: l, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	})
}

// id is a new id of a time.
func (w *world) id(t time.Time) string {
	hi, lo := uint64(t.UnixMilli())<<16|0x7000|w.rand.Uint64()&0x0fff, w.rand.Uint64()&^(3<<62)|2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&0xffffffffffff)
}

// said are texts that some format has trouble with.
var said = []string{
	"Where is my order?", "Your order **ORD-12345** is on its way.", "=HYPERLINK(\"x\")", "+1", "-2", "@you", "\tTab", "a,b;\"c\"", "two\r\nlines",
	"我的订单在哪里？", "คำสั่งซื้อของฉันอยู่ที่ไหน", "أين طلبي؟", "👩‍👩‍👧 🎉", "<script>alert(1)</script> & co", "# no heading\n\n- list\n\n| a | b |\n|---|---|\n| 1 | 2 |",
	"write to ana@example.com or +49 151 12345678", "card 4111 1111 1111 1111", "IBAN DE89 3704 0044 0532 0130 00", "_x0041_ \u2028 \u0001", "",
}

// fill writes n conversations of all kinds and returns them, the newest first.
func (w *world) fill(ws string, n int) []exports.Imported {
	w.t.Helper()
	assistants := []string{w.id(w.now), w.id(w.now)}
	sender := w.id(w.now)
	var contacts []parley.Contact
	var known []parley.Identity
	for i := range n/2 + 1 {
		phone := fmt.Sprintf("+49151%08d", w.rand.IntN(1e8))
		contacts = append(contacts, parley.Contact{ID: w.id(w.now), Name: []string{"", "Ana", "李雷", "=Eve"}[i%4], Phone: phone, Identifier: phone})
		known = append(known, parley.Identity{Kind: parley.IdentityPhone, Value: phone})
	}
	all := make([]exports.Imported, n)
	at := w.now.Add(-30 * 24 * time.Hour)
	for i := range all {
		if w.rand.IntN(5) > 0 { // else two start at once
			at = at.Add(time.Duration(w.rand.IntN(int(time.Hour)))).Truncate(time.Microsecond)
		}
		k := w.rand.IntN(len(contacts))
		c := &all[n-1-i]
		c.Contact, c.Identities = contacts[k], known[k:k+1]
		c.Conversation = parley.Conversation{
			ID: w.id(at), Source: parley.Sources()[w.rand.IntN(4)], Status: parley.ConversationEnded, EndReason: parley.EndInactivity,
			AssistantID: assistants[w.rand.IntN(2)], AssistantVersion: 1, Owner: parley.OwnerAssistant, StartedAt: at, EndedAt: at.Add(time.Hour),
			Waiting: w.chance(8), HandedOver: w.chance(5), HasError: w.chance(9),
		}
		c.AssistantName = "Lumi"
		if c.Conversation.Source == parley.SourceWhatsApp {
			c.Conversation.SenderID, c.SenderName, c.SenderPhone = sender, "Shop", "+49301234567"
			c.Conversation.WindowExpiresAt = at.Add(24 * time.Hour)
		}
		if c.Conversation.Source == parley.SourceWidget {
			c.Visitor = &parley.VisitorConversation{
				WidgetID: sender, VisitorID: w.id(at), Language: "ar", Page: "https://example.com/?mail=ana@example.com", Email: "ana@example.com",
				ReadSeq: 2, Consents: []parley.Consent{{Field: "terms", Text: "I agree.", At: at}},
			}
			if w.chance(2) {
				c.Visitor.Rating = parley.Rating{Score: 1 + w.rand.IntN(5), Comment: "call +491511234567 or ana@example.com", At: at.Add(time.Minute)}
			}
		}
		if w.chance(6) {
			c.Conversation.Status, c.Conversation.EndReason, c.Conversation.EndedAt = parley.ConversationActive, "", time.Time{}
		}
		w.log(c)
		w.rest(c)
		w.furnish(c)
	}
	m, err := w.NewImporter(w.ctx, ws)
	w.ok(err)
	for from := 0; from < n; from += 50 {
		_, err := m.Import(w.ctx, all[from:min(from+50, n)])
		w.ok(err)
	}
	w.ok(m.Close())
	for more := 1; more > 0; {
		more, err = w.IndexSearch(w.ctx, 1000)
		w.ok(err)
	}
	return all
}

// chance is true once in n times.
func (w *world) chance(n int) bool { return w.rand.IntN(n) == 0 }

// log makes up messages.
func (w *world) log(c *exports.Imported) {
	at := c.Conversation.StartedAt
	messages := w.rand.IntN(9)
	if w.chance(30) {
		messages = 700 // more than are read at once
	}
	for i := range messages {
		at = at.Add(time.Duration(w.rand.IntN(int(time.Minute)))).Truncate(time.Microsecond)
		m := parley.Message{
			ID: w.id(at), Role: []parley.MessageRole{parley.ByUser, parley.ByAssistant, parley.ByOperator, parley.BySystem, parley.ByTool}[w.rand.IntN(5)],
			Type: parley.MessageText, Content: said[w.rand.IntN(len(said))], CreatedAt: at,
		}
		if i%2 == 0 {
			m.Role = parley.ByUser
		}
		switch m.Role {
		case parley.ByAssistant:
			m.Delivery, m.TurnID = parley.DeliveryRead, w.id(at)
			m.ToolCalls = []parley.ToolCall{{ID: "1", Name: "look", Arguments: json.RawMessage(`{"mail":"ana@example.com"}`), Result: "found", Millis: 3}}
			m.Choices = []string{"Yes", "No"}
		case parley.ByOperator:
			m.AuthorID, m.AuthorName = w.id(at), "Ben"
		case parley.BySystem:
			m.Type, m.Event = parley.MessageEvent, parley.EventNote
		case parley.ByUser, parley.ByTool:
		}
		if w.chance(9) {
			m.Attachments = []parley.Attachment{{ID: w.id(at), Name: "a.png", MIMEType: "image/png", Size: 3, Reading: "A red parcel."}}
			m.Type = parley.MessageImage
		}
		if w.chance(20) {
			m.EditedAt = at.Add(time.Second)
		}
		if w.chance(20) {
			m.DeletedAt = at.Add(time.Second)
		}
		c.Messages = append(c.Messages, m)
	}
}

// rest makes up what else belongs to a conversation.
func (w *world) rest(c *exports.Imported) {
	at := c.Conversation.StartedAt
	if w.chance(2) {
		c.Variables = append(c.Variables, parley.Variable{
			Name: "tier", Source: parley.FromPreChat, Type: parley.TypeText, Value: json.RawMessage([]string{`"gold"`, `"=tin"`}[w.rand.IntN(2)]), SetAt: at, AssistantVersion: 1,
		}, parley.Variable{Name: "items", Source: parley.FromExtracted, Type: parley.TypeNumber, Value: json.RawMessage(`12`), SetAt: at, AssistantVersion: 1, Model: "m"})
	}
	for range w.rand.IntN(3) {
		in, out, credits := w.rand.Int64N(1000), w.rand.Int64N(100), parley.Credits(w.rand.Int64N(1e6))
		u := parley.Usage{
			ID: w.id(at), TurnID: w.id(at), Kind: parley.UsageReply, ProviderID: parley.BuiltinProvider, Model: "m", AssistantID: c.Conversation.AssistantID,
			AssistantVersion: 1, Complete: true, InputTokens: &in, OutputTokens: &out, Credits: &credits, Raw: json.RawMessage(`{"x": 1}`), StartedAt: at, SettledAt: at.Add(time.Second),
		}
		if w.chance(3) {
			u.Credits = nil
		}
		c.Usage = append(c.Usage, u)
	}
	if w.chance(2) && c.Conversation.Status == parley.ConversationEnded {
		resolved := w.chance(2)
		c.Conversation.Resolved = &resolved
		c.Evaluation = &parley.Evaluation{Resolved: resolved, Summary: "They asked.", Topic: "delivery", Sentiment: parley.SentimentNeutral, Model: "m", EvaluatedAt: at.Add(time.Hour)}
	}
}

// furnish makes up what members have put on a conversation.
func (w *world) furnish(c *exports.Imported) {
	at := c.Conversation.StartedAt
	by := desk.Author{ID: w.id(at), Name: "Rita"}
	for _, name := range []string{"VIP", "=refund", "重要, urgent", "Rückfrage"} {
		if w.chance(3) {
			c.Furniture.Tags = append(c.Furniture.Tags, name)
		}
	}
	if c.Conversation.Reviewed = w.chance(3); c.Conversation.Reviewed {
		c.Furniture.Review = &desk.Review{By: by, At: at.Add(2 * time.Hour)}
	}
	for i := range w.rand.IntN(4) {
		o := desk.Note{Author: by, Text: fmt.Sprintf("%d: she called from +49 151 12345678", i), CreatedAt: at.Add(time.Hour)} // all of them at once
		if i == 1 {
			o.Author, o.EditedAt = desk.Author{Name: "Somebody who has left"}, at.Add(3*time.Hour)
		}
		c.Furniture.Notes = append(c.Furniture.Notes, o)
	}
}

// options are those of a format, with the rest as usual.
func options(f parley.ExportFormat) parley.ExportOptions {
	return parley.ExportOptions{Format: f, TimeZone: "Europe/Berlin"}
}

// stream is what an export writes in one go.
func (w *world) stream(ws string, o parley.ExportOptions) []byte {
	w.t.Helper()
	var b bytes.Buffer
	w.ok(w.service(export.Limits{}).Stream(w.ctx, ws, o, &b, func(int64, int64) {}))
	return b.Bytes()
}

// download is the file of an export that is done.
func (w *world) download(s *export.Service, id string) []byte {
	w.t.Helper()
	f, err := s.Open(w.ctx, w.ws, id)
	w.ok(err)
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(f)
	w.ok(err)
	return b
}
