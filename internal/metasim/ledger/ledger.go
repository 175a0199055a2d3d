// Package ledger is the simulator's book of all that happened, from which it can
// be told whether a business lost or doubled anything.
package ledger

import (
	"slices"
	"time"
)

// Inbound is a message that a person wrote to the business.
type Inbound struct {
	Seq        uint64    `json:"seq"` // of the ledger
	ID         string    `json:"id"`  // wamid
	NumberID   string    `json:"number_id"`
	PersonID   string    `json:"person_id"`
	Phone      string    `json:"phone"`
	UserID     string    `json:"user_id"`
	Type       string    `json:"type"`
	Text       string    `json:"text"`
	ContactSeq int       `json:"contact_seq"` // from 1 in the person's chat with the number
	SentAt     time.Time `json:"sent_at"`
	// The webhook: when it was first tried, and first answered with 200.
	Attempts       int       `json:"attempts"`
	FirstAttemptAt time.Time `json:"first_attempt_at,omitzero"`
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
}

// Outbound is a message of the business that was accepted.
type Outbound struct {
	Seq          uint64    `json:"seq"`
	ID           string    `json:"id"` // wamid
	NumberID     string    `json:"number_id"`
	PersonID     string    `json:"person_id"` // "": nobody has the number
	To           string    `json:"to"`
	Type         string    `json:"type"`
	Text         string    `json:"text"`
	ReplyTo      string    `json:"reply_to,omitempty"`
	CallbackData string    `json:"callback_data"`
	WindowOpen   bool      `json:"window_open"` // when it was accepted
	AnswerLost   bool      `json:"answer_lost"` // the business was not told
	AcceptedAt   time.Time `json:"accepted_at"`
	Statuses     []*Status `json:"statuses"`
}

// Status is a status that was put on its way.
type Status struct {
	Status       string    `json:"status"`
	At           time.Time `json:"at"`
	Acknowledged bool      `json:"acknowledged"`
}

// Refused is a send that was not accepted; code 0 is a connection that was cut.
type Refused struct {
	Seq          uint64    `json:"seq"`
	NumberID     string    `json:"number_id"`
	To           string    `json:"to"`
	Type         string    `json:"type"`
	CallbackData string    `json:"callback_data"`
	Code         int       `json:"code"`
	Details      string    `json:"details"`
	WindowOpen   bool      `json:"window_open"`
	At           time.Time `json:"at"`
}

// Webhook is one body and the attempts to deliver it.
type Webhook struct {
	Seq      uint64    `json:"seq"`
	ID       string    `json:"id"`
	Updates  int       `json:"updates"`
	Bytes    int       `json:"bytes"`
	Attempts []Attempt `json:"attempts"`
}

// Attempt is one POST of a webhook.
type Attempt struct {
	At     time.Time     `json:"at"`
	Took   time.Duration `json:"took"`
	Status int           `json:"status"` // 0: no answer
	Error  string        `json:"error,omitempty"`
	Lost   bool          `json:"lost,omitempty"` // answered, and taken as unanswered
}

// Ledger is all that happened, oldest first, as far as it is kept.
type Ledger struct {
	Inbound  []Inbound        `json:"inbound"`
	Outbound []Outbound       `json:"outbound"`
	Refused  []Refused        `json:"refused"`
	Webhooks []Webhook        `json:"webhooks"`
	Counts   map[string]int64 `json:"counts"`
	Dropped  int              `json:"dropped"` // entries that are no longer kept
	Next     uint64           `json:"next"`    // give it as after
}

// Book keeps the newest entries of each kind. It is not safe for concurrent use,
// and neither is changing the entries that it was given.
type Book struct {
	Keep     int
	seq      uint64
	dropped  int
	inbound  []*Inbound
	outbound []*Outbound
	refused  []*Refused
	webhooks []*Webhook
}

// add appends and forgets the oldest once there are twice too many, so that
// forgetting costs little.
func add[T any](l *Book, list []*T, x *T) []*T {
	list = append(list, x)
	if len(list) >= 2*l.Keep {
		l.dropped += len(list) - l.Keep
		list = slices.Clone(list[len(list)-l.Keep:])
	}
	return list
}

func (l *Book) next() uint64 { l.seq++; return l.seq }

// Received records a message of a person.
func (l *Book) Received(x *Inbound) *Inbound {
	x.Seq = l.next()
	l.inbound = add(l, l.inbound, x)
	return x
}

// Accepted records a message of the business.
func (l *Book) Accepted(x *Outbound) *Outbound {
	x.Seq = l.next()
	l.outbound = add(l, l.outbound, x)
	return x
}

// Refused records a send that was not accepted.
func (l *Book) Refused(x *Refused) {
	x.Seq = l.next()
	l.refused = add(l, l.refused, x)
}

// Webhook records a body.
func (l *Book) Webhook(x *Webhook) *Webhook {
	x.Seq = l.next()
	l.webhooks = add(l, l.webhooks, x)
	return x
}

// Report copies the entries after one, at most limit of each kind, with their
// times as wall has them. A page ends where the first kind is full, so that the
// next one starts there for all.
func (l *Book) Report(after uint64, limit int, wall func(time.Time) time.Time) Ledger {
	in, more1 := since(l.inbound, after, limit, func(x *Inbound) uint64 { return x.Seq })
	out, more2 := since(l.outbound, after, limit, func(x *Outbound) uint64 { return x.Seq })
	no, more3 := since(l.refused, after, limit, func(x *Refused) uint64 { return x.Seq })
	wh, more4 := since(l.webhooks, after, limit, func(x *Webhook) uint64 { return x.Seq })
	next := min(l.seq, more1, more2, more3, more4)
	r := Ledger{
		Inbound: []Inbound{}, Outbound: []Outbound{}, Refused: []Refused{}, Webhooks: []Webhook{},
		Dropped: l.dropped, Next: next,
	}
	for _, x := range in {
		if c := *x; c.Seq <= next {
			c.SentAt, c.FirstAttemptAt, c.AcknowledgedAt = wall(c.SentAt), wall(c.FirstAttemptAt), wall(c.AcknowledgedAt)
			r.Inbound = append(r.Inbound, c)
		}
	}
	for _, x := range out {
		if c := *x; c.Seq <= next {
			c.AcceptedAt = wall(c.AcceptedAt)
			c.Statuses = make([]*Status, len(x.Statuses))
			for i, st := range x.Statuses {
				c.Statuses[i] = &Status{Status: st.Status, At: wall(st.At), Acknowledged: st.Acknowledged}
			}
			r.Outbound = append(r.Outbound, c)
		}
	}
	for _, x := range no {
		if c := *x; c.Seq <= next {
			c.At = wall(c.At)
			r.Refused = append(r.Refused, c)
		}
	}
	for _, x := range wh {
		if c := *x; c.Seq <= next {
			c.Attempts = slices.Clone(x.Attempts)
			for i := range c.Attempts {
				c.Attempts[i].At = wall(c.Attempts[i].At)
			}
			r.Webhooks = append(r.Webhooks, c)
		}
	}
	return r
}

// since returns the first entries after a seq. If there are more, upTo is the
// last one's seq.
func since[T any](list []*T, after uint64, limit int, seq func(*T) uint64) (part []*T, upTo uint64) {
	i, _ := slices.BinarySearchFunc(list, after+1, func(x *T, want uint64) int {
		switch got := seq(x); {
		case got < want:
			return -1
		case got > want:
			return 1
		}
		return 0
	})
	part = list[i:]
	if len(part) > limit {
		part = part[:limit]
		return part, seq(part[limit-1])
	}
	return part, ^uint64(0)
}
