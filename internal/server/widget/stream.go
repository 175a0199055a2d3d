package widget

import (
	"context"
	"strconv"
	"time"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/live"
	sse "parley/internal/server/events"
)

// caughtUp is how many messages a stream sends of what its reader has missed.
const caughtUp = 200

// deltaRest lets the pieces of a reply gather, so that its end is not rendered
// for every word.
const deltaRest = 50 * time.Millisecond

// stream tells the visitor what happens in a conversation.
func (s *Visitors) stream(c *call) error {
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	since := int64(0)
	if v := c.r.URL.Query().Get("since"); v != "" {
		if since, err = strconv.ParseInt(v, 10, 64); err != nil || since < 0 {
			return refuse(parley.CodeInvalid, "since", "since is a rev.")
		}
	}
	ended, leave := s.streams.enter(c.widget.ID + c.who.ID)
	t := &teller{
		Visitors: s, sub: s.Hub.Subscribe(row.WorkspaceID, row.ID), ws: row.WorkspaceID, widget: c.widget.ID, visitor: c.who.ID,
		conv: row.ID, since: since, tools: c.widget.Settings.ShowToolCalls, html: s.html(c),
	}
	widget, who := c.widget, c.who
	return s.Streams.Serve(c, c.w, sse.Reader{
		Sub: t.sub, Teller: t, Ended: ended, Closed: leave,
		Valid: func(ctx context.Context) bool { return s.holds(ctx, widget, who, t.conv) },
	})
}

// teller tells one visitor what happens, in the words of docs/widget.md.
type teller struct {
	*Visitors
	sub                       *live.Subscription
	ws, widget, visitor, conv string
	since                     int64
	tools                     bool
	html                      *webchat.Renderer

	turn  string           // whose text reply is
	reply *webchat.Partial // of a running turn, nil if there is none
}

// Begin says how things stand: the conversation, what the reader has missed,
// and the answer in the making. It reads before it takes the snapshot: a turn
// that ends in between is among the events that follow.
func (t *teller) Begin(ctx context.Context, out *sse.Out) {
	pending, ok := t.conversation(ctx, out)
	if !ok {
		return
	}
	missed, err := t.Store.MessagesChangedSince(ctx, t.ws, t.conv, t.since, caughtUp+1)
	if err != nil {
		t.again(ctx, out, err)
		return
	}
	if len(missed) > caughtUp {
		t.resync(out)
	} else {
		t.messages(out, missed)
	}
	turn, text, running := t.Hub.Snapshot(t.ws, t.conv)
	switch {
	case running:
		out.Event(0, "turn", turnEvent{TurnID: turn, Status: string(parley.TurnRunning)})
		t.snapshot(turn, text)
		t.delta(out)
		t.Tell(ctx, out, sse.Early(t.sub, turn, text))
	case pending:
		out.Event(0, "turn", turnEvent{Status: "pending"})
	default:
		out.Event(0, "turn", turnEvent{Status: "none"})
	}
}

// snapshot starts the reply with the text so far.
func (t *teller) snapshot(turn, text string) {
	t.turn, t.reply = turn, &webchat.Partial{Renderer: t.html}
	if text != "" {
		t.reply.Add(0, text)
	}
}

// Tell passes on what happens.
func (t *teller) Tell(ctx context.Context, out *sse.Out, events []live.Event) {
	sse.Newest(events)
	for i := range events {
		t.one(ctx, out, &events[i])
	}
	t.delta(out)
}

func (t *teller) one(ctx context.Context, out *sse.Out, e *live.Event) {
	switch e.Type {
	case live.DeltaAdded:
		t.piece(e)
		out.Rest(deltaRest)
	case live.TurnChanged:
		t.turnChanged(out, e)
	case live.MessageChanged:
		found, err := t.Store.MessagesChangedSince(ctx, t.ws, t.conv, e.Rev-1, 50)
		if err != nil {
			t.again(ctx, out, err)
			return
		}
		t.messages(out, found)
	case live.ConversationChanged:
		t.conversation(ctx, out)
	case live.Typing:
		if e.Typing.Role == parley.ByOperator {
			out.Event(0, "typing", Person{Name: e.Typing.Name})
		}
	case live.Resync:
		t.resync(out)
		if turn, text, running := t.Hub.Snapshot(t.ws, t.conv); running {
			t.snapshot(turn, text)
		}
		out.Rest(time.Second)
	case live.DeliveryChanged: // messages of a widget are not sent out
	}
}

// piece adds a piece to the reply. Behind a gap it is started again with all
// that there is.
func (t *teller) piece(e *live.Event) {
	if t.reply == nil || t.turn != e.TurnID {
		t.snapshot(e.TurnID, "")
	}
	if t.reply.Add(e.Delta.Offset, e.Delta.Content) {
		return
	}
	if turn, text, running := t.Hub.Snapshot(t.ws, t.conv); running {
		t.snapshot(turn, text)
	}
}

// delta sends what has changed of the reply.
func (t *teller) delta(out *sse.Out) {
	if t.reply == nil {
		return
	}
	if keep, blocks, ok := t.reply.Take(); ok {
		out.Event(0, "delta", deltaEvent{TurnID: t.turn, Keep: keep, Blocks: blocks})
	}
}

// turnChanged says how a turn stands. Why it failed is for members.
func (t *teller) turnChanged(out *sse.Out, e *live.Event) {
	told := turnEvent{TurnID: e.TurnID, Status: string(parley.TurnRunning)}
	if e.Turn != nil {
		told.Status = string(e.Turn.Status)
		if t.tools {
			told.Tool = e.Turn.Tool
		}
	}
	if told.Status != string(parley.TurnRunning) {
		t.turn, t.reply = "", nil
	}
	out.Event(0, "turn", told)
}

func (t *teller) messages(out *sse.Out, found []parley.Message) {
	for i := range found {
		if found[i].TurnID != "" && found[i].TurnID == t.turn {
			t.turn, t.reply = "", nil
		}
		if m, ok := messageOf(&found[i], t.html, t.tools); ok {
			out.Event(m.Rev, "message", m)
		}
	}
}

// conversation sends the conversation as it is, and reports whether an answer
// is due; ok is false if it could not be read.
func (t *teller) conversation(ctx context.Context, out *sse.Out) (pending, ok bool) {
	row, err := t.Store.VisitorConversation(ctx, t.ws, t.widget, t.visitor, t.conv)
	if err != nil {
		t.again(ctx, out, err)
		return false, false
	}
	out.Event(row.Rev, "conversation", conversationOf(row))
	return row.Status == parley.ConversationActive && row.Owner == parley.OwnerAssistant && !row.Waiting &&
		row.LastMessage.Role == parley.ByUser && row.AnsweredSeq < row.NextSeq-1, true
}

// again tells the reader to read for itself what could not be read here.
func (t *teller) again(ctx context.Context, out *sse.Out, err error) {
	if parley.ErrorCode(err) != parley.CodeNotFound {
		t.Log.WarnContext(ctx, "visitor's stream could not read what changed", "error", err)
	}
	t.resync(out)
}

func (t *teller) resync(out *sse.Out) { out.Event(0, "resync", struct{}{}) }
