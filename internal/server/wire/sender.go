package wire

import (
	"encoding/json"
	"time"

	"parley"
)

// Sender is a WhatsApp business number.
type Sender struct {
	ID                string            `json:"id"`
	Name              string            `json:"name"`
	Kind              parley.SenderKind `json:"kind"`
	Simulated         bool              `json:"simulated" doc:"It belongs to the built-in simulator: nothing leaves this machine."`
	PhoneNumberID     string            `json:"phone_number_id"`
	WABAID            string            `json:"waba_id"`
	DisplayPhone      string            `json:"display_phone"`
	BaseURL           string            `json:"base_url" doc:"Of the Graph API; empty: Meta's."`
	GraphVersion      string            `json:"graph_version"`
	HasToken          bool              `json:"has_token" doc:"The token itself is never returned."`
	App               SenderApp         `json:"app"`
	Assistant         *Ref              `json:"assistant"`
	AIOn              bool              `json:"ai_on"`
	ReplyDelaySeconds int               `json:"reply_delay_seconds"`
	Health            SenderHealth      `json:"health"`
	CreatedAt         time.Time         `json:"created_at"`
	UpdatedAt         time.Time         `json:"updated_at"`
}

// SenderApp is the Meta app that a sender's webhooks come from.
type SenderApp struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	WebhookURL  string `json:"webhook_url" doc:"What to enter as the callback URL in Meta's app dashboard."`
	WebhookPath string `json:"webhook_path"`
	HasSecret   bool   `json:"has_app_secret"`
	VerifyToken string `json:"verify_token,omitempty" doc:"What to enter beside the callback URL; only for those who may change settings."`
}

// SenderHealth is what Meta says of a number, with what Parley counts itself.
type SenderHealth struct {
	Status       parley.SenderStatus `json:"status"`
	VerifiedName string              `json:"verified_name"`
	NameStatus   string              `json:"name_status" doc:"Meta's word."`
	Quality      parley.Quality      `json:"quality" doc:"People read High, Medium and Low."`
	LimitTier    string              `json:"limit_tier" doc:"Meta's word for the portfolio's messaging limit."`
	// Limit and Used are about the portfolio: its numbers share them.
	Limit        int                  `json:"limit" doc:"People outside a window that the portfolio may write to in 24 hours; -1: any number; 0: unknown."`
	Used         int                  `json:"used" doc:"People counted towards the limit in the last 24 hours."`
	Throughput   int                  `json:"throughput" doc:"Messages a second, in and out together."`
	FreeLeft     int                  `json:"free_service_left" doc:"Service messages left this month that Meta does not charge."`
	ServiceSent  int                  `json:"service_sent" doc:"Service messages sent this month."`
	Unpaid       bool                 `json:"unpaid" doc:"Meta cannot charge the account."`
	Stopped      parley.Stop          `json:"stopped" doc:"What is not sent until a person has looked at it."`
	CheckedAt    *time.Time           `json:"checked_at"`
	LastError    *parley.MessageError `json:"last_error"`
	LastErrorAt  *time.Time           `json:"last_error_at"`
	WebhookAt    *time.Time           `json:"webhook_at" doc:"When the newest webhook of the number came."`
	RecentErrors []SenderError        `json:"recent_errors" doc:"The newest failures of messages, newest first; only of one sender, not in lists."`
}

// SenderError is a message that could not be sent.
type SenderError struct {
	ConversationID string    `json:"conversation_id"`
	MessageID      string    `json:"message_id"`
	Code           string    `json:"code"`
	Message        string    `json:"message"`
	At             time.Time `json:"at"`
}

