package metasim

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/ledger"
	"parley/internal/metasim/screen"
	"parley/internal/metasim/world"
)

// Meta's pair limit: one message every six seconds to one person, of which 45
// may be borrowed at once.
const (
	pairBurst = 45
	pairRate  = 1.0 / 6
)

// sending is a send on its way through the checks.
type sending struct {
	req    *graph.Send
	number *number
	person *person // nil: nobody has the number
	to     string  // digits, "" when the recipient is a user id
	chat   *chat   // nil without a person
	open   bool    // the window
	graph.Content
}

func (s *Sim) postMessage(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	var req graph.Send
	if err := decodeGraph(w, r, &req); err != nil {
		return nil, err
	}
	if req.Product != "whatsapp" {
		return nil, graph.NewError(100, "The parameter messaging_product is required and must be whatsapp.")
	}
	s.mu.Lock()
	n := s.numberByID(r.PathValue("id"))
	if n == nil {
		s.mu.Unlock()
		return nil, graph.NoObject(r.PathValue("id"))
	}
	if req.Status != "" {
		defer s.mu.Unlock()
		return s.markRead(n, &req)
	}
	sd := &sending{req: &req, number: n}
	s.address(sd)
	key := sd.to + req.Recipient
	if sd.chat != nil {
		sd.chat.sends++
		key = fmt.Sprint(n.ID, sd.person.ID, sd.chat.sends)
	}
	m := s.mishapFor(key)
	fault := m.err
	if fault == nil {
		fault = s.check(sd)
	}
	var answer any
	switch {
	case fault != nil:
		s.refused(sd, fault.Code, fault.Details)
		s.mu.Unlock()
		return nil, fault
	case !m.accept:
		s.refused(sd, 0, "The connection was cut.")
	default:
		answer = s.accept(sd, m.cut)
	}
	s.mu.Unlock()
	if m.wait > 0 {
		select {
		case <-time.After(m.wait):
		case <-r.Context().Done():
		}
	}
	if m.cut {
		cut(w)
		return nil, nil
	}
	return answer, nil
}

// address finds whom a send is for. A number without + gets the country code of
// the business, if it does not begin with it.
func (s *Sim) address(sd *sending) {
	switch {
	case sd.req.To != "":
		sd.to = digits(sd.req.To)
		sd.person = s.personByPhone(sd.to)
		if sd.person == nil && !strings.HasPrefix(sd.req.To, "+") && !strings.HasPrefix(sd.to, sd.number.CountryCode) {
			sd.to = sd.number.CountryCode + sd.to
			sd.person = s.personByPhone(sd.to)
		}
	case sd.req.Recipient != "":
		sd.person = s.personByUserID(sd.req.Recipient)
	}
	if sd.person != nil {
		sd.chat = s.chatOf(sd.person, sd.number)
		sd.open = s.open(sd.chat)
	}
}

func (s *Sim) refused(sd *sending, code int, details string) {
	s.counts["sends_refused"]++
	s.book.Refused(&ledger.Refused{
		NumberID: sd.number.ID, To: sd.to + sd.req.Recipient, Type: sd.req.Type, CallbackData: sd.req.Callback, Code: code,
		Details: details, WindowOpen: sd.open, At: s.now(),
	})
}

