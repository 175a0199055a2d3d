package exports

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"parley"
	"parley/internal/store"
)

// Walk finds all conversations that a filter selects, the newest started first.
// In that order nothing moves, whatever happens meanwhile: none is found twice,
// and none is passed over because it was written in. With words to look for it
// is the order of the search, as of the beginning of the walk.
type Walk struct {
	s     *store.Store
	q     store.ListQuery
	at    position
	ns    []int64 // those that it is about, if they are few
	few   bool
	width int64      // of the time that is looked at next, in microseconds
	found []position // and not given out yet
	more  bool       // there is something right after at
}

// position is where a walk stands: after a conversation, or after a message that
// a search looked at.
type position struct {
	Key   int64 `json:"k,omitempty"` // when the conversation started
	N     int64 `json:"n"`
	Below int64 `json:"b,omitempty"` // of a search: messages from this one on count for nothing
}

// walkWidth is the time that a walk looks at first: about a day in microseconds.
const walkWidth = int64(1) << 36

// How many conversations a search finds at a time, and how many are looked for
// otherwise: each look asks for every combination of flags that there is.
const (
	searched = 100
	lookedAt = 4096
)

// NewWalk begins a walk through what a filter selects, or through the
// conversations with the given ids: after a position that Next returned, or at
// the beginning, "". It returns CodeInvalid for what is no position.
func (x *Exports) NewWalk(ctx context.Context, q store.ListQuery, ids []string, after string) (*Walk, error) {
	w := &Walk{s: x.Store, q: q, at: position{Key: math.MaxInt64, N: math.MaxInt64}, width: walkWidth}
	if !q.StartedTo.IsZero() {
		w.at = position{Key: store.Micros(q.StartedTo)}
	}
	if after != "" {
		text, err := base64.RawURLEncoding.DecodeString(after)
		if err == nil {
			err = json.Unmarshal(text, &w.at)
		}
		if err != nil {
			return nil, parley.Errorf(parley.CodeInvalid, "%.100q is not where an export can go on.", after)
		}
	}
	var err error
	switch {
	case len(ids) > 0:
		w.few, w.q = true, store.ListQuery{WorkspaceID: q.WorkspaceID}
		args := []any{q.WorkspaceID}
		var r store.Rows
		r, err = x.Tables().Query(ctx, `SELECT n FROM conversation WHERE workspace_id = $1 AND id IN (`+bind(&args, ids)+`)`, args...)
		w.ns, err = store.Collect(r, err, func(r store.Row) (n int64, err error) { return n, r.Scan(&n) })
	case q.Q != "" && after == "":
		w.q.Limit = searched
		var end int64
		err = x.Tables().QueryRow(ctx, `SELECT COALESCE(MAX(n), 0) + 1 FROM message`).Scan(&end)
		w.at = position{N: end, Below: end}
	case q.Q != "":
		w.q.Limit = searched
	default:
		w.ns, w.few, err = x.Few(ctx, q)
	}
	return w, err
}

// Count returns how many conversations are left, most if there are more of them.
func (w *Walk) Count(ctx context.Context, most int) (int, error) {
	total := 0
	for total < most {
		ns, err := w.find(ctx, min(most-total, 10_000))
		if err != nil || len(ns) == 0 {
			return total, err
		}
		total += len(ns)
	}
	return total, nil
}

// Next returns the next conversations, about n of them, and the position after
// them. There are no more when it returns none.
func (w *Walk) Next(ctx context.Context, n int) ([]store.ListRow, string, error) {
	for {
		ns, err := w.find(ctx, n)
		if err != nil || len(ns) == 0 {
			return nil, "", err
		}
		rows, err := w.s.Listed(ctx, w.q.WorkspaceID, ns)
		if err != nil {
			return nil, "", err
		}
		if len(rows) > 0 { // else all of them were erased meanwhile
			at, err := json.Marshal(w.at)
			return rows, base64.RawURLEncoding.EncodeToString(at), err
		}
	}
}

