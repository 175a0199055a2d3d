package llmtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
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
	UsageIn   UsagePlace
	NoFinish  bool          // no finish_reason
	NoDone    bool          // no [DONE]
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
func (r Reply) write(ctx context.Context, w http.ResponseWriter, req *Request) {
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
	p := &pieces{ctx: ctx, w: w, flush: http.NewResponseController(w).Flush, reply: &r, model: req.Model}
	p.stream(strings.Contains(string(req.StreamOptions), "true"))
}

// pieces sends a reply piece by piece.
type pieces struct {
	ctx   context.Context
	w     io.Writer
	flush func() error
	reply *Reply
	model string
	sent  int
}

func (p *pieces) stream(usageWanted bool) {
	p.line(p.chunk(`{"role":"assistant","content":""}`, "", ""))
	for _, d := range p.reply.Deltas {
		content, err := json.Marshal(d)
		if err != nil || !p.piece(p.chunk(`{"content":`+string(content)+`}`, "", "")) {
			return
		}
	}
	for i, c := range p.reply.ToolCalls {
		for _, delta := range c.deltas(i) {
			if !p.piece(p.chunk(delta, "", "")) {
				return
			}
		}
	}
	for _, raw := range p.reply.Raw {
		p.line(raw)
	}
	p.epilogue(usageWanted)
}

// epilogue sends what follows the text: finish reason, usage, [DONE].
func (p *pieces) epilogue(usageWanted bool) {
	r := p.reply
	usage := r.Usage
	if usage == "" {
		usage = fmt.Sprintf(`{"prompt_tokens":10,"completion_tokens":%d,"total_tokens":%d}`,
			len(r.Deltas), 10+len(r.Deltas))
	}
	if !r.NoFinish {
		finish := r.Finish
		if finish == "" {
			finish = "stop"
			if len(r.ToolCalls) > 0 {
				finish = "tool_calls"
			}
		}
		extra := ""
		switch {
		case usage == "none":
		case r.UsageIn == UsageWithFinish:
			extra = `,"usage":` + usage
		case r.UsageIn == UsageInXGroq:
			extra = `,"x_groq":{"id":"r","usage":` + usage + `}`
		}
		p.line(p.chunk(`{}`, finish, extra))
	}
	if usage != "none" && r.UsageIn == UsageAtEnd && usageWanted {
		p.line(fmt.Sprintf(`data: {"id":"c","object":"chat.completion.chunk","model":%q,"choices":[],"usage":%s}`,
			p.model, usage))
	}
	if !r.NoDone {
		p.line("data: [DONE]")
	}
}

// chunk returns one event with a delta.
func (p *pieces) chunk(delta, finish, extra string) string {
	reason := "null"
	if finish != "" {
		reason = strconv.Quote(finish)
	}
	return fmt.Sprintf(`data: {"id":"c","object":"chat.completion.chunk","created":1700000000,"model":%q,`+
		`"choices":[{"index":0,"delta":%s,"finish_reason":%s}]%s}`, p.model, delta, reason, extra)
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

// deltas cuts a tool call into pieces, its arguments into two.
func (c Call) deltas(index int) []string {
	half := len(c.Arguments) / 2
	return []string{
		fmt.Sprintf(`{"tool_calls":[{"index":%d,"id":%q,"type":"function","function":{"name":%q,"arguments":""}}]}`,
			index, c.ID, c.Name),
		argumentsDelta(index, c.Arguments[:half]),
		argumentsDelta(index, c.Arguments[half:]),
	}
}

func argumentsDelta(index int, piece string) string {
	quoted, err := json.Marshal(piece)
	if err != nil { // a string always marshals
		return `{}`
	}
	return fmt.Sprintf(`{"tool_calls":[{"index":%d,"function":{"arguments":%s}}]}`, index, quoted)
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
