// Package taught keeps the examples of assistants no longer than the conversations
// that they were taken from. Erasing a conversation takes its examples out of all
// versions; this package sees to it that whoever edited an assistant meanwhile
// does not bring them back. It knows no store: the store lends it its transactions.
package taught

import (
	"context"
	"slices"

	"parley"
)

// Tx is a transaction.
type Tx interface {
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
}

// Keep leaves out of an assistant's configuration, before it is saved, the
// examples whose conversations are gone. The others keep their conversations until
// the end of the transaction.
func Keep(ctx context.Context, t Tx, a *parley.Assistant) error {
	var ids []string
	for _, x := range a.Config.Examples {
		if x.ConversationID != "" {
			ids = append(ids, x.ConversationID)
		}
	}
	slices.Sort(ids) // all who hold several do so in one order
	gone := map[string]bool{}
	for _, id := range slices.Compact(ids) {
		// Touching the row keeps it from being deleted meanwhile.
		n, err := t.Exec(ctx, `UPDATE conversation SET rev = rev WHERE id = $1 AND workspace_id = $2`, id, a.WorkspaceID)
		if err != nil {
			return err
		}
		gone[id] = n == 0
	}
	a.Config.Examples = slices.DeleteFunc(slices.Clone(a.Config.Examples), func(x parley.Example) bool { return gone[x.ConversationID] })
	return nil
}
