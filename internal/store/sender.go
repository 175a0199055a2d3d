package store

import (
	"context"
	"time"

	"parley"
)

const senderColumns = `workspace_id, id, name, kind, simulated, app_id, waba_id, phone_number_id, display_phone,
	base_url, graph_version, token, assistant_id, ai_on, reply_delay, health, created_at, updated_at`

// scanSender decrypts the token.
func (s *Store) scanSender(r scanner) (parley.Sender, error) {
	var x parley.Sender
	var simulated, aiOn int64
	err := r.Scan(&x.WorkspaceID, &x.ID, &x.Name, &x.Kind, &simulated, &x.AppID, &x.WABAID, &x.PhoneNumberID,
		&x.DisplayPhone, &x.BaseURL, &x.GraphVersion, &x.Token, &x.AssistantID, &aiOn, &x.ReplyDelaySeconds,
		asJSON(&x.Health), asTime(&x.CreatedAt), asTime(&x.UpdatedAt))
	x.Simulated, x.AIOn = simulated != 0, aiOn != 0
	if err == nil {
		x.Token, err = s.unseal(x.Token, "sender", x.ID)
	}
	return x, err
}

// CreateSender adds a sender; it gives it an id and times if it has none. It
// returns CodeConflict if the workspace has the number already.
func (s *Store) CreateSender(ctx context.Context, x *parley.Sender) error {
	s.stamp(&x.ID, &x.CreatedAt)
	x.UpdatedAt = x.CreatedAt
	token, err := s.seal(x.Token, "sender", x.ID)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO sender (`+senderColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
			x.WorkspaceID, x.ID, x.Name, string(x.Kind), flag(x.Simulated), x.AppID, x.WABAID, x.PhoneNumberID,
			x.DisplayPhone, x.BaseURL, x.GraphVersion, token, x.AssistantID, flag(x.AIOn), x.ReplyDelaySeconds,
			toJSON(x.Health), micros(x.CreatedAt), micros(x.UpdatedAt))
		return takenNumber(err)
	})
}

func takenNumber(err error) error {
	if isUnique(err) {
		return parley.Errorf(parley.CodeConflict, "phone_number_id: this workspace has a sender with this number already.")
	}
	return err
}

// Senders returns the senders of a workspace, the oldest first.
func (s *Store) Senders(ctx context.Context, ws string) ([]parley.Sender, error) {
	rs, err := s.read.query(ctx, `
		SELECT `+senderColumns+` FROM sender WHERE workspace_id = $1 AND deleted_at = 0 ORDER BY id`, ws)
	return collect(rs, err, s.scanSender)
}

// AllSenders returns the senders of every workspace, for what is done to them
// in the background.
func (s *Store) AllSenders(ctx context.Context) ([]parley.Sender, error) {
	rs, err := s.read.query(ctx, `SELECT `+senderColumns+` FROM sender WHERE deleted_at = 0 ORDER BY id`)
	return collect(rs, err, s.scanSender)
}

// AppSenders returns the senders whose webhooks come from an app.
func (s *Store) AppSenders(ctx context.Context, ws, app string) ([]parley.Sender, error) {
	rs, err := s.read.query(ctx, `
		SELECT `+senderColumns+` FROM sender WHERE workspace_id = $1 AND app_id = $2 AND deleted_at = 0 ORDER BY id`, ws, app)
	return collect(rs, err, s.scanSender)
}

// Sender returns one sender with its token. It returns CodeNotFound.
func (s *Store) Sender(ctx context.Context, ws, id string) (*parley.Sender, error) {
	x, err := s.scanSender(s.read.queryRow(ctx, `
		SELECT `+senderColumns+` FROM sender WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0`, ws, id))
	return found(x, err, "sender")
}

// UpdateSender changes the settings, and the token unless it is empty; not the
// health. It returns CodeNotFound, and CodeConflict as CreateSender does.
func (s *Store) UpdateSender(ctx context.Context, x *parley.Sender) error {
	token, err := s.seal(x.Token, "sender", x.ID)
	if err != nil {
		return err
	}
	x.UpdatedAt = s.nowMicros()
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE sender SET name = $3, app_id = $4, waba_id = $5, phone_number_id = $6, display_phone = $7,
				base_url = $8, graph_version = $9, assistant_id = $10, ai_on = $11, reply_delay = $12, updated_at = $13,
				token = CASE WHEN $14 = '' THEN token ELSE $14 END
			WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0`,
			x.WorkspaceID, x.ID, x.Name, x.AppID, x.WABAID, x.PhoneNumberID, x.DisplayPhone, x.BaseURL, x.GraphVersion,
			x.AssistantID, flag(x.AIOn), x.ReplyDelaySeconds, micros(x.UpdatedAt), token)
		return changedOne(n, takenNumber(err), "sender")
	})
}

