package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"

	"parley"
	"parley/internal/store"
)

// CheckIdempotencyKey returns CodeInvalid for what cannot be a key.
func CheckIdempotencyKey(key string) error {
	bad := len(key) > 200
	for i := range len(key) {
		bad = bad || key[i] < 0x21 || key[i] > 0x7e
	}
	if bad {
		return parley.Errorf(parley.CodeInvalid, "An Idempotency-Key has 1 to 200 visible ASCII characters.")
	}
	return nil
}

// IdempotencyKey names the request of a Call with this body.
func IdempotencyKey(c *Call, body []byte) (store.IdempotencyKey, error) {
	key := c.R.Header.Get("Idempotency-Key")
	if err := CheckIdempotencyKey(key); err != nil {
		return store.IdempotencyKey{}, err
	}
	sum := sha256.New()
	_, _ = io.WriteString(sum, c.R.Method+" "+c.R.URL.RequestURI()+"\n") // a hash never fails
	_, _ = sum.Write(body)
	return store.IdempotencyKey{
		WorkspaceID: c.Who.Workspace, Principal: c.Who.ID(), Key: key, BodyHash: hex.EncodeToString(sum.Sum(nil)),
	}, nil
}

// once lets a request with an Idempotency-Key take effect once: a repeat gets
// the first answer. Only success is kept: what failed may be tried again.
func (m *Mux) once(c *Call, next func(*Call)) {
	if c.Who == nil {
		next(c) // sign-in and the like have tokens that work once
		return
	}
	body, err := io.ReadAll(io.LimitReader(c.Body, c.op.MaxBodyBytes+1))
	if err != nil {
		m.Fail(c, parley.Errorf(parley.CodeInvalid, "The body could not be read."))
		return
	}
	c.Body = io.MultiReader(bytes.NewReader(body), c.Body)
	key, err := IdempotencyKey(c, body)
	if err != nil {
		m.Fail(c, err)
		return
	}
	prior, err := m.Answers.BeginIdempotent(c, key)
	if err != nil {
		m.Fail(c, err)
		return
	}
	if prior != nil {
		if err := Replay(c, prior); err != nil {
			m.Fail(c, err)
		}
		return
	}
	rec := newRecorder(c.W)
	inner := *c // the database may still watch the context of c
	inner.W, inner.Context = rec, store.WithIdempotency(c.Context, key)
	next(&inner)
	if err := m.keepAnswer(c, key, rec); err != nil {
		m.Fail(c, err)
	}
}

// Once lets a handler that has read its body take effect once for an
// Idempotency-Key, as once does for the others.
func (m *Mux) Once(c *Call, body []byte, answer func(*Call) error) error {
	if c.R.Header.Get("Idempotency-Key") == "" {
		return answer(c)
	}
	key, err := IdempotencyKey(c, body)
	if err != nil {
		return err
	}
	prior, err := m.Answers.BeginIdempotent(c, key)
	if err != nil {
		return err
	}
	if prior != nil {
		return Replay(c, prior)
	}
	inner := *c // as in once
	inner.Context = store.WithIdempotency(c.Context, key)
	return m.Keep(&inner, key, answer)
}

// Keep lets a handler that holds an idempotency key of its own answer, and
// keeps the answer for a repeat.
func (m *Mux) Keep(c *Call, key store.IdempotencyKey, answer func(*Call) error) error {
	rec := newRecorder(c.W)
	c.W = rec
	if err := answer(c); err != nil {
		return err
	}
	return m.keepAnswer(c, key, rec)
}

// keepAnswer stores a successful answer and sends it. The client may have gone
// meanwhile; its repeat finds the answer.
func (m *Mux) keepAnswer(c *Call, key store.IdempotencyKey, rec *recorder) error {
	c.W = rec.to
	if rec.status < 300 {
		err := m.Answers.SaveAnswer(context.WithoutCancel(c.Context), key, store.Answer{Status: rec.status, Body: rec.body.Bytes()})
		if err != nil {
			return err
		}
	}
	rec.send()
	return nil
}

// Replay sends the first answer again.
func Replay(c *Call, a *store.Answer) error {
	h := c.W.Header()
	h["Content-Type"] = jsonType
	h.Set("Idempotent-Replay", "true")
	c.W.WriteHeader(a.Status)
	_, err := c.W.Write(a.Body)
	return err
}

// recorder holds an answer back until it is stored.
type recorder struct {
	to     http.ResponseWriter
	status int
	body   bytes.Buffer
}

func newRecorder(to http.ResponseWriter) *recorder { return &recorder{to: to, status: http.StatusOK} }

func (r *recorder) Header() http.Header         { return r.to.Header() }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recorder) Unwrap() http.ResponseWriter { return r.to }

func (r *recorder) send() {
	r.to.WriteHeader(r.status)
	_, _ = r.to.Write(r.body.Bytes()) // the reader may have gone
}
