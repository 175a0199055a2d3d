package parley

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Message is one entry of a conversation's log.
type Message struct {
	ID             string
	WorkspaceID    string
	ConversationID string
	Seq            int64 // from 1 within the conversation, without gaps
	Rev            int64 // the conversation's rev at the last change of this message
	Role           MessageRole
	Type           MessageType
	Event          Event  // of a system message: what it records
	AuthorID       string // member or API key for operator messages, else ""
	AuthorName     string
	Content        string // Markdown for assistant, plain text for the others
	// Payload is what Content says in words, as the source's protocol has it: a
	// place, an order, a template with its values. nil for none.
	Payload     json.RawMessage
	Attachments []Attachment
	ToolCalls   []ToolCall // of an assistant message
	Choices     []string   // suggested replies offered with an assistant message
	ReplyTo     string     // message id
	ProviderID  string     // the sender's own id of the message, or "idem:" and the idempotency key
	Delivery    Delivery   // "" for what is not sent: inbound, system and tool messages
	Error       *MessageError
	TurnID      string
	CreatedAt   time.Time
	EditedAt    time.Time
	DeletedAt   time.Time
}

// MessageRole says who wrote a message.
type MessageRole string

// The message roles.
const (
	ByUser      MessageRole = "user" // the contact
	ByAssistant MessageRole = "assistant"
	ByOperator  MessageRole = "operator"
	BySystem    MessageRole = "system" // Parley itself: takeover, release, errors, the end
	ByTool      MessageRole = "tool"   // the result of a tool call
)

// Counts reports whether messages of the role are counted and previewed.
func (r MessageRole) Counts() bool {
	return r == ByUser || r == ByAssistant || r == ByOperator
}

// MessageType is the form of a message's content.
type MessageType string

// The message types. What a channel does not know is MessageUnsupported, with
// what came as its payload.
const (
	MessageText        MessageType = "text"
	MessageImage       MessageType = "image"
	MessageAudio       MessageType = "audio" // a voice note, or any other sound
	MessageVideo       MessageType = "video"
	MessageSticker     MessageType = "sticker"
	MessageFile        MessageType = "document"
	MessageLocation    MessageType = "location"
	MessageContacts    MessageType = "contacts"
	MessageChoice      MessageType = "choice"   // a button or a row of a list was tapped
	MessageReaction    MessageType = "reaction" // an emoji put on another message; not a turn
	MessageOrder       MessageType = "order"
	MessageTemplate    MessageType = "template"
	MessageUnsupported MessageType = "unsupported"
	MessageEvent       MessageType = "event" // a system message, in words
)

// Event says what a system message records, so that the state of a
// conversation follows from its log. The end is EventEnd and the EndReason, as
// in "end:inactivity".
type Event string

// The events.
const (
	EventTakeover Event = "takeover"
	EventRelease  Event = "release"
	EventHandoff  Event = "handoff" // the assistant asked for a person
	EventTrouble  Event = "trouble" // a turn failed; the conversation waits for a person
	EventWaiting  Event = "waiting" // the conversation waits for a person for another reason
	EventEnd      Event = "end:"
	EventReopen   Event = "reopen"
	EventNote     Event = "note" // something happened that changes nothing
)

// EndReason returns the reason of the end that e records, "" if it is another
// event.
func (e Event) EndReason() EndReason {
	reason, ok := strings.CutPrefix(string(e), string(EventEnd))
	if !ok {
		return ""
	}
	return EndReason(reason)
}

// MaxContentBytes is the longest content of one message.
const MaxContentBytes = 64 << 10

// CheckContent returns CodeInvalid for text that is not UTF-8 or holds NUL and
// CodeTooLarge for more than MaxContentBytes.
func CheckContent(s string) error {
	switch {
	case len(s) > MaxContentBytes:
		return Errorf(CodeTooLarge, "A message holds at most 64 KB of text; this one has %d bytes.", len(s))
	case !utf8.ValidString(s):
		return Errorf(CodeInvalid, "The text is not valid UTF-8.")
	case strings.ContainsRune(s, 0):
		return Errorf(CodeInvalid, "The text holds a NUL character.")
	}
	return nil
}

