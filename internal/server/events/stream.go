// Package events writes what happens in a workspace as server-sent events.
package events

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
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

	open    atomic.Int64
	running sync.WaitGroup
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
	Sub    *live.Subscription             // closed with the stream
	Valid  func(ctx context.Context) bool // whether the reader may still read; asked at every heartbeat
	Ended  <-chan struct{}                // closed when the stream has to make room; nil: never
	Closed func()                         // called at the end; nil: nobody asks
	Teller Teller
}

func (r *Reader) closed() {
	if r.Closed != nil {
		r.Closed()
	}
}

// Serve answers with a stream and returns once it has begun. It goes on until
// the reader goes, the server stops or the reader may not read any more. By
// then the request is over: an idle stream holds neither that, nor net/http's
// buffers, nor the deep stack of a handler, and its context has no values.
func (s *Source) Serve(ctx context.Context, w http.ResponseWriter, r Reader) error {
	out := &Out{log: s.Log}
	head(&out.buf, w.Header())
	out.buf.WriteString("retry: 2000\n\n")
	r.Teller.Begin(ctx, out)
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		r.Sub.Close()
		r.closed()
		return err
	}
	out.conn = conn
	s.open.Add(1)
	s.running.Go(func() {
		s.follow(context.Background(), out, &r)
		_ = conn.Close() // the reader may have done so
		r.Sub.Close()
		r.closed()
		s.open.Add(-1)
	})
	return nil
}

// Wait waits for all streams to end, until ctx does.
func (s *Source) Wait(ctx context.Context) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.running.Wait()
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
}

// follow writes how things stand, and then waits for something to tell and for
// the end.
func (s *Source) follow(ctx context.Context, out *Out, r *Reader) {
	if !s.apart(func() bool { return out.send() == nil }) {
		return
	}
	beat := time.NewTicker(s.Heartbeat)
	defer beat.Stop()
	ready, gone := r.Sub.Ready(), hear(out.conn)
	var rested <-chan time.Time
	for {
		live := true
		select {
		case <-gone:
			return
		case <-s.Stopping:
			return
		case <-r.Ended:
			return
		case <-ready:
			live = s.apart(func() bool {
				r.Teller.Tell(ctx, out, r.Sub.Take())
				return out.send() == nil
			})
			if out.pause > 0 {
				ready, rested = nil, time.After(out.pause)
				out.pause = 0
			}
		case <-rested:
			ready, rested = r.Sub.Ready(), nil
		case <-beat.C:
			live = s.apart(func() bool { return r.Valid(ctx) && out.beat() == nil })
		}
		if !live {
			return
		}
	}
}

// apart calls fn on a goroutine of its own, which takes the stack that fn needs
// with it: the one of an idle stream stays small. A panic is no success.
func (s *Source) apart(fn func() bool) bool {
	done := make(chan bool, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				s.Log.Error("panic", "panic", v, "stack", string(debug.Stack()))
				done <- false
			}
		}()
		done <- fn()
	}()
	return <-done
}

// Out is what a teller writes to.
type Out struct {
	conn  net.Conn
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

// beat says that the stream lives.
func (o *Out) beat() error {
	o.buf.WriteString(": alive\n\n")
	return o.send()
}

// send writes what has gathered. A reader that does not read in time is left.
func (o *Out) send() error {
	if o.buf.Len() == 0 {
		return nil
	}
	if err := o.conn.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	_, err := o.conn.Write(o.buf.Bytes())
	o.buf = bytes.Buffer{} // thousands of readers are idle most of the time
	return err
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
