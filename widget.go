package parley

import (
	"log/slog"
	"time"
)

// Widget is a chat on a website: an assistant, how it looks and whom it serves.
type Widget struct {
	ID             string
	WorkspaceID    string
	Name           string // what members call it
	AssistantID    string
	Settings       WidgetSettings
	IdentitySecret string `json:"-"` // plain in memory only; encrypted at rest, never printed
	VisitorEpoch   int64  // raised to make every visitor's token void
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// String names the widget without its secret.
func (w Widget) String() string { return "widget " + w.ID + " (" + w.Name + ")" }

// GoString keeps %#v from printing the secret.
func (w Widget) GoString() string { return w.String() }

// LogValue keeps logs from printing the secret.
func (w Widget) LogValue() slog.Value { return slog.StringValue(w.String()) }

// WidgetSettings are all that a member sets, stored as JSON.
type WidgetSettings struct {
	Mode     WidgetMode `json:"mode"`
	Language string     `json:"language"` // BCP 47; of visitors whose own has no texts

	Size     WidgetSize     `json:"size"`
	Position WidgetPosition `json:"position"`
	Theme    WidgetTheme    `json:"theme"`
	Light    WidgetColors   `json:"light"`
	Dark     WidgetColors   `json:"dark"`
	Icon     string         `json:"icon"`             // of the launcher: a name of WidgetIcons, or an emoji
	Avatar   string         `json:"avatar,omitempty"` // an emoji, up to two letters, or data:image/…;base64,…

	AutoOpen      WidgetAutoOpen `json:"auto_open"`
	ShowToolCalls bool           `json:"show_tool_calls"`
	Rating        bool           `json:"rating"` // ask for one at the end

	// Texts are by language, then by a key of WidgetTextKeys. What is left out
	// is as Parley is delivered.
	Texts map[string]map[string]string `json:"texts,omitempty"`
	// Suggested are questions to tap, by language.
	Suggested map[string][]string `json:"suggested,omitempty"`

	Attachments WidgetAttachments `json:"attachments"`
	Hours       WidgetHours       `json:"hours"`
	Origins     []string          `json:"origins"` // none: every site
	Identity    IdentityMode      `json:"identity"`
	Form        WidgetForm        `json:"form"`
	Limits      WidgetLimits      `json:"limits"`
}

// WidgetMode says how one talks.
type WidgetMode string

// The modes. Those with voice are not built yet and refused.
const (
	WidgetChat      WidgetMode = "chat"
	WidgetVoiceChat WidgetMode = "voice_chat"
	WidgetVoice     WidgetMode = "voice"
)

// WidgetSize is how large the panel is; on phones it fills the screen.
type WidgetSize string

// The sizes.
const (
	WidgetStandard WidgetSize = "standard"
	WidgetLarge    WidgetSize = "large" // half of the screen
)

// WidgetPosition is where the launcher stands.
type WidgetPosition string

// The positions.
const (
	WidgetTopLeft      WidgetPosition = "top_left"
	WidgetTopCenter    WidgetPosition = "top_center"
	WidgetTopRight     WidgetPosition = "top_right"
	WidgetMiddleLeft   WidgetPosition = "middle_left"
	WidgetMiddleRight  WidgetPosition = "middle_right"
	WidgetBottomLeft   WidgetPosition = "bottom_left"
	WidgetBottomCenter WidgetPosition = "bottom_center"
	WidgetBottomRight  WidgetPosition = "bottom_right"
)

// WidgetTheme is light, dark, or as the visitor's system has it.
type WidgetTheme string

// The themes.
const (
	WidgetAuto  WidgetTheme = "auto"
	WidgetLight WidgetTheme = "light"
	WidgetDark  WidgetTheme = "dark"
)

// WidgetColors are #rrggbb.
type WidgetColors struct {
	Accent     string `json:"accent"`    // launcher, header, the visitor's messages
	OnAccent   string `json:"on_accent"` // what is written on it
	Background string `json:"background"`
	Text       string `json:"text"`
}

// WidgetIcons are the launcher's icons that have a name.
func WidgetIcons() []string { return []string{"chat", "message", "help", "spark"} }

// WidgetAutoOpen opens the panel by itself, once for a visitor.
type WidgetAutoOpen struct {
	Enabled      bool `json:"enabled"`
	AfterSeconds int  `json:"after_seconds"`
}

// WidgetAttachments are the files that visitors may send.
type WidgetAttachments struct {
	Enabled bool       `json:"enabled"`
	Types   []FileType `json:"types"`
	MaxMB   int        `json:"max_mb"`
}

// FileType is a group of file formats.
type FileType string

// The file types.
const (
	FileImage    FileType = "image" // PNG, JPEG, GIF and WebP
	FilePDF      FileType = "pdf"
	FileText     FileType = "text"     // plain text and CSV
	FileDocument FileType = "document" // of office programs
	FileAudio    FileType = "audio"
	FileVideo    FileType = "video"
	FileArchive  FileType = "archive" // ZIP
)

// FileTypes lists every file type.
func FileTypes() []FileType {
	return []FileType{FileImage, FilePDF, FileText, FileDocument, FileAudio, FileVideo, FileArchive}
}

// IdentityMode says whether a site has to prove who its visitors are.
type IdentityMode string

// The identity modes.
const (
	IdentityOff      IdentityMode = "off"
	IdentityOptional IdentityMode = "optional"
	IdentityRequired IdentityMode = "required" // who is not verified may not write
)

// WidgetLimits keep one visitor from costing too much.
type WidgetLimits struct {
	MessageChars            int `json:"message_chars"`
	MessagesPerMinute       int `json:"messages_per_minute"`         // of a visitor
	MessagesPerConversation int `json:"messages_per_conversation"`   // of the visitor, the assistant and operators
	FilesPerConversation    int `json:"files_per_conversation"`      // of the visitor
	MBPerConversation       int `json:"mb_per_conversation"`         // of the visitor's files
	AddressPerMinute        int `json:"address_messages_per_minute"` // messages of all visitors with one address
	WidgetPerMinute         int `json:"widget_messages_per_minute"`  // messages of all visitors
}

// VisitorConversation is what a conversation through a widget has beside its
// log.
type VisitorConversation struct {
	WorkspaceID    string
	ConversationID string
	WidgetID       string
	VisitorID      string
	Language       string // of the visitor, BCP 47; "" if unknown
	Page           string // where it began; "" if unknown
	Email          string // left for a person; "" if none
	ReadSeq        int64  // the visitor has seen messages up to this one
	Rating         Rating
	Consents       []Consent
	StartedAt      time.Time
}

// Rating is what a visitor thinks of a conversation.
type Rating struct {
	Score   int // 1 to 5; 0: not rated
	Comment string
	At      time.Time
}

// Consent is what a visitor agreed to in a form.
type Consent struct {
	Field string    `json:"field"` // the name of its variable
	Text  string    `json:"text"`  // as it was shown
	At    time.Time `json:"at"`
}

// VisitorEpoch says which tokens of visitors hold: those that name both.
type VisitorEpoch struct {
	Installation string // changes when a backup is restored
	Widget       int64
}
