package store_test

import (
	"time"

	"parley"
	"parley/internal/calendar"
	"parley/internal/store"
)

// spentIsExact compares what is kept of each month with the sum of the ledger.
func (sc *scene) spentIsExact() {
	sc.t.Helper()
	type row struct {
		zone, assistant   string
		month             calendar.Month
		credits, unpriced int64
	}
	r, err := sc.Tables().Query(sc.ctx, `SELECT zone, month, assistant_id, credits, unpriced FROM spend WHERE workspace_id = $1`, sc.ws)
	kept, err := store.Collect(r, err, func(r store.Row) (k row, err error) {
		return k, r.Scan(&k.zone, &k.month, &k.assistant, &k.credits, &k.unpriced)
	})
	sc.ok(err)
	r, err = sc.Tables().Query(sc.ctx, `
		SELECT started_at, assistant_id, complete, COALESCE(credits, -1) FROM usage WHERE workspace_id = $1`, sc.ws)
	type entry struct {
		at        time.Time
		assistant string
		complete  bool
		credits   int64
	}
	ledger, err := store.Collect(r, err, func(r store.Row) (e entry, err error) {
		var at int64
		err = r.Scan(&at, &e.assistant, &e.complete, &e.credits)
		e.at = store.FromMicros(at)
		return e, err
	})
	sc.ok(err)
	for _, k := range kept {
		loc, err := time.LoadLocation(k.zone)
		sc.ok(err)
		c := calendar.New(loc)
		want := row{zone: k.zone, assistant: k.assistant, month: k.month}
		for _, e := range ledger {
			if c.MonthOf(e.at) != k.month || k.assistant != "" && k.assistant != e.assistant {
				continue
			}
			if e.credits >= 0 {
				want.credits += e.credits
			} else if e.complete {
				want.unpriced++
			}
		}
		if k != want {
			sc.t.Errorf("spent is %+v, and the ledger has %+v", k, want)
		}
	}
	for _, e := range ledger {
		if e.credits > 0 && len(kept) == 0 {
			sc.t.Errorf("nothing is kept of %s that were spent", parley.Credits(e.credits))
		}
	}
}
