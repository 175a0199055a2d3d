package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley"
)

// Outgoing is a message that has entered `sending`, with what a channel needs
// to send it.
type Outgoing struct {
	Message      *parley.Message
	Conversation *parley.Conversation
	Contact      *parley.Contact
	Identities   []parley.Identity
}

// windowMargin is how long before its end a WhatsApp window is closed, so that
// what is sent within it also arrives within it.
const windowMargin = 5 * time.Minute

// ClaimDelivery moves the next queued message of the conversation into
// `sending`; nil means that none is to be sent. What it finds in `sending` was
// left there by a worker that lost its lease, and becomes `unknown`. Messages
// that may not leave any more are canceled, or failed when the window is
// closed. It returns ErrLeaseLost and CodeNotFound.
func (s *Store) ClaimDelivery(ctx context.Context, work parley.Work) (*Outgoing, error) {
	var out *Outgoing
	err := s.write(ctx, func(t *tx) error {
		out = nil
		c, err := lockConversation(ctx, t, work.WorkspaceID, work.Key)
		if err != nil {
			return err
		}
		if err := holdLease(ctx, t, work); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `
			UPDATE message SET delivery = 'unknown', rev = $2 WHERE conversation_n = $1 AND delivery = 'sending'`,
			c.n, c.Rev); err != nil {
			return err
		}
		if c.Owner == parley.OwnerOperator {
			if _, err := t.exec(ctx, `
				UPDATE message SET delivery = 'canceled', rev = $2
				WHERE conversation_n = $1 AND delivery = 'queued' AND role = 'assistant'`, c.n, c.Rev); err != nil {
				return err
			}
		}
		if c.Source == parley.SourceWhatsApp && !s.now().Before(c.WindowExpiresAt.Add(-windowMargin)) {
			return c.refuse(ctx, t)
		}
		m, err := scanMessage(t.queryRow(ctx, `
			UPDATE message SET delivery = 'sending', rev = $2
			WHERE n = (SELECT n FROM message WHERE conversation_n = $1 AND delivery = 'queued' ORDER BY seq LIMIT 1)
			RETURNING `+messageColumns, c.n, c.Rev), c.ID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		out = &Outgoing{Message: &m, Conversation: &c.Conversation}
		return err
	})
	if err != nil || out == nil {
		return nil, err
	}
	out.Contact, out.Identities, err = s.Contact(ctx, work.WorkspaceID, out.Conversation.ContactID)
	return out, err
}

// refuse fails what is queued, because the window is closed.
func (c *conversationRow) refuse(ctx context.Context, t *tx) error {
	n, err := t.exec(ctx, `
		UPDATE message SET delivery = 'failed', rev = $2, error = $3 WHERE conversation_n = $1 AND delivery = 'queued'`,
		c.n, c.Rev, errorJSON(&parley.MessageError{
			Code:    string(parley.CodeWindowClosed),
			Message: "WhatsApp allows free-form messages only within 24 hours of the contact's last message.",
		}))
	if err != nil || n == 0 {
		return err
	}
	c.HasError = true
	return c.saveFacet(ctx, t)
}

