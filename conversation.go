package parley

import "time"

// Conversation is the state of one exchange. Apart from its settings it is a
// projection: everything in it follows from its messages, turns and usage.
type Conversation struct {
	ID               string
	WorkspaceID      string
	Source           Source
	Status           ConversationStatus
	AssistantID      string
	AssistantVersion int // the version that answered last, at first the newest
	ContactID        string
	SenderID         string // WhatsApp sender, "" elsewhere
	ExternalID       string // the API caller's own name for it, "" if none

	Owner      Owner
	OperatorID string // member who holds it, "" if none
	Epoch      int64  // raised by takeover and release; a result of an older epoch is void

	Waiting       bool // asked for a person, and none has come
	HandedOver    bool // has been with an operator or asked for one, ever
	HasError      bool // a turn or a send failed, ever
	HasAttachment bool
	Resolved      *bool // by the evaluation; nil: not evaluated
	Reviewed      bool  // a member says that it has been looked at

	MessageCount   int     // of user, assistant and operator
	AssistantCount int     // of assistant
	LastMessage    Preview // the newest of user, assistant and operator
	StartedAt      time.Time
	FirstMessageAt time.Time // zero: none yet
	LastActivityAt time.Time // the newest message of any role, or the start
	FirstReplyAt   time.Time // the first assistant or operator message after a user's; zero: none
	EndedAt        time.Time // zero: active
	EndReason      EndReason // "" while active

	InputTokens  int64
	OutputTokens int64
	Credits      Credits // of the calls with a known price
	UnknownCalls int     // calls whose tokens or price are unknown

	WindowExpiresAt time.Time // WhatsApp only; zero: no window
	NextSeq         int64     // of the next message, from 1
	AnsweredSeq     int64     // user messages up to this one have been answered
	Rev             int64     // raised by every change
}

// Duration is the time from the first to the last user, assistant or operator
// message.
func (c *Conversation) Duration() time.Duration {
	if c.FirstMessageAt.IsZero() || c.LastMessage.At.IsZero() {
		return 0
	}
	return c.LastMessage.At.Sub(c.FirstMessageAt)
}

// windowMargin is how long before its end a window counts as closed, so that
// what is sent within it also arrives within it.
const windowMargin = 5 * time.Minute

// WindowTime is how long after a contact's message WhatsApp allows free-form
// messages.
const WindowTime = 24 * time.Hour

// WindowOpen reports whether free-form messages are allowed at a time in the
// conversation. It is the one place that knows the rule; a source without
// windows allows them always.
func (c *Conversation) WindowOpen(now time.Time) bool {
	return c.Source != SourceWhatsApp || now.Before(c.WindowExpiresAt.Add(-windowMargin))
}

// Preview is the beginning of a message, for lists.
type Preview struct {
	Role MessageRole
	Text string // at most PreviewRunes runes, one line
	At   time.Time
}

// PreviewRunes is the longest preview.
const PreviewRunes = 160

// ConversationStatus is active or ended.
type ConversationStatus string

// The conversation statuses.
const (
	ConversationActive ConversationStatus = "active"
	ConversationEnded  ConversationStatus = "ended"
)

// Owner says who answers.
type Owner string

// The owners.
const (
	OwnerAssistant Owner = "assistant"
	OwnerOperator  Owner = "operator"
)

// EndReason says why a conversation ended.
type EndReason string

// The end reasons.
const (
	EndInactivity EndReason = "inactivity"
	EndAssistant  EndReason = "assistant" // the assistant called end_conversation
	EndOperator   EndReason = "operator"  // a member, or a program
	EndContact    EndReason = "contact"   // the visitor
)

// Evaluation is what was found about a conversation after its end. The values
// of the schema's own post-conversation variables are stored as variables.
type Evaluation struct {
	ConversationID string
	Resolved       bool
	Summary        string
	Topic          string
	Sentiment      Sentiment
	Model          string // the model that judged; BuiltinModel: by rules
	Error          string // why there is no result, for a person
	EvaluatedAt    time.Time
}

// Sentiment is the contact's mood.
type Sentiment string

// The sentiments.
const (
	SentimentPositive Sentiment = "positive"
	SentimentNeutral  Sentiment = "neutral"
	SentimentNegative Sentiment = "negative"
)
