package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/engine"
	"parley/internal/inbox"
	"parley/internal/queue"
	"parley/internal/senders"
	"parley/internal/store"
)

// numbers are the parts that WhatsApp consists of beside the engine.
type numbers struct {
	channel *whatsapp.Channel
	inbox   *inbox.Inbox
	senders *senders.Service
}

// newNumbers returns the channel; join completes the parts that need the
// engine.
func newNumbers(now func() time.Time) *numbers {
	return &numbers{channel: whatsapp.New(graph.Config{Now: now})}
}

func (n *numbers) join(e *engine.Engine, s *store.Store, files senders.Files, now func() time.Time, log *slog.Logger) {
	n.inbox = inbox.New(inbox.Config{Store: s, Engine: e, Rates: n.channel, Now: now, Log: log})
	n.senders = senders.New(senders.Config{
		Store: s, Meta: graph.NewClient(graph.Config{Now: now}), Engine: e, Files: files, Reachable: reachWebhook, Now: now, Log: log,
	})
}

// pools are the work of WhatsApp that the queue gives out.
func (n *numbers) pools() []queue.Pool {
	return []queue.Pool{{
		Name: "webhooks", Workers: 8, Poll: time.Second, Eager: true,
		Handlers: map[parley.WorkKind]queue.Handler{
			parley.WorkWebhooks: func(ctx context.Context, w parley.Work) error { return n.inbox.Process(ctx, w) },
		},
	}}
}

// withWhatsApp adds a channel for WhatsApp to the others.
func withWhatsApp(all map[parley.Source]channel.Channel, c *whatsapp.Channel) map[parley.Source]channel.Channel {
	all[parley.SourceWhatsApp] = c
	return all
}

// reachTime bounds the look at our own webhook.
const reachTime = 10 * time.Second

// reachWebhook asks the webhook's address what Meta would ask it. The address is
// this server's own, from --public-url or the request.
func reachWebhook(ctx context.Context, webhookURL, verifyToken string) error {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	question := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"parley"}, "hub.verify_token": {verifyToken}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, webhookURL+"?"+question.Encode(), nil)
	if err != nil {
		return parley.Errorf(parley.CodeInvalid, "%s is not an address.", webhookURL)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return parley.Errorf(parley.CodeUnavailable, "%s does not answer.", webhookURL)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 100))
	if err != nil || res.StatusCode != http.StatusOK || string(answer) != "parley" {
		return parley.Errorf(parley.CodeUnavailable, "%s answers, but not as this server does: look at the proxy before it.", webhookURL)
	}
	return nil
}
