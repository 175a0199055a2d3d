package privacy

import (
	"context"
	"time"

	"parley"
	"parley/internal/store"
)

// Retention is for how many days after its last message a conversation of a
// source is kept; a source that is not there is kept for ever.
type Retention map[parley.Source]int

// Retention returns that of a workspace.
func (p *Privacy) Retention(ctx context.Context, ws string) (Retention, error) {
	out := Retention{}
	r, err := p.Query(ctx, `SELECT source, days FROM retention WHERE workspace_id = $1`, ws)
	_, err = store.Collect(r, err, func(row store.Row) (struct{}, error) {
		var source parley.Source
		var days int
		err := row.Scan(&source, &days)
		out[source] = days
		return struct{}{}, err
	})
	return out, err
}

// SetRetention replaces that of a workspace.
func (p *Privacy) SetRetention(ctx context.Context, ws string, keep Retention) error {
	return p.Write(ctx, func(tx store.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM retention WHERE workspace_id = $1`, ws); err != nil {
			return err
		}
		for source, days := range keep {
			_, err := tx.Exec(ctx, `INSERT INTO retention (workspace_id, source, days) VALUES ($1, $2, $3)`, ws, string(source), days)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Kept is how long conversations of a source are kept in a workspace.
type Kept struct {
	WorkspaceID string
	Source      parley.Source
	Days        int
}

// AllKept returns what all workspaces have set.
func (p *Privacy) AllKept(ctx context.Context) ([]Kept, error) {
	r, err := p.Query(ctx, `SELECT workspace_id, source, days FROM retention ORDER BY workspace_id, source`)
	return store.Collect(r, err, func(row store.Row) (k Kept, err error) { return k, row.Scan(&k.WorkspaceID, &k.Source, &k.Days) })
}

// Old returns up to limit conversations of a source that have ended and of which
// the last message was written before a time, with their contacts.
func (p *Privacy) Old(ctx context.Context, ws string, source parley.Source, before time.Time, limit int) ([]store.ListRow, error) {
	page, err := p.store.List(ctx, store.ListQuery{
		WorkspaceID: ws, Source: []parley.Source{source}, Status: parley.ConversationEnded, To: before,
		Sort: store.SortActivity, Limit: limit,
	})
	if err != nil {
		return nil, err
	}
	return page.Rows, nil
}
