package store

import (
	"context"
	"encoding/json"

	"parley"
)

const templateColumns = `workspace_id, id, waba_id, meta_id, name, language, category, status, reason, quality, format,
	components, synced_at`

func scanTemplate(r scanner) (parley.Template, error) {
	var x parley.Template
	var components string
	err := r.Scan(&x.WorkspaceID, &x.ID, &x.WABAID, &x.MetaID, &x.Name, &x.Language, &x.Category, &x.Status, &x.Reason,
		&x.Quality, &x.Format, &components, asTime(&x.SyncedAt))
	x.Components = json.RawMessage(components)
	return x, err
}

// Templates returns the templates of an account by name and language; status ""
// means any.
func (s *Store) Templates(ctx context.Context, ws, waba, status string) ([]parley.Template, error) {
	rs, err := s.read.query(ctx, `
		SELECT `+templateColumns+` FROM template
		WHERE workspace_id = $1 AND waba_id = $2 AND ($3 = '' OR status = $3) ORDER BY name, language`, ws, waba, status)
	return collect(rs, err, scanTemplate)
}

// Template returns one template. It returns CodeNotFound.
func (s *Store) Template(ctx context.Context, ws, id string) (*parley.Template, error) {
	x, err := scanTemplate(s.read.queryRow(ctx, `
		SELECT `+templateColumns+` FROM template WHERE workspace_id = $1 AND id = $2`, ws, id))
	return found(x, err, "template")
}

// TemplateByName returns a template of an account. It returns CodeNotFound.
func (s *Store) TemplateByName(ctx context.Context, ws, waba, name, language string) (*parley.Template, error) {
	x, err := scanTemplate(s.read.queryRow(ctx, `
		SELECT `+templateColumns+` FROM template
		WHERE workspace_id = $1 AND waba_id = $2 AND name = $3 AND language = $4`, ws, waba, name, language))
	return found(x, err, "template")
}

// SaveTemplate adds a template, or changes the one of its name and language,
// which keeps its id.
func (s *Store) SaveTemplate(ctx context.Context, x *parley.Template) error {
	x.SyncedAt = s.nowMicros()
	return s.write(ctx, func(t *tx) error { return saveTemplate(ctx, t, x) })
}

func saveTemplate(ctx context.Context, t *tx, x *parley.Template) error {
	if x.ID == "" {
		x.ID = parley.NewID(x.SyncedAt)
	}
	return t.queryRow(ctx, `
		INSERT INTO template (`+templateColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (workspace_id, waba_id, name, language) DO UPDATE SET
			meta_id = excluded.meta_id, category = excluded.category, status = excluded.status, reason = excluded.reason,
			quality = excluded.quality, format = excluded.format, components = excluded.components,
			synced_at = excluded.synced_at
		RETURNING id`,
		x.WorkspaceID, x.ID, x.WABAID, x.MetaID, x.Name, x.Language, x.Category, x.Status, x.Reason, string(x.Quality),
		x.Format, string(x.Components), micros(x.SyncedAt)).Scan(&x.ID)
}

// SyncTemplates makes the stored templates of an account those that Meta has.
func (s *Store) SyncTemplates(ctx context.Context, ws, waba string, all []parley.Template) error {
	now := s.nowMicros()
	const batch = 200
	for from := 0; from < len(all); from += batch {
		err := s.write(ctx, func(t *tx) error {
			for _, x := range all[from:min(from+batch, len(all))] {
				x.WorkspaceID, x.WABAID, x.SyncedAt = ws, waba, now
				if err := saveTemplate(ctx, t, &x); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM template WHERE workspace_id = $1 AND waba_id = $2 AND synced_at < $3`,
			ws, waba, micros(now))
		return err
	})
}

// DeleteTemplate forgets a template. It returns CodeNotFound.
func (s *Store) DeleteTemplate(ctx context.Context, ws, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM template WHERE workspace_id = $1 AND id = $2`, ws, id)
		return changedOne(n, err, "template")
	})
}
