// Package whatsapp answers the requests about WhatsApp's senders, templates and
// webhooks, and takes what Meta posts.
package whatsapp

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"parley"
	"parley/internal/cache"
	"parley/internal/channel/webchat"
	"parley/internal/live"
	"parley/internal/senders"
	"parley/internal/store"
)

// Store is what the handlers need of the database.
type Store interface {
	senderStore
	appStore
	webhookStore
	alertStore
	Assistant(ctx context.Context, ws, id string) (*parley.Assistant, error)
	AgeWindows(ctx context.Context, ws, sender string, by time.Duration) ([]string, error)
}

type senderStore interface {
	Senders(ctx context.Context, ws string) ([]parley.Sender, error)
	Sender(ctx context.Context, ws, id string) (*parley.Sender, error)
	CreateSender(ctx context.Context, x *parley.Sender) error
	UpdateSender(ctx context.Context, x *parley.Sender) error
	DeleteSender(ctx context.Context, ws, id string) error
	SenderFacts(ctx context.Context, x *parley.Sender) (*store.SenderFacts, error)
	SenderErrors(ctx context.Context, ws, sender string, n int) ([]store.SenderError, error)
	Templates(ctx context.Context, ws, waba, status string) ([]parley.Template, error)
}

type appStore interface {
	WhatsAppApp(ctx context.Context, id string) (*parley.WhatsAppApp, error)
	WhatsAppApps(ctx context.Context, ws string) ([]parley.WhatsAppApp, error)
	SaveWhatsAppApp(ctx context.Context, a *parley.WhatsAppApp) error
}

type webhookStore interface {
	AddWebhook(ctx context.Context, ws, app string, body []byte) error
	Webhooks(ctx context.Context, x *parley.Sender, state store.WebhookState, before int64, limit int) ([]store.Webhook, error)
	Webhook(ctx context.Context, ws, id string) (*store.Webhook, error)
	ProcessAgain(ctx context.Context, ws, id string) error
}

type alertStore interface {
	Alerts(ctx context.Context, ws string) ([]store.Alert, error)
	DismissAlert(ctx context.Context, ws, id string) error
}

// Config is what the handlers need.
type Config struct {
	Store   Store
	Senders *senders.Service
	Hub     *live.Hub
	Log     *slog.Logger
	HTML    *webchat.Renderer
	// URL returns how the world reaches a path of this server, for a request.
	URL func(r *http.Request, path string) string
	// Simulator serves the control API of the built-in simulator; nil: there is
	// none. SimulatorWorkspace is whose it is.
	Simulator          http.Handler
	SimulatorWorkspace string
}

// appLife is how long the secrets of an app are remembered, so that a burst of
// webhooks does not decrypt them again and again.
const appLife = 5 * time.Second

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Config
	apps cache.Cache[string, *parley.WhatsAppApp]
}

// New returns handlers.
func New(c Config) *Handlers {
	return &Handlers{Config: c, apps: cache.New[string, *parley.WhatsAppApp](1000, appLife)}
}
