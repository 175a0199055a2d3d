package metasim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/screen"

	"parley"
)

// Action is something that a person does on the phone. Which fields it needs
// depends on its kind:
//
//	text                 Text
//	image, video, audio, voice, document, sticker   Upload, and Text as caption
//	location, contacts   Payload, as the webhook has it
//	tap                  MessageID and Choice, the id of a button or a row
//	reaction             MessageID and Emoji; "" takes it back
//	edit                 MessageID and Text
//	delete               MessageID
//	ad                   Text: written after a click on an ad
//	call                 nothing
//	change_number        Phone
//	change_user_id       nothing
//	raw                  Type and Payload, as the webhook has them
//	echo                 Text: the business writes it on its own phone
type Action struct {
	Kind      string          `json:"kind"`
	Text      string          `json:"text,omitempty"`
	ReplyTo   string          `json:"reply_to,omitempty"`
	MessageID string          `json:"message_id,omitempty"`
	Emoji     string          `json:"emoji,omitempty"`
	Choice    string          `json:"choice,omitempty"`
	Phone     string          `json:"phone,omitempty"`
	Upload    *Upload         `json:"upload,omitempty"`
	Type      string          `json:"type,omitempty"`
	Payload   json.RawMessage `json:"payload,omitempty"`
	Forwarded bool            `json:"forwarded,omitempty"`
	// AgoSeconds is how long ago it was done: the webhook comes late, as it does
	// after the business could not be reached for days.
	AgoSeconds int `json:"ago_seconds,omitempty"`
}

// Upload is a file that a person sends.
type Upload struct {
	Name     string `json:"name"`
	MIMEType string `json:"mime_type"`
	Data     []byte `json:"data"` // base64 in JSON
}

// acts are what a person can do, by kind.
var acts = map[string]func(*Sim, *chat, *Action) (*message, error){
	"text": (*Sim).actText, "ad": (*Sim).actText, "tap": (*Sim).actTap, "reaction": (*Sim).actReaction, "edit": (*Sim).actEdit,
	"delete": (*Sim).actDelete, "call": (*Sim).actCall, "change_number": (*Sim).actChange, "change_user_id": (*Sim).actChange,
	"raw": (*Sim).actRaw, "echo": (*Sim).actEcho, "location": (*Sim).actPayload, "contacts": (*Sim).actPayload,
	"image": (*Sim).actFile, "video": (*Sim).actFile, "audio": (*Sim).actFile, "voice": (*Sim).actFile,
	"document": (*Sim).actFile, "sticker": (*Sim).actFile,
}

// Act lets a person do something in the chat with a number. It returns the
// message that came of it; nil for what is no message of its own. Errors:
// not_found, invalid, conflict.
func (s *Sim) Act(personID, numberID string, a Action) (*screen.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, n := s.personByID(personID), s.numberByID(numberID)
	switch {
	case p == nil:
		return nil, noPerson(personID)
	case n == nil:
		return nil, parley.Errorf(parley.CodeNotFound, "There is no number %q.", numberID)
	}
	if a.AgoSeconds < 0 || time.Duration(a.AgoSeconds)*time.Second > giveUpAfter {
		return nil, parley.Errorf(parley.CodeInvalid, "A webhook comes seven days late at most.")
	}
	act, ok := acts[a.Kind]
	if !ok {
		return nil, parley.Errorf(parley.CodeInvalid, "Nobody can do %q.", a.Kind)
	}
	m, err := act(s, s.chatOf(p, n), &a)
	if m == nil || err != nil {
		return nil, err
	}
	v := s.view(m)
	return &v, nil
}

// SendText lets a person write a text.
func (s *Sim) SendText(personID, numberID, text string) (*screen.Message, error) {
	return s.Act(personID, numberID, Action{Kind: "text", Text: text})
}

