package store

import (
	"context"
	"strings"

	"parley"
)

// StatusReport is what a channel reports later about a message.
type StatusReport struct {
	WorkspaceID string
	SenderID    string
	ProviderID  string // the channel's id of the message
	// Key is our own of the send, "" if the report has none. It finds a message
	// whose sending was not answered.
	Key     string
	To      parley.Delivery
	Error   *parley.MessageError
	Pricing string // JSON, as the channel says; "" for none
}

// SendKey is the key under which a message is sent.
func SendKey(m *parley.Message) string { return m.ConversationID + "/" + m.ID }

// DeliveryStatus records a status that a channel reports about a message. It
// returns the message as it is then, and nil when it is not known yet: the
// status is kept for it.
func (s *Store) DeliveryStatus(ctx context.Context, r StatusReport) (*parley.Message, error) {
	if r.ProviderID == "" {
		return nil, nil
	}
	found := true
	err := s.write(ctx, func(t *tx) error {
		m, err := reported(ctx, t, &r)
		found = parley.ErrorCode(err) != parley.CodeNotFound
		if !found {
			if _, _, err = earlyStatus(ctx, t, r.WorkspaceID, r.SenderID, r.ProviderID, r.To, r.Error); err != nil {
				return err
			}
			m, err = messageByProviderID(ctx, t, r.WorkspaceID, r.SenderID, r.ProviderID)
			if parley.ErrorCode(err) == parley.CodeNotFound {
				return nil
			}
		}
		if err != nil {
			return err
		}
		c, err := lockConversation(ctx, t, r.WorkspaceID, m.ConversationID)
		if err != nil {
			return err
		}
		if r.Pricing != "" {
			if _, err := t.exec(ctx, `UPDATE message SET pricing = $3 WHERE conversation_n = $1 AND seq = $2`,
				c.n, m.Seq, r.Pricing); err != nil {
				return err
			}
		}
		if found {
			err = c.deliver(ctx, t, m.Seq, r.To, r.Error)
		} else {
			found = true
			err = c.applyEarly(ctx, t, m.Seq, r.ProviderID)
		}
		if err != nil || r.Pricing == "" && r.To != parley.DeliveryFailed && m.Delivery != parley.DeliveryFailed {
			return err
		}
		return c.correctCharge(ctx, t, m)
	})
	if err != nil || !found {
		return nil, err
	}
	return s.MessageByProviderID(ctx, r.WorkspaceID, r.SenderID, r.ProviderID)
}

// reported finds the message of a report. One that was sent without an answer
// is found by its key, and gets the channel's id.
func reported(ctx context.Context, t *tx, r *StatusReport) (*parley.Message, error) {
	m, err := messageByProviderID(ctx, t, r.WorkspaceID, r.SenderID, r.ProviderID)
	conv, id, ok := strings.Cut(r.Key, "/")
	if !ok || parley.ErrorCode(err) != parley.CodeNotFound {
		return m, err
	}
	n, err := t.exec(ctx, `
		UPDATE message SET provider_id = $4
		WHERE conversation_n = (SELECT c.n FROM conversation c WHERE c.id = $1 AND c.workspace_id = $2 AND c.sender_id = $3)
			AND id = $5 AND provider_id = '' AND delivery <> ''`,
		conv, r.WorkspaceID, r.SenderID, r.ProviderID, id)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, parley.Errorf(parley.CodeNotFound, "There is no such message.")
	}
	return messageByProviderID(ctx, t, r.WorkspaceID, r.SenderID, r.ProviderID)
}

// SettleUnknown lets a person say what became of a message in `unknown`. It
// returns CodeNotFound, and CodeConflict for a message in another state.
func (s *Store) SettleUnknown(ctx context.Context, ws, conv, id string, to parley.Delivery) (*parley.Message, error) {
	err := s.write(ctx, func(t *tx) error {
		c, err := lockConversation(ctx, t, ws, conv)
		if err != nil {
			return err
		}
		var seq int64
		var now parley.Delivery
		err = t.queryRow(ctx, `SELECT seq, delivery FROM message WHERE conversation_n = $1 AND id = $2`, c.n, id).Scan(&seq, &now)
		switch {
		case err != nil:
			return orNotFound(err, "message")
		case now != parley.DeliveryUnknown:
			return parley.Errorf(parley.CodeConflict, "What became of this message is known already.")
		}
		var why *parley.MessageError
		if to == parley.DeliveryFailed {
			why = &parley.MessageError{Code: "settled", Message: "A person found that it was not sent."}
		}
		return c.deliver(ctx, t, seq, to, why)
	})
	if err != nil {
		return nil, err
	}
	return s.Message(ctx, ws, conv, id)
}
