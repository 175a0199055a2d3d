package faultrun

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/metasim/ledger"
)

// Conversation is a conversation as the server's API has it.
type Conversation struct {
	ID        string    `json:"id"`
	StartedAt time.Time `json:"started_at"`
	Contact   struct {
		Phone string `json:"phone"`
	} `json:"contact"`
	Messages []Message `json:"-"` // in the order of the log
}

// Message is a message as the server's API has it.
type Message struct {
	ID         string    `json:"id"`
	Seq        int64     `json:"seq"`
	Role       string    `json:"role"`
	Content    string    `json:"content"`
	ProviderID string    `json:"provider_id"`
	Delivery   string    `json:"delivery"`
	TurnID     string    `json:"turn_id"`
	CreatedAt  time.Time `json:"created_at"`
}

// Kind names a way in which a run can fail.
type Kind string

// The kinds of violation.
const (
	Lost       Kind = "an inbound message is not there"
	Doubled    Kind = "an inbound message is there more than once"
	Invented   Kind = "a message of a contact that nobody sent"
	Misplaced  Kind = "a message is in another contact's conversation"
	Misordered Kind = "messages are in another order than the contact sent them"
	Unanswered Kind = "a contact waits for an answer"
	TwoAnswers Kind = "a turn is answered more than once"
	SentTwice  Kind = "one send was accepted twice"
	Keyless    Kind = "a send carries no key"
	Unknown    Kind = "an accepted message is not known"
	Unsettled  Kind = "a delivery is not settled, or not as the statuses say"
	OutOfBound Kind = "a free-form message was sent outside the window"
	Incomplete Kind = "the ledger is not complete"
)

// kinds are all, in the order of the report.
var kinds = []Kind{
	Lost, Doubled, Invented, Misplaced, Misordered, Unanswered, TwoAnswers, SentTwice, Keyless, Unknown, Unsettled, OutOfBound, Incomplete,
}

// Verdict is what was found.
type Verdict struct {
	Violations map[Kind][]string `json:"violations"`
	// What was joined.
	Inbound       int            `json:"inbound"`
	Outbound      int            `json:"outbound"`
	Conversations int            `json:"conversations"`
	OrderedPairs  int            `json:"ordered_pairs"`
	Deliveries    map[string]int `json:"deliveries"`
	Late          int            `json:"late"` // messages that came after their window
	// NeverSent are messages that stay unknown, rightly: the simulator never
	// accepted them, and the server cannot know.
	NeverSent int `json:"never_sent"`
}

// OK reports whether nothing was found.
func (v *Verdict) OK() bool { return len(v.Violations) == 0 }

// Waiting reports whether all that was found may heal with time.
func (v *Verdict) Waiting() bool {
	for k := range v.Violations {
		// A server that was killed may have taken something and not looked at it yet.
		if k != Lost && k != Unanswered && k != Unknown && k != Unsettled {
			return false
		}
	}
	return true
}

func (v *Verdict) add(k Kind, format string, args ...any) {
	v.Violations[k] = append(v.Violations[k], fmt.Sprintf(format, args...))
}

// window is how long a message may be answered freely, less what a careful
// business keeps clear of its end.
const window = 24*time.Hour - 5*time.Minute

// place is where a message of a contact is: in which conversation, and where.
type place struct{ conversation, index int }

func (p place) before(q place) bool {
	return p.conversation < q.conversation || p.conversation == q.conversation && p.index < q.index
}

// Judge joins the simulator's ledger with the server's conversations.
func Judge(l ledger.Ledger, conversations []Conversation) *Verdict {
	v := &Verdict{
		Violations: map[Kind][]string{}, Deliveries: map[string]int{},
		Inbound: len(l.Inbound), Outbound: len(l.Outbound), Conversations: len(conversations),
	}
	if l.Dropped > 0 {
		v.add(Incomplete, "%d entries are no longer kept", l.Dropped)
	}
	conversations = slices.Clone(conversations)
	slices.SortStableFunc(conversations, func(a, b Conversation) int { return a.StartedAt.Compare(b.StartedAt) })
	v.inbound(l.Inbound, conversations)
	v.turns(l.Inbound, conversations)
	v.outbound(l, conversations)
	return v
}

// inbound checks that each message of a person is there once, where it belongs
// and in its order.
func (v *Verdict) inbound(sent []ledger.Inbound, conversations []Conversation) {
	byID, byText := map[string]*ledger.Inbound{}, map[string]*ledger.Inbound{}
	for i := range sent {
		byID[sent[i].ID], byText[sent[i].Text] = &sent[i], &sent[i]
	}
	found := map[string][]place{}
	for c, conv := range conversations {
		for i, m := range conv.Messages {
			if m.Role != "user" {
				continue
			}
			in := byID[m.ProviderID]
			if in == nil && m.ProviderID == "" {
				in = byText[m.Content]
			}
			switch {
			case in == nil || in.Text != m.Content:
				v.add(Invented, "%s in %s: %q", m.ID, conv.ID, m.Content)
				continue
			case digits(conv.Contact.Phone) != in.Phone:
				v.add(Misplaced, "%q of %s is with %s", m.Content, in.Phone, conv.Contact.Phone)
			}
			found[in.ID] = append(found[in.ID], place{c, i})
		}
	}
	contacts := map[string][]*ledger.Inbound{}
	for i := range sent {
		in := &sent[i]
		switch n := len(found[in.ID]); {
		case n > 1:
			v.add(Doubled, "%q is there %d times", in.Text, n)
		case n == 0 && !in.AcknowledgedAt.IsZero():
			v.add(Lost, "%q was acknowledged at %s", in.Text, in.AcknowledgedAt.Format(time.RFC3339Nano))
		case n == 0:
			v.add(Lost, "%q was never acknowledged, and the simulator has stopped trying", in.Text)
		}
		if len(found[in.ID]) > 0 {
			key := in.PersonID + " " + in.NumberID
			contacts[key] = append(contacts[key], in)
		}
	}
	for _, list := range contacts {
		v.order(list, found)
	}
}

