package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"parley"
)

// messageColumns are what scanMessage reads. The table does not hold the
// conversation's id.
const messageColumns = `n, seq, workspace_id, id, rev, role, type, event, author_id, author_name,
	content, payload, attachments, tool_calls, choices, reply_to, provider_id, delivery, error, turn_id,
	created_at, edited_at, deleted_at`

// fromMessages begins a query of the messages of conversation $1 of workspace $2.
const fromMessages = `
	SELECT ` + messageColumns + ` FROM message
	WHERE conversation_n = (SELECT c.n FROM conversation c WHERE c.id = $1 AND c.workspace_id = $2)`

func scanMessage(row scanner, conv string, more ...any) (parley.Message, error) {
	m := parley.Message{ConversationID: conv}
	var n int64
	var payload string
	dest := append([]any{
		&n, &m.Seq, &m.WorkspaceID, &m.ID, &m.Rev, &m.Role, &m.Type, &m.Event, &m.AuthorID, &m.AuthorName,
		&m.Content, &payload, asJSON(&m.Attachments), asJSON(&m.ToolCalls), asJSON(&m.Choices), &m.ReplyTo, &m.ProviderID,
		&m.Delivery, asJSON(&m.Error), &m.TurnID,
		asTime(&m.CreatedAt), asTime(&m.EditedAt), asTime(&m.DeletedAt),
	}, more...)
	err := row.Scan(dest...)
	if payload != "" {
		m.Payload = json.RawMessage(payload)
	}
	return m, err
}

// maxMessages bounds one reading of messages.
const maxMessages = 1000

// Messages returns the messages of a conversation after a seq, oldest first;
// limit 0 means 1,000, which is also the most.
func (s *Store) Messages(ctx context.Context, ws, conv string, after int64, limit int) ([]parley.Message, error) {
	return s.messages(ctx, conv, limit, fromMessages+` AND seq > $3 ORDER BY seq LIMIT $4`, conv, ws, after)
}

// MessagesChangedSince returns the messages that changed after the
// conversation's rev was rev, by seq; limit is that of Messages.
func (s *Store) MessagesChangedSince(ctx context.Context, ws, conv string, rev int64, limit int) ([]parley.Message, error) {
	return s.messages(ctx, conv, limit, fromMessages+` AND rev > $3 ORDER BY seq LIMIT $4`, conv, ws, rev)
}

func (s *Store) messages(ctx context.Context, conv string, limit int, query string, args ...any) ([]parley.Message, error) {
	if limit < 1 || limit > maxMessages {
		limit = maxMessages
	}
	r, err := s.read.query(ctx, query, append(args, limit)...)
	return collect(r, err, func(row scanner) (parley.Message, error) { return scanMessage(row, conv) })
}

// Message returns one message of a conversation. It returns CodeNotFound.
func (s *Store) Message(ctx context.Context, ws, conv, id string) (*parley.Message, error) {
	m, err := scanMessage(s.read.queryRow(ctx, fromMessages+` AND id = $3`, conv, ws, id), conv)
	if err != nil {
		return nil, orNotFound(err, "message")
	}
	return &m, nil
}

// MessageByProviderID finds a message by its sender's own id of it, so that a
// repeat is known before a conversation is opened for it. It returns
// CodeNotFound.
func (s *Store) MessageByProviderID(ctx context.Context, ws, sender, providerID string) (*parley.Message, error) {
	return messageByProviderID(ctx, s.read, ws, sender, providerID)
}

func messageByProviderID(ctx context.Context, q querier, ws, sender, providerID string) (*parley.Message, error) {
	var conv string
	m, err := scanMessage(q.queryRow(ctx, `
		SELECT `+qualified("m", messageColumns)+`, c.id FROM message m JOIN conversation c ON c.n = m.conversation_n
		WHERE m.workspace_id = $1 AND m.sender_id = $2 AND m.provider_id = $3 AND m.provider_id <> ''`,
		ws, sender, providerID), "", &conv)
	if err != nil {
		return nil, orNotFound(err, "message")
	}
	m.ConversationID = conv
	return &m, nil
}

// errRepeated rolls back the writing of a message whose provider id is taken.
var errRepeated = errors.New("the provider id is taken")