// check applies Meta's rules to a send, cheapest first.
func (s *Sim) check(sd *sending) *graph.Error {
	req, n := sd.req, sd.number
	switch {
	case req.To == "" && req.Recipient == "":
		return graph.NewError(100, "The parameter to is required.")
	case req.To != "" && (len(sd.to) < 7 || len(sd.to) > 15):
		return graph.NewError(100, "The parameter to is not a phone number.")
	case req.RecipientType != "" && req.RecipientType != "individual":
		return graph.NewError(131009, "recipient_type %q is not simulated.", req.RecipientType)
	case sd.to == n.Phone:
		return graph.NewError(131021, "")
	case len(req.Callback) > maxCallback:
		return graph.NewError(131009, "biz_opaque_callback_data has at most %d characters.", maxCallback)
	}
	if err := s.checkNumber(n); err != nil {
		return err
	}
	sd.Files, sd.Templates = s.file, func(name, language string) *graph.Template {
		return find(s.templates, func(t *graph.Template) bool {
			return t.AccountID == n.account.ID && t.Name == name && t.Language == language
		})
	}
	if err := sd.Read(req); err != nil {
		return err
	}
	if c := req.Context; c != nil {
		if !strings.HasPrefix(c.MessageID, "wamid.") {
			return graph.NewError(131009, "context.message_id is not a message id.")
		}
		sd.Message.ReplyTo = c.MessageID
	}
	if code, later, ok := graph.CodeInNumber(sd.to); ok {
		if !later {
			return graph.NewError(code, "")
		}
		sd.Later = graph.NewError(code, "")
	}
	if sd.Template != nil {
		if err := s.checkOutside(sd); err != nil {
			return err
		}
	} else if err := s.checkWindow(sd); err != nil {
		return err
	}
	return s.checkRates(sd)
}

const maxCallback = 512

func (s *Sim) checkNumber(n *number) *graph.Error {
	switch n.Status {
	case world.Connected, "FLAGGED":
		return nil
	case "RESTRICTED", "BANNED":
		return graph.NewError(131031, "The account is %s.", strings.ToLower(n.Status))
	case "RATE_LIMITED":
		return graph.NewError(131048, "")
	}
	return graph.NewError(133010, "")
}

// checkWindow lets nothing free-form out of the window, at once or by a status.
func (s *Sim) checkWindow(sd *sending) *graph.Error {
	if !sd.open {
		e := graph.NewError(131047, "Message failed to send because more than 24 hours have passed since the customer last replied to this number.")
		if !s.faults.WindowAsync {
			return e
		}
		sd.Later = e
	}
	if sd.open && sd.number.account.noPayment && sd.number.service[s.month()] >= s.cfg.FreeServiceMessages {
		return graph.NewError(131042, "The free messages of the month are used up, and there is no payment method.")
	}
	return nil
}

// checkOutside counts whom the portfolio writes to outside a window.
func (s *Sim) checkOutside(sd *sending) *graph.Error {
	if sd.number.account.noPayment {
		return graph.NewError(131042, "There is a payment issue with the account.")
	}
	if sd.open || sd.person == nil {
		return nil
	}
	for _, n := range s.numbers {
		if at, ok := n.outside[sd.person]; ok && s.now().Sub(at) < window {
			return nil // counted already
		}
	}
	if limit := world.Limits[s.portfolio.Limit]; limit >= 0 && s.reached() >= limit {
		return graph.NewError(131048, "The messaging limit of the business is reached.")
	}
	return nil
}

func (s *Sim) checkRates(sd *sending) *graph.Error {
	now, rate := s.now(), float64(sd.number.Throughput)
	if sd.chat != nil && !sd.chat.pair.Take(now, pairBurst, pairRate) {
		s.counts["pair_limited"]++
		return graph.NewError(131056, "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.")
	}
	if !sd.number.rate.Take(now, rate, rate) {
		s.counts["number_limited"]++
		return graph.NewError(130429, "Message failed to send because there were too many messages sent from this phone number in a short period of time")
	}
	return nil
}

