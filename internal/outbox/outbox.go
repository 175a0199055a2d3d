// Package outbox sends what conversations have queued, through the channels of
// their sources, and records what becomes of it.
//
// A message is `sending`, durably, before it is handed to a channel, and is never
// handed over again unless the channel is certain that it did not leave. What
// must not leave, for a takeover or a closed window, is decided by the store in
// the transaction that moves the message.
package outbox

import (
	"context"
	"io"
	"log/slog"
	"time"

	"parley"
	"parley/internal/cache"
	"parley/internal/channel"
	"parley/internal/live"
	"parley/internal/queue"
	"parley/internal/store"
)

// Store is what the outbox needs of the database.
type Store interface {
	deliveryStore
	senderStore
}

type deliveryStore interface {
	NextDelivery(ctx context.Context, ws, conv string) (*store.Outgoing, error)
	ClaimDelivery(ctx context.Context, w parley.Work, id string, stop parley.Stop) (*store.Outgoing, error)
	PostponeDelivery(ctx context.Context, m *parley.Message, until time.Time, why *parley.MessageError) error
	SettleDelivery(ctx context.Context, m *parley.Message, to parley.Delivery, providerID string, e *parley.MessageError) (*parley.Message, error)
	DeliveryStatus(ctx context.Context, r store.StatusReport) (*parley.Message, error)
}

// senderStore keeps the numbers that messages are sent from, and their files.
type senderStore interface {
	Sender(ctx context.Context, ws, id string) (*parley.Sender, error)
	ChangeHealth(ctx context.Context, ws, id string, fn func(*parley.SenderHealth)) (*parley.Sender, error)
	RaiseAlert(ctx context.Context, ws, subject, code, message string) error
	Attachment(ctx context.Context, ws, id string) (*store.StoredAttachment, error)
	SettleUnknown(ctx context.Context, ws, conv, id string, to parley.Delivery) (*parley.Message, error)
}

// Blobs reads the bytes of attachments.
type Blobs interface {
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
}

// Config is what an outbox is built from.
type Config struct {
	Store    Store
	Channels map[parley.Source]channel.Channel
	Blobs    Blobs // nil: attachments cannot be sent
	Hub      *live.Hub
	WakeAt   func(time.Time) // looks for due work then
	Now      func() time.Time
	Log      *slog.Logger
}

// Outbox is safe for concurrent use.
type Outbox struct {
	Config
	store   Store
	senders cache.Cache[senderKey, *parley.Sender]
}

type senderKey struct{ workspace, id string }

// New returns an outbox. Its Deliver is the handler of parley.WorkDeliver.
func New(c Config) *Outbox {
	return &Outbox{Config: c, store: c.Store, senders: cache.New[senderKey, *parley.Sender](1024, time.Second)}
}

// now returns the time to microseconds, as the store keeps it.
func (o *Outbox) now() time.Time { return o.Now().UTC().Truncate(time.Microsecond) }

// publish says that a message has come further.
func (o *Outbox) publish(m *parley.Message) {
	o.Hub.Publish(live.Event{
		Type: live.DeliveryChanged, WorkspaceID: m.WorkspaceID, ConversationID: m.ConversationID,
		Rev: m.Rev, MessageID: m.ID, Seq: m.Seq, TurnID: m.TurnID,
	})
}

// unlessErased gives up work whose conversation does not exist any more.
func unlessErased(err error) error {
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return queue.Cancel(err)
	}
	return err
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
