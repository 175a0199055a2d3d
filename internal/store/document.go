package store

import (
	"context"
	"slices"
	"strings"

	"parley"
)

const documentColumns = `d.workspace_id, d.id, d.assistant_id, d.title, d.format, d.size, d.state, d.error, d.created_at`

func documentFields(d *parley.Document) []any {
	return []any{
		&d.WorkspaceID, &d.ID, &d.AssistantID, &d.Title, (*string)(&d.Format), &d.Size,
		(*string)(&d.State), &d.Error, asTime(&d.CreatedAt),
	}
}

func scanDocument(r scanner) (parley.Document, error) {
	var d parley.Document
	return d, r.Scan(documentFields(&d)...)
}

func scanDocumentContent(r scanner) (parley.Document, error) {
	var d parley.Document
	return d, r.Scan(append(documentFields(&d), &d.Content)...)
}

// CreateDocument adds a document to the knowledge of its assistant, as a new
// version; by is the id of a member or an API key. It sets id, size and time.
// It returns CodeNotFound if there is no such assistant and CodeTooLarge if it
// has parley.MaxKnowledge documents.
func (s *Store) CreateDocument(ctx context.Context, d *parley.Document, by string) error {
	return s.ReplaceDocument(ctx, "", d, by)
}

// ReplaceDocument puts a document in the place of another one in the knowledge
// of its assistant, as a new version. Older versions keep the old one. It
// returns CodeNotFound if there is no such assistant, or if the old document is
// not in its newest version.
func (s *Store) ReplaceDocument(ctx context.Context, oldID string, d *parley.Document, by string) error {
	s.stamp(&d.ID, &d.CreatedAt)
	d.Size = len(d.Content)
	if d.State == "" {
		d.State = parley.DocumentReady
	}
	_, err := s.changeAssistant(ctx, d.WorkspaceID, d.AssistantID, 0, by, func(t *tx, a *parley.Assistant) error {
		knowledge := slices.Clone(a.Config.Knowledge)
		switch i := slices.Index(knowledge, oldID); {
		case i >= 0:
			knowledge[i] = d.ID
		case oldID != "":
			return parley.Errorf(parley.CodeNotFound, "There is no such document.")
		case len(knowledge) >= parley.MaxKnowledge:
			return parley.Errorf(parley.CodeTooLarge, "An assistant has at most %d documents.", parley.MaxKnowledge)
		default:
			knowledge = append(knowledge, d.ID)
		}
		a.Config.Knowledge = knowledge
		return insertDocument(ctx, t, d)
	})
	return err
}

func insertDocument(ctx context.Context, t *tx, d *parley.Document) error {
	_, err := t.exec(ctx, `
		INSERT INTO document (workspace_id, id, assistant_id, title, format, size, state, error, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		d.WorkspaceID, d.ID, d.AssistantID, d.Title, string(d.Format), d.Size, string(d.State), d.Error,
		micros(d.CreatedAt))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO document_content (document_id, content) VALUES ($1, $2)`, d.ID, d.Content)
	return err
}

// RemoveDocument takes a document out of the knowledge of an assistant, as a
// new version. Older versions keep it. It returns CodeNotFound.
func (s *Store) RemoveDocument(ctx context.Context, workspaceID, assistantID, id, by string) error {
	_, err := s.changeAssistant(ctx, workspaceID, assistantID, 0, by, func(_ *tx, a *parley.Assistant) error {
		i := slices.Index(a.Config.Knowledge, id)
		if i < 0 {
			return parley.Errorf(parley.CodeNotFound, "There is no such document.")
		}
		a.Config.Knowledge = slices.Delete(slices.Clone(a.Config.Knowledge), i, i+1)
		return nil
	})
	return err
}

// Documents returns the documents of a version of an assistant, 0 for the
// newest, in their order and without content. It returns CodeNotFound.
func (s *Store) Documents(ctx context.Context, workspaceID, assistantID string, version int) ([]parley.Document, error) {
	var cfg parley.AssistantConfig
	if version == 0 {
		a, err := s.Assistant(ctx, workspaceID, assistantID)
		if err != nil {
			return nil, err
		}
		cfg = a.Config
	} else {
		v, err := s.AssistantVersion(ctx, workspaceID, assistantID, version)
		if err != nil {
			return nil, err
		}
		cfg = v.Config
	}
	return s.documents(ctx, workspaceID, cfg.Knowledge, documentColumns, ``, scanDocument)
}

// Document returns one document with its content. It returns CodeNotFound.
func (s *Store) Document(ctx context.Context, workspaceID, id string) (*parley.Document, error) {
	d, err := scanDocumentContent(s.read.queryRow(ctx, `
		SELECT `+documentColumns+`, c.content FROM document d JOIN document_content c ON c.document_id = d.id
		WHERE d.workspace_id = $1 AND d.id = $2`, workspaceID, id))
	return found(d, err, "document")
}

// DocumentsWithContent returns documents of a workspace in the order of ids;
// one that does not exist is left out.
func (s *Store) DocumentsWithContent(ctx context.Context, workspaceID string, ids []string) ([]parley.Document, error) {
	return s.documents(ctx, workspaceID, ids, documentColumns+`, c.content`,
		`JOIN document_content c ON c.document_id = d.id`, scanDocumentContent)
}

func (s *Store) documents(ctx context.Context, workspaceID string, ids []string, columns, join string,
	scan func(scanner) (parley.Document, error),
) ([]parley.Document, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{workspaceID}
	rs, err := s.read.query(ctx, `SELECT `+columns+` FROM document d `+join+
		` WHERE d.workspace_id = $1 AND d.id IN (`+placeholders(&args, ids)+`)`, args...)
	all, err := collect(rs, err, scan)
	slices.SortFunc(all, func(a, b parley.Document) int {
		return slices.Index(ids, a.ID) - slices.Index(ids, b.ID)
	})
	return all, err
}

// escapeLike makes a text stand for itself in a LIKE pattern that has
// ESCAPE '\'.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
