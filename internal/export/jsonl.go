package export

import (
	"encoding/json"
	"time"

	"parley"
	"parley/internal/store/exports"
)

// Line is one conversation in JSON Lines, apart from its messages, which come
// last in it so that they can be written one after the other.
type Line struct {
	ID             string                    `json:"id"`
	Source         parley.Source             `json:"source"`
	Status         parley.ConversationStatus `json:"status"`
	EndReason      parley.EndReason          `json:"end_reason,omitempty"`
	Assistant      LineAssistant             `json:"assistant"`
	Contact        LineContact               `json:"contact"`
	Sender         *LineSender               `json:"sender,omitempty"` // WhatsApp only
	ExternalID     string                    `json:"external_id,omitempty"`
	Owner          parley.Owner              `json:"owner"`
	Operator       *LineRef                  `json:"operator,omitempty"`
	Waiting        bool                      `json:"waiting"`
	HandedOver     bool                      `json:"handed_over"`
	HasError       bool                      `json:"has_error"`
	Resolved       *bool                     `json:"resolved"` // null: not evaluated
	MessageCount   int                       `json:"message_count"`
	InputTokens    int64                     `json:"input_tokens"`
	OutputTokens   int64                     `json:"output_tokens"`
	Credits        parley.Credits            `json:"credits"`       // of the calls whose price is known
	UnknownCalls   int                       `json:"unknown_calls"` // whose tokens or price are unknown
	StartedAt      time.Time                 `json:"started_at"`
	LastActivityAt time.Time                 `json:"last_activity_at"`
	EndedAt        time.Time                 `json:"ended_at,omitzero"`
	WindowExpires  time.Time                 `json:"window_expires_at,omitzero"`
	Evaluation     *LineEvaluation           `json:"evaluation,omitempty"`
	Visitor        *LineVisitor              `json:"visitor,omitempty"` // through a widget only
	Tags           []string                  `json:"tags"`              // names
	Reviewed       *LineReview               `json:"reviewed"`          // null: nobody has
	Notes          []LineNote                `json:"notes"`             // internal, the oldest first
	Variables      []LineVariable            `json:"variables"`
	Usage          []LineUsage               `json:"usage"`
}

