// Package widget serves the visitors of websites: the script, the page of its
// own, and the protocol of docs/widget.md.
//
// It has a gate of its own. A visitor has a signed token that opens the
// visitor's own conversations in one widget; ids open nothing. It must never
// answer a site that the widget's owner has not allowed, nor tell a visitor
// what is for members: prices, errors of providers, results of tools.
package widget

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/webchat"
	"parley/internal/engine"
	"parley/internal/live"
	sse "parley/internal/server/events"
	"parley/internal/server/wire"
	"parley/internal/store"
)

// Store is what visitors need of the database, by use case.
type Store interface {
	widgetStore
	visitStore
	leftStore
	messageStore
	fileStore
}

type widgetStore interface {
	PublicWidget(ctx context.Context, id string) (*parley.Widget, error)
	WidgetState(ctx context.Context, id string) (store.WidgetState, error)
	Assistant(ctx context.Context, ws, id string) (*parley.Assistant, error)
}

type visitStore interface {
	VisitorConversations(ctx context.Context, ws, widget, visitor string, limit int) ([]store.VisitorRow, error)
	VisitorConversation(ctx context.Context, ws, widget, visitor, conv string) (*store.VisitorRow, error)
	VisitorOwns(ctx context.Context, ws, widget, visitor, conv string) (bool, error)
	AdoptVisitor(ctx context.Context, ws, widget, from, to string) error
	ChangeIdentity(ctx context.Context, ch store.IdentityChange) (contact string, err error)
}

type leftStore interface {
	MarkRead(ctx context.Context, ws, conv string, seq int64) (*parley.Conversation, bool, error)
	RateConversation(ctx context.Context, ws, conv string, score int, comment string) (*parley.Conversation, error)
	LeaveEmail(ctx context.Context, ws, conv, email string) (*parley.Conversation, error)
	SaveVariables(ctx context.Context, ws, conv string, vars []parley.Variable) (*parley.Conversation, error)
}

type messageStore interface {
	Messages(ctx context.Context, ws, conv string, after int64, limit int) ([]parley.Message, error)
	MessagesChangedSince(ctx context.Context, ws, conv string, rev int64, limit int) ([]parley.Message, error)
	Message(ctx context.Context, ws, conv, id string) (*parley.Message, error)
	MessageByProviderID(ctx context.Context, ws, sender, providerID string) (*parley.Message, error)
}

type fileStore interface {
	CreateAttachment(ctx context.Context, a *store.StoredAttachment) error
	Attachment(ctx context.Context, ws, id string) (*store.StoredAttachment, error)
	Attachments(ctx context.Context, ws string, ids []string) ([]store.StoredAttachment, error)
	UploadVolume(ctx context.Context, ws, conv string) (files int, bytes int64, err error)
}

// Engine is what visitors need of the engine.
type Engine interface {
	Open(ctx context.Context, req engine.OpenRequest) (*parley.Conversation, bool, error)
	Receive(ctx context.Context, in channel.Inbound) (*engine.Received, error)
	End(ctx context.Context, ws, conv string, reason parley.EndReason, by engine.Actor) (*parley.Conversation, error)
}

// Blobs keeps the bytes of files.
type Blobs interface {
	Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error)
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
	Delete(ctx context.Context, key string) error
}

// Keys sign tokens.
type Keys interface {
	Sign(data []byte, what string) string
	Verify(data []byte, what, signature string) bool
}

// Config is what serving visitors needs.
type Config struct {
	Store     Store
	Engine    Engine
	Blobs     Blobs
	Keys      Keys
	Hub       *live.Hub
	Streams   *sse.Source
	HTML      *webchat.Renderer
	Files     fs.FS                      // of the built client, with the folder widget; nil: none
	Address   func(*http.Request) string // where a request comes from
	PublicURL string                     // how browsers reach the server; "": as they ask
	Demo      string                     // the widget of the demo page; "": there is no such page
	Unlimited bool                       // addresses are not limited
	Now       func() time.Time
	Log       *slog.Logger
}

// Visitors serves the visitors of every widget. It is safe for concurrent use.
type Visitors struct {
	Config
	origin  string // Parley's own, of PublicURL; "": the one that was asked
	texts   map[string]map[string]string
	limits  limits
	widgets widgetCache
	streams openStreams
	scripts scripts
}

// New returns the server of visitors.
func New(c Config) (*Visitors, error) {
	s := &Visitors{Config: c, limits: newLimits(c.Unlimited, c.Now)}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil {
			return nil, err
		}
		s.origin = u.Scheme + "://" + u.Host
	}
	var err error
	s.texts, err = shippedTexts()
	s.scripts.files = c.Files
	return s, err
}

