package engine

import (
	"context"
	"time"

	"parley"
	"parley/internal/queue"
)

// heldIdle is how long a conversation that a person holds, or that waits for
// one, may be quiet before it ends: long enough for the next working day.
const heldIdle = 24 * time.Hour

// idle ends the conversation that w names if nothing happened in it for as
// long as its assistant says.
func (e *Engine) idle(ctx context.Context, w parley.Work) error {
	c, err := e.store.Conversation(ctx, w.WorkspaceID, w.Key)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil // erased
	}
	if err != nil || c.Status == parley.ConversationEnded {
		return err
	}
	a, err := e.assistant(ctx, c.WorkspaceID, c.AssistantID)
	if err != nil {
		return err
	}
	quiet := time.Duration(a.Config.InactivityMinutes) * time.Minute
	if c.Waiting || c.Owner == parley.OwnerOperator {
		quiet = max(quiet, heldIdle)
	}
	if due := c.LastActivityAt.Add(quiet); due.After(e.now()) {
		return queue.SnoozeUntil(due)
	}
	_, err = e.End(ctx, c.WorkspaceID, c.ID, parley.EndInactivity, Actor{})
	return err
}
