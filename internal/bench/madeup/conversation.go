// Package madeup makes up the conversations that measurements read: as many as
// are wanted, in many languages, the same every time. It writes nothing.
package madeup

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"parley"
	"parley/internal/store"
)

// Conversations makes up the conversations of one workspace. The same number
// always gives the same conversation, so that an interrupted fill goes on where
// it stopped.
type Conversations struct {
	Workspace  string
	Assistants []string          // ids; the first has half of the conversations, the last but one exactly ten
	Members    []string          // operators
	Tags       map[string]string // ids by name, of TagNames
	Total      int
	From, To   time.Time
	Words      *Vocabulary
}

// What the made-up conversations say of themselves, for filters that match
// none, ten or half of them.
const (
	VariableTier     = "tier"     // standard in one half, gold in the other
	VariableCampaign = "campaign" // ten in ten conversations, none in the others
	NameOfTen        = "Xanthippe"
	NameOfMany       = "Maria"
	RareCount        = 10 // conversations that match what is rare
)

// firstNames are of contacts; NameOfMany is one of twenty.
var firstNames = []string{
	NameOfMany, "Anna", "Ben", "Chen", "Dilara", "Elif", "Fatima", "Giulia", "Hiro", "Ivan",
	"João", "Karim", "Léa", "Mehmet", "Noor", "Olga", "Pablo", "Rahul", "Sofía", "Zoë",
}

// random returns random numbers that are the same every time.
func random(a, b uint64) *rand.Rand {
	return rand.New(rand.NewPCG(a, b))
}

// rare reports whether conversation i is one of the ten that match what is
// rare. They lie evenly over time.
func (m *Conversations) rare(i int) bool {
	step := max(m.Total/RareCount, 1)
	return i%step == step/2 && i/step < RareCount
}

// Make makes up number i.
func (m *Conversations) Make(i int) store.FillConversation {
	r := random(uint64(i), 42)
	start := m.startOf(i, r)
	c := store.FillConversation{Conversation: parley.Conversation{
		ID: m.id(start, r), WorkspaceID: m.Workspace,
		Source: m.source(r), Status: parley.ConversationEnded, EndReason: parley.EndInactivity,
		AssistantID: m.Assistants[m.assistant(i, r)], AssistantVersion: 1,
		Owner: parley.OwnerAssistant, StartedAt: start, Epoch: 1,
	}}
	m.contact(&c, i, r)
	end := m.messages(&c, start, r)
	m.state(&c, i, end, r)
	m.variables(&c, i, end)
	m.usage(&c, end, r)
	return c
}

// startOf spreads the starts over the span, growing towards its end.
func (m *Conversations) startOf(i int, r *rand.Rand) time.Time { return m.at(float64(i) + r.Float64()) }

func (m *Conversations) at(i float64) time.Time {
	f := i / float64(max(m.Total, 1))
	f *= 1.6 - 0.6*f // more of the conversations are recent
	return m.From.Add(time.Duration(f * float64(m.To.Sub(m.From)))).UTC().Truncate(time.Microsecond)
}

// id is a UUIDv7 with bits from r.
func (m *Conversations) id(t time.Time, r *rand.Rand) string {
	hi, lo := uint64(t.UnixMilli())<<16|0x7000|r.Uint64()&0x0fff, r.Uint64()&^(3<<62)|2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&0xffffffffffff)
}

func (m *Conversations) source(r *rand.Rand) parley.Source {
	switch d := r.IntN(100); {
	case d < 50:
		return parley.SourceWidget
	case d < 80:
		return parley.SourceWhatsApp
	case d < 95:
		return parley.SourceAPI
	}
	return parley.SourceTest
}

// assistant returns an index: half of the conversations have the first, the
// ten rare ones the last but one, none the last.
func (m *Conversations) assistant(i int, r *rand.Rand) int {
	n := len(m.Assistants)
	switch {
	case m.rare(i):
		return n - 2
	case r.IntN(2) == 0:
		return 0
	}
	return 1 + zipf(r, n-3)
}

// contact gives the conversation one of the workspace's contacts; two of three
// contacts come more than once, most of them soon again.
func (m *Conversations) contact(c *store.FillConversation, i int, r *rand.Rand) {
	n := i/2 - zipf(r, max(m.Total/20, 1))
	if n < 0 {
		n = r.IntN(i/2 + 1)
	}
	who := random(uint64(n), 7)
	name := firstNames[who.IntN(len(firstNames))] + " " + m.Words.tail[who.IntN(len(m.Words.tail))]
	if m.rare(i) {
		who = random(uint64(i), 8)
		name = NameOfTen + " " + m.Words.tail[who.IntN(len(m.Words.tail))]
	}
	c.Contact = parley.Contact{ID: m.id(m.at(float64(2*n)), who), WorkspaceID: m.Workspace, CreatedAt: c.Conversation.StartedAt}
	switch d := who.IntN(10); {
	case d < 4:
		c.Contact.Name, c.Contact.Phone = name, PhoneNumber(n*7919%max(m.Total/2, 1)) // in no order
	case d < 8 || m.rare(i):
		c.Contact.Name = name
	}
	c.Contact.Identifier = c.Contact.Phone
	if c.Contact.Phone == "" {
		c.Contact.Identifier = fmt.Sprintf("visitor-%06d", n)
	}
	c.Conversation.ContactID = c.Contact.ID
}

