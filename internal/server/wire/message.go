package wire

import (
	"encoding/json"
	"time"

	"parley"
)

// Message is one entry of a conversation's log.
type Message struct {
	ID          string               `json:"id"`
	Seq         int64                `json:"seq" doc:"From 1 within the conversation, without gaps."`
	Rev         int64                `json:"rev" doc:"The conversation's rev at the message's last change."`
	Role        parley.MessageRole   `json:"role"`
	Type        parley.MessageType   `json:"type"`
	Author      *Ref                 `json:"author" doc:"The member who wrote it, for an operator's message."`
	Content     string               `json:"content"`
	HTML        string               `json:"html" doc:"The content as sanitised HTML."`
	Payload     json.RawMessage      `json:"payload" doc:"What the content says in words, as the source's protocol has it: a place, an order, a template with its values; null for nothing more."`
	Attachments []Attachment         `json:"attachments"`
	ToolCalls   []parley.ToolCall    `json:"tool_calls"`
	Choices     []string             `json:"choices" doc:"Suggested replies."`
	ReplyTo     *string              `json:"reply_to"`
	Delivery    *parley.Delivery     `json:"delivery" doc:"null for what is not sent through a channel."`
	Error       *parley.MessageError `json:"error"`
	TurnID      *string              `json:"turn_id"`
	CreatedAt   time.Time            `json:"created_at"`
	EditedAt    *time.Time           `json:"edited_at"`
	DeletedAt   *time.Time           `json:"deleted_at"`
}

// NewMessage is a message to be written.
type NewMessage struct {
	Content     string             `json:"content,omitempty" doc:"At most 64 KB; may be empty when there are attachments."`
	Role        parley.MessageRole `json:"role,omitempty" enum:"user,operator" doc:"user (default): as the contact; operator: as the member who took over."`
	Attachments []string           `json:"attachments,omitempty" maxItems:"10" doc:"Ids of uploaded files."`
	ReplyTo     string             `json:"reply_to,omitempty"`
}

// SettleMessage says what became of a message that may have been sent.
type SettleMessage struct {
	Delivery parley.Delivery `json:"delivery" enum:"sent,failed"`
}

// Sent is a message that was recorded, with the replies if they were waited for.
type Sent struct {
	// ConversationID differs from the one asked for when that had ended and
	// the assistant starts a new one after the end.
	ConversationID string    `json:"conversation_id" doc:"Where the message is: another conversation, if the one asked for had ended."`
	Message        Message   `json:"message"`
	Replies        []Message `json:"replies,omitempty" doc:"Only with ?wait=."`
}

// MessagePage is a part of a conversation's log, oldest first.
type MessagePage struct {
	Data       []Message `json:"data"`
	NextCursor *string   `json:"next_cursor" doc:"Give it as after."`
}

// StreamEvent is the data of one event of the stream. Apart from deltas an
// event says what changed now; a client that missed some reads the API again.
type StreamEvent struct {
	Type           string        `json:"type" enum:"message,delta,turn,delivery,conversation,typing,resync"`
	ConversationID string        `json:"conversation_id,omitempty"`
	Rev            int64         `json:"rev,omitempty"`
	Message        *Message      `json:"message,omitempty" doc:"Of message and delivery events."`
	Conversation   *Conversation `json:"conversation,omitempty" doc:"Of conversation events: the row as it is now; left out when it was erased."`
	Delta          *StreamDelta  `json:"delta,omitempty"`
	Turn           *StreamTurn   `json:"turn,omitempty"`
	Typing         *StreamTyping `json:"typing,omitempty" doc:"Somebody is writing; it comes again every few seconds."`
}

// StreamTyping is who is writing.
type StreamTyping struct {
	Role parley.MessageRole `json:"role"`
	Name string             `json:"name,omitempty"`
}

// StreamDelta is a piece of a reply in the making. Offset counts bytes of
// UTF-8; offset 0 starts the text anew.
type StreamDelta struct {
	TurnID  string `json:"turn_id"`
	Offset  int    `json:"offset"`
	Content string `json:"content"`
}

// StreamTurn is how a running turn stands.
type StreamTurn struct {
	ID      string            `json:"id"`
	Status  parley.TurnStatus `json:"status"`
	Tool    string            `json:"tool,omitempty" doc:"The tool that is being called."`
	Error   string            `json:"error,omitempty"`
	Retry   int               `json:"retry,omitempty" doc:"The attempt that is about to start."`
	Waiting bool              `json:"waiting,omitempty" doc:"For the provider's permission to try again."`
}