func (w *Walk) find(ctx context.Context, n int) (ns []int64, err error) {
	if w.q.Q != "" {
		for w.at.N > 0 && len(ns) == 0 && err == nil {
			ns, w.at.N, err = w.s.Found(ctx, w.q, w.at.Below, w.at.N)
		}
		return ns, err
	}
	if len(w.found) == 0 {
		if w.few {
			err = w.chosen(ctx)
		} else {
			err = w.look(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, p := range w.found[:min(n, len(w.found))] {
		ns, w.at = append(ns, p.N), p
	}
	w.found = w.found[len(ns):]
	return ns, nil
}

// chosen finds those that are left of the few.
func (w *Walk) chosen(ctx context.Context) error {
	if len(w.ns) == 0 {
		return nil
	}
	args := []any{w.q.WorkspaceID}
	facets, rest := w.q.Conditions(&args, "c")
	// The workspace as an expression, so that nobody reads all of it by an index.
	return w.page(ctx, `c.n IN (`+bind(&args, w.ns)+`) AND c.workspace_id || '' = $1`+facets+rest, args)
}

// page finds the next ones that pass a condition, in one statement, which sees
// every conversation in one state only.
func (w *Walk) page(ctx context.Context, condition string, args []any) error {
	query := `SELECT c.n, c.started_at FROM conversation c WHERE ` + condition +
		` AND (c.started_at, c.n) < (` + bind(&args, []int64{w.at.Key, w.at.N}) + `)
		ORDER BY c.started_at DESC, c.n DESC LIMIT ` + bind(&args, []int{lookedAt})
	r, err := w.s.Tables().Query(ctx, query, args...)
	w.found, err = store.Collect(r, err, func(r store.Row) (p position, err error) { return p, r.Scan(&p.N, &p.Key) })
	return err
}

// look finds the next ones by looking at one stretch of time after the other.
func (w *Walk) look(ctx context.Context) error {
	for {
		low := w.at.Key - w.width
		if !w.more {
			newest, err := w.newest(ctx)
			if err != nil || newest == nil {
				return err
			}
			low = *newest - w.width
		}
		args := []any{w.q.WorkspaceID, low}
		facets, rest := w.q.Conditions(&args, "f")
		err := w.page(ctx, `c.facet_id IN (SELECT f.id FROM facet f WHERE f.workspace_id = $1`+facets+`) AND c.started_at >= $2`+rest, args)
		if err != nil {
			return err
		}
		if w.more = len(w.found) == lookedAt; w.more {
			w.width = max(w.width/2, 1)
			return nil
		}
		w.width = min(2*w.width, math.MaxInt64/4)
		if len(w.found) > 0 {
			return nil
		}
		w.at = position{Key: low}
	}
}

// newest returns when the newest started of those that are left, whatever it is
// that facets do not know; nil if none is left.
func (w *Walk) newest(ctx context.Context) (at *int64, err error) {
	args := []any{w.q.WorkspaceID, w.at.Key, w.at.N, store.Micros(w.q.StartedFrom)}
	facets := w.q.FacetConditions(&args, "f")
	err = w.s.Tables().QueryRow(ctx, `
		SELECT MAX((SELECT c.started_at FROM conversation c
			WHERE c.facet_id = f.id AND (c.started_at, c.n) < ($2, $3) AND c.started_at >= $4
			ORDER BY c.started_at DESC, c.n DESC LIMIT 1))
		FROM facet f WHERE f.workspace_id = $1`+facets, args...).Scan(&at)
	return at, err
}

// bind adds arguments and returns their names, with commas. Long lists get one
// of a few lengths, the last argument repeated, so that few statements are
// prepared.
func bind[T any](args *[]any, values []T) string {
	size := len(values)
	if size > 2 {
		for size = 4; size < len(values); {
			size *= 4
		}
	}
	names := make([]string, size)
	for i := range names {
		*args = append(*args, values[min(i, len(values)-1)])
		names[i] = "$" + strconv.Itoa(len(*args))
	}
	return strings.Join(names, ", ")
}
