package screen

import (
	"encoding/json"
	"time"
)

// Message is one message on a phone's screen.
type Message struct {
	ID       string `json:"id"`
	PersonID string `json:"person_id"`
	NumberID string `json:"number_id"`
	Mine     bool   `json:"mine"` // the person wrote it
	// Status is how far it came: sent, delivered, read, played or failed. Of
	// the person's own, delivered is a webhook that was answered.
	Status   string          `json:"status"`
	Error    string          `json:"error,omitempty"`
	Type     string          `json:"type"`
	Text     string          `json:"text"` // body, caption or the filled-in template
	Header   string          `json:"header,omitempty"`
	Footer   string          `json:"footer,omitempty"`
	File     *File           `json:"file,omitempty"`
	Buttons  []Button        `json:"buttons,omitempty"`
	List     *List           `json:"list,omitempty"`
	Template string          `json:"template,omitempty"`
	Payload  json.RawMessage `json:"payload,omitempty"` // of what has no field here
	ReplyTo  string          `json:"reply_to,omitempty"`
	Echo     bool            `json:"echo,omitempty"` // the business wrote it on its own phone
	// Reaction is the person's, BusinessReaction the business's.
	Reaction         string    `json:"reaction,omitempty"`
	BusinessReaction string    `json:"business_reaction,omitempty"`
	Edited           bool      `json:"edited,omitempty"`
	Deleted          bool      `json:"deleted,omitempty"`
	At               time.Time `json:"at"`
}

// File is a file of a message; its bytes are read apart. A link is shown and
// never fetched.
type File struct {
	ID       string `json:"id,omitempty"`
	Link     string `json:"link,omitempty"`
	Name     string `json:"name,omitempty"`
	MIMEType string `json:"mime_type,omitempty"`
	Size     int    `json:"size"`
	Voice    bool   `json:"voice,omitempty"`
}

// Button can be tapped.
type Button struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Kind  string `json:"kind"` // reply, quick_reply, url, phone_number, copy_code
	Value string `json:"value,omitempty"`
}

// List is a button that opens a list.
type List struct {
	Button   string    `json:"button"`
	Sections []Section `json:"sections"`
}

// Section is a part of a list.
type Section struct {
	Title string `json:"title"`
	Rows  []Row  `json:"rows"`
}

// Row can be chosen.
type Row struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Chat is a phone's view of its exchange with one number.
type Chat struct {
	PersonID   string    `json:"person_id"`
	NumberID   string    `json:"number_id"`
	WindowOpen bool      `json:"window_open"`
	WindowEnds time.Time `json:"window_ends,omitzero"`
	FreeUntil  time.Time `json:"free_until,omitzero"` // of a free entry point
	Typing     bool      `json:"typing"`
	Unread     int       `json:"unread"`
	Messages   []Message `json:"messages"`
}
