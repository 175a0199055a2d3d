package engine_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
)

// A preview is what a turn sends, to the byte, and leaves nothing behind.
func TestPreviewIsWhatIsSent(t *testing.T) {
	at := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)
	model := scripted.Func(func(*llm.Request) scripted.Reply { return scripted.Text("Hello.") })
	w := quick(t, setup{model: model, config: func(c *engine.Config) { c.Now = func() time.Time { return at } },
		assistant: func(c *parley.AssistantConfig) {
			withVariables(c)
			c.Prompt = "{assistant_name} on {source}, {current_date}, for {name} and {contact_name}; {nobody}"
			c.Greeting, c.Languages = "Hi {name}", []string{"en"}
			c.Examples = []parley.Example{{Question: "Why?", Answer: "Because."}}
			c.Tools = []parley.HTTPTool{{Name: "look", Method: "GET", URL: "https://shop.example/"}}
		}})
	w.must(w.store.CreateDocument(t.Context(), &parley.Document{WorkspaceID: w.workspace.ID, AssistantID: w.assistant.ID,
		Title: "Delivery", Format: parley.FormatMarkdown, Content: "Parcels arrive within three days."}, ""))
	values := map[string]json.RawMessage{"name": json.RawMessage(`"Grace"`)}
	newest, err := w.store.Assistant(t.Context(), w.workspace.ID, w.assistant.ID)
	w.must(err)
	preview, err := w.engine.Preview(t.Context(), engine.PreviewRequest{
		WorkspaceID: w.workspace.ID, Config: &newest.Config, Source: parley.SourceAPI, Contact: parley.Contact{Name: "Ada L."},
		Variables: values, Question: "When do parcels arrive?",
	})
	w.must(err)
	c := w.openWith(engine.OpenRequest{Source: parley.SourceAPI, ContactName: "Ada L.", Variables: values})
	w.ask(c.ID, "When do parcels arrive?")
	sent := model.Requests()[0]
	if preview.Request.System != sent.System || preview.Request.Stable != sent.Stable {
		t.Errorf("the preview is\n%s\nwhat is sent is\n%s", preview.Request.System, sent.System)
	}
	names := func(tools []llm.Tool) (all []string) {
		for _, tool := range tools {
			all = append(all, tool.Name)
		}
		return all
	}
	if !slices.Equal(names(preview.Request.Tools), names(sent.Tools)) || preview.Request.Messages[0].Text != sent.Messages[0].Text {
		t.Errorf("the preview has %v and %v", preview.Request.Tools, preview.Request.Messages)
	}
	equal(t, "greeting", preview.Greeting, "Hi Grace")
	want := []engine.Placeholder{
		{Name: "assistant_name", Value: "Ada", Known: true}, {Name: "source", Value: "API", Known: true},
		{Name: "current_date", Value: "Monday, 2 March 2026", Known: true}, {Name: "name", Value: "Grace", Known: true},
		{Name: "contact_name", Value: "Ada L.", Known: true}, {Name: "nobody"},
	}
	if !slices.Equal(preview.Placeholders, want) {
		t.Errorf("placeholders %+v", preview.Placeholders)
	}
	equal(t, "calls", len(model.Requests()), 1)
	_, err = w.engine.Preview(t.Context(), engine.PreviewRequest{WorkspaceID: w.workspace.ID, Config: &newest.Config,
		Source: parley.SourceTest, Variables: map[string]json.RawMessage{"count": json.RawMessage(`"x"`)}})
	if parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("a wrong value: %v", err)
	}
}
