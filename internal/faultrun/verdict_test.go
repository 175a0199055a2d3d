package faultrun

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/internal/metasim/ledger"
)

// story is a run in which all went well: two contacts, two messages each, each
// answered, all read. Every case below spoils it in one way.
type story struct {
	ledger        ledger.Ledger
	conversations []Conversation
}

func wellTold() *story {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	tick := func() time.Time { at = at.Add(time.Second); return at }
	s := &story{}
	for c := range 2 {
		phone := fmt.Sprintf("1202555000%d", c)
		conv := Conversation{ID: fmt.Sprintf("conv-%d", c), StartedAt: at}
		conv.Contact.Phone = "+" + phone
		for n := range 2 {
			in := ledger.Inbound{
				ID: fmt.Sprintf("wamid.in-%d-%d", c, n), NumberID: "1", PersonID: "p" + phone, Phone: phone, Type: "text",
				Text: fmt.Sprintf("Message %d of %d", n, c), ContactSeq: n + 1, SentAt: tick(), FirstAttemptAt: tick(), AcknowledgedAt: tick(),
			}
			out := ledger.Outbound{
				ID: fmt.Sprintf("wamid.out-%d-%d", c, n), NumberID: "1", PersonID: in.PersonID, To: phone, Type: "text", Text: "Fine",
				CallbackData: fmt.Sprintf("key-%d-%d", c, n), WindowOpen: true, AcceptedAt: tick(),
				Statuses: []*ledger.Status{
					{Status: "read", Acknowledged: true}, {Status: "sent", Acknowledged: true}, {Status: "delivered", Acknowledged: true},
				},
			}
			s.ledger.Inbound, s.ledger.Outbound = append(s.ledger.Inbound, in), append(s.ledger.Outbound, out)
			conv.Messages = append(conv.Messages,
				Message{ID: fmt.Sprintf("u-%d-%d", c, n), Role: "user", Content: in.Text, ProviderID: in.ID},
				Message{ID: fmt.Sprintf("a-%d-%d", c, n), Role: "assistant", Content: "Fine", ProviderID: out.ID, Delivery: "read", TurnID: fmt.Sprintf("turn-%d-%d", c, n)})
		}
		s.conversations = append(s.conversations, conv)
	}
	return s
}

