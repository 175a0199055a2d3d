package metasim

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"parley/internal/metasim/ledger"
	"parley/internal/metasim/screen"
	"parley/internal/metasim/timing"

	"parley"
)

// The windows of Meta.
const (
	window       = 24 * time.Hour // after a message of the person
	freeEntry    = 72 * time.Hour // after the reply to a click on an ad
	typingLasts  = 25 * time.Second
	inboundMark  = 0x12
	outboundMark = 0x11
)

// message is a Message with what only the simulator knows.
type message struct {
	screen.Message
	at      time.Time
	out     *ledger.Outbound
	pricing map[string]any
	waiting bool // for a phone that is off
}

// chat is what one person and one number have written.
type chat struct {
	person      *person
	number      *number
	messages    []*message
	made        int       // ids given
	received    int       // messages of the person
	sends       int       // attempts of the business
	lastInbound time.Time // of what opens the window
	clickedAd   time.Time
	freeUntil   time.Time
	typingUntil time.Time
	pair        timing.Bucket
}

func (s *Sim) chatOf(p *person, n *number) *chat {
	c := p.chats[n]
	if c == nil {
		c = &chat{person: p, number: n}
		p.chats[n] = c
	}
	return c
}

// open reports whether the window is open.
func (s *Sim) open(c *chat) bool {
	return !c.lastInbound.IsZero() && s.now().Sub(c.lastInbound) < window
}

// wamid makes the next message id of a chat, in the shape of Meta's.
func (s *Sim) wamid(c *chat, who string, mark byte) string {
	c.made++
	n := fmt.Sprint(c.made)
	b := append([]byte{0x1c, 0x18, byte(len(who))}, who...)
	b = append(b, 0x15, 2, 0, mark, 0x18, 0x14)
	id := fmt.Sprintf("%016x%016x", s.Hash("id", c.number.ID, c.person.ID, n), s.Hash("id2", c.number.ID, c.person.ID, n))
	random, err := hex.DecodeString(id)
	if err != nil {
		panic(err) // it was written in hexadecimal above
	}
	b = fmt.Appendf(b, "%X", random[:10])
	return "wamid." + base64.StdEncoding.EncodeToString(append(b, 0))
}

// keep puts a message on the screen.
func (s *Sim) keep(c *chat, m *message) *message {
	if m.at.IsZero() {
		m.at = s.now()
	}
	m.PersonID, m.NumberID = c.person.ID, c.number.ID
	c.messages = append(c.messages, m)
	if n := s.cfg.KeepMessages; len(c.messages) >= 2*n {
		c.messages = slices.Clone(c.messages[len(c.messages)-n:])
	}
	s.show(m)
	return m
}

// show tells the screens how a message looks now.
func (s *Sim) show(m *message) {
	v := s.view(m)
	s.event(screen.Event{Type: "message", PersonID: m.PersonID, NumberID: m.NumberID, Message: &v})
}

func (s *Sim) view(m *message) screen.Message {
	v := m.Message
	v.At = s.wall(m.at)
	return v
}

// message returns a message of the chat by its id.
func (c *chat) message(id string) *message {
	for _, m := range slices.Backward(c.messages) {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// Chat returns a chat with the messages that came after one, all for "". It
// returns CodeNotFound.
func (s *Sim) Chat(personID, numberID, after string) (screen.Chat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, n := s.personByID(personID), s.numberByID(numberID)
	if p == nil || n == nil {
		return screen.Chat{}, parley.Errorf(parley.CodeNotFound, "There is no such phone or number.")
	}
	return s.chatView(p, n, after), nil
}

func (s *Sim) chatView(p *person, n *number, after string) screen.Chat {
	v := screen.Chat{PersonID: p.ID, NumberID: n.ID, Messages: []screen.Message{}}
	c := p.chats[n]
	if c == nil {
		return v
	}
	v.WindowOpen, v.Typing = s.open(c), s.now().Before(c.typingUntil)
	if !c.lastInbound.IsZero() {
		v.WindowEnds = s.wall(c.lastInbound.Add(window))
	}
	if s.now().Before(c.freeUntil) {
		v.FreeUntil = s.wall(c.freeUntil)
	}
	from := 0
	for i, m := range c.messages {
		if m.ID == after {
			from = i + 1
		}
		if !m.Mine && m.Status != "read" && m.Status != "played" && m.Status != "failed" {
			v.Unread++
		}
	}
	for _, m := range c.messages[from:] {
		v.Messages = append(v.Messages, s.view(m))
	}
	return v
}
