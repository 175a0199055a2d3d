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

	"parley/internal/live"
)

// Source is what streams have in common.
type Source struct {
	Hub       *live.Hub
	Heartbeat time.Duration   // how often an idle stream says that it lives and is checked
	Stopping  <-chan struct{} // closed when streams have to end
	Now       func() time.Time
	Log       *slog.Logger

	open atomic.Int64
}

// Open returns how many streams there are.
func (s *Source) Open() int64 { return s.open.Load() }

// Teller puts what happens into the words of one kind of reader.
type Teller interface {
	// Begin writes how things stand, right after the subscription.
	Begin(ctx context.Context, out *Out)
	// Tell writes what has happened since.
	Tell(ctx context.Context, out *Out, events []live.Event)
}

// Reader is one reader of a stream.
type Reader struct {
	Sub    *live.Subscription // closed by Serve
	Valid  func() bool        // whether the reader may still read; asked at every heartbeat
	Ended  <-chan struct{}    // closed when the stream has to make room; nil: never
	Teller Teller
}

// writePatience is how long a reader may take to read a piece.
const writePatience = 30 * time.Second

// Serve answers with a stream until the reader goes, the server stops or the
// reader may not read any more.
func (s *Source) Serve(ctx context.Context, w http.ResponseWriter, r Reader) {
	defer r.Sub.Close()
	s.open.Add(1)
	defer s.open.Add(-1)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	out := &Out{w: w, http: http.NewResponseController(w), log: s.Log}
	out.buf.WriteString("retry: 2000\n\n")
	r.Teller.Begin(ctx, out)
	if out.send() != nil {
		return // the reader has gone
	}
	s.run(ctx, out, &r)
}

func (s *Source) run(ctx context.Context, out *Out, r *Reader) {
	beat := time.NewTicker(s.Heartbeat)
	defer beat.Stop()
	ready := r.Sub.Ready()
	var rested <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Stopping:
			return
		case <-r.Ended:
			return
		case <-ready:
			r.Teller.Tell(ctx, out, r.Sub.Take())
			if out.pause > 0 {
				ready, rested = nil, time.After(out.pause)
				out.pause = 0
			}
		case <-rested:
			ready, rested = r.Sub.Ready(), nil
		case <-beat.C:
			if !r.Valid() {
				return
			}
			out.buf.WriteString(": alive\n\n")
		}
		if err := out.send(); err != nil {
			return
		}
	}
}

// Out is what a teller writes to.
type Out struct {
	w     http.ResponseWriter
	http  *http.ResponseController
	log   *slog.Logger
	buf   bytes.Buffer
	pause time.Duration
}

// Event adds one event to what is sent next. rev is its id, 0 for none.
func (o *Out) Event(rev int64, name string, data any) {
	b, err := json.Marshal(data)
	if err != nil {
		o.log.Error("stream event", "error", err)
		return
	}
	if rev > 0 {
		o.buf.WriteString("id: ")
		o.buf.Write(strconv.AppendInt(nil, rev, 10))
		o.buf.WriteByte('\n')
	}
	o.buf.WriteString("event: " + name + "\ndata: ")
	o.buf.Write(b)
	o.buf.WriteString("\n\n")
}

// Rest lets events gather for a while after those that are told now.
func (o *Out) Rest(d time.Duration) { o.pause = max(o.pause, d) }

// send writes what has gathered. A reader that does not read in time is left.
func (o *Out) send() error {
	if o.buf.Len() == 0 {
		return nil
	}
	if err := o.http.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	if _, err := o.w.Write(o.buf.Bytes()); err != nil {
		return err
	}
	if o.buf.Cap() > 1<<10 { // thousands of readers are idle most of the time
		o.buf = bytes.Buffer{}
	} else {
		o.buf.Reset()
	}
	return o.http.Flush()
}

// Early returns what has happened between a subscription and the snapshot of
// a running reply, without the deltas that the snapshot holds.
func Early(sub *live.Subscription, turn, text string) []live.Event {
	early := sub.Take()
	kept := early[:0]
	for _, e := range early {
		d := e.Delta
		inside := d != nil && e.TurnID == turn && d.Offset+len(d.Content) <= len(text) &&
			text[d.Offset:d.Offset+len(d.Content)] == d.Content
		if !inside {
			kept = append(kept, e)
		}
	}
	return kept
}

// Newest empties the type of every change of a conversation but the last of a
// batch, for that says all that came before.
func Newest(events []live.Event) {
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
}
