package store

import (
	"context"
	"time"
)

// sweepBatch bounds the rows that one transaction removes.
const sweepBatch = 500

// Sweep removes what has expired: sessions, one-time links, invites that were
// not used in time, webhooks, and answers kept for repeated requests. It returns how many
// rows that were.
func (s *Store) Sweep(ctx context.Context) (int, error) {
	now := s.now()
	expired := []struct {
		table, key, column string
		before             time.Time
	}{
		{"auth_session", "token_hash", "expires_at", now},
		{"login_token", "token_hash", "expires_at", now},
		{"invite", "id", "expires_at", now.Add(-30 * 24 * time.Hour)},
		{"early_status", "workspace_id, sender_id, provider_id", "at", now.Add(-7 * 24 * time.Hour)},
		{"webhook_inbox", "n", "received_at", now.Add(-KeepWebhooks)},
		{"outreach", "workspace_id, portfolio_id, contact_id", "at", now.Add(-24 * time.Hour)},
		{"idempotency", "workspace_id, principal, key", "created_at", now.Add(-KeepAnswers)},
	}
	total := 0
	for _, x := range expired {
		query := `DELETE FROM ` + x.table + ` WHERE (` + x.key + `) IN (
			SELECT ` + x.key + ` FROM ` + x.table + ` WHERE ` + x.column + ` <= $1 LIMIT $2)`
		for n := int64(sweepBatch); n == sweepBatch; {
			err := s.write(ctx, func(t *tx) (err error) {
				n, err = t.exec(ctx, query, micros(x.before), sweepBatch)
				return err
			})
			if err != nil {
				return total, err
			}
			total += int(n)
		}
	}
	return total, nil
}