// order checks one contact's messages: what was acknowledged before a later
// message was first tried comes before that in the log. Of others the server
// cannot know the order.
func (v *Verdict) order(list []*ledger.Inbound, found map[string][]place) {
	slices.SortFunc(list, func(a, b *ledger.Inbound) int { return cmp.Compare(a.ContactSeq, b.ContactSeq) })
	for i, later := range list {
		for _, earlier := range list[:i] {
			if earlier.AcknowledgedAt.IsZero() || !earlier.AcknowledgedAt.Before(later.FirstAttemptAt) {
				continue
			}
			v.OrderedPairs++
			if !found[earlier.ID][0].before(found[later.ID][0]) {
				v.add(Misordered, "%q comes after %q", earlier.Text, later.Text)
			}
		}
	}
}

// turns checks that each turn has one answer, and that nobody waits for one.
// Only what has a delivery is an answer. Who wrote more than a day before it
// arrived may not be answered, and does not count as waiting.
func (v *Verdict) turns(sent []ledger.Inbound, conversations []Conversation) {
	answers, late := map[string]int{}, map[string]bool{}
	for _, in := range sent {
		if in.AcknowledgedAt.Sub(in.SentAt) > window {
			late[in.Text] = true
			v.Late++
		}
	}
	for _, conv := range conversations {
		waits := ""
		for _, m := range conv.Messages {
			switch {
			case m.Role == "user" && !late[m.Content]:
				waits = m.Content
			case m.Role == "assistant" && m.Delivery != "":
				waits = ""
				if m.TurnID != "" {
					answers[m.TurnID]++
				}
			}
		}
		if waits != "" {
			v.add(Unanswered, "nothing follows %q in %s", waits, conv.ID)
		}
	}
	for turn, n := range answers {
		if n > 1 {
			v.add(TwoAnswers, "turn %s has %d", turn, n)
		}
	}
}

// outbound checks what was sent: each once, inside the window, and with the
// state that its statuses say.
func (v *Verdict) outbound(l ledger.Ledger, conversations []Conversation) {
	byID, byKey := map[string]*ledger.Outbound{}, map[string]*ledger.Outbound{}
	for i := range l.Outbound {
		o := &l.Outbound[i]
		if !o.WindowOpen && o.Type != "template" {
			v.add(OutOfBound, "%s to %s was accepted", o.ID, o.To)
		}
		byID[o.ID] = o
		// Parley's key ends in the message's id.
		key := o.CallbackData[strings.LastIndex(o.CallbackData, "/")+1:]
		switch first := byKey[key]; {
		case o.CallbackData == "":
			v.add(Keyless, "%s to %s", o.ID, o.To)
		case first != nil:
			v.add(SentTwice, "key %s: %s and %s to %s", o.CallbackData, first.ID, o.ID, o.To)
		default:
			byKey[key] = o
		}
	}
	for _, r := range l.Refused {
		if r.Type != "template" && (!r.WindowOpen || r.Code == 131047) {
			v.add(OutOfBound, "to %s was tried, and refused with %d", r.To, r.Code)
		}
	}
	known := map[string]bool{}
	for _, conv := range conversations {
		for _, m := range conv.Messages {
			if m.Role != "assistant" && m.Role != "operator" || m.Delivery == "" && m.ProviderID == "" {
				continue
			}
			v.Deliveries[cmp.Or(m.Delivery, "none")]++
			o := byID[m.ProviderID]
			if o == nil {
				o = byKey[m.ID] // its answer was lost, and no status told the id
			}
			if o != nil {
				known[o.ID] = true
			}
			v.settled(&m, o)
		}
	}
	for id, o := range byID {
		if !known[id] {
			v.add(Unknown, "%s to %s with the key %q", id, o.To, o.CallbackData)
		}
	}
}

// settled checks the state of one message against the statuses that the server
// has taken; o is nil if the simulator never accepted it.
func (v *Verdict) settled(m *Message, o *ledger.Outbound) {
	if o == nil {
		switch m.Delivery {
		case "failed", "canceled":
		case "unknown":
			v.NeverSent++
		default:
			v.add(Unsettled, "%s is %s, and was never accepted", m.ID, cmp.Or(m.Delivery, "without a state"))
		}
		return
	}
	want, failed := "", false
	for _, s := range o.Statuses {
		switch {
		case !s.Acknowledged:
		case s.Status == "failed":
			failed = true
		case want == "" || ranks[s.Status] > ranks[want]:
			want = s.Status
		}
	}
	if failed && ranks[want] <= ranks["sent"] {
		want = "failed"
	}
	switch {
	case want == "":
		v.add(Unsettled, "%s: no status of %s was taken", m.ID, o.ID)
	case m.Delivery != want:
		v.add(Unsettled, "%s is %s, and the statuses of %s say %s", m.ID, cmp.Or(m.Delivery, "without a state"), o.ID, want)
	}
}

// ranks order the statuses.
var ranks = map[string]int{"sent": 1, "delivered": 2, "read": 3, "played": 4}

// digits keeps the digits of a phone number.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
