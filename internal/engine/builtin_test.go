package engine_test

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/builtin"
)

// The built-in answerer in the engine: it quotes the knowledge, collects a
// variable, costs nothing that is unknown, asks for a person and judges.
func TestTheBuiltInAnswerer(t *testing.T) {
	model := func() setup {
		return setup{
			config: func(c *engine.Config) {
				c.Providers = map[string]engine.NewModel{
					parley.BuiltinProvider: func(*parley.Provider) (llm.Model, error) { return &builtin.Model{Now: time.Now}, nil },
				}
			},
			assistant: func(c *parley.AssistantConfig) {
				c.Model = parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel}
				c.Variables = []parley.VariableSchema{{
					Name: "email", Type: parley.TypeText, Source: parley.FromExtracted, Required: true,
					Question: "What is your e-mail address?",
				}}
			},
		}
	}
	both(t, model, func(t *testing.T, w *world) {
		w.must(w.store.CreateDocument(t.Context(), &parley.Document{
			WorkspaceID: w.workspace.ID, AssistantID: w.assistant.ID, Title: "Delivery", Format: parley.FormatMarkdown,
			Content: "# Delivery times\n\nParcels arrive within three working days.", State: parley.DocumentReady,
		}, ""))
		c := w.open()
		first := strings.Join(texts(w.ask(c.ID, "When do parcels arrive?")), "\n")
		if !strings.Contains(first, "three working days") || !strings.Contains(first, "Delivery") {
			t.Errorf("it answers %q", first)
		}
		turn := w.turns(c.ID)[0]
		if len(turn.Trace.Passages) == 0 || turn.Trace.Note == "" {
			t.Errorf("trace: %+v", turn.Trace)
		}
		equal(t, "unanswered", turn.Trace.Unanswered, false)
		w.ask(c.ID, "Who painted the ceiling of the chapel?")
		equal(t, "unanswered", w.turns(c.ID)[1].Trace.Unanswered, true)
		w.ask(c.ID, "ada@example.com")
		equal(t, "e-mail", w.variables(c.ID)["extracted.email"], `"ada@example.com"`)
		w.ask(c.ID, "I want to talk to a person, please.")
		after := w.conversation(c.ID)
		equal(t, "waits", after.Waiting, true)
		equal(t, "unknown costs", after.UnknownCalls, 0)
		equal(t, "credits", after.Credits, 0)
		w.end(c.ID)
		if eval := w.evaluation(c.ID); eval.Error != "" || eval.Model != parley.BuiltinModel || eval.Summary == "" {
			t.Errorf("evaluation: %+v", eval)
		}
	})
}
