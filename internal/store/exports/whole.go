package exports

import (
	"context"

	"parley"
	"parley/internal/store"
)

// Whole is a conversation with what belongs to it.
type Whole struct {
	store.ListRow
	Identities []parley.Identity // of the contact
	Variables  []parley.Variable
	Usage      []parley.Usage
	Evaluation *parley.Evaluation          // nil: none
	Visitor    *parley.VisitorConversation // nil: it was not through a widget
	Messages   []parley.Message            // all of them
}

// Parts says what is read of conversations.
type Parts struct{ Identities, Variables, Usage, Evaluation, Visitor, Messages bool }

// reading is how one part of many conversations is read.
type reading struct {
	columns, from string
	by            string // the column with the conversation's n
	order         string
	scan          func(r store.Row, n *int64) (add func(*Whole), err error)
}

// Whole reads what belongs to conversations that a walk has found, of all of
// them together.
func (x *Exports) Whole(ctx context.Context, rows []store.ListRow, parts Parts) ([]Whole, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	out := make([]Whole, len(rows))
	of := make(map[int64]*Whole, len(rows))
	ns := make([]int64, len(rows))
	for i := range rows {
		out[i].ListRow, ns[i], of[rows[i].N] = rows[i], rows[i].N, &out[i]
	}
	for _, part := range []struct {
		wanted bool
		reading
	}{
		{parts.Messages, messages}, {parts.Variables, variables}, {parts.Usage, usage},
		{parts.Evaluation, evaluations}, {parts.Identities, identities}, {parts.Visitor, visitors},
	} {
		if !part.wanted {
			continue
		}
		if err := x.read(ctx, part.reading, ns, of); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (x *Exports) read(ctx context.Context, p reading, ns []int64, of map[int64]*Whole) error {
	var args []any
	r, err := x.Tables().Query(ctx, `SELECT `+p.columns+`, `+p.by+` FROM `+p.from+` WHERE `+p.by+` IN (`+bind(&args, ns)+`) ORDER BY `+p.by+p.order, args...)
	_, err = store.Collect(r, err, func(r store.Row) (struct{}, error) {
		var n int64
		add, err := p.scan(r, &n)
		if whole := of[n]; err == nil && whole != nil {
			add(whole)
		}
		return struct{}{}, err
	})
	return err
}

// The parts of a conversation.
var (
	messages = reading{store.MessageColumns, "message", "conversation_n", ", seq", func(r store.Row, n *int64) (func(*Whole), error) {
		m, err := store.ScanMessage(r, "", n)
		return func(w *Whole) {
			m.ConversationID = w.ID
			w.Messages = append(w.Messages, m)
		}, err
	}}
	variables = reading{store.VariableColumns, "variable", "conversation_n", ", " + store.VariableOrder, func(r store.Row, n *int64) (func(*Whole), error) {
		v, err := store.ScanVariable(r, "", n)
		return func(w *Whole) {
			v.ConversationID = w.ID
			w.Variables = append(w.Variables, v)
		}, err
	}}
	usage = reading{store.UsageColumns, "usage u", "conversation_n", ", id", func(r store.Row, n *int64) (func(*Whole), error) {
		u, err := store.ScanUsage(r, "", n)
		return func(w *Whole) {
			u.ConversationID = w.ID
			w.Usage = append(w.Usage, u)
		}, err
	}}
	evaluations = reading{store.EvaluationColumns, "evaluation", "conversation_n", "", func(r store.Row, n *int64) (func(*Whole), error) {
		e, err := store.ScanEvaluation(r, "", n)
		return func(w *Whole) {
			e.ConversationID = w.ID
			w.Evaluation = e
		}, err
	}}
	visitors = reading{store.VisitorColumns, "visitor_conversation v JOIN conversation c ON c.id = v.conversation_id", "c.n", "",
		func(r store.Row, n *int64) (func(*Whole), error) {
			v, err := store.ScanVisitor(r, n)
			return func(w *Whole) {
				v.WorkspaceID, v.ConversationID = w.WorkspaceID, w.ID
				w.Visitor = v
			}, err
		}}
	identities = reading{"i.kind, i.value", "conversation c JOIN identity i ON i.contact_id = c.contact_id", "c.n", ", i.kind, i.value",
		func(r store.Row, n *int64) (func(*Whole), error) {
			var i parley.Identity
			err := r.Scan(&i.Kind, &i.Value, n)
			return func(w *Whole) { w.Identities = append(w.Identities, i) }, err
		}}
)