// SettleDelivery records what became of a message that was being sent, with
// the channel's id of it. A status that came before wins if it is further. It
// returns the message as it is then, CodeNotFound, and CodeConflict if the
// channel's id belongs to another message.
func (s *Store) SettleDelivery(ctx context.Context, m *parley.Message, to parley.Delivery, providerID string, e *parley.MessageError) (*parley.Message, error) {
	var out *parley.Message
	err := s.write(ctx, func(t *tx) error {
		c, err := lockConversation(ctx, t, m.WorkspaceID, m.ConversationID)
		if err != nil {
			return err
		}
		if providerID != "" {
			_, err := t.exec(ctx, `
				UPDATE message SET sender_id = $3, provider_id = $4 WHERE conversation_n = $1 AND seq = $2`,
				c.n, m.Seq, c.SenderID, providerID)
			if isUnique(err) {
				return parley.Errorf(parley.CodeConflict, "The channel gave the id of another message.")
			}
			if err != nil {
				return err
			}
		}
		if err := c.deliver(ctx, t, m.Seq, to, e); err != nil {
			return err
		}
		if providerID != "" {
			if err := c.applyEarly(ctx, t, m.Seq, providerID); err != nil {
				return err
			}
		}
		got, err := scanMessage(t.queryRow(ctx, `
			SELECT `+messageColumns+` FROM message WHERE conversation_n = $1 AND seq = $2`, c.n, m.Seq), c.ID)
		out = &got
		return orNotFound(err, "message")
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// deliver raises the delivery of a message; what is not a step up changes
// nothing.
func (c *conversationRow) deliver(ctx context.Context, t *tx, seq int64, to parley.Delivery, e *parley.MessageError) error {
	var now parley.Delivery
	err := t.queryRow(ctx, `SELECT delivery FROM message WHERE conversation_n = $1 AND seq = $2`, c.n, seq).Scan(&now)
	if err != nil {
		return orNotFound(err, "message")
	}
	if !now.CanBecome(to) {
		return nil
	}
	if _, err := t.exec(ctx, `
		UPDATE message SET delivery = $3, rev = $4, error = $5 WHERE conversation_n = $1 AND seq = $2`,
		c.n, seq, string(to), c.Rev, errorJSON(e)); err != nil {
		return err
	}
	if to != parley.DeliveryFailed {
		return nil
	}
	c.HasError = true
	return c.saveFacet(ctx, t)
}

// applyEarly applies the status that was reported before the channel's id of
// the message was known. Both this and DeliveryStatus write the row first, so
// that one of them sees the other's.
func (c *conversationRow) applyEarly(ctx context.Context, t *tx, seq int64, providerID string) error {
	to, e, err := earlyStatus(ctx, t, c.WorkspaceID, c.SenderID, providerID, "", nil)
	if err != nil {
		return err
	}
	if to != "" {
		if err := c.deliver(ctx, t, seq, to, e); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `
		DELETE FROM early_status WHERE workspace_id = $1 AND sender_id = $2 AND provider_id = $3`,
		c.WorkspaceID, c.SenderID, providerID)
	return err
}

// earlyStatus locks the early status of a message, raises it to `to` if that
// is a step up, and returns it.
func earlyStatus(ctx context.Context, t *tx, ws, sender, providerID string, to parley.Delivery, e *parley.MessageError) (parley.Delivery, *parley.MessageError, error) {
	var was parley.Delivery
	var wasError *parley.MessageError
	err := t.queryRow(ctx, `
		INSERT INTO early_status (workspace_id, sender_id, provider_id, delivery, error, at)
		VALUES ($1, $2, $3, '', '', $4)
		ON CONFLICT (workspace_id, sender_id, provider_id) DO UPDATE SET at = excluded.at
		RETURNING delivery, error`, ws, sender, providerID, micros(t.s.nowMicros())).Scan(&was, asJSON(&wasError))
	if err != nil {
		return "", nil, err
	}
	if to == "" || was != "" && !was.CanBecome(to) {
		return was, wasError, nil
	}
	_, err = t.exec(ctx, `
		UPDATE early_status SET delivery = $4, error = $5 WHERE workspace_id = $1 AND sender_id = $2 AND provider_id = $3`,
		ws, sender, providerID, string(to), errorJSON(e))
	return to, e, err
}

// DeliveryStatus records a status that a channel reports about a message that
// it knows as providerID. It returns the message as it is then, and nil when
// it is not known yet: the status is kept for it.
func (s *Store) DeliveryStatus(ctx context.Context, ws, sender, providerID string, to parley.Delivery, e *parley.MessageError) (*parley.Message, error) {
	found := true
	err := s.write(ctx, func(t *tx) error {
		m, err := messageByProviderID(ctx, t, ws, sender, providerID)
		found = parley.ErrorCode(err) != parley.CodeNotFound
		if !found {
			if _, _, err = earlyStatus(ctx, t, ws, sender, providerID, to, e); err != nil {
				return err
			}
			m, err = messageByProviderID(ctx, t, ws, sender, providerID)
			if parley.ErrorCode(err) == parley.CodeNotFound {
				return nil
			}
		}
		if err != nil {
			return err
		}
		c, err := lockConversation(ctx, t, ws, m.ConversationID)
		if err != nil {
			return err
		}
		if found {
			return c.deliver(ctx, t, m.Seq, to, e)
		}
		found = true
		return c.applyEarly(ctx, t, m.Seq, providerID)
	})
	if err != nil || !found {
		return nil, err
	}
	return s.MessageByProviderID(ctx, ws, sender, providerID)
}
