// Package senders looks after WhatsApp numbers: it tries their settings, reads
// their health from Meta within its budget of calls, and keeps their templates.
//
// It decides what stops a sender and says in words what to do about it. It
// never sends a message itself: templates go through the engine's outbox.
package senders

import (
	"context"
	"io"
	"log/slog"
	"time"

	"parley"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/engine"
	"parley/internal/store"
)

// Store is what the service needs of the database.
type Store interface {
	numberStore
	templateStore
	priceStore
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	Attachment(ctx context.Context, ws, id string) (*store.StoredAttachment, error)
}

type numberStore interface {
	AllSenders(ctx context.Context) ([]parley.Sender, error)
	Sender(ctx context.Context, ws, id string) (*parley.Sender, error)
	ChangeHealth(ctx context.Context, ws, id string, fn func(*parley.SenderHealth)) (*parley.Sender, error)
	RaiseAlert(ctx context.Context, ws, subject, code, message string) error
	ClearAlerts(ctx context.Context, ws, subject string) error
}

type templateStore interface {
	Templates(ctx context.Context, ws, waba, status string) ([]parley.Template, error)
	Template(ctx context.Context, ws, id string) (*parley.Template, error)
	SaveTemplate(ctx context.Context, t *parley.Template) error
	SyncTemplates(ctx context.Context, ws, waba string, all []parley.Template) error
	DeleteTemplate(ctx context.Context, ws, id string) error
}

type priceStore interface {
	MessagePrice(ctx context.Context, ws, category, conv, phone string) (*parley.Price, error)
}

// Meta is what Meta is asked.
type Meta interface {
	numberMeta
	templateMeta
}

type numberMeta interface {
	ReadNumber(ctx context.Context, s *parley.Sender) (*graph.Number, error)
	ReadToken(ctx context.Context, s *parley.Sender) (*graph.Token, error)
	SubscribedApps(ctx context.Context, s *parley.Sender) ([]graph.SubscribedApp, error)
	Subscribe(ctx context.Context, s *parley.Sender, callback, verifyToken string) error
}

type templateMeta interface {
	Templates(ctx context.Context, s *parley.Sender) ([]parley.Template, error)
	Template(ctx context.Context, s *parley.Sender, metaID string) (*parley.Template, error)
	CreateTemplate(ctx context.Context, s *parley.Sender, t *parley.Template) (*parley.Template, error)
	DeleteTemplate(ctx context.Context, s *parley.Sender, name, metaID string) error
	UploadSample(ctx context.Context, s *parley.Sender, a *parley.Attachment, content io.Reader) (string, error)
}

// Engine sends.
type Engine interface {
	SendTemplate(ctx context.Context, ws, conv string, by engine.Actor, m *parley.Message) (*engine.Received, error)
	Open(ctx context.Context, req engine.OpenRequest) (*parley.Conversation, bool, error)
}

// Files are where the bytes of attachments are.
type Files interface {
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
}

// Config is what the service is built from.
type Config struct {
	Store  Store
	Meta   Meta
	Engine Engine
	Files  Files
	// Reachable reports whether the world can post to an address of this server:
	// an error in words says why not. nil: it is not tried.
	Reachable func(ctx context.Context, webhookURL, verifyToken string) error
	Now       func() time.Time
	Log       *slog.Logger
}

// Service is safe for concurrent use.
type Service struct{ Config }

// New returns a service.
func New(c Config) *Service { return &Service{c} }
