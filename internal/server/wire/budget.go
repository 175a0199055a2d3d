package wire

import (
	"time"

	"parley"
	"parley/internal/budget"
	"parley/internal/store/budgets"
)

// Budgets is the month that it is, with what may be spent in it and what was.
type Budgets struct {
	Month    string    `json:"month" doc:"As in 2026-11."`
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at" doc:"Exclusive."`
	TimeZone string    `json:"time_zone" doc:"Whose month it is: the workspace's."`
	Data     []Budget  `json:"data" doc:"The workspace first, with a budget or without, then the assistants that have one."`
}

// Budget is what the workspace or an assistant may spend in a month.
type Budget struct {
	Assistant     *Ref            `json:"assistant" doc:"Null for the whole workspace."`
	Credits       *parley.Credits `json:"credits" doc:"The budget of a month; null: there is none."`
	Spent         parley.Credits  `json:"spent" doc:"In this month, by every call that began in it, as far as prices are known."`
	UnpricedCalls int64           `json:"unpriced_calls" doc:"Calls of this month whose cost is unknown."`
	State         *budget.State   `json:"state" doc:"Null without a budget. From 80 % on it is a warning; when all is spent, conversations wait for a person."`
	UpdatedAt     *time.Time      `json:"updated_at"`
}

// SaveBudget sets a budget.
type SaveBudget struct {
	Credits string `json:"credits" minLength:"1" maxLength:"30" doc:"A decimal number of credits for each month."`
}

// BudgetsOf shows a month.
func BudgetsOf(m *budgets.Month) Budgets {
	return Budgets{
		Month: m.Month.String(), StartsAt: m.Start.UTC(), EndsAt: m.End.UTC(), TimeZone: m.Zone, Data: Mapped(m.Lines, budgetOf),
	}
}

func budgetOf(l *budgets.Line) Budget {
	out := Budget{Spent: l.Spent, UnpricedCalls: l.Unpriced}
	if l.AssistantID != "" {
		out.Assistant = &Ref{ID: l.AssistantID, Name: l.Name}
	}
	if b := l.Budget; b != nil {
		state, at := b.State(l.Spent), b.UpdatedAt.UTC()
		out.Credits, out.State, out.UpdatedAt = &b.Credits, &state, &at
	}
	return out
}
