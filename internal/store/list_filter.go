package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"parley"
	"parley/internal/store/started"
)

// inWorkspace returns the condition that a conversation with the alias c, which
// is selected by n, belongs to the workspace. It keeps databases without
// statistics from reading the whole workspace by an index instead.
func inWorkspace(b *Binder, ws string) string { return ` AND c.workspace_id || '' = ` + b.Bind(ws) }

// facetFilter returns the conditions, each with " AND " before it, on what
// facets stand for. They hold for rows of facet and of conversation alike.
func (q *ListQuery) facetFilter(b *Binder, alias string) string {
	var where strings.Builder
	add := func(column, condition string) { where.WriteString(" AND " + alias + "." + column + condition) }
	if len(q.Source) > 0 {
		add("source", " IN ("+placeholders(&b.Args, q.Source)+")")
	}
	if len(q.AssistantID) > 0 {
		add("assistant_id", " IN ("+placeholders(&b.Args, q.AssistantID)+")")
	}
	if q.Status != "" {
		add("status", " = "+b.Bind(string(q.Status)))
	}
	for _, f := range []struct {
		column string
		want   *bool
	}{
		{"has_attachment", q.HasAttachment}, {"has_error", q.HasError},
		{"handed_over", q.HandedOver}, {"waiting", q.Waiting}, {"reviewed", q.Reviewed},
	} {
		if f.want != nil {
			add(f.column, " = "+b.Bind(flag(*f.want)))
		}
	}
	if q.Resolved != nil {
		add("resolved", " = "+b.Bind(truth(q.Resolved)))
	}
	if q.Evaluated != nil {
		if *q.Evaluated {
			add("resolved", " > 0")
		} else {
			add("resolved", " = 0")
		}
	}
	return where.String()
}

// rowFilter returns the conditions, each with " AND " before it, that facets
// and the order do not answer, on a conversation with the alias c. The LIMIT in
// them keeps PostgreSQL from reading a whole table to answer for few rows.
func (q *ListQuery) rowFilter(b *Binder) string {
	var where strings.Builder
	if q.Sort != SortActivity {
		if !q.From.IsZero() {
			where.WriteString(" AND c.last_activity_at >= " + b.Bind(micros(q.From)))
		}
		if !q.To.IsZero() {
			where.WriteString(" AND c.last_activity_at < " + b.Bind(micros(q.To)))
		}
	}
	if parley.ValidID(q.Contact) {
		where.WriteString(" AND c.contact_id || '' = " + b.Bind(q.Contact)) // see inWorkspace
	} else if q.Contact != "" {
		prefix := contactPrefix(q.Contact)
		where.WriteString(` AND (SELECT 1 FROM contact_key k WHERE k.contact_id = c.contact_id
			AND k.key >= ` + b.Bind(prefix) + ` AND k.key < ` + b.Bind(prefix+lastRune) + ` LIMIT 1) = 1`)
	}
	for _, name := range slices.Sorted(maps.Keys(q.Variables)) {
		where.WriteString(` AND (SELECT 1 FROM variable v WHERE v.conversation_n = c.n AND v.name = ` + b.Bind(name) +
			` AND v.folded IN (` + placeholders(&b.Args, foldValues(q.Variables[name])) + `) LIMIT 1) = 1`)
	}
	return where.String() + q.Linked(b.Bind) + q.Where(q.WorkspaceID, q.Sort == SortStarted, b.Bind)
}

// lastRune sorts after every text that may follow a prefix.
const lastRune = "\U0010ffff"

func foldValues(values []string) []string {
	folded := make([]string, len(values))
	for i, v := range values {
		folded[i] = foldValue(v)
	}
	return folded
}

// few is how many conversations a filter may leave for all of them to be read
// and sorted, and maxContacts how many contacts are looked for by name before
// they are.
const (
	few         = 3000
	maxContacts = 200
)

// few returns the conversations that one of the filters of rowFilter leaves,
// if there is one that leaves few.
func (l *listing) few(ctx context.Context) (ns []int64, ok bool, err error) {
	if l.q.Contact != "" {
		if ns, ok, err = l.ofContact(ctx); ok || err != nil {
			return ns, ok, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.q.Variables)) {
		b := &Binder{}
		ns, ok, err = l.atMostFew(ctx, `SELECT DISTINCT conversation_n FROM variable WHERE workspace_id = `+b.Bind(l.q.WorkspaceID)+
			` AND name = `+b.Bind(name)+` AND folded IN (`+placeholders(&b.Args, foldValues(l.q.Variables[name]))+`)`, b)
		if ok || err != nil {
			return ns, ok, err
		}
	}
	for _, set := range l.q.Sets(l.q.WorkspaceID, true) {
		if ns, ok, err = l.atMostFew(ctx, set.SQL, &Binder{set.Args}); ok || err != nil {
			return ns, ok, err
		}
	}
	for kind, value := range l.q.Labels {
		b := &Binder{}
		ns, ok, err = l.atMostFew(ctx, `SELECT conversation_n FROM rollup_labeled WHERE label_id = (`+
			started.Label(l.q.WorkspaceID, kind, value, b.Bind)+`)`, b)
		if ok || err != nil {
			return ns, ok, err
		}
	}
	if l.q.Sort == SortActivity || l.q.From.IsZero() && l.q.To.IsZero() {
		return nil, false, nil
	}
	b := &Binder{}
	query := `SELECT n FROM conversation WHERE workspace_id = ` + b.Bind(l.q.WorkspaceID) +
		` AND last_activity_at >= ` + b.Bind(micros(l.q.From))
	if !l.q.To.IsZero() {
		query += ` AND last_activity_at < ` + b.Bind(micros(l.q.To))
	}
	return l.atMostFew(ctx, query, b)
}

// ofContact is few for the filter by contact.
func (l *listing) ofContact(ctx context.Context) (ns []int64, ok bool, err error) {
	ids := []string{l.q.Contact}
	if !parley.ValidID(l.q.Contact) {
		prefix := contactPrefix(l.q.Contact)
		if prefix == "" {
			return nil, true, nil
		}
		r, err := l.s.read.query(ctx, `
			SELECT DISTINCT contact_id FROM contact_key WHERE workspace_id = $1 AND key >= $2 AND key < $3 LIMIT $4`,
			l.q.WorkspaceID, prefix, prefix+lastRune, maxContacts+1)
		if ids, err = collect(r, err, scanID); err != nil || len(ids) > maxContacts {
			return nil, false, err
		}
	}
	if len(ids) == 0 {
		return nil, true, nil
	}
	b := &Binder{}
	return l.atMostFew(ctx, `SELECT n FROM conversation WHERE contact_id IN (`+placeholders(&b.Args, ids)+`)`, b)
}

// atMostFew runs a query of conversations and returns what it finds, unless
// that is more than few.
func (l *listing) atMostFew(ctx context.Context, query string, b *Binder) ([]int64, bool, error) {
	r, err := l.s.read.query(ctx, query+` LIMIT `+b.Bind(few+1), b.Args...)
	ns, err := collect(r, err, scanInt)
	if err != nil || len(ns) > few {
		return nil, false, err
	}
	return ns, true, nil
}

// scanInt scans a single number.
func scanInt(r scanner) (n int64, err error) { return n, r.Scan(&n) }
