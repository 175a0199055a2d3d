package rollup

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"parley"
	"parley/internal/calendar"
	"parley/internal/store"
)

// measured is a fact as it is now, beside what is stored of it.
type measured struct {
	Fact
	contact string // its id
	topic   string
	stored  bool
	before  []byte // the stored data
	facet   int64  // the stored facet
	labels  map[labelKey]*labelled
	known   map[labelKey]*labelled // as they are stored
}

// measure reads what the log says of some conversations since their facts were
// made. Those that are gone are left out.
func (r *Rollups) measure(ctx context.Context, ns []int64) ([]*measured, error) {
	all, err := r.readConversations(ctx, ns)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	byN := make(map[int64]*measured, len(all))
	facts := make([]*Fact, len(all))
	for i, m := range all {
		byN[m.N] = m
		facts[i] = &m.Fact
	}
	if err := r.readMessages(ctx, facts, byN); err != nil {
		return nil, err
	}
	return all, r.readLabels(ctx, ns, facts, byN)
}

func (r *Rollups) readConversations(ctx context.Context, ns []int64) ([]*measured, error) {
	b := &binder{}
	rows, err := r.db.Query(ctx, `
		SELECT c.n, c.workspace_id, c.started_at, c.facet_id, c.assistant_version, c.contact_id, c.message_count,
			c.user_count, c.assistant_count, c.input_tokens, c.output_tokens, c.credits, c.unknown_calls,
			CASE WHEN c.first_message_at = 0 OR c.last_at = 0 OR c.last_at < c.first_message_at THEN 0
				ELSE c.last_at - c.first_message_at END,
			COALESCE(e.topic, ''), COALESCE(k.n, 0),
			COALESCE(f.facet_id, 0), COALESCE(f.seq, 0), COALESCE(f.turn_seq, 0), COALESCE(f.first_reply, -1), f.data
		FROM conversation c
		LEFT JOIN rollup_fact f ON f.conversation_n = c.n
		LEFT JOIN rollup_contact k ON k.contact_id = c.contact_id
		LEFT JOIN evaluation e ON e.conversation_n = c.n AND e.error = ''
		WHERE c.n IN (`+b.Ints(ns)+`)`, b.Args...)
	return store.Collect(rows, err, func(row store.Row) (*measured, error) {
		m := &measured{labels: map[labelKey]*labelled{}, known: map[labelKey]*labelled{}}
		var now Fact
		var version int
		var unknown int64
		err := row.Scan(&m.N, &m.Workspace, &m.Started, &m.Facet, &version, &m.contact, &now.Messages,
			&now.UserMessages, &now.AssistantMessages, &now.InputTokens, &now.OutputTokens, &now.Credits, &unknown,
			&now.Duration, &m.topic, &now.Contact,
			&m.facet, &m.seq, &m.turnSeq, &m.FirstReply, &m.before)
		if err != nil {
			return nil, err
		}
		if m.before != nil {
			m.stored = true
			if err := m.unpack(m.before); err != nil {
				return nil, err
			}
		}
		m.Messages, m.UserMessages, m.AssistantMessages = now.Messages, now.UserMessages, now.AssistantMessages
		m.InputTokens, m.OutputTokens, m.Credits = now.InputTokens, now.OutputTokens, now.Credits
		m.Duration, m.Contact, m.Unpriced, m.Key.Version = now.Duration, now.Contact, unknown > 0, version
		return m, nil
	})
}

func (r *Rollups) readMessages(ctx context.Context, facts []*Fact, byN map[int64]*measured) error {
	b := &binder{}
	rows, err := r.db.Query(ctx, b.pairs(facts, func(f *Fact) int64 { return f.seq })+`
		SELECT m.conversation_n, m.seq, m.role, m.type, m.created_at
		FROM v CROSS JOIN message m WHERE m.conversation_n = v.n AND m.seq > v.seq
		ORDER BY m.conversation_n, m.seq`, b.Args...)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var n, seq, at int64
		var role parley.MessageRole
		var kind parley.MessageType
		err := row.Scan(&n, &seq, &role, &kind, &at)
		if err == nil {
			byN[n].note(seq, role, kind, at)
		}
		return struct{}{}, err
	})
	return err
}

// same reports whether the fact is stored as it is.
func (m *measured) same() bool {
	return m.stored && m.facet == m.Facet && bytes.Equal(m.before, m.pack()) &&
		maps.EqualFunc(m.labels, m.known, func(a, b *labelled) bool { return a.use == b.use })
}

// save writes the facts that changed and marks their days.
func (r *Rollups) save(ctx context.Context, tx store.Tx, all []*measured) error {
	type place struct {
		ws  string
		day calendar.Day
	}
	days := map[place]bool{}
	for _, m := range all {
		if m.Contact != 0 && m.same() {
			continue
		}
		days[place{m.Workspace, r.zones[m.Workspace].calendar.Of(m.Started)}] = true
		if err := saveFact(ctx, tx, m); err != nil {
			return err
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(days), func(a, b place) int { return int(a.day - b.day) }) {
		if err := markDue(ctx, tx, p.ws, r.zones[p.ws].layout, unitDay, int64(p.day)); err != nil {
			return err
		}
	}
	return nil
}

func saveFact(ctx context.Context, tx store.Tx, m *measured) error {
	if m.Contact == 0 {
		err := tx.QueryRow(ctx, `
			INSERT INTO rollup_contact (workspace_id, contact_id) VALUES ($1, $2)
			ON CONFLICT (contact_id) DO UPDATE SET workspace_id = excluded.workspace_id RETURNING n`,
			m.Workspace, m.contact).Scan(&m.Contact)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO rollup_fact (conversation_n, workspace_id, started_at, facet_id, seq, turn_seq, first_reply, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (conversation_n) DO UPDATE SET facet_id = excluded.facet_id, seq = excluded.seq,
			turn_seq = excluded.turn_seq, first_reply = excluded.first_reply, data = excluded.data`,
		m.N, m.Workspace, m.Started, m.Facet, m.seq, m.turnSeq, m.FirstReply, m.pack())
	if err != nil {
		return err
	}
	return saveLabels(ctx, tx, m)
}
