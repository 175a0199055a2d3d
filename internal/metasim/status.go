package metasim

import (
	"fmt"
	"time"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/ledger"
)

// statusRanks order the statuses; failed stands beside them.
var statusRanks = map[string]int{"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4}

// step is a status with its own time and the time at which it is told.
type step struct {
	status string
	at     time.Duration
	told   time.Duration
}

// progress lets an accepted message make its way: it is sent, arrives, and is
// read by who reads at once; or it fails.
func (s *Sim) progress(c *chat, m *message, fails *graph.Error) {
	pause := func(what string) time.Duration {
		return time.Duration((0.5 + s.draw("status", what, m.ID)) * float64(s.cfg.StatusDelay))
	}
	if fails == nil && s.strikes(s.faults.FailedStatus, "failed_status", m.ID) {
		fails = graph.NewError(131026, "Message Undeliverable.")
		s.after(pause("sent"), func() { s.status(c, m, "sent", s.now(), nil) })
		s.after(2*s.cfg.StatusDelay, func() { s.status(c, m, "failed", s.now(), fails) })
		return
	}
	if fails != nil {
		s.after(pause("failed"), func() { s.status(c, m, "failed", s.now(), fails) })
		return
	}
	steps := []step{{status: "sent", at: pause("sent")}}
	if c.person.Offline {
		m.waiting = true
	} else {
		steps = append(steps, s.arrival(c, m, steps[0].at)...)
	}
	s.tellSteps(c, m, steps)
}

// arrival are the statuses from the phone on.
func (s *Sim) arrival(c *chat, m *message, from time.Duration) []step {
	next := func(what string) time.Duration {
		from += time.Duration((0.5 + s.draw("status", what, m.ID)) * float64(s.cfg.StatusDelay))
		return from
	}
	steps := []step{{status: "delivered", at: next("delivered")}}
	if !c.person.AutoRead {
		return steps
	}
	if s.strikes(s.faults.Skip, "skip", m.ID) {
		steps = nil
	}
	steps = append(steps, step{status: "read", at: next("read")})
	if m.File != nil && m.File.Voice {
		steps = append(steps, step{status: "played", at: next("played")})
	}
	return steps
}

// tellSteps plans when the business is told of each step; shuffled, the first
// is told last.
func (s *Sim) tellSteps(c *chat, m *message, steps []step) {
	for i := range steps {
		steps[i].told = steps[i].at
	}
	if len(steps) > 1 && s.strikes(s.faults.Shuffle, "shuffle", m.ID) {
		for i := range steps {
			steps[i].told = steps[len(steps)-1-i].at
		}
	}
	start := s.now()
	for _, st := range steps {
		s.after(st.told, func() { s.status(c, m, st.status, start.Add(st.at), nil) })
	}
}

// arriveAll lets what waited for a phone arrive.
func (s *Sim) arriveAll(c *chat) {
	for _, m := range c.messages {
		if m.waiting {
			m.waiting = false
			s.tellSteps(c, m, s.arrival(c, m, 0))
		}
	}
}

// status sets the ticks of a message, writes the status into the ledger and
// tells the business.
func (s *Sim) status(c *chat, m *message, status string, at time.Time, fails *graph.Error) {
	if m.told(status) {
		return // the person was faster than the plan
	}
	if statusRanks[status] > statusRanks[m.Status] && m.Status != "failed" || status == "failed" {
		m.Status = status
		if fails != nil {
			m.Error = fmt.Sprintf("%d: %s", fails.Code, fails.Details)
		}
		if m.Type != "reaction" {
			s.show(m)
		}
	}
	record := &ledger.Status{Status: status, At: at}
	m.out.Statuses = append(m.out.Statuses, record)
	s.counts["status_"+status]++
	p := c.person
	body := map[string]any{"id": m.ID, "status": status, "timestamp": stamp(s.wall(at))}
	p.Identify(body, "recipient_id", "recipient_user_id", "recipient_parent_user_id")
	if m.out.CallbackData != "" {
		body["biz_opaque_callback_data"] = m.out.CallbackData
	}
	contact := p.Contact()
	if fails != nil {
		// A failed status has no contacts, and no user id if the send was to a phone.
		if m.out.To == digits(m.out.To) {
			delete(body, "recipient_user_id")
			delete(body, "recipient_parent_user_id")
		}
		body["errors"], contact = []any{fails.InWebhook()}, nil
	}
	if m.pricing != nil && (status == "sent" || status == "delivered" || status == "read" && !m.told("delivered")) {
		body["pricing"] = m.pricing
		if m.pricing["type"] == "free_entry_point" {
			body["conversation"] = map[string]any{
				"id": fmt.Sprintf("%016x", s.Hash("conversation", c.number.ID, p.ID)), "origin": map[string]any{"type": "referral_conversion"},
				"expiration_timestamp": stamp(s.wall(c.freeUntil)),
			}
		}
	}
	u := s.news(c.number, "messages", "statuses", body, contact, m.ID+status)
	u.status = record
	s.emit(u)
}

// told reports whether the business was told of a status.
func (m *message) told(status string) bool {
	for _, st := range m.out.Statuses {
		if st.Status == status {
			return true
		}
	}
	return false
}

// MarkRead lets a person read a chat, and play its voice notes. Errors:
// not_found.
func (s *Sim) MarkRead(personID, numberID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, n := s.personByID(personID), s.numberByID(numberID)
	if p == nil || n == nil {
		return noPerson(personID)
	}
	c := s.chatOf(p, n)
	for _, m := range c.messages {
		if m.Mine || m.Echo || m.waiting || m.Status == "failed" {
			continue
		}
		if !m.told("read") {
			s.status(c, m, "read", s.now(), nil)
		}
		if m.File != nil && m.File.Voice && !m.told("played") {
			s.status(c, m, "played", s.now(), nil)
		}
	}
	return nil
}
