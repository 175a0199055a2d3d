package engine

import (
	"context"

	"parley"
	"parley/internal/llm"
	"parley/internal/reading"
)

// newReader builds what fetches and reads the files of contacts.
func (e *Engine) newReader() *reading.Reader {
	return reading.New(reading.Config{
		Store: e.store, Settings: e.store, Senders: e.outbox, Blobs: e.cfg.Blobs, Channels: e.cfg.Channels,
		Models: opener{e}, Ledger: books{e}, Recognisers: e.cfg.Recognisers, Hub: e.hub, Now: e.cfg.Now, Log: e.log,
	})
}

// opener lets the readings use the models that are open.
type opener struct{ e *Engine }

// Open implements reading.Models.
func (o opener) Open(ctx context.Context, ws, provider string) (llm.Model, *parley.Provider, error) {
	return o.e.models.open(ctx, o.e.store, ws, provider)
}

// books lets the readings use the ledger.
type books struct{ e *Engine }

// Open implements reading.Ledger.
func (b books) Open(ctx context.Context, u *parley.Usage, to reading.Account) error {
	_, err := b.e.openUsage(ctx, u, charged{to.Provider, to.Workspace, to.Source})
	return err
}

// Settle implements reading.Ledger.
func (b books) Settle(ctx context.Context, u *parley.Usage, to reading.Account, used *llm.Usage, failure error) {
	b.e.settleUsage(ctx, u, charged{to.Provider, to.Workspace, to.Source}, &llm.Response{Usage: used}, failure)
}
