package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/live"
)

// writePatience is how long a reader may take to read a piece.
const writePatience = 30 * time.Second

// stream is one client's live events.
type stream struct {
	server *Server
	call   *call
	sub    *live.Subscription
	deltas string // the conversation whose deltas are sent
	http   *http.ResponseController
	buf    bytes.Buffer
}

func (s *Server) stream(c *call) error {
	q := c.r.URL.Query()
	topic, deltas := q.Get("conversation_id"), q.Get("deltas")
	if topic != "" {
		deltas = topic
	}
	if deltas != "" {
		if !parley.ValidID(deltas) {
			return parley.Errorf(parley.CodeNotFound, "There is no such conversation.")
		}
		if _, err := s.Store.Conversation(c, c.who.workspace, deltas); err != nil {
			return err
		}
	}
	st := &stream{server: s, call: c, deltas: deltas, http: http.NewResponseController(c.w)}
	if topic != "" {
		st.sub = s.Hub.Subscribe(c.who.workspace, topic)
	} else {
		st.sub = s.Hub.SubscribeFocused(c.who.workspace, deltas)
	}
	defer st.sub.Close()
	s.streams.Add(1)
	defer s.streams.Add(-1)
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	c.w.WriteHeader(http.StatusOK)
	st.buf.WriteString("retry: 2000\n\n")
	st.snapshot()
	if err := st.send(); err != nil {
		return nil //nolint:nilerr // the reader has gone
	}
	st.run()
	return nil
}

// run passes events on until the reader goes, the server stops or the session
// ends.
func (st *stream) run() {
	beat := time.NewTicker(st.server.Heartbeat)
	defer beat.Stop()
	ready := st.sub.Ready()
	var rested <-chan time.Time
	for {
		select {
		case <-st.call.Done():
			return
		case <-st.server.closing:
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
			if !st.server.stillValid(st.call) {
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
	if st.deltas == "" {
		return
	}
	turn, text, ok := st.server.Hub.Snapshot(st.call.who.workspace, st.deltas)
	if !ok {
		return
	}
	st.event(0, StreamEvent{
		Type: string(live.TurnChanged), ConversationID: st.deltas, Turn: &StreamTurn{ID: turn, Status: parley.TurnRunning},
	})
	if text != "" {
		st.event(0, StreamEvent{
			Type: string(live.DeltaAdded), ConversationID: st.deltas, Delta: &StreamDelta{TurnID: turn, Content: text},
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
	out := StreamEvent{Type: string(e.Type), ConversationID: e.ConversationID, Rev: e.Rev}
	switch e.Type {
	case live.DeltaAdded:
		if e.ConversationID == st.deltas {
			out.Delta = &StreamDelta{TurnID: e.TurnID, Offset: e.Delta.Offset, Content: e.Delta.Content}
			st.event(e.Rev, out)
		}
	case live.TurnChanged:
		out.Turn = &StreamTurn{ID: e.TurnID}
		if t := e.Turn; t != nil {
			out.Turn = &StreamTurn{ID: e.TurnID, Status: t.Status, Tool: t.Tool, Error: t.Error, Retry: t.Retry, Waiting: t.Waiting}
		}
		st.event(e.Rev, out)
	case live.MessageChanged, live.DeliveryChanged:
		return st.messages(e)
	case live.ConversationChanged:
		row, err := st.server.Store.ConversationRow(st.call, e.WorkspaceID, e.ConversationID)
		if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
			return st.again(err)
		}
		if err == nil {
			conversation := st.server.conversationJSON(row)
			out.Conversation, out.Rev = &conversation, row.Rev
		}
		st.event(out.Rev, out)
	case live.Resync:
		st.event(0, StreamEvent{Type: string(live.Resync)})
	}
	return nil
}

// messages sends the messages that an event is about.
func (st *stream) messages(e *live.Event) error {
	found, err := st.server.Store.MessagesChangedSince(st.call, e.WorkspaceID, e.ConversationID, e.Rev-1, 50)
	if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
		return st.again(err)
	}
	for i := range found {
		m := st.server.messageJSON(&found[i])
		st.event(m.Rev, StreamEvent{Type: string(e.Type), ConversationID: e.ConversationID, Rev: m.Rev, Message: &m})
	}
	return nil
}

// again tells the reader to read for itself what could not be read here.
func (st *stream) again(err error) error {
	st.server.log.WarnContext(st.call, "stream could not read what changed", "error", err)
	st.event(0, StreamEvent{Type: string(live.Resync)})
	return nil
}

// event adds one event to what is sent next. rev is its id, 0 for none.
func (st *stream) event(rev int64, e StreamEvent) {
	data, err := json.Marshal(e)
	if err != nil {
		st.server.log.ErrorContext(st.call, "stream event", "error", err)
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
	if _, err := st.call.w.Write(st.buf.Bytes()); err != nil {
		return err
	}
	if st.buf.Cap() > 4<<10 {
		st.buf = bytes.Buffer{}
	} else {
		st.buf.Reset()
	}
	return st.http.Flush()
}

func streamDoc(op *huma.Operation, r huma.Registry) {
	op.Description = "Server-sent events: message, delta, turn, delivery, conversation and resync. The id of an event is the " +
		"conversation's rev. Subscribe, then read, then drop what you have; after resync, or after a gap, read again."
	for _, p := range []struct{ name, doc string }{
		{"conversation_id", "Only the events of this conversation, with its deltas."},
		{"deltas", "Beside the events of every conversation, the deltas of this one."},
	} {
		op.Parameters = append(op.Parameters, &huma.Param{Name: p.name, In: "query", Description: p.doc, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	res := jsonResponse[StreamEvent](r, "Events")
	res.Content = map[string]*huma.MediaType{"text/event-stream": res.Content["application/json"]}
	op.Responses["200"] = res
}
