// Package budgets keeps what workspaces and assistants may spend in a month, and
// says what they have spent. Package spend counts it.
package budgets

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley"
	"parley/internal/budget"
	"parley/internal/calendar"
	"parley/internal/store"
	"parley/internal/store/spend"
)

// Budgets are the budgets of a store.
type Budgets struct{ store.Tables }

// Line is what was spent in a month by the workspace or an assistant, and the
// budget for that.
type Line struct {
	AssistantID string         // "" for the workspace
	Name        string         // of the assistant
	Budget      *budget.Budget // nil: there is none
	Spent       parley.Credits // as far as known
	Unpriced    int64          // calls whose cost is unknown
}

// Month is a month of a workspace: the workspace first, then the assistants that
// have a budget, by name.
type Month struct {
	Month      calendar.Month
	Start, End time.Time
	Zone       string
	Lines      []Line
}

// Month returns the month of a time. It returns CodeNotFound.
func (x *Budgets) Month(ctx context.Context, ws string, at time.Time) (*Month, error) {
	m := &Month{}
	err := x.QueryRow(ctx, `SELECT time_zone FROM workspace WHERE id = $1`, ws).Scan(&m.Zone)
	if errors.Is(err, sql.ErrNoRows) {
		err = parley.Errorf(parley.CodeNotFound, "There is no such workspace.")
	}
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocation(m.Zone)
	if err != nil {
		return nil, err
	}
	c := calendar.New(loc)
	m.Month = c.MonthOf(at)
	m.Start, m.End = c.MonthStart(m.Month), c.MonthStart(m.Month+1)
	limits, err := x.limits(ctx, ws)
	if err != nil {
		return nil, err
	}
	if len(limits) == 0 || limits[0].AssistantID != "" {
		m.Lines = append(m.Lines, Line{})
	}
	m.Lines = append(m.Lines, limits...)
	for i := range m.Lines {
		if err := x.fill(ctx, ws, m, &m.Lines[i]); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// limits returns the budgets of a workspace, its own first.
func (x *Budgets) limits(ctx context.Context, ws string) ([]Line, error) {
	rows, err := x.Query(ctx, `
		SELECT b.assistant_id, COALESCE(a.name, ''), b.credits, b.updated_by, b.updated_at
		FROM budget b LEFT JOIN assistant a ON a.id = b.assistant_id
		WHERE b.workspace_id = $1 AND (b.assistant_id = '' OR a.deleted_at = 0)
		ORDER BY COALESCE(a.folded, ''), b.assistant_id`, ws)
	return store.Collect(rows, err, func(r store.Row) (l Line, err error) {
		b := &budget.Budget{WorkspaceID: ws}
		var at int64
		err = r.Scan(&b.AssistantID, &l.Name, (*int64)(&b.Credits), &b.UpdatedBy, &at)
		b.UpdatedAt, l.AssistantID, l.Budget = store.FromMicros(at), b.AssistantID, b
		return l, err
	})
}

// fill reads what was spent, from the ledger where nobody has asked for it yet.
func (x *Budgets) fill(ctx context.Context, ws string, m *Month, l *Line) error {
	spent := (*int64)(&l.Spent)
	err := x.QueryRow(ctx, `
		SELECT credits, unpriced FROM spend WHERE workspace_id = $1 AND zone = $2 AND month = $3 AND assistant_id = $4`,
		ws, m.Zone, int64(m.Month), l.AssistantID).Scan(spent, &l.Unpriced)
	if errors.Is(err, sql.ErrNoRows) {
		err = x.QueryRow(ctx, spend.Sum, ws, l.AssistantID, store.Micros(m.Start), store.Micros(m.End)).Scan(spent, &l.Unpriced)
	}
	return err
}

// Set sets a budget from now on. It returns CodeInvalid for one that is none, and
// CodeNotFound if there is no such assistant.
func (x *Budgets) Set(ctx context.Context, b *budget.Budget) error {
	if err := b.Check(); err != nil {
		return err
	}
	return x.Write(ctx, func(t store.Tx) error {
		if b.AssistantID != "" {
			// Touching the row keeps it from being deleted meanwhile.
			n, err := t.Exec(ctx, `UPDATE assistant SET version = version WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0`,
				b.WorkspaceID, b.AssistantID)
			if err := changedOne(n, err, "assistant"); err != nil {
				return err
			}
		}
		_, err := t.Exec(ctx, `
			INSERT INTO budget (workspace_id, assistant_id, credits, updated_by, updated_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (workspace_id, assistant_id) DO UPDATE SET credits = excluded.credits,
				updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
			b.WorkspaceID, b.AssistantID, int64(b.Credits), b.UpdatedBy, store.Micros(b.UpdatedAt))
		if err != nil {
			return err
		}
		return spend.Judge(ctx, t, b.WorkspaceID, b.AssistantID, b.UpdatedAt)
	})
}

// Remove removes a budget and its alerts. It returns CodeNotFound.
func (x *Budgets) Remove(ctx context.Context, ws, assistant string, now time.Time) error {
	return x.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `DELETE FROM budget WHERE workspace_id = $1 AND assistant_id = $2`, ws, assistant)
		if err := changedOne(n, err, "budget"); err != nil {
			return err
		}
		return spend.Judge(ctx, t, ws, assistant, now)
	})
}

func changedOne(n int64, err error, what string) error {
	if err == nil && n == 0 {
		err = parley.Errorf(parley.CodeNotFound, "There is no such %s.", what)
	}
	return err
}

// Limited reports whether a call of an assistant is under a budget.
func (x *Budgets) Limited(ctx context.Context, ws, assistant string) (limited bool, err error) {
	err = x.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM budget WHERE workspace_id = $1 AND assistant_id IN ('', $2))`, ws, assistant).
		Scan(&limited)
	return limited, err
}
