package store

import (
	"context"
	"strings"
	"time"

	"parley"
	"parley/internal/lang"
)

const assistantColumns = `a.workspace_id, a.id, a.name, a.status, a.version, v.config, a.created_at, a.updated_at`

// newestVersion joins an assistant with its newest version.
const newestVersion = ` FROM assistant a JOIN assistant_version v ON v.assistant_id = a.id AND v.version = a.version `

func (s *Store) scanAssistant(r scanner) (parley.Assistant, error) {
	var a parley.Assistant
	err := r.Scan(&a.WorkspaceID, &a.ID, &a.Name, (*string)(&a.Status), &a.Version, asJSON(&a.Config),
		asTime(&a.CreatedAt), asTime(&a.UpdatedAt))
	if err == nil {
		err = s.unsealHeaders(a.ID, &a.Config)
	}
	return a, err
}

// CreateAssistant adds an assistant with its configuration as version 1, and
// documents that the configuration names; by is the id of a member or an API
// key. It sets the other fields. It returns CodeInvalid if a provider or a
// document of the configuration does not exist.
func (s *Store) CreateAssistant(ctx context.Context, a *parley.Assistant, by string, docs ...parley.Document) error {
	s.stamp(&a.ID, &a.CreatedAt)
	a.UpdatedAt, a.Version, a.Name, a.Status = a.CreatedAt, 1, a.Config.Name, a.Config.Status
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `
			INSERT INTO assistant (workspace_id, id, name, folded, status, version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			a.WorkspaceID, a.ID, a.Name, lang.Fold(a.Name), string(a.Status), a.Version, micros(a.CreatedAt))
		if err != nil {
			return err
		}
		for i := range docs {
			if err := insertDocument(ctx, t, &docs[i]); err != nil {
				return err
			}
		}
		return insertVersion(ctx, t, a, by)
	})
}

// AssistantQuery says which assistants to list.
type AssistantQuery struct {
	Status []parley.AssistantStatus // none: any
	Q      string                   // a part of the name
	Cursor string                   // where the page before ended; "" for the first
	Limit  int
}

// Assistants returns a page of the assistants of a workspace, the newest
// first, and the cursor of the next page, "" after the last.
func (s *Store) Assistants(ctx context.Context, workspaceID string, q AssistantQuery) ([]parley.Assistant, string, error) {
	where := []string{"a.workspace_id = $1", "a.deleted_at = 0"}
	args := []any{workspaceID, q.Limit + 1}
	if q.Cursor != "" {
		args = append(args, q.Cursor)
		where = append(where, "a.id < "+placeholder(len(args)))
	}
	if len(q.Status) > 0 {
		where = append(where, "a.status IN ("+placeholders(&args, q.Status)+")")
	}
	if q.Q != "" {
		args = append(args, "%"+escapeLike(lang.Fold(q.Q))+"%")
		where = append(where, "a.folded LIKE "+placeholder(len(args))+` ESCAPE '\'`)
	}
	rs, err := s.read.query(ctx, `SELECT `+assistantColumns+newestVersion+
		`WHERE `+strings.Join(where, " AND ")+` ORDER BY a.id DESC LIMIT $2`, args...)
	all, err := collect(rs, err, s.scanAssistant)
	if err != nil || len(all) <= q.Limit {
		return all, "", err
	}
	return all[:q.Limit], all[q.Limit-1].ID, nil
}

// Assistant returns one assistant. It returns CodeNotFound, also for a deleted
// one.
func (s *Store) Assistant(ctx context.Context, workspaceID, id string) (*parley.Assistant, error) {
	return s.assistant(ctx, s.read, workspaceID, id)
}

func (s *Store) assistant(ctx context.Context, q querier, workspaceID, id string) (*parley.Assistant, error) {
	a, err := s.scanAssistant(q.queryRow(ctx, `SELECT `+assistantColumns+newestVersion+
		`WHERE a.workspace_id = $1 AND a.id = $2 AND a.deleted_at = 0`, workspaceID, id))
	return found(a, err, "assistant")
}

