package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"parley"
	"parley/internal/search"
)

// Variables returns the values collected in a conversation, by name and in
// the order of their sources.
func (s *Store) Variables(ctx context.Context, ws, conv string) ([]parley.Variable, error) {
	r, err := s.read.query(ctx, `
		SELECT `+variableColumns+` FROM variable
		WHERE conversation_n = (SELECT n FROM conversation WHERE id = $1 AND workspace_id = $2)
		ORDER BY `+variableOrder, conv, ws)
	return collect(r, err, func(row scanner) (parley.Variable, error) { return scanVariable(row, conv) })
}

// What scanVariable reads, and the order of a conversation's variables.
const (
	variableColumns = `name, source, type, value, message_id, model, assistant_version, set_at`
	variableOrder   = `name, CASE source WHEN 'pre_chat' THEN 1 WHEN 'extracted' THEN 2 ELSE 3 END`
)

func scanVariable(row scanner, conv string, more ...any) (parley.Variable, error) {
	v := parley.Variable{ConversationID: conv}
	var value string
	dest := []any{&v.Name, &v.Source, &v.Type, &value, &v.MessageID, &v.Model, &v.AssistantVersion, asTime(&v.SetAt)}
	err := row.Scan(append(dest, more...)...)
	v.Value = json.RawMessage(value)
	return v, err
}

// saveVariables writes values of a conversation; a later value of the same
// name and source takes the place of the earlier one.
func saveVariables(ctx context.Context, t *tx, c *conversationRow, vars []parley.Variable, now time.Time) error {
	for i := range vars {
		v := &vars[i]
		at, version := v.SetAt, v.AssistantVersion
		if at.IsZero() {
			at = now
		}
		if version == 0 {
			version = c.AssistantVersion
		}
		_, err := t.exec(ctx, `
			INSERT INTO variable (workspace_id, conversation_n, name, source, type, value, folded,
				message_id, model, assistant_version, set_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (conversation_n, name, source) DO UPDATE SET type = excluded.type, value = excluded.value,
				folded = excluded.folded, message_id = excluded.message_id, model = excluded.model,
				assistant_version = excluded.assistant_version, set_at = excluded.set_at`,
			c.WorkspaceID, c.n, v.Name, string(v.Source), string(v.Type), string(v.Value), foldValue(string(v.Value)),
			v.MessageID, v.Model, version, micros(at))
		if err != nil {
			return err
		}
	}
	return nil
}

// maxFolded bounds what a variable's value is found by, in runes.
const maxFolded = 200

// foldValue is what a value is compared by: a JSON value, or what a person
// types for one.
func foldValue(value string) string {
	var s string
	if json.Unmarshal([]byte(value), &s) != nil {
		s = value
	}
	return clip(strings.Join(strings.Fields(search.Fold(s)), " "), maxFolded)
}
