package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/server/widget"
	"parley/internal/server/wire"
	"parley/internal/store"
)

func TestVisitorTalks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	g := w.visitor(w.ours.widget)
	first := g.post("/conversations", widget.Start{Variables: map[string]any{"order": "QM-1", "plan": "pro"}, Name: "Ada", Page: "https://u:p@shop.example/a?secret=1#x"})
	started := read[widget.Started](t, first)
	if again := read[widget.Started](t, g.post("/conversations", widget.Start{})); first.status != 201 || !started.Created || again.Created || again.Conversation.ID != started.Conversation.ID {
		t.Errorf("started %s, and again %+v", first, again)
	}
	conv := started.Conversation.ID
	body := widget.Send{ClientID: uuid(), Content: "**hi** <b>there</b>"}
	for i := range 3 {
		a := g.post("/conversations/"+conv+"/messages", body)
		if sent := read[widget.Sent](t, a); sent.Duplicate != (i > 0) || *sent.Message.ClientID != body.ClientID || sent.Message.HTML != "<p>**hi** &lt;b&gt;there&lt;/b&gt;</p>" {
			t.Errorf("try %d: %s", i, a)
		}
	}
	body.Content = "something else"
	if a := g.post("/conversations/"+conv+"/messages", body); a.code() != parley.CodeConflict || a.word() != "client_id" {
		t.Errorf("another message with the same client id: %s", a)
	}
	log := g.log(conv, 2)
	if len(log) != 2 || log[1].HTML != "<p>Hello from the <strong>model</strong>.</p>" || log[1].TurnID == nil {
		t.Errorf("the log is %+v", log)
	}
	if c := read[widget.Conversation](t, g.get("/conversations/"+conv)); c.Unread != 1 {
		t.Errorf("unread %d", c.Unread)
	}
	if a := g.post("/conversations/"+conv+"/read", widget.Read{Seq: log[1].Seq}); a.status != http.StatusNoContent {
		t.Errorf("read: %s", a)
	}
	if c := read[widget.Conversation](t, g.post("/conversations/"+conv+"/rating", widget.Rate{Score: 4, Comment: " fine "})); c.Unread != 0 || c.Rating.Score != 4 || c.Rating.Comment != "fine" {
		t.Errorf("rated %+v", c)
	}
	if a := g.post("/conversations/"+conv+"/rating", widget.Rate{Score: 6}); a.code() != parley.CodeInvalid {
		t.Errorf("a rating of 6: %s", a)
	}
	detail := read[wire.ConversationDetail](t, w.send(request{method: "GET", path: "/api/v1/conversations/" + conv, key: w.ours.key}))
	if detail.Source != parley.SourceWidget || detail.Contact.Name != "Ada" || detail.Widget == nil || detail.Widget.Rating.Score != 4 ||
		detail.Widget.Page != "https://shop.example/a" || len(detail.Variables) != 1 || detail.Variables[0].Source != parley.FromPreChat {
		t.Errorf("the dashboard sees %+v, %+v", detail, detail.Widget)
	}
	text := g.get("/conversations/" + conv + "/transcript?tz=Europe/Berlin")
	if !strings.Contains(string(text.body), "You: **hi**") || !strings.Contains(text.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("transcript %s %v", text, text.header)
	}
	german := g.request("GET", "/conversations/"+conv+"/transcript", nil)
	german.header["Accept-Language"] = "de-AT, en;q=0.5"
	if text := w.send(german); !strings.Contains(string(text.body), "Sie: **hi**") {
		t.Errorf("in German: %s", text)
	}
	if ignored := read[widget.Ignored](t, g.post("/conversations/"+conv+"/variables", widget.Variables{Variables: map[string]any{"order": "QM-2", "admin": true}})); !slices.Equal(ignored.Ignored, []string{"admin"}) {
		t.Errorf("ignored %v", ignored)
	}
	ended := read[widget.Conversation](t, g.post("/conversations/"+conv+"/end", struct{}{}))
	if ended.Status != parley.ConversationEnded || ended.EndReason != parley.EndContact {
		t.Errorf("ended %+v", ended)
	}
	if a := g.post("/conversations/"+conv+"/variables", widget.Variables{Variables: map[string]any{"order": "x"}}); a.word() != "ended" {
		t.Errorf("variables of an ended one: %s", a)
	}
	// Written offline, sent after the end: it goes to the next conversation, once.
	late := widget.Send{ClientID: uuid(), Content: "still there?"}
	one := read[widget.Sent](t, g.post("/conversations/"+conv+"/messages", late))
	two := read[widget.Sent](t, g.post("/conversations/"+conv+"/messages", late))
	if one.ConversationID == conv || two.ConversationID != one.ConversationID || !two.Duplicate {
		t.Errorf("after the end: %+v, then %+v", one, two)
	}
	session := read[widget.Session](t, g.post("/visitor", struct{}{}))
	if session.Conversation == nil || session.Conversation.ID != one.ConversationID {
		t.Errorf("the visitor comes back to %+v", session.Conversation)
	}
	if all := read[widget.List](t, g.get("/conversations")); len(all.Data) != 2 || all.Data[1].ID != conv {
		t.Errorf("the list is %+v", all)
	}
}

func TestVisitorsStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	*w.model = *scripted.New(scripted.Text("One **two**.\n\nThree.\n\n<script>alert(1)</script> [x](javascript:alert(1))"))
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	l := g.listens(conv, "")
	begin := l.until("how the turn stands", func(e told) bool { return e.name == "turn" })
	if begin[0].name != "conversation" || begin[0].id == "" || len(begin) != 2 || as[map[string]any](t, begin[1])["status"] != "none" {
		t.Errorf("it begins with %s", names(begin))
	}
	g.says(conv, "hi")
	var blocks []string
	done := false
	for _, e := range l.until("the reply", func(e told) bool {
		return e.name == "message" && as[widget.Message](t, e).Role == parley.ByAssistant
	}) {
		if e.name != "delta" {
			continue
		}
		d := as[struct {
			TurnID string   `json:"turn_id"`
			Keep   int      `json:"keep"`
			Blocks []string `json:"blocks"`
		}](t, e)
		blocks = append(slices.Clone(blocks[:d.Keep]), d.Blocks...)
		done = done || d.TurnID != ""
	}
	if got := strings.Join(blocks, "|"); done && got != "<p>One <strong>two</strong>.</p>|<p>Three.</p>|<p> x</p>" && strings.Contains(got, "script") {
		t.Errorf("the deltas give %q", got)
	}
	rev := ""
	for _, e := range l.until("the end of the turn", func(e told) bool { return e.name == "turn" && strings.Contains(string(e.data), "done") }) {
		if e.id != "" {
			rev = e.id
		}
	}
	for _, m := range g.log(conv, 2) {
		if strings.Contains(m.HTML, "javascript") || strings.Contains(m.HTML, "<script") {
			t.Errorf("it would act: %s", m.HTML)
		}
	}
	l.stop()
	// A reconnect gets what it has missed, and only that.
	g.says(conv, "again")
	log := g.log(conv, 4)
	missed := 0
	for _, e := range g.listens(conv, "?since="+rev).until("the state", func(e told) bool { return e.name == "turn" }) {
		if e.name == "message" {
			missed++
			if as[widget.Message](t, e).Seq < log[2].Seq {
				t.Errorf("it repeats %s", e.data)
			}
		}
	}
	if missed != 2 {
		t.Errorf("%d messages were caught up with, want 2", missed)
	}
}

func TestVisitorsStreamJoinsInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	publish := func(e live.Event) {
		e.WorkspaceID, e.ConversationID, e.TurnID = w.ours.workspace.ID, conv, "0190dec0-0000-7000-8000-00000000000a"
		w.hub.Publish(e)
	}
	delta := func(offset int, text string) {
		publish(live.Event{Type: live.DeltaAdded, Delta: &live.Delta{Offset: offset, Content: text}})
	}
	publish(live.Event{Type: live.TurnChanged, Turn: &live.Turn{Status: parley.TurnRunning}})
	delta(0, "The *answer* ")
	l := g.listens(conv, "")
	seen := l.until("the text so far", func(e told) bool { return e.name == "delta" })
	if turn := seen[len(seen)-2]; turn.name != "turn" || !strings.Contains(string(turn.data), `"running"`) || !strings.Contains(string(seen[len(seen)-1].data), "The \\u003cem\\u003eanswer") {
		t.Errorf("it begins with %s", names(seen))
	}
	delta(13, "is 42.")
	last := l.until("the rest", func(e told) bool { return e.name == "delta" })
	if !strings.Contains(string(last[0].data), "is 42.") || !strings.Contains(string(last[0].data), `"keep":0`) {
		t.Errorf("the rest is %s", names(last))
	}
	publish(live.Event{Type: live.TurnChanged, Turn: &live.Turn{Status: parley.TurnFailed, Error: "the provider's secret words"}})
	failed := l.until("the failure", func(e told) bool { return e.name == "turn" })
	if strings.Contains(names(failed), "secret") {
		t.Errorf("a visitor reads why: %s", names(failed))
	}
	l.stop()
	// A message whose answer has not begun, as after a restart in mid-answer.
	w.must(second(w.store.Receive(t.Context(), store.ReceiveMessage{
		WorkspaceID: w.ours.workspace.ID, ConversationID: conv, TurnAt: w.clock.Now().Add(time.Hour), Message: &parley.Message{Content: "hello?"},
	})))
	again := g.listens(conv, "").until("how the turn stands", func(e told) bool { return e.name == "turn" })
	if !strings.Contains(string(again[len(again)-1].data), `"pending"`) {
		t.Errorf("after a restart: %s", names(again))
	}
}

