package engine

import (
	"context"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/store"
)

// silent says why a sender's messages are not answered, "" if they are.
func silent(s *parley.Sender) string {
	if s != nil && !s.AIOn {
		return "The assistant is switched off for this number."
	}
	return ""
}

// signalTime bounds a courtesy.
const signalTime = 5 * time.Second

// signal shows the contact that the newest message was seen, and that an answer
// is being written. The turn does not wait for it.
func (r *run) signal(ctx context.Context) {
	s, ok := r.e.cfg.Channels[r.conv.Source].(channel.Signaller)
	if !ok || r.sender == nil {
		return
	}
	for i := len(r.start.History) - 1; i >= 0; i-- {
		m := &r.start.History[i]
		if m.Role != parley.ByUser || m.ProviderID == "" {
			continue
		}
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), signalTime)
			defer cancel()
			if err := s.Signal(ctx, r.sender, m.ProviderID, true); err != nil {
				r.e.log.DebugContext(ctx, "the contact was not shown that an answer is written", "error", err)
			}
		}()
		return
	}
}

// DeliveryStatus records what a channel reports later about a message. States
// only rise, whatever the order in which they arrive.
func (e *Engine) DeliveryStatus(ctx context.Context, r store.StatusReport) error {
	return e.outbox.Report(ctx, r)
}

// SettleUnknown lets a person say what became of a message that may have been
// sent. It returns CodeNotFound, and CodeConflict if that is known already.
func (e *Engine) SettleUnknown(ctx context.Context, ws, conv, id string, to parley.Delivery) (*parley.Message, error) {
	return e.outbox.Settle(ctx, ws, conv, id, to)
}

// Trouble records a failure that a sender's channel reports outside of any
// message.
func (e *Engine) Trouble(ctx context.Context, s *parley.Sender, c *channel.Error) error {
	return e.outbox.Trouble(ctx, s, c)
}