// ChangeHealth lets fn change what is known of a sender's number; fn may run
// more than once. It returns the sender as it is then, and CodeNotFound.
func (s *Store) ChangeHealth(ctx context.Context, ws, id string, fn func(*parley.SenderHealth)) (*parley.Sender, error) {
	err := s.write(ctx, func(t *tx) error {
		var h parley.SenderHealth
		err := t.queryRow(ctx, `
			UPDATE sender SET updated_at = updated_at WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0
			RETURNING health`, ws, id).Scan(asJSON(&h))
		if err != nil {
			return orNotFound(err, "sender")
		}
		fn(&h)
		_, err = t.exec(ctx, `UPDATE sender SET health = $2 WHERE id = $1`, id, toJSON(h))
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.Sender(ctx, ws, id)
}

// DeleteSender removes a sender and its token. Its conversations stay. It
// returns CodeNotFound.
func (s *Store) DeleteSender(ctx context.Context, ws, id string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			UPDATE sender SET deleted_at = $3, token = '' WHERE workspace_id = $1 AND id = $2 AND deleted_at = 0`,
			ws, id, micros(s.nowMicros()))
		if err := changedOne(n, err, "sender"); err != nil {
			return err
		}
		if _, err = t.exec(ctx, `DELETE FROM alert WHERE workspace_id = $1 AND subject_id = $2`, ws, id); err != nil {
			return err
		}
		_, err = t.exec(ctx, `
			DELETE FROM whatsapp_app WHERE workspace_id = $1
				AND id = (SELECT app_id FROM sender WHERE id = $2)
				AND NOT EXISTS (SELECT 1 FROM sender x WHERE x.app_id = whatsapp_app.id AND x.deleted_at = 0)`, ws, id)
		return err
	})
}

const whatsAppAppColumns = `workspace_id, id, name, app_secret, verify_token, created_at`

// scanWhatsAppApp decrypts the secrets.
func (s *Store) scanWhatsAppApp(r scanner) (parley.WhatsAppApp, error) {
	var a parley.WhatsAppApp
	err := r.Scan(&a.WorkspaceID, &a.ID, &a.Name, &a.AppSecret, &a.VerifyToken, asTime(&a.CreatedAt))
	if err == nil {
		a.AppSecret, err = s.unseal(a.AppSecret, "whatsapp_app", a.ID)
	}
	if err == nil {
		a.VerifyToken, err = s.unseal(a.VerifyToken, "whatsapp_app", a.ID)
	}
	return a, err
}

// SaveWhatsAppApp adds an app, or changes what is given of the one with its id.
func (s *Store) SaveWhatsAppApp(ctx context.Context, a *parley.WhatsAppApp) error {
	s.stamp(&a.ID, &a.CreatedAt)
	secret, err := s.seal(a.AppSecret, "whatsapp_app", a.ID)
	if err != nil {
		return err
	}
	verify, err := s.seal(a.VerifyToken, "whatsapp_app", a.ID)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `
			INSERT INTO whatsapp_app (`+whatsAppAppColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET
				name = CASE WHEN excluded.name = '' THEN whatsapp_app.name ELSE excluded.name END,
				app_secret = CASE WHEN excluded.app_secret = '' THEN whatsapp_app.app_secret ELSE excluded.app_secret END,
				verify_token = CASE WHEN excluded.verify_token = '' THEN whatsapp_app.verify_token ELSE excluded.verify_token END
			WHERE whatsapp_app.workspace_id = excluded.workspace_id`,
			a.WorkspaceID, a.ID, a.Name, secret, verify, micros(a.CreatedAt))
		return changedOne(n, err, "WhatsApp app")
	})
}

