package store

import (
	"context"
	"math"
	"time"

	"parley"
)

// KeepWebhooks is how long webhooks are kept.
const KeepWebhooks = 7 * 24 * time.Hour

// Webhook is one body that Meta has posted.
type Webhook struct {
	N           int64
	WorkspaceID string
	ID          string
	AppID       string
	SenderID    string // "" until it is processed, and where it concerns several or none
	ReceivedAt  time.Time
	Body        []byte // as it came; not in lists
	Size        int    // bytes
	State       WebhookState
	Updates     int // how many things it says
	Unknown     int // how many of them were not understood
	Fields      []string
	Error       string
	DoneAt      time.Time
}

// WebhookState says whether a webhook has been processed.
type WebhookState string

// The states of a webhook.
const (
	WebhookWaiting WebhookState = "waiting"
	WebhookDone    WebhookState = "done"
	WebhookFailed  WebhookState = "failed" // some of it could not be processed; Error says why
)

// AddWebhook keeps a body that was posted to an app and makes its processing
// due. When it returns, the body is on disk.
func (s *Store) AddWebhook(ctx context.Context, ws, app string, body []byte) error {
	now := s.nowMicros()
	id := parley.NewID(now)
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `
			INSERT INTO webhook_inbox (workspace_id, id, app_id, sender_id, received_at, body, size, state, updates,
				unknown, fields, error, done_at)
			VALUES ($1, $2, $3, '', $4, $5, $6, 'waiting', 0, 0, '', '', 0)`,
			ws, id, app, micros(now), body, len(body))
		if err != nil {
			return err
		}
		return addWork(ctx, t, parley.WorkWebhooks, app, ws, now)
	})
}

const webhookColumns = `n, workspace_id, id, app_id, sender_id, received_at, size, state, updates, unknown, fields, error, done_at`

func scanWebhook(r scanner, more ...any) (Webhook, error) {
	var w Webhook
	dest := append([]any{
		&w.N, &w.WorkspaceID, &w.ID, &w.AppID, &w.SenderID, asTime(&w.ReceivedAt), &w.Size, &w.State, &w.Updates,
		&w.Unknown, asJSON(&w.Fields), &w.Error, asTime(&w.DoneAt),
	}, more...)
	return w, r.Scan(dest...)
}

func scanWebhookBody(r scanner) (Webhook, error) {
	var body []byte
	w, err := scanWebhook(r, &body)
	w.Body = body
	return w, err
}

// maxWaitingBytes bounds the bodies that WaitingWebhooks returns.
const maxWaitingBytes = 8 << 20

// WaitingWebhooks returns up to n webhooks of an app that are to be processed,
// with their bodies, in the order in which they came; fewer where the bodies are
// large.
func (s *Store) WaitingWebhooks(ctx context.Context, app string, n int) ([]Webhook, error) {
	rs, err := s.read.query(ctx, `
		SELECT `+webhookColumns+`, body FROM webhook_inbox WHERE app_id = $1 AND state = 'waiting' ORDER BY n LIMIT $2`, app, n)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rs.Close() }()
	var all []Webhook
	for bytes := 0; bytes < maxWaitingBytes && rs.Next(); {
		w, err := scanWebhookBody(rs)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
		bytes += w.Size
	}
	return all, rs.Err()
}

// SettleWebhooks records what became of webhooks: State, SenderID, Updates,
// Unknown, Fields and Error. The senders are known to be alive.
func (s *Store) SettleWebhooks(ctx context.Context, settled []Webhook) error {
	now := micros(s.nowMicros())
	return s.write(ctx, func(t *tx) error {
		seen := map[string]bool{}
		for i := range settled {
			w := &settled[i]
			_, err := t.exec(ctx, `
				UPDATE webhook_inbox SET sender_id = $2, state = $3, updates = $4, unknown = $5, fields = $6, error = $7, done_at = $8
				WHERE n = $1`,
				w.N, w.SenderID, string(w.State), w.Updates, w.Unknown, jsonOrNone(w.Fields), w.Error, now)
			if err != nil {
				return err
			}
			if w.SenderID == "" || seen[w.SenderID] {
				continue
			}
			seen[w.SenderID] = true
			if _, err := t.exec(ctx, `UPDATE sender SET webhook_at = $2 WHERE id = $1`, w.SenderID, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// inState narrows a query to a state. It is text, because SQLite takes a partial
// index only where the query says its condition, and not by a parameter.
var inState = map[WebhookState]string{
	WebhookWaiting: ` AND state = 'waiting'`,
	WebhookDone:    ` AND state = 'done'`,
	WebhookFailed:  ` AND state = 'failed'`,
}

// Webhooks returns the webhooks of a sender before n, newest first, and those
// of its app that concern several senders or none; before 0 and state "" mean
// any.
func (s *Store) Webhooks(ctx context.Context, x *parley.Sender, state WebhookState, before int64, limit int) ([]Webhook, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	rs, err := s.read.query(ctx, `
		SELECT `+webhookColumns+` FROM webhook_inbox
		WHERE workspace_id = $1 AND app_id = $2 AND sender_id IN ('', $3) AND n < $4`+inState[state]+`
		ORDER BY n DESC LIMIT $5`, x.WorkspaceID, x.AppID, x.ID, before, limit)
	return collect(rs, err, func(r scanner) (Webhook, error) { return scanWebhook(r) })
}

// Webhook returns one webhook with its body. It returns CodeNotFound.
func (s *Store) Webhook(ctx context.Context, ws, id string) (*Webhook, error) {
	w, err := scanWebhookBody(s.read.queryRow(ctx, `
		SELECT `+webhookColumns+`, body FROM webhook_inbox WHERE workspace_id = $1 AND id = $2`, ws, id))
	return found(w, err, "webhook")
}

// ProcessAgain makes a webhook wait for its processing again, which does
// nothing twice. It returns CodeNotFound.
func (s *Store) ProcessAgain(ctx context.Context, ws, id string) error {
	return s.write(ctx, func(t *tx) error {
		var app string
		err := t.queryRow(ctx, `
			UPDATE webhook_inbox SET state = 'waiting', error = '' WHERE workspace_id = $1 AND id = $2 RETURNING app_id`, ws, id).
			Scan(&app)
		if err != nil {
			return orNotFound(err, "webhook")
		}
		return addWork(ctx, t, parley.WorkWebhooks, app, ws, s.nowMicros())
	})
}