// SaveSender is the settings of a sender. Of a stored one, secrets that are
// left out are kept.
type SaveSender struct {
	Name              string         `json:"name" minLength:"1" maxLength:"100"`
	PhoneNumberID     string         `json:"phone_number_id" pattern:"^[0-9]{1,32}$"`
	WABAID            string         `json:"waba_id" pattern:"^[0-9]{1,32}$"`
	DisplayPhone      string         `json:"display_phone,omitempty" maxLength:"32" doc:"Read from Meta when left out."`
	BaseURL           string         `json:"base_url,omitempty" maxLength:"2000" doc:"Of the Graph API; left out: Meta's."`
	GraphVersion      string         `json:"graph_version,omitempty" pattern:"^v[0-9]{1,3}[.][0-9]$"`
	Token             string         `json:"token,omitempty" maxLength:"4000"`
	App               *SaveSenderApp `json:"app,omitempty"`
	AssistantID       string         `json:"assistant_id,omitempty"`
	AIOn              *bool          `json:"ai_on,omitempty" doc:"true unless given."`
	ReplyDelaySeconds int            `json:"reply_delay_seconds,omitempty" minimum:"0" maximum:"300"`
}

// SaveSenderApp names the Meta app of a sender: one that another sender has, by
// its id, or a new one by its secrets.
type SaveSenderApp struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name,omitempty" maxLength:"100"`
	AppSecret   string `json:"app_secret,omitempty" maxLength:"400"`
	VerifyToken string `json:"verify_token,omitempty" maxLength:"400" doc:"Left out: Parley makes one."`
}

// SenderCheck is one step of "Test connection".
type SenderCheck struct {
	Step    string `json:"step" enum:"token,permissions,number,subscription,webhook"`
	State   string `json:"state" enum:"ok,warning,failed,skipped"`
	Message string `json:"message"`
	Hint    string `json:"hint" doc:"What to do about it."`
}

// SenderTest is the result of "Test connection".
type SenderTest struct {
	OK     bool          `json:"ok"`
	Checks []SenderCheck `json:"checks"`
}

// TestSender names what to try: a stored sender, given settings, or a stored
// one with what is given in their place.
type TestSender struct {
	ID            string `json:"id,omitempty"`
	PhoneNumberID string `json:"phone_number_id,omitempty" maxLength:"32"`
	WABAID        string `json:"waba_id,omitempty" maxLength:"32"`
	BaseURL       string `json:"base_url,omitempty" maxLength:"2000"`
	GraphVersion  string `json:"graph_version,omitempty" maxLength:"10"`
	Token         string `json:"token,omitempty" maxLength:"4000"`
}

// Template is a message that Meta has approved, or is asked to.
type Template struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"`
	Language   string          `json:"language"`
	Category   string          `json:"category" enum:"MARKETING,UTILITY,AUTHENTICATION"`
	Status     string          `json:"status" doc:"Meta's word: APPROVED, PENDING, REJECTED, PAUSED, DISABLED and others."`
	Reason     string          `json:"reason" doc:"Why it was rejected or paused."`
	Quality    parley.Quality  `json:"quality"`
	Format     string          `json:"format" enum:"named,positional"`
	Components json.RawMessage `json:"components" doc:"As Meta's API has them."`
	Variables  []TemplateSlot  `json:"variables"`
	// HeaderMedia is what TemplateFill.HeaderFile has to be.
	HeaderMedia string     `json:"header_media" enum:",image,video,document" doc:"The kind of file that its header needs; empty: none."`
	Sendable    bool       `json:"sendable"`
	Blocked     string     `json:"blocked" doc:"Why it cannot be sent now."`
	SyncedAt    *time.Time `json:"synced_at"`
}

// TemplateSlot is a variable of a template.
type TemplateSlot struct {
	Part    string `json:"part" enum:"header,body,button"`
	Name    string `json:"name" doc:"A name, or a number counted from 1."`
	Index   int    `json:"index" doc:"Of a button: which."`
	Example string `json:"example"`
	Kind    string `json:"kind" enum:",url,copy_code" doc:"Of a button: what the value is, the end of its address or its code."`
	Label   string `json:"label" doc:"Of a button: what stands on it."`
}

// TemplateList is the templates of a sender's account.
type TemplateList struct {
	Data     []Template `json:"data"`
	SyncedAt *time.Time `json:"synced_at"`
}

