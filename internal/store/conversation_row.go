package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"parley"
)

// conversationRow is a conversation as its table holds it.
type conversationRow struct {
	parley.Conversation
	n         int64
	facet     int64
	userCount int
	tallied   int64 // microseconds of the duration that are in tally
	tagged    bool  // rows of desk_tagged repeat some of it

	stored  facetKey // what facet stands for
	counted int      // AssistantCount as of reading, for tally
}

// conversationColumns are what scanConversation reads.
const conversationColumns = `n, facet_id, workspace_id, id, source, status, assistant_id, assistant_version,
	contact_id, sender_id, external_id, owner, operator_id, epoch, waiting, handed_over, has_error, has_attachment,
	resolved, reviewed, tagged, message_count, assistant_count, user_count, last_role, last_text, last_at, started_at,
	first_message_at, last_activity_at, first_reply_at, ended_at, end_reason, input_tokens, output_tokens, credits,
	unknown_calls, window_expires_at, next_seq, answered_seq, rev, tallied`

// qualified puts a table's alias before each of a list of columns.
func qualified(alias, columns string) string {
	fields := strings.Split(columns, ",")
	for i, f := range fields {
		fields[i] = alias + "." + strings.TrimSpace(f)
	}
	return strings.Join(fields, ", ")
}

// scanConversation reads conversationColumns, and what follows them into more.
func scanConversation(row scanner, more ...any) (*conversationRow, error) {
	c := &conversationRow{}
	dest := append([]any{
		&c.n, &c.facet, &c.WorkspaceID, &c.ID, &c.Source, &c.Status, &c.AssistantID, &c.AssistantVersion,
		&c.ContactID, &c.SenderID, &c.ExternalID, &c.Owner, &c.OperatorID, &c.Epoch, &c.Waiting, &c.HandedOver,
		&c.HasError, &c.HasAttachment, asTruth(&c.Resolved), &c.Reviewed, &c.tagged, &c.MessageCount, &c.AssistantCount, &c.userCount,
		&c.LastMessage.Role, &c.LastMessage.Text, asTime(&c.LastMessage.At), asTime(&c.StartedAt),
		asTime(&c.FirstMessageAt), asTime(&c.LastActivityAt), asTime(&c.FirstReplyAt), asTime(&c.EndedAt),
		&c.EndReason, &c.InputTokens, &c.OutputTokens, (*int64)(&c.Credits), &c.UnknownCalls,
		asTime(&c.WindowExpiresAt), &c.NextSeq, &c.AnsweredSeq, &c.Rev, &c.tallied,
	}, more...)
	if err := row.Scan(dest...); err != nil {
		return nil, err
	}
	c.stored, c.counted = facetOf(&c.Conversation), c.AssistantCount
	return c, nil
}

// flag is how a boolean is stored.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// truth is how a boolean is stored that may be unknown: 0 unknown, 1 no, 2 yes.
func truth(b *bool) int64 {
	if b == nil {
		return 0
	}
	return 1 + flag(*b)
}

// asTruth scans what truth wrote.
func asTruth(b **bool) sql.Scanner { return truthColumn{b} }

type truthColumn struct{ b **bool }

// Scan implements sql.Scanner.
func (c truthColumn) Scan(v any) error {
	n, _ := v.(int64)
	if n == 0 {
		*c.b = nil
		return nil
	}
	yes := n == 2
	*c.b = &yes
	return nil
}

// lockConversation begins every write to a conversation: it raises the rev,
// which on PostgreSQL locks the row. It returns CodeNotFound.
func lockConversation(ctx context.Context, t *tx, ws, id string) (*conversationRow, error) {
	c, err := scanConversation(t.queryRow(ctx, `
		UPDATE conversation SET rev = rev + 1 WHERE id = $1 AND workspace_id = $2
		RETURNING `+conversationColumns, id, ws))
	return c, orNotFound(err, "conversation")
}

// readConversation reads a conversation. It returns CodeNotFound.
func readConversation(ctx context.Context, q querier, ws, id string) (*conversationRow, error) {
	c, err := scanConversation(q.queryRow(ctx, `
		SELECT `+conversationColumns+` FROM conversation WHERE id = $1 AND workspace_id = $2`, id, ws))
	return c, orNotFound(err, "conversation")
}