func second[T any](_ T, err error) error { return err }

// What is for members stays with members: why a turn failed, what tools say,
// who has which id.
func TestVisitorsDoNotSeeBehindTheScenes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	*w.model = *scripted.New(scripted.Fails(llm.Auth, "The provider does not accept the key sk-very-secret."))
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	l := g.listens(conv, "")
	g.says(conv, "hi")
	seen := names(l.until("the text for trouble", func(e told) bool {
		return e.name == "message" && as[widget.Message](t, e).Role == parley.ByAssistant
	}))
	operator := w.ours.members[parley.RoleOperator]
	who := engine.Actor{ID: operator.ID, Name: operator.Name}
	w.must(second(w.engine.Takeover(t.Context(), w.ours.workspace.ID, conv, who)))
	w.must(second(w.engine.OperatorMessage(t.Context(), w.ours.workspace.ID, conv, who, &parley.Message{Content: "I am a person."})))
	w.send(request{method: "POST", path: "/api/v1/conversations/" + conv + "/typing", cookie: w.session(operator), body: struct{}{}})
	seen += names(l.until("an operator who is typing", func(e told) bool { return e.name == "typing" }))
	for _, word := range []string{"very-secret", "does not accept", operator.ID, "Credits", "credits"} {
		if strings.Contains(seen, word) {
			t.Errorf("the visitor reads %q in\n%s", word, seen)
		}
	}
	for _, word := range []string{`"event":"takeover"`, `"author":{"name":"operator of ours"}`, "I am a person.", `"operator":{"name":"operator of ours"}`} {
		if !strings.Contains(seen, word) {
			t.Errorf("the visitor does not read %s in\n%s", word, seen)
		}
	}
	all := g.get("/conversations/" + conv + "/messages")
	text := g.get("/conversations/" + conv + "/transcript")
	for _, a := range []answer{all, text} {
		if strings.Contains(string(a.body), "very-secret") || !strings.Contains(string(a.body), "I am a person.") {
			t.Errorf("got %s", a)
		}
	}
}

func TestPreChatForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) {
		s.Form = parley.WidgetForm{Enabled: true, Fields: []parley.WidgetField{
			{Name: "name", Type: parley.FieldText, Label: "Name", Required: true},
			{Name: "seats", Type: parley.FieldNumber, Label: "Seats"},
			{Name: "terms", Type: parley.FieldCheckbox, Label: "Terms", Required: true, Consent: "I agree.", Languages: map[string]parley.WidgetFieldText{"de": {Consent: "Einverstanden."}}},
		}}
	})
	g := w.visitor(w.ours.widget)
	config := read[widget.Settings](t, g.get("/config?lang=de-AT"))
	if config.Language != "de" || config.Form == nil || config.Form.Fields[2].Consent != "Einverstanden." || config.Form.Title != config.Texts["form_title"] {
		t.Errorf("the form is %+v in %s", config.Form, config.Language)
	}
	a := g.post("/conversations", widget.Start{Values: map[string]any{"name": " ", "seats": "two"}})
	if a.code() != parley.CodeInvalid || a.word() != "values.name" || !strings.Contains(string(a.body), "field_number") {
		t.Errorf("a wrong form: %s", a)
	}
	good := widget.Start{
		Values: map[string]any{"name": "Ada", "seats": 2, "terms": true}, Consents: map[string]string{"terms": "Einverstanden."},
		Variables: map[string]any{"name": "Eve", "order": "QM-1"},
	}
	forged := good
	forged.Consents = map[string]string{"terms": "I agree to everything."}
	if a := g.post("/conversations", forged); a.word() != "consents.terms" {
		t.Errorf("another text of consent: %s", a)
	}
	conv := read[widget.Started](t, g.post("/conversations", good)).Conversation.ID
	detail := read[wire.ConversationDetail](t, w.send(request{method: "GET", path: "/api/v1/conversations/" + conv, key: w.ours.key}))
	got := map[string]string{}
	for _, v := range detail.Variables {
		got[v.Name] = string(v.Source) + " " + string(v.Type) + " " + string(v.Value)
	}
	want := map[string]string{"name": `pre_chat text "Ada"`, "seats": "pre_chat number 2", "terms": "pre_chat boolean true", "order": `pre_chat text "QM-1"`}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s is %s, want %s", name, got[name], v)
		}
	}
	if c := detail.Widget.Consents; len(c) != 1 || c[0].Text != "Einverstanden." || c[0].At.IsZero() || detail.Contact.Name != "Ada" {
		t.Errorf("consents %+v of %+v", c, detail.Contact)
	}
}

