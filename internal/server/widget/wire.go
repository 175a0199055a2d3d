package widget

import (
	"strings"
	"time"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/server/wire"
	"parley/internal/store"
)

// Session is a visitor's token and where the visitor left off.
type Session struct {
	Token        string        `json:"token"`
	ExpiresAt    time.Time     `json:"expires_at"`
	RefreshAt    time.Time     `json:"refresh_at"`
	Verified     bool          `json:"verified"`
	User         *User         `json:"user"`
	Conversation *Conversation `json:"conversation"`
}

// User is who a verified visitor is.
type User struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Identify says who the visitor is, by a hash of the user id or by a JWT.
type Identify struct {
	UserID string `json:"user_id,omitempty"`
	Hash   string `json:"hash,omitempty"`
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	JWT    string `json:"jwt,omitempty"`
}

// Start begins a conversation.
type Start struct {
	Values    map[string]any    `json:"values,omitempty"`
	Consents  map[string]string `json:"consents,omitempty"`
	Variables map[string]any    `json:"variables,omitempty"`
	Name      string            `json:"name,omitempty"`
	Email     string            `json:"email,omitempty"`
	Language  string            `json:"language,omitempty"`
	Page      string            `json:"page,omitempty"`
}

// Started is the conversation that was begun or goes on.
type Started struct {
	Conversation Conversation `json:"conversation"`
	Created      bool         `json:"created"`
}

// Send is a message of the visitor.
type Send struct {
	ClientID    string   `json:"client_id"`
	Content     string   `json:"content,omitempty"`
	Attachments []string `json:"attachments,omitempty"`
	ReplyTo     string   `json:"reply_to,omitempty"`
}

// Sent is a message that was recorded.
type Sent struct {
	ConversationID string  `json:"conversation_id"`
	Message        Message `json:"message"`
	Duplicate      bool    `json:"duplicate"`
}

// Leave is what a visitor leaves for a person.
type Leave struct {
	ClientID string `json:"client_id"`
	Email    string `json:"email"`
	Name     string `json:"name,omitempty"`
	Content  string `json:"content,omitempty"`
	Language string `json:"language,omitempty"`
	Page     string `json:"page,omitempty"`
}

// Read says how far the visitor has seen.
type Read struct {
	Seq int64 `json:"seq"`
}

// Variables are values of setVariables.
type Variables struct {
	Variables map[string]any `json:"variables"`
}

// Ignored names the variables that nobody knows.
type Ignored struct {
	Ignored []string `json:"ignored"`
}

// Rate is what the visitor thinks of the conversation.
type Rate struct {
	Score   int    `json:"score"`
	Comment string `json:"comment,omitempty"`
}

// List is a list of conversations.
type List struct {
	Data []Conversation `json:"data"`
}

// Messages is a part of a conversation's log.
type Messages struct {
	Data    []Message `json:"data"`
	LastSeq int64     `json:"last_seq"`
	Rev     int64     `json:"rev"`
	More    bool      `json:"more"`
}

// Conversation is a conversation as its visitor sees it.
type Conversation struct {
	ID             string                    `json:"id"`
	Status         parley.ConversationStatus `json:"status"`
	EndReason      parley.EndReason          `json:"end_reason"`
	Owner          parley.Owner              `json:"owner"`
	Operator       *Person                   `json:"operator"`
	Waiting        bool                      `json:"waiting"`
	StartedAt      time.Time                 `json:"started_at"`
	LastActivityAt time.Time                 `json:"last_activity_at"`
	EndedAt        *time.Time                `json:"ended_at"`
	LastMessage    *wire.LastMessage         `json:"last_message"`
	ReadSeq        int64                     `json:"read_seq"`
	Unread         int                       `json:"unread"`
	Rating         *Rating                   `json:"rating"`
	Rev            int64                     `json:"rev"`
}

// Person is somebody by name; visitors get no ids of members.
type Person struct {
	Name string `json:"name"`
}

// Rating is how the visitor rated the conversation.
type Rating struct {
	Score   int    `json:"score"`
	Comment string `json:"comment"`
}

func conversationOf(r *store.VisitorRow) Conversation {
	c := Conversation{
		ID: r.ID, Status: r.Status, EndReason: r.EndReason, Owner: r.Owner, Waiting: r.Waiting,
		StartedAt: r.StartedAt.UTC(), LastActivityAt: r.LastActivityAt.UTC(), EndedAt: wire.TimeOrNull(r.EndedAt),
		ReadSeq: r.Visitor.ReadSeq, Unread: r.Unread, Rev: r.Rev,
	}
	if r.Owner == parley.OwnerOperator {
		c.Operator = &Person{Name: r.OperatorName}
	}
	if !r.LastMessage.At.IsZero() {
		c.LastMessage = &wire.LastMessage{Content: r.LastMessage.Text, Role: r.LastMessage.Role, CreatedAt: r.LastMessage.At.UTC()}
	}
	if r.Visitor.Rating.Score > 0 {
		c.Rating = &Rating{Score: r.Visitor.Rating.Score, Comment: r.Visitor.Rating.Comment}
	}
	return c
}

