package rollup

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/lang"
	"parley/internal/store"
)

// LabelKind is what a label is.
type LabelKind string

// The kinds of labels.
const (
	LabelTopic   LabelKind = "topic"   // what the evaluation says that it was about
	LabelPassage LabelKind = "passage" // a part of the knowledge that the assistant was given
	LabelTool    LabelKind = "tool"    // that the assistant called
	LabelModel   LabelKind = "model"   // that was called
	LabelRating  LabelKind = "rating"  // that the visitor gave, 1 to 5
	LabelCall    LabelKind = "call"    // what was paid for: a kind of model call, or messages
	// LabelUnpriced is a model whose calls had no price: its provider's id, a slash
	// and its name.
	LabelUnpriced LabelKind = "unpriced"
)

// LabelKinds are all kinds.
func LabelKinds() []LabelKind {
	return []LabelKind{LabelTopic, LabelPassage, LabelTool, LabelModel, LabelRating, LabelCall, LabelUnpriced}
}

// kindSpace is more than there will be kinds.
const kindSpace = 16

// The bounds of labels: of one conversation and kind, and of a name in runes.
const (
	maxLabels    = 100
	maxLabelName = 200
)

// LabelID is a label's id with its kind.
type LabelID int64

func labelID(id int64, kind LabelKind) LabelID {
	return LabelID(id*kindSpace + int64(slices.Index(LabelKinds(), kind)))
}

// Kind returns the kind of the label.
func (l LabelID) Kind() LabelKind { return LabelKinds()[l%kindSpace] }

func (l LabelID) row() int64 { return int64(l / kindSpace) }

type labelKey struct {
	kind  LabelKind
	value string
}

// labelled is a label of a conversation.
type labelled struct {
	id   int64 // 0: not known yet
	name string
	use  LabelUse
}

// LabelName cuts a name to what is kept of it.
func LabelName(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	n := 0
	for i := range name {
		if n == maxLabelName {
			return name[:i]
		}
		n++
	}
	return name
}

// LabelValue is what a label is known by: its name without the differences that
// do not count.
func LabelValue(name string) string { return lang.Fold(LabelName(name)) }

// PassageName is how a passage is called.
func PassageName(title, heading string) string {
	if heading == "" {
		return title
	}
	return title + " › " + heading
}

func (m *measured) has(kind LabelKind, name string) *labelled {
	name = LabelName(name)
	k := labelKey{kind, LabelValue(name)}
	if k.value == "" {
		return nil
	}
	if l := m.labels[k]; l != nil {
		return l
	}
	n := 0
	for other := range m.labels {
		if other.kind == kind {
			n++
		}
	}
	if n >= maxLabels {
		return nil
	}
	l := &labelled{name: name, use: LabelUse{Conversations: 1}}
	if known := m.known[k]; known != nil {
		l.id = known.id
	}
	m.labels[k] = l
	return l
}

// readLabels finds the labels of conversations: those of passages and tools
// only come to what is there, as turns are recorded once.
func (r *Rollups) readLabels(ctx context.Context, ns []int64, facts []*Fact, byN map[int64]*measured) error {
	if err := r.readKnown(ctx, ns, byN); err != nil {
		return err
	}
	for _, m := range byN {
		m.has(LabelTopic, m.topic)
	}
	if err := r.readTurns(ctx, facts, byN); err != nil {
		return err
	}
	if err := r.readCalls(ctx, ns, byN); err != nil {
		return err
	}
	return r.readRatings(ctx, ns, byN)
}

func (r *Rollups) readKnown(ctx context.Context, ns []int64, byN map[int64]*measured) error {
	b := &binder{}
	rows, err := r.db.Query(ctx, `
		SELECT l.conversation_n, l.label_id, b.kind, b.value, b.name,
			l.calls, l.input_tokens, l.output_tokens, l.credits, l.unknown
		FROM rollup_labeled l JOIN rollup_label b ON b.id = l.label_id
		WHERE l.conversation_n IN (`+b.Ints(ns)+`)`, b.Args...)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var n int64
		var k labelKey
		l := &labelled{use: LabelUse{Conversations: 1}}
		err := row.Scan(&n, &l.id, &k.kind, &k.value, &l.name,
			&l.use.Calls, &l.use.InputTokens, &l.use.OutputTokens, &l.use.Credits, &l.use.Unknown)
		if m := byN[n]; err == nil && m != nil {
			m.known[k] = l
			if k.kind == LabelPassage || k.kind == LabelTool {
				m.labels[k] = l
			}
		}
		return struct{}{}, err
	})
	return err
}

func (r *Rollups) readTurns(ctx context.Context, facts []*Fact, byN map[int64]*measured) error {
	b := &binder{}
	rows, err := r.db.Query(ctx, b.pairs(facts, func(f *Fact) int64 { return f.turnSeq })+`
		SELECT t.conversation_n, t.to_seq, t.trace
		FROM v CROSS JOIN turn t WHERE t.conversation_n = v.n AND t.to_seq > v.seq AND t.status = 'done'
		ORDER BY t.conversation_n, t.to_seq`, b.Args...)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var n, to int64
		var trace string
		if err := row.Scan(&n, &to, &trace); err != nil {
			return struct{}{}, err
		}
		m := byN[n]
		m.turnSeq = to
		return struct{}{}, m.trace(trace)
	})
	return err
}

