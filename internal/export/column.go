package export

import (
	"encoding/json"
	"strings"
	"time"

	"parley"
	"parley/internal/sheet"
	"parley/internal/store/exports"
	"parley/internal/transcript"
)

// column is one column of a table.
type column struct {
	name  string
	parts exports.Parts // beside the conversation's row
	usual bool          // there unless columns are chosen
	of    func(t *table, c *Conversation) (sheet.Cell, error)
}

// conversationColumns are the columns that a conversation has, in their usual
// order. A variable's own column is called variable.NAME.
func conversationColumns() []column {
	plain := func(name string, usual bool, of func(c *Conversation) sheet.Cell) column {
		return column{name: name, usual: usual, of: func(_ *table, c *Conversation) (sheet.Cell, error) { return of(c), nil }}
	}
	at := func(name string, usual bool, of func(c *Conversation) time.Time) column {
		return column{name: name, usual: usual, of: func(t *table, c *Conversation) (sheet.Cell, error) { return t.time(of(c)), nil }}
	}
	all := []column{
		plain("id", true, func(c *Conversation) sheet.Cell { return c.ID }),
		plain("source", true, func(c *Conversation) sheet.Cell { return string(c.Source) }),
		plain("status", true, func(c *Conversation) sheet.Cell { return string(c.Status) }),
		plain("assistant", true, func(c *Conversation) sheet.Cell { return c.AssistantName }),
		plain("assistant_id", false, func(c *Conversation) sheet.Cell { return c.AssistantID }),
		plain("assistant_version", true, func(c *Conversation) sheet.Cell { return int64(c.AssistantVersion) }),
		plain("contact_name", true, func(c *Conversation) sheet.Cell { return c.ContactName }),
		plain("contact_phone", true, func(c *Conversation) sheet.Cell { return c.ContactPhone }),
		plain("contact_identifier", true, func(c *Conversation) sheet.Cell { return c.ContactIdentifier }),
		plain("contact_id", false, func(c *Conversation) sheet.Cell { return c.ContactID }),
		plain("external_id", false, func(c *Conversation) sheet.Cell { return c.ExternalID }),
		plain("sender", false, func(c *Conversation) sheet.Cell { return c.SenderName }),
		plain("sender_phone", false, func(c *Conversation) sheet.Cell { return c.SenderPhone }),
		at("started_at", true, func(c *Conversation) time.Time { return c.StartedAt }),
		at("last_activity_at", true, func(c *Conversation) time.Time { return c.LastActivityAt }),
		at("ended_at", true, func(c *Conversation) time.Time { return c.EndedAt }),
		plain("end_reason", false, func(c *Conversation) sheet.Cell { return string(c.EndReason) }),
		plain("duration_seconds", true, func(c *Conversation) sheet.Cell { return c.Duration().Seconds() }),
		plain("first_reply_seconds", false, func(c *Conversation) sheet.Cell {
			if c.FirstReplyAt.IsZero() || c.FirstMessageAt.IsZero() {
				return nil
			}
			return c.FirstReplyAt.Sub(c.FirstMessageAt).Seconds()
		}),
		plain("message_count", true, func(c *Conversation) sheet.Cell { return int64(c.MessageCount) }),
		plain("last_message", true, func(c *Conversation) sheet.Cell { return c.LastMessage.Text }),
		plain("last_message_role", false, func(c *Conversation) sheet.Cell { return string(c.LastMessage.Role) }),
		plain("handed_over", true, func(c *Conversation) sheet.Cell { return c.HandedOver }),
		plain("waiting", false, func(c *Conversation) sheet.Cell { return c.Waiting }),
		plain("operator", false, func(c *Conversation) sheet.Cell { return c.OperatorName }),
		plain("has_error", false, func(c *Conversation) sheet.Cell { return c.HasError }),
		plain("has_attachment", false, func(c *Conversation) sheet.Cell { return c.HasAttachment }),
		{name: "tags", parts: exports.Parts{Tags: true}, of: func(_ *table, c *Conversation) (sheet.Cell, error) {
			return strings.Join(c.Tags, ", "), nil
		}},
		{name: "reviewed", parts: exports.Parts{Review: true}, of: func(_ *table, c *Conversation) (sheet.Cell, error) {
			return c.Review != nil, nil
		}},
		plain("resolved", true, func(c *Conversation) sheet.Cell {
			if c.Resolved == nil {
				return nil
			}
			return *c.Resolved
		}),
	}
	all = append(all, saidColumns()...)
	return append(all,
		plain("input_tokens", true, func(c *Conversation) sheet.Cell { return c.InputTokens }),
		plain("output_tokens", true, func(c *Conversation) sheet.Cell { return c.OutputTokens }),
		plain("credits", true, func(c *Conversation) sheet.Cell {
			if c.UnknownCalls > 0 && c.Credits == 0 {
				return nil // of no call
			}
			return sheet.Number(c.Credits.String())
		}),
		plain("credits_complete", false, func(c *Conversation) sheet.Cell { return c.UnknownCalls == 0 }),
		column{name: "variables", usual: true, parts: exports.Parts{Variables: true}, of: allVariables},
		column{name: "transcript", parts: exports.Parts{Messages: true}, of: wholeTranscript},
	)
}

