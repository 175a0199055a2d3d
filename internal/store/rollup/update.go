package rollup

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/internal/store"
)

// The sizes of one step: conversations measured together, which bounds its
// transaction, and messages looked at.
const (
	measureBatch = 100
	messageBatch = 1000
)

// Due reports whether there is anything to update. It only reads, and little.
func (r *Rollups) Due(ctx context.Context) (bool, error) {
	var due bool
	err := r.db.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM rollup_dirty)
			OR EXISTS (SELECT 1 FROM rollup_due WHERE unit = $1 OR span < $2)
			OR EXISTS (SELECT 1 FROM rollup_state s WHERE s.shape <> $3 OR s.backfill < s.backfill_to
				OR s.message < (SELECT COALESCE(MAX(n), 0) FROM message))
			OR EXISTS (SELECT 1 FROM workspace w LEFT JOIN rollup_zone z ON z.workspace_id = w.id
				WHERE z.zone IS NULL OR z.zone <> w.time_zone OR z.served <> z.layout)`,
		unitDay, monthsBefore(r.now()), factShape).Scan(&due)
	if due || err != nil {
		return due, err
	}
	return r.finder.Behind(ctx)
}

// Update brings everything up to date, or as far as it comes until ctx ends.
func (r *Rollups) Update(ctx context.Context) error {
	r.updating.Lock()
	defer r.updating.Unlock()
	if err := r.reshape(ctx); err != nil {
		return err
	}
	if err := r.loadZones(ctx); err != nil {
		return err
	}
	// New changes come before old conversations, and these before the spans: a
	// day is not made again for each of its conversations.
	for _, step := range []func(context.Context) (bool, error){r.takeDirty, r.takeMessages, r.takeOld, r.takeSpan, r.finder.Update} {
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			if more, err = step(ctx); err != nil && !errors.Is(err, errOvertaken) {
				return err
			}
		}
	}
	return r.serve(ctx)
}

// state is how far the facts have come.
type state struct{ shape, message, backfill, backfillTo int64 }

func (r *Rollups) state(ctx context.Context) (s state, err error) {
	err = r.db.QueryRow(ctx, `SELECT shape, message, backfill, backfill_to FROM rollup_state WHERE id = 1`).
		Scan(&s.shape, &s.message, &s.backfill, &s.backfillTo)
	return s, err
}

// reshape begins anew if facts hold something else than they did: what is there
// is made again, with all messages up to now.
func (r *Rollups) reshape(ctx context.Context) error {
	s, err := r.state(ctx)
	if err != nil || s.shape == factShape {
		return err
	}
	message, err := r.db.SettledMessage(ctx)
	if err != nil {
		return err
	}
	for n := int64(measureBatch); n == measureBatch; {
		err := r.db.Write(ctx, func(tx store.Tx) (err error) {
			n, err = tx.Exec(ctx, `
				DELETE FROM rollup_fact WHERE conversation_n IN (SELECT conversation_n FROM rollup_fact LIMIT $1)`, measureBatch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return r.db.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE rollup_state SET shape = $1, message = $2, backfill = 0,
				backfill_to = (SELECT COALESCE(MAX(n), 0) FROM conversation) WHERE id = 1 AND shape = $3`,
			factShape, message, s.shape)
		return err
	})
}

// change is a conversation that is marked as changed.
type change struct {
	n, started, generation int64
	ws                     string
}

// takeDirty measures conversations that changed otherwise than by a message.
func (r *Rollups) takeDirty(ctx context.Context) (more bool, err error) {
	rows, err := r.db.Query(ctx, `
		SELECT conversation_n, workspace_id, started_at, generation FROM rollup_dirty ORDER BY conversation_n LIMIT $1`,
		measureBatch)
	changes, err := store.Collect(rows, err, func(row store.Row) (c change, err error) {
		return c, row.Scan(&c.n, &c.ws, &c.started, &c.generation)
	})
	if err != nil || len(changes) == 0 {
		return false, err
	}
	ns := make([]int64, len(changes))
	for i, c := range changes {
		ns[i] = c.n
	}
	facts, err := r.measure(ctx, ns)
	if err != nil {
		return false, err
	}
	byN := make(map[int64]*measured, len(facts))
	for _, m := range facts {
		byN[m.N] = m
	}
	if slices.ContainsFunc(changes, func(c change) bool { return r.zones[c.ws] == nil }) {
		if err := r.loadZones(ctx); err != nil { // there is a new workspace
			return false, err
		}
	}
	err = r.db.Write(ctx, func(tx store.Tx) error {
		var all []*measured
		for _, c := range changes {
			n, err := tx.Exec(ctx, `DELETE FROM rollup_dirty WHERE conversation_n = $1 AND generation = $2`, c.n, c.generation)
			switch {
			case err != nil:
				return err
			case n == 0: // it has changed again
			case byN[c.n] != nil:
				m := *byN[c.n]
				all = append(all, &m)
			default:
				if err := r.forget(ctx, tx, c); err != nil {
					return err
				}
			}
		}
		return r.save(ctx, tx, all)
	})
	return len(changes) == measureBatch, err
}

