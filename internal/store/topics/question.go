package topics

import (
	"context"
	"slices"

	"parley"
	"parley/internal/store"
)

// Line is a message of a conversation, as far as it tells what was asked: the
// contact's, and where a person was asked for.
type Line struct {
	Seq     int64
	Handoff bool
	Text    string // the beginning of it
}

// Log is what is read of a conversation to find its questions.
type Log struct {
	N        int64
	Rev      int64
	Resolved *bool // by the evaluation
	Lines    []Line
	// Unknown are the messages that turns answered which did not know: from
	// one, and to another.
	Unknown [][2]int64
}

// textBytes is how much of a message is read, in characters.
const textBytes = 1000

// Logs reads conversations of a workspace.
func (s *Topics) Logs(ctx context.Context, ws string, ns []int64) ([]Log, error) {
	b := &binder{}
	r, err := s.Query(ctx, `SELECT n, rev, resolved FROM conversation WHERE n IN (`+b.Ints(ns)+`)
		AND workspace_id || '' = `+b.Bind(ws)+` ORDER BY n`, b.Args...)
	if err != nil {
		return nil, err
	}
	var logs []Log
	at := map[int64]int{}
	err = each(r, func() error {
		var l Log
		var resolved int64
		err := r.Scan(&l.N, &l.Rev, &resolved)
		if resolved > 0 {
			yes := resolved == 2
			l.Resolved = &yes
		}
		at[l.N] = len(logs)
		logs = append(logs, l)
		return err
	})
	if err != nil || len(logs) == 0 {
		return nil, err
	}
	if err := s.lines(ctx, ns, logs, at); err != nil {
		return nil, err
	}
	return logs, s.unknown(ctx, ns, logs, at)
}

func (s *Topics) lines(ctx context.Context, ns []int64, logs []Log, at map[int64]int) error {
	b := &binder{}
	r, err := s.Query(ctx, `
		SELECT conversation_n, seq, event, CASE WHEN role = 'user' THEN substr(content, 1, `+b.Bind(textBytes)+`) ELSE '' END
		FROM message WHERE conversation_n IN (`+b.Ints(ns)+`)
			AND (role = 'user' AND deleted_at = 0 OR event = `+b.Bind(string(parley.EventHandoff))+`)
		ORDER BY conversation_n, seq`, b.Args...)
	if err != nil {
		return err
	}
	return each(r, func() error {
		var n int64
		var l Line
		var event string
		err := r.Scan(&n, &l.Seq, &event, &l.Text)
		l.Handoff = event != ""
		if i, ok := at[n]; ok {
			logs[i].Lines = append(logs[i].Lines, l)
		}
		return err
	})
}

// unknown asks in the words of the index turn_unanswered.
func (s *Topics) unknown(ctx context.Context, ns []int64, logs []Log, at map[int64]int) error {
	b := &binder{}
	r, err := s.Query(ctx, `
		SELECT conversation_n, from_seq, to_seq FROM turn WHERE conversation_n IN (`+b.Ints(ns)+`)
			AND replace(trace, '"unanswered":true', '') <> trace AND status = 'done' ORDER BY conversation_n, to_seq`, b.Args...)
	if err != nil {
		return err
	}
	return each(r, func() error {
		var n int64
		var span [2]int64
		err := r.Scan(&n, &span[0], &span[1])
		if i, ok := at[n]; ok {
			logs[i].Unknown = append(logs[i].Unknown, span)
		}
		return err
	})
}

// Found are the questions of a conversation.
type Found struct {
	N, Rev     int64
	Asked      int64 // seq of a message; 0: nothing was asked
	Unanswered int64 // 0: none
	Reasons    parley.Unanswered
}

