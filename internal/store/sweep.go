package store

import (
	"context"
	"time"

	"parley"
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
		last               any // up to which value it goes
	}{
		{"auth_session", "token_hash", "expires_at", micros(now)},
		{"login_token", "token_hash", "expires_at", micros(now)},
		{"invite", "id", "expires_at", micros(now.Add(-30 * 24 * time.Hour))},
		{"early_status", "workspace_id, sender_id, provider_id", "at", micros(now.Add(-7 * 24 * time.Hour))},
		{"webhook_inbox", "n", "id", parley.NewID(now.Add(-KeepWebhooks))}, // ids begin with the time
		{"outreach", "workspace_id, portfolio_id, contact_id", "at", micros(now.Add(-24 * time.Hour))},
		{"idempotency", "workspace_id, principal, key", "created_at", micros(now.Add(-KeepAnswers))},
	}
	total := 0
	for _, x := range expired {
		query := `DELETE FROM ` + x.table + ` WHERE (` + x.key + `) IN (
			SELECT ` + x.key + ` FROM ` + x.table + ` WHERE ` + x.column + ` <= $1 LIMIT $2)`
		for n := int64(sweepBatch); n == sweepBatch; {
			err := s.write(ctx, func(t *tx) (err error) {
				n, err = t.exec(ctx, query, x.last, sweepBatch)
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
