package engine

import (
	"context"
	"errors"
	"time"

	"parley"
	"parley/internal/llm"
	"parley/internal/price"
)

// settleTime bounds the settling of a usage row after its call.
const settleTime = 10 * time.Second

// charged says who pays for a call, and at whose prices.
type charged struct {
	provider  *parley.Provider
	workspace *parley.Workspace
	source    parley.Source
}

// openUsage writes the row of a call that is about to start: should the process
// die in it, the ledger says that it may have cost something. It returns
// CodeBudgetExhausted if there is no money for it; what costs nothing needs none.
// Where there is a budget, a conversation's calls wait for each other, so that not
// more than one of them can go over it.
func (e *Engine) openUsage(ctx context.Context, u *parley.Usage, c charged) (*parley.Usage, error) {
	u.StartedAt = e.now()
	u.ID = parley.NewID(u.StartedAt)
	if price.Free(u.ProviderID, c.source, c.workspace.Settings) {
		return u, e.store.OpenUsage(ctx, u)
	}
	limited, err := e.limited.Get(ctx, assistantKey{u.WorkspaceID, u.AssistantID}, func(ctx context.Context) (bool, error) {
		if e.cfg.Budgets == nil {
			return false, nil
		}
		return e.cfg.Budgets.Limited(ctx, u.WorkspaceID, u.AssistantID)
	})
	if err != nil {
		return nil, err
	}
	if limited {
		if err := e.calls.Enter(ctx, u.ConversationID, u.ID); err != nil {
			return nil, err
		}
	}
	if err := e.store.OpenPaidUsage(ctx, u); err != nil {
		e.calls.Leave(u.ID)
		return nil, err
	}
	return u, nil
}

// settleUsage writes what a call used, in a transaction of its own that neither
// a takeover nor a stop can take away. A row that cannot be settled stays open,
// which the totals count as unknown.
func (e *Engine) settleUsage(ctx context.Context, u *parley.Usage, c charged, resp *llm.Response, failure error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	defer e.calls.Leave(u.ID)
	u.Complete = true
	u.SettledAt = e.now()
	if resp != nil {
		if resp.Usage != nil {
			u.InputTokens, u.OutputTokens = resp.Usage.InputTokens, resp.Usage.OutputTokens
			u.CachedTokens, u.CacheWriteTokens = resp.Usage.CachedTokens, resp.Usage.CacheWriteTokens
			u.ReasoningTokens = resp.Usage.ReasoningTokens
			u.AudioInTokens, u.AudioOutTokens = resp.Usage.AudioInTokens, resp.Usage.AudioOutTokens
			u.Raw = resp.Usage.Raw
		}
	}
	switch {
	case errors.Is(failure, context.Canceled), llm.ErrorClass(failure) == llm.Canceled:
		u.Error = "The call was cancelled."
	case failure != nil:
		u.Error = sentence(failure)
	case resp == nil || resp.Usage == nil:
		u.Error = "The provider sent no usage."
	}
	if err := e.price(ctx, u, c.provider, c.workspace, c.source); err != nil {
		e.log.Error("cannot price a model call", "usage", u.ID, "error", err)
	}
	if err := e.store.SettleUsage(ctx, u); err != nil {
		e.log.Error("cannot settle a model call; its row stays open", "usage", u.ID, "error", err)
	}
}

// price sets the credits of a call whose tokens and price are both known.
func (e *Engine) price(
	ctx context.Context, u *parley.Usage, p *parley.Provider, ws *parley.Workspace, source parley.Source,
) error {
	var found *parley.Price
	if u.ProviderID != parley.BuiltinProvider {
		table, err := e.prices.Get(ctx, ws.ID, func(ctx context.Context) ([]parley.Price, error) {
			return e.store.Prices(ctx, ws.ID)
		})
		if err != nil {
			return err
		}
		found = price.Find(table, price.ProviderOf(p.Kind, p.BaseURL), u.Model)
	}
	if found != nil {
		u.PriceID = found.ID
	}
	u.Credits = price.Credits(u, found, source, ws.Settings)
	return nil
}
