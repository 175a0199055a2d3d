package store

import (
	"context"
	"time"
)

// AgeWindows moves the windows of a simulated sender's conversations into the
// past, as if that much time had gone by, and returns their ids; those of the
// newest thousand.
func (s *Store) AgeWindows(ctx context.Context, ws, sender string, by time.Duration) ([]string, error) {
	var moved []string
	err := s.write(ctx, func(t *tx) error {
		rs, err := t.query(ctx, `
			UPDATE conversation SET window_expires_at = window_expires_at - $3, rev = rev + 1
			WHERE n IN (SELECT n FROM conversation
				WHERE workspace_id = $1 AND sender_id = $2 AND window_expires_at > 0 ORDER BY last_activity_at DESC LIMIT 1000)
			RETURNING id`, ws, sender, by.Microseconds())
		moved, err = collect(rs, err, scanID)
		return err
	})
	return moved, err
}
