package rollup

import (
	"context"
	"maps"
	"slices"

	"parley"
	"parley/internal/calendar"
	"parley/internal/store"
	"parley/internal/store/found"
	"parley/internal/store/started"
)

// sieve lets those facts through that pass the filters which cells do not know.
type sieve struct {
	q        *store.ListQuery
	calendar *calendar.Calendar
	sets     []*Set // of conversations: they must be in each
	contacts *Set   // by number; nil: any
}

// Plain reports whether cells know all that a filter asks, apart from when a
// conversation started.
func Plain(q *store.ListQuery) bool {
	return q.Q == "" && q.Contact == "" && len(q.Variables) == 0 && q.From.IsZero() && q.To.IsZero() && q.Priced == nil &&
		q.Replied == nil && q.FirstReplyFrom == 0 && q.FirstReplyTo == 0 && q.HourOfWeek == nil && len(q.Labels) == 0 &&
		q.Reviewed == nil && q.TopicID == "" && q.Unanswered == 0 && len(q.Tags) == 0
}

// newSieve looks up what the filters need. told is called with how far a search
// is; if it returns false, the search ends with what was found until then.
func (r *Rollups) newSieve(ctx context.Context, q *store.ListQuery, s *Served, told func(found.Found) (more bool, err error)) (*sieve, error) {
	v := &sieve{q: q, calendar: calendar.New(s.Zone)}
	for _, name := range slices.Sorted(maps.Keys(q.Variables)) {
		b := &binder{}
		query := `SELECT conversation_n FROM variable WHERE workspace_id = ` + b.Bind(q.WorkspaceID) + ` AND name = ` + b.Bind(name) +
			` AND folded IN (`
		for i, value := range q.Variables[name] {
			if i > 0 {
				query += `, `
			}
			query += b.Bind(store.FoldVariable(value))
		}
		if err := r.addSet(ctx, v, query+`)`, b.Args); err != nil {
			return nil, err
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(q.Labels)) {
		b := &binder{}
		query := `SELECT conversation_n FROM rollup_labeled WHERE label_id = (` +
			started.Label(q.WorkspaceID, kind, q.Labels[kind], b.Bind) + `)`
		if err := r.addSet(ctx, v, query, b.Args); err != nil {
			return nil, err
		}
	}
	for _, set := range q.Sets(q.WorkspaceID, false) {
		if err := r.addSet(ctx, v, set.SQL, set.Args); err != nil {
			return nil, err
		}
	}
	if q.Reviewed != nil {
		reviewed := 0
		if *q.Reviewed {
			reviewed = 1
		}
		err := r.addSet(ctx, v, `
			SELECT n FROM conversation WHERE facet_id IN (SELECT id FROM facet WHERE workspace_id = $1 AND reviewed = $2)`,
			[]any{q.WorkspaceID, reviewed})
		if err != nil {
			return nil, err
		}
	}
	if err := r.lookUpActivity(ctx, v); err != nil {
		return nil, err
	}
	if err := r.lookUpContacts(ctx, v); err != nil {
		return nil, err
	}
	if q.Q == "" {
		return v, nil
	}
	set := &Set{}
	err := r.finder.Each(ctx, q, func(f found.Found) (bool, error) {
		for _, n := range f.Conversations {
			set.Add(n)
		}
		return told(f)
	})
	set.settle()
	v.sets = append(v.sets, set)
	return v, err
}

// set reads numbers.
func (r *Rollups) set(ctx context.Context, query string, args []any) (*Set, error) {
	set := &Set{}
	rows, err := r.db.Query(ctx, query, args...)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var n int64
		err := row.Scan(&n)
		if err == nil {
			set.Add(n)
		}
		return struct{}{}, err
	})
	set.settle()
	return set, err
}

func (r *Rollups) addSet(ctx context.Context, v *sieve, query string, args []any) error {
	set, err := r.set(ctx, query, args)
	v.sets = append(v.sets, set)
	return err
}

func (r *Rollups) lookUpActivity(ctx context.Context, v *sieve) error {
	if v.q.From.IsZero() && v.q.To.IsZero() {
		return nil
	}
	b := &binder{}
	query := `SELECT n FROM conversation WHERE workspace_id = ` + b.Bind(v.q.WorkspaceID)
	if !v.q.From.IsZero() {
		query += ` AND last_activity_at >= ` + b.Bind(v.q.From.UnixMicro())
	}
	if !v.q.To.IsZero() {
		query += ` AND last_activity_at < ` + b.Bind(v.q.To.UnixMicro())
	}
	return r.addSet(ctx, v, query, b.Args)
}

func (r *Rollups) lookUpContacts(ctx context.Context, v *sieve) (err error) {
	switch {
	case v.q.Contact == "":
	case parley.ValidID(v.q.Contact):
		v.contacts, err = r.set(ctx, `SELECT n FROM rollup_contact WHERE workspace_id = $1 AND contact_id = $2`,
			[]any{v.q.WorkspaceID, v.q.Contact})
	default:
		prefix := store.ContactPrefix(v.q.Contact)
		if prefix == "" {
			v.contacts = &Set{}
			return nil
		}
		v.contacts, err = r.set(ctx, `
			SELECT c.n FROM contact_key k JOIN rollup_contact c ON c.contact_id = k.contact_id
			WHERE k.workspace_id = $1 AND k.key >= $2 AND k.key < $3`, []any{v.q.WorkspaceID, prefix, prefix + store.LastRune})
	}
	return err
}

// pass reports whether a fact passes.
func (v *sieve) pass(f *Fact) bool {
	q := v.q
	if q.Priced != nil && *q.Priced == f.Unpriced || q.Replied != nil && *q.Replied != (f.FirstReply >= 0) {
		return false
	}
	if (q.FirstReplyFrom > 0 || q.FirstReplyTo > 0) && f.FirstReply < q.FirstReplyFrom.Microseconds() ||
		q.FirstReplyTo > 0 && f.FirstReply >= q.FirstReplyTo.Microseconds() {
		return false
	}
	if q.HourOfWeek != nil && v.calendar.HourOfWeek(f.Started) != q.HourOfWeek.Hour {
		return false
	}
	if v.contacts != nil && !v.contacts.Has(f.Contact) {
		return false
	}
	return v.has(f.N)
}

// has reports whether a conversation is in all sets.
func (v *sieve) has(n int64) bool {
	for _, set := range v.sets {
		if !set.Has(n) {
			return false
		}
	}
	return true
}
