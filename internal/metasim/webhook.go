package metasim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"parley"
	"parley/internal/metasim/graph"
	"parley/internal/metasim/hook"
	"parley/internal/metasim/ledger"
	"parley/internal/metasim/screen"
)

// ok is the only answer that Meta takes for an acknowledgement.
const ok = http.StatusOK

// The limits of one webhook.
const (
	maxWebhookSize = 3 << 20
	maxPending     = 500_000 // what waits for a receiver that does not come back
	giveUpAfter    = 7 * 24 * time.Hour
)

// update is one piece of news for the business.
type update struct {
	hook.Update

	account *account
	key     string // what chance is drawn for
	message *message
	inbound *ledger.Inbound // of a message of a person
	status  *ledger.Status  // of a status
}

// delivery is one POST, until it is answered with 200.
type delivery struct {
	id       string
	target   string
	body     []byte
	updates  []*update
	first    time.Time
	attempts int
	record   *ledger.Webhook
}

// notify sends news of an account. mu is held, as in all that follows here.
func (s *Sim) notify(a *account, field string, value any) {
	s.lastID++
	s.emit(&update{
		Update: hook.Update{AccountID: a.ID, Field: field, Body: graph.Raw(value)}, account: a, key: fmt.Sprint(field, s.lastID),
	})
}

// news is an update about one number.
func (s *Sim) news(n *number, field, part string, body map[string]any, contact json.RawMessage, key string) *update {
	return &update{account: n.account, key: key, Update: hook.Update{
		AccountID: n.account.ID, NumberID: n.ID, Display: n.Phone, Field: field, Part: part, Body: graph.Raw(body), Contact: contact,
	}}
}

// emit lets an update go out, with what chance does to it.
func (s *Sim) emit(u *update) {
	if !u.account.subscribed || s.target(u.account) == "" {
		s.counts["updates_without_receiver"]++
		return
	}
	if s.pending >= maxPending {
		s.counts["updates_dropped"]++
		return
	}
	s.counts["updates"]++
	const held = 1500 * time.Millisecond
	if s.strikes(s.faults.Duplicate, "duplicate", u.key) {
		s.after(time.Duration(s.draw("duplicate after", u.key)*float64(held)), func() { s.push(u) })
	}
	if s.strikes(s.faults.Reorder, "reorder", u.key) {
		s.after(time.Duration(s.draw("held", u.key)*float64(held)), func() { s.push(u) })
		return
	}
	s.push(u)
}

func (s *Sim) push(u *update) {
	s.pending++
	s.outbox = append(s.outbox, u)
	s.work.Signal()
}

// nextDelivery takes what is to be sent: again, or for the first time.
func (s *Sim) nextDelivery() *delivery {
	if len(s.ready) > 0 {
		d := s.ready[0]
		s.ready = s.ready[1:]
		return d
	}
	n, size := 0, 0
	target := s.target(s.outbox[0].account)
	for n < len(s.outbox) && n < max(1, s.faults.Batch) && s.target(s.outbox[n].account) == target {
		// Escaping makes a body six times longer at most.
		if size += 6*(len(s.outbox[n].Body)+len(s.outbox[n].Contact)) + 512; n > 0 && size > maxWebhookSize {
			break
		}
		n++
	}
	s.lastID++
	d := &delivery{id: fmt.Sprint("wh", s.lastID), target: target, updates: s.outbox[:n:n], first: s.now()}
	s.outbox = s.outbox[n:]
	news := make([]hook.Update, n)
	for i, u := range d.updates {
		news[i] = u.Update
		news[i].Apart = s.draw("apart", u.key) < 0.3
	}
	d.body = hook.Envelope(news, s.wall(s.now()))
	d.record = s.book.Webhook(&ledger.Webhook{ID: d.id, Updates: n, Bytes: len(d.body)})
	return d
}

