// Package topics keeps what people ask, by topic: which message of a
// conversation asks, what the topics are, and how far their grouping has come.
// What it counts it counts from the conversations themselves, so that a number
// and the list behind it cannot differ.
package topics

import (
	"context"
	"encoding/json"
	"strings"

	"parley"
	"parley/internal/store"
)

// Topics is the store as topics see it.
type Topics struct{ store.Tables }

// batch is how many rows are written in one transaction: whoever waits for the
// next one does not notice.
const batch = 64

// Save adds topics, or changes those that are there.
func (s *Topics) Save(ctx context.Context, all []parley.Topic) error {
	return s.Write(ctx, func(t store.Tx) error {
		for i := range all {
			x := &all[i]
			terms, err := json.Marshal(x.Terms)
			if err != nil {
				return err
			}
			_, err = t.Exec(ctx, `
				INSERT INTO topic (workspace_id, id, kind, other, language, label, terms, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
				ON CONFLICT (id) DO UPDATE SET label = excluded.label, terms = excluded.terms`,
				x.WorkspaceID, x.ID, string(x.Kind), number(x.Other), x.Language, x.Label, string(terms), store.Micros(x.CreatedAt))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// List returns the topics of a workspace and kind.
func (s *Topics) List(ctx context.Context, ws string, kind parley.QuestionKind) ([]parley.Topic, error) {
	return s.list(ctx, `workspace_id = $1 AND kind = $2 ORDER BY id`, ws, string(kind))
}

// Topic returns a topic. It returns CodeNotFound.
func (s *Topics) Topic(ctx context.Context, ws, id string) (*parley.Topic, error) {
	found, err := s.list(ctx, `workspace_id = $1 AND id = $2`, ws, id)
	if err == nil && len(found) == 0 {
		err = parley.Errorf(parley.CodeNotFound, "There is no such topic.")
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

func (s *Topics) list(ctx context.Context, where string, args ...any) (all []parley.Topic, _ error) {
	r, err := s.Query(ctx, `
		SELECT workspace_id, id, kind, other, language, label, terms, created_at FROM topic WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	err = each(r, func() error {
		var t parley.Topic
		var terms string
		var other, created int64
		err := r.Scan(&t.WorkspaceID, &t.ID, (*string)(&t.Kind), &other, &t.Language, &t.Label, &terms, &created)
		if err == nil {
			err = json.Unmarshal([]byte(terms), &t.Terms)
		}
		t.Other, t.CreatedAt = other == 1, store.FromMicros(created)
		all = append(all, t)
		return err
	})
	return all, err
}

// RemoveUnused removes topics that no question has, apart from the one for
// others.
func (s *Topics) RemoveUnused(ctx context.Context, ws string, kind parley.QuestionKind) error {
	return s.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			DELETE FROM topic WHERE workspace_id = $1 AND kind = $2 AND other = 0 AND NOT EXISTS (
				SELECT 1 FROM question q WHERE q.topic_id = topic.id)`,
			ws, string(kind))
		return err
	})
}

// each calls fn for each row and closes the rows.
func each(r store.Rows, fn func() error) error {
	defer func() { _ = r.Close() }()
	for r.Next() {
		if err := fn(); err != nil {
			return err
		}
	}
	return r.Err()
}

// binder is the store's, with tables of values.
type binder struct{ store.Binder }

// rows renders n rows of values, and after them as many of nothing as fill the
// statement.
func (b *binder) rows(n int, values func(i int) string) string {
	rows := make([]string, store.Padded(n))
	for i := range rows {
		rows[i] = `(` + values(i) + `)`
	}
	return `VALUES ` + strings.Join(rows, ", ")
}

// big binds a number whose type the statement does not tell.
func (b *binder) big(n int64) string { return `CAST(` + b.Bind(n) + ` AS BIGINT)` }

// text binds a text whose type the statement does not tell.
func (b *binder) text(v string) string { return `CAST(` + b.Bind(v) + ` AS TEXT)` }

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
