package outbox

import (
	"context"

	"parley"
	"parley/internal/store"
)

// Report records what a channel reports later about a message. States
// only rise, whatever the order in which they arrive.
func (o *Outbox) Report(ctx context.Context, r store.StatusReport) error {
	m, err := o.store.DeliveryStatus(ctx, r)
	if err == nil && m != nil {
		o.publish(m)
	}
	return err
}

// Settle lets a person say what became of a message that may have been
// sent. It returns CodeNotFound, and CodeConflict if that is known already.
func (o *Outbox) Settle(ctx context.Context, ws, conv, id string, to parley.Delivery) (*parley.Message, error) {
	m, err := o.store.SettleUnknown(ctx, ws, conv, id, to)
	if err == nil {
		o.publish(m)
	}
	return m, err
}