// save writes what may have changed since the row was locked, the facet and
// the counters with it.
func (c *conversationRow) save(ctx context.Context, t *tx) error {
	if err := c.tally(ctx, t); err != nil {
		return err
	}
	if err := c.saveFacet(ctx, t); err != nil {
		return err
	}
	_, err := t.exec(ctx, `
		UPDATE conversation SET assistant_version = $2, owner = $3, operator_id = $4, epoch = $5,
			message_count = $6, ranked_count = $6, assistant_count = $7, user_count = $8,
			last_role = $9, last_text = $10, last_at = $11, first_message_at = $12, last_activity_at = $13,
			first_reply_at = $14, ended_at = $15, end_reason = $16, next_seq = $17, answered_seq = $18, tallied = $19
		WHERE n = $1`,
		c.n, c.AssistantVersion, string(c.Owner), c.OperatorID, c.Epoch,
		c.MessageCount, c.AssistantCount, c.userCount,
		string(c.LastMessage.Role), c.LastMessage.Text, micros(c.LastMessage.At), micros(c.FirstMessageAt),
		micros(c.LastActivityAt), micros(c.FirstReplyAt), micros(c.EndedAt), string(c.EndReason),
		c.NextSeq, c.AnsweredSeq, c.tallied)
	if err != nil {
		return err
	}
	return c.saveTagged(ctx, t)
}

// saveTagged writes what the rows of the conversation's tags repeat of it.
func (c *conversationRow) saveTagged(ctx context.Context, t *tx) error {
	if !c.tagged {
		return nil
	}
	_, err := t.exec(ctx, `UPDATE desk_tagged SET facet_id = $2, last_activity_at = $3 WHERE n = $1`,
		c.n, c.facet, micros(c.LastActivityAt))
	return err
}

// note takes a message into account that was added to the log.
func (c *conversationRow) note(m *parley.Message) {
	c.NextSeq = m.Seq + 1
	if m.CreatedAt.After(c.LastActivityAt) {
		c.LastActivityAt = m.CreatedAt
	}
	c.HasAttachment = c.HasAttachment || len(m.Attachments) > 0
	if !m.Role.Counts() {
		return
	}
	c.MessageCount++
	switch m.Role {
	case parley.ByUser:
		c.userCount++
	case parley.ByAssistant:
		c.AssistantCount++
	}
	if c.FirstMessageAt.IsZero() {
		c.FirstMessageAt = m.CreatedAt
	}
	if m.Role != parley.ByUser && c.userCount > 0 && c.FirstReplyAt.IsZero() {
		c.FirstReplyAt = m.CreatedAt
	}
	c.LastMessage = parley.Preview{Role: m.Role, Text: parley.PreviewText(m.Content), At: m.CreatedAt}
}

// facetKey is what a facet stands for.
type facetKey struct {
	source, assistant, status                    string
	waiting, handedOver, hasError, hasAttachment int64
	resolved, reviewed                           int64
}

func facetOf(c *parley.Conversation) facetKey {
	return facetKey{
		string(c.Source), c.AssistantID, string(c.Status),
		flag(c.Waiting), flag(c.HandedOver), flag(c.HasError), flag(c.HasAttachment), truth(c.Resolved),
		flag(c.Reviewed),
	}
}

// facetID returns the id of a facet, which is made if it is new.
func facetID(ctx context.Context, t *tx, ws string, k facetKey) (id int64, err error) {
	args := []any{
		ws, k.source, k.assistant, k.status, k.waiting, k.handedOver, k.hasError, k.hasAttachment, k.resolved, k.reviewed,
	}
	const find = `
		SELECT id FROM facet WHERE workspace_id = $1 AND source = $2 AND assistant_id = $3 AND status = $4
			AND waiting = $5 AND handed_over = $6 AND has_error = $7 AND has_attachment = $8 AND resolved = $9 AND reviewed = $10`
	err = t.queryRow(ctx, find, args...).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	if _, err := t.exec(ctx, `
		INSERT INTO facet (workspace_id, source, assistant_id, status,
			waiting, handed_over, has_error, has_attachment, resolved, reviewed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`, args...); err != nil {
		return 0, err
	}
	err = t.queryRow(ctx, find, args...).Scan(&id)
	return id, err
}

// saveFacet writes the columns that the list is filtered by, if they changed.
func (c *conversationRow) saveFacet(ctx context.Context, t *tx) error {
	k := facetOf(&c.Conversation)
	if k == c.stored {
		return nil
	}
	id, err := facetID(ctx, t, c.WorkspaceID, k)
	if err != nil {
		return err
	}
	c.facet, c.stored = id, k
	_, err = t.exec(ctx, `
		UPDATE conversation SET facet_id = $2, status = $3, waiting = $4, handed_over = $5, has_error = $6,
			has_attachment = $7, resolved = $8, reviewed = $9 WHERE n = $1`,
		c.n, id, k.status, k.waiting, k.handedOver, k.hasError, k.hasAttachment, k.resolved, k.reviewed)
	if err != nil {
		return err
	}
	if err := c.saveTagged(ctx, t); err != nil {
		return err
	}
	return changed(ctx, t, c)
}

// Conversation returns a conversation. It returns CodeNotFound.
func (s *Store) Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error) {
	c, err := readConversation(ctx, s.read, ws, id)
	if err != nil {
		return nil, err
	}
	return &c.Conversation, nil
}

// nowMicros is the time as it is stored.
func (s *Store) nowMicros() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