// PreviewText folds white space and control characters and cuts s to
// PreviewRunes runes.
func PreviewText(s string) string {
	var b strings.Builder
	b.Grow(min(len(s), utf8.UTFMax*PreviewRunes))
	runes, space := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = b.Len() > 0
			continue
		}
		if runes+2 > PreviewRunes {
			b.WriteRune('…')
			break
		}
		if space {
			b.WriteByte(' ')
			runes++
			space = false
		}
		b.WriteRune(r)
		runes++
	}
	return b.String()
}

// MessageError says in words why a message failed.
type MessageError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Attachment is a file that belongs to a message.
type Attachment struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	MIMEType string `json:"mime_type"`
	Size     int64  `json:"size"` // bytes
	// Reading is what the assistant saw or heard in it, "" if not analysed.
	Reading string `json:"reading,omitempty"`
	// State is "" when the file is here and all that was to be read of it is read.
	State AttachmentState `json:"state,omitempty"`
	Error string          `json:"error,omitempty"` // why it is missing or could not be read, for a person
	Voice bool            `json:"voice,omitempty"` // it was recorded as a voice note
	// Declared is the type that the source said, where the bytes say another.
	Declared string `json:"declared,omitempty"`
	// Pending is what is needed to fetch or read the file; nil when that is done.
	Pending *PendingFile `json:"pending,omitempty"`
}

// Unfinished reports whether the file is still to be fetched or read.
func (a *Attachment) Unfinished() bool {
	return a.State == AttachmentPending || a.State == AttachmentReading
}

// PendingFile is where a source keeps a file, and how often it was tried. It
// concerns nobody outside the server.
type PendingFile struct {
	SourceID string    `json:"source_id,omitempty"` // the source's id of the file
	URL      string    `json:"url,omitempty"`       // where it is, if that is known
	SHA256   string    `json:"sha256,omitempty"`    // base64, as the source says
	Tries    int       `json:"tries,omitempty"`     // that have failed
	RetryAt  time.Time `json:"retry_at,omitzero"`   // not before
	Unread   bool      `json:"unread,omitempty"`    // it is only to be fetched
}

// AttachmentState says what is still to be done about a file.
type AttachmentState string

// The attachment states.
const (
	AttachmentPending AttachmentState = "pending" // to be fetched from the source, then read
	AttachmentReading AttachmentState = "reading" // here; the assistant has not looked or listened yet
	AttachmentMissing AttachmentState = "missing" // it could not be fetched; Error says why
)

// ToolCall is one call of a tool by a model.
type ToolCall struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`        // a JSON object; the raw text as a JSON string if it was malformed
	Result    string          `json:"result,omitempty"` // what the model was told
	Error     string          `json:"error,omitempty"`  // why it failed, for a person
	Millis    int64           `json:"millis,omitempty"`
}

// Delivery is how far an outbound message has come.
type Delivery string

// The delivery states.
const (
	DeliveryQueued    Delivery = "queued"
	DeliverySending   Delivery = "sending" // handed to the channel; its answer is not known yet
	DeliveryUnknown   Delivery = "unknown" // it may have been sent; never sent again
	DeliverySent      Delivery = "sent"
	DeliveryDelivered Delivery = "delivered"
	DeliveryRead      Delivery = "read"
	DeliveryPlayed    Delivery = "played"
	DeliveryFailed    Delivery = "failed"
	DeliveryCanceled  Delivery = "canceled"
)

// deliveryNext holds every allowed transition. The state only rises; what
// reached the contact cannot fail any more, and what may have left cannot be
// canceled.
var deliveryNext = map[Delivery][]Delivery{
	DeliveryQueued:    {DeliverySending, DeliveryFailed, DeliveryCanceled},
	DeliverySending:   {DeliveryUnknown, DeliverySent, DeliveryDelivered, DeliveryRead, DeliveryPlayed, DeliveryFailed},
	DeliveryUnknown:   {DeliverySent, DeliveryDelivered, DeliveryRead, DeliveryPlayed, DeliveryFailed},
	DeliverySent:      {DeliveryDelivered, DeliveryRead, DeliveryPlayed, DeliveryFailed},
	DeliveryDelivered: {DeliveryRead, DeliveryPlayed},
	DeliveryRead:      {DeliveryPlayed},
	DeliveryFailed:    {DeliveryDelivered, DeliveryRead, DeliveryPlayed}, // it arrived after all
}

// CanBecome reports whether a message in state d may go to next. A repeat of
// the same state is not a transition.
func (d Delivery) CanBecome(next Delivery) bool {
	return slices.Contains(deliveryNext[d], next)
}
