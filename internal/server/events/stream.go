// Package events writes what happens in a workspace as server-sent events.
package events

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/live"
	"parley/internal/server/wire"
	"parley/internal/store"
)

// Store is what streams read of the database.
type Store interface {
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	ConversationRow(ctx context.Context, ws, id string) (*store.ListRow, error)
	MessagesChangedSince(ctx context.Context, ws, conv string, rev int64, limit int) ([]parley.Message, error)
}

// Source is where streams get what they tell.
type Source struct {
	Store     Store
	Hub       *live.Hub
	HTML      *webchat.Renderer
	Heartbeat time.Duration   // how often an idle stream says that it lives and is checked
	Stopping  <-chan struct{} // closed when streams have to end
	Now       func() time.Time
	Log       *slog.Logger

	open atomic.Int64
}

// Open returns how many streams there are.
func (s *Source) Open() int64 { return s.open.Load() }

// Request says what a reader wants to hear.
type Request struct {
	Workspace    string
	Conversation string      // only this one, with its deltas; "": all
	Deltas       string      // beside all, the deltas of this conversation
	Valid        func() bool // whether the reader may still read; asked at every heartbeat
}

// writePatience is how long a reader may take to read a piece.
const writePatience = 30 * time.Second

// stream is one reader's live events.
type stream struct {
	*Source
	ctx  context.Context //nolint:containedctx // the stream is one request
	req  Request
	sub  *live.Subscription
	w    http.ResponseWriter
	http *http.ResponseController
	buf  bytes.Buffer
}

// Serve answers with a stream until the reader goes. It returns CodeNotFound
// for a conversation that does not exist, and nothing once the stream has begun.
func (s *Source) Serve(ctx context.Context, w http.ResponseWriter, req Request) error {
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
	st := &stream{Source: s, ctx: ctx, req: req, w: w, http: http.NewResponseController(w)}
	if req.Conversation != "" {
		st.sub = s.Hub.Subscribe(req.Workspace, req.Conversation)
	} else {
		st.sub = s.Hub.SubscribeFocused(req.Workspace, req.Deltas)
	}
	defer st.sub.Close()
	s.open.Add(1)
	defer s.open.Add(-1)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	st.buf.WriteString("retry: 2000\n\n")
	st.snapshot()
	if err := st.send(); err != nil {
		return nil // the reader has gone
	}
	st.run()
	return nil
}

// run passes events on until the reader goes, the server stops or the session
// ends.
func (st *stream) run() {
	beat := time.NewTicker(st.Heartbeat)
	defer beat.Stop()
	ready := st.sub.Ready()
	var rested <-chan time.Time
	for {
		select {
		case <-st.ctx.Done():
			return
		case <-st.Stopping:
			return
		case <-ready:
			events := st.sub.Take()
			if err := st.pass(events); err != nil {
				return
			}
			if pause := pace(events); pause > 0 {
				ready, rested = nil, time.After(pause)
			}
		case <-rested:
			ready, rested = st.sub.Ready(), nil
		case <-beat.C:
			if !st.req.Valid() {
				return
			}
			st.buf.WriteString(": alive\n\n")
		}
		if err := st.send(); err != nil {
			return
		}
	}
}

// pace is how long to let events gather after a batch. In a busy workspace each
// row is then read once for many changes, and a reader who was overrun is not
// told to read everything again at once.
func pace(events []live.Event) time.Duration {
	switch {
	case len(events) > 0 && events[0].Type == live.Resync:
		return time.Second
	case len(events) >= 32:
		return 100 * time.Millisecond
	}
	return 0
}

// snapshot begins with the text so far of a running turn, and drops the deltas
// that came before it was taken.
func (st *stream) snapshot() {
	if st.req.Deltas == "" {
		return
	}
	turn, text, ok := st.Hub.Snapshot(st.req.Workspace, st.req.Deltas)
	if !ok {
		return
	}
	st.event(0, wire.StreamEvent{
		Type: string(live.TurnChanged), ConversationID: st.req.Deltas, Turn: &wire.StreamTurn{ID: turn, Status: parley.TurnRunning},
	})
	if text != "" {
		st.event(0, wire.StreamEvent{
			Type: string(live.DeltaAdded), ConversationID: st.req.Deltas, Delta: &wire.StreamDelta{TurnID: turn, Content: text},
		})
	}
	early := st.sub.Take()
	kept := early[:0]
	for _, e := range early {
		d := e.Delta
		inside := d != nil && e.TurnID == turn && d.Offset+len(d.Content) <= len(text) &&
			text[d.Offset:d.Offset+len(d.Content)] == d.Content
		if !inside {
			kept = append(kept, e)
		}
	}
	_ = st.pass(kept) // the next one fails again
}

