package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"parley"
	"parley/internal/store/spend"
)

// OpenUsage records that a model call starts, before it does. Until it is
// settled the call counts as one whose cost is unknown. ID and StartedAt are
// set if they are missing. It returns CodeNotFound for an unknown
// conversation.
func (s *Store) OpenUsage(ctx context.Context, u *parley.Usage) error {
	return s.openUsage(ctx, u, false)
}

// OpenPaidUsage is OpenUsage for a call that may cost something. It returns
// CodeBudgetExhausted if the budget of the workspace or of the assistant is spent.
func (s *Store) OpenPaidUsage(ctx context.Context, u *parley.Usage) error {
	return s.openUsage(ctx, u, true)
}

func (s *Store) openUsage(ctx context.Context, u *parley.Usage, paid bool) error {
	if u.StartedAt.IsZero() {
		u.StartedAt = s.nowMicros()
	}
	if u.ID == "" {
		u.ID = parley.NewID(u.StartedAt)
	}
	return s.write(ctx, func(t *tx) error {
		n, err := addUsage(ctx, t, u.WorkspaceID, u.ConversationID, parley.Usage{}, 1)
		if err == nil && paid {
			err = spend.Allow(ctx, Tx{t}, u.WorkspaceID, u.AssistantID, u.StartedAt)
		}
		if err != nil {
			return err
		}
		return insertUsage(ctx, t, n, u)
	})
}

func insertUsage(ctx context.Context, t *tx, conversation int64, u *parley.Usage) error {
	_, err := t.exec(ctx, `
		INSERT INTO usage (workspace_id, id, conversation_n, turn_id, kind, provider_id, model, assistant_id,
			assistant_version, complete, input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
			audio_in_tokens, audio_out_tokens, raw, price_id, credits, error, started_at, settled_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		u.WorkspaceID, u.ID, conversation, u.TurnID, string(u.Kind), u.ProviderID, u.Model, u.AssistantID,
		u.AssistantVersion, flag(u.Complete), u.InputTokens, u.OutputTokens, u.CachedTokens, u.CacheWriteTokens, u.ReasoningTokens,
		u.AudioInTokens, u.AudioOutTokens, string(u.Raw), u.PriceID, (*int64)(u.Credits), u.Error,
		micros(u.StartedAt), micros(u.SettledAt))
	return err
}

// SettleUsage records what a model call used and adds it to the conversation's
// totals, whoever owns the conversation by then. Settling again changes
// nothing. SettledAt is set if it is missing. It returns CodeNotFound for a
// row that was not opened.
func (s *Store) SettleUsage(ctx context.Context, u *parley.Usage) error {
	if u.SettledAt.IsZero() {
		u.SettledAt = s.nowMicros()
	}
	err := s.write(ctx, func(t *tx) error {
		unknown := 0
		if u.Priced() {
			unknown = -1
		}
		if _, err := addUsage(ctx, t, u.WorkspaceID, u.ConversationID, *u, unknown); err != nil {
			return err
		}
		n, err := t.exec(ctx, `
			UPDATE usage SET complete = 1, model = $3, input_tokens = $4, output_tokens = $5, cached_tokens = $6,
				reasoning_tokens = $7, raw = $8, price_id = $9, credits = $10, error = $11, settled_at = $12,
				cache_write_tokens = $13, audio_in_tokens = $14, audio_out_tokens = $15
			WHERE id = $1 AND workspace_id = $2 AND complete = 0`,
			u.ID, u.WorkspaceID, u.Model, u.InputTokens, u.OutputTokens, u.CachedTokens, u.ReasoningTokens,
			string(u.Raw), u.PriceID, (*int64)(u.Credits), u.Error, micros(u.SettledAt),
			u.CacheWriteTokens, u.AudioInTokens, u.AudioOutTokens)
		if err == nil && n == 0 {
			err = errUnchanged
		}
		if err != nil {
			return err
		}
		return spend.Add(ctx, Tx{t}, u.WorkspaceID, s.now(), spend.EntryOf(u))
	})
	if !errors.Is(err, errUnchanged) {
		if err == nil {
			u.Complete = true
		}
		return err
	}
	var one int
	err = s.read.queryRow(ctx, `SELECT 1 FROM usage WHERE id = $1 AND workspace_id = $2`, u.ID, u.WorkspaceID).Scan(&one)
	return orNotFound(err, "usage row")
}

// errUnchanged rolls back a write that turned out to change nothing.
var errUnchanged = errors.New("nothing to change")

// addUsage adds a call to the totals of a conversation and returns its n, 0
// for a call outside any.
func addUsage(ctx context.Context, t *tx, ws, conv string, u parley.Usage, unknown int) (n int64, err error) {
	if conv == "" {
		return 0, nil
	}
	var started int64
	err = t.queryRow(ctx, `
		UPDATE conversation SET rev = rev + 1, input_tokens = input_tokens + $3, output_tokens = output_tokens + $4,
			credits = credits + $5, unknown_calls = unknown_calls + $6
		WHERE id = $1 AND workspace_id = $2 RETURNING n, started_at`,
		conv, ws, orZero(u.InputTokens), orZero(u.OutputTokens), int64(orZero(u.Credits)), unknown).Scan(&n, &started)
	if err != nil {
		return 0, orNotFound(err, "conversation")
	}
	return n, markChanged(ctx, t, `VALUES ($1, $2, $3, 1)`, n, ws, started)
}

func orZero[T ~int64](p *T) T {
	if p == nil {
		return 0
	}
	return *p
}

const usageColumns = `u.workspace_id, u.id, u.turn_id, u.kind, u.provider_id, u.model, u.assistant_id,
	u.assistant_version, u.complete, u.input_tokens, u.output_tokens, u.cached_tokens, u.cache_write_tokens,
	u.reasoning_tokens, u.audio_in_tokens, u.audio_out_tokens, u.raw, u.price_id, u.credits, u.error, u.started_at, u.settled_at`

// Usage returns the ledger of a conversation, oldest first.
func (s *Store) Usage(ctx context.Context, ws, conv string) ([]parley.Usage, error) {
	r, err := s.read.query(ctx, `
		SELECT `+usageColumns+` FROM usage u
		WHERE u.conversation_n = (SELECT n FROM conversation WHERE id = $1 AND workspace_id = $2)
		ORDER BY u.id`, conv, ws)
	return collect(r, err, func(row scanner) (parley.Usage, error) { return scanUsage(row, conv) })
}

func scanUsage(row scanner, conv string, more ...any) (parley.Usage, error) {
	u := parley.Usage{ConversationID: conv}
	var raw string
	var credits sql.NullInt64
	dest := []any{
		&u.WorkspaceID, &u.ID, &u.TurnID, &u.Kind, &u.ProviderID, &u.Model, &u.AssistantID,
		&u.AssistantVersion, &u.Complete, &u.InputTokens, &u.OutputTokens, &u.CachedTokens, &u.CacheWriteTokens,
		&u.ReasoningTokens, &u.AudioInTokens, &u.AudioOutTokens, &raw,
		&u.PriceID, &credits, &u.Error, asTime(&u.StartedAt), asTime(&u.SettledAt),
	}
	err := row.Scan(append(dest, more...)...)
	if raw != "" {
		u.Raw = json.RawMessage(raw)
	}
	if credits.Valid {
		u.Credits = (*parley.Credits)(&credits.Int64)
	}
	return u, err
}
