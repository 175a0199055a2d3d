package engine_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/store"
)

func TestPromptAndGreeting(t *testing.T) {
	at := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)
	model := scripted.New(scripted.Text("Hello."))
	w := quick(t, setup{model: model, config: func(c *engine.Config) { c.Now = func() time.Time { return at } },
		assistant: func(c *parley.AssistantConfig) {
			withVariables(c)
			c.SpeaksFirst, c.Greeting = true, "Hi {{name}}, I am {assistant_name}."
			c.Prompt = "{assistant_name}|{{ contact_name }}|{source}|{current_date}|{current_time}|{name}|{unknown}|{order}"
			c.Languages = []string{"en", "de"}
		}})
	c := w.openWith(engine.OpenRequest{Source: parley.SourceAPI, ContactName: "Grace",
		Variables: map[string]json.RawMessage{"name": json.RawMessage(`"{order} {{source}}"`)}})
	if got := texts(w.messages(c.ID)); !slices.Equal(got, []string{"Hi {order} {{source}}, I am Ada."}) {
		t.Errorf("greeting %q", got)
	}
	w.ask(c.ID, "Hello")
	system := model.Requests()[0].System
	want := "Ada|Grace|API|Monday, 2 March 2026|00:30|{order} {{source}}|{unknown}|"
	if !strings.HasPrefix(system, want+"\n") {
		t.Errorf("the prompt begins %q,\nwant %q", strings.SplitN(system, "\n", 2)[0], want)
	}
	for _, part := range []string{"- order (text) Not known yet.", "- plan (enum: basic, pro)", "en, de"} {
		if !strings.Contains(system, part) {
			t.Errorf("%q is missing in\n%s", part, system)
		}
	}
	if strings.Contains(system, "score") {
		t.Error("the model is told about values of the evaluation")
	}
	equal(t, "stable bytes of a prompt that tells the time", model.Requests()[0].Stable, 0)
}

// What a provider may cache is what does not follow from the message: neither
// passages nor values are in it, whatever is asked.
func TestStablePrompt(t *testing.T) {
	model := scripted.Func(func(*llm.Request) scripted.Reply { return scripted.Text("Yes.") })
	w := quick(t, setup{model: model, assistant: func(c *parley.AssistantConfig) {
		withVariables(c)
		c.Prompt, c.Languages = "You are {assistant_name}. Today is {current_date}.", []string{"en"}
	}})
	doc := &parley.Document{WorkspaceID: w.workspace.ID, AssistantID: w.assistant.ID, Title: "Delivery",
		Format: parley.FormatMarkdown, Content: "Parcels arrive within three days.\n\nReturns are free for thirty days."}
	w.must(w.store.CreateDocument(t.Context(), doc, ""))
	c := w.open()
	w.ask(c.ID, "When do parcels arrive?")
	w.ask(c.ID, "Are returns free?")
	var prefixes []string
	for _, r := range model.Requests() {
		prefixes = append(prefixes, r.System[:r.Stable])
	}
	if len(prefixes) != 2 || prefixes[0] != prefixes[1] || !strings.Contains(prefixes[0], "You are Ada") ||
		!strings.Contains(prefixes[0], "## Language") || strings.Contains(prefixes[0], "## Variables") {
		t.Errorf("stable: %q", prefixes)
	}
}

func TestPresetVariablesAreChecked(t *testing.T) {
	w := quick(t, setup{model: scripted.New(), assistant: withVariables})
	for _, bad := range []string{`{"count":"3"}`, `{"nothing":1}`, `{"plan":"gold"}`} {
		var vars map[string]json.RawMessage
		w.must(json.Unmarshal([]byte(bad), &vars))
		_, _, err := w.engine.Open(t.Context(), engine.OpenRequest{
			WorkspaceID: w.workspace.ID, AssistantID: w.assistant.ID, Source: parley.SourceAPI, Variables: vars})
		if parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestOpenContinues(t *testing.T) {
	both(t, func() setup { return setup{model: scripted.New()} }, func(t *testing.T, w *world) {
		named := engine.OpenRequest{Source: parley.SourceAPI, ExternalID: "x-1"}
		one, two := w.openWith(named), w.openWith(named)
		equal(t, "the same name", one.ID, two.ID)
		named.Fresh = true
		equal(t, "fresh", w.openWith(named).ID == one.ID, false)
		first, second := w.open(), w.open()
		equal(t, "no name", first.ID == second.ID, false)
	})
}

func TestKnowledge(t *testing.T) {
	model := scripted.Func(func(*llm.Request) scripted.Reply { return scripted.Text("See the page.") })
	w := quick(t, setup{model: model})
	doc := &parley.Document{WorkspaceID: w.workspace.ID, AssistantID: w.assistant.ID, Title: "Delivery",
		Format: parley.FormatMarkdown, Content: "# Times\n\nParcels arrive within three days.\n\n# Returns\n\nSend it back within thirty days.",
		State: parley.DocumentReady}
	w.must(w.store.CreateDocument(t.Context(), doc, ""))
	c := w.open()
	w.ask(c.ID, "When do parcels arrive?")
	req := model.Requests()[0]
	if len(req.Context.Passages) == 0 || !strings.Contains(req.System, "Delivery › Times\nParcels arrive within three days.") {
		t.Fatalf("passages %+v in\n%s", req.Context.Passages, req.System)
	}
	if p := w.turns(c.ID)[0].Trace.Passages; len(p) == 0 || p[0].DocumentID != doc.ID || p[0].Score == 0 {
		t.Errorf("traced: %+v", p)
	}
	// The next version has other knowledge, and the running conversation uses it.
	w.must(w.store.RemoveDocument(t.Context(), w.workspace.ID, w.assistant.ID, doc.ID, ""))
	w.ask(c.ID, "When do parcels arrive?")
	if p := model.Requests()[1].Context.Passages; len(p) > 0 {
		t.Errorf("passages of a removed document: %+v", p)
	}
}

func TestImages(t *testing.T) {
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	model := scripted.New(scripted.Fails(llm.BadRequest, "No images, please."), scripted.Text("A cat?"))
	w := quick(t, setup{model: model, config: func(c *engine.Config) { c.Blobs = blobs }})
	t.Cleanup(func() { _ = blobs.Close() })
	file := &parley.Attachment{ID: parley.NewID(time.Now()), Name: "cat.png", MIMEType: "image/png", Size: 3}
	_, err = blobs.Put(t.Context(), blob.AttachmentKey(w.workspace.ID, file.ID), bytes.NewReader([]byte{1, 2, 3}), 10)
	w.must(err)
	w.must(w.store.CreateAttachment(t.Context(), &store.StoredAttachment{
		Attachment: *file, WorkspaceID: w.workspace.ID, Key: blob.AttachmentKey(w.workspace.ID, file.ID),
	}))
	c := w.open()
	got, err := w.engine.Receive(t.Context(), channel.Inbound{
		WorkspaceID: w.workspace.ID, ConversationID: c.ID, Type: parley.MessageImage, Content: "What is it?",
		Attachments: []parley.Attachment{*file},
	})
	w.must(err)
	w.eventually("answered", func() bool { return w.conversation(c.ID).AnsweredSeq >= got.Message.Seq })
	requests := model.Requests()
	if m := requests[0].Messages[0]; len(m.Images) != 1 || !bytes.Equal(m.Images[0].Data, []byte{1, 2, 3}) ||
		m.Text != "What is it?\n[File: cat.png, image/png]" {
		t.Errorf("the model sees %+v", m)
	}
	equal(t, "images in the second attempt", len(requests[1].Messages[0].Images), 0)
}
