package store

import (
	"context"
	"time"

	"parley"
)

// Alert is something that an operator has to look at.
type Alert struct {
	WorkspaceID string
	ID          string
	SubjectID   string // the sender that it is about
	Code        string
	Message     string // what is the matter and what to do
	Count       int    // how often it happened
	FirstAt     time.Time
	LastAt      time.Time
}

// RaiseAlert adds an alert, or counts the one of the same subject and code
// again.
func (s *Store) RaiseAlert(ctx context.Context, ws, subject, code, message string) error {
	return s.write(ctx, func(t *tx) error { return raiseAlert(ctx, t, ws, subject, code, message) })
}

func raiseAlert(ctx context.Context, t *tx, ws, subject, code, message string) error {
	now := t.s.nowMicros()
	_, err := t.exec(ctx, `
		INSERT INTO alert (workspace_id, id, subject_id, code, message, count, first_at, last_at)
		VALUES ($1, $2, $3, $4, $5, 1, $6, $6)
		ON CONFLICT (workspace_id, subject_id, code) DO UPDATE SET
			message = excluded.message, count = alert.count + 1, last_at = excluded.last_at`,
		ws, parley.NewID(now), subject, code, message, micros(now))
	return err
}

// Alerts returns the alerts of a workspace, the newest first.
func (s *Store) Alerts(ctx context.Context, ws string) ([]Alert, error) {
	rs, err := s.read.query(ctx, `
		SELECT id, subject_id, code, message, count, first_at, last_at FROM alert
		WHERE workspace_id = $1 ORDER BY last_at DESC LIMIT 200`, ws)
	return collect(rs, err, func(r scanner) (Alert, error) {
		a := Alert{WorkspaceID: ws}
		return a, r.Scan(&a.ID, &a.SubjectID, &a.Code, &a.Message, &a.Count, asTime(&a.FirstAt), asTime(&a.LastAt))
	})
}

// DismissAlert removes an alert. It returns CodeNotFound.
func (s *Store) DismissAlert(ctx context.Context, ws, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM alert WHERE workspace_id = $1 AND id = $2`, ws, id)
		return changedOne(n, err, "alert")
	})
}

// ClearAlerts removes the alerts of a subject.
func (s *Store) ClearAlerts(ctx context.Context, ws, subject string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM alert WHERE workspace_id = $1 AND subject_id = $2`, ws, subject)
		return err
	})
}