type (
	// LineRef is a member.
	LineRef struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	// LineAssistant is the assistant whose conversation it is.
	LineAssistant struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Version int    `json:"version"`
	}
	// LineContact is who wrote.
	LineContact struct {
		ID         string         `json:"id"`
		Name       string         `json:"name"`
		Phone      string         `json:"phone"`
		Identifier string         `json:"identifier"`
		Identities []LineIdentity `json:"identities,omitempty"`
	}
	// LineIdentity is how a contact is known.
	LineIdentity struct {
		Kind  parley.IdentityKind `json:"kind"`
		Value string              `json:"value"`
	}
	// LineSender is the number that was written to.
	LineSender struct {
		ID           string `json:"id"`
		Name         string `json:"name"`
		DisplayPhone string `json:"display_phone"`
	}
	// LineEvaluation is what the evaluation says.
	LineEvaluation struct {
		Resolved    bool             `json:"resolved"`
		Summary     string           `json:"summary"`
		Topic       string           `json:"topic"`
		Sentiment   parley.Sentiment `json:"sentiment"`
		Model       string           `json:"model"`
		Error       string           `json:"error,omitempty"`
		EvaluatedAt time.Time        `json:"evaluated_at"`
	}
	// LineVisitor is what a visitor of a widget left.
	LineVisitor struct {
		WidgetID  string           `json:"widget_id"`
		VisitorID string           `json:"visitor_id"`
		Language  string           `json:"language,omitempty"`
		Page      string           `json:"page,omitempty"`
		Email     string           `json:"email,omitempty"` // left for a person
		ReadSeq   int64            `json:"read_seq"`
		Rating    *LineRating      `json:"rating,omitempty"`
		Consents  []parley.Consent `json:"consents,omitempty"`
	}
	// LineRating is how the visitor rated the conversation.
	LineRating struct {
		Score   int       `json:"score"` // 1 to 5
		Comment string    `json:"comment,omitempty"`
		At      time.Time `json:"at"`
	}
	// LineReview says who has looked at the conversation, and when.
	LineReview struct {
		By LineRef   `json:"by"`
		At time.Time `json:"at"`
	}
	// LineNote is what a member has written about the conversation for the others.
	LineNote struct {
		Author    LineRef   `json:"author"`
		Text      string    `json:"text"`
		CreatedAt time.Time `json:"created_at"`
		EditedAt  time.Time `json:"edited_at,omitzero"`
	}
	// LineVariable is a value that was collected.
	LineVariable struct {
		Name             string                `json:"name"`
		Type             parley.VariableType   `json:"type"`
		Source           parley.VariableSource `json:"source"`
		Value            json.RawMessage       `json:"value"`
		MessageID        string                `json:"message_id,omitempty"`
		Model            string                `json:"model,omitempty"`
		AssistantVersion int                   `json:"assistant_version"`
		SetAt            time.Time             `json:"set_at"`
	}
	// LineUsage is a row of the ledger.
	LineUsage struct {
		ID               string           `json:"id"`
		TurnID           string           `json:"turn_id,omitempty"`
		Kind             parley.UsageKind `json:"kind"`
		ProviderID       string           `json:"provider_id"`
		Model            string           `json:"model"`
		AssistantID      string           `json:"assistant_id"`
		AssistantVersion int              `json:"assistant_version"`
		Complete         bool             `json:"complete"`
		InputTokens      *int64           `json:"input_tokens"`
		OutputTokens     *int64           `json:"output_tokens"`
		CachedTokens     *int64           `json:"cached_tokens"`
		CacheWriteTokens *int64           `json:"cache_write_tokens"`
		ReasoningTokens  *int64           `json:"reasoning_tokens"`
		AudioInTokens    *int64           `json:"audio_in_tokens"`
		AudioOutTokens   *int64           `json:"audio_out_tokens"`
		Raw              json.RawMessage  `json:"raw,omitempty"`
		PriceID          string           `json:"price_id,omitempty"`
		Credits          *parley.Credits  `json:"credits"`
		Error            string           `json:"error,omitempty"`
		StartedAt        time.Time        `json:"started_at"`
		SettledAt        time.Time        `json:"settled_at,omitzero"`
	}
	// LineAttachment is a file of a message.
	LineAttachment struct {
		parley.Attachment
		File string `json:"file,omitempty"` // its name in the archive; "": it is in none
	}
	// LineMessage is a message.
	LineMessage struct {
		ID          string               `json:"id"`
		Seq         int64                `json:"seq"`
		Role        parley.MessageRole   `json:"role"`
		Type        parley.MessageType   `json:"type"`
		Event       parley.Event         `json:"event,omitempty"`
		Author      *LineRef             `json:"author,omitempty"`
		Content     string               `json:"content"`
		Payload     json.RawMessage      `json:"payload,omitempty"`
		Attachments []LineAttachment     `json:"attachments,omitempty"`
		ToolCalls   []parley.ToolCall    `json:"tool_calls,omitempty"`
		Choices     []string             `json:"choices,omitempty"`
		ReplyTo     string               `json:"reply_to,omitempty"`
		Delivery    parley.Delivery      `json:"delivery,omitempty"`
		Error       *parley.MessageError `json:"error,omitempty"`
		TurnID      string               `json:"turn_id,omitempty"`
		CreatedAt   time.Time            `json:"created_at"`
		EditedAt    time.Time            `json:"edited_at,omitzero"`
		DeletedAt   time.Time            `json:"deleted_at,omitzero"`
	}
)

// jsonl is the format of whole conversations.
type jsonl struct{}

func openJSONL(*setup) (format, error) { return jsonl{}, nil }

func (jsonl) parts() exports.Parts {
	return exports.Parts{
		Identities: true, Variables: true, Usage: true, Evaluation: true, Visitor: true, Tags: true, Review: true, Notes: true, Messages: true,
	}
}

func (jsonl) head(*writer) error { return nil }

func (jsonl) tail(*writer) error { return nil }

func (jsonl) conversation(w *writer, c *Conversation) error {
	_, err := writeLine(w, c, nil)
	return err
}

// writeLine writes a conversation. names are those of its files in an archive, by
// id; nil: there is none. It returns the files of messages that are none of the
// conversation's, as its file was brought without them.
func writeLine(w *writer, c *Conversation, names map[string]string) (unknown []exports.File, err error) {
	known, others := map[string]bool{}, map[string]bool{}
	for i := range c.Files {
		known[c.Files[i].ID], others[c.Files[i].ID] = true, true
	}
	if err := w.json(lineOf(c)); err != nil {
		return nil, err
	}
	w.Truncate(w.Len() - 1) // the bracket
	w.WriteString(`,"messages":[`)
	first := true
	err = c.each(func(m *parley.Message) error {
		if !first {
			w.WriteByte(',')
		}
		first = false
		for k := range m.Attachments {
			f := &m.Attachments[k]
			delete(others, f.ID)
			if !known[f.ID] {
				known[f.ID] = true
				unknown = append(unknown, exports.File{ID: f.ID, Name: f.Name})
			}
		}
		if err := w.json(messageOf(m, names)); err != nil {
			return err
		}
		return w.spill()
	})
	if err != nil {
		return nil, err
	}
	w.WriteByte(']')
	if err := writeOthers(w, c, others, names); err != nil {
		return nil, err
	}
	w.WriteString("}\n")
	return unknown, nil
}

