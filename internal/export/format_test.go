package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"parley"
	"parley/internal/blob"
	"parley/internal/sheet"
	"parley/internal/store"
	"parley/internal/store/exports"
	"parley/internal/store/storetest"
)

// alone is a world on SQLite: what a format makes of a conversation has nothing to
// do with the database.
func alone(t *testing.T) *world {
	t.Helper()
	return newWorld(t, storetest.Open(t, "sqlite"))
}

// one writes one conversation with messages.
func (w *world) one(c parley.Conversation, messages ...parley.Message) exports.Imported {
	w.t.Helper()
	at := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC) // Berlin's clocks go forward at 1:00 UTC
	c.ID, c.Source, c.Status, c.Owner, c.StartedAt = w.id(at), parley.SourceWidget, parley.ConversationEnded, parley.OwnerAssistant, at
	if c.AssistantID == "" {
		c.AssistantID = w.id(at)
	}
	for i := range messages {
		messages[i].ID, messages[i].CreatedAt = w.id(at), at.Add(time.Duration(i)*20*time.Minute)
		if messages[i].Type == "" {
			messages[i].Type = parley.MessageText
		}
	}
	in := exports.Imported{
		AssistantName: "Lumi", FillConversation: store.FillConversation{Conversation: c, Messages: messages, Contact: parley.Contact{ID: w.id(at), Name: "=Ana", Phone: "+491511234567", Identifier: "+491511234567"}},
	}
	m, err := w.NewImporter(w.ctx, w.ws)
	w.ok(err)
	_, err = m.Import(w.ctx, []exports.Imported{in})
	w.ok(err)
	return in
}

func user(s string) parley.Message  { return parley.Message{Role: parley.ByUser, Content: s} }
func reply(s string) parley.Message { return parley.Message{Role: parley.ByAssistant, Content: s} }

// The published shapes of examples: OpenAI's chat format for fine-tuning, and
// ShareGPT's as training programs read it.
const (
	openAIShape = `{
		"type": "object", "required": ["messages"], "additionalProperties": false,
		"properties": {"messages": {"type": "array", "minItems": 2, "items": {
			"type": "object", "required": ["role", "content"], "additionalProperties": false,
			"properties": {"role": {"enum": ["system", "user", "assistant"]}, "content": {"type": "string", "minLength": 1}}}}}}`
	shareGPTShape = `{
		"type": "object", "required": ["conversations"],
		"properties": {"id": {"type": "string"}, "conversations": {"type": "array", "minItems": 2, "items": {
			"type": "object", "required": ["from", "value"], "additionalProperties": false,
			"properties": {"from": {"enum": ["system", "human", "gpt"]}, "value": {"type": "string", "minLength": 1}}}}}}`
)

