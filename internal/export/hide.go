package export

import (
	"slices"

	"parley"
	"parley/internal/redact"
)

// hider returns what hides kinds of personal data, nil for none.
func hider(hide []parley.Secrecy) *redact.Redactor {
	if len(hide) == 0 {
		return nil
	}
	has := func(s parley.Secrecy) bool { return slices.Contains(hide, s) }
	return redact.New(redact.Kinds{
		Email: has(parley.HideEmail), Phone: has(parley.HidePhone), Card: has(parley.HideCard), IBAN: has(parley.HideIBAN),
	})
}

// hideIn hides what is in a conversation, apart from its messages.
func (r *reader) hideIn(c *Conversation) {
	text := func(all ...*string) {
		for _, s := range all {
			*s = r.hide.Text(*s)
		}
	}
	text(&c.ContactName, &c.ContactPhone, &c.ContactIdentifier, &c.ExternalID, &c.LastMessage.Text)
	for i := range c.Identities {
		text(&c.Identities[i].Value)
	}
	for i := range c.Variables {
		c.Variables[i].Value = r.hide.JSON(c.Variables[i].Value)
	}
	for i := range c.Usage {
		text(&c.Usage[i].Error)
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