// writeOthers writes the files of a conversation that no message has.
func writeOthers(w *writer, c *Conversation, others map[string]bool, names map[string]string) error {
	var files []LineAttachment
	for i := range c.Files {
		if f := &c.Files[i]; others[f.ID] {
			files = append(files, LineAttachment{parley.Attachment{ID: f.ID, Name: f.Name, MIMEType: f.MIMEType, Size: f.Size}, names[f.ID]})
		}
	}
	if files == nil {
		return nil
	}
	w.WriteString(`,"other_files":`)
	return w.json(files)
}

func lineOf(c *Conversation) *Line {
	l := &Line{
		ID: c.ID, Source: c.Source, Status: c.Status, EndReason: c.EndReason,
		Assistant:  LineAssistant{c.AssistantID, c.AssistantName, c.AssistantVersion},
		Contact:    LineContact{ID: c.ContactID, Name: c.ContactName, Phone: c.ContactPhone, Identifier: c.ContactIdentifier},
		ExternalID: c.ExternalID, Owner: c.Owner, Waiting: c.Waiting, HandedOver: c.HandedOver, HasError: c.HasError,
		Resolved: c.Resolved, MessageCount: c.MessageCount, InputTokens: c.InputTokens, OutputTokens: c.OutputTokens,
		Credits: c.Credits, UnknownCalls: c.UnknownCalls,
		StartedAt: c.StartedAt, LastActivityAt: c.LastActivityAt, EndedAt: c.EndedAt, WindowExpires: c.WindowExpiresAt,
		Tags: append([]string{}, c.Tags...), Notes: make([]LineNote, len(c.Notes)),
		Variables: make([]LineVariable, len(c.Variables)), Usage: make([]LineUsage, len(c.Usage)),
	}
	for _, i := range c.Identities {
		l.Contact.Identities = append(l.Contact.Identities, LineIdentity(i))
	}
	if c.SenderID != "" {
		l.Sender = &LineSender{c.SenderID, c.SenderName, c.SenderPhone}
	}
	if c.OperatorID != "" {
		l.Operator = &LineRef{c.OperatorID, c.OperatorName}
	}
	if e := c.Evaluation; e != nil {
		l.Evaluation = &LineEvaluation{e.Resolved, e.Summary, e.Topic, e.Sentiment, e.Model, e.Error, e.EvaluatedAt}
	}
	if v := c.Visitor; v != nil {
		l.Visitor = &LineVisitor{
			WidgetID: v.WidgetID, VisitorID: v.VisitorID, Language: v.Language, Page: v.Page, Email: v.Email, ReadSeq: v.ReadSeq, Consents: v.Consents,
		}
		if r := v.Rating; r.Score > 0 {
			l.Visitor.Rating = &LineRating{r.Score, r.Comment, r.At}
		}
	}
	if r := c.Review; r != nil {
		l.Reviewed = &LineReview{LineRef(r.By), r.At}
	}
	for i := range c.Notes {
		o := &c.Notes[i]
		l.Notes[i] = LineNote{LineRef(o.Author), o.Text, o.CreatedAt, o.EditedAt}
	}
	for i := range c.Variables {
		v := &c.Variables[i]
		l.Variables[i] = LineVariable{v.Name, v.Type, v.Source, v.Value, v.MessageID, v.Model, v.AssistantVersion, v.SetAt}
	}
	for i := range c.Usage {
		u := &c.Usage[i]
		l.Usage[i] = LineUsage{
			ID: u.ID, TurnID: u.TurnID, Kind: u.Kind, ProviderID: u.ProviderID, Model: u.Model, AssistantID: u.AssistantID,
			AssistantVersion: u.AssistantVersion, Complete: u.Complete, InputTokens: u.InputTokens, OutputTokens: u.OutputTokens,
			CachedTokens: u.CachedTokens, CacheWriteTokens: u.CacheWriteTokens, ReasoningTokens: u.ReasoningTokens,
			AudioInTokens: u.AudioInTokens, AudioOutTokens: u.AudioOutTokens, Raw: u.Raw, PriceID: u.PriceID, Credits: u.Credits,
			Error: u.Error, StartedAt: u.StartedAt, SettledAt: u.SettledAt,
		}
	}
	return l
}

func messageOf(m *parley.Message, names map[string]string) *LineMessage {
	l := &LineMessage{
		ID: m.ID, Seq: m.Seq, Role: m.Role, Type: m.Type, Event: m.Event, Content: m.Content, Payload: m.Payload,
		Attachments: fileNames(m.Attachments, names), ToolCalls: m.ToolCalls, Choices: m.Choices, ReplyTo: m.ReplyTo, Delivery: m.Delivery,
		Error: m.Error, TurnID: m.TurnID, CreatedAt: m.CreatedAt, EditedAt: m.EditedAt, DeletedAt: m.DeletedAt,
	}
	if m.AuthorID != "" || m.AuthorName != "" {
		l.Author = &LineRef{m.AuthorID, m.AuthorName}
	}
	return l
}
