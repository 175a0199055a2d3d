package topics

import (
	"context"
	"time"

	"parley"
	"parley/internal/store"
)

// Buckets is into how many parts of equal length a period is divided.
const Buckets = 12

// Period is a time from From to before To. Where an end is open, From or To only
// say where its parts begin and end, and nothing is left out there.
type Period struct {
	From, To         time.Time
	OpenFrom, OpenTo bool
}

// Start returns when a part of the period begins; that of part Buckets is its
// end.
func (p Period) Start(part int) time.Time {
	us := store.Micros(p.From) + int64(part)*p.step()
	return store.FromMicros(min(us, store.Micros(p.To)))
}

// step is the length of a part, so that Buckets of them reach the end.
func (p Period) step() int64 {
	return max(1, (store.Micros(p.To)-store.Micros(p.From)+Buckets-1)/Buckets)
}

// Before returns the period of the same length that ends where this one begins.
func (p Period) Before() Period { return Period{From: p.From.Add(p.From.Sub(p.To)), To: p.From} }

// Numbers are what the conversations of a topic are together.
type Numbers struct {
	Conversations int
	Evaluated     int
	Resolved      int
	HandedOver    int
	Credits       parley.Credits // as far as they are known
	Unpriced      int            // conversations with a call whose tokens or price are unknown
	Signs         [4]int         // conversations by why they seem unanswered, in the order of the bits
}

func (n *Numbers) add(o *Numbers) {
	n.Conversations += o.Conversations
	n.Evaluated += o.Evaluated
	n.Resolved += o.Resolved
	n.HandedOver += o.HandedOver
	n.Credits += o.Credits
	n.Unpriced += o.Unpriced
	for i := range n.Signs {
		n.Signs[i] += o.Signs[i]
	}
}

// Counted are the numbers of a topic in a period and in the one before.
type Counted struct {
	Numbers
	Parts  [Buckets]int // conversations by part of the period
	Before Numbers
}

// Add counts what o counts too.
func (c *Counted) Add(o *Counted) {
	c.add(&o.Numbers)
	c.Before.add(&o.Before)
	for i, n := range o.Parts {
		c.Parts[i] += n
	}
}

const sums = `COUNT(*), SUM(CASE WHEN c.resolved > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN c.resolved = 2 THEN 1 ELSE 0 END),
	SUM(CASE WHEN c.handed_over = 1 THEN 1 ELSE 0 END), CAST(SUM(c.credits) AS BIGINT),
	SUM(CASE WHEN c.unknown_calls > 0 THEN 1 ELSE 0 END)`

// Count counts the conversations that pass the filters of q, by the topic of
// their question of a kind. The period is of their start; StartedFrom and
// StartedTo of q are left out.
func (s *Topics) Count(ctx context.Context, q store.ListQuery, kind parley.QuestionKind, p Period) (map[string]*Counted, error) {
	b := &binder{}
	of := `q.topic_id, ` + b.part(p) + `, ` + sums
	for bit := parley.UnansweredUnknown; bit <= parley.UnansweredRepeated; bit <<= 1 {
		of += `, SUM(CASE WHEN q.reasons & ` + b.Bind(int(bit)) + ` <> 0 THEN 1 ELSE 0 END)`
	}
	r, err := s.Query(ctx, `SELECT `+of+`
		FROM question q JOIN conversation c ON c.n = q.conversation_n
		WHERE q.workspace_id = `+b.Bind(q.WorkspaceID)+` AND q.kind = `+b.Bind(string(kind))+` AND q.topic_id <> ''`+
		b.filters(q, p)+` GROUP BY 1, 2`, b.Args...)
	return counted(r, err, true)
}

// CountEvaluated counts the conversations that pass the filters of q by the
// topic that their evaluation names.
func (s *Topics) CountEvaluated(ctx context.Context, q store.ListQuery, p Period) (map[string]*Counted, error) {
	b := &binder{}
	r, err := s.Query(ctx, `SELECT e.topic, `+b.part(p)+`, `+sums+`
		FROM evaluation e JOIN conversation c ON c.n = e.conversation_n
		WHERE e.workspace_id = `+b.Bind(q.WorkspaceID)+` AND e.topic <> ''`+b.filters(q, p)+` GROUP BY 1, 2`, b.Args...)
	return counted(r, err, false)
}