// prepare sets what a new message of the conversation has not got.
func (c *conversationRow) prepare(s *Store, m *parley.Message) {
	if m.CreatedAt.IsZero() {
		m.CreatedAt = s.nowMicros()
	}
	m.CreatedAt = fromMicros(micros(m.CreatedAt))
	if m.ID == "" {
		m.ID = parley.NewID(m.CreatedAt)
	}
	if m.Type == "" {
		m.Type = parley.MessageText
	}
	m.WorkspaceID, m.ConversationID = c.WorkspaceID, c.ID
}

// insertMessage writes a prepared message with its seq and rev. It returns
// errRepeated if the provider id is taken.
func insertMessage(ctx context.Context, t *tx, conversation int64, m *parley.Message, sender string) error {
	n, err := t.exec(ctx, messageInsert, messageArgs(conversation, m, sender)...)
	if err == nil && n == 0 {
		err = errRepeated
	}
	return err
}

const messageInsert = `
	INSERT INTO message (conversation_n, seq, workspace_id, id, rev, role, type, event, author_id, author_name,
		content, attachments, tool_calls, choices, reply_to, sender_id, provider_id, delivery, error, turn_id,
		created_at, edited_at, deleted_at, payload)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
	ON CONFLICT (workspace_id, sender_id, provider_id) WHERE provider_id <> '' DO NOTHING`

func messageArgs(conversation int64, m *parley.Message, sender string) []any {
	return []any{
		conversation, m.Seq, m.WorkspaceID, m.ID, m.Rev, string(m.Role), string(m.Type), string(m.Event), m.AuthorID,
		m.AuthorName, m.Content, jsonOrNone(m.Attachments), jsonOrNone(m.ToolCalls), jsonOrNone(m.Choices), m.ReplyTo,
		sender, m.ProviderID, string(m.Delivery), errorJSON(m.Error), m.TurnID,
		micros(m.CreatedAt), micros(m.EditedAt), micros(m.DeletedAt), string(m.Payload),
	}
}

// jsonOrNone is how a list is stored: as JSON, and "" if it is empty.
func jsonOrNone[T any](list []T) string {
	if len(list) == 0 {
		return ""
	}
	return toJSON(list)
}

func errorJSON(e *parley.MessageError) string {
	if e == nil {
		return ""
	}
	return toJSON(e)
}

// add appends a message to the log of a locked conversation, which the caller
// then saves.
func (c *conversationRow) add(ctx context.Context, t *tx, m *parley.Message) error {
	c.prepare(t.s, m)
	m.Seq, m.Rev = c.NextSeq, c.Rev
	if err := insertMessage(ctx, t, c.n, m, c.SenderID); err != nil {
		return err
	}
	c.note(m)
	if m.Delivery == parley.DeliverySent || reachedContact(m.Delivery) { // it was sent elsewhere
		if err := c.noteLeft(ctx, t, m.Seq); err != nil {
			return err
		}
	}
	return takeAttachments(ctx, t, c.WorkspaceID, c.ID, m.Attachments)
}

// say appends a message to the contact, and to the outbox if push is set.
func (c *conversationRow) say(ctx context.Context, t *tx, m *parley.Message, push bool) error {
	m.Delivery = ""
	if push {
		m.Delivery = parley.DeliveryQueued
	}
	if err := c.add(ctx, t, m); err != nil || !push {
		return err
	}
	return addWork(ctx, t, parley.WorkDeliver, c.ID, c.WorkspaceID, m.CreatedAt)
}

// record appends a system message, by may be a member or an API key.
func (c *conversationRow) record(ctx context.Context, t *tx, event parley.Event, text, by string, e *parley.MessageError) (*parley.Message, error) {
	m := &parley.Message{
		Role: parley.BySystem, Type: parley.MessageEvent, Event: event, Content: text, AuthorID: by, Error: e,
	}
	if by != "" {
		name, err := authorName(ctx, t, c.WorkspaceID, by)
		if err != nil {
			return nil, err
		}
		m.AuthorName = name
	}
	return m, c.add(ctx, t, m)
}

// authorName returns the name of a member or an API key, "" if it is neither.
func authorName(ctx context.Context, q querier, ws, id string) (name string, err error) {
	err = q.queryRow(ctx, `
		SELECT name FROM member WHERE workspace_id = $1 AND id = $2
		UNION ALL SELECT name FROM api_key WHERE workspace_id = $1 AND id = $2`, ws, id).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return name, err
}
