package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"parley"
	"parley/internal/price"
	"parley/internal/store/spend"
)

// openCharge enters a message that has left into the ledger: nth is which
// service message of its month it is, 0 for a template. Its row has its id.
func (c *conversationRow) openCharge(ctx context.Context, t *tx, seq, nth int64) error {
	u := parley.Usage{
		WorkspaceID: c.WorkspaceID, ConversationID: c.ID, Kind: parley.UsageMessage, ProviderID: price.Messages, Complete: true,
		StartedAt: t.s.nowMicros(), AssistantID: c.AssistantID,
	}
	u.SettledAt = u.StartedAt
	err := t.queryRow(ctx, `SELECT id, turn_id FROM message WHERE conversation_n = $1 AND seq = $2`, c.n, seq).Scan(&u.ID, &u.TurnID)
	if err != nil {
		return err
	}
	if err := c.price(ctx, t, &u, seq, nth); err != nil {
		return err
	}
	if err := insertUsage(ctx, t, c.n, &u); err != nil {
		return err
	}
	return c.addCharge(ctx, t, nil, &u)
}

// correctCharge prices a message again that is in the ledger already, with what
// Meta has said of it since.
func (c *conversationRow) correctCharge(ctx context.Context, t *tx, m *parley.Message) error {
	was, err := scanUsage(t.queryRow(ctx, `
		SELECT `+usageColumns+` FROM usage u WHERE u.id = $1 AND u.conversation_n = $2 AND u.kind = $3`,
		m.ID, c.n, string(parley.UsageMessage)), c.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var before price.Charge
	if err := asJSON(&before).Scan(string(was.Raw)); err != nil {
		return err
	}
	now := was
	if err := c.price(ctx, t, &now, m.Seq, before.Nth); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE usage SET model = $2, raw = $3, price_id = $4, credits = $5 WHERE id = $1`,
		m.ID, now.Model, string(now.Raw), now.PriceID, (*int64)(now.Credits))
	if err != nil {
		return err
	}
	return c.addCharge(ctx, t, &was, &now)
}

// addCharge keeps the conversation's totals equal to its ledger.
func (c *conversationRow) addCharge(ctx context.Context, t *tx, was, now *parley.Usage) error {
	credits, unknown := orZero(now.Credits), flag(!now.Priced())
	if was != nil {
		credits, unknown = credits-orZero(was.Credits), unknown-flag(!was.Priced())
	}
	e := spend.Entry{AssistantID: now.AssistantID, At: now.StartedAt, Credits: credits, Unpriced: unknown}
	if err := spend.Add(ctx, Tx{t}, c.WorkspaceID, t.s.now(), e); err != nil {
		return err
	}
	c.Credits, c.UnknownCalls = c.Credits+credits, c.UnknownCalls+int(unknown)
	_, err := t.exec(ctx, `UPDATE conversation SET credits = credits + $2, unknown_calls = unknown_calls + $3 WHERE n = $1`,
		c.n, int64(credits), unknown)
	if err != nil {
		return err
	}
	return changed(ctx, t, c)
}

// price says what Meta charges for a message: by the category that Meta has
// given, else by its own, in the market of whom it went to, at the time at which
// it left. What is free is known to be so without a price.
func (c *conversationRow) price(ctx context.Context, t *tx, u *parley.Usage, seq, nth int64) error {
	var kind parley.MessageType
	var delivery parley.Delivery
	var template parley.TemplateMessage
	var told price.Told
	var payload, phone, bsuid string
	var settings parley.WorkspaceSettings
	err := t.queryRow(ctx, `
		SELECT m.type, m.delivery, m.payload, m.pricing, w.settings, COALESCE(p.phone, ''), COALESCE((
			SELECT MIN(i.value) FROM identity i WHERE i.workspace_id = $1 AND i.contact_id = $3 AND i.kind = 'bsuid'), '')
		FROM message m JOIN workspace w ON w.id = m.workspace_id LEFT JOIN contact p ON p.id = $3
		WHERE m.conversation_n = $2 AND m.seq = $4`,
		c.WorkspaceID, c.n, c.ContactID, seq).
		Scan(&kind, &delivery, &payload, asJSON(&told), asJSON(&settings), &phone, &bsuid)
	if err != nil {
		return err
	}
	if kind == parley.MessageTemplate {
		if err := asJSON(&template).Scan(payload); err != nil {
			return err
		}
	}
	ch := price.ChargeOf(template.Category, told, nth, settings.FreeService(), delivery == parley.DeliveryFailed)
	names := price.MessageNames(ch.Category, phone, bsuid)
	p, err := messagePrice(ctx, t, c.WorkspaceID, names, u.StartedAt)
	if err != nil {
		return err
	}
	u.Model, u.PriceID, u.Credits, u.Raw = ch.Category, "", price.MessageCredits(p, settings.CreditMicroUSD), []byte(toJSON(ch))
	if p != nil {
		u.Model, u.PriceID = p.Model, p.ID
	}
	if ch.Free != "" {
		u.Credits = new(parley.Credits)
	}
	return nil
}

// messagePrice returns the price with the first of the names that has one, the
// workspace's own before a delivered one, the newest; nil for none.
func messagePrice(ctx context.Context, q querier, ws string, names []string, at time.Time) (*parley.Price, error) {
	args := []any{ws, price.Messages, micros(at)}
	listed := placeholders(&args, names)
	rs, err := q.query(ctx, `
		SELECT `+priceColumns+` FROM price
		WHERE workspace_id IN ('', $1) AND provider = $2 AND valid_from <= $3 AND model IN (`+listed+`)
		ORDER BY workspace_id DESC, valid_from DESC, id DESC`, args...)
	all, err := collect(rs, err, scanPrice)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if i := slices.IndexFunc(all, func(p parley.Price) bool { return p.Model == n }); i >= 0 {
			return &all[i], nil
		}
	}
	return nil, nil //nolint:nilnil // unknown
}

// MessagePrice returns what a message of a category would cost now, to whom a
// conversation is with, or else to a phone. It returns CodeNotFound if that is
// not known, or there is no such conversation.
func (s *Store) MessagePrice(ctx context.Context, ws, category, conv, phone string) (*parley.Price, error) {
	bsuid := ""
	if conv != "" {
		err := s.read.queryRow(ctx, `
			SELECT p.phone, COALESCE((SELECT MIN(i.value) FROM identity i
				WHERE i.workspace_id = $1 AND i.contact_id = p.id AND i.kind = 'bsuid'), '')
			FROM conversation c JOIN contact p ON p.id = c.contact_id WHERE c.workspace_id = $1 AND c.id = $2`, ws, conv).
			Scan(&phone, &bsuid)
		if err != nil {
			return nil, orNotFound(err, "conversation")
		}
	}
	p, err := messagePrice(ctx, s.read, ws, price.MessageNames(category, phone, bsuid), s.now())
	if err == nil && p == nil {
		err = parley.Errorf(parley.CodeNotFound, "There is no price for such a message.")
	}
	return p, err
}
