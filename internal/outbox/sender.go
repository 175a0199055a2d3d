package outbox

import (
	"context"

	"parley"
	"parley/internal/channel"
)

// Sender returns the number that a conversation is with, perhaps a second old;
// nil where there is none, or it was removed.
func (o *Outbox) Sender(ctx context.Context, ws, id string) (*parley.Sender, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // most conversations have none
	}
	s, err := o.senders.Get(ctx, senderKey{ws, id}, func(ctx context.Context) (*parley.Sender, error) {
		return o.store.Sender(ctx, ws, id)
	})
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil, nil //nolint:nilnil // as above
	}
	return s, err
}

// Trouble records a failure that concerns more than one message: the sender
// stops sending what would fail too, and an operator is told.
func (o *Outbox) Trouble(ctx context.Context, s *parley.Sender, c *channel.Error) error {
	if s == nil || !c.Alert && c.Stop == parley.StopNothing {
		return nil
	}
	_, err := o.store.ChangeHealth(ctx, s.WorkspaceID, s.ID, func(h *parley.SenderHealth) {
		h.LastError, h.LastErrorAt = &parley.MessageError{Code: c.Code, Message: c.Message}, o.now()
		if c.Stop == parley.StopAll || h.Stopped == parley.StopNothing {
			h.Stopped = c.Stop
		}
	})
	if err != nil {
		return unlessErased(err)
	}
	o.senders.Clear() // what waits behind it must not be sent as if nothing had happened
	if !c.Alert {
		return nil
	}
	return o.store.RaiseAlert(ctx, s.WorkspaceID, s.ID, c.Code, s.Name+": "+c.Message)
}