// SaveFound records the questions of conversations. A question that is in
// another message than before is sorted anew; one that is gone is forgotten.
// Nothing is written for a conversation that has been erased meanwhile.
func (s *Topics) SaveFound(ctx context.Context, ws string, all []Found) error {
	for some := range slices.Chunk(all, batch) {
		var asked, unanswered []row
		var unasked []int64
		for _, f := range some {
			asked = append(asked, row{f.N, f.Asked, 0, f.Rev})
			if f.Unanswered > 0 {
				unanswered = append(unanswered, row{f.N, f.Unanswered, int64(f.Reasons), f.Rev})
			} else {
				unasked = append(unasked, f.N)
			}
		}
		err := s.Write(ctx, func(t store.Tx) error {
			if err := saveRows(ctx, t, ws, parley.QuestionAsked, asked); err != nil {
				return err
			}
			if err := saveRows(ctx, t, ws, parley.QuestionUnanswered, unanswered); err != nil || len(unasked) == 0 {
				return err
			}
			b := &binder{}
			_, err := t.Exec(ctx, `DELETE FROM question WHERE kind = 'unanswered' AND conversation_n IN (`+b.Ints(unasked)+`)`, b.Args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// row is n, seq, reasons and rev of a question.
type row [4]int64

func saveRows(ctx context.Context, t store.Tx, ws string, kind parley.QuestionKind, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	b := &binder{}
	values := b.rows(len(rows), func(i int) string {
		r := row{} // of no conversation
		if i < len(rows) {
			r = rows[i]
		}
		return b.big(r[0]) + `, ` + b.big(r[1]) + `, ` + b.big(r[2]) + `, ` + b.big(r[3])
	})
	_, err := t.Exec(ctx, `WITH v(n, seq, reasons, rev) AS (`+values+`)
		INSERT INTO question (conversation_n, kind, workspace_id, seq, reasons, topic_id, fit, rev)
		SELECT c.n, `+b.text(string(kind))+`, c.workspace_id, v.seq, v.reasons, '', 0, v.rev
		FROM v JOIN conversation c ON c.n = v.n WHERE c.workspace_id || '' = `+b.Bind(ws)+`
		ON CONFLICT (conversation_n, kind) DO UPDATE SET seq = excluded.seq, reasons = excluded.reasons, rev = excluded.rev,
			topic_id = CASE WHEN question.seq = excluded.seq THEN question.topic_id ELSE '' END`, b.Args...)
	return err
}

// Question is what was asked in a conversation.
type Question struct {
	N       int64
	TopicID string // "" until it is sorted
	Fit     int    // thousandths
	Text    string
}

// Questions returns those of some conversations that ask something.
func (s *Topics) Questions(ctx context.Context, ws string, kind parley.QuestionKind, ns []int64) (all []Question, _ error) {
	b := &binder{}
	r, err := s.Query(ctx, `
		SELECT q.conversation_n, q.topic_id, q.fit, substr(m.content, 1, `+b.Bind(textBytes)+`)
		FROM question q JOIN message m ON m.conversation_n = q.conversation_n AND m.seq = q.seq
		WHERE q.conversation_n IN (`+b.Ints(ns)+`) AND q.kind = `+b.Bind(string(kind))+` AND q.seq > 0
			AND q.workspace_id || '' = `+b.Bind(ws)+` AND m.deleted_at = 0
		ORDER BY q.conversation_n`, b.Args...)
	if err != nil {
		return nil, err
	}
	err = each(r, func() error {
		var q Question
		err := r.Scan(&q.N, &q.TopicID, &q.Fit, &q.Text)
		all = append(all, q)
		return err
	})
	return all, err
}

// Sort records the topics of questions.
func (s *Topics) Sort(ctx context.Context, kind parley.QuestionKind, all []Question) error {
	for some := range slices.Chunk(all, batch) {
		b := &binder{}
		values := b.rows(len(some), func(i int) string {
			q := Question{} // of no conversation
			if i < len(some) {
				q = some[i]
			}
			return b.big(q.N) + `, ` + b.text(q.TopicID) + `, ` + b.big(int64(q.Fit))
		})
		err := s.Write(ctx, func(t store.Tx) error {
			_, err := t.Exec(ctx, `WITH v(n, topic_id, fit) AS (`+values+`)
				UPDATE question SET topic_id = v.topic_id, fit = v.fit FROM v
				WHERE question.conversation_n = v.n AND question.kind = `+b.text(string(kind)), b.Args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
