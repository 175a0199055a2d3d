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
