package engine

import (
	"cmp"
	"context"
	"errors"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/live"
	"parley/internal/store"
)

// The bounds of one send.
const (
	sendTime     = 30 * time.Second // for one attempt
	sendAttempts = 3                // when the channel is certain that nothing was sent
	sendPause    = 30 * time.Second // the longest pause between two
)

// deliver sends what is queued in the conversation that w names, in order.
func (e *Engine) deliver(ctx context.Context, w parley.Work) error {
	for {
		out, err := e.store.ClaimDelivery(ctx, w)
		if err != nil {
			return unlessErased(err)
		}
		if out == nil {
			return nil
		}
		if err := e.send(ctx, out); err != nil {
			return err
		}
	}
}

// send hands one message to its channel and records how that went. The message
// is `sending` since before the call, so whatever happens to this process, it
// is never sent a second time.
func (e *Engine) send(ctx context.Context, out *store.Outgoing) error {
	e.publishMessage(live.DeliveryChanged, out.Message)
	pusher, ok := e.cfg.Channels[out.Conversation.Source].(channel.Pusher)
	if !ok {
		return e.settleDelivery(ctx, out, parley.DeliveryFailed, "", &parley.MessageError{
			Code: "no_channel", Message: "This server has no channel that could send the message."})
	}
	receipt, err := e.trySend(ctx, pusher, out)
	if err == nil {
		to := receipt.Delivery
		if to == "" {
			to = parley.DeliverySent
		}
		return e.settleDelivery(ctx, out, to, receipt.ProviderID, nil)
	}
	fault := &parley.MessageError{Code: "send_failed", Message: "The channel failed in an unexpected way."}
	if c, ok := errors.AsType[*channel.Error](err); ok {
		fault = &parley.MessageError{Code: cmp.Or(c.Code, "send_failed"), Message: c.Message}
	}
	e.log.Warn("a message could not be sent", "message", out.Message.ID, "error", err)
	to := parley.DeliveryFailed
	if channel.ActionOf(err) == channel.Ambiguous {
		to = parley.DeliveryUnknown
	}
	return e.settleDelivery(ctx, out, to, "", fault)
}

// trySend sends, and tries again only where the channel is certain that
// nothing has left. A stop between two attempts is such a case too.
func (e *Engine) trySend(ctx context.Context, p channel.Pusher, out *store.Outgoing) (*channel.Receipt, error) {
	for attempt := 1; ; attempt++ {
		one, cancel := context.WithTimeout(ctx, sendTime)
		receipt, err := p.Send(one, &channel.Outbound{
			Conversation: out.Conversation, Contact: out.Contact, Identities: out.Identities,
			Message: out.Message, Key: out.Message.ID,
		})
		cancel()
		if err == nil && receipt == nil {
			receipt = &channel.Receipt{}
		}
		if err == nil || channel.ActionOf(err) != channel.Retry || attempt == sendAttempts {
			return receipt, err
		}
		wait := time.Second << attempt
		if c, ok := errors.AsType[*channel.Error](err); ok && c.RetryAfter > 0 {
			wait = c.RetryAfter
		}
		if wait > sendPause || sleep(ctx, wait) != nil {
			return nil, err
		}
	}
}

// settleDelivery records the outcome, also while the server stops.
func (e *Engine) settleDelivery(
	ctx context.Context, out *store.Outgoing, to parley.Delivery, providerID string, fault *parley.MessageError,
) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	m, err := e.store.SettleDelivery(ctx, out.Message, to, providerID, fault)
	if err != nil {
		return err
	}
	e.publishMessage(live.DeliveryChanged, m)
	return nil
}

// DeliveryStatus records what a channel reports later about a message. States
// only rise, whatever the order in which they arrive.
func (e *Engine) DeliveryStatus(
	ctx context.Context, ws, sender, providerID string, to parley.Delivery, fault *parley.MessageError,
) error {
	m, err := e.store.DeliveryStatus(ctx, ws, sender, providerID, to, fault)
	if err == nil && m != nil {
		e.publishMessage(live.DeliveryChanged, m)
	}
	return err
}
