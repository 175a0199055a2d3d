package foreign

import (
	"cmp"
	"encoding/json"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// What Chatwoot's API answers with, as far as it is read: conversations, pages of
// their messages, single messages, and contacts.
type (
	cwConversation struct {
		InboxID   id        `json:"inbox_id"`
		Status    string    `json:"status"`
		Labels    []string  `json:"labels"`
		CreatedAt stamp     `json:"created_at"`
		Meta      cwMeta    `json:"meta"`
		Messages  cwList    `json:"messages"`
		Custom    cwDetails `json:"custom_attributes"`
	}
	cwMeta struct {
		Labels    []string  `json:"labels"`
		Sender    *cwPerson `json:"sender"`
		Contact   *cwPerson `json:"contact"`
		ContactID id        `json:"contact_id"`
		Channel   string    `json:"channel"`
	}
	cwPage struct {
		Meta    cwMeta `json:"meta"`
		Payload cwList `json:"payload"`
	}
	// cwList is messages, or a page of them.
	cwList []cwMessage
	// cwDetails are attributes: an object, whatever it holds.
	cwDetails json.RawMessage

	cwMessage struct {
		ID          id              `json:"id"`
		Content     *string         `json:"content"`
		InboxID     id              `json:"inbox_id"`
		Type        json.RawMessage `json:"message_type"` // 0 to 3, or the word for it
		CreatedAt   stamp           `json:"created_at"`
		Private     bool            `json:"private"`
		Status      string          `json:"status"`
		SenderType  string          `json:"sender_type"`
		Sender      *cwPerson       `json:"sender"`
		Attachments []cwFile        `json:"attachments"`
		Attributes  cwDetails       `json:"content_attributes"`
	}
	cwPerson struct {
		ID         id      `json:"id"`
		Type       string  `json:"type"`
		Name       string  `json:"name"`
		Available  string  `json:"available_name"`
		Email      *string `json:"email"`
		Phone      *string `json:"phone_number"`
		Identifier *string `json:"identifier"`
	}
	cwFile struct {
		ID    id      `json:"id"`
		Kind  string  `json:"file_type"`
		URL   string  `json:"data_url"`
		Title string  `json:"fallback_title"`
		Lat   float64 `json:"coordinates_lat"`
		Long  float64 `json:"coordinates_long"`
	}
)

// UnmarshalJSON implements json.Unmarshaler.
func (l *cwList) UnmarshalJSON(b []byte) error {
	if o := members(b); o.is("payload", '[') {
		b = o.raw("payload")
	}
	var all []cwMessage
	err := json.Unmarshal(b, &all)
	*l = all
	return err
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *cwDetails) UnmarshalJSON(b []byte) error {
	*d = append(cwDetails(nil), b...)
	return nil
}

// chatwoot puts the parts of a conversation of Chatwoot together.
func (x *Index) chatwoot(from io.ReaderAt, e *Entry, all []piece) (*Conversation, error) {
	c := &Conversation{System: Chatwoot, ID: e.Key, Source: parley.SourceAPI}
	contactID := ""
	for _, p := range all {
		var conv cwConversation
		var messages []cwMessage
		var err error
		switch p.kind {
		case chatwootMessage:
			messages = make([]cwMessage, 1)
			err = json.Unmarshal(p.b, &messages[0])
		case chatwootPage:
			var page cwPage
			err = json.Unmarshal(p.b, &page)
			conv.Meta, messages = page.Meta, page.Payload
		case wrapped:
			var w struct {
				Conversation cwConversation `json:"conversation"`
				Messages     cwList         `json:"messages"`
			}
			err = json.Unmarshal(p.b, &w)
			conv, messages = w.Conversation, slices.Concat(w.Conversation.Messages, w.Messages)
		default:
			err = json.Unmarshal(p.b, &conv)
			messages = conv.Messages
		}
		if err != nil {
			return nil, notOf(Chatwoot, err)
		}
		c.describe(&conv)
		contactID = cmp.Or(string(conv.Meta.ContactID), contactID)
		for i := range messages {
			if err := c.chatwootMessage(&messages[i]); err != nil {
				return nil, err
			}
		}
	}
	c.Contact.ID = cmp.Or(c.Contact.ID, contactID)
	return c, x.meet(from, c)
}

// meet completes the contact from the contacts that are in the file.
func (x *Index) meet(from io.ReaderAt, c *Conversation) error {
	s, there := x.contacts[c.Contact.ID]
	if !there {
		return nil
	}
	b, err := s.read(from)
	if err != nil {
		return err
	}
	var p cwPerson
	if err := json.Unmarshal(b, &p); err != nil {
		return notOf(Chatwoot, err)
	}
	c.Contact.from(&p)
	return nil
}

// describe notes what is known of a conversation apart from its messages.
func (c *Conversation) describe(v *cwConversation) {
	c.Inbox = cmp.Or(c.Inbox, string(v.InboxID))
	if c.StartedAt.IsZero() {
		c.StartedAt = v.CreatedAt.Time
	}
	c.Resolved = c.Resolved || v.Status == "resolved"
	switch v.Meta.Channel {
	case "Channel::WebWidget":
		c.Source = parley.SourceWidget
	case "Channel::Whatsapp":
		c.Source = parley.SourceWhatsApp
	}
	c.Labels = append(append(c.Labels, v.Labels...), v.Meta.Labels...)
	for _, p := range []*cwPerson{v.Meta.Sender, v.Meta.Contact} {
		if p != nil {
			c.Contact.from(p)
		}
	}
	c.Variables = append(c.Variables, values(v.Custom)...)
}

// from notes what is known of a contact.
func (c *Contact) from(p *cwPerson) {
	c.ID = cmp.Or(c.ID, string(p.ID))
	c.Name = cmp.Or(c.Name, line(p.Name, 200))
	for _, f := range []struct {
		to   *string
		from *string
		form func(string) string
	}{
		{&c.Email, p.Email, func(s string) string { return strings.ToLower(line(s, 200)) }},
		{&c.Phone, p.Phone, phone},
		{&c.External, p.Identifier, func(s string) string { return line(s, 200) }},
	} {
		if *f.to == "" && f.from != nil {
			*f.to = f.form(*f.from)
		}
	}
}

// chatwootMessage adds a message, or the note that it is.
func (c *Conversation) chatwootMessage(v *cwMessage) error {
	c.Inbox = cmp.Or(c.Inbox, string(v.InboxID))
	if v.ID == "" || v.CreatedAt.IsZero() {
		return invalid("A message has no id or no time.")
	}
	m := Message{ID: string(v.ID), At: v.CreatedAt.Time, Type: parley.MessageText}
	if v.Content != nil {
		m.Text = *v.Content
	}
	author, kind := "", strings.ToLower(v.SenderType)
	if v.Sender != nil {
		author, kind = line(cmp.Or(v.Sender.Available, v.Sender.Name), 200), cmp.Or(strings.ToLower(v.Sender.Type), kind)
	}
	switch t := strings.Trim(string(v.Type), `"`); t {
	case "0", "incoming":
		m.Role = parley.ByUser
		if v.Sender != nil {
			c.Contact.from(v.Sender)
		}
	case "1", "outgoing":
		m.Role = parley.ByAssistant
		if kind == "user" || kind == "" && author != "" {
			m.Role, m.Author = parley.ByOperator, author
		}
		m.Delivery = delivery(v.Status)
	case "2", "activity":
		m.Role, m.Type = parley.BySystem, parley.MessageEvent
	case "3", "template":
		m.Role = parley.ByAssistant
	default:
		return invalid("A message is of a type that is not known.")
	}
	if v.Private {
		c.Notes = append(c.Notes, Note{ID: m.ID, Author: cmp.Or(author, "Chatwoot"), Text: m.Text, At: m.At})
		return nil
	}
	o := members(v.Attributes)
	m.ReplyTo = o.word("in_reply_to")
	if string(o.raw("deleted")) == "true" {
		m.Deleted, m.Text = true, ""
	}
	for i := range v.Attachments {
		m.attach(&v.Attachments[i], i)
	}
	c.Messages = append(c.Messages, m)
	return nil
}

// delivery is how far a message came, as Chatwoot says.
func delivery(status string) parley.Delivery {
	switch d := parley.Delivery(status); d {
	case parley.DeliverySent, parley.DeliveryDelivered, parley.DeliveryRead, parley.DeliveryFailed:
		return d
	default:
		return ""
	}
}

// attach adds a file, or the place that it is.
func (m *Message) attach(f *cwFile, i int) {
	types := map[string]parley.MessageType{
		"image": parley.MessageImage, "audio": parley.MessageAudio, "video": parley.MessageVideo, "file": parley.MessageFile,
	}
	mimes := map[string]string{"image": "image/*", "audio": "audio/*", "video": "video/*"}
	t, isFile := types[f.Kind]
	switch {
	case f.Kind == "location":
		m.Type = parley.MessageLocation
		place := strconv.FormatFloat(f.Lat, 'f', -1, 64) + ", " + strconv.FormatFloat(f.Long, 'f', -1, 64)
		m.Text = strings.TrimSpace(m.Text + "\n" + strings.TrimSpace(f.Title+" ("+place+")"))
	case isFile:
		if m.Text == "" {
			m.Type = t
		}
		m.Files = append(m.Files, File{
			ID: cmp.Or(string(f.ID), strconv.Itoa(i)), Name: fileName(f.URL, f.Kind), MIMEType: cmp.Or(mimes[f.Kind], "application/octet-stream"), URL: link(f.URL),
		})
	default:
		m.Text = strings.TrimSpace(m.Text + "\n" + strings.TrimSpace(f.Title+" "+link(f.URL)))
	}
}

// fileName is what the file behind a link is called.
func fileName(url, other string) string {
	url, _, _ = strings.Cut(url, "?")
	if name := line(path.Base(url), 100); name != "." && name != "/" && name != "" {
		return name
	}
	return other
}

// link returns a link of the web, "" for anything else.
func link(url string) string {
	if len(url) > 2000 || !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return ""
	}
	return line(url, 2000)
}
