package server

import (
	"context"
	"crypto/tls"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"parley/internal/server/access"
	"parley/internal/server/wire"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/queryparam"

	"parley"
)

// call is one request to a route. It is what huma reads from and writes to, and
// what handlers find in their context.
type call struct {
	context.Context
	route  *mounted
	op     *huma.Operation
	r      *http.Request
	w      http.ResponseWriter
	body   io.Reader         // read this, not r.Body: net/http must keep that one to know what was read of it
	who    *access.Principal // nil on open routes for those who are not signed in
	status int
	forced int // the status to send whatever is asked for; 0: none
}

type callKey struct{}

// Value makes the call itself part of its context.
func (c *call) Value(key any) any {
	if _, ok := key.(callKey); ok {
		return c
	}
	return c.Context.Value(key)
}

// callOf returns the request that a handler's context belongs to.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// who returns who asks; handlers of routes that need a permission have one.
func who(ctx context.Context) *access.Principal { return callOf(ctx).who }

// humaCall is the side of a call that huma sees.
type humaCall struct{ *call }

func (c humaCall) Operation() *huma.Operation { return c.op }
func (c humaCall) Context() context.Context   { return c.call }
func (c humaCall) TLS() *tls.ConnectionState  { return c.r.TLS }
func (c humaCall) Method() string             { return c.r.Method }
func (c humaCall) Host() string               { return c.r.Host }
func (c humaCall) RemoteAddr() string         { return c.r.RemoteAddr }
func (c humaCall) URL() url.URL               { return *c.r.URL }
func (c humaCall) Param(name string) string   { return c.r.PathValue(name) }
func (c humaCall) Query(name string) string   { return queryparam.Get(c.r.URL.RawQuery, name) }
func (c humaCall) Header(name string) string  { return c.r.Header.Get(name) }
func (c humaCall) BodyReader() io.Reader      { return c.body }
func (c humaCall) Status() int                { return c.status }
func (c humaCall) BodyWriter() io.Writer      { return c.w }

func (c humaCall) Version() huma.ProtoVersion {
	return huma.ProtoVersion{Proto: c.r.Proto, ProtoMajor: c.r.ProtoMajor, ProtoMinor: c.r.ProtoMinor}
}

func (c humaCall) EachHeader(cb func(name, value string)) {
	for name, all := range c.r.Header {
		for _, value := range all {
			cb(name, value)
		}
	}
}

func (c humaCall) GetMultipartForm() (*multipart.Form, error) {
	return nil, http.ErrNotMultipart // uploads are read by their own handler
}

// SetReadDeadline does nothing: bodies have the deadline of bodyPatience, which
// ends with the body. One that stays would cancel slow handlers.
func (c humaCall) SetReadDeadline(time.Time) error { return nil }

func (c humaCall) SetStatus(code int) {
	if c.forced != 0 {
		code = c.forced
	}
	c.status = code
	c.w.WriteHeader(code)
}

func (c humaCall) AppendHeader(name, value string) { c.w.Header().Add(name, value) }
func (c humaCall) SetHeader(name, value string)    { c.w.Header().Set(name, value) }

// adapter puts huma's operations on a ServeMux, behind the gate.
type adapter struct {
	*http.ServeMux
	server *Server
	route  *mounted // the one that is being registered
}

func (a *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	rt := a.route
	counts := a.server.metrics.of(&rt.route)
	a.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
		if counts != nil {
			begun, sw := time.Now(), &statusWriter{w, http.StatusOK}
			defer func() { counts.answered(sw.status, begun) }()
			w = sw
		}
		a.server.serve(&call{Context: r.Context(), route: rt, op: op, r: r, w: w}, func(c *call) {
			handler(humaCall{c})
		})
	})
}

// bodyPatience is how long a body may take to arrive.
const bodyPatience = 30 * time.Second

// timedBody is a body that must arrive in time.
type timedBody struct {
	body io.Reader
	conn *http.ResponseController // nil after its end
}

// Read lifts the deadline with the end of the body.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if err != nil && b.conn != nil {
		_ = b.conn.SetReadDeadline(time.Time{}) // fails when the connection has gone
		b.conn = nil
	}
	return n, err
}

// serve lets a call through to its handler if it may pass.
func (s *Server) serve(c *call, next func(*call)) {
	c.w.Header()["Cache-Control"] = noStore
	c.body = c.r.Body
	if c.r.ContentLength != 0 {
		conn := http.NewResponseController(c.w)
		if err := conn.SetReadDeadline(time.Now().Add(bodyPatience)); err == nil {
			c.body = &timedBody{c.r.Body, conn}
		}
	}
	err := wire.CheckQuery(c.r.URL.RawQuery)
	if err == nil {
		c.who, err = s.gate.Admit(c.r, c.route.permission)
	}
	if err == nil {
		err = checkPath(c)
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	if c.r.Method == http.MethodPost && c.r.Header.Get("Idempotency-Key") != "" && !c.route.ownKey {
		s.once(c, next)
		return
	}
	next(c)
}

// fail answers with an error. What is left of the body is read, within bounds,
// so that the answer reaches a client that is still writing.
func (s *Server) fail(c *call, err error) {
	drain(c.body)
	wire.ProblemOf(c, s.log, err).Write(c.w)
}

// maxDrain is how much of an unwanted body is read before answering.
const maxDrain = 32 << 20

func drain(body io.Reader) {
	if body != nil {
		_, _ = io.CopyN(io.Discard, body, maxDrain) // whatever it holds, it is not wanted
	}
}

// pathID reports whether a path parameter holds an id.
func pathID(name string) bool { return name == "id" || name == "doc" || name == "turn_id" }

// checkPath returns CodeNotFound for ids that cannot be any.
func checkPath(c *call) error {
	for _, name := range c.route.params {
		if pathID(name) && !parley.ValidID(c.r.PathValue(name)) {
			return parley.Errorf(parley.CodeNotFound, "There is no such thing in this workspace.")
		}
	}
	return nil
}
