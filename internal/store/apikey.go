package store

import (
	"context"
	"time"

	"parley"
)

const apiKeyColumns = `workspace_id, id, name, prefix, hash, scopes, created_by, created_at, last_used_at, revoked_at` //nolint:gosec // names of columns

func scanAPIKey(r scanner) (parley.APIKey, error) {
	var k parley.APIKey
	err := r.Scan(&k.WorkspaceID, &k.ID, &k.Name, &k.Prefix, &k.Hash, asJSON(&k.Scopes), &k.CreatedBy,
		asTime(&k.CreatedAt), asTime(&k.LastUsedAt), asTime(&k.RevokedAt))
	return k, err
}

// CreateAPIKey adds a key; it gives it an id and a time if it has none. It
// returns CodeConflict if there is a key of that hash.
func (s *Store) CreateAPIKey(ctx context.Context, k *parley.APIKey) error {
	s.stamp(&k.ID, &k.CreatedAt)
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			INSERT INTO api_key (`+apiKeyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)
			ON CONFLICT (hash) DO NOTHING`,
			k.WorkspaceID, k.ID, k.Name, k.Prefix, k.Hash, toJSON(k.Scopes), k.CreatedBy, micros(k.CreatedAt))
		if err == nil && n == 0 {
			err = parley.Errorf(parley.CodeConflict, "This API key exists already.")
		}
		return err
	})
}

// APIKeys returns the keys of a workspace, revoked ones too, the oldest first.
func (s *Store) APIKeys(ctx context.Context, workspaceID string) ([]parley.APIKey, error) {
	rs, err := s.read.query(ctx,
		`SELECT `+apiKeyColumns+` FROM api_key WHERE workspace_id = $1 ORDER BY id`, workspaceID)
	return collect(rs, err, scanAPIKey)
}

// APIKeyByHash returns a key of any workspace, a revoked one too. It returns
// CodeNotFound.
func (s *Store) APIKeyByHash(ctx context.Context, hash string) (*parley.APIKey, error) {
	k, err := scanAPIKey(s.read.queryRow(ctx, `SELECT `+apiKeyColumns+` FROM api_key WHERE hash = $1`, hash))
	return found(k, err, "API key")
}

// RevokeAPIKey makes a key worthless; it stays in the list. It returns
// CodeNotFound; revoking again changes nothing.
func (s *Store) RevokeAPIKey(ctx context.Context, workspaceID, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE api_key SET revoked_at = CASE WHEN revoked_at = 0 THEN $3 ELSE revoked_at END
			WHERE workspace_id = $1 AND id = $2`,
			workspaceID, id, micros(s.now()))
		return changedOne(n, err, "API key")
	})
}

// APIKeySeen records that a key was used now, to the minute.
func (s *Store) APIKeySeen(ctx context.Context, workspaceID, id string) error {
	now := s.now()
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE api_key SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2 AND last_used_at <= $4`,
			workspaceID, id, micros(now), micros(now.Add(-time.Minute)))
		return err
	})
}