// messages makes up the exchange and returns the time of its last message.
func (m *Conversations) messages(c *store.FillConversation, at time.Time, r *rand.Rand) time.Time {
	w := writer{v: m.Words, r: r, lang: &m.Words.languages[m.Words.pick[r.IntN(len(m.Words.pick))]]}
	pairs := 1 + zipf(r, 18) // 5.3 on average
	operator := ""
	for p := range pairs {
		at = at.Add(time.Duration(5+r.IntN(90)) * time.Second)
		c.Messages = append(c.Messages, m.written(c, parley.ByUser, at, r, w.message(2+zipf(r, 30))))
		at = at.Add(time.Duration(1+r.IntN(6)) * time.Second)
		reply := m.written(c, parley.ByAssistant, at, r, w.message(8+zipf(r, 60)))
		if p > 0 && operator == "" && r.IntN(80) == 0 {
			operator = m.Members[r.IntN(len(m.Members))]
		}
		if operator != "" {
			reply.Role, reply.AuthorID = parley.ByOperator, operator
			c.Conversation.HandedOver = true
		}
		c.Messages = append(c.Messages, reply)
	}
	return at
}

func (m *Conversations) written(
	c *store.FillConversation, role parley.MessageRole, at time.Time, r *rand.Rand, text string,
) parley.Message {
	return parley.Message{
		ID: m.id(at, r), WorkspaceID: m.Workspace, ConversationID: c.Conversation.ID,
		Seq: int64(len(c.Messages) + 1), Role: role, Type: parley.MessageText, Content: text, CreatedAt: at,
	}
}

// state sets status and flags. What happened in the last hour is active; a few
// of the active ones are with an operator or wait for one.
func (m *Conversations) state(c *store.FillConversation, i int, end time.Time, r *rand.Rand) {
	conv := &c.Conversation
	conv.LastActivityAt = end
	conv.EndedAt = end.Add(30 * time.Minute)
	if m.To.Sub(end) < time.Hour || r.IntN(100) == 0 {
		conv.Status, conv.EndReason, conv.EndedAt = parley.ConversationActive, "", time.Time{}
		if r.IntN(4) == 0 {
			conv.Owner, conv.OperatorID, conv.HandedOver = parley.OwnerOperator, m.Members[r.IntN(len(m.Members))], true
		}
	}
	if m.rare(i) {
		conv.Waiting, conv.HandedOver = true, true
	}
	conv.HasError = r.IntN(70) == 0
	conv.HasAttachment = r.IntN(30) == 0
	if d := r.IntN(10); conv.Status == parley.ConversationEnded && d < 8 {
		resolved := d < 6
		conv.Resolved = &resolved
	}
}

func (m *Conversations) variables(c *store.FillConversation, i int, at time.Time) {
	set := func(name, value string, source parley.VariableSource) {
		quoted, err := json.Marshal(value)
		if err != nil { // a string always marshals
			return
		}
		c.Variables = append(c.Variables, parley.Variable{
			ConversationID: c.Conversation.ID, Name: name, Source: source, Type: parley.TypeText,
			Value: quoted, AssistantVersion: 1, SetAt: at,
		})
	}
	tier := "standard"
	if i%2 == 1 {
		tier = "gold"
	}
	set(VariableTier, tier, parley.FromPreChat)
	if m.rare(i) {
		set(VariableCampaign, "ten", parley.FromExtracted)
	}
}

// usage is one ledger row for the conversation's last reply.
func (m *Conversations) usage(c *store.FillConversation, at time.Time, r *rand.Rand) {
	in, out := int64(300+r.IntN(3000)), int64(20+r.IntN(400))
	u := parley.Usage{
		ID: m.id(at, r), WorkspaceID: m.Workspace, ConversationID: c.Conversation.ID,
		Kind: parley.UsageReply, ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel,
		AssistantID: c.Conversation.AssistantID, AssistantVersion: 1, Complete: true,
		InputTokens: &in, OutputTokens: &out, StartedAt: at, SettledAt: at,
	}
	if r.IntN(20) > 0 { // the others have an unknown price
		credits := parley.Credits(in*250 + out*1000)
		u.Credits = &credits
	}
	c.Usage = append(c.Usage, u)
}
