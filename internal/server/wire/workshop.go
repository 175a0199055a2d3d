package wire

import (
	"encoding/json"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/workshop"
)

// ComparedVersion is one side of a comparison.
type ComparedVersion struct {
	AssistantVersion
	Documents []Document `json:"documents" doc:"The knowledge of the version, without content."`
}

// VersionStep is a version with what it changed.
type VersionStep struct {
	Version   int       `json:"version"`
	Author    *Ref      `json:"author"`
	CreatedAt time.Time `json:"created_at"`
	Changed   []string  `json:"changed" doc:"The fields of the configuration that differ from the version before."`
}

// VersionComparison is two versions beside each other.
type VersionComparison struct {
	A       ComparedVersion `json:"a"`
	B       ComparedVersion `json:"b"`
	Changed []string        `json:"changed" doc:"The fields of the configuration that differ. Values that are not shown, of the headers of tools, count too."`
	Steps   []VersionStep   `json:"steps" doc:"What was saved after the earlier of the two up to the later, the newest first; at most 50."`
	More    bool            `json:"more" doc:"There are further steps."`
}

// DuplicateAssistant is how a copy is called.
type DuplicateAssistant struct {
	Name string `json:"name,omitempty" maxLength:"120" doc:"Left out: the name with \"(copy)\"."`
}

// ImportedAssistant is an assistant that was made of a file.
type ImportedAssistant struct {
	Assistant Assistant    `json:"assistant"`
	Notes     []ImportNote `json:"notes" doc:"What could not be taken over."`
}

// ImportNote says what of a file could not be taken over.
type ImportNote struct {
	Path    string            `json:"path" doc:"Where in the file, dotted; the name for fields that are not known."`
	Code    workshop.NoteCode `json:"code"`
	Message string            `json:"message"`
}

// ExampleSuggestion is an answer that may become an example.
type ExampleSuggestion struct {
	Assistant Ref    `json:"assistant" doc:"Whose example it would be."`
	Question  string `json:"question" doc:"What the contact asked, without phone numbers and the like; empty if nothing was asked."`
	Answer    string `json:"answer"`
	Kept      bool   `json:"kept" doc:"The newest version has it already; keeping it again replaces it."`
}

// SaveExample is the question and the answer of an example.
type SaveExample struct {
	Question string `json:"question,omitempty" maxLength:"4000" doc:"Left out: the suggested one."`
	Answer   string `json:"answer,omitempty" maxLength:"8000" doc:"Left out: the answer as it was given."`
}

// PreviewPrompt asks what a model would be sent.
type PreviewPrompt struct {
	Config       *NewAssistant              `json:"config,omitempty" doc:"That is not saved yet; left out: the newest version. Its knowledge is always that of the newest version."`
	Source       parley.Source              `json:"source,omitempty" doc:"Left out: test."`
	ContactName  string                     `json:"contact_name,omitempty" maxLength:"200"`
	ContactPhone string                     `json:"contact_phone,omitempty" maxLength:"40"`
	Variables    map[string]json.RawMessage `json:"variables,omitempty" doc:"Known before the conversation."`
	Question     string                     `json:"question,omitempty" maxLength:"4000" doc:"The contact's message, for which passages are found."`
}

// PromptPreview is what a model would be sent.
type PromptPreview struct {
	System       string               `json:"system" doc:"The whole prompt, as the engine builds it."`
	Stable       int                  `json:"stable" doc:"So many bytes of it, from its start, stay the same from turn to turn."`
	Greeting     string               `json:"greeting" doc:"As the contact would read it."`
	Placeholders []PreviewPlaceholder `json:"placeholders" doc:"Those that the prompt and the greeting use, in their order."`
	Tools        []PreviewTool        `json:"tools"`
	Passages     []parley.Passage     `json:"passages" doc:"Found for the question; those that fit are in the prompt."`
	Documents    int                  `json:"documents" doc:"How many there are to find passages in."`
}

// PreviewPlaceholder is a placeholder with what fills it.
type PreviewPlaceholder struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Known bool   `json:"known" doc:"false: nothing fills it, and the prompt shows it as it is written."`
}

// PreviewTool is a function that the model may call.
type PreviewTool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters" doc:"JSON schema of an object."`
}

// ComparisonOf is two versions beside each other.
func ComparisonOf(c *workshop.Comparison, people map[string]string) VersionComparison {
	side := func(s *workshop.Side) ComparedVersion {
		return ComparedVersion{AssistantVersion: VersionOf(&s.Version, people), Documents: Mapped(s.Documents, DocumentOf)}
	}
	step := func(s *workshop.Step) VersionStep {
		return VersionStep{
			Version: s.Version.Version, Author: author(s.Version.CreatedBy, people), CreatedAt: s.Version.CreatedAt.UTC(), Changed: NotNil(s.Changed),
		}
	}
	return VersionComparison{A: side(&c.A), B: side(&c.B), Changed: NotNil(c.Changed), Steps: Mapped(c.Steps, step), More: c.More}
}

// NoteOfImport is a note of an import.
func NoteOfImport(n *workshop.Note) ImportNote {
	return ImportNote{Path: n.Path, Code: n.Code, Message: n.Message}
}

// SuggestionOf is an answer that may become an example.
func SuggestionOf(s *workshop.Suggestion) ExampleSuggestion {
	return ExampleSuggestion{
		Assistant: Ref{ID: s.Assistant.ID, Name: s.Assistant.Name}, Question: s.Example.Question, Answer: s.Example.Answer, Kept: s.Kept,
	}
}

// PromptPreviewOf is what a model would be sent by an assistant with so many documents.
func PromptPreviewOf(p *engine.Preview, documents int) PromptPreview {
	out := PromptPreview{
		System: p.Request.System, Stable: p.Request.Stable, Greeting: p.Greeting, Placeholders: []PreviewPlaceholder{}, Tools: []PreviewTool{},
		Passages: NotNil(p.Request.Context.Passages), Documents: documents,
	}
	for _, x := range p.Placeholders {
		out.Placeholders = append(out.Placeholders, PreviewPlaceholder(x))
	}
	for _, t := range p.Request.Tools {
		out.Tools = append(out.Tools, PreviewTool(t))
	}
	return out
}
