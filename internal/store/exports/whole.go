package exports

import (
	"context"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// Whole is a conversation with what belongs to it.
type Whole struct {
	store.ListRow
	Identities []parley.Identity // of the contact
	Variables  []parley.Variable
	Usage      []parley.Usage
	Evaluation *parley.Evaluation          // nil: none
	Visitor    *parley.VisitorConversation // nil: it was not through a widget
	Tags       []string                    // names, by name
	Review     *desk.Review                // nil: nobody has reviewed it
	Notes      []desk.Note                 // the oldest first
	Files      []File                      // by id
	Messages   []parley.Message            // all of them
}

// File is a file of a conversation: of one of its messages, or one that no
// message has, as its visitor has uploaded it and not sent.
type File struct {
	ID, Name, MIMEType string
	Size               int64 // bytes
	Here               bool  // its bytes were fetched
	CreatedAt          time.Time
}

// Parts says what is read of conversations.
type Parts struct{ Identities, Variables, Usage, Evaluation, Visitor, Tags, Review, Notes, Files, Messages bool }

// And returns the parts that are in either.
func (p Parts) And(o Parts) Parts {
	return Parts{
		Identities: p.Identities || o.Identities, Variables: p.Variables || o.Variables, Usage: p.Usage || o.Usage,
		Evaluation: p.Evaluation || o.Evaluation, Visitor: p.Visitor || o.Visitor, Tags: p.Tags || o.Tags,
		Review: p.Review || o.Review, Notes: p.Notes || o.Notes, Files: p.Files || o.Files, Messages: p.Messages || o.Messages,
	}
}

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
		{parts.Tags, tags}, {parts.Review, reviews}, {parts.Notes, notes}, {parts.Files, files},
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
	// What is put on a conversation counts only if it is of the conversation's workspace.
	tags = reading{"t.workspace_id, t.name", "desk_tagged g JOIN desk_tag t ON t.id = g.tag_id AND t.deleted_at = 0", "g.n", ", t.folded",
		func(r store.Row, n *int64) (func(*Whole), error) {
			var ws, name string
			err := r.Scan(&ws, &name, n)
			return func(w *Whole) {
				if ws == w.WorkspaceID {
					w.Tags = append(w.Tags, name)
				}
			}, err
		}}
	reviews = reading{desk.ReviewColumns, "desk_review", "conversation_n", "", func(r store.Row, n *int64) (func(*Whole), error) {
		v, err := desk.ScanReview(r, n)
		return func(w *Whole) { w.Review = v }, err
	}}
	notes = reading{desk.NoteColumns + ", o.workspace_id", "desk_note o", "o.conversation_n", ", o.id", func(r store.Row, n *int64) (func(*Whole), error) {
		var ws string
		o, err := desk.ScanNote(r, &ws, n)
		return func(w *Whole) {
			if ws == w.WorkspaceID {
				w.Notes = append(w.Notes, o)
			}
		}, err
	}}
	files = reading{"a.id, a.name, a.mime_type, a.size, a.blob_key <> '', a.created_at", `conversation c JOIN attachment a ON a.workspace_id = c.workspace_id
			AND (a.conversation_id = c.id OR a.conversation_id = '' AND a.created_by = c.id)`, "c.n", ", a.id",
		func(r store.Row, n *int64) (func(*Whole), error) {
			var f File
			var created int64
			err := r.Scan(&f.ID, &f.Name, &f.MIMEType, &f.Size, &f.Here, &created, n)
			f.CreatedAt = store.FromMicros(created)
			return func(w *Whole) { w.Files = append(w.Files, f) }, err
		}}
)
