package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"parley"
)

// OpenConversation asks for a conversation with a contact.
type OpenConversation struct {
	WorkspaceID string
	ID          string // of a new conversation; "" makes one
	Source      parley.Source
	AssistantID string
	SenderID    string
	// ExternalID continues the active conversation of the same source,
	// assistant and external id. Without it, the identities do.
	ExternalID  string
	Identities  []parley.Identity // of the contact, the strongest first; at least one
	ContactName string            // given to a contact that has no name yet
	Variables   []parley.Variable // Name, Source, Type and Value
	Greeting    *parley.Message   // the assistant's, of a new conversation; Content, Type and ID
	Push        bool              // the greeting has to be sent out
	Fresh       bool              // never continue an active conversation
	Ended       bool              // continue the newest ended one if none is active
	// Visitor is set for a conversation through a widget; only one of the same
	// widget and visitor is continued.
	Visitor *parley.VisitorConversation
	// Follows is the ended conversation that this one goes on from, "" for none:
	// what that has of its widget and form holds for this one too.
	Follows string
}

// OpenConversation continues the active conversation of the contact with the
// assistant, or starts one; created says which. It returns CodeNotFound for an
// unknown assistant and CodeInvalid without a contact.
func (s *Store) OpenConversation(ctx context.Context, o OpenConversation) (conv *parley.Conversation, created bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		var c *conversationRow
		c, created, err = openConversation(ctx, t, &o)
		if err != nil {
			return err
		}
		conv = &c.Conversation
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	return conv, created, nil
}

func openConversation(ctx context.Context, t *tx, o *OpenConversation) (*conversationRow, bool, error) {
	now := t.s.nowMicros()
	version, idle, err := openVersion(ctx, t, o.WorkspaceID, o.AssistantID)
	if err != nil {
		return nil, false, err
	}
	contact, err := contactOf(ctx, t, o, now)
	if err != nil {
		return nil, false, err
	}
	visitor, err := visitorOf(ctx, t, o)
	if err != nil {
		return nil, false, err
	}
	if !o.Fresh {
		c, err := continued(ctx, t, o, contact, visitor)
		if c != nil || err != nil {
			return c, false, err
		}
	}
	c := &conversationRow{Conversation: parley.Conversation{
		ID: o.ID, WorkspaceID: o.WorkspaceID, Source: o.Source, Status: parley.ConversationActive,
		AssistantID: o.AssistantID, AssistantVersion: version, ContactID: contact, SenderID: o.SenderID,
		ExternalID: o.ExternalID, Owner: parley.OwnerAssistant, StartedAt: now, LastActivityAt: now,
		NextSeq: 1, Rev: 1,
	}}
	if c.ID == "" {
		c.ID = parley.NewID(now)
	}
	if err := c.insert(ctx, t); err != nil {
		return nil, false, err
	}
	if err := addTally(ctx, t, &c.Conversation, 1, 0, 0); err != nil {
		return nil, false, err
	}
	if visitor != nil {
		if err := insertVisitor(ctx, t, c, o.Follows, visitor); err != nil {
			return nil, false, err
		}
	}
	if err := saveVariables(ctx, t, c, o.Variables, now); err != nil {
		return nil, false, err
	}
	if o.Greeting != nil {
		m := *o.Greeting
		m.Role, m.CreatedAt = parley.ByAssistant, now
		if err := c.say(ctx, t, &m, o.Push); err != nil {
			return nil, false, err
		}
		if err := c.save(ctx, t); err != nil {
			return nil, false, err
		}
	}
	return c, true, addWork(ctx, t, parley.WorkIdle, c.ID, c.WorkspaceID, now.Add(idle))
}

// continued returns the active conversation that is meant, or nil.
func continued(ctx context.Context, t *tx, o *OpenConversation, contact string, visitor *parley.VisitorConversation) (*conversationRow, error) {
	if visitor != nil {
		return continuedVisit(ctx, t, o, visitor)
	}
	id, err := newestOf(ctx, t, o, contact, parley.ConversationActive)
	if err == nil && id == "" && o.Ended {
		id, err = newestOf(ctx, t, o, contact, parley.ConversationEnded)
	}
	if id == "" || err != nil {
		return nil, err
	}
	return withVariables(ctx, t, o, id)
}