// WhatsAppApp returns the app of a webhook's address, of any workspace. It
// returns CodeNotFound.
func (s *Store) WhatsAppApp(ctx context.Context, id string) (*parley.WhatsAppApp, error) {
	a, err := s.scanWhatsAppApp(s.read.queryRow(ctx, `SELECT `+whatsAppAppColumns+` FROM whatsapp_app WHERE id = $1`, id))
	return found(a, err, "WhatsApp app")
}

// WhatsAppApps returns the apps of a workspace.
func (s *Store) WhatsAppApps(ctx context.Context, ws string) ([]parley.WhatsAppApp, error) {
	rs, err := s.read.query(ctx, `
		SELECT `+whatsAppAppColumns+` FROM whatsapp_app WHERE workspace_id = $1 ORDER BY id`, ws)
	return collect(rs, err, s.scanWhatsAppApp)
}

// SenderFacts is what Parley itself counts of a sender.
type SenderFacts struct {
	WebhookAt   time.Time // of the newest webhook; zero: none yet
	ServiceSent int       // service messages this month, UTC
	FreeService int64     // service messages of a month that Meta does not charge
	Reached     int       // people written to outside a window in the last 24 hours, over the portfolio
}

// SenderFacts returns what was counted of a sender until now.
func (s *Store) SenderFacts(ctx context.Context, x *parley.Sender) (*SenderFacts, error) {
	now := s.now().UTC()
	f := new(SenderFacts)
	var settings parley.WorkspaceSettings
	err := s.read.queryRow(ctx, `
		SELECT webhook_at, (SELECT settings FROM workspace WHERE id = $1),
			COALESCE((SELECT sent FROM service_tally WHERE sender_id = $2 AND month = $3), 0),
			(SELECT count(*) FROM outreach WHERE workspace_id = $1 AND portfolio_id = $4 AND at > $5)
		FROM sender WHERE workspace_id = $1 AND id = $2`,
		x.WorkspaceID, x.ID, now.Format(monthFormat), portfolioOf(x), micros(now.Add(-24*time.Hour))).
		Scan(asTime(&f.WebhookAt), asJSON(&settings), &f.ServiceSent, &f.Reached)
	f.FreeService = settings.FreeService()
	return f, orNotFound(err, "sender")
}

const monthFormat = "2006-01"

// portfolioOf names what shares a messaging limit: the portfolio where it is
// known, else the account.
func portfolioOf(x *parley.Sender) string {
	if x.Health.PortfolioID != "" {
		return x.Health.PortfolioID
	}
	return x.WABAID
}

// SenderError is a message of a sender that could not be sent.
type SenderError struct {
	ConversationID string
	MessageID      string
	Error          parley.MessageError
	At             time.Time
}

// SenderErrors returns the newest failures among a sender's conversations of
// the last days, at most n.
func (s *Store) SenderErrors(ctx context.Context, ws, sender string, n int) ([]SenderError, error) {
	rs, err := s.read.query(ctx, `
		SELECT c.id, m.id, m.error, m.created_at
		FROM message m JOIN conversation c ON c.n = m.conversation_n
		WHERE m.workspace_id = $1 AND m.sender_id = $2 AND m.delivery = 'failed'
		ORDER BY m.n DESC LIMIT $3`, ws, sender, n)
	return collect(rs, err, func(r scanner) (e SenderError, err error) {
		var fault *parley.MessageError
		err = r.Scan(&e.ConversationID, &e.MessageID, asJSON(&fault), asTime(&e.At))
		if fault != nil {
			e.Error = *fault
		}
		return e, err
	})
}
