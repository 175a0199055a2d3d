package store

import (
	"context"
	"time"

	"parley"
)

// SaveEvaluation records what was found about a conversation, in place of what
// was found before, and the variables found with it. An evaluation with an
// Error has no result: it leaves Resolved as it is. With work the lease must be
// held: it returns ErrLeaseLost. It returns CodeNotFound.
func (s *Store) SaveEvaluation(ctx context.Context, work *parley.Work, ws string, eval *parley.Evaluation, vars []parley.Variable) (*parley.Conversation, error) {
	return s.change(ctx, ws, eval.ConversationID, func(t *tx, c *conversationRow) error {
		if work != nil {
			if err := holdLease(ctx, t, *work); err != nil {
				return err
			}
		}
		at := eval.EvaluatedAt
		if at.IsZero() {
			at = s.nowMicros()
		}
		if eval.Error == "" {
			resolved := eval.Resolved
			c.Resolved = &resolved
		}
		if err := c.evaluate(ctx, t, eval, at); err != nil {
			return err
		}
		if err := changed(ctx, t, c); err != nil {
			return err
		}
		return saveVariables(ctx, t, c, vars, at)
	})
}

// evaluate writes what was found about the conversation.
func (c *conversationRow) evaluate(ctx context.Context, t *tx, eval *parley.Evaluation, at time.Time) error {
	_, err := t.exec(ctx, `
		INSERT INTO evaluation (workspace_id, conversation_n, resolved, summary, topic, sentiment, model, error, evaluated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (conversation_n) DO UPDATE SET resolved = excluded.resolved, summary = excluded.summary,
			topic = excluded.topic, sentiment = excluded.sentiment, model = excluded.model, error = excluded.error,
			evaluated_at = excluded.evaluated_at`,
		c.WorkspaceID, c.n, truth(c.Resolved), eval.Summary, eval.Topic, string(eval.Sentiment), eval.Model,
		eval.Error, micros(at))
	return err
}

// Evaluation returns the evaluation of a conversation. It returns CodeNotFound
// if there is none.
func (s *Store) Evaluation(ctx context.Context, ws, conv string) (*parley.Evaluation, error) {
	e, err := scanEvaluation(s.read.queryRow(ctx, `
		SELECT `+evaluationColumns+` FROM evaluation
		WHERE conversation_n = (SELECT n FROM conversation WHERE id = $1 AND workspace_id = $2)`, conv, ws), conv)
	if err != nil {
		return nil, orNotFound(err, "evaluation")
	}
	return e, nil
}

const evaluationColumns = `resolved, summary, topic, sentiment, model, error, evaluated_at`

func scanEvaluation(row scanner, conv string, more ...any) (*parley.Evaluation, error) {
	e := &parley.Evaluation{ConversationID: conv}
	var resolved *bool
	dest := []any{asTruth(&resolved), &e.Summary, &e.Topic, &e.Sentiment, &e.Model, &e.Error, asTime(&e.EvaluatedAt)}
	err := row.Scan(append(dest, more...)...)
	e.Resolved = resolved != nil && *resolved
	return e, err
}