// The verdict can fail, for each reason and for no other.
func TestJudge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(*story)
		want  []Kind
	}{
		{"all is well", func(*story) {}, nil},
		{"without provider ids of inbound messages, by their texts", func(s *story) { s.conversations[0].Messages[0].ProviderID = "" }, nil},
		{"an acknowledged message is gone", func(s *story) { s.drop(0, 0) }, []Kind{Lost}},
		{"a message was never taken", func(s *story) {
			s.drop(0, 0)
			s.ledger.Inbound[0].AcknowledgedAt = time.Time{}
		}, []Kind{Lost}},
		{"a message is there twice", func(s *story) { s.insert(0, 1, s.conversations[0].Messages[0]) }, []Kind{Doubled}},
		{"the same text twice under two ids is no duplicate", func(s *story) {
			s.ledger.Inbound[1].Text = s.ledger.Inbound[0].Text
			s.conversations[0].Messages[2].Content = s.ledger.Inbound[0].Text
		}, nil},
		{"a message that nobody sent", func(s *story) { s.insert(0, 0, Message{ID: "x", Role: "user", Content: "Never"}) }, []Kind{Invented}},
		{"a message with another's text", func(s *story) { s.conversations[0].Messages[0].Content = "Never" }, []Kind{Lost, Invented}},
		{"in another contact's conversation", func(s *story) {
			m := s.conversations[0].Messages[0]
			s.drop(0, 0)
			s.insert(1, 0, m)
		}, []Kind{Misplaced, Misordered}},
		{"in another order", func(s *story) {
			m := s.conversations[0].Messages
			m[0], m[2] = m[2], m[0]
		}, []Kind{Misordered}},
		{"in another order, which nobody could know", func(s *story) {
			m := s.conversations[0].Messages
			m[0], m[2] = m[2], m[0]
			s.ledger.Inbound[0].AcknowledgedAt = s.ledger.Inbound[1].AcknowledgedAt
		}, nil},
		{"in order over two conversations", func(s *story) { s.split(time.Hour) }, nil},
		{"out of order over two conversations", func(s *story) { s.split(-time.Hour) }, []Kind{Misordered}},
		{"no answer", func(s *story) {
			s.drop(0, 3)
			s.ledger.Outbound = slices.Delete(s.ledger.Outbound, 1, 2)
		}, []Kind{Unanswered}},
		{"no answer to what came after its window", func(s *story) {
			s.drop(0, 3)
			s.ledger.Outbound = slices.Delete(s.ledger.Outbound, 1, 2)
			s.ledger.Inbound[1].SentAt = s.ledger.Inbound[1].SentAt.Add(-25 * time.Hour)
		}, nil},
		{"what is never sent is no answer", func(s *story) {
			s.conversations[0].Messages[3].Delivery, s.conversations[0].Messages[3].ProviderID = "", ""
			s.ledger.Outbound = slices.Delete(s.ledger.Outbound, 1, 2)
		}, []Kind{Unanswered}},
		{"a step of a turn that is not sent is no second answer", func(s *story) {
			s.insert(0, 1, Message{ID: "call", Role: "assistant", TurnID: "turn-0-0"})
		}, nil},
		{"one answer for two messages", func(s *story) {
			s.drop(0, 1)
			s.ledger.Outbound = slices.Delete(s.ledger.Outbound, 0, 1)
		}, nil},
		{"two answers of a turn", func(s *story) {
			m := s.conversations[0].Messages
			m[3].TurnID = m[1].TurnID
		}, []Kind{TwoAnswers}},
		{"a key was accepted twice", func(s *story) {
			again := s.ledger.Outbound[0]
			again.ID = "wamid.again"
			s.ledger.Outbound = append(s.ledger.Outbound, again)
		}, []Kind{SentTwice, Unknown}},
		{"no key", func(s *story) { s.ledger.Outbound[0].CallbackData = "" }, []Kind{Keyless}},
		{"an accepted message that the server does not know", func(s *story) {
			s.conversations[0].Messages[1].ProviderID, s.conversations[0].Messages[1].Delivery = "", "unknown"
		}, []Kind{Unknown}},
		{"an accepted message known by its key only, and not settled", func(s *story) {
			m := &s.conversations[0].Messages[1]
			m.ProviderID, m.Delivery, m.ID = "", "unknown", "key-0-0"
		}, []Kind{Unsettled}},
		{"never accepted, and unknown for ever", func(s *story) {
			s.conversations[0].Messages[1].ProviderID, s.conversations[0].Messages[1].Delivery = "", "unknown"
			s.ledger.Outbound = s.ledger.Outbound[1:]
		}, nil},
		{"never accepted, and still to be sent", func(s *story) {
			s.conversations[0].Messages[1].ProviderID, s.conversations[0].Messages[1].Delivery = "", "queued"
			s.ledger.Outbound = s.ledger.Outbound[1:]
		}, []Kind{Unsettled}},
		{"never accepted, and said to be sent", func(s *story) {
			s.conversations[0].Messages[1].Delivery = "sent"
			s.ledger.Outbound = s.ledger.Outbound[1:]
		}, []Kind{Unsettled}},
		{"delivered, though it was read", func(s *story) { s.conversations[0].Messages[1].Delivery = "delivered" }, []Kind{Unsettled}},
		{"read, though nobody said so", func(s *story) { s.ledger.Outbound[0].Statuses[0].Acknowledged = false }, []Kind{Unsettled}},
		{"failed after it was sent", func(s *story) {
			s.ledger.Outbound[0].Statuses = []*ledger.Status{{Status: "sent", Acknowledged: true}, {Status: "failed", Acknowledged: true}}
			s.conversations[0].Messages[1].Delivery = "failed"
		}, nil},
		{"sent, though it failed", func(s *story) {
			s.ledger.Outbound[0].Statuses = []*ledger.Status{{Status: "sent", Acknowledged: true}, {Status: "failed", Acknowledged: true}}
			s.conversations[0].Messages[1].Delivery = "sent"
		}, []Kind{Unsettled}},
		{"free-form outside the window", func(s *story) { s.ledger.Outbound[0].WindowOpen = false }, []Kind{OutOfBound}},
		{"a template outside the window", func(s *story) { s.ledger.Outbound[0].WindowOpen, s.ledger.Outbound[0].Type = false, "template" }, nil},
		{"free-form was tried outside the window", func(s *story) {
			s.ledger.Refused = []ledger.Refused{{Code: 131047, Type: "text"}}
		}, []Kind{OutOfBound}},
		{"a refusal inside the window", func(s *story) {
			s.ledger.Refused = []ledger.Refused{{Code: 131056, Type: "text", WindowOpen: true}}
		}, nil},
		{"the ledger forgot", func(s *story) { s.ledger.Dropped = 1 }, []Kind{Incomplete}},
	}
	seen := map[Kind]bool{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := wellTold()
			tt.spoil(s)
			v := Judge(s.ledger, s.conversations)
			var got []Kind
			for _, k := range kinds {
				if len(v.Violations[k]) > 0 {
					got = append(got, k)
				}
			}
			if !slices.Equal(got, tt.want) || v.OK() != (tt.want == nil) {
				t.Errorf("got %v, want %v: %v", got, tt.want, v.Violations)
			}
		})
		for _, k := range tt.want {
			seen[k] = true
		}
	}
	for _, k := range kinds {
		if !seen[k] {
			t.Errorf("no case shows that it finds: %s", k)
		}
	}
}

func (s *story) drop(c, i int) {
	s.conversations[c].Messages = slices.Delete(slices.Clone(s.conversations[c].Messages), i, i+1)
}

func (s *story) insert(c, i int, m Message) {
	s.conversations[c].Messages = slices.Insert(slices.Clone(s.conversations[c].Messages), i, m)
}

// split moves the first contact's second exchange into another conversation
// that started so much later.
func (s *story) split(later time.Duration) {
	first := &s.conversations[0]
	second := *first
	second.ID, second.StartedAt = "conv-again", first.StartedAt.Add(later)
	second.Messages = first.Messages[2:]
	first.Messages = first.Messages[:2]
	s.conversations = append(s.conversations, second)
}