// saidColumns are what the evaluation and the visitor of a widget say of a
// conversation.
func saidColumns() []column {
	judged := func(name string, of func(e *parley.Evaluation) sheet.Cell) column {
		return column{name: name, usual: true, parts: exports.Parts{Evaluation: true}, of: func(_ *table, c *Conversation) (sheet.Cell, error) {
			if c.Evaluation == nil || c.Evaluation.Error != "" {
				return nil, nil
			}
			return of(c.Evaluation), nil
		}}
	}
	visited := func(name string, of func(v *parley.VisitorConversation) sheet.Cell) column {
		return column{name: name, parts: exports.Parts{Visitor: true}, of: func(_ *table, c *Conversation) (sheet.Cell, error) {
			if c.Visitor == nil {
				return nil, nil
			}
			return of(c.Visitor), nil
		}}
	}
	return []column{
		judged("topic", func(e *parley.Evaluation) sheet.Cell { return e.Topic }),
		judged("summary", func(e *parley.Evaluation) sheet.Cell { return e.Summary }),
		judged("sentiment", func(e *parley.Evaluation) sheet.Cell { return string(e.Sentiment) }),
		visited("rating", func(v *parley.VisitorConversation) sheet.Cell {
			if v.Rating.Score == 0 {
				return nil
			}
			return int64(v.Rating.Score)
		}),
		visited("rating_comment", func(v *parley.VisitorConversation) sheet.Cell { return v.Rating.Comment }),
		visited("page", func(v *parley.VisitorConversation) sheet.Cell { return v.Page }),
		visited("email", func(v *parley.VisitorConversation) sheet.Cell { return v.Email }),
	}
}

// variablePrefix begins the name of a column with one variable.
const variablePrefix = "variable."

func variableColumn(name string) column {
	return column{name: variablePrefix + name, parts: exports.Parts{Variables: true}, of: func(_ *table, c *Conversation) (sheet.Cell, error) {
		// The last source counts: what was found after the end, else during it.
		for i := len(c.Variables) - 1; i >= 0; i-- {
			if c.Variables[i].Name == name {
				return variableCell(&c.Variables[i]), nil
			}
		}
		return nil, nil
	}}
}

func variableCell(v *parley.Variable) sheet.Cell {
	var s string
	if json.Unmarshal(v.Value, &s) == nil {
		return s
	}
	var b bool
	if json.Unmarshal(v.Value, &b) == nil {
		return b
	}
	var n json.Number
	if json.Unmarshal(v.Value, &n) == nil {
		return sheet.Number(n)
	}
	return string(v.Value)
}

// allVariables is a JSON object of the variables' values.
func allVariables(_ *table, c *Conversation) (sheet.Cell, error) {
	if len(c.Variables) == 0 {
		return nil, nil
	}
	values := make(map[string]json.RawMessage, len(c.Variables))
	for i := range c.Variables {
		values[c.Variables[i].Name] = c.Variables[i].Value
	}
	var w writer
	err := w.json(values)
	return w.String(), err
}

// longestCell is how long a text in a table may be, in bytes; a spreadsheet takes
// no more in any case.
const longestCell = 1 << 20

// wholeTranscript is the transcript as text.
func wholeTranscript(t *table, c *Conversation) (sheet.Cell, error) {
	var b strings.Builder
	text := transcript.NewText(&b, infoOf(c, t.zone))
	err := c.each(func(m *parley.Message) error {
		if b.Len() < longestCell {
			text.Message(m)
		}
		return nil
	})
	return strings.TrimSuffix(b.String(), "\n"), err
}

func infoOf(c *Conversation, zone *time.Location) transcript.Info {
	contact := c.ContactName
	if contact == "" {
		contact = c.ContactIdentifier
	}
	return transcript.Info{
		Assistant: c.AssistantName, Contact: contact, StartedAt: c.StartedAt, LastAt: c.LastActivityAt, Zone: zone,
	}
}

// Column is what a table can have.
type Column struct {
	Name  string
	Usual bool // there, unless columns are chosen
}

// Columns are those of tables with such rows, in their usual order.
func Columns(rows parley.ExportRows) (all []Column) {
	if rows == parley.RowsMessages {
		for _, c := range messageColumns() {
			all = append(all, Column{c.name, c.usual})
		}
		return all
	}
	for _, c := range conversationColumns() {
		all = append(all, Column{c.name, c.usual})
	}
	return all
}
