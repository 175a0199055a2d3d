package store

import (
	"context"
	"maps"
	"slices"
	"sync"

	"parley"
)

// The bounds of webhooks that are kept together.
const (
	maxAddedWebhooks = 64
	maxAddedBytes    = 8 << 20
)

// addedWebhook is one that waits to be kept.
type addedWebhook struct {
	workspaceID, id, appID string
	received               int64
	body                   []byte
}

// webhookBatch is webhooks that came while others were written, and are kept in
// one transaction: a flood of them costs one statement each.
type webhookBatch struct {
	done  chan struct{}
	err   error // once done
	all   []addedWebhook
	bytes int
}

// webhookGate gathers what comes to be kept. It is ready to use.
type webhookGate struct {
	mu   sync.Mutex
	open *webhookBatch // takes more; nil if none does
}

// join adds a webhook to the open batch; isNew asks the caller to write that.
func (g *webhookGate) join(w addedWebhook) (b *webhookBatch, isNew bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b = g.open
	if isNew = b == nil || len(b.all) >= maxAddedWebhooks || b.bytes+len(w.body) > maxAddedBytes; isNew {
		b = &webhookBatch{done: make(chan struct{})}
		g.open = b
	}
	b.all = append(b.all, w)
	b.bytes += len(w.body)
	return b, isNew
}

// shut keeps further webhooks out of a batch.
func (g *webhookGate) shut(b *webhookBatch) {
	g.mu.Lock()
	if g.open == b {
		g.open = nil
	}
	g.mu.Unlock()
}

// AddWebhook keeps a body that was posted to an app and makes its processing
// due. When it returns, the body is on disk.
func (s *Store) AddWebhook(ctx context.Context, ws, app string, body []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := s.nowMicros()
	b, isNew := s.webhooks.join(addedWebhook{ws, parley.NewID(now), app, micros(now), body})
	if isNew {
		// Whoever came first may leave; the others are still to be answered.
		ctx = context.WithoutCancel(ctx)
		b.err = s.write(ctx, func(t *tx) error {
			s.webhooks.shut(b)
			return insertWebhooks(ctx, t, b.all)
		})
		s.webhooks.shut(b) // if its transaction never began
		close(b.done)
	}
	<-b.done
	return b.err
}

func insertWebhooks(ctx context.Context, t *tx, all []addedWebhook) error {
	workspaceOf := map[string]string{}
	for i := range all {
		w := &all[i]
		_, err := t.exec(ctx, `
			INSERT INTO webhook_inbox (workspace_id, id, app_id, sender_id, received_at, body, size, state, updates,
				unknown, fields, error, done_at)
			VALUES ($1, $2, $3, '', $4, $5, $6, 'waiting', 0, 0, '', '', 0)`,
			w.workspaceID, w.id, w.appID, w.received, w.body, len(w.body))
		if err != nil {
			return err
		}
		workspaceOf[w.appID] = w.workspaceID
	}
	// In the same order everywhere, so that two batches do not wait for each other.
	for _, app := range slices.Sorted(maps.Keys(workspaceOf)) {
		if err := addWork(ctx, t, parley.WorkWebhooks, app, workspaceOf[app], t.s.nowMicros()); err != nil {
			return err
		}
	}
	return nil
}