// settle records the answer to a delivery and plans the next attempt if there
// has to be one.
func (s *Sim) settle(d *delivery, a ledger.Attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.attempts++
	s.counts["webhook_posts"]++
	if a.Status == ok {
		for _, u := range d.updates {
			u.acknowledged(a)
		}
		a.Lost = s.strikes(s.faults.LostAck, "lost_ack", fmt.Sprint(d.updates[0].key, d.attempts))
	}
	d.record.Attempts = append(d.record.Attempts, a)
	s.event(screen.Event{Type: "webhook", Webhook: &screen.WebhookEvent{ID: d.id, Updates: len(d.updates), Status: a.Status, Error: a.Error}})
	switch {
	case a.Status == ok && !a.Lost:
		s.pending -= len(d.updates)
	case s.now().Sub(d.first) > giveUpAfter:
		s.counts["webhooks_given_up"]++
		s.pending -= len(d.updates)
	default:
		s.counts["webhook_redeliveries"]++
		pause := min(s.cfg.RetryFirst<<min(d.attempts-1, 20), s.cfg.RetryMax)
		s.after(time.Duration((0.5+s.draw("pause", d.id, fmt.Sprint(d.attempts)))*float64(pause)), func() {
			s.ready = append(s.ready, d)
			s.work.Signal()
		})
	}
}

// tried notes that an update is about to be sent.
func (u *update) tried(at time.Time) {
	if in := u.inbound; in != nil {
		in.Attempts++
		if in.FirstAttemptAt.IsZero() {
			in.FirstAttemptAt = at
		}
	}
}

// acknowledged notes that the receiver has taken an update.
func (u *update) acknowledged(a ledger.Attempt) {
	if in := u.inbound; in != nil && in.AcknowledgedAt.IsZero() {
		in.AcknowledgedAt = a.At.Add(a.Took)
		if u.message.Status == "sent" {
			u.message.Status = "delivered"
		}
	}
	if u.status != nil {
		u.status.Acknowledged = true
	}
}

// deliverLoop sends webhooks until ctx ends.
func (s *Sim) deliverLoop(ctx context.Context) {
	for {
		s.mu.Lock()
		for !s.stopped && len(s.ready) == 0 && len(s.outbox) == 0 {
			s.work.Wait()
		}
		if s.stopped {
			s.mu.Unlock()
			return
		}
		d := s.nextDelivery()
		at := s.now()
		for _, u := range d.updates {
			u.tried(at)
		}
		s.mu.Unlock()
		status, _, err := s.poster.Post(ctx, d.target, d.body)
		a := ledger.Attempt{At: at, Took: s.now().Sub(at), Status: status}
		if err != nil {
			a.Error = err.Error()
		}
		s.settle(d, a)
	}
}

// PostRaw sends a body to the webhook, signed but otherwise as it is, and
// returns the answer. Errors: conflict when no webhook is set, unavailable.
func (s *Sim) PostRaw(ctx context.Context, body []byte) (status int, answer string, err error) {
	target, err := s.rawTarget()
	if err != nil {
		return 0, "", err
	}
	status, answer, err = s.poster.Post(ctx, target, body)
	if err != nil {
		return 0, "", parley.Errorf(parley.CodeUnavailable, "The webhook did not answer: %w", err)
	}
	return status, answer, nil
}

// SetWebhook sets where webhooks go, after the handshake that Meta makes; ""
// stops them. Errors: invalid for an address that cannot be, unavailable when
// the handshake fails.
func (s *Sim) SetWebhook(ctx context.Context, address string) error {
	if address != "" {
		if err := s.handshake(ctx, address, s.cfg.VerifyToken); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook = address
	s.event(screen.Event{Type: "number"})
	return nil
}

// handshake asks the receiver to prove that it expects the webhooks.
func (s *Sim) handshake(ctx context.Context, address, token string) error {
	s.mu.Lock()
	s.lastID++
	challenge := fmt.Sprint(s.Hash("challenge", fmt.Sprint(s.lastID)) % 1e10)
	s.mu.Unlock()
	return s.poster.Handshake(ctx, address, token, challenge)
}

// rawTarget is where a body goes that somebody made up.
func (s *Sim) rawTarget() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.webhook == "" {
		return "", parley.Errorf(parley.CodeConflict, "No webhook address is set.")
	}
	s.counts["raw_webhooks"]++
	return s.webhook, nil
}
