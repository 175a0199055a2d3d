package export

import (
	"strings"

	"parley"
	"parley/internal/sheet"
)

// messageColumn is one column of a table of messages.
type messageColumn struct {
	name  string
	usual bool
	of    func(t *table, c *Conversation, m *parley.Message) sheet.Cell
}

// messageColumns are the columns that a message has, in their usual order.
func messageColumns() []messageColumn {
	text := func(of func(c *Conversation, m *parley.Message) string) func(*table, *Conversation, *parley.Message) sheet.Cell {
		return func(_ *table, c *Conversation, m *parley.Message) sheet.Cell { return of(c, m) }
	}
	return []messageColumn{
		{"conversation_id", true, text(func(c *Conversation, _ *parley.Message) string { return c.ID })},
		{"source", true, text(func(c *Conversation, _ *parley.Message) string { return string(c.Source) })},
		{"assistant", true, text(func(c *Conversation, _ *parley.Message) string { return c.AssistantName })},
		{"contact_name", true, text(func(c *Conversation, _ *parley.Message) string { return c.ContactName })},
		{"contact_phone", false, text(func(c *Conversation, _ *parley.Message) string { return c.ContactPhone })},
		{"contact_identifier", true, text(func(c *Conversation, _ *parley.Message) string { return c.ContactIdentifier })},
		{"message_id", false, text(func(_ *Conversation, m *parley.Message) string { return m.ID })},
		{"seq", true, func(_ *table, _ *Conversation, m *parley.Message) sheet.Cell { return m.Seq }},
		{"created_at", true, func(t *table, _ *Conversation, m *parley.Message) sheet.Cell { return t.time(m.CreatedAt) }},
		{"role", true, text(func(_ *Conversation, m *parley.Message) string { return string(m.Role) })},
		{"author", true, text(func(_ *Conversation, m *parley.Message) string { return m.AuthorName })},
		{"type", true, text(func(_ *Conversation, m *parley.Message) string { return string(m.Type) })},
		{"content", true, text(func(_ *Conversation, m *parley.Message) string { return m.Content })},
		{"attachments", true, text(func(_ *Conversation, m *parley.Message) string {
			names := make([]string, len(m.Attachments))
			for i := range m.Attachments {
				names[i] = m.Attachments[i].Name
			}
			return strings.Join(names, ", ")
		})},
		{"readings", false, text(func(_ *Conversation, m *parley.Message) string {
			var all []string
			for i := range m.Attachments {
				if r := m.Attachments[i].Reading; r != "" {
					all = append(all, r)
				}
			}
			return strings.Join(all, "\n")
		})},
		{"tool_calls", false, text(func(_ *Conversation, m *parley.Message) string {
			names := make([]string, len(m.ToolCalls))
			for i := range m.ToolCalls {
				names[i] = m.ToolCalls[i].Name
			}
			return strings.Join(names, ", ")
		})},
		{"delivery", false, text(func(_ *Conversation, m *parley.Message) string { return string(m.Delivery) })},
		{"edited_at", false, func(t *table, _ *Conversation, m *parley.Message) sheet.Cell { return t.time(m.EditedAt) }},
		{"deleted_at", false, func(t *table, _ *Conversation, m *parley.Message) sheet.Cell { return t.time(m.DeletedAt) }},
	}
}

// chooseMessages takes the columns of messages. It returns CodeInvalid for one
// that there is not.
func (t *table) chooseMessages(names []string) error {
	t.reads.Messages = true
	byName := map[string]messageColumn{}
	for _, c := range messageColumns() {
		byName[c.name] = c
		if len(names) == 0 && c.usual {
			t.messages, t.names = append(t.messages, c), append(t.names, c.name)
		}
	}
	for _, name := range names {
		c, ok := byName[name]
		if !ok {
			return parley.Errorf(parley.CodeInvalid, "columns: messages have no column %.100q.", name)
		}
		t.messages, t.names = append(t.messages, c), append(t.names, name)
	}
	return nil
}
