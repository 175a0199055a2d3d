package demo

import (
	"context"

	"parley"
	"parley/internal/budget"
	"parley/internal/store/budgets"
)

// budgets sets what may be spent, so that a good part of it is spent already.
func (s *seeder) budgets(ctx context.Context) error {
	all := &budgets.Budgets{Tables: s.Store.Tables()}
	for _, b := range []struct {
		assistant string
		percent   parley.Credits // of the budget that are spent
	}{{"", 58}, {AssistantID, 73}} {
		set := &budget.Budget{
			WorkspaceID: WorkspaceID, AssistantID: b.assistant, Credits: budget.Most, UpdatedBy: s.OwnerID, UpdatedAt: s.Now(),
		}
		if err := all.Set(ctx, set); err != nil {
			return err
		}
		m, err := all.Month(ctx, WorkspaceID, s.Now())
		if err != nil {
			return err
		}
		for _, l := range m.Lines {
			if l.AssistantID == b.assistant {
				// To tenths of a credit, and some credits where the month has just begun.
				const tenth = parley.CreditUnit / 10
				set.Credits = max(l.Spent*100/b.percent/tenth*tenth, 5*parley.CreditUnit)
			}
		}
		if err := all.Set(ctx, set); err != nil {
			return err
		}
	}
	return nil
}
