// Package budget is what a workspace and its assistants may spend in a calendar
// month. It computes and does no I/O.
package budget

import (
	"fmt"
	"time"

	"parley"
	"parley/internal/calendar"
)

// Budget is a limit of what is spent in a month.
type Budget struct {
	WorkspaceID string
	AssistantID string // "" for the whole workspace
	Credits     parley.Credits
	UpdatedBy   string // member or API key id
	UpdatedAt   time.Time
}

// Most is the largest budget.
const Most = 1_000_000_000 * parley.CreditUnit

// Check returns CodeInvalid for a budget that is none.
func (b *Budget) Check() error {
	if b.Credits <= 0 || b.Credits > Most {
		return parley.Errorf(parley.CodeInvalid,
			"credits: a budget is more than 0 and at most %s credits. Remove it if there is to be no limit.", Most)
	}
	return nil
}

// State says how much of a budget is left.
type State string

// The states.
const (
	Within  State = "within"
	Warning State = "warning" // at least 80 % are spent
	Spent   State = "spent"
)

// State returns the state of the budget when so much is spent.
func (b *Budget) State(spent parley.Credits) State {
	switch {
	case spent >= b.Credits:
		return Spent
	case spent >= b.Credits-b.Credits/5:
		return Warning
	}
	return Within
}

// The codes of the alerts about budgets.
const (
	AlertWarning = "budget_warning"
	AlertSpent   = "budget_exhausted"
)

// Alert returns the code and the words of what an operator is told; "" for
// nothing. name is the assistant's, "" for the workspace.
func (b *Budget) Alert(spent parley.Credits, name string, m calendar.Month) (code, message string) {
	switch b.State(spent) {
	case Spent:
		return AlertSpent, Exhausted(name, m).Message + " Until then, conversations wait for a person."
	case Warning:
		return AlertWarning, fmt.Sprintf("%s has spent 80 %% of its budget of %s credits for %s.", whose(name), b.Credits, m.Name())
	}
	return "", ""
}

// Exhausted returns the error of a call that a budget does not allow. name is
// the assistant's, "" for the workspace.
func Exhausted(name string, m calendar.Month) *parley.Error {
	return parley.Errorf(parley.CodeBudgetExhausted,
		"%s has spent its budget for %s. It goes on when the budget is raised, or with the next month.", whose(name), m.Name())
}

func whose(name string) string {
	if name == "" {
		return "The workspace"
	}
	return fmt.Sprintf("The assistant “%s”", name)
}
