package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"parley"
)

// Outgoing is a message that is to be sent, with what a channel needs for it.
type Outgoing struct {
	Message      *parley.Message
	Conversation *parley.Conversation
	Contact      *parley.Contact
	Identities   []parley.Identity
	ReplyTo      string    // the source's own id of the message that it answers, "" for none
	Attempts     int       // how often it was handed to the channel before
	RetryAt      time.Time // not to be tried before; zero: now
}

// sendable is what may be handed to a channel: what waits, and what the
// channel has certainly not sent.
const sendable = `(delivery = 'queued' OR delivery = 'sending' AND retry_at > 0)`

// NextDelivery returns the message that ClaimDelivery would move, without
// moving it; nil means that none is to be sent.
func (s *Store) NextDelivery(ctx context.Context, ws, conv string) (*Outgoing, error) {
	c, err := readConversation(ctx, s.read, ws, conv)
	if err != nil {
		return nil, err
	}
	out, err := scanOutgoing(s.read.queryRow(ctx, `
		SELECT `+messageColumns+`, attempts, retry_at FROM message
		WHERE conversation_n = $1 AND `+sendable+` ORDER BY seq LIMIT 1`, c.n), c)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return out, s.fillOutgoing(ctx, out)
}

func scanOutgoing(row scanner, c *conversationRow) (*Outgoing, error) {
	out := &Outgoing{Conversation: &c.Conversation}
	m, err := scanMessage(row, c.ID, &out.Attempts, asTime(&out.RetryAt))
	out.Message = &m
	return out, err
}

// fillOutgoing reads whom the message goes to and what it answers.
func (s *Store) fillOutgoing(ctx context.Context, out *Outgoing) (err error) {
	c, m := out.Conversation, out.Message
	out.Contact, out.Identities, err = s.Contact(ctx, c.WorkspaceID, c.ContactID)
	if err != nil {
		return err
	}
	// Of several numbers the one that is theirs now comes first.
	slices.SortStableFunc(out.Identities, func(a, b parley.Identity) int {
		return cmp.Compare(flag(b.Value == out.Contact.Phone || b.Value == out.Contact.Identifier),
			flag(a.Value == out.Contact.Phone || a.Value == out.Contact.Identifier))
	})
	if m.ReplyTo == "" {
		return nil
	}
	answered, err := s.Message(ctx, c.WorkspaceID, c.ID, m.ReplyTo)
	if err == nil {
		out.ReplyTo = answered.ProviderID
	}
	if parley.ErrorCode(err) == parley.CodeNotFound {
		err = nil
	}
	return err
}

// ClaimDelivery moves a message, the next of the conversation that is to be
// sent, into `sending`; nil means that another one is next by now, or none. id
// is that of the message which NextDelivery gave, "" if it gave none. What it
// finds in `sending` was left there by a worker that lost its lease, and becomes
// `unknown`, unless the channel has certainly not sent it. Messages that may not
// leave any more are canceled, or failed: those outside the window, and
// templates while stop says that the sender sends none. It returns ErrLeaseLost
// and CodeNotFound.
func (s *Store) ClaimDelivery(ctx context.Context, work parley.Work, id string, stop parley.Stop) (*Outgoing, error) {
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
		if err := c.clearOutbox(ctx, t, stop); err != nil || id == "" {
			return err
		}
		claimed, err := scanOutgoing(t.queryRow(ctx, `
			UPDATE message SET delivery = 'sending', rev = $2, attempts = attempts + 1, retry_at = 0
			WHERE n = (SELECT n FROM message WHERE conversation_n = $1 AND `+sendable+` ORDER BY seq LIMIT 1) AND id = $3
			RETURNING `+messageColumns+`, attempts - 1, retry_at`, c.n, c.Rev, id), c)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		out = claimed
		return err
	})
	if err != nil || out == nil {
		return nil, err
	}
	return out, s.fillOutgoing(ctx, out)
}

// clearOutbox settles what may not be sent any more.
func (c *conversationRow) clearOutbox(ctx context.Context, t *tx, stop parley.Stop) error {
	if _, err := t.exec(ctx, `
		UPDATE message SET delivery = 'unknown', rev = $2
		WHERE conversation_n = $1 AND delivery = 'sending' AND retry_at = 0`, c.n, c.Rev); err != nil {
		return err
	}
	if c.Owner == parley.OwnerOperator {
		if _, err := c.cancelQueued(ctx, t); err != nil {
			return err
		}
	}
	if !c.WindowOpen(t.s.now()) {
		err := c.refuse(ctx, t, `type <> 'template'`, &parley.MessageError{
			Code:    string(parley.CodeWindowClosed),
			Message: "WhatsApp allows free-form messages only within 24 hours of the contact's last message. Send a template instead.",
		})
		if err != nil {
			return err
		}
	}
	if stop == parley.StopTemplates {
		return c.refuse(ctx, t, `type = 'template'`, &parley.MessageError{
			Code:    "templates_stopped",
			Message: "This sender sends no templates until somebody has looked at its health page.",
		})
	}
	return nil
}

// cancelQueued cancels the assistant's messages that have not left and returns
// their ids. What the channel refused before and would be tried again has
// failed: it was handed over, and is not any more.
func (c *conversationRow) cancelQueued(ctx context.Context, t *tx) ([]string, error) {
	if err := c.refuse(ctx, t, `role = 'assistant' AND delivery = 'sending'`, &parley.MessageError{
		Code: "taken_over", Message: "A person took over before it could be sent.",
	}); err != nil {
		return nil, err
	}
	r, err := t.query(ctx, `
		UPDATE message SET delivery = 'canceled', rev = $2
		WHERE conversation_n = $1 AND delivery = 'queued' AND role = 'assistant' RETURNING id`, c.n, c.Rev)
	return collect(r, err, scanID)
}

