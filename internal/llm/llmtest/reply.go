package llmtest

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Reply is how one request is answered. The zero value is an empty reply that
// stops as it should.
type Reply struct {
	// Status other than 0 and 200 answers with Body and no stream.
	Status int
	Header http.Header
	Body   string

	Wait      time.Duration // before anything is sent
	Deltas    []string      // the text, piece by piece
	Delay     time.Duration // between pieces
	ToolCalls []Call        // in pieces, after the text
	Finish    string        // "": stop, or tool_calls
	Usage     string        // JSON of the usage; "": by the number of deltas; "none": never sent
	Started   string        // JSON of the usage at the start, of Anthropic's protocol; "": 10 tokens of input
	Thinking  []string      // what the model thinks first, of Anthropic's protocol; its signature is "signed"
	UsageIn   UsagePlace
	NoFinish  bool          // no finish_reason, or no message_delta
	NoDone    bool          // no [DONE], or no message_stop
	StallAt   int           // after so many pieces nothing more is sent, until the client gives up; 0: no stall
	CutAt     int           // after so many pieces the connection breaks; 0: no cut
	Raw       []string      // lines that are sent as they are, after the pieces
	Hold      chan struct{} // after the first piece, wait until it is closed; nil: do not
}

// Call is a tool call of a reply.
type Call struct {
	ID, Name, Arguments string
}

// UsagePlace says where a server puts the usage.
type UsagePlace int

// The places.
const (
	UsageAtEnd      UsagePlace = iota // a chunk without choices, when the client asked for it
	UsageWithFinish                   // beside the finish reason, asked or not
	UsageInXGroq                      // in x_groq of the last chunk
)

// write sends the reply; a client that leaves ends it.
func (r Reply) write(ctx context.Context, w http.ResponseWriter, req *Request, proto protocol) {
	if !sleep(ctx, r.Wait) {
		return
	}
	for k, v := range r.Header {
		w.Header()[k] = v
	}
	if r.Body != "" || (r.Status != 0 && r.Status != http.StatusOK) {
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(max(r.Status, http.StatusOK))
		_, _ = io.WriteString(w, r.Body) // the client may be gone
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	p := &pieces{ctx: ctx, w: w, flush: http.NewResponseController(w).Flush, reply: &r, request: req}
	proto.stream(p)
}

// protocol writes a reply as the clients of a provider expect it.
type protocol interface {
	stream(p *pieces)
}

// pieces sends a reply piece by piece.
type pieces struct {
	ctx     context.Context
	w       io.Writer
	flush   func() error
	reply   *Reply
	request *Request
	sent    int
}

// piece sends one piece of the reply with the misbehaviour that is due at it;
// false if the reply is over.
func (p *pieces) piece(line string) bool {
	if p.sent > 0 && !sleep(p.ctx, p.reply.Delay) {
		return false
	}
	p.line(line)
	p.sent++
	if p.sent == 1 && p.reply.Hold != nil {
		select {
		case <-p.reply.Hold:
		case <-p.ctx.Done():
			return false
		}
	}
	if p.sent == p.reply.StallAt {
		<-p.ctx.Done()
		return false
	}
	if p.sent == p.reply.CutAt {
		panic(http.ErrAbortHandler) // the server's way to break a connection
	}
	return true
}

func (p *pieces) line(s string) {
	_, _ = io.WriteString(p.w, s+"\n\n") // the client may be gone
	_ = p.flush()
}

// sleep waits; false if the client left before.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
