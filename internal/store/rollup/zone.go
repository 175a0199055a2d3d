package rollup

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley/internal/calendar"
	"parley/internal/store"
)

// location returns a zone by name; UTC for one that this machine does not know.
func location(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// loadZones reads how the spans are laid out. A workspace whose time zone has
// changed gets a new layout, in which every day is due.
func (r *Rollups) loadZones(ctx context.Context) error {
	rows, err := r.db.Query(ctx, `
		SELECT w.id, w.time_zone, COALESCE(z.zone, ''), COALESCE(z.layout, 0), COALESCE(z.served, 0), COALESCE(z.served_zone, '')
		FROM workspace w LEFT JOIN rollup_zone z ON z.workspace_id = w.id`)
	type laid struct {
		zone
		ws, want string
	}
	all, err := store.Collect(rows, err, func(row store.Row) (l laid, err error) {
		return l, row.Scan(&l.ws, &l.want, &l.name, &l.layout, &l.served, &l.servedName)
	})
	if err != nil {
		return err
	}
	r.zones = make(map[string]*zone, len(all))
	for _, l := range all {
		z := l.zone
		if z.layout == 0 || z.name != l.want {
			z.name, z.layout = l.want, z.layout+1
			z.calendar = calendar.New(location(z.name))
			if err := r.layOut(ctx, l.ws, &z); err != nil {
				return err
			}
		}
		z.calendar = calendar.New(location(z.name))
		r.zones[l.ws] = &z
	}
	return nil
}

// layOut begins a layout: every day that has facts is due in it.
func (r *Rollups) layOut(ctx context.Context, ws string, z *zone) error {
	var days []calendar.Day
	for after := int64(-1 << 62); ; {
		var started int64
		err := r.db.QueryRow(ctx, `
			SELECT started_at FROM rollup_fact WHERE workspace_id = $1 AND started_at >= $2 ORDER BY started_at LIMIT 1`,
			ws, after).Scan(&started)
		if errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return err
		}
		day := z.calendar.Of(started)
		days = append(days, day)
		after = z.calendar.Start(day + 1).UnixMicro()
	}
	// The row comes last: until then the days are marked again.
	for len(days) > 0 {
		some := days[:min(len(days), 500)]
		days = days[len(some):]
		err := r.db.Write(ctx, func(tx store.Tx) error {
			for _, d := range some {
				if err := markDue(ctx, tx, ws, z.layout, unitDay, int64(d)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return r.db.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO rollup_zone (workspace_id, zone, layout, served, served_zone) VALUES ($1, $2, $3, 0, '')
			ON CONFLICT (workspace_id) DO UPDATE SET zone = excluded.zone, layout = excluded.layout`,
			ws, z.name, z.layout)
		return err
	})
}

// serve answers from layouts that are complete, and removes those before them.
func (r *Rollups) serve(ctx context.Context) error {
	s, err := r.state(ctx)
	if err != nil || s.backfill < s.backfillTo {
		return err
	}
	for ws, z := range r.zones {
		if z.served == z.layout {
			continue
		}
		var due bool
		err := r.db.QueryRow(ctx, `
			SELECT EXISTS (SELECT 1 FROM rollup_due WHERE workspace_id = $1 AND layout = $2 AND unit = $3)`,
			ws, z.layout, unitDay).Scan(&due)
		if err != nil {
			return err
		}
		if due {
			continue
		}
		if err := r.db.Write(ctx, func(tx store.Tx) error {
			_, err := tx.Exec(ctx, `
				UPDATE rollup_zone SET served = layout, served_zone = zone WHERE workspace_id = $1 AND layout = $2`, ws, z.layout)
			return err
		}); err != nil {
			return err
		}
		if err := r.db.Write(ctx, func(tx store.Tx) error {
			for _, table := range []string{"rollup_span", "rollup_due"} {
				if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE workspace_id = $1 AND layout < $2`, ws, z.layout); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
