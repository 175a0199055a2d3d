package store

import (
	"context"
	"time"

	"parley"
)

// EndIdle ends the conversation that an idle work names if nothing happened in
// it after quietSince, and reports whether it did: a message that arrives at
// the last moment keeps it active. It returns ErrLeaseLost and CodeNotFound.
func (s *Store) EndIdle(ctx context.Context, work parley.Work, quietSince time.Time) (*parley.Conversation, bool, error) {
	var ended bool
	c, err := s.change(ctx, work.WorkspaceID, work.Key, func(t *tx, c *conversationRow) error {
		ended = false
		if err := holdLease(ctx, t, work); err != nil {
			return err
		}
		if c.Status == parley.ConversationEnded || c.LastActivityAt.After(quietSince) {
			return errUnchanged
		}
		if _, _, err := c.silence(ctx, t); err != nil {
			return err
		}
		ended = true
		_, err := c.end(ctx, t, parley.EndInactivity, "")
		return err
	})
	return c, ended, err
}

// ReleaseIdle gives the conversation that an idle work names back to the
// assistant if no person took it over or wrote in it after silentSince: a message
// that is recorded at the last moment keeps it. It also returns when one last did.
// It returns ErrLeaseLost and CodeNotFound.
func (s *Store) ReleaseIdle(ctx context.Context, work parley.Work, silentSince time.Time) (*parley.Conversation, time.Time, error) {
	var last time.Time
	c, err := s.change(ctx, work.WorkspaceID, work.Key, func(t *tx, c *conversationRow) error {
		if err := holdLease(ctx, t, work); err != nil {
			return err
		}
		err := t.queryRow(ctx, `
			SELECT COALESCE(MAX(created_at), 0) FROM message
			WHERE conversation_n = $1 AND (role = 'operator' OR event = 'takeover')`, c.n).Scan(asTime(&last))
		if err != nil {
			return err
		}
		if last.After(silentSince) {
			return errUnchanged
		}
		return c.release(ctx, t, "")
	})
	return c, last, err
}
