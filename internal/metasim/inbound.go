package metasim

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"parley/internal/metasim/ledger"
	"parley/internal/metasim/media"
	"parley/internal/metasim/screen"

	"parley"
)

// receive puts a person's message on the screen, opens the window and tells the
// business.
func (s *Sim) receive(c *chat, a *Action, m *message, body map[string]any) *message {
	m.ID, m.Mine, m.Status, m.ReplyTo = s.wamid(c, c.person.wamidName(), inboundMark), true, "sent", a.ReplyTo
	m.at = s.doneAt(a)
	s.keep(c, m)
	if m.at.After(c.lastInbound) {
		c.lastInbound = m.at
	}
	c.number.rate.Drain(s.now(), float64(c.number.Throughput), float64(c.number.Throughput))
	s.tell(c, a, m, body)
	return m
}

// doneAt is when the person did something.
func (s *Sim) doneAt(a *Action) time.Time {
	return s.now().Add(-time.Duration(a.AgoSeconds) * time.Second)
}

// tell sends the webhook of something that a person did, and writes it into the
// ledger.
func (s *Sim) tell(c *chat, a *Action, m *message, body map[string]any) {
	at := s.doneAt(a)
	body["id"], body["timestamp"] = m.ID, stamp(s.wall(at))
	c.person.Identify(body, "from", "from_user_id", "from_parent_user_id")
	context := map[string]any{}
	if a.ReplyTo != "" {
		context["id"], context["from"] = a.ReplyTo, c.number.Phone
		if of := c.message(a.ReplyTo); of != nil && of.Mine {
			context["from"] = c.person.Phone
		}
	}
	if a.Forwarded {
		context["forwarded"] = true
	}
	if len(context) > 0 {
		body["context"] = context
	}
	c.received++
	in := s.book.Received(&ledger.Inbound{
		ID: m.ID, NumberID: c.number.ID, PersonID: c.person.ID, Phone: c.person.Phone, UserID: c.person.UserID,
		Type: body["type"].(string), Text: m.Text, ContactSeq: c.received, SentAt: at,
	})
	s.counts["messages_in"]++
	u := s.news(c.number, "messages", "messages", body, c.person.Contact(), m.ID)
	u.message, u.inbound = m, in
	s.emit(u)
}

// wamidName is who a message id names.
func (p *person) wamidName() string {
	if p.ShowsPhone() {
		return p.Phone
	}
	return p.UserID
}

// maxInbound is the largest file that Meta passes on.
const maxInbound = 100 << 20

// actFile sends a file from the phone.
func (s *Sim) actFile(c *chat, a *Action) (*message, error) {
	u := a.Upload
	if u == nil || len(u.Data) == 0 || len(u.Data) > maxInbound {
		return nil, parley.Errorf(parley.CodeInvalid, "A file has 1 byte to 100 MB.")
	}
	kind, voice := a.Kind, a.Kind == "voice"
	if voice {
		kind = "audio"
	}
	mime := u.MIMEType
	switch {
	case voice && (mime == "" || strings.HasPrefix(mime, "audio/ogg")):
		mime = "audio/ogg; codecs=opus"
	case kind == "sticker" && mime == "":
		mime = "image/webp"
	case mime == "":
		mime = "application/octet-stream"
	}
	f := s.files.Put(&media.File{
		ID: s.mediaID(), NumberID: c.number.ID, Name: u.Name, MIMEType: mime, Data: u.Data, At: s.now(), KeptFor: media.InboundKept,
	})
	sum := sha256.Sum256(u.Data)
	what := map[string]any{"id": f.ID, "mime_type": mime, "sha256": base64.StdEncoding.EncodeToString(sum[:])}
	if s.cfg.BaseURL != "" {
		what["url"] = s.mediaURL(s.cfg.BaseURL, f)
	}
	switch {
	case kind == "audio":
		what["voice"] = voice
	case kind == "sticker":
		what["animated"] = strings.Contains(string(u.Data[:min(len(u.Data), 64)]), "ANIM")
	case a.Text != "":
		what["caption"] = a.Text
	}
	if kind == "document" && u.Name != "" {
		what["filename"] = u.Name
	}
	m := &message{Message: screen.Message{Type: kind, Text: a.Text, File: &screen.File{
		ID: f.ID, Name: u.Name, MIMEType: mime, Size: len(u.Data), Voice: voice,
	}}}
	return s.receive(c, a, m, map[string]any{"type": kind, kind: what}), nil
}

func (s *Sim) mediaID() string {
	s.lastID++
	return fmt.Sprintf("%015d", s.Hash("media", fmt.Sprint(s.lastID))%1e15)
}
