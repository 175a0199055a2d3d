package engine

import (
	"context"
	"time"

	"parley"
	"parley/internal/live"
	"parley/internal/queue"
)

// heldIdle is how long a conversation that a person holds, or that waits for
// one, may be quiet before it ends: long enough for the next working day.
const heldIdle = 24 * time.Hour

// pending is how long idle waits while an answer is due.
const pending = time.Minute

// idle ends the conversation that w names if nothing happened in it for as
// long as its assistant says, and gives it back to the assistant if whoever holds
// it has written nothing for long enough.
func (e *Engine) idle(ctx context.Context, w parley.Work) error {
	c, err := e.store.Conversation(ctx, w.WorkspaceID, w.Key)
	if err != nil {
		return unlessErased(err)
	}
	if c.Status == parley.ConversationEnded {
		return nil
	}
	a, err := e.assistant(ctx, c.WorkspaceID, c.AssistantID)
	if err != nil {
		return err
	}
	quiet := time.Duration(a.Config.InactivityMinutes) * time.Minute
	held := c.Waiting || c.Owner == parley.OwnerOperator
	if held {
		quiet = max(quiet, heldIdle)
	}
	if c.Owner == parley.OwnerOperator && a.Config.ReleaseMinutes > 0 {
		return e.releaseIdle(ctx, w, &a.Config)
	}
	now := e.now()
	if due := c.LastActivityAt.Add(quiet); due.After(now) {
		return queue.SnoozeUntil(due)
	}
	if !held && c.LastMessage.Role == parley.ByUser && now.Sub(c.LastActivityAt) < heldIdle {
		return queue.SnoozeUntil(now.Add(pending)) // its answer is on the way
	}
	after, ended, err := e.store.EndIdle(ctx, w, now.Add(-quiet))
	if err != nil {
		return err
	}
	if !ended {
		return queue.SnoozeUntil(after.LastActivityAt.Add(quiet))
	}
	e.ended(after)
	return nil
}

// releaseIdle gives the conversation that w names back to the assistant if whoever
// holds it has written nothing for as long as the assistant says.
func (e *Engine) releaseIdle(ctx context.Context, w parley.Work, cfg *parley.AssistantConfig) error {
	patience, now := time.Duration(cfg.ReleaseMinutes)*time.Minute, e.now()
	c, last, err := e.store.ReleaseIdle(ctx, w, now.Add(-patience))
	if err != nil {
		return unlessErased(err)
	}
	if c.Owner == parley.OwnerOperator {
		return queue.SnoozeUntil(last.Add(patience))
	}
	e.publish(live.MessageChanged, c)
	e.publish(live.ConversationChanged, c)
	return queue.SnoozeUntil(now.Add(time.Duration(cfg.InactivityMinutes) * time.Minute))
}
