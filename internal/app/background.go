package app

import (
	"context"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/privacy"
	"parley/internal/queue"
	"parley/internal/senders"
	"parley/internal/store/bulks"
	"parley/internal/store/desk"
	"parley/internal/watch"
)

// How often the search index looks for new messages, and how many it takes at
// a time: a message is found within two seconds.
const (
	indexEvery = 500 * time.Millisecond
	indexBatch = 200
	indexPause = 5 * time.Second // after a failure
)

// indexSearch keeps the search index up with the messages until ctx ends.
func (a *App) indexSearch(ctx context.Context) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		n, err := a.store.IndexSearch(ctx, indexBatch)
		switch {
		case err != nil && ctx.Err() == nil:
			a.log.ErrorContext(ctx, "the search index does not move on", "error", err)
			wait.Reset(indexPause)
		case n == indexBatch:
			wait.Reset(0)
		default:
			wait.Reset(indexEvery)
		}
	}
}

// rollupPool brings what analytics are counted from up to date, one worker on
// all nodes.
func (a *App) rollupPool() queue.Pool {
	return queue.Pool{
		Name: "rollups", Workers: 1, Poll: time.Second,
		Handlers: map[parley.WorkKind]queue.Handler{
			parley.WorkRollup: func(ctx context.Context, _ parley.Work) error { return a.rollups.Update(ctx) },
		},
	}
}

// plan adds a piece of work whenever there is something to do for it: a server
// at rest writes nothing.
func (a *App) plan(ctx context.Context, every time.Duration, w parley.Work, isDue func(context.Context) (bool, error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		due, err := isDue(ctx)
		if err == nil && due {
			err = a.store.AddWork(ctx, w)
		}
		if err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "cannot plan work", "kind", string(w.Kind), "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// orphanAge is how long an uploaded file waits for the message that it belongs
// to.
const orphanAge = 24 * time.Hour

// sweeps are the housekeeping that one node at a time does.
func (a *App) sweeps(now func() time.Time) map[string]engine.Sweep {
	return map[string]engine.Sweep{
		"attachments": {Every: time.Hour, Run: func(ctx context.Context) error { return a.sweepAttachments(ctx, now) }},
		"senders":     {Every: senders.PollEvery, Run: func(ctx context.Context) error { return a.numbers.senders.Poll(ctx) }},
		"exports":     {Every: 10 * time.Minute, Run: func(ctx context.Context) error { return a.exports.Sweep(ctx) }},
		"topics":      {Every: 10 * time.Minute, Run: func(ctx context.Context) error { return a.topics.Plan(ctx) }},
		"bulk":        {Every: time.Hour, Run: func(ctx context.Context) error { return a.bulk.Sweep(ctx) }},
		"privacy":     {Every: privacy.SweepEvery, Run: func(ctx context.Context) error { return a.privacy.Sweep(ctx) }},
		"desk":        {Every: 10 * time.Minute, Run: func(ctx context.Context) error { return (&desk.Desk{Tables: a.store.Tables(), Now: now}).Sweep(ctx) }},
		"watch":       {Every: watch.SweepEvery, Run: func(ctx context.Context) error { return a.watch.Sweep(ctx) }},
		"hooks":       {Every: 10 * time.Minute, Run: func(ctx context.Context) error { return a.hooks.Sweep(ctx) }},
		"expired": {Every: 10 * time.Minute, Run: func(ctx context.Context) error {
			_, err := a.store.Sweep(ctx)
			return err
		}},
	}
}

// watching lets the calls of models be watched. The built-in answerer has nobody
// behind it that could fail.
func watching(makers map[string]engine.NewModel, w *watch.Watch) map[string]engine.NewModel {
	all := map[string]engine.NewModel{}
	for kind, maker := range makers {
		all[kind] = func(p *parley.Provider) (llm.Model, error) {
			m, err := maker(p)
			if err != nil || kind == parley.BuiltinProvider {
				return m, err
			}
			return w.Model(m, p), nil
		}
	}
	return all
}

// exportPool writes exports, one at a time: they are long, and nobody waits.
func (a *App) exportPool() queue.Pool {
	return queue.Pool{
		Name: "exports", Workers: 1, Poll: time.Second, Eager: true,
		Handlers: map[parley.WorkKind]queue.Handler{parley.WorkExport: a.exports.Work},
	}
}

// bulkPool does things to many conversations, two at a time.
func (a *App) bulkPool() queue.Pool {
	return queue.Pool{
		Name: "bulk", Workers: 2, Poll: time.Second, Eager: true,
		// What it calls needs the engine, which needs its pools first.
		Handlers: map[parley.WorkKind]queue.Handler{bulks.WorkKind: func(ctx context.Context, w parley.Work) error { return a.bulk.Work(ctx, w) }},
	}
}

// sweepAttachments removes files that never became part of a message: the row
// first, so that a message that takes the file meanwhile keeps it.
func (a *App) sweepAttachments(ctx context.Context, now func() time.Time) error {
	const batch = 100
	for {
		orphans, err := a.store.OrphanAttachments(ctx, now().Add(-orphanAge), batch)
		if err != nil {
			return err
		}
		for _, o := range orphans {
			err := a.store.DeleteAttachment(ctx, o.WorkspaceID, o.ID)
			if parley.ErrorCode(err) == parley.CodeNotFound {
				continue
			}
			if err == nil && o.Key != "" { // "": it was never fetched
				err = a.blobs.Delete(ctx, o.Key)
			}
			if err != nil {
				return err
			}
		}
		if len(orphans) < batch {
			return nil
		}
	}
}
