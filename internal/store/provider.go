package store

import (
	"context"
	"time"

	"parley"
)

const providerColumns = `workspace_id, id, name, kind, base_url, api_key, models, created_at, updated_at`

// scanProvider decrypts the key.
func (s *Store) scanProvider(r scanner) (parley.Provider, error) {
	var p parley.Provider
	err := r.Scan(&p.WorkspaceID, &p.ID, &p.Name, &p.Kind, &p.BaseURL, &p.APIKey, asJSON(&p.Models),
		asTime(&p.CreatedAt), asTime(&p.UpdatedAt))
	if err == nil {
		p.APIKey, err = s.unseal(p.APIKey, "provider", p.ID)
	}
	return p, err
}

// CreateProvider adds a provider; it gives it an id and times if it has none.
func (s *Store) CreateProvider(ctx context.Context, p *parley.Provider) error {
	s.stamp(&p.ID, &p.CreatedAt)
	p.UpdatedAt = p.CreatedAt
	key, err := s.seal(p.APIKey, "provider", p.ID)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO provider (`+providerColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			p.WorkspaceID, p.ID, p.Name, p.Kind, p.BaseURL, key, toJSON(p.Models),
			micros(p.CreatedAt), micros(p.UpdatedAt))
		return err
	})
}

// Providers returns the providers of a workspace with their keys, the oldest
// first.
func (s *Store) Providers(ctx context.Context, workspaceID string) ([]parley.Provider, error) {
	rs, err := s.read.query(ctx,
		`SELECT `+providerColumns+` FROM provider WHERE workspace_id = $1 ORDER BY id`, workspaceID)
	return collect(rs, err, s.scanProvider)
}

// Provider returns one provider with its key. It returns CodeNotFound.
func (s *Store) Provider(ctx context.Context, workspaceID, id string) (*parley.Provider, error) {
	p, err := s.scanProvider(s.read.queryRow(ctx,
		`SELECT `+providerColumns+` FROM provider WHERE workspace_id = $1 AND id = $2`, workspaceID, id))
	return found(p, err, "provider")
}

// UpdateProvider changes name, kind, base URL, models and, unless it is empty,
// the key. It returns CodeNotFound.
func (s *Store) UpdateProvider(ctx context.Context, p *parley.Provider) error {
	key, err := s.seal(p.APIKey, "provider", p.ID)
	if err != nil {
		return err
	}
	p.UpdatedAt = s.now().UTC().Truncate(time.Microsecond)
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE provider SET name = $3, kind = $4, base_url = $5, models = $6, updated_at = $8,
				api_key = CASE WHEN $7 = '' THEN api_key ELSE $7 END
			WHERE workspace_id = $1 AND id = $2`,
			p.WorkspaceID, p.ID, p.Name, p.Kind, p.BaseURL, toJSON(p.Models), key, micros(p.UpdatedAt))
		return changedOne(n, err, "provider")
	})
}

// DeleteProvider removes a provider. It returns CodeNotFound, and CodeConflict
// while the newest version of an assistant, or the workspace, uses it.
func (s *Store) DeleteProvider(ctx context.Context, workspaceID, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM provider WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
		if err := changedOne(n, err, "provider"); err != nil {
			return err
		}
		var user string
		err = t.queryRow(ctx, `
			SELECT coalesce(min(a.name), '') FROM assistant_provider u JOIN assistant a ON a.id = u.assistant_id
			WHERE u.provider_id = $1`, id).Scan(&user)
		if err == nil && user != "" {
			err = parley.Errorf(parley.CodeConflict, "The assistant %s uses this provider. Choose another model for it first.", user)
		}
		if err != nil {
			return err
		}
		var settings parley.WorkspaceSettings
		err = t.queryRow(ctx, `SELECT settings FROM workspace WHERE id = $1`, workspaceID).Scan(asJSON(&settings))
		if err == nil && settings.Speech.ProviderID == id {
			err = parley.Errorf(parley.CodeConflict, "Voice notes are transcribed by this provider. Choose another for them first.")
		}
		return err
	})
}
