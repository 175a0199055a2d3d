package faultrun

import (
	"context"
	"fmt"
	"net/url"

	"parley/internal/metasim"
)

// setUp makes the assistant and a sender for each number of the simulator, and
// lets the webhooks of each account go to its sender's app.
func (r *run) setUp(ctx context.Context) error {
	var assistant struct {
		ID string `json:"id"`
	}
	err := r.server.call(ctx, "POST", "/assistants", map[string]any{
		"name": "Fault run", "status": "active", "prompt": "Answer in one short sentence.",
		"model": map[string]string{"provider_id": "builtin", "model": "builtin-answerer"},
	}, &assistant)
	if err != nil {
		return err
	}
	for _, n := range r.sim.Numbers() {
		var sender struct {
			App struct {
				WebhookPath string `json:"webhook_path"`
			} `json:"app"`
		}
		err := r.server.call(ctx, "POST", "/whatsapp/senders", map[string]any{
			"name": n.VerifiedName, "phone_number_id": n.ID, "waba_id": n.AccountID, "display_phone": "+" + n.Phone,
			"base_url": r.graph, "graph_version": graphVersion, "token": metasim.DefaultToken,
			"app": map[string]string{
				"name": n.VerifiedName, "app_secret": metasim.DefaultAppSecret, "verify_token": metasim.DefaultVerifyToken,
			},
			"assistant_id": assistant.ID, "ai_on": true, "reply_delay_seconds": r.ReplyDelay,
		}, &sender)
		if err != nil {
			return err
		}
		if err := r.sim.OverrideWebhook(ctx, n.AccountID, "http://"+r.server.addr+sender.App.WebhookPath); err != nil {
			return fmt.Errorf("sender %s: %w", n.VerifiedName, err)
		}
	}
	return nil
}

// conversations reads all WhatsApp conversations with their messages.
func (r *run) conversations(ctx context.Context) ([]Conversation, error) {
	var all []Conversation
	for cursor := ""; ; {
		var page struct {
			Data []Conversation `json:"data"`
			Next *string        `json:"next_cursor"`
		}
		q := url.Values{"source": {"whatsapp"}, "sort": {"-started_at"}, "limit": {"100"}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		if err := r.server.call(ctx, "GET", "/conversations?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Data...)
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	for i := range all {
		if err := r.messages(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (r *run) messages(ctx context.Context, c *Conversation) error {
	for after := "0"; ; {
		var page struct {
			Data []Message `json:"data"`
			Next *string   `json:"next_cursor"`
		}
		if err := r.server.call(ctx, "GET", "/conversations/"+c.ID+"/messages?after="+after, nil, &page); err != nil {
			return err
		}
		c.Messages = append(c.Messages, page.Data...)
		if page.Next == nil {
			return nil
		}
		after = *page.Next
	}
}