func TestLeavingAnEmail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) {
		s.Hours = parley.WidgetHours{Enabled: true, TimeZone: "UTC", Open: []parley.WidgetDay{}}
	})
	g := w.visitor(w.ours.widget)
	if c := read[widget.Settings](t, g.get("/config")); !c.Hours.Closed || c.Hours.AssistantAnswers || c.Hours.OpensAt != nil {
		t.Errorf("hours %+v", c.Hours)
	}
	if a := g.post("/conversations", widget.Start{}); a.code() != parley.CodeConflict || a.word() != "hours" {
		t.Errorf("a start while it is closed: %s", a)
	}
	if a := g.post("/leave", widget.Leave{ClientID: uuid(), Email: "nobody"}); a.word() != "values.email" {
		t.Errorf("no address: %s", a)
	}
	in := widget.Leave{ClientID: uuid(), Email: "ada@example.com", Content: "Please call me."}
	one, two := read[widget.Started](t, g.post("/leave", in)), read[widget.Started](t, g.post("/leave", in))
	if !one.Created || two.Created || two.Conversation.ID != one.Conversation.ID || !one.Conversation.Waiting {
		t.Errorf("left %+v, then %+v", one, two)
	}
	detail := read[wire.ConversationDetail](t, w.send(request{method: "GET", path: "/api/v1/conversations/" + one.Conversation.ID, key: w.ours.key}))
	if detail.Widget.Email != "ada@example.com" || !detail.Waiting || detail.MessageCount != 1 || detail.Contact.Name != "ada@example.com" {
		t.Errorf("the operator sees %+v, %+v", detail, detail.Widget)
	}
	if a := g.post("/conversations/"+one.Conversation.ID+"/messages", widget.Send{ClientID: uuid(), Content: "hello?"}); a.word() != "hours" {
		t.Errorf("a message while it is closed: %s", a)
	}
}

func TestWidgetAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	made := read[wire.Widget](t, w.send(request{method: "POST", path: "/api/v1/widgets", key: w.ours.key, body: wire.SaveWidget{Name: " Help ", AssistantID: w.ours.assistant.ID}}))
	if made.Name != "Help" || made.HasSecret || made.Assistant.ID != w.ours.assistant.ID || len(made.Warnings) == 0 ||
		made.ScriptURL != w.http.URL+"/widget.js?id="+made.ID || made.Settings.Position != parley.WidgetBottomRight {
		t.Errorf("made %+v", made)
	}
	path := "/api/v1/widgets/" + made.ID
	for _, mode := range []parley.WidgetMode{parley.WidgetVoice, parley.WidgetVoiceChat} {
		set := made.Settings
		set.Mode = mode
		a := w.send(request{method: "PUT", path: path, key: w.ours.key, body: wire.SaveWidget{Name: "Help", AssistantID: w.ours.assistant.ID, Settings: &set}})
		if a.code() != parley.CodeInvalid || !strings.Contains(string(a.body), "not built yet") {
			t.Errorf("%s: %s", mode, a)
		}
	}
	secret := read[wire.WidgetSecret](t, w.send(request{method: "POST", path: path + "/secret", key: w.ours.key, body: struct{}{}})).Secret
	again := w.send(request{method: "GET", path: path, key: w.ours.key})
	if got := read[wire.Widget](t, again); !got.HasSecret || strings.Contains(string(again.body), secret) || len(secret) < 30 {
		t.Errorf("the secret %q in %s", secret, again)
	}
	set := made.Settings
	set.Texts = map[string]map[string]string{"en": {"title": "Try me"}}
	preview := w.send(request{method: "POST", path: path + "/preview", cookie: w.session(w.ours.members[parley.RoleEditor]), body: wire.PreviewWidget{Settings: &set, Language: "en"}})
	shown := read[struct {
		Token  string          `json:"token"`
		Config widget.Settings `json:"config"`
	}](t, preview)
	if shown.Config.Texts["title"] != "Try me" {
		t.Errorf("the preview shows %q", shown.Config.Texts["title"])
	}
	g := &guest{w: w, widget: made.ID, origin: w.http.URL, token: shown.Token}
	conv := g.begins()
	g.says(conv.ID, "a try")
	g.log(conv.ID, 2)
	row := read[wire.ConversationDetail](t, w.send(request{method: "GET", path: "/api/v1/conversations/" + conv.ID, key: w.ours.key}))
	if row.Source != parley.SourceTest {
		t.Errorf("the preview is saved as %s", row.Source)
	}
	if a := w.send(request{method: "POST", path: path + "/check", key: w.ours.key, body: wire.CheckWidget{URL: "ftp://x.example"}}); a.code() != parley.CodeInvalid {
		t.Errorf("a check of what is no page: %s", a)
	}
	if a := w.send(request{method: "DELETE", path: path, key: w.ours.key}); a.status != http.StatusNoContent {
		t.Errorf("delete: %s", a)
	}
	if a := g.get("/conversations"); a.code() != parley.CodeNotFound {
		t.Errorf("a visitor of a deleted widget: %s", a)
	}
}

// A member tries settings before they are saved: those that are do not stand in
// the way.
func TestPreviewTakesWhatIsNotSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) {
		s.Form = parley.WidgetForm{Enabled: true, Fields: []parley.WidgetField{{Name: "old", Type: parley.FieldText, Label: "Old", Required: true}}}
		s.Hours, s.Limits.MessageChars, s.Attachments.Enabled = parley.WidgetHours{Enabled: true, TimeZone: "UTC"}, 100, false
	})
	shown := read[struct {
		Token string `json:"token"`
	}](t, w.send(request{method: "POST", path: "/api/v1/widgets/" + w.ours.widget.ID + "/preview", cookie: w.session(w.ours.members[parley.RoleEditor]), body: wire.PreviewWidget{Language: "en"}}))
	g := &guest{w: w, widget: w.ours.widget.ID, origin: w.http.URL, token: shown.Token}
	if a := g.post("/conversations", widget.Start{Values: map[string]any{"no name": "x"}}); a.code() != parley.CodeInvalid {
		t.Errorf("a field that cannot be: %s", a)
	}
	conv := read[widget.Started](t, g.post("/conversations", widget.Start{
		Values: map[string]any{"nick": "Neo", "age": 7, "ok": true}, Consents: map[string]string{"ok": "I agree"},
	})).Conversation
	if a := g.post("/conversations/"+conv.ID+"/messages", widget.Send{ClientID: uuid(), Content: strings.Repeat("x", 200)}); a.status != http.StatusCreated {
		t.Errorf("a message: %s", a)
	}
	detail := read[wire.ConversationDetail](t, w.send(request{method: "GET", path: "/api/v1/conversations/" + conv.ID, key: w.ours.key}))
	if len(detail.Variables) != 3 || detail.Widget == nil || len(detail.Widget.Consents) != 1 || detail.Source != parley.SourceTest {
		t.Errorf("kept %+v, %+v", detail.Variables, detail.Widget)
	}
	if a := g.post("/conversations/"+conv.ID+"/end", struct{}{}); a.status != http.StatusOK {
		t.Errorf("the end: %s", a)
	}
	if a := g.post("/conversations", widget.Start{}); a.status != http.StatusCreated {
		t.Errorf("without the form: %s", a)
	}
	if a := w.visitor(w.ours.widget).post("/conversations", widget.Start{Values: map[string]any{"nick": "Neo"}}); a.word() != "hours" {
		t.Errorf("a visitor while it is closed: %s", a)
	}
}