func (s *Sim) actText(c *chat, a *Action) (*message, error) {
	if a.Text == "" || len(a.Text) > 64<<10 {
		return nil, parley.Errorf(parley.CodeInvalid, "A text has 1 to 65,536 bytes.")
	}
	body := map[string]any{"type": "text", "text": map[string]any{"body": a.Text}}
	if a.Kind == "ad" {
		c.clickedAd = s.now()
		body["referral"] = map[string]any{
			"source_url": "https://fb.me/3cr4Wqqkv", "source_id": "120226305854810726", "source_type": "ad", "headline": "Chat with us",
			"body": "Fresh beans are here!", "media_type": "image", "image_url": "https://scontent.xx.fbcdn.net/v/t45.1",
			"ctwa_clid":       fmt.Sprintf("Aff-%016x", s.Hash("click", c.person.ID, fmt.Sprint(c.received))),
			"welcome_message": map[string]any{"text": "Hi there! Let us know how we can help!"},
		}
	}
	return s.receive(c, a, &message{Message: screen.Message{Type: "text", Text: a.Text}}, body), nil
}

func (s *Sim) actPayload(c *chat, a *Action) (*message, error) {
	if len(a.Payload) == 0 {
		return nil, parley.Errorf(parley.CodeInvalid, "A %s needs its payload.", a.Kind)
	}
	m := &message{Message: screen.Message{Type: a.Kind, Payload: a.Payload}}
	return s.receive(c, a, m, map[string]any{"type": a.Kind, a.Kind: a.Payload}), nil
}

func (s *Sim) actRaw(c *chat, a *Action) (*message, error) {
	if a.Type == "" || len(a.Payload) == 0 {
		return nil, parley.Errorf(parley.CodeInvalid, "A raw message needs its type and its payload.")
	}
	m := &message{Message: screen.Message{Type: a.Type, Payload: a.Payload}}
	return s.receive(c, a, m, map[string]any{"type": a.Type, a.Type: a.Payload}), nil
}

// actTap taps a button or chooses a row of what the business sent.
func (s *Sim) actTap(c *chat, a *Action) (*message, error) {
	of := c.message(a.MessageID)
	if of == nil || of.Mine {
		return nil, parley.Errorf(parley.CodeNotFound, "There is no such message of the business.")
	}
	a.ReplyTo = a.MessageID
	if of.List != nil {
		for _, section := range of.List.Sections {
			if i := slices.IndexFunc(section.Rows, func(r screen.Row) bool { return r.ID == a.Choice }); i >= 0 {
				m := &message{Message: screen.Message{Type: "interactive", Text: section.Rows[i].Title}}
				return s.receive(c, a, m, map[string]any{
					"type": "interactive", "interactive": map[string]any{"type": "list_reply", "list_reply": section.Rows[i]},
				}), nil
			}
		}
	}
	i := slices.IndexFunc(of.Buttons, func(b screen.Button) bool { return b.ID == a.Choice })
	if i < 0 {
		return nil, parley.Errorf(parley.CodeInvalid, "The message has no button or row %q.", a.Choice)
	}
	switch b := of.Buttons[i]; b.Kind {
	case "reply":
		m := &message{Message: screen.Message{Type: "interactive", Text: b.Title}}
		return s.receive(c, a, m, map[string]any{"type": "interactive", "interactive": map[string]any{
			"type": "button_reply", "button_reply": map[string]any{"id": b.ID, "title": b.Title},
		}}), nil
	case "quick_reply":
		m := &message{Message: screen.Message{Type: "button", Text: b.Title}}
		return s.receive(c, a, m, map[string]any{
			"type": "button", "button": map[string]any{"payload": cmp.Or(b.Value, b.Title), "text": b.Title},
		}), nil
	}
	return nil, parley.Errorf(parley.CodeInvalid, "That button answers nothing to the business.")
}

func (s *Sim) actReaction(c *chat, a *Action) (*message, error) {
	of := c.message(a.MessageID)
	if of == nil {
		return nil, parley.Errorf(parley.CodeNotFound, "There is no such message.")
	}
	of.Reaction = a.Emoji
	s.show(of)
	reaction := map[string]any{"message_id": a.MessageID}
	if a.Emoji != "" {
		reaction["emoji"] = a.Emoji
	}
	s.tell(c, a, &message{Message: screen.Message{ID: s.wamid(c, c.person.wamidName(), inboundMark), Type: "reaction"}},
		map[string]any{"type": "reaction", "reaction": reaction})
	return nil, nil //nolint:nilnil // a reaction is no message of its own
}

