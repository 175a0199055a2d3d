package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"parley"
	"parley/internal/live"
	"parley/internal/prompt"
	"parley/internal/store"
	"parley/internal/variable"
)

// OpenRequest asks for a conversation with a contact.
type OpenRequest struct {
	WorkspaceID string
	AssistantID string
	Source      parley.Source
	SenderID    string
	// ExternalID continues the active conversation of the same name, if there
	// is one.
	ExternalID  string
	Identities  []parley.Identity // of the contact, the strongest first
	ContactName string
	Variables   map[string]json.RawMessage  // known before it starts, by name
	Fresh       bool                        // never continue an active conversation
	Visitor     *parley.VisitorConversation // of a conversation through a widget
	Values      []parley.Variable           // beside Variables: known to be right
	Follows     string                      // the ended conversation that this one goes on from
	Silent      bool                        // without the greeting
}

// Open continues or starts a conversation; created says which. It returns
// CodeInvalid for variables that do not fit the assistant's schema and
// CodeNotFound for an unknown assistant.
func (e *Engine) Open(ctx context.Context, req OpenRequest) (conv *parley.Conversation, created bool, err error) {
	if !req.Source.Valid() {
		return nil, false, parley.Errorf(parley.CodeInvalid, "There is no source %q.", req.Source)
	}
	a, err := e.store.Assistant(ctx, req.WorkspaceID, req.AssistantID)
	if err != nil {
		return nil, false, err
	}
	vars, err := presets(a, req.Variables, e)
	if err != nil {
		return nil, false, err
	}
	vars = append(vars, req.Values...)
	open := store.OpenConversation{
		WorkspaceID: req.WorkspaceID, ID: parley.NewID(e.now()), Source: req.Source, AssistantID: a.ID,
		SenderID: req.SenderID, ExternalID: req.ExternalID, Identities: req.Identities,
		ContactName: req.ContactName, Variables: vars, Push: e.pushes(req.Source), Fresh: req.Fresh,
		Visitor: req.Visitor, Follows: req.Follows,
	}
	if len(open.Identities) == 0 {
		// Nothing else is known of the contact. Without a name of the caller's
		// the conversation itself is the only handle.
		open.Identities = []parley.Identity{{
			Kind: parley.IdentityExternal, Value: cmp.Or(open.ExternalID, open.ID),
		}}
	}
	if !req.Silent && a.Config.SpeaksFirst && a.Config.Greeting != "" && answers(a.Status, req.Source) {
		ws, err := e.workspace(ctx, req.WorkspaceID)
		if err != nil {
			return nil, false, err
		}
		greets := prompt.Input{
			Config: &a.Config, Workspace: ws, Source: req.Source, Variables: vars, Now: e.cfg.Now(),
			Contact: &parley.Contact{Name: req.ContactName, Phone: phoneOf(req.Identities)},
		}
		open.Greeting = &parley.Message{
			ID: parley.NewID(e.now()), Role: parley.ByAssistant, Type: parley.MessageText,
			Content: prompt.Fill(a.Config.Greeting, greets.Values()),
		}
	}
	conv, created, err = e.store.OpenConversation(ctx, open)
	if err != nil {
		return nil, false, err
	}
	if created {
		e.publish(live.ConversationChanged, conv)
		if open.Greeting != nil {
			e.publish(live.MessageChanged, conv)
		}
	}
	return conv, created, nil
}

// presets checks the values given before a conversation.
func presets(a *parley.Assistant, given map[string]json.RawMessage, e *Engine) ([]parley.Variable, error) {
	var vars []parley.Variable
	var wrong []parley.FieldError
	for _, name := range slices.Sorted(maps.Keys(given)) {
		schema, ok := variable.Find(a.Config.Variables, name, "")
		if !ok {
			wrong = append(wrong, parley.FieldError{Path: "variables." + name, Message: "is not a variable of the assistant"})
			continue
		}
		value, err := variable.Check(schema, given[name])
		if err != nil {
			wrong = append(wrong, parley.FieldError{Path: "variables." + name, Message: sentence(err)})
			continue
		}
		vars = append(vars, parley.Variable{
			Name: name, Source: parley.FromPreChat, Type: schema.Type, Value: value,
			AssistantVersion: a.Version, SetAt: e.now(),
		})
	}
	if len(wrong) > 0 {
		return nil, &parley.Error{
			Code: parley.CodeInvalid, Fields: wrong,
			Message: fmt.Sprintf("The variables do not fit: %s: %s", wrong[0].Path, wrong[0].Message),
		}
	}
	return vars, nil
}

func phoneOf(ids []parley.Identity) string {
	for _, id := range ids {
		if id.Kind == parley.IdentityPhone {
			return id.Value
		}
	}
	return ""
}

// workspace returns the workspace, perhaps a second old.
func (e *Engine) workspace(ctx context.Context, id string) (*parley.Workspace, error) {
	return e.settings.Get(ctx, id, func(ctx context.Context) (*parley.Workspace, error) {
		return e.store.Workspace(ctx, id)
	})
}

// publish says that a conversation, or something in it, has changed.
func (e *Engine) publish(what live.Type, conv *parley.Conversation) {
	e.hub.Publish(live.Event{
		Type: what, WorkspaceID: conv.WorkspaceID, ConversationID: conv.ID, Rev: conv.Rev,
	})
}

// publishMessage says that a message is new or has changed.
func (e *Engine) publishMessage(m *parley.Message) {
	e.hub.Publish(live.Event{
		Type: live.MessageChanged, WorkspaceID: m.WorkspaceID, ConversationID: m.ConversationID,
		Rev: m.Rev, MessageID: m.ID, Seq: m.Seq, TurnID: m.TurnID,
	})
}
