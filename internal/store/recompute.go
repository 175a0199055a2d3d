package store

import (
	"context"
	"time"

	"parley"
)

// Recompute returns a conversation as its log, its ledger and its evaluation
// say that it must be. What is not a projection, such as the contact, the
// epoch and the window, it takes over. It returns CodeNotFound.
func (s *Store) Recompute(ctx context.Context, ws, conv string) (*parley.Conversation, error) {
	c, err := s.Conversation(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	c.Status, c.Owner, c.OperatorID = parley.ConversationActive, parley.OwnerAssistant, ""
	c.Waiting, c.HandedOver, c.HasError, c.HasAttachment, c.Resolved = false, false, false, false, nil
	c.MessageCount, c.AssistantCount, c.LastMessage = 0, 0, parley.Preview{}
	c.FirstMessageAt, c.FirstReplyAt, c.EndedAt, c.EndReason = time.Time{}, time.Time{}, time.Time{}, ""
	c.LastActivityAt, c.NextSeq, c.AnsweredSeq = c.StartedAt, 1, 0
	c.InputTokens, c.OutputTokens, c.Credits, c.UnknownCalls = 0, 0, 0, 0
	if err := s.replayMessages(ctx, c); err != nil {
		return nil, err
	}
	turns, err := s.Turns(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	for _, t := range turns {
		if t.Status == parley.TurnDone || t.Status == parley.TurnFailed {
			c.AnsweredSeq = max(c.AnsweredSeq, t.ToSeq)
		}
		c.HasError = c.HasError || t.Status == parley.TurnFailed
	}
	usage, err := s.Usage(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	for _, u := range usage {
		c.InputTokens += orZero(u.InputTokens)
		c.OutputTokens += orZero(u.OutputTokens)
		c.Credits += orZero(u.Credits)
		if !u.Complete || !u.Priced() {
			c.UnknownCalls++
		}
	}
	err = s.read.queryRow(ctx, `
		SELECT COALESCE(MAX(resolved), 0) FROM evaluation
		WHERE conversation_n = (SELECT n FROM conversation WHERE id = $1 AND workspace_id = $2)`, conv, ws).
		Scan(asTruth(&c.Resolved))
	return c, err
}

// replayMessages reads the whole log.
func (s *Store) replayMessages(ctx context.Context, c *parley.Conversation) error {
	asked := false
	for {
		log, err := s.Messages(ctx, c.WorkspaceID, c.ID, c.NextSeq-1, maxMessages)
		if err != nil {
			return err
		}
		for i := range log {
			asked = asked || log[i].Role == parley.ByUser
			replay(c, &log[i], asked)
		}
		if len(log) < maxMessages {
			return nil
		}
	}
}

// replay takes one message into account; asked says whether the contact has
// written.
func replay(c *parley.Conversation, m *parley.Message, asked bool) {
	c.NextSeq = m.Seq + 1
	if m.CreatedAt.After(c.LastActivityAt) {
		c.LastActivityAt = m.CreatedAt
	}
	c.HasAttachment = c.HasAttachment || len(m.Attachments) > 0
	c.HasError = c.HasError || m.Delivery == parley.DeliveryFailed || reachedContact(m.Delivery) && m.Error != nil
	switch m.Role {
	case parley.ByUser, parley.ByAssistant, parley.ByOperator:
		c.MessageCount++
		c.LastMessage = parley.Preview{Role: m.Role, Text: parley.PreviewText(m.Content), At: m.CreatedAt}
		if c.FirstMessageAt.IsZero() {
			c.FirstMessageAt = m.CreatedAt
		}
		if m.Role != parley.ByUser && asked && c.FirstReplyAt.IsZero() {
			c.FirstReplyAt = m.CreatedAt
		}
		if m.Role == parley.ByAssistant {
			c.AssistantCount++
		}
		if m.Role == parley.ByOperator && m.Type != parley.MessageTemplate {
			c.AnsweredSeq = m.Seq - 1
		}
	case parley.BySystem:
		replayEvent(c, m)
	}
}

// reachedContact reports whether a message arrived; one with an error was
// reported as failed too.
func reachedContact(d parley.Delivery) bool {
	return d == parley.DeliveryDelivered || d == parley.DeliveryRead || d == parley.DeliveryPlayed
}

func replayEvent(c *parley.Conversation, m *parley.Message) {
	switch m.Event {
	case parley.EventTakeover:
		c.Owner, c.OperatorID, c.Waiting, c.HandedOver = parley.OwnerOperator, m.AuthorID, false, true
	case parley.EventRelease:
		c.Owner, c.OperatorID = parley.OwnerAssistant, ""
	case parley.EventHandoff:
		c.Waiting, c.HandedOver = true, true
	case parley.EventTrouble:
		c.Waiting, c.HasError = true, true
	case parley.EventWaiting:
		c.Waiting = true
	case parley.EventReopen:
		c.Status, c.EndedAt, c.EndReason = parley.ConversationActive, time.Time{}, ""
	default:
		if reason := m.Event.EndReason(); reason != "" {
			c.Status, c.EndedAt, c.EndReason = parley.ConversationEnded, m.CreatedAt, reason
			c.Owner, c.OperatorID, c.Waiting = parley.OwnerAssistant, "", false
		}
	}
}