// actEdit changes a message. Only a number in the Business app is told the new
// text.
func (s *Sim) actEdit(c *chat, a *Action) (*message, error) {
	of := c.message(a.MessageID)
	if of == nil || !of.Mine || of.Type != "text" || a.Text == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "Only a text of one's own can be edited, into another text.")
	}
	of.Text, of.Edited = a.Text, true
	s.show(of)
	s.alter(c, a, "edit", map[string]any{
		"original_message_id": a.MessageID, "message": map[string]any{"type": "text", "text": map[string]any{"body": a.Text}},
	})
	return nil, nil //nolint:nilnil // an edit is no message of its own
}

func (s *Sim) actDelete(c *chat, a *Action) (*message, error) {
	of := c.message(a.MessageID)
	if of == nil || !of.Mine {
		return nil, parley.Errorf(parley.CodeInvalid, "Only a message of one's own can be deleted.")
	}
	of.Text, of.File, of.Payload, of.Deleted = "", nil, nil, true
	s.show(of)
	s.alter(c, a, "revoke", map[string]any{"original_message_id": a.MessageID})
	return nil, nil //nolint:nilnil // a deletion is no message of its own
}

// alter tells the business of an edit or a deletion, as far as its number may
// know.
func (s *Sim) alter(c *chat, a *Action, kind string, what map[string]any) {
	body := map[string]any{"type": kind, kind: what}
	if !c.number.Coexistence {
		e := graph.NewError(131051, "Message type is currently not supported.").InWebhook()
		delete(e, "href")
		body = map[string]any{"type": "unsupported", "unsupported": map[string]any{"type": kind}, "errors": []any{e}}
	}
	s.tell(c, a, &message{Message: screen.Message{ID: s.wamid(c, c.person.wamidName(), inboundMark), Type: kind}}, body)
}

// actCall calls the business, which opens the window.
func (s *Sim) actCall(c *chat, _ *Action) (*message, error) {
	c.lastInbound = s.now()
	s.lastID++
	call := map[string]any{
		"id": fmt.Sprintf("wacid.ABGG%016X", s.Hash("call", c.person.ID, fmt.Sprint(s.lastID))), "to": c.number.Phone, "event": "connect",
		"timestamp": stamp(s.wall(s.now())), "direction": "USER_INITIATED",
		"session": map[string]any{"sdp_type": "offer", "sdp": "v=0\r\n"},
	}
	c.person.Identify(call, "from", "from_user_id", "from_parent_user_id")
	s.emit(s.news(c.number, "calls", "calls", call, c.person.Contact(), call["id"].(string)))
	return nil, nil //nolint:nilnil // a call is no message
}

func (s *Sim) actChange(c *chat, a *Action) (*message, error) {
	phone := digits(a.Phone)
	switch {
	case a.Kind == "change_user_id":
		phone = ""
	case len(phone) < 7 || len(phone) > 15:
		return nil, parley.Errorf(parley.CodeInvalid, "A phone number has 7 to 15 digits, with the country code.")
	case s.personByPhone(phone) != nil:
		return nil, parley.Errorf(parley.CodeConflict, "Somebody has that number already.")
	}
	s.changeIdentity(c.person, phone)
	return nil, nil //nolint:nilnil // the phone's screen shows nothing of it
}

// actEcho writes from the business's own phone, which the Cloud API only hears
// of. It exists for numbers that are in the Business app too.
func (s *Sim) actEcho(c *chat, a *Action) (*message, error) {
	if !c.number.Coexistence || a.Text == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "Only a number that is in the Business app too can write from there, and only a text.")
	}
	m := s.keep(c, &message{Message: screen.Message{
		ID: s.wamid(c, c.person.wamidName(), outboundMark), Type: "text", Text: a.Text, Echo: true, Status: "delivered",
	}})
	echo := map[string]any{
		"from": c.number.Phone, "id": m.ID, "timestamp": stamp(s.wall(m.at)), "type": "text", "text": map[string]any{"body": a.Text},
	}
	c.person.Identify(echo, "to", "to_user_id", "to_parent_user_id")
	s.emit(s.news(c.number, "smb_message_echoes", "message_echoes", echo, c.person.Contact(), m.ID))
	return m, nil
}