// UpdateAssistant saves a configuration as a new version. Knowledge that is nil
// stays as it was. expect is the version that was edited; 0 is whatever is newest.
// It returns CodeNotFound, CodeConflict if another version is the newest, and
// CodeInvalid if a provider or a document of the configuration does not exist.
func (s *Store) UpdateAssistant(ctx context.Context, workspaceID, id string, expect int, cfg parley.AssistantConfig, by string) (*parley.Assistant, error) {
	return s.changeAssistant(ctx, workspaceID, id, expect, by, func(_ *tx, a *parley.Assistant) error {
		next := cfg
		if next.Knowledge == nil {
			next.Knowledge = a.Config.Knowledge
		}
		a.Config = next
		return nil
	})
}

// RestoreAssistant saves an old version again as the newest. It returns
// CodeNotFound, and CodeInvalid if a provider of it does not exist any more.
func (s *Store) RestoreAssistant(ctx context.Context, workspaceID, id string, version int, by string) (*parley.Assistant, error) {
	return s.changeAssistant(ctx, workspaceID, id, 0, by, func(t *tx, a *parley.Assistant) error {
		v, err := s.assistantVersion(ctx, t, workspaceID, id, version)
		if err == nil {
			a.Config = v.Config
		}
		return err
	})
}

// changeAssistant saves what change makes of the newest version as a new one.
func (s *Store) changeAssistant(ctx context.Context, workspaceID, id string, expect int, by string,
	change func(*tx, *parley.Assistant) error,
) (a *parley.Assistant, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		_, err = t.exec(ctx, `UPDATE assistant SET version = version WHERE workspace_id = $1 AND id = $2`, workspaceID, id)
		if err != nil {
			return err
		}
		if a, err = s.assistant(ctx, t, workspaceID, id); err != nil {
			return err
		}
		if expect != 0 && expect != a.Version {
			return parley.Errorf(parley.CodeConflict,
				"Somebody else saved version %d of this assistant meanwhile. Load it and make your changes again.", a.Version)
		}
		if err := change(t, a); err != nil {
			return err
		}
		a.Version++
		a.Name, a.Status, a.UpdatedAt = a.Config.Name, a.Config.Status, s.now().UTC().Truncate(time.Microsecond)
		_, err = t.exec(ctx, `
			UPDATE assistant SET name = $2, folded = $3, status = $4, version = $5, updated_at = $6 WHERE id = $1`,
			id, a.Name, lang.Fold(a.Name), string(a.Status), a.Version, micros(a.UpdatedAt))
		if err != nil {
			return err
		}
		return insertVersion(ctx, t, a, by)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// DeleteAssistant removes an assistant. Its past conversations keep its name
// and versions. It returns CodeNotFound, and CodeConflict while it has active
// conversations or answers for a WhatsApp number.
func (s *Store) DeleteAssistant(ctx context.Context, workspaceID, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE assistant SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0`,
			workspaceID, id, micros(s.now()))
		if err := changedOne(n, err, "assistant"); err != nil {
			return err
		}
		var active bool
		err = t.queryRow(ctx, `
			SELECT EXISTS (SELECT 1 FROM facet f JOIN conversation c ON c.facet_id = f.id
				WHERE f.workspace_id = $1 AND f.assistant_id = $2 AND f.status = $3)`,
			workspaceID, id, string(parley.ConversationActive)).Scan(&active)
		if err != nil {
			return err
		}
		if active {
			return parley.Errorf(parley.CodeConflict, "The assistant has active conversations. End them first, or make it inactive.")
		}
		var number string
		err = t.queryRow(ctx, `
			SELECT coalesce(min(name), '') FROM sender WHERE workspace_id = $1 AND assistant_id = $2 AND deleted_at = 0`,
			workspaceID, id).Scan(&number)
		if err != nil {
			return err
		}
		if number != "" {
			return parley.Errorf(parley.CodeConflict,
				"The assistant answers on the WhatsApp number %s. Choose another one for the number first.", number)
		}
		_, err = t.exec(ctx, `DELETE FROM assistant_provider WHERE assistant_id = $1`, id)
		return err
	})
}
