package server

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

// checkIdempotencyKey returns CodeInvalid for what cannot be a key.
func checkIdempotencyKey(key string) error {
	bad := len(key) > 200
	for i := range len(key) {
		bad = bad || key[i] < 0x21 || key[i] > 0x7e
	}
	if bad {
		return parley.Errorf(parley.CodeInvalid, "An Idempotency-Key has 1 to 200 visible ASCII characters.")
	}
	return nil
}

// idempotencyKey names the request of a call with this body.
func idempotencyKey(c *call, body []byte) (store.IdempotencyKey, error) {
	key := c.r.Header.Get("Idempotency-Key")
	if err := checkIdempotencyKey(key); err != nil {
		return store.IdempotencyKey{}, err
	}
	sum := sha256.New()
	_, _ = io.WriteString(sum, c.r.Method+" "+c.r.URL.RequestURI()+"\n") // a hash never fails
	_, _ = sum.Write(body)
	return store.IdempotencyKey{
		WorkspaceID: c.who.Workspace, Principal: c.who.ID(), Key: key, BodyHash: hex.EncodeToString(sum.Sum(nil)),
	}, nil
}

// once lets a request with an Idempotency-Key take effect once: a repeat gets
// the first answer. Only success is kept: what failed may be tried again.
func (s *Server) once(c *call, next func(*call)) {
	if c.who == nil {
		next(c) // sign-in and the like have tokens that work once
		return
	}
	body, err := io.ReadAll(io.LimitReader(c.body, maxJSON+2))
	if err != nil {
		s.fail(c, parley.Errorf(parley.CodeInvalid, "The body could not be read."))
		return
	}
	c.body = io.MultiReader(bytes.NewReader(body), c.body)
	key, err := idempotencyKey(c, body)
	if err != nil {
		s.fail(c, err)
		return
	}
	prior, err := s.Store.BeginIdempotent(c, key)
	if err != nil {
		s.fail(c, err)
		return
	}
	if prior != nil {
		if err := replay(c, prior); err != nil {
			s.fail(c, err)
		}
		return
	}
	rec := newRecorder(c.w)
	inner := *c // the database may still watch the context of c
	inner.w, inner.Context = rec, store.WithIdempotency(c.Context, key)
	next(&inner)
	if err := s.keepAnswer(c, key, rec); err != nil {
		s.fail(c, err)
	}
}

// keepAnswer stores a successful answer and sends it. The client may have gone
// meanwhile; its repeat finds the answer.
func (s *Server) keepAnswer(c *call, key store.IdempotencyKey, rec *recorder) error {
	c.w = rec.to
	if rec.status < 300 {
		err := s.Store.SaveAnswer(context.WithoutCancel(c.Context), key, store.Answer{Status: rec.status, Body: rec.body.Bytes()})
		if err != nil {
			return err
		}
	}
	rec.send()
	return nil
}

// replay sends the first answer again.
func replay(c *call, a *store.Answer) error {
	h := c.w.Header()
	h["Content-Type"] = jsonType
	h.Set("Idempotent-Replay", "true")
	c.w.WriteHeader(a.Status)
	_, err := c.w.Write(a.Body)
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