// forget removes the fact of a conversation that is gone.
func (r *Rollups) forget(ctx context.Context, tx store.Tx, c change) error {
	for _, table := range []string{"rollup_fact", "rollup_labeled"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE conversation_n = $1`, c.n); err != nil {
			return err
		}
	}
	z := r.zones[c.ws]
	return markDue(ctx, tx, c.ws, z.layout, unitDay, int64(z.calendar.Of(c.started)))
}

// takeMessages measures the conversations of new messages.
func (r *Rollups) takeMessages(ctx context.Context) (more bool, err error) {
	s, err := r.state(ctx)
	if err != nil {
		return false, err
	}
	to, err := r.db.SettledMessage(ctx)
	if err != nil || to <= s.message {
		return false, err
	}
	to = min(to, s.message+messageBatch)
	rows, err := r.db.Query(ctx, `
		SELECT DISTINCT conversation_n FROM message WHERE n > $1 AND n <= $2`, s.message, to)
	ns, err := store.Collect(rows, err, func(row store.Row) (n int64, err error) { return n, row.Scan(&n) })
	if err != nil {
		return false, err
	}
	err = r.saveStep(ctx, ns, func(tx store.Tx) (int64, error) {
		return tx.Exec(ctx, `UPDATE rollup_state SET message = $1 WHERE id = 1 AND message = $2`, to, s.message)
	})
	return true, err
}

// takeOld measures conversations that were there before their changes were
// noted.
func (r *Rollups) takeOld(ctx context.Context) (more bool, err error) {
	s, err := r.state(ctx)
	if err != nil || s.backfill >= s.backfillTo {
		return false, err
	}
	rows, err := r.db.Query(ctx, `
		SELECT n FROM conversation WHERE n > $1 AND n <= $2 ORDER BY n LIMIT $3`, s.backfill, s.backfillTo, measureBatch)
	ns, err := store.Collect(rows, err, func(row store.Row) (n int64, err error) { return n, row.Scan(&n) })
	if err != nil {
		return false, err
	}
	to := s.backfillTo
	if len(ns) == measureBatch {
		to = ns[len(ns)-1]
	}
	err = r.saveStep(ctx, ns, func(tx store.Tx) (int64, error) {
		return tx.Exec(ctx, `UPDATE rollup_state SET backfill = $1 WHERE id = 1 AND backfill = $2`, to, s.backfill)
	})
	return true, err
}

// saveStep measures conversations and saves them; the last transaction moves on,
// unless another worker has done so.
func (r *Rollups) saveStep(ctx context.Context, ns []int64, moveOn func(store.Tx) (int64, error)) error {
	for first := true; first || len(ns) > 0; first = false {
		some := ns[:min(len(ns), measureBatch)]
		ns = ns[len(some):]
		facts, err := r.measure(ctx, some)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(facts, func(m *measured) bool { return r.zones[m.Workspace] == nil }) {
			if err := r.loadZones(ctx); err != nil {
				return err
			}
		}
		err = r.db.Write(ctx, func(tx store.Tx) error {
			all := make([]*measured, len(facts))
			for i, m := range facts {
				own := *m
				all[i] = &own
			}
			if err := r.save(ctx, tx, all); err != nil || len(ns) > 0 {
				return err
			}
			n, err := moveOn(tx)
			if err == nil && n == 0 {
				err = errOvertaken
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// takeSpan makes a span that is due.
func (r *Rollups) takeSpan(ctx context.Context) (more bool, err error) {
	d, err := r.nextDue(ctx)
	if err != nil || d == nil {
		return false, err
	}
	return true, r.fold(ctx, d)
}

// WorkKey is the one key of the work that brings rollups up to date.
const WorkKey = "all"

// Every is how often to look whether anything is due.
const Every = 2 * time.Second
