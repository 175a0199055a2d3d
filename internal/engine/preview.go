package engine

import (
	"context"
	"encoding/json"

	"parley"
	"parley/internal/llm"
	"parley/internal/prompt"
	"parley/internal/store"
)

// PreviewRequest asks what a model would be sent.
type PreviewRequest struct {
	WorkspaceID string
	Config      *parley.AssistantConfig // need not be saved
	Source      parley.Source
	Contact     parley.Contact             // its name and phone number
	Variables   map[string]json.RawMessage // known before the conversation, by name
	Question    string                     // the contact's message; "": none yet
}

// Preview is what a model would be sent. Nothing is.
type Preview struct {
	Request      *llm.Request
	Greeting     string // as the contact would read it, "" for none
	Placeholders []Placeholder
}

// Placeholder is one that the prompt or the greeting uses.
type Placeholder struct {
	Name  string
	Value string
	Known bool // something fills it, if perhaps with nothing
}

// Preview builds the first call of a conversation as a turn would, with the same
// code. It returns CodeInvalid for variables that do not fit the schema.
func (e *Engine) Preview(ctx context.Context, in PreviewRequest) (*Preview, error) {
	ws, err := e.workspace(ctx, in.WorkspaceID)
	if err != nil {
		return nil, err
	}
	vars, err := presets(&parley.Assistant{Config: *in.Config}, in.Variables, e)
	if err != nil {
		return nil, err
	}
	conv := &parley.Conversation{WorkspaceID: in.WorkspaceID, Source: in.Source}
	r := &run{
		e: e, conv: conv, turn: &parley.Turn{FromSeq: 1}, cfg: in.Config, workspace: ws, question: in.Question,
		start:  &store.TurnStart{Conversation: conv, Contact: &in.Contact, Variables: vars},
		budget: e.cfg.Limits.HistoryBytes,
	}
	if in.Question != "" {
		r.start.History = []parley.Message{{Seq: 1, Role: parley.ByUser, Type: parley.MessageText, Content: in.Question}}
		if err := r.retrieve(ctx); err != nil {
			return nil, err
		}
	}
	values := r.prompt(vars).Values()
	out := &Preview{Request: r.request(ctx, target{choice: in.Config.Model}, true), Greeting: prompt.Fill(in.Config.Greeting, values)}
	for _, name := range prompt.Uses(in.Config.Prompt, in.Config.Greeting) {
		value, known := values[name]
		out.Placeholders = append(out.Placeholders, Placeholder{Name: name, Value: value, Known: known})
	}
	return out, nil
}
