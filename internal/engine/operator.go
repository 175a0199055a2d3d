package engine

import (
	"context"
	"strings"

	"parley"
	"parley/internal/live"
	"parley/internal/store"
)

// Actor is who acts in the dashboard or through the API: a member or a key.
type Actor struct {
	ID   string
	Name string
}

// Takeover gives the conversation to a member. The assistant's running turn is
// stopped, and when Takeover returns nothing of it is recorded or sent any
// more; Sending names what had left before. It returns CodeTakeoverActive if
// another member holds it and CodeConflict if it has ended.
func (e *Engine) Takeover(ctx context.Context, ws, conv string, by Actor) (*store.TakeoverResult, error) {
	res, err := e.store.Takeover(ctx, ws, conv, by.ID)
	if err != nil {
		return nil, err
	}
	e.running.stop(conv, errTakenOver)
	e.publish(live.MessageChanged, res.Conversation)
	e.publish(live.ConversationChanged, res.Conversation)
	return res, nil
}

// Release gives the conversation back to the assistant. It returns
// CodeConflict if nobody holds it.
func (e *Engine) Release(ctx context.Context, ws, conv string, by Actor) (*parley.Conversation, error) {
	c, err := e.store.Release(ctx, ws, conv, by.ID)
	if err != nil {
		return nil, err
	}
	e.publish(live.MessageChanged, c)
	e.publish(live.ConversationChanged, c)
	return c, nil
}

// OperatorMessage records, and has sent, what the member who holds the
// conversation writes. m has Content and perhaps Attachments, ReplyTo and
// ProviderID. It returns CodeTakeoverActive if another member holds it and
// CodeConflict if nobody does or it has ended.
func (e *Engine) OperatorMessage(
	ctx context.Context, ws, conv string, by Actor, m *parley.Message,
) (*Received, error) {
	if err := parley.CheckContent(m.Content); err != nil {
		return nil, err
	}
	if strings.TrimSpace(m.Content) == "" && len(m.Attachments) == 0 {
		return nil, parley.Errorf(parley.CodeInvalid, "The message is empty.")
	}
	at, err := e.place(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	m.WorkspaceID, m.ConversationID = ws, conv
	m.Role, m.AuthorID, m.AuthorName, m.CreatedAt = parley.ByOperator, by.ID, by.Name, e.now()
	if m.Type == "" {
		m.Type = parley.MessageText
	}
	parts := e.split(at.source, *m)
	for i := range parts {
		parts[i].ID = parley.NewID(e.now())
		if i > 0 {
			parts[i].ReplyTo = ""
		}
	}
	m.ID = parts[0].ID
	res, err := e.store.OperatorMessage(ctx, ws, conv, by.ID, parts, e.pushes(at.source))
	if err != nil {
		return nil, err
	}
	if !res.Duplicate {
		e.publish(live.MessageChanged, res.Conversation)
		e.publish(live.ConversationChanged, res.Conversation)
	}
	return &Received{Message: res.Message, Conversation: res.Conversation, Duplicate: res.Duplicate}, nil
}

// SendTemplate records, and has sent, a template that WhatsApp allows outside
// the window too. m has Content and Payload. It returns
// CodeNotFound, also for a conversation of another source.
func (e *Engine) SendTemplate(ctx context.Context, ws, conv string, by Actor, m *parley.Message) (*Received, error) {
	at, err := e.place(ctx, ws, conv)
	if err == nil && (at.source != parley.SourceWhatsApp || at.senderID == "") {
		err = parley.Errorf(parley.CodeNotFound, "There is no such WhatsApp conversation.")
	}
	if err != nil {
		return nil, err
	}
	m.ID, m.WorkspaceID, m.ConversationID = parley.NewID(e.now()), ws, conv
	m.AuthorID, m.AuthorName, m.CreatedAt = by.ID, by.Name, e.now()
	res, err := e.store.SendTemplate(ctx, ws, conv, m)
	if err != nil {
		return nil, err
	}
	if !res.Duplicate {
		e.publishMessage(res.Message)
		e.publish(live.ConversationChanged, res.Conversation)
	}
	return &Received{Message: res.Message, Conversation: res.Conversation, Duplicate: res.Duplicate}, nil
}

// End ends the conversation and plans its evaluation. Ending an ended one
// changes nothing.
func (e *Engine) End(
	ctx context.Context, ws, conv string, reason parley.EndReason, by Actor,
) (*parley.Conversation, error) {
	c, err := e.store.End(ctx, ws, conv, reason, by.ID)
	if err != nil {
		return nil, err
	}
	e.ended(c)
	return c, nil
}

// ended stops what runs in an ended conversation and says so.
func (e *Engine) ended(c *parley.Conversation) {
	e.running.stop(c.ID, errEnded)
	e.publish(live.MessageChanged, c)
	e.publish(live.ConversationChanged, c)
}
