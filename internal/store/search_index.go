package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// searchBatch is how many messages are made findable in one transaction.
const searchBatch = 200

// IndexSearch makes up to limit new messages findable, and lets the order by
// message count know of them. It returns how many messages it looked at: 0
// means that there is nothing to do now.
func (s *Store) IndexSearch(ctx context.Context, limit int) (indexed int, err error) {
	for indexed < limit {
		n, err := s.indexBatch(ctx, min(searchBatch, limit-indexed))
		if err != nil || n == 0 {
			return indexed, err
		}
		indexed += n
	}
	return indexed, nil
}

// indexable is a message with what its words depend on.
type indexable struct {
	n            int64
	conversation int64
	words        []string
}

func (s *Store) indexBatch(ctx context.Context, limit int) (int, error) {
	var from int64
	if err := s.read.queryRow(ctx, `SELECT position FROM search_state WHERE id = 1`).Scan(&from); err != nil {
		return 0, err
	}
	to, err := s.settledMessage(ctx)
	if err != nil || to <= from {
		return 0, err
	}
	r, err := s.read.query(ctx, `
		SELECT m.n, m.conversation_n, m.role, m.deleted_at, m.content, c.source, c.assistant_id, w.number
		FROM message m JOIN conversation c ON c.n = m.conversation_n JOIN workspace w ON w.id = c.workspace_id
		WHERE m.n > $1 AND m.n <= $2 ORDER BY m.n LIMIT $3`, from, to, limit)
	batch, err := collect(r, err, func(row scanner) (indexable, error) {
		var m indexable
		var role parley.MessageRole
		var deleted, number int64
		var content, source, assistant string
		err := row.Scan(&m.n, &m.conversation, &role, &deleted, &content, &source, &assistant, &number)
		if err == nil && searchable(role) && deleted == 0 {
			m.words = searchWords(workspacePrefix(number), source, assistant, content)
		}
		return m, err
	})
	if err != nil {
		return 0, err
	}
	if len(batch) == limit {
		to = batch[limit-1].n
	}
	err = s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE search_state SET position = $1 WHERE id = 1 AND position = $2`, to, from)
		if err != nil {
			return err
		}
		if n == 0 {
			return errUnchanged // another node has done it
		}
		return indexMessages(ctx, t, batch)
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return max(1, len(batch)), err
}

// settledMessage returns an n up to which every message is committed or never
// will be; 0 if there is none soon. On SQLite that is the newest: there is one
// writer. On PostgreSQL a transaction may commit a lower n later. Whoever has
// taken an n holds a lock on the table: once those who held it after the newest
// n was read are gone, nothing below it can appear any more.
func (s *Store) settledMessage(ctx context.Context) (n int64, err error) {
	if err = s.read.queryRow(ctx, `SELECT COALESCE(MAX(n), 0) FROM message`).Scan(&n); err != nil || !s.dialect.postgres() {
		return n, err
	}
	writers, err := s.messageWriters(ctx)
	for wait := time.Millisecond; err == nil && len(writers) > 0; wait *= 2 {
		if wait > 200*time.Millisecond {
			return 0, nil // a long transaction
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		var now []string
		now, err = s.messageWriters(ctx)
		writers = slices.DeleteFunc(writers, func(w string) bool { return !slices.Contains(now, w) })
	}
	return n, err
}

// messageWriters returns the transactions that may have inserted messages, on
// PostgreSQL.
func (s *Store) messageWriters(ctx context.Context) ([]string, error) {
	r, err := s.read.query(ctx, `
		SELECT virtualtransaction FROM pg_locks
		WHERE locktype = 'relation' AND relation = 'message'::regclass AND mode = 'RowExclusiveLock' AND granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	return collect(r, err, scanID)
}

