package parley

import (
	"encoding/json"
	"time"
)

// Template is a message that Meta has approved, or is asked to: the only kind
// that may be sent outside a window. Name and language name it within a
// WhatsApp business account.
type Template struct {
	ID          string
	WorkspaceID string
	WABAID      string
	MetaID      string // "" until Meta has it
	Name        string
	Language    string // such as en_US
	Category    string // MARKETING, UTILITY or AUTHENTICATION
	Status      string // Meta's word: APPROVED, PENDING, REJECTED, PAUSED, DISABLED, …
	Reason      string // why it was rejected or paused, "" for none
	Quality     Quality
	// Format is how its variables are written: "named" {{name}} or "positional" {{1}}.
	Format     string
	Components json.RawMessage // as Meta's API has them
	// Sample is the attachment that shows Meta's reviewers what the file of the
	// header is like. It is set while a template is handed in and is not stored.
	Sample   string
	SyncedAt time.Time
}

// TemplateApproved is the status in which a template may be sent.
const TemplateApproved = "APPROVED"

// TemplateMessage is the payload of an outbound message of type
// MessageTemplate: which template, with which values.
type TemplateMessage struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Category string `json:"category"`
	// Header, Body and Buttons hold the values in the order of the template's
	// variables; Names holds the variables' names where they are named.
	Header  []TemplateValue `json:"header,omitempty"`
	Body    []TemplateValue `json:"body,omitempty"`
	Buttons []ButtonValue   `json:"buttons,omitempty"`
	// HeaderMedia is the kind of file that the header is: image, video or
	// document. The file is the message's only attachment.
	HeaderMedia string `json:"header_media,omitempty"`
}

// TemplateValue fills one variable.
type TemplateValue struct {
	Name string `json:"name,omitempty"` // "" where variables are counted
	Text string `json:"text"`
}

// ButtonValue fills the variable of one button.
type ButtonValue struct {
	Index int    `json:"index"`
	Kind  string `json:"kind"` // url, copy_code, one_time_code or quick_reply
	Text  string `json:"text"`
}
