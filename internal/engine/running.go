package engine

import (
	"context"
	"errors"
	"sync"
)

// The causes for which a running turn is cancelled from outside.
var (
	errTakenOver = errors.New("an operator took over")
	errEnded     = errors.New("the conversation ended")
	errTurnTime  = errors.New("the turn took too long")
)

// running knows the turns that run here, so that they can be stopped.
type running struct {
	mu    sync.Mutex
	turns map[string]context.CancelCauseFunc // by conversation
}

// enter registers a turn of the conversation and returns what removes it.
func (r *running) enter(conversationID string, cancel context.CancelCauseFunc) (leave func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.turns == nil {
		r.turns = map[string]context.CancelCauseFunc{}
	}
	r.turns[conversationID] = cancel
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.turns, conversationID)
	}
}

// stop cancels the conversation's running turn, if there is one.
func (r *running) stop(conversationID string, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if cancel := r.turns[conversationID]; cancel != nil {
		cancel(cause)
	}
}
