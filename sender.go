package parley

import (
	"log/slog"
	"time"
)

// Sender is one WhatsApp business number and what is needed to speak for it.
type Sender struct {
	ID          string
	WorkspaceID string
	Name        string     // what members call it
	Kind        SenderKind // who carries its messages
	Simulated   bool       // it belongs to the simulator; nothing leaves this machine

	AppID         string // the WhatsAppApp whose webhooks it is in
	WABAID        string // WhatsApp business account
	PhoneNumberID string // Meta's id of the number; unique in a workspace
	DisplayPhone  string // E.164
	BaseURL       string // of the Graph API; "": Meta's
	GraphVersion  string // such as "v25.0"; "": the client's default
	Token         string `json:"-"` // plain in memory only; encrypted at rest, never returned or printed

	AssistantID       string // who answers
	AIOn              bool   // false: messages are kept and wait for a person
	ReplyDelaySeconds int    // 0 to 300: what arrives within it is answered in one turn

	Health    SenderHealth
	CreatedAt time.Time
	UpdatedAt time.Time
}

// String names the sender without its token.
func (s Sender) String() string { return "sender " + s.ID + " (" + s.DisplayPhone + ")" }

// GoString keeps %#v from printing the token.
func (s Sender) GoString() string { return s.String() }

// LogValue keeps logs from printing the token.
func (s Sender) LogValue() slog.Value { return slog.StringValue(s.String()) }

// SenderKind says who carries a sender's messages.
type SenderKind string

// SenderCloud is Meta's Cloud API, or the simulator that speaks as it does.
const SenderCloud SenderKind = "cloud"

// WhatsAppApp is a Meta app as Parley needs it: what verifies its webhooks. Its
// ID is the last part of the webhook's address.
type WhatsAppApp struct {
	ID          string
	WorkspaceID string
	Name        string
	AppSecret   string `json:"-"` // as Sender.Token
	VerifyToken string `json:"-"` // as Sender.Token
	CreatedAt   time.Time
}

// String names the app without its secrets.
func (a WhatsAppApp) String() string { return "WhatsApp app " + a.ID }

// GoString keeps %#v from printing the secrets.
func (a WhatsAppApp) GoString() string { return a.String() }

// LogValue keeps logs from printing the secrets.
func (a WhatsAppApp) LogValue() slog.Value { return slog.StringValue(a.String()) }

// SenderHealth is what Meta says of a number, as it was last read.
type SenderHealth struct {
	Status       SenderStatus `json:"status"`
	VerifiedName string       `json:"verified_name,omitempty"`
	NameStatus   string       `json:"name_status,omitempty"` // Meta's word
	Quality      Quality      `json:"quality"`
	Unpaid       bool         `json:"unpaid,omitempty"` // Meta cannot charge the account
	PortfolioID  string       `json:"portfolio_id,omitempty"`
	LimitTier    string       `json:"limit_tier,omitempty"` // Meta's word, such as TIER_2K
	// Limit is how many people outside a window the whole portfolio may write
	// to in 24 hours; 0 unknown, -1 any number.
	Limit int `json:"limit"`
	// Throughput is in messages a second, in and out together; 0 unknown.
	Throughput int `json:"throughput"`
	// Stopped says what is not sent any more until a person has looked at it.
	Stopped   Stop      `json:"stopped,omitempty"`
	CheckedAt time.Time `json:"checked_at,omitzero"`
	// LastError is the newest failure that the operator has to know of.
	LastError   *MessageError `json:"last_error,omitempty"`
	LastErrorAt time.Time     `json:"last_error_at,omitzero"`
}

// SenderStatus says whether a sender works.
type SenderStatus string

// The sender statuses.
const (
	SenderConnecting SenderStatus = "connecting" // not checked yet
	SenderPending    SenderStatus = "pending"    // Meta has not approved it yet
	SenderOnline     SenderStatus = "online"
	SenderOffline    SenderStatus = "offline"   // not registered, or disconnected
	SenderSuspended  SenderStatus = "suspended" // restricted, flagged or banned by Meta
	SenderFailed     SenderStatus = "failed"    // the token or the settings do not work
)

// Quality is Meta's rating of a number or a template.
type Quality string

// The ratings; people read High, Medium and Low.
const (
	QualityGreen   Quality = "GREEN"
	QualityYellow  Quality = "YELLOW"
	QualityRed     Quality = "RED"
	QualityUnknown Quality = "UNKNOWN"
)

// Stop says what a sender does not send any more.
type Stop string

// The stops, from none to all.
const (
	StopNothing   Stop = ""
	StopTemplates Stop = "templates" // what Parley starts; replies still go
	StopAll       Stop = "all"
)
