package api

import (
	"context"
	"crypto/tls"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/queryparam"

	"parley"
	"parley/internal/server/access"
	"parley/internal/server/wire"
)

// Call is one request to a route. It is what huma reads from and writes to, and
// what handlers find in their context.
type Call struct {
	context.Context
	R    *http.Request
	W    http.ResponseWriter
	Body io.Reader         // read this, not R.Body: net/http must keep that one to know what was read of it
	Who  *access.Principal // nil on open routes for those who are not signed in

	route  *mounted
	op     *huma.Operation
	status int
	forced int // the status to send whatever is asked for; 0: none
}

// Permission is what the call's route asks for.
func (c *Call) Permission() parley.Permission { return c.route.Permission }

type callKey struct{}

// Value makes the call itself part of its context.
func (c *Call) Value(key any) any {
	if _, ok := key.(callKey); ok {
		return c
	}
	return c.Context.Value(key)
}

// CallOf returns the request that a handler's context belongs to.
func CallOf(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	return c
}

// Who returns who asks; handlers of routes that need a permission have one.
func Who(ctx context.Context) *access.Principal { return CallOf(ctx).Who }

// humaCall is the side of a Call that huma sees.
type humaCall struct{ *Call }

func (c humaCall) Operation() *huma.Operation { return c.op }
func (c humaCall) Context() context.Context   { return c.Call }
func (c humaCall) TLS() *tls.ConnectionState  { return c.R.TLS }
func (c humaCall) Method() string             { return c.R.Method }
func (c humaCall) Host() string               { return c.R.Host }
func (c humaCall) RemoteAddr() string         { return c.R.RemoteAddr }
func (c humaCall) URL() url.URL               { return *c.R.URL }
func (c humaCall) Param(name string) string   { return c.R.PathValue(name) }
func (c humaCall) Query(name string) string   { return queryparam.Get(c.R.URL.RawQuery, name) }
func (c humaCall) Header(name string) string  { return c.R.Header.Get(name) }
func (c humaCall) BodyReader() io.Reader      { return c.Body }
func (c humaCall) Status() int                { return c.status }
func (c humaCall) BodyWriter() io.Writer      { return c.W }

func (c humaCall) Version() huma.ProtoVersion {
	return huma.ProtoVersion{Proto: c.R.Proto, ProtoMajor: c.R.ProtoMajor, ProtoMinor: c.R.ProtoMinor}
}

func (c humaCall) EachHeader(cb func(name, value string)) {
	for name, all := range c.R.Header {
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
	c.W.WriteHeader(code)
}

func (c humaCall) AppendHeader(name, value string) { c.W.Header().Add(name, value) }
func (c humaCall) SetHeader(name, value string)    { c.W.Header().Set(name, value) }

// adapter puts huma's operations on a ServeMux, behind the gate.
type adapter struct {
	*http.ServeMux
	mux   *Mux
	route *mounted // the one that is being registered
}

func (a *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	rt := a.route
	counts := a.mux.metrics.of(&rt.Route)
	a.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
		if counts != nil {
			begun, sw := time.Now(), &statusWriter{w, http.StatusOK}
			defer func() { counts.answered(sw.status, begun) }()
			w = sw
		}
		a.mux.serve(&Call{Context: r.Context(), route: rt, op: op, R: r, W: w}, func(c *Call) {
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
func (m *Mux) serve(c *Call, next func(*Call)) {
	c.W.Header()["Cache-Control"] = noStore
	c.Body = c.R.Body
	if c.R.ContentLength != 0 {
		conn := http.NewResponseController(c.W)
		if err := conn.SetReadDeadline(time.Now().Add(bodyPatience)); err == nil {
			c.Body = &timedBody{c.R.Body, conn}
		}
	}
	err := wire.CheckQuery(c.R.URL.RawQuery)
	if err == nil {
		c.Who, err = m.Gate.Admit(c.R, c.route.Permission)
	}
	if err == nil {
		err = checkPath(c)
	}
	if err != nil {
		m.Fail(c, err)
		return
	}
	if c.R.Method == http.MethodPost && c.R.Header.Get("Idempotency-Key") != "" && !c.route.ownKey {
		m.once(c, next)
		return
	}
	next(c)
}

// Fail answers with an error. What is left of the body is read, within bounds,
// so that the answer reaches a client that is still writing.
func (m *Mux) Fail(c *Call, err error) {
	Drain(c.Body)
	wire.ProblemOf(c, m.Log, err).Write(c.W)
}

// maxDrain is how much of an unwanted body is read before answering.
const maxDrain = 32 << 20

// Drain reads what is left of a body that nobody wants, within bounds.
func Drain(body io.Reader) {
	if body != nil {
		_, _ = io.CopyN(io.Discard, body, maxDrain) // whatever it holds, it is not wanted
	}
}

// pathID reports whether a path parameter holds an id.
func pathID(name string) bool { return name == "id" || name == "doc" || strings.HasSuffix(name, "_id") }

// checkPath returns CodeNotFound for ids that cannot be any.
func checkPath(c *Call) error {
	for _, name := range c.route.params {
		if pathID(name) && !parley.ValidID(c.R.PathValue(name)) {
			return parley.Errorf(parley.CodeNotFound, "There is no such thing in this workspace.")
		}
	}
	return nil
}
