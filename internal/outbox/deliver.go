package outbox

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/queue"
	"parley/internal/store"
)

// The bounds of sending one message.
const (
	sendTime     = 30 * time.Second // for one attempt
	sendAttempts = 12               // when the channel is certain that nothing was sent
	sendPause    = 10 * time.Minute // the longest pause between two
	stopPause    = 30 * time.Second // between two looks at a sender that was stopped
	settleTime   = 10 * time.Second // to record how it went
	paceHere     = time.Second      // the longest wait for the channel's rates that a worker stands
)

// Deliver sends what is queued in the conversation that w names, in order.
func (o *Outbox) Deliver(ctx context.Context, w parley.Work) error {
	for {
		next, err := o.store.NextDelivery(ctx, w.WorkspaceID, w.Key)
		if err != nil {
			return unlessErased(err)
		}
		if next == nil {
			// Nothing, unless a worker died with a message in its hands.
			_, err := o.store.ClaimDelivery(ctx, w, "", parley.StopNothing)
			return unlessErased(err)
		}
		sender, err := o.Sender(ctx, w.WorkspaceID, next.Conversation.SenderID)
		if err != nil {
			return err
		}
		if err := o.mayLeave(ctx, next, sender); err != nil {
			return err
		}
		stop := parley.StopNothing
		if sender != nil {
			stop = sender.Health.Stopped
		}
		out, err := o.store.ClaimDelivery(ctx, w, next.Message.ID, stop)
		if err != nil {
			return unlessErased(err)
		}
		if out == nil {
			continue // it may not leave any more
		}
		if err := o.send(ctx, out, sender); err != nil {
			return err
		}
	}
}

// mayLeave returns when the next message may leave, as the snooze of its work:
// not before the channel's rates allow it, and not while the sender is stopped.
func (o *Outbox) mayLeave(ctx context.Context, next *store.Outgoing, s *parley.Sender) error {
	if next.Conversation.Owner == parley.OwnerOperator && next.Message.Role == parley.ByAssistant ||
		next.Message.Type != parley.MessageTemplate && !next.Conversation.WindowOpen(o.now()) {
		return nil // it will not be sent at all
	}
	if s != nil && s.Health.Stopped == parley.StopAll {
		return queue.SnoozeUntil(o.now().Add(stopPause))
	}
	if next.RetryAt.After(o.now()) {
		o.WakeAt(next.RetryAt)
		return queue.SnoozeUntil(next.RetryAt)
	}
	pacer, ok := o.Channels[next.Conversation.Source].(channel.Pacer)
	if !ok || s == nil {
		return nil
	}
	for {
		wait := pacer.Pace(o.outbound(next, s))
		if wait <= 0 {
			return nil
		}
		if wait > paceHere {
			at := o.now().Add(wait)
			o.WakeAt(at)
			return queue.SnoozeUntil(at)
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// outbound is what a channel gets of a message.
func (o *Outbox) outbound(out *store.Outgoing, s *parley.Sender) *channel.Outbound {
	return &channel.Outbound{
		Conversation: out.Conversation, Contact: out.Contact, Identities: out.Identities, Message: out.Message,
		Key: store.SendKey(out.Message), Sender: s, ReplyTo: out.ReplyTo,
		Open: func(ctx context.Context, id string) (io.ReadSeekCloser, error) {
			a, err := o.store.Attachment(ctx, out.Message.WorkspaceID, id)
			if err != nil {
				return nil, err
			}
			return o.Blobs.Get(ctx, a.Key)
		},
	}
}

// send hands one message to its channel and records how that went. The message
// is `sending` since before the call, so whatever happens to this process, it
// is never sent a second time.
func (o *Outbox) send(ctx context.Context, out *store.Outgoing, s *parley.Sender) error {
	o.publish(out.Message)
	pusher, ok := o.Channels[out.Conversation.Source].(channel.Pusher)
	if !ok || out.Conversation.SenderID != "" && s == nil {
		return o.settle(ctx, out, parley.DeliveryFailed, "", &parley.MessageError{
			Code: "no_channel", Message: "This server has no channel that could send the message, or its sender was removed."})
	}
	one, cancel := context.WithTimeout(ctx, sendTime)
	receipt, err := pusher.Send(one, o.outbound(out, s))
	cancel()
	if err == nil {
		if receipt == nil {
			receipt = &channel.Receipt{}
		}
		return o.settle(ctx, out, cmp.Or(receipt.Delivery, parley.DeliverySent), receipt.ProviderID, nil)
	}
	o.Log.Warn("a message could not be sent", "message", out.Message.ID, "error", err)
	fault := &parley.MessageError{Code: "send_failed", Message: "The channel failed in an unexpected way."}
	c, ok := errors.AsType[*channel.Error](err)
	if ok {
		fault = &parley.MessageError{Code: cmp.Or(c.Code, "send_failed"), Message: c.Message}
		if err := o.Trouble(context.WithoutCancel(ctx), s, c); err != nil {
			return err
		}
	}
	switch channel.ActionOf(err) {
	case channel.Retry:
		return o.again(ctx, out, c, fault)
	case channel.Fail:
		return o.settle(ctx, out, parley.DeliveryFailed, "", fault)
	default:
		return o.settle(ctx, out, parley.DeliveryUnknown, "", fault)
	}
}

// again plans another attempt at what the channel has certainly not sent, also
// while the server stops. A message that a stopped sender holds back is not
// given up; any other is after some attempts.
func (o *Outbox) again(ctx context.Context, out *store.Outgoing, c *channel.Error, fault *parley.MessageError) error {
	if out.Attempts+1 >= sendAttempts && c.Stop != parley.StopAll {
		return o.settle(ctx, out, parley.DeliveryFailed, "", fault)
	}
	pause := min(time.Second<<min(out.Attempts, 10), sendPause)
	if c.RetryAfter > 0 {
		pause = c.RetryAfter
	}
	until := o.now().Add(pause)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if err := o.store.PostponeDelivery(ctx, out.Message, until, fault); err != nil {
		return unlessErased(err)
	}
	o.WakeAt(until)
	return queue.SnoozeUntil(until)
}

// settle records the outcome, also while the server stops.
func (o *Outbox) settle(
	ctx context.Context, out *store.Outgoing, to parley.Delivery, providerID string, fault *parley.MessageError,
) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	m, err := o.store.SettleDelivery(ctx, out.Message, to, providerID, fault)
	if err != nil {
		return err
	}
	o.publish(m)
	return nil
}