// refuse fails those messages of the outbox for which a condition holds.
func (c *conversationRow) refuse(ctx context.Context, t *tx, condition string, why *parley.MessageError) error {
	n, err := t.exec(ctx, `
		UPDATE message SET delivery = 'failed', rev = $2, error = $3, retry_at = 0
		WHERE conversation_n = $1 AND `+sendable+` AND `+condition, c.n, c.Rev, errorJSON(why))
	if err != nil || n == 0 {
		return err
	}
	c.HasError = true
	return c.saveFacet(ctx, t)
}

// PostponeDelivery records that the channel has certainly not sent a message,
// and why: it may be claimed again at a time. It returns CodeNotFound.
func (s *Store) PostponeDelivery(ctx context.Context, m *parley.Message, until time.Time, why *parley.MessageError) error {
	return s.write(ctx, func(t *tx) error {
		c, err := lockConversation(ctx, t, m.WorkspaceID, m.ConversationID)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `
			UPDATE message SET retry_at = $3, error = $4, rev = $5
			WHERE conversation_n = $1 AND seq = $2 AND delivery = 'sending'`,
			c.n, m.Seq, micros(until), errorJSON(why), c.Rev)
		return err
	})
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
// nothing. That what arrived was reported as failed too is kept as its error,
// whichever came first.
func (c *conversationRow) deliver(ctx context.Context, t *tx, seq int64, to parley.Delivery, e *parley.MessageError) error {
	var now parley.Delivery
	var was *parley.MessageError
	var kind parley.MessageType
	err := t.queryRow(ctx, `SELECT delivery, error, type FROM message WHERE conversation_n = $1 AND seq = $2`, c.n, seq).
		Scan(&now, asJSON(&was), &kind)
	if err != nil {
		return orNotFound(err, "message")
	}
	next, why, changes := raised(now, was, to, e)
	if !changes {
		return nil
	}
	if (now == parley.DeliverySending || now == parley.DeliveryUnknown) && (next == parley.DeliverySent || reachedContact(next)) {
		if err := c.countSent(ctx, t, seq, kind); err != nil {
			return err
		}
	}
	if now != parley.DeliverySent && !reachedContact(now) && (next == parley.DeliverySent || reachedContact(next)) {
		if err := c.noteLeft(ctx, t, seq); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, `
		UPDATE message SET delivery = $3, rev = $4, error = $5, retry_at = 0 WHERE conversation_n = $1 AND seq = $2`,
		c.n, seq, string(next), c.Rev, errorJSON(why)); err != nil {
		return err
	}
	if next != parley.DeliveryFailed && (why == nil || !reachedContact(next)) {
		return nil
	}
	c.HasError = true
	return c.saveFacet(ctx, t)
}

// raised returns what a delivery with an error becomes when another is
// reported, and whether that changes anything.
func raised(now parley.Delivery, was *parley.MessageError, to parley.Delivery, e *parley.MessageError) (parley.Delivery, *parley.MessageError, bool) {
	switch {
	case to == parley.DeliveryFailed && reachedContact(now):
		return now, e, was == nil && e != nil
	case !now.CanBecome(to):
		return now, was, false
	case e == nil && (now == parley.DeliveryFailed || reachedContact(now)):
		e = was
	}
	return to, e, true
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
	if to == "" {
		return was, wasError, nil
	}
	next, why := to, e
	if was != "" {
		var changes bool
		if next, why, changes = raised(was, wasError, to, e); !changes {
			return was, wasError, nil
		}
	}
	_, err = t.exec(ctx, `
		UPDATE early_status SET delivery = $4, error = $5 WHERE workspace_id = $1 AND sender_id = $2 AND provider_id = $3`,
		ws, sender, providerID, string(next), errorJSON(why))
	return next, why, err
}

// countSent counts what a WhatsApp message that has left takes from Meta's
// allowances: a service message of the sender's month, or a person reached
// outside a window. What it costs is in the ledger from then on.
func (c *conversationRow) countSent(ctx context.Context, t *tx, seq int64, kind parley.MessageType) error {
	if c.Source != parley.SourceWhatsApp || c.SenderID == "" {
		return nil
	}
	now := t.s.now().UTC()
	if kind != parley.MessageTemplate {
		var nth int64
		err := t.queryRow(ctx, `
			INSERT INTO service_tally (workspace_id, sender_id, month, sent) VALUES ($1, $2, $3, 1)
			ON CONFLICT (sender_id, month) DO UPDATE SET sent = service_tally.sent + 1 RETURNING sent`,
			c.WorkspaceID, c.SenderID, now.Format(monthFormat)).Scan(&nth)
		if err != nil {
			return err
		}
		return c.openCharge(ctx, t, seq, nth)
	}
	if err := c.openCharge(ctx, t, seq, 0); err != nil {
		return err
	}
	if c.WindowOpen(now) {
		return nil
	}
	sender, err := t.s.scanSender(t.queryRow(ctx, `
		SELECT `+senderColumns+` FROM sender WHERE workspace_id = $1 AND id = $2`, c.WorkspaceID, c.SenderID))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `
		INSERT INTO outreach (workspace_id, portfolio_id, contact_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, portfolio_id, contact_id) DO UPDATE SET at = excluded.at`,
		c.WorkspaceID, portfolioOf(&sender), c.ContactID, micros(now))
	return err
}
