// Package inbox processes what Meta has posted: each update of each webhook is
// applied once, in order per contact, and what cannot be understood or applied
// is kept and said in words without keeping anything else waiting.
//
// A webhook is on disk before its sender is answered; processing follows from
// the queue. It must never lose an update: whatever is interrupted is done
// again, and done again changes nothing.
package inbox

import (
	"context"
	"log/slog"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/store"
)

// Store is what the inbox needs of the database.
type Store interface {
	webhookStore
	contactStore
	senderStore
}

type webhookStore interface {
	WaitingWebhooks(ctx context.Context, app string, n int) ([]store.Webhook, error)
	SettleWebhooks(ctx context.Context, settled []store.Webhook) error
}

type contactStore interface {
	ChangeIdentity(ctx context.Context, ch store.IdentityChange) (contact string, err error)
	NewestConversation(ctx context.Context, ws, sender string, ids []parley.Identity) (id string, err error)
	AddNote(ctx context.Context, n store.Note) error
}

type senderStore interface {
	AppSenders(ctx context.Context, ws, app string) ([]parley.Sender, error)
	ChangeHealth(ctx context.Context, ws, id string, fn func(*parley.SenderHealth)) (*parley.Sender, error)
	RaiseAlert(ctx context.Context, ws, subject, code, message string) error
	TemplateByName(ctx context.Context, ws, waba, name, language string) (*parley.Template, error)
	SaveTemplate(ctx context.Context, t *parley.Template) error
}

// Engine is what messages and statuses are handed to.
type Engine interface {
	ReceiveFrom(ctx context.Context, s *parley.Sender, in channel.Inbound, answered bool) (*engine.Received, error)
	Amend(ctx context.Context, a store.Amendment) error
	Echo(ctx context.Context, s *parley.Sender, in channel.Inbound) (*engine.Received, error)
	DeliveryStatus(ctx context.Context, r store.StatusReport) error
	Trouble(ctx context.Context, s *parley.Sender, c *channel.Error) error
}

// Rates is told what counts towards a number's rates besides sending.
type Rates interface {
	NoteInbound(sender *parley.Sender, n int)
	NoteError(sender *parley.Sender, to []parley.Identity, e *channel.Error)
}

// Config is what an inbox is built from.
type Config struct {
	Store  Store
	Engine Engine
	Rates  Rates
	Now    func() time.Time
	Log    *slog.Logger
}

// Inbox is safe for concurrent use.
type Inbox struct{ Config }

// New returns an inbox. Its Process is the handler of parley.WorkWebhooks.
func New(c Config) *Inbox { return &Inbox{c} }
