package privacy

import (
	"context"
	"encoding/json"
	"slices"

	"parley"
	"parley/internal/store"
)

// versionsRead is how many versions are read together: each has up to some hundred
// kilobytes.
const versionsRead = 20

// version is a version of an assistant as it is stored.
type version struct {
	assistant string
	number    int
	config    string
}

// ForgetExamples removes the examples that were taken from conversations from all
// versions of all assistants of a workspace, the deleted ones included, one
// version at a time. It returns how many of an assistant's examples went, each
// once, however many versions had it.
func (p *Privacy) ForgetExamples(ctx context.Context, ws string, conversations []string) (int64, error) {
	type example struct{ assistant, conversation, message, question string }
	gone := map[example]bool{}
	from := func(x parley.Example) bool { return slices.Contains(conversations, x.ConversationID) }
	for after := (version{}); ; {
		r, err := p.Query(ctx, `
			SELECT assistant_id, version, config FROM assistant_version
			WHERE workspace_id = $1 AND (assistant_id, version) > ($2, $3) AND config LIKE '%"conversation_id":%'
			ORDER BY assistant_id, version LIMIT $4`, ws, after.assistant, after.number, versionsRead)
		all, err := store.Collect(r, err, func(r store.Row) (v version, err error) { return v, r.Scan(&v.assistant, &v.number, &v.config) })
		if err != nil || len(all) == 0 {
			return int64(len(gone)), err
		}
		for i := range all {
			var taught struct{ Examples []parley.Example }
			if err := json.Unmarshal([]byte(all[i].config), &taught); err != nil {
				return int64(len(gone)), err
			}
			if !slices.ContainsFunc(taught.Examples, from) {
				continue
			}
			if err := p.unlearn(ctx, ws, &all[i], from); err != nil {
				return int64(len(gone)), err
			}
			for _, x := range taught.Examples {
				if from(x) {
					gone[example{all[i].assistant, x.ConversationID, x.MessageID, x.Question}] = true
				}
			}
		}
		after = all[len(all)-1]
	}
}

// unlearn removes examples from a version. What else is in it stays as it is
// stored: the values of headers are encrypted.
func (p *Privacy) unlearn(ctx context.Context, ws string, v *version, from func(parley.Example) bool) error {
	return p.Write(ctx, func(tx store.Tx) error {
		// Nobody encrypts it anew meanwhile.
		held, err := tx.Exec(ctx, `UPDATE assistant_version SET version = version WHERE workspace_id = $1 AND assistant_id = $2 AND version = $3`,
			ws, v.assistant, v.number)
		if err != nil || held == 0 {
			return err
		}
		var text string
		if err := tx.QueryRow(ctx, `SELECT config FROM assistant_version WHERE workspace_id = $1 AND assistant_id = $2 AND version = $3`,
			ws, v.assistant, v.number).Scan(&text); err != nil {
			return err
		}
		var cfg parley.AssistantConfig
		if err := json.Unmarshal([]byte(text), &cfg); err != nil {
			return err
		}
		cfg.Examples = slices.DeleteFunc(cfg.Examples, from)
		left, err := json.Marshal(&cfg)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE assistant_version SET config = $4 WHERE workspace_id = $1 AND assistant_id = $2 AND version = $3`,
			ws, v.assistant, v.number, string(left))
		return err
	})
}
