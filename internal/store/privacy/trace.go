package privacy

import (
	"context"

	"parley/internal/store"
)

// Webhook is what WhatsApp has posted.
type Webhook struct {
	N    int64
	Body []byte
}

// Webhooks returns up to limit of the posted bodies of a workspace that are
// processed, after the one numbered n.
func (p *Privacy) Webhooks(ctx context.Context, ws string, n int64, limit int) ([]Webhook, error) {
	r, err := p.Query(ctx, `
		SELECT n, body FROM webhook_inbox WHERE workspace_id = $1 AND n > $2 AND state <> 'waiting' ORDER BY n LIMIT $3`, ws, n, limit)
	return store.Collect(r, err, func(row store.Row) (w Webhook, err error) { return w, row.Scan(&w.N, &w.Body) })
}

// WebhooksWait reports whether there are posted bodies that are not processed.
func (p *Privacy) WebhooksWait(ctx context.Context, ws string) (wait bool, err error) {
	return wait, p.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM webhook_inbox WHERE workspace_id = $1 AND state = 'waiting')`, ws).Scan(&wait)
}

// ForgetWebhook removes a posted body.
func (p *Privacy) ForgetWebhook(ctx context.Context, ws string, n int64) error {
	return p.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM webhook_inbox WHERE workspace_id = $1 AND n = $2`, ws, n)
		return err
	})
}

// Answer is an answer of the API that is kept for repeated requests.
type Answer struct{ Principal, Key, Body string }

// Answers returns up to limit answers of a workspace, after one, the zero Answer
// at the beginning.
func (p *Privacy) Answers(ctx context.Context, ws string, after Answer, limit int) ([]Answer, error) {
	r, err := p.Query(ctx, `
		SELECT principal, key, answer FROM idempotency
		WHERE workspace_id = $1 AND (principal, key) > ($2, $3) ORDER BY principal, key LIMIT $4`, ws, after.Principal, after.Key, limit)
	return store.Collect(r, err, func(row store.Row) (a Answer, err error) {
		var sealed string
		if err := row.Scan(&a.Principal, &a.Key, &sealed); err != nil || sealed == "" {
			return a, err
		}
		a.Body, err = p.Unseal(sealed, "answer", ws+a.Principal+a.Key)
		return a, err
	})
}

// ForgetAnswer removes an answer. The request had to do with what is gone, so
// that repeating it finds nothing.
func (p *Privacy) ForgetAnswer(ctx context.Context, ws string, a Answer) error {
	return p.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM idempotency WHERE workspace_id = $1 AND principal = $2 AND key = $3`, ws, a.Principal, a.Key)
		return err
	})
}

// ExportIDs returns the ids of the exports of a workspace that have a file, or
// will have one.
func (p *Privacy) ExportIDs(ctx context.Context, ws string) ([]string, error) {
	r, err := p.Query(ctx, `SELECT id FROM export WHERE workspace_id = $1 AND state <> 'expired'`, ws)
	return store.Collect(r, err, scanText)
}