func shape(t *testing.T, text string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("shape.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("shape.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestExamplesHaveThePublishedShape checks every line of an export of all kinds of
// conversations, and what the shape cannot say: whose turn it is.
func TestExamplesHaveThePublishedShape(t *testing.T) {
	t.Parallel()
	w := alone(t)
	w.fill(w.ws, 200)
	for format, text := range map[parley.ExportFormat]string{parley.ExportOpenAI: openAIShape, parley.ExportShareGPT: shareGPTShape} {
		s := shape(t, text)
		lines := bytes.Split(bytes.TrimSpace(w.stream(w.ws, options(format))), []byte("\n"))
		if len(lines) < 50 {
			t.Errorf("%s: only %d examples", format, len(lines))
		}
		for _, line := range lines {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
			if err == nil {
				err = s.Validate(v)
			}
			if err != nil {
				t.Fatalf("%s: %v in %s", format, err, line)
			}
			var turns struct {
				Messages      []struct{ Role string }
				Conversations []struct{ From string }
			}
			if err := json.Unmarshal(line, &turns); err != nil {
				t.Fatal(err)
			}
			var who []string
			for _, m := range turns.Messages {
				who = append(who, map[string]string{"user": "human", "assistant": "gpt"}[m.Role])
			}
			for _, m := range turns.Conversations {
				who = append(who, m.From)
			}
			if who[len(who)-1] != "gpt" || !slices.Contains(who, "human") || format == parley.ExportShareGPT && who[0] != "human" {
				t.Fatalf("%s: the turns are %v", format, who)
			}
			for i := 1; i < len(who); i++ {
				if who[i] == who[i-1] {
					t.Fatalf("%s: the turns are %v", format, who)
				}
			}
		}
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	w := alone(t)
	a := &parley.Assistant{WorkspaceID: w.ws, Config: parley.AssistantConfig{Name: "Lumi", Prompt: " You are Lumi. "}}
	a.Config.Default()
	w.ok(w.CreateAssistant(w.ctx, a, ""))
	operator := parley.Message{Role: parley.ByOperator, Content: "Done.", AuthorName: "Ben"}
	gone, failed, system, tool := reply("never sent"), reply("not delivered"), reply("Ben took over."), reply("{}")
	gone.Delivery, failed.Delivery, system.Role, tool.Role = parley.DeliveryCanceled, parley.DeliveryFailed, parley.BySystem, parley.ByTool
	picture := user("this one")
	picture.Attachments = []parley.Attachment{{ID: w.id(w.now), MIMEType: "image/png", Reading: "A red parcel."}}
	w.one(parley.Conversation{AssistantID: a.ID, AssistantVersion: 1}, reply("Hi!"), user("Where is"), user("my order?"), tool, reply("Which?"), picture, gone, failed, system, operator, user("Thanks"))
	w.one(parley.Conversation{AssistantID: a.ID}, reply("Hi!"))
	w.one(parley.Conversation{AssistantID: a.ID}, user("Hello?"))
	w.one(parley.Conversation{AssistantID: a.ID})
	o := options(parley.ExportOpenAI)
	if got, want := string(w.stream(w.ws, o)), `{"messages":[{"role":"assistant","content":"Hi!"},{"role":"user","content":"Where is\n\nmy order?"},`+
		`{"role":"assistant","content":"Which?"},{"role":"user","content":"[Image: A red parcel.] this one"},{"role":"assistant","content":"Done."}]}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	o.Format, o.SystemPrompt = parley.ExportShareGPT, true
	got := string(w.stream(w.ws, o))
	if want := `"conversations":[{"from":"system","value":"You are Lumi."},{"from":"human","value":"Where is\n\nmy order?"},{"from":"gpt","value":"Which?"},`; !strings.Contains(got, want) ||
		strings.Count(got, "\n") != 1 {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestTables reads a table back with other libraries, as CSV and as XLSX: they say
// the same.
func TestTables(t *testing.T) {
	t.Parallel()
	w := alone(t)
	resolved := true
	c := w.one(parley.Conversation{AssistantVersion: 7, Resolved: &resolved}, user("=1+1"), reply("Two."), user("good\nbye"))
	o := options(parley.ExportCSV)
	o.Columns = []string{"id", "contact_name", "contact_phone", "started_at", "last_activity_at", "ended_at", "duration_seconds", "message_count", "resolved", "assistant_version", "transcript", "variable.tier"}
	rows := w.csv(o)
	want := []string{
		c.Conversation.ID, "'=Ana", "'+491511234567", "2026-03-29T01:30:00+01:00", "2026-03-29T03:10:00+02:00", "", "2400", "3", "TRUE", "7",
		"[01:30:00] User: =1+1\n[01:50:00] AI: Two.\n[03:10:00] User: good\nbye", "",
	}
	if len(rows) != 2 || !slices.Equal(rows[0], o.Columns) || !slices.Equal(rows[1], want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	o.Format = parley.ExportXLSX
	cells := w.xlsx(o)
	want[1], want[2], want[3], want[4] = "=Ana", "+491511234567", "2026-03-29 01:30:00", "2026-03-29 03:10:00"
	for i, x := range want {
		if got := cells[1][min(i, len(cells[1])-1)]; x != "" && !strings.HasPrefix(got, x) {
			t.Errorf("%s is %q, want %q", o.Columns[i], got, x)
		}
	}
	o.Format, o.Rows, o.Columns = parley.ExportCSV, parley.RowsMessages, []string{"conversation_id", "seq", "created_at", "role", "content"}
	if rows := w.csv(o); len(rows) != 4 || !slices.Equal(rows[1], []string{c.Conversation.ID, "1", "2026-03-29T01:30:00+01:00", "user", "'=1+1"}) {
		t.Errorf("messages are %q", rows)
	}
}

func (w *world) csv(o parley.ExportOptions) [][]string {
	w.t.Helper()
	text, ok := bytes.CutPrefix(w.stream(w.ws, o), []byte(sheet.BOM))
	if !ok {
		w.t.Error("the table does not say that it is UTF-8")
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	w.ok(err)
	return rows
}

func (w *world) xlsx(o parley.ExportOptions) [][]string {
	w.t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(w.stream(w.ws, o)))
	w.ok(err)
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Sheet1")
	w.ok(err)
	return rows
}

// TestTablesOfEverything compares the two kinds of tables over all kinds of
// conversations and all columns.
func TestTablesOfEverything(t *testing.T) {
	t.Parallel()
	w := alone(t)
	all := w.fill(w.ws, 120)
	for _, rows := range []parley.ExportRows{parley.RowsConversations, parley.RowsMessages} {
		o := options(parley.ExportCSV)
		o.Rows = rows
		plain := w.csv(o)
		o.Format = parley.ExportXLSX
		cells := w.xlsx(o)
		want := len(all)
		if rows == parley.RowsMessages {
			want = 0
			for i := range all {
				want += len(all[i].Messages)
			}
		}
		if len(plain) != want+1 || len(cells) != want+1 {
			t.Errorf("%s: %d and %d rows for %d", rows, len(plain), len(cells), want)
		}
		for _, row := range plain[1:] {
			for _, cell := range row {
				if sheet.Risky(cell) {
					t.Fatalf("%q is a formula", cell)
				}
			}
		}
	}
}

// page is a page to print as a browser reads it.
func page(t *testing.T, text []byte) (elements map[string]int, images []string, said string) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	elements = map[string]int{}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		elements[n.Data]++
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("<%s %s=%q> runs something", n.Data, a.Key, a.Val)
			}
			if a.Key == "src" {
				images = append(images, a.Val)
			}
		}
	}
	return elements, images, b.String()
}

func TestPageToPrint(t *testing.T) {
	t.Parallel()
	w := alone(t)
	const png = "\x89PNG\r\n\x1a\nrest"
	a := &store.StoredAttachment{WorkspaceID: w.ws, Attachment: parley.Attachment{ID: w.id(w.now), Name: "\"><script>.png", MIMEType: "image/png"}, CreatedAt: w.now}
	a.Key = blob.AttachmentKey(w.ws, a.ID)
	_, err := w.files.Dir.Put(w.ctx, a.Key, strings.NewReader(png), 100)
	w.ok(err)
	w.ok(w.CreateAttachment(w.ctx, a))
	picture := user("look <b onclick=x>")
	picture.Attachments = []parley.Attachment{a.Attachment, {ID: w.id(w.now), Name: "lost.png", MIMEType: "image/png"}, {ID: w.id(w.now), Name: "<i>.pdf", MIMEType: "application/pdf"}}
	deleted := user("what was deleted")
	deleted.DeletedAt = w.now
	tool := reply("{}")
	tool.Role = parley.ByTool
	w.one(parley.Conversation{}, picture, reply("**bold** <script>alert(1)</script> [x](javascript:alert(1))"), user("مرحبا 我的订单 สวัสดี 🎉"), deleted, tool)
	o := options(parley.ExportPage)
	elements, images, said := page(t, w.stream(w.ws, o))
	if elements["script"] != 0 || elements["i"] != 0 || elements["strong"] != 1 || elements["article"] != 1 || elements["section"] != 4 {
		t.Errorf("the page consists of %v", elements)
	}
	if len(images) != 1 || images[0] != "data:image/png;base64,iVBORw0KGgpyZXN0" {
		t.Errorf("the pictures are %q", images)
	}
	for _, want := range []string{"=Ana · Lumi", "Web Widget", "29 March 2026, 01:30 +01:00", "مرحبا 我的订单 สวัสดี 🎉", "[Deleted]", "[Document: <i>.pdf]", "[Image]", "look <b onclick=x>"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(said, "what was deleted") {
		t.Error("the page tells what was deleted")
	}
	o.Hide = []parley.Secrecy{parley.HidePhone}
	if _, images, said := page(t, w.stream(w.ws, o)); len(images) != 0 || strings.Contains(said, "491511234567") {
		t.Errorf("with phones hidden there are %d pictures", len(images))
	}
}

// TestNothingHiddenIsInAnyFile exports all kinds of conversations in every format
// with everything hidden.
func TestNothingHiddenIsInAnyFile(t *testing.T) {
	t.Parallel()
	w := alone(t)
	all := w.fill(w.ws, 60)
	w.one(parley.Conversation{ExternalID: "ana@example.com"}, user("my card is 4111 1111 1111 1111"), reply("Thanks, ana@example.com!"))
	secrets := []string{"ana@example.com", "12345678", "4111 1111", "DE89 3704"}
	for i := range all {
		secrets = append(secrets, all[i].Contact.Phone[4:])
	}
	for _, format := range parley.ExportFormats() {
		for _, rows := range []parley.ExportRows{parley.RowsConversations, parley.RowsMessages} {
			o := options(format)
			o.Rows = rows
			shown := w.text(o)
			o.Hide = parley.Secrecies()
			hidden := w.text(o)
			for _, s := range secrets {
				if strings.Contains(hidden, s) {
					t.Errorf("%s tells %s", format, s)
				}
			}
			if !strings.Contains(shown, secrets[0]) && !format.Table() || !strings.Contains(hidden, "[phone]") && format != parley.ExportXLSX && !format.Table() {
				t.Errorf("%s has nothing to hide, or does not hide it", format)
			}
			if strings.Count(shown, "\n") != strings.Count(hidden, "\n") && format != parley.ExportPage && !format.Table() {
				t.Errorf("%s has lost something", format)
			}
		}
	}
}

// text is all that an export says.
func (w *world) text(o parley.ExportOptions) string {
	w.t.Helper()
	switch o.Format {
	case parley.ExportXLSX:
	case parley.ExportZIP:
		return w.unzip(w.stream(w.ws, o))["conversations.jsonl"]
	default:
		return string(w.stream(w.ws, o))
	}
	var b strings.Builder
	for _, row := range w.xlsx(o) {
		b.WriteString(strings.Join(row, "\t") + "\n")
	}
	return b.String()
}

func TestMarkdownOfSeveral(t *testing.T) {
	t.Parallel()
	w := alone(t)
	w.one(parley.Conversation{}, user("*one*"), reply("**two**"))
	w.one(parley.Conversation{})
	got := string(w.stream(w.ws, options(parley.ExportMarkdown)))
	if strings.Count(got, "\n---\n") != 2 || strings.Count(got, "# =Ana and Lumi") != 2 || !strings.Contains(got, "\\*one\\*") || !strings.Contains(got, "**two**") {
		t.Errorf("got %s", got)
	}
}
