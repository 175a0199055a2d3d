package store

import (
	"context"
	"maps"
	"math"
	"slices"

	"parley"
	"parley/internal/store/taught"
)

const versionColumns = `assistant_id, version, config, created_by, created_at`

func (s *Store) scanVersion(r scanner) (parley.AssistantVersion, error) {
	var v parley.AssistantVersion
	err := r.Scan(&v.AssistantID, &v.Version, asJSON(&v.Config), &v.CreatedBy, asTime(&v.CreatedAt))
	if err == nil {
		err = s.unsealHeaders(v.AssistantID, &v.Config)
	}
	return v, err
}

// insertVersion saves the assistant's configuration as its version. It returns
// CodeInvalid if a provider or a document of it does not exist.
func insertVersion(ctx context.Context, t *tx, a *parley.Assistant, by string) error {
	if err := useProviders(ctx, t, a); err != nil {
		return err
	}
	if err := checkDocuments(ctx, t, a); err != nil {
		return err
	}
	if err := taught.Keep(ctx, Tx{t}, a); err != nil {
		return err
	}
	cfg, err := t.s.sealHeaders(a.ID, &a.Config)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `
		INSERT INTO assistant_version (workspace_id, `+versionColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		a.WorkspaceID, a.ID, a.Version, toJSON(cfg), by, micros(a.UpdatedAt))
	return err
}

// useProviders records which providers the assistant uses now.
func useProviders(ctx context.Context, t *tx, a *parley.Assistant) error {
	if _, err := t.exec(ctx, `DELETE FROM assistant_provider WHERE assistant_id = $1`, a.ID); err != nil {
		return err
	}
	models := map[string]string{a.Config.Model.ProviderID: "model"}
	if f := a.Config.Fallback; f != nil && models[f.ProviderID] == "" {
		models[f.ProviderID] = "fallback"
	}
	for id, path := range models {
		if id == parley.BuiltinProvider {
			continue
		}
		// Touching the row keeps it from being deleted meanwhile.
		n, err := t.exec(ctx, `UPDATE provider SET kind = kind WHERE workspace_id = $1 AND id = $2`, a.WorkspaceID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return &parley.Error{
				Code: parley.CodeInvalid, Message: "The assistant's model is at a provider that does not exist.",
				Fields: []parley.FieldError{{Path: path + ".provider_id", Message: "is not a provider of this workspace"}},
			}
		}
		_, err = t.exec(ctx, `INSERT INTO assistant_provider (provider_id, assistant_id) VALUES ($1, $2)`, id, a.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// checkDocuments returns CodeInvalid unless all knowledge is the assistant's own.
func checkDocuments(ctx context.Context, t *tx, a *parley.Assistant) error {
	rs, err := t.query(ctx, `SELECT id FROM document WHERE assistant_id = $1`, a.ID)
	known, err := collect(rs, err, scanID)
	if err != nil {
		return err
	}
	for _, id := range a.Config.Knowledge {
		if !slices.Contains(known, id) {
			return &parley.Error{
				Code: parley.CodeInvalid, Message: "The assistant's knowledge has a document that does not exist.",
				Fields: []parley.FieldError{{Path: "knowledge", Message: "has a document that is not this assistant's"}},
			}
		}
	}
	return nil
}

// AssistantVersions returns a page of an assistant's versions, the newest
// first, below the version before (0: from the newest on).
func (s *Store) AssistantVersions(ctx context.Context, workspaceID, id string, before, limit int) ([]parley.AssistantVersion, error) {
	if before == 0 {
		before = math.MaxInt32
	}
	rs, err := s.read.query(ctx, `
		SELECT `+versionColumns+` FROM assistant_version
		WHERE workspace_id = $1 AND assistant_id = $2 AND version < $3 ORDER BY version DESC LIMIT $4`,
		workspaceID, id, before, limit)
	return collect(rs, err, s.scanVersion)
}

// AssistantVersion returns one version, also of a deleted assistant. It
// returns CodeNotFound.
func (s *Store) AssistantVersion(ctx context.Context, workspaceID, id string, version int) (*parley.AssistantVersion, error) {
	return s.assistantVersion(ctx, s.read, workspaceID, id, version)
}

func (s *Store) assistantVersion(ctx context.Context, q querier, workspaceID, id string, version int) (*parley.AssistantVersion, error) {
	v, err := s.scanVersion(q.queryRow(ctx, `
		SELECT `+versionColumns+` FROM assistant_version
		WHERE workspace_id = $1 AND assistant_id = $2 AND version = $3`, workspaceID, id, version))
	return found(v, err, "version of the assistant")
}

// sealHeaders returns the configuration as it is stored: the values of tools'
// headers encrypted, because they hold tokens.
func (s *Store) sealHeaders(assistantID string, cfg *parley.AssistantConfig) (*parley.AssistantConfig, error) {
	sealed := *cfg
	sealed.Tools = slices.Clone(cfg.Tools)
	for i := range sealed.Tools {
		headers := maps.Clone(sealed.Tools[i].Headers)
		for name, value := range headers {
			var err error
			if headers[name], err = s.seal(value, "assistant", assistantID); err != nil {
				return nil, err
			}
		}
		sealed.Tools[i].Headers = headers
	}
	return &sealed, nil
}

// unsealHeaders undoes sealHeaders in place.
func (s *Store) unsealHeaders(assistantID string, cfg *parley.AssistantConfig) error {
	for _, tool := range cfg.Tools {
		for name, value := range tool.Headers {
			plain, err := s.unseal(value, "assistant", assistantID)
			if err != nil {
				return err
			}
			tool.Headers[name] = plain
		}
	}
	return nil
}

// rotateVersions encrypts headers again that an older key encrypted.
func (s *Store) rotateVersions(ctx context.Context) (int, error) {
	type row struct {
		workspaceID string
		v           parley.AssistantVersion
	}
	rs, err := s.read.query(ctx, `
		SELECT workspace_id, `+versionColumns+` FROM assistant_version WHERE config LIKE '%"headers":%'`)
	all, err := collect(rs, err, func(r scanner) (x row, err error) {
		err = r.Scan(&x.workspaceID, &x.v.AssistantID, &x.v.Version, asJSON(&x.v.Config), &x.v.CreatedBy, asTime(&x.v.CreatedAt))
		return x, err
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, x := range all {
		if s.freshHeaders(&x.v.Config) {
			continue
		}
		if err := s.unsealHeaders(x.v.AssistantID, &x.v.Config); err != nil {
			return n, err
		}
		cfg, err := s.sealHeaders(x.v.AssistantID, &x.v.Config)
		if err != nil {
			return n, err
		}
		err = s.write(ctx, func(t *tx) error {
			_, err := t.exec(ctx, `
				UPDATE assistant_version SET config = $4 WHERE workspace_id = $1 AND assistant_id = $2 AND version = $3`,
				x.workspaceID, x.v.AssistantID, x.v.Version, toJSON(cfg))
			return err
		})
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Store) freshHeaders(cfg *parley.AssistantConfig) bool {
	for _, tool := range cfg.Tools {
		for _, value := range tool.Headers {
			if value != "" && !s.keys.Fresh(value) {
				return false
			}
		}
	}
	return true
}
