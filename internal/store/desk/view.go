package desk

import (
	"context"
	"net/url"
	"strings"
	"time"

	"parley"
	"parley/internal/store"
)

// View is a filter of the list with a name.
type View struct {
	WorkspaceID string
	ID          string
	MemberID    string // whose it is; "": everybody's
	Name        string
	Filter      string // the query of the list's address, without "?"
	CreatedAt   time.Time
}

// Shared reports whether a view is everybody's.
func (v *View) Shared() bool { return v.MemberID == "" }

// The limits of views.
const (
	MaxViews    = 50 // of a member, and of everybody
	maxViewName = 60
	maxFilter   = 2000
)

var errNoView = parley.Errorf(parley.CodeNotFound, "There is no such view.")

func (v *View) check() error {
	if err := text("name", v.Name, maxViewName); err != nil {
		return err
	}
	if _, err := url.ParseQuery(v.Filter); err != nil || len(v.Filter) > maxFilter || strings.ContainsAny(v.Filter, "?#\x00") {
		return invalid("filter", "must be the query of the list's address, such as status=active&waiting=true")
	}
	return nil
}

const viewColumns = `workspace_id, id, member_id, name, filter, created_at`

func scanView(r store.Row) (v View, err error) {
	var created int64
	err = r.Scan(&v.WorkspaceID, &v.ID, &v.MemberID, &v.Name, &v.Filter, &created)
	v.CreatedAt = store.FromMicros(created)
	return v, err
}

// Views returns the views that a member sees: everybody's, then the member's own,
// each in the order that they were put in. member is "" for a program.
func (d *Desk) Views(ctx context.Context, ws, member string) ([]View, error) {
	r, err := d.Query(ctx, `
		SELECT `+viewColumns+` FROM desk_view WHERE workspace_id = $1 AND (member_id = '' OR member_id = $2)
		ORDER BY member_id, position, id`, ws, member)
	return store.Collect(r, err, scanView)
}

// View returns a view that a member sees. It returns CodeNotFound.
func (d *Desk) View(ctx context.Context, ws, member, id string) (*View, error) {
	v, err := scanView(d.QueryRow(ctx, `
		SELECT `+viewColumns+` FROM desk_view WHERE workspace_id = $1 AND (member_id = '' OR member_id = $2) AND id = $3`, ws, member, id))
	if err != nil {
		return nil, orMissing(err, errNoView)
	}
	return &v, nil
}

// CreateView adds a view below the others; v has WorkspaceID, MemberID, Name and
// Filter. It returns CodeInvalid, and CodeConflict if there are too many.
func (d *Desk) CreateView(ctx context.Context, v *View) error {
	if err := v.check(); err != nil {
		return err
	}
	now := d.now()
	v.ID, v.CreatedAt = parley.NewID(now), now
	full := parley.Errorf(parley.CodeConflict, "There can be at most %d views.", MaxViews)
	return d.one(ctx, full, `
		INSERT INTO desk_view (`+viewColumns+`, position)
		SELECT $1, $2, $3, $4, $5, $6, (SELECT COALESCE(MAX(position), 0) + 1 FROM desk_view WHERE workspace_id = $1 AND member_id = $3)
		WHERE (SELECT COUNT(*) FROM desk_view WHERE workspace_id = $1 AND member_id = $3) < $7`,
		v.WorkspaceID, v.ID, v.MemberID, v.Name, v.Filter, store.Micros(now), MaxViews)
}

// UpdateView changes the name, the filter and whose a view is. It returns
// CodeInvalid and CodeNotFound.
func (d *Desk) UpdateView(ctx context.Context, v *View) error {
	if err := v.check(); err != nil {
		return err
	}
	return d.one(ctx, errNoView, `UPDATE desk_view SET member_id = $3, name = $4, filter = $5 WHERE workspace_id = $1 AND id = $2`,
		v.WorkspaceID, v.ID, v.MemberID, v.Name, v.Filter)
}

// DeleteView removes a view. It returns CodeNotFound.
func (d *Desk) DeleteView(ctx context.Context, ws, id string) error {
	return d.one(ctx, errNoView, `DELETE FROM desk_view WHERE workspace_id = $1 AND id = $2`, ws, id)
}

// OrderViews puts the views of one member, or everybody's, in an order: those
// that are named come first, as they are named.
func (d *Desk) OrderViews(ctx context.Context, ws, member string, ids []string) error {
	return d.Write(ctx, func(t store.Tx) error {
		if _, err := t.Exec(ctx, `UPDATE desk_view SET position = position + $3 WHERE workspace_id = $1 AND member_id = $2`,
			ws, member, len(ids)); err != nil {
			return err
		}
		for i, id := range ids {
			if _, err := t.Exec(ctx, `UPDATE desk_view SET position = $4 WHERE workspace_id = $1 AND member_id = $2 AND id = $3`,
				ws, member, id, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}
