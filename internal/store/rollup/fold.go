package rollup

import (
	"context"
	"errors"
	"time"

	"parley/internal/calendar"
	"parley/internal/store"
)

// errOvertaken rolls back what another worker has done meanwhile.
var errOvertaken = errors.New("the span has changed meanwhile")

// markDue has a span made again.
func markDue(ctx context.Context, tx store.Tx, ws string, layout int64, unit string, span int64) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO rollup_due (workspace_id, layout, unit, span, generation) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (workspace_id, layout, unit, span) DO UPDATE SET generation = rollup_due.generation + 1`,
		ws, layout, unit, span)
	return err
}

// due is a span that has to be made again.
type due struct {
	ws         string
	layout     int64
	unit       string
	span       int64
	generation int64
}

// monthsBefore is the first month that may not be over everywhere on earth.
func monthsBefore(now time.Time) int64 {
	y, m, _ := now.UTC().Add(-36 * time.Hour).Date()
	return int64(calendar.DayOn(y, m, 1).Month())
}

// nextDue returns a span to make, the newest days first; nil if there is none.
// A month waits until it is over and its days are made.
func (r *Rollups) nextDue(ctx context.Context) (*due, error) {
	rows, err := r.db.Query(ctx, `
		SELECT workspace_id, layout, unit, span, generation FROM rollup_due
		WHERE unit = $1 OR span < $2 ORDER BY unit, span DESC LIMIT 1`, unitDay, monthsBefore(r.now()))
	all, err := store.Collect(rows, err, func(row store.Row) (d due, err error) {
		return d, row.Scan(&d.ws, &d.layout, &d.unit, &d.span, &d.generation)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// fold makes a span.
func (r *Rollups) fold(ctx context.Context, d *due) error {
	z := r.zones[d.ws]
	if z == nil || z.layout != d.layout {
		return r.db.Write(ctx, func(tx store.Tx) error { return done(ctx, tx, d) }) // of a layout that is gone
	}
	t := newTable()
	var facts []byte
	var err error
	if d.unit == unitDay {
		facts, err = r.foldDay(ctx, d.ws, z.calendar, calendar.Day(d.span), t)
	} else {
		err = r.foldMonth(ctx, d, t)
	}
	if err != nil {
		return err
	}
	p := t.pack()
	p.facts = facts
	err = r.db.Write(ctx, func(tx store.Tx) error {
		if err := done(ctx, tx, d); err != nil {
			return err
		}
		if err := saveSpan(ctx, tx, d, t, p); err != nil || d.unit == unitMonth {
			return err
		}
		month := *d
		month.unit, month.span = unitMonth, int64(calendar.Day(d.span).Month())
		if err := dropSpan(ctx, tx, &month); err != nil {
			return err
		}
		return markDue(ctx, tx, d.ws, d.layout, unitMonth, month.span)
	})
	if errors.Is(err, errOvertaken) {
		err = nil
	}
	return err
}

// done says that a span is made. It returns errOvertaken if it is due again.
func done(ctx context.Context, tx store.Tx, d *due) error {
	n, err := tx.Exec(ctx, `
		DELETE FROM rollup_due WHERE workspace_id = $1 AND layout = $2 AND unit = $3 AND span = $4 AND generation = $5`,
		d.ws, d.layout, d.unit, d.span, d.generation)
	if err == nil && n == 0 {
		err = errOvertaken
	}
	return err
}

func dropSpan(ctx context.Context, tx store.Tx, d *due) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM rollup_span WHERE workspace_id = $1 AND layout = $2 AND unit = $3 AND span = $4`,
		d.ws, d.layout, d.unit, d.span)
	return err
}

