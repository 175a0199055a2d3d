package store

import (
	"context"
	"database/sql"
	"errors"

	"parley"
)

// visitorEpoch is the row of app that visitors' tokens of the whole
// installation name. A restored backup has another.
const visitorEpoch = "visitor_epoch"

// VisitorRow is a conversation as its visitor sees it.
type VisitorRow struct {
	parley.Conversation
	Visitor      parley.VisitorConversation
	OperatorName string
	Unread       int // messages of the assistant and operators behind Visitor.ReadSeq
}

const visitorColumns = `v.widget_id, v.visitor_id, v.language, v.page, v.email, v.read_seq, v.score, v.comment,
	v.rated_at, v.consents, v.started_at`

func visitorDest(v *parley.VisitorConversation) []any {
	return []any{
		&v.WidgetID, &v.VisitorID, &v.Language, &v.Page, &v.Email, &v.ReadSeq, &v.Rating.Score, &v.Rating.Comment,
		asTime(&v.Rating.At), asJSON(&v.Consents), asTime(&v.StartedAt),
	}
}

// fromVisitors begins a query of conversations as visitors see them.
var fromVisitors = `
	SELECT ` + qualified("c", conversationColumns) + `, ` + visitorColumns + `, COALESCE(m.name, k.name, ''),
		(SELECT count(*) FROM message g WHERE g.conversation_n = c.n AND g.seq > v.read_seq AND g.role IN ('assistant', 'operator'))
	FROM visitor_conversation v JOIN conversation c ON c.id = v.conversation_id
	LEFT JOIN member m ON m.id = c.operator_id AND m.workspace_id = c.workspace_id
	LEFT JOIN api_key k ON k.id = c.operator_id AND k.workspace_id = c.workspace_id
	WHERE v.workspace_id = $1 AND c.workspace_id = $1 AND v.widget_id = $2 AND v.visitor_id = $3`

func scanVisitorRow(row scanner) (VisitorRow, error) {
	var v VisitorRow
	c, err := scanConversation(row, append(visitorDest(&v.Visitor), &v.OperatorName, &v.Unread)...)
	if err != nil {
		return v, err
	}
	v.Conversation = c.Conversation
	v.Visitor.WorkspaceID, v.Visitor.ConversationID = c.WorkspaceID, c.ID
	return v, nil
}

// VisitorConversations returns a visitor's conversations in a widget, the
// newest first.
func (s *Store) VisitorConversations(ctx context.Context, ws, widget, visitor string, limit int) ([]VisitorRow, error) {
	rs, err := s.read.query(ctx, fromVisitors+` ORDER BY v.started_at DESC, v.conversation_id DESC LIMIT $4`,
		ws, widget, visitor, limit)
	return collect(rs, err, scanVisitorRow)
}

// VisitorConversation returns one conversation of a visitor in a widget. It
// returns CodeNotFound, also for a conversation of somebody else.
func (s *Store) VisitorConversation(ctx context.Context, ws, widget, visitor, conv string) (*VisitorRow, error) {
	v, err := scanVisitorRow(s.read.queryRow(ctx, fromVisitors+` AND v.conversation_id = $4`, ws, widget, visitor, conv))
	return found(v, err, "conversation")
}