// Message is an entry of the log as the visitor sees it.
type Message struct {
	ID          string             `json:"id"`
	Seq         int64              `json:"seq"`
	Rev         int64              `json:"rev"`
	Role        parley.MessageRole `json:"role"`
	HTML        string             `json:"html"`
	Content     string             `json:"content"`
	Event       string             `json:"event"`
	Author      *Person            `json:"author"`
	Tools       []string           `json:"tools"`
	Attachments []Attachment       `json:"attachments"`
	Choices     []string           `json:"choices"`
	ReplyTo     *string            `json:"reply_to"`
	ClientID    *string            `json:"client_id"`
	TurnID      *string            `json:"turn_id"`
	CreatedAt   time.Time          `json:"created_at"`
	EditedAt    *time.Time         `json:"edited_at"`
	DeletedAt   *time.Time         `json:"deleted_at"`
}

// Attachment is a file of a message.
type Attachment struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	MIMEType string `json:"mime_type"`
	Size     int64  `json:"size"`
	Image    bool   `json:"image"`
}

func attachmentOf(a *parley.Attachment) Attachment {
	return Attachment{ID: a.ID, Name: a.Name, MIMEType: a.MIMEType, Size: a.Size, Image: isPicture(a.MIMEType)}
}

// events are the system messages that visitors see, by what they record. What
// is not among them, such as why a turn failed, is for members only.
var events = map[parley.Event]string{
	parley.EventTakeover: "takeover", parley.EventRelease: "release", parley.EventHandoff: "waiting",
	parley.EventWaiting: "waiting", parley.EventReopen: "reopened",
}

// html renders for whoever asks: with the pictures of the page's own site, and of
// those that may use the widget.
func (s *Visitors) html(c *call) *webchat.Renderer {
	set, page := &c.widget.Settings, c.origin
	return s.HTML.Showing(func(origin string) bool {
		return origin == page || len(set.Origins) > 0 && set.AllowsOrigin(origin)
	})
}

// messageOf is a message as the visitor sees it; false if it is not for
// visitors. Nothing of a system message's or a tool's text leaves: it may hold
// what a provider or a tool said.
func messageOf(m *parley.Message, html *webchat.Renderer, tools bool) (Message, bool) {
	out := Message{
		ID: m.ID, Seq: m.Seq, Rev: m.Rev, Role: m.Role, Tools: []string{}, Attachments: []Attachment{}, Choices: []string{},
		TurnID: wire.OrNull(m.TurnID), CreatedAt: m.CreatedAt.UTC(), EditedAt: wire.TimeOrNull(m.EditedAt), DeletedAt: wire.TimeOrNull(m.DeletedAt),
	}
	switch m.Role {
	case parley.BySystem:
		out.Event = events[m.Event]
		if m.Event.EndReason() != "" {
			out.Event = "ended"
		}
		if m.Event == parley.EventTakeover {
			out.Author = &Person{Name: m.AuthorName}
		}
		return out, out.Event != ""
	case parley.ByTool:
		for _, c := range m.ToolCalls {
			out.Tools = append(out.Tools, c.Name)
		}
		return out, tools && len(out.Tools) > 0
	case parley.ByOperator:
		out.Author = &Person{Name: m.AuthorName}
	case parley.ByUser:
		out.ClientID = clientID(m.ProviderID)
	case parley.ByAssistant:
	}
	if m.DeletedAt.IsZero() {
		out.HTML, out.Content = html.HTML(m.Role, m.Content), m.Content
		out.Attachments = wire.Mapped(m.Attachments, attachmentOf)
		out.Choices = wire.NotNil(m.Choices)
	}
	out.ReplyTo = wire.OrNull(m.ReplyTo)
	return out, true
}

// messageKey is the id of a message at its sender, the visitor's client.
func messageKey(widget, client string) string { return "widget:" + widget + ":" + client }

// clientID returns what messageKey was made of.
func clientID(provider string) *string {
	rest, ok := strings.CutPrefix(provider, "idem:widget:")
	_, id, found := strings.Cut(rest, ":")
	if !ok || !found {
		return nil
	}
	return &id
}

// The events of a visitor's stream.
type (
	turnEvent struct {
		TurnID string `json:"turn_id"`
		Status string `json:"status"`
		Tool   string `json:"tool,omitempty"`
	}
	deltaEvent struct {
		TurnID string   `json:"turn_id"`
		Keep   int      `json:"keep"`
		Blocks []string `json:"blocks"`
	}
)
