// Package money answers the requests about budgets.
package money

import (
	"context"
	"time"

	"parley"
	"parley/internal/budget"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/budgets"
)

// Handlers answer requests. They are safe for concurrent use.
type Handlers struct {
	Budgets *budgets.Budgets
	Now     func() time.Time
}

// List answers with the month that it is.
func (h *Handlers) List(ctx context.Context, _ *api.None) (*api.Reply[wire.Budgets], error) {
	m, err := h.Budgets.Month(ctx, api.Who(ctx).Workspace, h.Now())
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.BudgetsOf(m)), nil
}

// Set sets the budget of the workspace.
func (h *Handlers) Set(ctx context.Context, in *api.Body[wire.SaveBudget]) (*api.Reply[wire.Budgets], error) {
	return h.set(ctx, "", in.Body.Credits)
}

// SetAssistant sets the budget of an assistant.
func (h *Handlers) SetAssistant(ctx context.Context, in *api.BodyFor[wire.SaveBudget]) (*api.Reply[wire.Budgets], error) {
	return h.set(ctx, in.ID, in.Body.Credits)
}

func (h *Handlers) set(ctx context.Context, assistant, credits string) (*api.Reply[wire.Budgets], error) {
	amount, err := parley.ParseCredits(credits)
	if err != nil {
		return nil, err
	}
	who := api.Who(ctx)
	err = h.Budgets.Set(ctx, &budget.Budget{
		WorkspaceID: who.Workspace, AssistantID: assistant, Credits: amount, UpdatedBy: who.ID(), UpdatedAt: h.Now(),
	})
	if err != nil {
		return nil, err
	}
	return h.List(ctx, nil)
}

// Remove removes the budget of the workspace.
func (h *Handlers) Remove(ctx context.Context, _ *api.None) (*api.None, error) {
	return nil, h.Budgets.Remove(ctx, api.Who(ctx).Workspace, "", h.Now())
}

// RemoveAssistant removes the budget of an assistant.
func (h *Handlers) RemoveAssistant(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, h.Budgets.Remove(ctx, api.Who(ctx).Workspace, in.ID, h.Now())
}
