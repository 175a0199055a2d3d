package export

import (
	"slices"

	"parley"
	"parley/internal/redact"
	"parley/internal/store/exports"
)

// newReader returns a reader that hides kinds of personal data.
func newReader(l log, parts exports.Parts, hide []parley.Secrecy) *reader {
	r := &reader{log: l, parts: parts, kinds: hide}
	if len(hide) > 0 {
		r.hide = redact.New(redact.Kinds{
			Email: r.hidden(parley.HideEmail), Phone: r.hidden(parley.HidePhone),
			Card: r.hidden(parley.HideCard), IBAN: r.hidden(parley.HideIBAN),
		})
		r.parts.Identities = true // they tell what is a phone number
	}
	return r
}

// hidden reports whether a kind of personal data is to be hidden.
func (r *reader) hidden(s parley.Secrecy) bool { return slices.Contains(r.kinds, s) }

// hideIn hides what is in a conversation, apart from its messages.
func (r *reader) hideIn(c *Conversation) {
	text := func(all ...*string) {
		for _, s := range all {
			*s = r.hide.Text(*s)
		}
	}
	// What is known to be a phone number or an address is hidden in any form.
	phone := c.ContactPhone
	if phone != "" && r.hidden(parley.HidePhone) {
		c.ContactPhone = redact.PhoneMark
	}
	for i := range c.Identities {
		switch x := &c.Identities[i]; {
		case x.Kind == parley.IdentityPhone && r.hidden(parley.HidePhone):
			x.Value, phone = redact.PhoneMark, x.Value
		case x.Kind == parley.IdentityEmail && r.hidden(parley.HideEmail):
			x.Value = redact.EmailMark
		default:
			text(&x.Value)
		}
	}
	if phone != "" && c.ContactIdentifier == phone && r.hidden(parley.HidePhone) {
		c.ContactIdentifier = redact.PhoneMark
	}
	text(&c.ContactName, &c.ContactIdentifier, &c.ExternalID, &c.LastMessage.Text)
	for i := range c.Tags {
		text(&c.Tags[i])
	}
	for i := range c.Notes {
		text(&c.Notes[i].Text, &c.Notes[i].Author.Name)
	}
	if c.Review != nil {
		text(&c.Review.By.Name)
	}
	for i := range c.Variables {
		c.Variables[i].Value = r.hide.JSON(c.Variables[i].Value)
	}
	for i := range c.Usage {
		text(&c.Usage[i].Error)
	}
	if v := c.Visitor; v != nil {
		if v.Email != "" && r.hidden(parley.HideEmail) {
			v.Email = redact.EmailMark
		}
		text(&v.Page, &v.Email, &v.Rating.Comment)
	}
	if e := c.Evaluation; e != nil {
		text(&e.Summary, &e.Topic, &e.Error)
	}
}

// hideInMessage hides what is in a message.
func (r *reader) hideInMessage(m *parley.Message) {
	m.Content = r.hide.Text(m.Content)
	m.AuthorName = r.hide.Text(m.AuthorName)
	m.Payload = r.hide.JSON(m.Payload)
	for i := range m.Attachments {
		a := &m.Attachments[i]
		a.Name, a.Reading, a.Error = r.hide.Text(a.Name), r.hide.Text(a.Reading), r.hide.Text(a.Error)
	}
	for i := range m.ToolCalls {
		t := &m.ToolCalls[i]
		t.Arguments = r.hide.JSON(t.Arguments)
		t.Result, t.Error = r.hide.Text(t.Result), r.hide.Text(t.Error)
	}
	for i := range m.Choices {
		m.Choices[i] = r.hide.Text(m.Choices[i])
	}
	if m.Error != nil {
		m.Error.Message = r.hide.Text(m.Error.Message)
	}
}
