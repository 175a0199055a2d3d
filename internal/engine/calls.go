package engine

import (
	"context"
	"sync"

	"parley"
)

// calls lets the model calls of a conversation that are under a budget wait for
// each other: what one costs is known only when it is over.
type calls struct {
	mu    sync.Mutex
	turns map[string]*lane // by conversation
	held  map[string]*lane // by the id of the ledger's row
}

// lane is the calls of one conversation.
type lane struct {
	conversation string
	free         chan struct{} // holds one value while nobody calls
	users        int
}

// enter waits until no other call of the conversation is under way.
func (c *calls) enter(ctx context.Context, u *parley.Usage) error {
	c.mu.Lock()
	if c.turns == nil {
		c.turns, c.held = map[string]*lane{}, map[string]*lane{}
	}
	l := c.turns[u.ConversationID]
	if l == nil {
		l = &lane{conversation: u.ConversationID, free: make(chan struct{}, 1)}
		l.free <- struct{}{}
		c.turns[u.ConversationID] = l
	}
	l.users++
	c.mu.Unlock()
	select {
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		c.drop(l)
		return ctx.Err()
	case <-l.free:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[u.ID] = l
	return nil
}

// leave lets the next call begin; it does nothing for one that did not enter.
func (c *calls) leave(u *parley.Usage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.held[u.ID]
	if l == nil {
		return
	}
	delete(c.held, u.ID)
	l.free <- struct{}{}
	c.drop(l)
}

func (c *calls) drop(l *lane) {
	if l.users--; l.users == 0 {
		delete(c.turns, l.conversation)
	}
}
