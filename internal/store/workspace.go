package store

import (
	"context"
	"time"

	"parley"
	"parley/internal/store/spend"
)

const workspaceColumns = `id, number, name, time_zone, settings, created_at`

func scanWorkspace(r scanner) (parley.Workspace, error) {
	var w parley.Workspace
	err := r.Scan(&w.ID, &w.Number, &w.Name, &w.TimeZone, asJSON(&w.Settings), asTime(&w.CreatedAt))
	return w, err
}

// CreateWorkspace adds a workspace. It gives it a number, and an id and a time
// if it has none.
func (s *Store) CreateWorkspace(ctx context.Context, w *parley.Workspace) error {
	return s.write(ctx, func(t *tx) error { return insertWorkspace(ctx, t, w) })
}

func insertWorkspace(ctx context.Context, t *tx, w *parley.Workspace) error {
	t.s.stamp(&w.ID, &w.CreatedAt)
	// A counter, so that the number of a deleted workspace is never used again.
	err := t.queryRow(ctx, `
		INSERT INTO app (name, value) VALUES ('workspace_number', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(app.value AS BIGINT) + 1 AS TEXT)
		RETURNING CAST(value AS BIGINT)`).Scan(&w.Number)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO workspace (`+workspaceColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		w.ID, w.Number, w.Name, w.TimeZone, toJSON(w.Settings), micros(w.CreatedAt))
	return err
}

// stamp gives a new thing an id and a time if it has none.
func (s *Store) stamp(id *string, at *time.Time) {
	if at.IsZero() {
		*at = s.now().UTC().Truncate(time.Microsecond)
	}
	if *id == "" {
		*id = parley.NewID(*at)
	}
}

// Workspace returns one workspace. It returns CodeNotFound.
func (s *Store) Workspace(ctx context.Context, id string) (*parley.Workspace, error) {
	w, err := scanWorkspace(s.read.queryRow(ctx, `SELECT `+workspaceColumns+` FROM workspace WHERE id = $1`, id))
	return found(w, err, "workspace")
}

// Workspaces returns all workspaces, the oldest first.
func (s *Store) Workspaces(ctx context.Context) ([]parley.Workspace, error) {
	rs, err := s.read.query(ctx, `SELECT `+workspaceColumns+` FROM workspace ORDER BY number`)
	return collect(rs, err, scanWorkspace)
}

// UpdateWorkspace changes name, time zone and settings. It returns
// CodeNotFound.
func (s *Store) UpdateWorkspace(ctx context.Context, w *parley.Workspace) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE workspace SET name = $2, time_zone = $3, settings = $4 WHERE id = $1`,
			w.ID, w.Name, w.TimeZone, toJSON(w.Settings))
		if err := changedOne(n, err, "workspace"); err != nil {
			return err
		}
		return spend.Move(ctx, Tx{t}, w.ID, w.TimeZone, t.s.now())
	})
}

// NeedsSetup reports whether there is no member yet.
func (s *Store) NeedsSetup(ctx context.Context) (bool, error) {
	var members bool
	err := s.read.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM member)`).Scan(&members)
	return !members, err
}

// SetUp uses up a set-up link and creates the first workspace with its owner.
// It returns CodeUnauthorized if the link is unknown, used or expired, and
// CodeConflict if there is a member already.
func (s *Store) SetUp(ctx context.Context, tokenHash string, w *parley.Workspace, owner *parley.Member) error {
	return s.write(ctx, func(t *tx) error {
		token, err := takeLoginToken(ctx, t, tokenHash)
		if err != nil {
			return err
		}
		if token.Purpose != PurposeSetup {
			return errLinkSpent()
		}
		var members bool
		if err := t.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM member)`).Scan(&members); err != nil {
			return err
		}
		if members {
			return parley.Errorf(parley.CodeConflict, "This server has been set up already.")
		}
		if err := insertWorkspace(ctx, t, w); err != nil {
			return err
		}
		owner.WorkspaceID, owner.Role = w.ID, parley.RoleOwner
		return insertMember(ctx, t, owner)
	})
}
