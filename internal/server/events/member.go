package events

import (
	"context"
	"net/http"
	"time"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/live"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// Store is what members' streams read of the database.
type Store interface {
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	ConversationRow(ctx context.Context, ws, id string) (*store.ListRow, error)
	MessagesChangedSince(ctx context.Context, ws, conv string, rev int64, limit int) ([]parley.Message, error)
}

// Members serves the streams of the API, for the dashboard and for programs.
type Members struct {
	*Source
	Store Store
	Desk  *desk.Desk
	HTML  *webchat.Renderer
}

// Request says what a reader wants to hear.
type Request struct {
	Workspace    string
	Member       string                         // for whom conversations are read or unread; "": a program
	Conversation string                         // only this one, with its deltas; "": all
	Deltas       string                         // beside all, the deltas of this conversation
	Valid        func(ctx context.Context) bool // whether the reader may still read; asked at every heartbeat
}

// Serve answers with a stream until the reader goes. It returns CodeNotFound
// for a conversation that does not exist, and nothing once the stream has begun.
func (s *Members) Serve(ctx context.Context, w http.ResponseWriter, req Request) error {
	if req.Conversation != "" {
		req.Deltas = req.Conversation
	}
	if req.Deltas != "" {
		if !parley.ValidID(req.Deltas) {
			return parley.Errorf(parley.CodeNotFound, "There is no such conversation.")
		}
		if _, err := s.Store.Conversation(ctx, req.Workspace, req.Deltas); err != nil {
			return err
		}
	}
	m := &member{Members: s, req: req}
	if req.Conversation != "" {
		m.sub = s.Hub.Subscribe(req.Workspace, req.Conversation)
	} else {
		m.sub = s.Hub.SubscribeFocused(req.Workspace, req.Deltas)
	}
	return s.Source.Serve(ctx, w, Reader{Sub: m.sub, Valid: req.Valid, Teller: m})
}

// member tells one reader in the words of the API.
type member struct {
	*Members
	req Request
	sub *live.Subscription
}

// Begin starts with the text so far of a running turn.
func (m *member) Begin(ctx context.Context, out *Out) {
	if m.req.Deltas == "" {
		return
	}
	turn, text, ok := m.Hub.Snapshot(m.req.Workspace, m.req.Deltas)
	if !ok {
		return
	}
	send(out, 0, wire.StreamEvent{
		Type: string(live.TurnChanged), ConversationID: m.req.Deltas, Turn: &wire.StreamTurn{ID: turn, Status: parley.TurnRunning},
	})
	if text != "" {
		send(out, 0, wire.StreamEvent{
			Type: string(live.DeltaAdded), ConversationID: m.req.Deltas, Delta: &wire.StreamDelta{TurnID: turn, Content: text},
		})
	}
	m.Tell(ctx, out, Early(m.sub, turn, text))
}

// Tell passes events on. In a busy workspace each row is read once for many
// changes, and a reader who was overrun is not told to read everything again
// at once.
func (m *member) Tell(ctx context.Context, out *Out, events []live.Event) {
	Newest(events)
	for i := range events {
		m.one(ctx, out, &events[i])
	}
	switch {
	case len(events) > 0 && events[0].Type == live.Resync:
		out.Rest(time.Second)
	case len(events) >= 32:
		out.Rest(100 * time.Millisecond)
	}
}

func (m *member) one(ctx context.Context, out *Out, e *live.Event) {
	told := wire.StreamEvent{Type: string(e.Type), ConversationID: e.ConversationID, Rev: e.Rev}
	switch e.Type {
	case live.DeltaAdded:
		if e.ConversationID == m.req.Deltas {
			told.Delta = &wire.StreamDelta{TurnID: e.TurnID, Offset: e.Delta.Offset, Content: e.Delta.Content}
			send(out, e.Rev, told)
		}
	case live.TurnChanged:
		told.Turn = &wire.StreamTurn{ID: e.TurnID}
		if t := e.Turn; t != nil {
			told.Turn = &wire.StreamTurn{ID: e.TurnID, Status: t.Status, Tool: t.Tool, Error: t.Error, Retry: t.Retry, Waiting: t.Waiting}
		}
		send(out, e.Rev, told)
	case live.MessageChanged, live.DeliveryChanged:
		m.messages(ctx, out, e)
	case live.ConversationChanged:
		row, err := m.Store.ConversationRow(ctx, e.WorkspaceID, e.ConversationID)
		if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
			m.again(ctx, out, err)
			return
		}
		if err == nil {
			marks, err := m.Desk.Of(ctx, m.req.Member, row)
			if err != nil {
				m.again(ctx, out, err)
				return
			}
			conversation := wire.ConversationOf(row, marks, m.Now())
			told.Conversation, told.Rev = &conversation, row.Rev
		}
		send(out, told.Rev, told)
	case live.Typing:
		told.Typing = &wire.StreamTyping{Role: e.Typing.Role, Name: e.Typing.Name}
		send(out, 0, told)
	case live.Resync:
		send(out, 0, wire.StreamEvent{Type: string(live.Resync)})
	}
}

// messages sends the messages that an event is about.
func (m *member) messages(ctx context.Context, out *Out, e *live.Event) {
	found, err := m.Store.MessagesChangedSince(ctx, e.WorkspaceID, e.ConversationID, e.Rev-1, 50)
	if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
		m.again(ctx, out, err)
		return
	}
	for i := range found {
		one := wire.MessageOf(&found[i], m.HTML)
		send(out, one.Rev, wire.StreamEvent{Type: string(e.Type), ConversationID: e.ConversationID, Rev: one.Rev, Message: &one})
	}
}

// again tells the reader to read for itself what could not be read here.
func (m *member) again(ctx context.Context, out *Out, err error) {
	m.Log.WarnContext(ctx, "stream could not read what changed", "error", err)
	send(out, 0, wire.StreamEvent{Type: string(live.Resync)})
}

func send(out *Out, rev int64, e wire.StreamEvent) { out.Event(rev, e.Type, e) }