// NewTemplate asks Meta to approve a template.
type NewTemplate struct {
	Name       string          `json:"name" maxLength:"512"`
	Language   string          `json:"language" maxLength:"15"`
	Category   string          `json:"category" enum:"MARKETING,UTILITY,AUTHENTICATION"`
	Format     string          `json:"format,omitempty" enum:"named,positional"`
	Components json.RawMessage `json:"components"`
	// HeaderSample is uploaded to Meta, and its handle put into the header.
	HeaderSample string `json:"header_sample,omitempty" doc:"The attachment that shows what the file of the header is like; a header of the format IMAGE, VIDEO or DOCUMENT needs it, or a handle of its own."`
}

// TemplateFill fills the variables of a template, by part and name.
type TemplateFill struct {
	Header  map[string]string `json:"header,omitempty"`
	Body    map[string]string `json:"body,omitempty"`
	Buttons map[string]string `json:"buttons,omitempty" doc:"By the button's index."`
	// HeaderFile is sent as it is; Meta keeps it for 30 days.
	HeaderFile string `json:"header_file,omitempty" doc:"The attachment that is the header, where the template has header_media."`
}

// QuoteTemplate fills a template in to see it, and what it costs to whom.
type QuoteTemplate struct {
	TemplateFill
	ConversationID string `json:"conversation_id,omitempty" doc:"To whom it would go: this decides the price."`
	To             string `json:"to,omitempty" maxLength:"40" doc:"In place of a conversation: a phone number with its country code."`
}

// TemplatePreview is a template with its variables filled in, and what sending
// it would cost.
type TemplatePreview struct {
	Header  string           `json:"header"`
	Body    string           `json:"body"`
	Footer  string           `json:"footer"`
	Buttons []string         `json:"buttons"`
	Actions []TemplateAction `json:"actions" doc:"The same buttons with what they do."`
	Price   string           `json:"price" doc:"In words: what Meta charges for it, or that it is not known."`
	Blocked string           `json:"blocked" doc:"Why it cannot be sent now."`
}

// TemplateAction is a button of a template and what it does.
type TemplateAction struct {
	Kind  string `json:"kind" doc:"quick_reply, url, phone_number, copy_code or another of Meta's."`
	Text  string `json:"text"`
	Value string `json:"value" doc:"The address, the phone number or the code."`
}

// SendTemplate sends a template to one person: in a conversation, or to a phone
// number, which opens one.
type SendTemplate struct {
	ConversationID string       `json:"conversation_id,omitempty"`
	To             string       `json:"to,omitempty" maxLength:"40" doc:"A phone number with its country code."`
	Fill           TemplateFill `json:"fill,omitempty"`
}

// Webhook is one entry of a sender's webhook log.
type Webhook struct {
	ID         string     `json:"id"`
	ReceivedAt time.Time  `json:"received_at"`
	State      string     `json:"state" enum:"waiting,done,failed"`
	Size       int        `json:"size" doc:"Bytes."`
	Updates    int        `json:"updates" doc:"How many things it says."`
	Unknown    int        `json:"unknown" doc:"How many of them were not understood."`
	Fields     []string   `json:"fields" doc:"What it is about: messages, statuses and so on."`
	Error      string     `json:"error"`
	DoneAt     *time.Time `json:"done_at"`
	Body       *string    `json:"body,omitempty" doc:"As it came; only of one webhook, not in lists."`
}

// Simulator says whether there is a simulator of WhatsApp.
type Simulator struct {
	Available bool `json:"available"`
}

// Alert is something that an operator has to look at.
type Alert struct {
	ID       string    `json:"id"`
	SenderID string    `json:"sender_id"`
	Code     string    `json:"code"`
	Message  string    `json:"message" doc:"What is the matter and what to do."`
	Count    int       `json:"count" doc:"How often it happened."`
	FirstAt  time.Time `json:"first_at"`
	LastAt   time.Time `json:"last_at"`
}