// indexMessages writes the words of messages that still exist, and brings the
// counts that lists sort by up to date.
func indexMessages(ctx context.Context, t *tx, batch []indexable) error {
	words, touched := map[string]bool{}, map[int64]bool{}
	left, err := messagesLeft(ctx, t, batch)
	if err != nil {
		return err
	}
	for _, m := range batch {
		touched[m.conversation] = true
		if len(m.words) == 0 || !left[m.n] {
			continue
		}
		n, err := t.exec(ctx, t.s.dialect.insertSearch(), m.n, strings.Join(m.words, " "))
		if err != nil {
			return err
		}
		if n > 0 {
			for _, w := range m.words {
				words[w] = true
			}
		}
	}
	long := slices.Collect(maps.Keys(words))
	long = slices.DeleteFunc(long, func(w string) bool { return utf8.RuneCountInString(w) <= indexedPrefix })
	if err := saveWords(ctx, t, long); err != nil {
		return err
	}
	for n := range touched {
		_, err := t.exec(ctx, `
			UPDATE conversation SET ranked_count = message_count WHERE n = $1 AND ranked_count <> message_count`, n)
		if err != nil {
			return err
		}
	}
	return nil
}

// messagesLeft returns the numbers of those messages that were not erased since
// they were read.
func messagesLeft(ctx context.Context, t *tx, batch []indexable) (map[int64]bool, error) {
	left := make(map[int64]bool, len(batch))
	if len(batch) == 0 {
		return left, nil
	}
	r, err := t.query(ctx, `SELECT n FROM message WHERE n >= $1 AND n <= $2`, batch[0].n, batch[len(batch)-1].n)
	ns, err := collect(r, err, scanInt)
	for _, n := range ns {
		left[n] = true
	}
	return left, err
}

// insertSearch adds the words $2 of message $1 to the index. On SQLite it must
// not be an INSERT … SELECT: that opens a statement journal, at which FTS5
// writes out what it has gathered, one segment per message.
func (d *dialect) insertSearch() string {
	if d.postgres() {
		return `INSERT INTO search (n, words)
			SELECT m.n, array_to_tsvector(string_to_array($2, ' ')) FROM message m WHERE m.n = $1
			ON CONFLICT (n) DO NOTHING`
	}
	return `INSERT INTO search (rowid, words) VALUES ($1, $2)`
}

// saveWords adds to the words, longer than indexedPrefix, that prefixes are
// looked up among.
func saveWords(ctx context.Context, t *tx, words []string) error {
	if t.s.dialect.postgres() {
		return nil // finds prefixes in the index
	}
	slices.Sort(words) // in the order of the table
	for _, w := range words {
		if _, err := t.exec(ctx, `INSERT INTO search_word (word) VALUES ($1) ON CONFLICT DO NOTHING`, w); err != nil {
			return err
		}
	}
	return nil
}

// reindex makes a message be found by what it says now.
func (c *conversationRow) reindex(ctx context.Context, t *tx, n int64, content string) error {
	if _, err := t.exec(ctx, `DELETE FROM search WHERE `+t.s.dialect.searchRow()+` = $1`, n); err != nil || content == "" {
		return err
	}
	var number, position int64
	err := t.queryRow(ctx, `
		SELECT w.number, s.position FROM workspace w, search_state s WHERE w.id = $1 AND s.id = 1`, c.WorkspaceID).
		Scan(&number, &position)
	if err != nil || n > position {
		return err // it will be indexed with the others
	}
	return indexMessages(ctx, t, []indexable{{
		n: n, conversation: c.n, words: searchWords(workspacePrefix(number), string(c.Source), c.AssistantID, content),
	}})
}

// purgePages is how many pages of the index PurgeSearch writes in a transaction.
const purgePages = 16

// PurgeSearch writes the index anew, a little at a time, without the words of
// messages that are not findable any more, which stay in it until then. On
// PostgreSQL its vacuum does that.
func (s *Store) PurgeSearch(ctx context.Context) error {
	if s.dialect.postgres() {
		return nil
	}
	// A negative number makes all segments one; then that goes on until a step
	// changes nothing but the row of the command.
	for pages, changed := -purgePages, int64(2); changed >= 2; pages = purgePages {
		err := s.write(ctx, func(t *tx) error {
			before, err := totalChanges(ctx, t)
			if err != nil {
				return err
			}
			if _, err := t.exec(ctx, `INSERT INTO search (search, rank) VALUES ('merge', $1)`, pages); err != nil {
				return err
			}
			after, err := totalChanges(ctx, t)
			changed = after - before
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func totalChanges(ctx context.Context, t *tx) (n int64, err error) {
	return n, t.queryRow(ctx, `SELECT total_changes()`).Scan(&n)
}