func saveSpan(ctx context.Context, tx store.Tx, d *due, t *Table, p packed) error {
	if len(t.Cells) == 0 {
		return dropSpan(ctx, tx, d)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO rollup_span (workspace_id, layout, unit, span, cells, times, contacts, labels, facts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, layout, unit, span) DO UPDATE SET cells = excluded.cells, times = excluded.times,
			contacts = excluded.contacts, labels = excluded.labels, facts = excluded.facts`,
		d.ws, d.layout, d.unit, d.span, p.cells, p.times, p.contacts, p.labels, p.facts)
	return err
}

// foldDay adds up the facts of a day.
func (r *Rollups) foldDay(ctx context.Context, ws string, c *calendar.Calendar, day calendar.Day, t *Table) (facts []byte, err error) {
	from, to := c.Start(day).UnixMicro(), c.Start(day+1).UnixMicro()
	var all []*kept
	byN := map[int64]*kept{}
	err = r.facts(ctx, ws, from, to, func(f *Fact) {
		k := &kept{fact: *f, data: f.pack()}
		all, byN[f.N] = append(all, k), k
		t.cell(f.Key).AddFact(f, c.HourOfWeek(f.Started))
	})
	if err != nil {
		return nil, err
	}
	err = r.labelled(ctx, ws, from, to, func(n int64, label LabelID, use *LabelUse) {
		if k := byN[n]; k != nil {
			k.label(label, use)
			t.label(k.fact.Key, label).Merge(use)
		}
	})
	return packKept(all), err
}

// facts hands out the facts of a time, in their order. What it hands out is
// valid until the next.
func (r *Rollups) facts(ctx context.Context, ws string, from, to int64, take func(*Fact)) error {
	rows, err := r.db.Query(ctx, `
		SELECT `+factColumns+` FROM rollup_fact f
		WHERE f.workspace_id = $1 AND f.started_at >= $2 AND f.started_at < $3
		ORDER BY f.started_at, f.conversation_n`, ws, from, to)
	var f Fact
	var data []byte
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		err := r.scanFact(ctx, row, &f, &data)
		if err == nil {
			take(&f)
		}
		return struct{}{}, err
	})
	return err
}

// labelled hands out the labels of the conversations of a time.
func (r *Rollups) labelled(ctx context.Context, ws string, from, to int64, take func(n int64, label LabelID, use *LabelUse)) error {
	rows, err := r.db.Query(ctx, `
		SELECT l.conversation_n, l.label_id, b.kind, l.calls, l.input_tokens, l.output_tokens, l.credits, l.unknown
		FROM rollup_fact f JOIN rollup_labeled l ON l.conversation_n = f.conversation_n JOIN rollup_label b ON b.id = l.label_id
		WHERE f.workspace_id = $1 AND f.started_at >= $2 AND f.started_at < $3`, ws, from, to)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var n, label int64
		u := LabelUse{Conversations: 1}
		var kind LabelKind
		err := row.Scan(&n, &label, &kind, &u.Calls, &u.InputTokens, &u.OutputTokens, &u.Credits, &u.Unknown)
		if err == nil {
			take(n, labelID(label, kind), &u)
		}
		return struct{}{}, err
	})
	return err
}

// foldMonth adds up the days of a month.
func (r *Rollups) foldMonth(ctx context.Context, d *due, t *Table) error {
	first, next := calendar.Month(d.span).First(), calendar.Month(d.span+1).First()
	all := &reader{
		cell:  t.cell,
		label: func(k Key, id LabelID, use *LabelUse) { t.label(k, id).Merge(use) },
		times: true, contacts: true,
	}
	return r.spans(ctx, d.ws, d.layout, unitDay, int64(first), int64(next), all, func(int64) *reader { return all })
}

// spans reads the spans from one on to below another. parts says which parts
// are read at all, of says what becomes of a span.
func (r *Rollups) spans(
	ctx context.Context, ws string, layout int64, unit string, from, to int64, parts *reader, of func(span int64) *reader,
) error {
	columns := `span, cells`
	for _, c := range []struct {
		name string
		want bool
	}{{"times", parts.times}, {"contacts", parts.contacts}, {"labels", parts.label != nil}} {
		if c.want {
			columns += `, ` + c.name
		} else {
			columns += `, NULL`
		}
	}
	rows, err := r.db.Query(ctx, `
		SELECT `+columns+` FROM rollup_span
		WHERE workspace_id = $1 AND layout = $2 AND unit = $3 AND span >= $4 AND span < $5 ORDER BY span`,
		ws, layout, unit, from, to)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var span int64
		var p packed
		if err := row.Scan(&span, &p.cells, &p.times, &p.contacts, &p.labels); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, p.read(of(span))
	})
	return err
}
