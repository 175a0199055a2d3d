package remote

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"parley/internal/llm"
)

// Bounds of what is read of a stream.
const (
	MaxLine   = 4 << 20
	maxStream = 64 << 20
)

// tailTimeout bounds the wait for the usage and the end of a stream whose reply
// is complete already.
const tailTimeout = 5 * time.Second

// errTooMuch ends the reading of a provider that does not stop.
var errTooMuch = errors.New("more than the bound was sent")

// errTail ends the wait for what may follow a complete reply.
var errTail = errors.New("nothing followed the reply")

// Event is one server-sent event.
type Event struct {
	Name string // "" where the server gives none
	Data []byte // valid until the next event
}

// Gained is what an event brought.
type Gained struct {
	Text     string
	Progress bool // the model is at work
	Finished bool // the reply is whole; usage may follow
	Done     bool // nothing follows
}

// Reply is put together from events.
type Reply interface {
	// Take adds an event. Its error is an *llm.Error and ends the call.
	Take(Event) (Gained, error)
	// Whole reports whether the reply was sent to its end, as far as is known.
	Whole() bool
}

// Open returns the stream of an answer with status 200, whatever its content
// type says. What is JSON and no stream goes to whole, at most MaxErrorBody of
// it, which says what it means. Every error is an *llm.Error.
func (p *Provider) Open(w *Watch, res *http.Response, whole func(body []byte) error) (*Events, error) {
	in := bufio.NewReaderSize(io.LimitReader(res.Body, maxStream+1), 16<<10)
	first, err := firstByte(in)
	if err != nil {
		if e := w.Failure(); e != nil {
			return nil, e
		}
		return nil, &llm.Error{Class: llm.Truncated, Message: "The provider closed the connection without a reply.", Err: p.Clean(err)}
	}
	switch first {
	case '{', '[':
		body, err := io.ReadAll(io.LimitReader(in, MaxErrorBody))
		if e := w.Failure(); err != nil && e != nil {
			return nil, e
		}
		return nil, whole(body)
	case '<':
		return nil, &llm.Error{Class: llm.Malformed,
			Message: "A web page came instead of a reply: check the base URL, " + p.Host() + " does not speak the API there."}
	}
	return &Events{in: in}, nil
}

// firstByte skips white space and a byte order mark, and peeks.
func firstByte(in *bufio.Reader) (byte, error) {
	for {
		b, err := in.Peek(1)
		if err != nil {
			return 0, err
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n', 0xEF, 0xBB, 0xBF:
			_, _ = in.Discard(1)
		default:
			return b[0], nil
		}
	}
}

// Read takes the stream to its end. An error of onText is returned as it is;
// every other is an *llm.Error.
func (p *Provider) Read(w *Watch, events *Events, reply Reply, onText func(string) error) error {
	started := false
	for {
		ev, err := events.next()
		if err != nil {
			return p.ended(w, reply.Whole() && !events.partial(), err)
		}
		got, err := reply.Take(ev)
		if err != nil || got.Done {
			return err
		}
		if got.Progress {
			if !started {
				started = true
				w.expect(p.stall, &llm.Error{Class: llm.Timeout,
					Message: "The reply stopped in the middle: nothing came for " + inWords(p.stall) + "."})
			}
			w.progress()
		}
		if got.Text != "" {
			w.pause()
			if err := onText(got.Text); err != nil {
				return err
			}
			w.progress()
		}
		if got.Finished {
			w.expect(min(tailTimeout, p.stall), errTail)
		}
	}
}

// ended judges a stream that stopped without saying so. A whole reply is kept:
// only the epilogue is missing.
func (p *Provider) ended(w *Watch, whole bool, err error) error {
	if e := w.Failure(); e != nil {
		return e
	}
	switch {
	case errors.Is(err, errTooMuch):
		return &llm.Error{Class: llm.Malformed, Message: "The provider sent more than a reply can hold.", Err: err}
	case whole:
		return nil
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return &llm.Error{Class: llm.Truncated, Message: "The connection broke in the middle of the reply.", Err: p.Clean(err)}
}

// Unreadable is the error for an event that is not the protocol.
func (p *Provider) Unreadable(err error) error {
	return &llm.Error{Class: llm.Malformed, Message: "The provider sent a piece of the reply that cannot be read.", Err: p.Clean(err)}
}

// Events reads server-sent events. It hands out an event as soon as its data is
// whole JSON: some servers leave out the empty line between events.
type Events struct {
	in   *bufio.Reader
	line []byte
	data []byte
	name string
	read int
}

// partial reports whether the stream ended inside an event.
func (r *Events) partial() bool { return len(r.data) > 0 || len(r.line) > 0 }

// next returns the next event. Its error is io.EOF at the end, errTooMuch past
// the bounds, or that of the connection.
func (r *Events) next() (Event, error) {
	r.data, r.name = r.data[:0], ""
	for {
		if err := r.readLine(); err != nil {
			return Event{}, err
		}
		line := bytes.TrimRight(r.line, "\r\n")
		r.line = r.line[:0]
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch {
		case len(line) == 0:
			if len(r.data) > 0 {
				return Event{r.name, r.data}, nil
			}
			r.name = ""
		case string(field) == "event":
			r.name = string(value)
		case string(field) == "data":
			if len(r.data) > 0 {
				r.data = append(r.data, '\n')
			}
			r.data = append(r.data, bytes.TrimSpace(value)...)
			if string(r.data) == "[DONE]" || json.Valid(r.data) {
				return Event{r.name, r.data}, nil
			}
		}
	}
}

// readLine fills r.line with one line and its end.
func (r *Events) readLine() error {
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		r.read += len(part)
		switch {
		case len(r.line)+len(r.data) > MaxLine || r.read > maxStream:
			return errTooMuch
		case err == nil:
			return nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}