// pass writes events for the reader. Of one conversation's changes in a batch
// only the last row is sent, for a row says all that came before.
func (st *stream) pass(events []live.Event) error {
	rows := map[string]bool{}
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		if e.Type == live.ConversationChanged {
			if rows[e.ConversationID] {
				e.Type = ""
			}
			rows[e.ConversationID] = true
		}
	}
	for i := range events {
		if err := st.one(&events[i]); err != nil {
			return err
		}
	}
	return nil
}

func (st *stream) one(e *live.Event) error {
	out := wire.StreamEvent{Type: string(e.Type), ConversationID: e.ConversationID, Rev: e.Rev}
	switch e.Type {
	case live.DeltaAdded:
		if e.ConversationID == st.req.Deltas {
			out.Delta = &wire.StreamDelta{TurnID: e.TurnID, Offset: e.Delta.Offset, Content: e.Delta.Content}
			st.event(e.Rev, out)
		}
	case live.TurnChanged:
		out.Turn = &wire.StreamTurn{ID: e.TurnID}
		if t := e.Turn; t != nil {
			out.Turn = &wire.StreamTurn{ID: e.TurnID, Status: t.Status, Tool: t.Tool, Error: t.Error, Retry: t.Retry, Waiting: t.Waiting}
		}
		st.event(e.Rev, out)
	case live.MessageChanged, live.DeliveryChanged:
		return st.messages(e)
	case live.ConversationChanged:
		row, err := st.Store.ConversationRow(st.ctx, e.WorkspaceID, e.ConversationID)
		if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
			return st.again(err)
		}
		if err == nil {
			conversation := wire.ConversationOf(row, st.Now())
			out.Conversation, out.Rev = &conversation, row.Rev
		}
		st.event(out.Rev, out)
	case live.Resync:
		st.event(0, wire.StreamEvent{Type: string(live.Resync)})
	}
	return nil
}

// messages sends the messages that an event is about.
func (st *stream) messages(e *live.Event) error {
	found, err := st.Store.MessagesChangedSince(st.ctx, e.WorkspaceID, e.ConversationID, e.Rev-1, 50)
	if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
		return st.again(err)
	}
	for i := range found {
		m := wire.MessageOf(&found[i], st.HTML)
		st.event(m.Rev, wire.StreamEvent{Type: string(e.Type), ConversationID: e.ConversationID, Rev: m.Rev, Message: &m})
	}
	return nil
}

// again tells the reader to read for itself what could not be read here.
func (st *stream) again(err error) error {
	st.Log.WarnContext(st.ctx, "stream could not read what changed", "error", err)
	st.event(0, wire.StreamEvent{Type: string(live.Resync)})
	return nil
}

// event adds one event to what is sent next. rev is its id, 0 for none.
func (st *stream) event(rev int64, e wire.StreamEvent) {
	data, err := json.Marshal(e)
	if err != nil {
		st.Log.ErrorContext(st.ctx, "stream event", "error", err)
		return
	}
	if rev > 0 {
		st.buf.WriteString("id: ")
		st.buf.Write(strconv.AppendInt(nil, rev, 10))
		st.buf.WriteByte('\n')
	}
	st.buf.WriteString("event: " + e.Type + "\ndata: ")
	st.buf.Write(data)
	st.buf.WriteString("\n\n")
}

// send writes what has gathered. A reader that does not read in time is left.
func (st *stream) send() error {
	if st.buf.Len() == 0 {
		return nil
	}
	if err := st.http.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	if _, err := st.w.Write(st.buf.Bytes()); err != nil {
		return err
	}
	if st.buf.Cap() > 4<<10 {
		st.buf = bytes.Buffer{}
	} else {
		st.buf.Reset()
	}
	return st.http.Flush()
}
