// Package spend keeps what a workspace and its assistants have spent in a month,
// in the transactions that write the ledger, so that asking for it is to read one
// row. A row equals the sum of the ledger's: where it is missing it is summed up
// once. The package knows no store: the store lends it its transactions.
package spend

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"parley"
	"parley/internal/budget"
	"parley/internal/calendar"
)

// Tx is a transaction.
type Tx interface {
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
	// Scan reads one row; it returns sql.ErrNoRows if there is none.
	Scan(ctx context.Context, dest []any, sql string, args ...any) error
	RaiseAlert(ctx context.Context, ws, subject, code, message string) error
	// Zone returns the time zone of the workspace, which stays as it is until the
	// end of the transaction.
	Zone(ctx context.Context, ws string) (*time.Location, error)
}

// Entry is what has been added to the ledger.
type Entry struct {
	AssistantID string
	At          time.Time // when the row was opened, which says whose month it is in
	Credits     parley.Credits
	Unpriced    int64 // rows that are settled and whose credits are unknown
}

// EntryOf is what a row of the ledger that has just been settled adds.
func EntryOf(u *parley.Usage) Entry {
	e := Entry{AssistantID: u.AssistantID, At: u.StartedAt}
	if u.Credits == nil {
		e.Unpriced = 1
	} else {
		e.Credits = *u.Credits
	}
	return e
}

func (e Entry) counts() bool { return e.Credits != 0 || e.Unpriced != 0 }

// place is a row: the month of a zone, of an assistant or, "", the workspace.
type place struct {
	ws, zone, assistant string
	month               calendar.Month
}

