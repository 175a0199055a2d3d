package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"parley"
	"parley/internal/channel/whatsapp"
	"parley/internal/server/wire"
)

// The bounds of a webhook: Meta posts up to 3 MB.
const (
	maxWebhook      = 4 << 20
	webhookPatience = 30 * time.Second
)

// ServeHook takes what Meta posts to /webhooks/whatsapp/{app}: it is verified on
// its raw bytes, kept on disk, and only then answered. A GET is Meta's question
// whether the address is ours.
func (h *Handlers) ServeHook(w http.ResponseWriter, r *http.Request) {
	app, err := h.app(r.Context(), r.PathValue("app"))
	if err != nil {
		wire.ProblemOf(r.Context(), h.Log, err).Write(w)
		return
	}
	switch r.Method {
	case http.MethodGet:
		challenge, ok := whatsapp.Handshake(r.URL.Query(), app.VerifyToken)
		if !ok {
			wire.NewProblem(parley.CodeForbidden, "The verify token is not the one of this app.").Write(w)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, challenge) // the reader may have gone
	case http.MethodPost:
		if err := h.take(w, r, app); err != nil {
			wire.ProblemOf(r.Context(), h.Log, err).Write(w)
			return
		}
		w.WriteHeader(http.StatusOK)
	default:
		wire.MethodNotAllowed(r.Method, "GET, POST").Write(w)
	}
}

// take verifies and keeps a webhook. It returns CodeUnauthorized for a wrong
// signature, CodeInvalid for what is no JSON object, and CodeTooLarge.
func (h *Handlers) take(w http.ResponseWriter, r *http.Request, app *parley.WhatsAppApp) error {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(webhookPatience)) // fails when the connection has gone
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return parley.Errorf(parley.CodeTooLarge, "A webhook has at most 4 MB.")
		}
		return parley.Errorf(parley.CodeInvalid, "The body could not be read.")
	}
	if !whatsapp.VerifySignature(app.AppSecret, r.Header.Get("X-Hub-Signature-256"), body) {
		return parley.Errorf(parley.CodeUnauthorized, "The signature is missing or does not fit the body.")
	}
	if !isObject(body) {
		if _, err := whatsapp.Parse(body); err != nil {
			return err
		}
	}
	return h.Store.AddWebhook(r.Context(), app.WorkspaceID, app.ID, body)
}

// isObject is the quick look at a body; what it turns down may still be one that
// is nested more deeply than encoding/json goes.
func isObject(body []byte) bool {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(body)
}

// app returns an app of any workspace: its id is the address, the signature
// proves the rest. It returns CodeNotFound.
func (h *Handlers) app(ctx context.Context, id string) (*parley.WhatsAppApp, error) {
	if !parley.ValidID(id) {
		return nil, parley.Errorf(parley.CodeNotFound, "There is no such webhook.")
	}
	return h.apps.Get(ctx, id, func(ctx context.Context) (*parley.WhatsAppApp, error) { return h.Store.WhatsAppApp(ctx, id) })
}
