package builtin

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
	"parley/internal/llm"
	"parley/internal/variable"
)

func judge(t *testing.T, messages []llm.Message, schemas ...parley.VariableSchema) map[string]any {
	t.Helper()
	resp, err := new(Model).Stream(t.Context(), &llm.Request{
		Messages: messages,
		Schema:   &llm.Schema{Name: "evaluation", Schema: variable.Evaluation(schemas)},
		Context:  llm.Context{Purpose: parley.UsageEvaluation, Variables: schemas},
	}, func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(resp.Text), &out); err != nil {
		t.Fatal(err)
	}
	if resp.Note == "" || resp.Usage == nil {
		t.Error("the judgement is not explained or not counted")
	}
	return out
}

func TestEvaluation(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		talk      []string
		resolved  bool
		topic     string
		sentiment string
		summary   string
	}{
		{"answered and thanked", []string{"How much is delivery?", "Perfect, thank you!"}, true, "Delivery", "positive", "answered from the knowledge about Delivery"},
		{"answered, then silence", []string{"How much is delivery?"}, true, "Delivery", "neutral", "How much is delivery?"},
		{"not known", []string{"Do you sell bicycles?"}, false, "bicycles", "neutral", "not in the knowledge"},
		{"not known, and thanked for it", []string{"Do you sell bicycles?", "no thanks", "thank you"}, false, "bicycles", "positive", ""},
		{"handed over", []string{"My parcel is broken, this is terrible", "I want to talk to a person"}, false, "", "negative", "passed to a person"},
		{"small talk", []string{"hi"}, false, "Small talk", "neutral", "no question"},
		{"German", []string{"Was kostet der Versand?", "Super, danke!"}, true, "Versand", "positive", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newChat(t)
			for _, text := range tt.talk {
				c.say(text)
			}
			got := judge(t, c.history)
			if got["resolved"] != tt.resolved || got["sentiment"] != tt.sentiment {
				t.Errorf("got %v", got)
			}
			if topic, _ := got["topic"].(string); tt.topic != "" && topic != tt.topic {
				t.Errorf("topic %q, want %q", topic, tt.topic)
			}
			if summary, _ := got["summary"].(string); !strings.Contains(summary, tt.summary) {
				t.Errorf("summary %q, want %q in it", summary, tt.summary)
			}
		})
	}
}

func TestEvaluationOfARenderedTranscript(t *testing.T) {
	t.Parallel()
	for _, transcript := range []string{
		"[10:00:00] User: How much is delivery?\n[10:00:02] AI: It costs €4.90.\n\n*Source: Shop › Delivery*\n[10:00:09] User: great, thanks",
		"The transcript:\n\nContact: How much is delivery?\nAssistant: It costs €4.90.\n\n*Source: Shop › Delivery*\nContact: great, thanks",
	} {
		got := judge(t, []llm.Message{{Role: parley.ByUser, Text: transcript}})
		if got["resolved"] != true || got["topic"] != "Delivery" || got["sentiment"] != "positive" {
			t.Errorf("got %v", got)
		}
	}
}

func TestEvaluationFindsOnlyWhatIsPlain(t *testing.T) {
	t.Parallel()
	schemas := []parley.VariableSchema{
		{Name: "product", Type: parley.TypeEnum, Options: []string{"Beans", "Machine"}, Source: parley.FromEvaluation},
		{Name: "will_return", Type: parley.TypeBoolean, Source: parley.FromEvaluation},
		{Name: "reason", Type: parley.TypeText, Source: parley.FromEvaluation},
		{Name: "email", Type: parley.TypeText, Source: parley.FromExtracted},
	}
	got := judge(t, []llm.Message{
		{Role: parley.ByUser, Text: "The machine does not start"}, {Role: parley.ByAssistant, Text: "I don't have an answer to that, and I'd rather not guess."},
	}, schemas...)
	if got["product"] != "Machine" || got["will_return"] != nil || got["reason"] != nil {
		t.Errorf("got %v", got)
	}
	if _, ok := got["email"]; ok {
		t.Error("a value of another source was judged")
	}
	if len(got) != 7 {
		t.Errorf("%d values, want 7: %v", len(got), got)
	}
}