// Add counts what the transaction has written into the ledger before, all of it
// at once, and raises the alerts that follow for the month that it is now.
func Add(ctx context.Context, tx Tx, ws string, now time.Time, entries ...Entry) error {
	if !slices.ContainsFunc(entries, Entry.counts) {
		return nil
	}
	zone, err := tx.Zone(ctx, ws)
	if err != nil {
		return err
	}
	c := calendar.New(zone)
	current := c.MonthOf(now)
	sums, order := map[place]*Entry{}, []place{}
	for _, e := range entries {
		if !e.counts() {
			continue
		}
		for _, assistant := range scopes(e.AssistantID) {
			p := place{ws, zone.String(), assistant, c.MonthOf(e.At)}
			if sums[p] == nil {
				sums[p] = &Entry{}
				order = append(order, p)
			}
			sums[p].Credits += e.Credits
			sums[p].Unpriced += e.Unpriced
		}
	}
	// The same order in all transactions, so that none waits for another that waits
	// for it.
	slices.SortFunc(order, place.compare)
	for _, p := range order {
		before, after, err := p.add(ctx, tx, c, sums[p])
		if err == nil && p.month == current {
			err = p.passed(ctx, tx, before, after)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// scopes are those whose budgets a call of an assistant is under.
func scopes(assistant string) []string {
	if assistant == "" {
		return []string{""}
	}
	return []string{"", assistant}
}

func (p place) compare(o place) int {
	if p.month != o.month {
		return int(p.month - o.month)
	}
	switch {
	case p.assistant < o.assistant:
		return -1
	case p.assistant > o.assistant:
		return 1
	}
	return 0
}

// add returns what was spent before and after; before is -1 in a row that is new.
func (p place) add(ctx context.Context, tx Tx, c *calendar.Calendar, e *Entry) (before, after parley.Credits, err error) {
	err = tx.Scan(ctx, []any{(*int64)(&after)}, `
		UPDATE spend SET credits = credits + $5, unpriced = unpriced + $6
		WHERE workspace_id = $1 AND zone = $2 AND month = $3 AND assistant_id = $4 RETURNING credits`,
		p.ws, p.zone, int64(p.month), p.assistant, int64(e.Credits), e.Unpriced)
	if errors.Is(err, sql.ErrNoRows) {
		after, err = p.begin(ctx, tx, c, e)
		return -1, after, err
	}
	return after - e.Credits, after, err
}

// passed warns if a budget has another state than it had. A month that has just
// begun ends the alerts of the one before.
func (p place) passed(ctx context.Context, tx Tx, before, after parley.Credits) error {
	b, name, err := p.budget(ctx, tx)
	if err != nil || b == nil || before >= 0 && b.State(after) == b.State(before) {
		return err
	}
	return p.warn(ctx, tx, b, name, after)
}

// begin sums up what the ledger says, with what the transaction has added to it.
// If another one was faster, its row has all but that.
func (p place) begin(ctx context.Context, tx Tx, c *calendar.Calendar, e *Entry) (after parley.Credits, err error) {
	err = tx.Scan(ctx, []any{(*int64)(&after)}, `
		INSERT INTO spend (workspace_id, zone, month, assistant_id, credits, unpriced)
		SELECT $1, $2, $3, $4, `+sums+` FROM usage
		WHERE workspace_id = $1 AND started_at >= $5 AND started_at < $6 AND ($4 = '' OR assistant_id = $4)
		ON CONFLICT (workspace_id, zone, month, assistant_id) DO UPDATE SET
			credits = spend.credits + $7, unpriced = spend.unpriced + $8
		RETURNING credits`,
		p.ws, p.zone, int64(p.month), p.assistant, c.MonthStart(p.month).UnixMicro(), c.MonthStart(p.month+1).UnixMicro(),
		int64(e.Credits), e.Unpriced)
	return after, err
}

// sums are what a row holds, of rows of the ledger.
const sums = `CAST(COALESCE(SUM(credits), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN complete = 1 AND credits IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT)`

// budget returns nil if there is none, and the assistant's name.
func (p place) budget(ctx context.Context, tx Tx) (*budget.Budget, string, error) {
	b := &budget.Budget{WorkspaceID: p.ws, AssistantID: p.assistant}
	var name string
	err := tx.Scan(ctx, []any{(*int64)(&b.Credits), &name}, `
		SELECT b.credits, COALESCE(a.name, '') FROM budget b LEFT JOIN assistant a ON a.id = b.assistant_id
		WHERE b.workspace_id = $1 AND b.assistant_id = $2`, p.ws, p.assistant)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", nil
	}
	return b, name, err
}

// warn raises the alert that the state asks for, in place of those before.
func (p place) warn(ctx context.Context, tx Tx, b *budget.Budget, name string, spent parley.Credits) error {
	if err := p.calm(ctx, tx); err != nil {
		return err
	}
	code, message := b.Alert(spent, name, p.month)
	if code == "" {
		return nil
	}
	return tx.RaiseAlert(ctx, p.ws, p.subject(), code, message)
}

// calm removes the alerts.
func (p place) calm(ctx context.Context, tx Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM alert WHERE workspace_id = $1 AND subject_id = $2 AND code IN ($3, $4)`,
		p.ws, p.subject(), budget.AlertWarning, budget.AlertSpent)
	return err
}

// subject is what alerts are about: the assistant, or the workspace.
func (p place) subject() string {
	if p.assistant == "" {
		return p.ws
	}
	return p.assistant
}

// spent returns what the row says, which is made if it is missing.
func (p place) spent(ctx context.Context, tx Tx, c *calendar.Calendar) (spent parley.Credits, err error) {
	err = tx.Scan(ctx, []any{(*int64)(&spent)}, `
		SELECT credits FROM spend WHERE workspace_id = $1 AND zone = $2 AND month = $3 AND assistant_id = $4`,
		p.ws, p.zone, int64(p.month), p.assistant)
	if errors.Is(err, sql.ErrNoRows) {
		if spent, err = p.begin(ctx, tx, c, &Entry{}); err == nil {
			err = p.passed(ctx, tx, -1, spent)
		}
	}
	return spent, err
}

// Allow returns CodeBudgetExhausted if the budget of the workspace or of the
// assistant is spent.
func Allow(ctx context.Context, tx Tx, ws, assistant string, at time.Time) error {
	for _, scope := range scopes(assistant) {
		p := place{ws: ws, assistant: scope}
		b, name, err := p.budget(ctx, tx)
		if err != nil {
			return err
		}
		if b == nil {
			continue
		}
		loc, err := tx.Zone(ctx, ws)
		if err != nil {
			return err
		}
		c := calendar.New(loc)
		p.zone, p.month = loc.String(), c.MonthOf(at)
		spent, err := p.spent(ctx, tx, c)
		if err != nil {
			return err
		}
		if b.State(spent) == budget.Spent {
			return budget.Exhausted(name, p.month)
		}
	}
	return nil
}

// Judge raises the alert that a budget asks for as it is now, and removes those
// that it asks for no more.
func Judge(ctx context.Context, tx Tx, ws, assistant string, at time.Time) error {
	loc, err := tx.Zone(ctx, ws)
	if err != nil {
		return err
	}
	c := calendar.New(loc)
	p := place{ws, loc.String(), assistant, c.MonthOf(at)}
	b, name, err := p.budget(ctx, tx)
	if err != nil {
		return err
	}
	if b == nil {
		return p.calm(ctx, tx)
	}
	spent, err := p.spent(ctx, tx, c)
	if err != nil {
		return err
	}
	return p.warn(ctx, tx, b, name, spent)
}

// Move goes over to the months of another time zone: what was kept of those of
// others is gone, and the budgets are judged by the new ones.
func Move(ctx context.Context, tx Tx, ws, zone string, now time.Time) error {
	n, err := tx.Exec(ctx, `DELETE FROM spend WHERE workspace_id = $1 AND zone <> $2`, ws, zone)
	if err != nil || n == 0 {
		return err
	}
	for assistant := ""; ; {
		if err := Judge(ctx, tx, ws, assistant, now); err != nil {
			return err
		}
		err := tx.Scan(ctx, []any{&assistant}, `
			SELECT assistant_id FROM budget WHERE workspace_id = $1 AND assistant_id > $2 ORDER BY assistant_id LIMIT 1`, ws, assistant)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Sum is a SELECT of the credits and the rows of unknown credits of a month, as
// the ledger has them: of a workspace, of an assistant or of all, "", from a time
// to another in microseconds.
const Sum = `SELECT ` + sums + ` FROM usage
	WHERE workspace_id = $1 AND ($2 = '' OR assistant_id = $2) AND started_at >= $3 AND started_at < $4`