// Register puts the routes on a mux: what a request must be, whether it needs a
// token, and what answers it.
func (s *Visitors) Register(mux *http.ServeMux) {
	const v1 = "/widget/v1/{widget}"
	for _, r := range []struct {
		pattern string
		token   need
		handler func(*call) error
	}{
		{"GET " + v1 + "/config", noToken, s.config},
		{"POST " + v1 + "/visitor", maybeToken, s.visit},
		{"POST " + v1 + "/identify", maybeToken, s.identify},
		{"GET " + v1 + "/conversations", token, s.list},
		{"POST " + v1 + "/conversations", token, s.start},
		{"GET " + v1 + "/conversations/{id}", token, s.conversation},
		{"GET " + v1 + "/conversations/{id}/messages", token, s.messages},
		{"POST " + v1 + "/conversations/{id}/messages", token, s.send},
		{"GET " + v1 + "/conversations/{id}/stream", token, s.stream},
		{"POST " + v1 + "/conversations/{id}/typing", token, s.typing},
		{"POST " + v1 + "/conversations/{id}/read", token, s.read},
		{"POST " + v1 + "/conversations/{id}/variables", token, s.variables},
		{"POST " + v1 + "/conversations/{id}/end", token, s.end},
		{"POST " + v1 + "/conversations/{id}/rating", token, s.rate},
		{"GET " + v1 + "/conversations/{id}/transcript", token, s.transcript},
		{"POST " + v1 + "/conversations/{id}/attachments", token, s.upload},
		{"GET " + v1 + "/conversations/{id}/attachments/{file}", token, s.download},
		{"POST " + v1 + "/leave", token, s.leave},
		{"OPTIONS " + v1 + "/{rest...}", preflight, nil},
		{v1 + "/{rest...}", noToken, func(*call) error {
			return parley.Errorf(parley.CodeNotFound, "There is no such path. The protocol is described in docs/widget.md.")
		}},
	} {
		mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) { s.serve(w, req, r.token, r.handler) })
	}
	mux.HandleFunc("GET /widget.js", s.loader)
	mux.HandleFunc("GET /widget/assets/{file}", s.asset)
	mux.HandleFunc("GET /c/{widget}", s.page)
	if s.Demo != "" {
		mux.HandleFunc("GET /demo", s.demo)
	}
}

// call is one request of a visitor.
type call struct {
	context.Context
	r      *http.Request
	w      http.ResponseWriter
	widget *parley.Widget
	origin string // "" if the request says none
	epoch  parley.VisitorEpoch
	who    *visitor // nil where no token is needed
}

// Value is that of the request's context.
func (c *call) Value(key any) any { return c.Context.Value(key) }

// maxBody is the largest JSON body of a visitor.
const maxBody = 128 << 10

// bodyPatience is how long a body may take to arrive.
const bodyPatience = 30 * time.Second

// decode reads the JSON body into v. It returns CodeInvalid and CodeTooLarge.
func (c *call) decode(v any) error {
	conn := http.NewResponseController(c.w)
	_ = conn.SetReadDeadline(time.Now().Add(bodyPatience)) // fails when the connection has gone
	data, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	switch {
	case err != nil:
		return parley.Errorf(parley.CodeInvalid, "The body could not be read.")
	case len(data) > maxBody:
		return parley.Errorf(parley.CodeTooLarge, "The body is too large: at most 128 KB are taken.")
	}
	_ = conn.SetReadDeadline(time.Time{})
	return wire.DecodeStrict(data, v)
}

// answer sends v as JSON.
func (c *call) answer(status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(append(b, '\n')) // the reader may have gone
	return nil
}

// done answers without a body.
func (c *call) done() error {
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// refuse is an error that says with a word what is the matter, for the client's
// own text.
func refuse(code parley.Code, what, message string) error {
	return &parley.Error{Code: code, Message: message, Fields: []parley.FieldError{{Path: what, Message: message}}}
}

// mine returns a conversation of the visitor in the widget: the one that the
// path names. It returns CodeNotFound for any other.
func (s *Visitors) mine(c *call) (*store.VisitorRow, error) {
	id := c.r.PathValue("id")
	if !parley.ValidID(id) {
		return nil, parley.Errorf(parley.CodeNotFound, "There is no such conversation.")
	}
	return s.Store.VisitorConversation(c, c.widget.WorkspaceID, c.widget.ID, c.who.ID, id)
}

// changed tells everybody who watches that a conversation has changed.
func (s *Visitors) changed(conv *parley.Conversation) {
	s.Hub.Publish(live.Event{
		Type: live.ConversationChanged, WorkspaceID: conv.WorkspaceID, ConversationID: conv.ID, Rev: conv.Rev,
	})
}
