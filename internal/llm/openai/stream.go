package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"parley/internal/llm"
)

// errTooMuch ends the reading of a provider that does not stop.
var errTooMuch = errors.New("more than the bound was sent")

// expectStream looks at the first bytes of a 200: an event stream may go on,
// whatever its content type says; JSON and web pages are told apart.
func (m *Model) expectStream(w *watch, in *bufio.Reader, model string) error {
	first, err := firstByte(in)
	if err != nil {
		if e := w.failure(); e != nil {
			return e
		}
		return &llm.Error{Class: llm.Truncated, Message: "The provider closed the connection without a reply.", Err: m.clean(err)}
	}
	switch first {
	case '{', '[':
		body, err := io.ReadAll(io.LimitReader(in, maxErrorBody))
		if e := w.failure(); err != nil && e != nil {
			return e
		}
		return m.notAStream(body, model)
	case '<':
		return &llm.Error{Class: llm.Malformed,
			Message: "A web page came instead of a reply: check the base URL, " + m.host() + " does not speak the API there."}
	}
	return nil
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

// notAStream says what a JSON body with status 200 means.
func (m *Model) notAStream(body []byte, model string) error {
	p := problemOf(0, body)
	if p.found {
		return m.failureOf(p, model)
	}
	var whole struct {
		Choices []json.RawMessage `json:"choices"`
	}
	if json.Unmarshal(body, &whole) == nil && len(whole.Choices) > 0 {
		return &llm.Error{Class: llm.NoStreaming,
			Message: "The provider answers, but in one piece: Parley needs a model that streams."}
	}
	return &llm.Error{Class: llm.Malformed,
		Message: "What " + m.host() + " answered is not the Chat Completions protocol: check the base URL."}
}

// read takes the stream to its end.
func (m *Model) read(
	w *watch, in *bufio.Reader, req *llm.Request, onText func(string) error,
) (*llm.Response, error) {
	a := &assembly{newCallID: m.newCallID}
	started := false
	events := eventReader{in: in}
	for {
		ev, err := events.next()
		if err != nil {
			return m.ended(w, a, req, events.partial(), err)
		}
		if string(ev.data) == "[DONE]" {
			a.done = true
			return m.complete(a, req)
		}
		got, err := m.take(a, ev, req.Model)
		if err != nil {
			return a.response(), err
		}
		if got.progress {
			if !started {
				started = true
				w.expect(m.stall, &llm.Error{Class: llm.Timeout,
					Message: "The reply stopped in the middle: nothing came for " + inWords(m.stall) + "."})
			}
			w.progress()
		}
		if got.text != "" {
			w.pause()
			if err := onText(got.text); err != nil {
				return a.response(), err
			}
			w.progress()
		}
		if got.finished {
			w.expect(min(tailTimeout, m.stall), errTail)
		}
	}
}

// errTail ends the wait for what may follow a complete reply.
var errTail = errors.New("nothing followed the reply")

// take adds one event to the reply.
func (m *Model) take(a *assembly, ev event, model string) (gained, error) {
	if ev.name == "error" || bytes.Contains(ev.data, []byte(`"error"`)) {
		if p := problemOf(0, ev.data); p.found || ev.name == "error" {
			return gained{}, m.failureOf(p, model)
		}
	}
	got, err := a.add(ev.data)
	if err != nil {
		return gained{}, &llm.Error{Class: llm.Malformed,
			Message: "The provider sent a piece of the reply that cannot be read.", Err: m.clean(err)}
	}
	return got, nil
}

// ended judges a stream that stopped without [DONE].
func (m *Model) ended(
	w *watch, a *assembly, req *llm.Request, partial bool, err error,
) (*llm.Response, error) {
	if e := w.failure(); e != nil {
		return a.response(), e
	}
	switch {
	case errors.Is(err, errTooMuch):
		return a.response(), &llm.Error{Class: llm.Malformed,
			Message: "The provider sent more than a reply can hold.", Err: err}
	case a.finish != "" && !partial:
		return m.complete(a, req) // the reply is whole; only the epilogue is missing
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return a.response(), &llm.Error{Class: llm.Truncated,
		Message: "The connection broke in the middle of the reply.", Err: m.clean(err)}
}

// complete checks a reply that was sent to its end.
func (m *Model) complete(a *assembly, req *llm.Request) (*llm.Response, error) {
	resp := a.response()
	switch {
	case a.finish == "content_filter" || a.refusal.Len() > 0:
		msg := "The provider's content filter refused the reply."
		if a.refusal.Len() > 0 {
			msg = "The model refused to answer: " + clip(m.redact(a.refusal.String()))
		}
		return resp, &llm.Error{Class: llm.Refused, Message: msg}
	case resp == nil:
		return nil, &llm.Error{Class: llm.Truncated, Message: "The provider sent an empty reply."}
	}
	if req.Schema != nil {
		resp.Text = bareJSON(resp.Text)
	}
	return resp, nil
}

// bareJSON takes an object out of the fences or the prose that models put
// around it when they are only asked for JSON in words.
func bareJSON(s string) string {
	if json.Valid([]byte(s)) {
		return s
	}
	from, to := strings.IndexByte(s, '{'), strings.LastIndexByte(s, '}')
	if from < 0 || to < from || !json.Valid([]byte(s[from:to+1])) {
		return s
	}
	return s[from : to+1]
}

// event is one server-sent event.
type event struct {
	name string
	data []byte // valid until the next event
}

// eventReader reads server-sent events. It hands out an event as soon as its
// data is whole JSON: some servers leave out the empty line between events.
type eventReader struct {
	in   *bufio.Reader
	line []byte
	data []byte
	name string
	read int
}

// partial reports whether the stream ended inside an event.
func (r *eventReader) partial() bool { return len(r.data) > 0 || len(r.line) > 0 }

// next returns the next event. Its error is io.EOF at the end, errTooMuch past
// the bounds, or that of the connection.
func (r *eventReader) next() (event, error) {
	r.data, r.name = r.data[:0], ""
	for {
		if err := r.readLine(); err != nil {
			return event{}, err
		}
		line := bytes.TrimRight(r.line, "\r\n")
		r.line = r.line[:0]
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch {
		case len(line) == 0:
			if len(r.data) > 0 {
				return event{r.name, r.data}, nil
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
				return event{r.name, r.data}, nil
			}
		}
	}
}

// readLine fills r.line with one line and its end.
func (r *eventReader) readLine() error {
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		r.read += len(part)
		switch {
		case len(r.line)+len(r.data) > maxLine || r.read > maxStream:
			return errTooMuch
		case err == nil:
			return nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}
