package store

import (
	"context"

	"parley"
	"parley/internal/search"
)

// eraseBatch is how many messages are erased in one transaction.
const eraseBatch = 400

// DeleteConversation erases a conversation with everything in it, the words in
// the search index included. Its attachments are left without a conversation,
// for the sweep that removes their bytes. It returns CodeNotFound.
func (s *Store) DeleteConversation(ctx context.Context, ws, id string) error {
	words := map[string]bool{}
	for done := false; !done; {
		var erased []string
		err := s.write(ctx, func(t *tx) error {
			c, err := lockConversation(ctx, t, ws, id)
			if err != nil {
				return err
			}
			if erased, err = eraseMessages(ctx, t, c); err != nil {
				return err
			}
			if done = len(erased) < eraseBatch; done {
				err = c.erase(ctx, t)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, content := range erased {
			for _, w := range search.Words(content) {
				words[w] = true
			}
		}
	}
	return s.forgetWords(ctx, ws, words)
}

// eraseMessages erases up to eraseBatch messages and returns what they said.
func eraseMessages(ctx context.Context, t *tx, c *conversationRow) ([]string, error) {
	const some = `SELECT n FROM message WHERE conversation_n = $1 ORDER BY seq DESC LIMIT $2`
	if _, err := t.exec(ctx, `DELETE FROM search WHERE `+t.s.dialect.searchRow()+` IN (`+some+`)`, c.n, eraseBatch); err != nil {
		return nil, err
	}
	r, err := t.query(ctx, `DELETE FROM message WHERE n IN (`+some+`) RETURNING content`, c.n, eraseBatch)
	return collect(r, err, scanID)
}

// searchRow is the name of the column of the search index that is a message's n.
func (d *dialect) searchRow() string {
	if d.postgres() {
		return "n"
	}
	return "rowid"
}

// erase removes a conversation without messages and all that belongs to it.
func (c *conversationRow) erase(ctx context.Context, t *tx) error {
	if err := addTally(ctx, t, &c.Conversation, -1, -int64(c.counted), -c.tallied); err != nil {
		return err
	}
	if err := c.forgetLabels(ctx, t); err != nil {
		return err
	}
	for _, table := range []string{
		"turn", "variable", "evaluation", "question", "rollup_labeled", "rollup_fact",
		"hook_left", "hook_history", "hook_event", "hook_delivery", "hook_attempt", "desk_review", "desk_note", "desk_read",
	} {
		if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE conversation_n = $1`, c.n); err != nil {
			return err
		}
	}
	// What was spent stays spent: the rows of the ledger lose what they were for.
	if _, err := t.exec(ctx, `UPDATE usage SET conversation_n = 0, turn_id = '', raw = '', error = '' WHERE conversation_n = $1`, c.n); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE attachment SET conversation_id = '' WHERE conversation_id = $1`, c.ID); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM visitor_conversation WHERE conversation_id = $1`, c.ID); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM desk_tagged WHERE n = $1`, c.n); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM conversation WHERE n = $1`, c.n); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM queue WHERE key = $1 AND kind IN ($2, $3, $4, $5, $6)`, c.ID,
		string(parley.WorkTurn), string(parley.WorkDeliver), string(parley.WorkIdle), string(parley.WorkEvaluate), string(parley.WorkMedia))
	return err
}

// forgetWords removes the words that no message has any more from those that
// prefixes are looked up among.
func (s *Store) forgetWords(ctx context.Context, ws string, words map[string]bool) error {
	if s.dialect.postgres() {
		return nil
	}
	w, err := s.Workspace(ctx, ws)
	if err != nil {
		return err
	}
	prefix := workspacePrefix(w.Number)
	return s.write(ctx, func(t *tx) error {
		for word := range words {
			word = prefix + word
			_, err := t.exec(ctx, `
				DELETE FROM search_word WHERE word = $1
					AND NOT EXISTS (SELECT 1 FROM search WHERE search MATCH $2 LIMIT 1)`,
				word, s.dialect.matchWord(word, false))
			if err != nil {
				return err
			}
		}
		return nil
	})
}