// withVariables returns a conversation that goes on, after it was given the
// values of the request.
func withVariables(ctx context.Context, t *tx, o *OpenConversation, id string) (*conversationRow, error) {
	if len(o.Variables) == 0 {
		return readConversation(ctx, t, o.WorkspaceID, id)
	}
	c, err := lockConversation(ctx, t, o.WorkspaceID, id)
	if err != nil {
		return nil, err
	}
	return c, saveVariables(ctx, t, c, o.Variables, t.s.nowMicros())
}

// newestOf returns the id of the newest conversation that is meant, "" for
// none.
func newestOf(ctx context.Context, t *tx, o *OpenConversation, contact string, status parley.ConversationStatus) (id string, err error) {
	err = t.queryRow(ctx, `
		SELECT id FROM conversation
		WHERE contact_id = $1 AND status = $7 AND workspace_id = $2 AND source = $3 AND assistant_id = $4
			AND sender_id = $5 AND external_id = $6
		ORDER BY n DESC LIMIT 1`,
		contact, o.WorkspaceID, string(o.Source), o.AssistantID, o.SenderID, o.ExternalID, string(status)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// openVersion returns an assistant's newest version and its inactivity
// time-out. It returns CodeNotFound.
func openVersion(ctx context.Context, q querier, ws, assistant string) (version int, idle time.Duration, err error) {
	var config struct {
		InactivityMinutes int `json:"inactivity_minutes"`
	}
	var text string
	err = q.queryRow(ctx, `
		SELECT v.version, v.config FROM assistant a
		JOIN assistant_version v ON v.assistant_id = a.id AND v.version = a.version
		WHERE a.id = $1 AND a.workspace_id = $2 AND a.deleted_at = 0`, assistant, ws).Scan(&version, &text)
	if err != nil {
		return 0, 0, orNotFound(err, "assistant")
	}
	if err := json.Unmarshal([]byte(text), &config); err != nil {
		return 0, 0, err
	}
	if config.InactivityMinutes < 1 {
		config.InactivityMinutes = 30
	}
	return version, time.Duration(config.InactivityMinutes) * time.Minute, nil
}

// insert writes a new conversation.
func (c *conversationRow) insert(ctx context.Context, t *tx) (err error) {
	c.stored = facetOf(&c.Conversation)
	if c.facet, err = facetID(ctx, t, c.WorkspaceID, c.stored); err != nil {
		return err
	}
	return c.insertRow(ctx, t)
}

func (c *conversationRow) insertRow(ctx context.Context, t *tx) (err error) {
	c.n, err = t.insertNumbered(ctx, `
		INSERT INTO conversation (workspace_id, id, facet_id, source, status, assistant_id, assistant_version,
			contact_id, sender_id, external_id, owner, operator_id, epoch, waiting, handed_over, has_error,
			has_attachment, resolved, message_count, ranked_count, assistant_count, user_count, last_role, last_text,
			last_at, started_at, first_message_at, last_activity_at, first_reply_at, ended_at, end_reason,
			input_tokens, output_tokens, credits, unknown_calls, window_expires_at, next_seq, answered_seq, rev, tallied, reviewed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21,
			$22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)`,
		c.WorkspaceID, c.ID, c.facet, string(c.Source), string(c.Status), c.AssistantID, c.AssistantVersion,
		c.ContactID, c.SenderID, c.ExternalID, string(c.Owner), c.OperatorID, c.Epoch, flag(c.Waiting),
		flag(c.HandedOver), flag(c.HasError), flag(c.HasAttachment), truth(c.Resolved), c.MessageCount,
		c.AssistantCount, c.userCount, string(c.LastMessage.Role), c.LastMessage.Text, micros(c.LastMessage.At),
		micros(c.StartedAt), micros(c.FirstMessageAt), micros(c.LastActivityAt), micros(c.FirstReplyAt),
		micros(c.EndedAt), string(c.EndReason), c.InputTokens, c.OutputTokens, int64(c.Credits), c.UnknownCalls,
		micros(c.WindowExpiresAt), c.NextSeq, c.AnsweredSeq, c.Rev, c.tallied, flag(c.Reviewed))
	if err != nil {
		return err
	}
	return changed(ctx, t, c)
}