// VisitorOwns reports whether a conversation is a visitor's in a widget.
func (s *Store) VisitorOwns(ctx context.Context, ws, widget, visitor, conv string) (bool, error) {
	var one int
	err := s.read.queryRow(ctx, `
		SELECT 1 FROM visitor_conversation
		WHERE conversation_id = $4 AND workspace_id = $1 AND widget_id = $2 AND visitor_id = $3`, ws, widget, visitor, conv).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// WidgetConversation returns what a conversation has of its widget, for
// members. It returns CodeNotFound for one that came another way.
func (s *Store) WidgetConversation(ctx context.Context, ws, conv string) (*parley.VisitorConversation, error) {
	v := parley.VisitorConversation{WorkspaceID: ws, ConversationID: conv}
	err := s.read.queryRow(ctx, `SELECT `+visitorColumns+` FROM visitor_conversation v
		WHERE v.workspace_id = $1 AND v.conversation_id = $2`, ws, conv).Scan(visitorDest(&v)...)
	return found(v, err, "conversation")
}

// visitorOf returns what a conversation that is to be opened has of a widget:
// what the request says, else what the conversation has that it follows; nil if
// it has none.
func visitorOf(ctx context.Context, t *tx, o *OpenConversation) (*parley.VisitorConversation, error) {
	if o.Visitor != nil || o.Follows == "" {
		return o.Visitor, nil
	}
	v := &parley.VisitorConversation{}
	err := t.queryRow(ctx, `SELECT `+visitorColumns+` FROM visitor_conversation v
		WHERE v.workspace_id = $1 AND v.conversation_id = $2`, o.WorkspaceID, o.Follows).Scan(visitorDest(v)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	v.Email, v.ReadSeq, v.Rating = "", 0, parley.Rating{}
	return v, err
}

// continuedVisit returns the active conversation of the visitor in the widget,
// or nil.
func continuedVisit(ctx context.Context, t *tx, o *OpenConversation, v *parley.VisitorConversation) (*conversationRow, error) {
	var id string
	err := t.queryRow(ctx, `
		SELECT c.id FROM visitor_conversation v JOIN conversation c ON c.id = v.conversation_id
		WHERE v.workspace_id = $1 AND c.workspace_id = $1 AND v.widget_id = $2 AND v.visitor_id = $3 AND c.status = 'active'
			AND c.source = $4 AND c.assistant_id = $5
		ORDER BY v.started_at DESC, v.conversation_id DESC LIMIT 1`,
		o.WorkspaceID, v.WidgetID, v.VisitorID, string(o.Source), o.AssistantID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return withVariables(ctx, t, o, id)
}

// insertVisitor writes what a new conversation has of its widget. What the
// visitor said in the form of the conversation that it follows holds on.
func insertVisitor(ctx context.Context, t *tx, c *conversationRow, follows string, v *parley.VisitorConversation) error {
	_, err := t.exec(ctx, `
		INSERT INTO visitor_conversation (workspace_id, conversation_id, widget_id, visitor_id, language, page, email,
			read_seq, score, comment, rated_at, consents, started_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		c.WorkspaceID, c.ID, v.WidgetID, v.VisitorID, v.Language, v.Page, v.Email, v.ReadSeq, v.Rating.Score, v.Rating.Comment,
		micros(v.Rating.At), jsonOrNone(v.Consents), micros(c.StartedAt))
	if err != nil || follows == "" {
		return err
	}
	_, err = t.exec(ctx, `
		INSERT INTO variable (workspace_id, conversation_n, name, source, type, value, folded, message_id, model,
			assistant_version, set_at)
		SELECT a.workspace_id, $3, a.name, a.source, a.type, a.value, a.folded, '', a.model, a.assistant_version, a.set_at
		FROM variable a JOIN conversation b ON b.n = a.conversation_n
		WHERE b.id = $2 AND b.workspace_id = $1 AND a.source = 'pre_chat'
		ON CONFLICT DO NOTHING`, c.WorkspaceID, follows, c.n)
	return err
}

// AdoptVisitor gives the conversations of a visitor, who has turned out to be
// somebody, to the visitor that stands for that person.
func (s *Store) AdoptVisitor(ctx context.Context, ws, widget, from, to string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `
			UPDATE visitor_conversation SET visitor_id = $4 WHERE workspace_id = $1 AND widget_id = $2 AND visitor_id = $3`,
			ws, widget, from, to)
		return err
	})
}

// setVisitor changes what the conversation has of its widget; the arguments
// begin at $3. It returns CodeNotFound.
func (c *conversationRow) setVisitor(ctx context.Context, t *tx, set string, args ...any) error {
	n, err := t.exec(ctx, `UPDATE visitor_conversation SET `+set+` WHERE workspace_id = $1 AND conversation_id = $2`,
		append([]any{c.WorkspaceID, c.ID}, args...)...)
	return changedOne(n, err, "conversation")
}

// MarkRead notes that the visitor has seen messages up to a seq. What was seen
// stays seen; it reports whether anything is new. It returns CodeNotFound.
func (s *Store) MarkRead(ctx context.Context, ws, conv string, seq int64) (*parley.Conversation, bool, error) {
	changed := false
	c, err := s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error {
		n, err := t.exec(ctx, `
			UPDATE visitor_conversation SET read_seq = $3
			WHERE workspace_id = $1 AND conversation_id = $2 AND read_seq < $3`, ws, conv, min(seq, c.NextSeq-1))
		changed = n > 0
		if err == nil && !changed {
			err = errUnchanged
		}
		return err
	})
	return c, changed, err
}

// RateConversation keeps what the visitor thinks; a later rating takes the
// place of the earlier one. It returns CodeNotFound.
func (s *Store) RateConversation(ctx context.Context, ws, conv string, score int, comment string) (*parley.Conversation, error) {
	return s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error {
		err := c.setVisitor(ctx, t, `score = $3, comment = $4, rated_at = $5`, score, comment, micros(s.nowMicros()))
		if err != nil {
			return err
		}
		return changed(ctx, t, c)
	})
}

// LeaveEmail keeps the address at which the visitor wants an answer. It returns
// CodeNotFound.
func (s *Store) LeaveEmail(ctx context.Context, ws, conv, email string) (*parley.Conversation, error) {
	return s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error { return c.setVisitor(ctx, t, `email = $3`, email) })
}

// SaveVariables keeps values of a conversation. It returns CodeNotFound.
func (s *Store) SaveVariables(ctx context.Context, ws, conv string, vars []parley.Variable) (*parley.Conversation, error) {
	return s.change(ctx, ws, conv, func(t *tx, c *conversationRow) error {
		return saveVariables(ctx, t, c, vars, t.s.nowMicros())
	})
}

// UploadVolume returns how many files a conversation's visitor has uploaded,
// and their bytes together.
func (s *Store) UploadVolume(ctx context.Context, ws, conv string) (files int, bytes int64, err error) {
	err = s.read.queryRow(ctx, `
		SELECT count(*), COALESCE(sum(size), 0) FROM attachment WHERE created_by = $1 AND workspace_id = $2`, conv, ws).
		Scan(&files, &bytes)
	return files, bytes, err
}