func counted(r store.Rows, err error, signs bool) (map[string]*Counted, error) {
	if err != nil {
		return nil, err
	}
	all := map[string]*Counted{}
	err = each(r, func() error {
		var name string
		var part int
		var n Numbers
		dest := []any{&name, &part, &n.Conversations, &n.Evaluated, &n.Resolved, &n.HandedOver, (*int64)(&n.Credits), &n.Unpriced}
		if signs {
			for i := range n.Signs {
				dest = append(dest, &n.Signs[i])
			}
		}
		if err := r.Scan(dest...); err != nil {
			return err
		}
		c := all[name]
		if c == nil {
			c = &Counted{}
			all[name] = c
		}
		if part < 0 {
			c.Before.add(&n)
			return nil
		}
		c.add(&n)
		c.Parts[min(part, Buckets-1)] += n.Conversations
		return nil
	})
	return all, err
}

// part renders the part of the period in which a conversation c started, -1 for
// the period before.
func (b *binder) part(p Period) string {
	from, before := b.big(store.Micros(p.From)), `-1`
	if p.OpenFrom {
		before = `0`
	}
	return `CASE WHEN c.started_at < ` + from + ` THEN ` + before + ` ELSE (c.started_at - ` + from + `) / ` + b.big(p.step()) + ` END`
}

// filters renders the conditions on a conversation c: of q, and that it started
// in the period or the one before.
func (b *binder) filters(q store.ListQuery, p Period) string {
	q.StartedFrom, q.StartedTo = p.Before().From, p.To
	if p.OpenFrom {
		q.StartedFrom = time.Time{}
	}
	if p.OpenTo {
		q.StartedTo = time.Time{}
	}
	return b.conditions(q)
}

// conditions renders those on a conversation c.
func (b *binder) conditions(q store.ListQuery) string {
	where := ` AND c.workspace_id || '' = ` + b.Bind(q.WorkspaceID)
	facets, rest := q.Conditions(&b.Args, "c")
	return where + facets + rest
}

// First returns when the first of the conversations whose questions are known
// started, the zero time if there is none.
func (s *Topics) First(ctx context.Context, ws string) (time.Time, error) {
	var first int64
	err := s.QueryRow(ctx, `
		SELECT COALESCE(MIN(c.started_at), 0) FROM question q JOIN conversation c ON c.n = q.conversation_n
		WHERE q.workspace_id = $1 AND q.kind = 'asked' AND q.topic_id <> ''`, ws).Scan(&first)
	return store.FromMicros(first), err
}

// Example is a question as somebody asked it.
type Example struct {
	ConversationID string
	Text           string
	At             time.Time
	Reasons        parley.Unanswered
}

// mostLooked is among how many of the questions that fit a topic best its
// examples are looked for.
const mostLooked = 200

// Examples returns questions of a topic, those that fit it best first, of
// conversations that pass the filters of q.
func (s *Topics) Examples(ctx context.Context, q store.ListQuery, t *parley.Topic, n int) (all []Example, _ error) {
	b := &binder{}
	text := b.Bind(exampleRunes)
	best := `
		SELECT conversation_n, seq, fit, reasons FROM question
		WHERE topic_id = ` + b.Bind(t.ID) + ` AND workspace_id || '' = ` + b.Bind(q.WorkspaceID) + `
		ORDER BY fit DESC, conversation_n DESC LIMIT ` + b.Bind(mostLooked)
	conditions := b.conditions(q)
	r, err := s.Query(ctx, `
		SELECT c.id, substr(m.content, 1, `+text+`), m.created_at, q.reasons FROM (`+best+`) q
		JOIN conversation c ON c.n = q.conversation_n
		JOIN message m ON m.conversation_n = q.conversation_n AND m.seq = q.seq
		WHERE m.deleted_at = 0`+conditions+`
		ORDER BY q.fit DESC, q.conversation_n DESC LIMIT `+b.Bind(4*n), b.Args...)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	err = each(r, func() error {
		var e Example
		var at, reasons int64
		err := r.Scan(&e.ConversationID, &e.Text, &at, &reasons)
		e.At, e.Reasons = store.FromMicros(at), parley.Unanswered(reasons)
		if !seen[e.Text] && len(all) < n {
			seen[e.Text] = true
			all = append(all, e)
		}
		return err
	})
	return all, err
}

// exampleRunes is how much of a question an example shows.
const exampleRunes = 200