// accept takes a message: it goes on the screen and into the ledger, and its
// statuses follow.
func (s *Sim) accept(sd *sending, lost bool) any {
	s.counts["messages_out"]++
	m, req := &message{Message: sd.Message}, sd.req
	m.Status = "accepted"
	c := sd.chat
	if c == nil { // nobody has the number: a chat that nobody sees
		nobody := world.Person{Phone: sd.to, Identity: world.IdentityPhone}
		if sd.to == "" {
			nobody = world.Person{UserID: req.Recipient, Identity: world.IdentityUserID}
		}
		c = &chat{person: &person{Person: nobody}, number: sd.number}
		s.lastID++
		c.made = int(s.lastID)
		if sd.Later == nil {
			sd.Later = graph.NewError(131026, "Message Undeliverable.")
		}
	}
	m.ID = s.wamid(c, c.person.wamidName(), outboundMark)
	m.at = s.now()
	m.out = s.book.Accepted(&ledger.Outbound{
		ID: m.ID, NumberID: sd.number.ID, To: sd.to + req.Recipient, Type: req.Type, Text: m.Text, ReplyTo: m.ReplyTo,
		CallbackData: req.Callback, WindowOpen: sd.open, AnswerLost: lost, AcceptedAt: m.at,
	})
	if sd.person != nil {
		m.out.PersonID = sd.person.ID
		c.typingUntil = time.Time{}
		if sd.Template != nil && !sd.open && sd.Later == nil {
			sd.number.outside[sd.person] = m.at
		}
		if !c.clickedAd.IsZero() && m.at.Sub(c.clickedAd) < window {
			c.clickedAd, c.freeUntil = time.Time{}, m.at.Add(freeEntry)
		}
	}
	if sd.Later == nil {
		m.pricing = s.price(sd, c)
	}
	switch {
	case req.Reaction != nil:
		if of := c.message(req.Reaction.MessageID); of != nil {
			of.BusinessReaction = req.Reaction.Emoji
			s.show(of)
		}
		m.PersonID, m.NumberID = c.person.ID, c.number.ID
	case sd.person != nil:
		s.keep(c, m)
	}
	s.progress(c, m, sd.Later)
	return s.accepted(sd, m)
}

// accepted is the answer to a send.
func (s *Sim) accepted(sd *sending, m *message) any {
	contact := map[string]any{"input": cmp.Or(sd.req.To, sd.req.Recipient)}
	if sd.to != "" {
		contact["wa_id"] = sd.to
	}
	if p := sd.person; p != nil && p.ShowsUserID() {
		contact["user_id"] = p.UserID
	}
	id := map[string]any{"id": m.ID}
	if sd.Template != nil {
		id["message_status"] = "accepted"
	}
	return map[string]any{"messaging_product": "whatsapp", "contacts": []any{contact}, "messages": []any{id}}
}

// price is what Meta would say of the price, and counts the month's service
// messages.
func (s *Sim) price(sd *sending, c *chat) map[string]any {
	category, kind := "service", "regular"
	if sd.Template != nil {
		category = strings.ToLower(sd.Template.Category)
	} else {
		used := sd.number.service[s.month()]
		sd.number.service[s.month()]++
		if used < s.cfg.FreeServiceMessages {
			kind = "free_customer_service"
		}
	}
	if s.now().Before(c.freeUntil) {
		category, kind = "referral_conversion", "free_entry_point"
	}
	return map[string]any{"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}
}

// markRead marks a person's message and those before it as read, and shows that
// the business types if it says so.
func (s *Sim) markRead(n *number, req *graph.Send) (any, *graph.Error) {
	if req.Status != "read" {
		return nil, graph.NewError(100, "The parameter status must be read.")
	}
	for _, p := range s.people {
		c := p.chats[n]
		if c == nil || c.message(req.MessageID) == nil || !c.message(req.MessageID).Mine {
			continue
		}
		for _, m := range c.messages {
			if m.Mine && m.Status != "read" {
				m.Status = "read"
				s.show(m)
			}
			if m.ID == req.MessageID {
				break
			}
		}
		s.counts["reads"]++
		if req.Typing != nil {
			c.typingUntil = s.now().Add(typingLasts)
			s.event(screen.Event{Type: "typing", PersonID: p.ID, NumberID: n.ID, Typing: true})
		}
		return success(), nil
	}
	return nil, graph.NewError(131009, "message_id is not a message of a person to this number.")
}