// trace takes the passages and tools of a turn in.
func (m *measured) trace(text string) error {
	if text == "" {
		return nil
	}
	var t parley.Trace
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return err
	}
	for _, p := range t.Passages {
		m.has(LabelPassage, PassageName(p.Title, p.Heading))
	}
	for _, s := range t.Steps {
		for _, c := range s.ToolCalls {
			m.has(LabelTool, c.Name)
		}
	}
	return nil
}

// readCalls reads from the ledger what was called, for what, and what of it has no
// price.
func (r *Rollups) readCalls(ctx context.Context, ns []int64, byN map[int64]*measured) error {
	b := &binder{}
	sums := func(which string) string {
		sum := func(column string) string {
			return `CAST(COALESCE(SUM(CASE WHEN ` + which + ` THEN ` + column + ` END), 0) AS BIGINT)`
		}
		return sum("1") + `, ` + sum("input_tokens") + `, ` + sum("output_tokens")
	}
	rows, err := r.db.Query(ctx, `
		SELECT conversation_n, kind, provider_id, model, `+sums("1 = 1")+`, `+sums("complete = 1 AND credits IS NULL AND price_id = ''")+`,
			CAST(COALESCE(SUM(credits), 0) AS BIGINT),
			CAST(SUM(CASE WHEN complete = 0 OR credits IS NULL OR kind <> '`+string(parley.UsageMessage)+`'
				AND (input_tokens IS NULL OR output_tokens IS NULL) THEN 1 ELSE 0 END) AS BIGINT)
		FROM usage WHERE conversation_n IN (`+b.Ints(ns)+`)
		GROUP BY conversation_n, kind, provider_id, model
		ORDER BY conversation_n, kind, provider_id, model`, b.Args...)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var n int64
		var kind parley.UsageKind
		var provider, model string
		var all, unpriced LabelUse
		err := row.Scan(&n, &kind, &provider, &model, &all.Calls, &all.InputTokens, &all.OutputTokens,
			&unpriced.Calls, &unpriced.InputTokens, &unpriced.OutputTokens, &all.Credits, &all.Unknown)
		m := byN[n]
		if err != nil || m == nil {
			return struct{}{}, err
		}
		m.used(LabelCall, string(kind), &all)
		if kind != parley.UsageMessage {
			m.used(LabelModel, model, &all)
		}
		if unpriced.Unknown = unpriced.Calls; unpriced.Calls > 0 {
			m.used(LabelUnpriced, provider+"/"+model, &unpriced)
		}
		return struct{}{}, nil
	})
	return err
}

// used adds calls to a label.
func (m *measured) used(kind LabelKind, name string, u *LabelUse) {
	if l := m.has(kind, name); l != nil {
		l.use.Merge(u)
	}
}

func (r *Rollups) readRatings(ctx context.Context, ns []int64, byN map[int64]*measured) error {
	b := &binder{}
	rows, err := r.db.Query(ctx, `
		SELECT c.n, v.score FROM conversation c JOIN visitor_conversation v ON v.conversation_id = c.id
		WHERE c.n IN (`+b.Ints(ns)+`) AND v.score > 0`, b.Args...)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var n int64
		var score int
		err := row.Scan(&n, &score)
		if m := byN[n]; err == nil && m != nil {
			m.has(LabelRating, strconv.Itoa(score))
		}
		return struct{}{}, err
	})
	return err
}

// saveLabels writes the labels of a fact that changed.
func saveLabels(ctx context.Context, tx store.Tx, m *measured) error {
	for k, l := range m.known {
		if m.labels[k] != nil {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM rollup_labeled WHERE conversation_n = $1 AND label_id = $2`, m.N, l.id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			DELETE FROM rollup_label WHERE id = $1 AND workspace_id = $2
				AND NOT EXISTS (SELECT 1 FROM rollup_labeled l WHERE l.label_id = rollup_label.id)`, l.id, m.Workspace)
		if err != nil {
			return err
		}
	}
	for k, l := range m.labels {
		if known := m.known[k]; known != nil && known.use == l.use {
			continue
		}
		id := int64(0)
		err := tx.QueryRow(ctx, `
			INSERT INTO rollup_label (workspace_id, kind, value, name) VALUES ($1, $2, $3, $4)
			ON CONFLICT (workspace_id, kind, value) DO UPDATE SET name = rollup_label.name RETURNING id`,
			m.Workspace, string(k.kind), k.value, l.name).Scan(&id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO rollup_labeled (conversation_n, label_id, calls, input_tokens, output_tokens, credits, unknown)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (conversation_n, label_id) DO UPDATE SET calls = excluded.calls,
				input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
				credits = excluded.credits, unknown = excluded.unknown`,
			m.N, id, l.use.Calls, l.use.InputTokens, l.use.OutputTokens, l.use.Credits, l.use.Unknown)
		if err != nil {
			return err
		}
	}
	return nil
}
