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
	now := e.now()
	if c.Owner == parley.OwnerOperator && a.Config.ReleaseMinutes > 0 {
		silent, err := e.lastByOperator(ctx, c)
		if err != nil {
			return err
		}
		if release := silent.Add(time.Duration(a.Config.ReleaseMinutes) * time.Minute); release.After(now) {
			return queue.SnoozeUntil(release)
		}
		if _, err := e.Release(ctx, c.WorkspaceID, c.ID, Actor{}); err != nil && parley.ErrorCode(err) != parley.CodeConflict {
			return unlessErased(err)
		}
		return queue.SnoozeUntil(now.Add(time.Duration(a.Config.InactivityMinutes) * time.Minute))
	}
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

// lastByOperator is when a person last took a conversation over or wrote in it.
func (e *Engine) lastByOperator(ctx context.Context, c *parley.Conversation) (at time.Time, err error) {
	for after := int64(0); ; {
		page, err := e.store.Messages(ctx, c.WorkspaceID, c.ID, after, 0)
		if err != nil || len(page) == 0 {
			return at, err
		}
		for i := range page {
			if page[i].Role == parley.ByOperator || page[i].Event == parley.EventTakeover {
				at = page[i].CreatedAt
			}
		}
		after = page[len(page)-1].Seq
	}
}
