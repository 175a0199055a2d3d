package parley

import (
	"slices"
	"time"
)

// Export is a set of conversations that is, or was, written to a file which can
// be fetched until ExpiresAt.
type Export struct {
	ID          string
	WorkspaceID string
	Options     ExportOptions
	State       ExportState
	Total       int64 // conversations that there were when it began; -1: not known
	Done        int64 // conversations written so far
	Size        int64 // bytes written so far
	Error       string
	CreatedBy   string // member or API key
	CreatedAt   time.Time
	FinishedAt  time.Time // zero while it is queued or running
	ExpiresAt   time.Time // when the file goes; zero until it is finished
}

// ExportState says how an export stands.
type ExportState string

// The export states.
const (
	ExportQueued   ExportState = "queued"
	ExportRunning  ExportState = "running"
	ExportDone     ExportState = "done"
	ExportFailed   ExportState = "failed"
	ExportCanceled ExportState = "canceled"
	ExportExpired  ExportState = "expired" // its file has gone
)

// Finished reports whether nothing more happens to an export by itself.
func (s ExportState) Finished() bool { return s != ExportQueued && s != ExportRunning }

// ExportFormat is the form of an export's file.
type ExportFormat string

// The export formats.
const (
	ExportCSV      ExportFormat = "csv"
	ExportXLSX     ExportFormat = "xlsx"
	ExportJSONL    ExportFormat = "jsonl"    // whole conversations; what `parley import` reads
	ExportZIP      ExportFormat = "zip"      // the same, with the files
	ExportOpenAI   ExportFormat = "openai"   // fine-tuning: {"messages": […]}
	ExportShareGPT ExportFormat = "sharegpt" // fine-tuning: {"conversations": [{"from", "value"}]}
	ExportMarkdown ExportFormat = "markdown"
	ExportPage     ExportFormat = "html" // a page to print, or to save as PDF
)

// ExportFormats lists the formats.
func ExportFormats() []ExportFormat {
	return []ExportFormat{ExportCSV, ExportXLSX, ExportJSONL, ExportZIP, ExportOpenAI, ExportShareGPT, ExportMarkdown, ExportPage}
}

// Table reports whether the format has columns.
func (f ExportFormat) Table() bool { return f == ExportCSV || f == ExportXLSX }

// ExportRows says what a row of a table stands for.
type ExportRows string

// The rows of tables.
const (
	RowsConversations ExportRows = "conversations" // the default
	RowsMessages      ExportRows = "messages"
)

// Secrecy is a kind of personal data that an export may leave out.
type Secrecy string

// The kinds of personal data.
const (
	HideEmail Secrecy = "email"
	HidePhone Secrecy = "phone"
	HideCard  Secrecy = "card"
	HideIBAN  Secrecy = "iban"
)

// Secrecies lists the kinds of personal data.
func Secrecies() []Secrecy { return []Secrecy{HideEmail, HidePhone, HideCard, HideIBAN} }

// ExportOptions are what an export is asked for.
type ExportOptions struct {
	Format ExportFormat       `json:"format"`
	Filter ConversationFilter `json:"filter"`
	// ConversationIDs are the conversations to take instead of those of the filter.
	ConversationIDs []string   `json:"conversation_ids,omitempty"`
	Rows            ExportRows `json:"rows,omitempty"`          // of a table
	Columns         []string   `json:"columns,omitempty"`       // of a table; none: the usual ones
	Hide            []Secrecy  `json:"hide,omitempty"`          // what is put out of sight
	TimeZone        string     `json:"time_zone"`               // of times that people read
	SystemPrompt    bool       `json:"system_prompt,omitempty"` // fine-tuning: with the assistant's prompt
}

// ConversationFilter selects conversations as the list does. Filters are
// combined with AND, the values of one filter with OR; an empty filter does not
// filter.
type ConversationFilter struct {
	Source        []Source            `json:"source,omitempty"`
	AssistantID   []string            `json:"assistant_id,omitempty"`
	Status        ConversationStatus  `json:"status,omitempty"`
	From          time.Time           `json:"from,omitzero"` // of the last activity
	To            time.Time           `json:"to,omitzero"`   // exclusive
	Q             string              `json:"q,omitempty"`
	Contact       string              `json:"contact,omitempty"`
	HasAttachment *bool               `json:"has_attachment,omitempty"`
	HasError      *bool               `json:"has_error,omitempty"`
	HandedOver    *bool               `json:"handed_over,omitempty"`
	Waiting       *bool               `json:"waiting,omitempty"`
	Resolved      *bool               `json:"resolved,omitempty"`
	Variables     map[string][]string `json:"variables,omitempty"`
	Evaluated     *bool               `json:"evaluated,omitempty"`
	Reviewed      *bool               `json:"reviewed,omitempty"`
	Tag           []string            `json:"tag,omitempty"` // any of these, by id
	// What follows is behind the numbers of analytics and topics.
	StartedFrom    time.Time   `json:"started_from,omitzero"`
	StartedTo      time.Time   `json:"started_to,omitzero"` // exclusive
	HourOfWeek     *HourOfWeek `json:"hour_of_week,omitempty"`
	Version        int         `json:"version,omitempty"` // of the assistant; 0: any
	Replied        *bool       `json:"replied,omitempty"`
	FirstReplyFrom float64     `json:"first_reply_from,omitempty"` // seconds
	FirstReplyTo   float64     `json:"first_reply_to,omitempty"`   // seconds, exclusive; 0: open
	CostComplete   *bool       `json:"cost_complete,omitempty"`
	Topic          string      `json:"topic,omitempty"`
	Passage        string      `json:"passage,omitempty"`
	Tool           string      `json:"tool,omitempty"`
	Model          string      `json:"model,omitempty"`
	Rating         int         `json:"rating,omitempty"` // 1 to 5; 0: any or none
	Call           string      `json:"call,omitempty"`   // a UsageKind
	Unpriced       string      `json:"unpriced,omitempty"`
	TopicID        string      `json:"topic_id,omitempty"`   // of a question, of either kind
	Unanswered     []string    `json:"unanswered,omitempty"` // any of these of UnansweredSigns
}

// HourOfWeek is an hour on the clocks of a zone, from Monday at midnight, 0, to
// 167.
type HourOfWeek struct {
	Hour     int    `json:"hour"`
	TimeZone string `json:"time_zone"`
}

// The most that an export may be asked for.
const (
	maxExportIDs     = 1000
	maxExportColumns = 200
	maxFilterWords   = 500 // bytes
	maxFilterNumber  = 1e8
)

// Validate returns CodeInvalid for what no export can be. Whether the columns
// exist is for who writes them to say.
func (o *ExportOptions) Validate() error {
	v := &checks{}
	if !slices.Contains(ExportFormats(), o.Format) {
		v.add("format", "must be one of csv, xlsx, jsonl, zip, openai, sharegpt, markdown and html")
	}
	if !slices.Contains([]ExportRows{"", RowsConversations, RowsMessages}, o.Rows) {
		v.add("rows", "must be conversations or messages")
	}
	if len(o.Columns) > maxExportColumns {
		v.add("columns", "must not be more than 200")
	}
	for _, h := range o.Hide {
		if !slices.Contains(Secrecies(), h) {
			v.add("hide", "must be among email, phone, card and iban")
		}
	}
	if zone, err := time.LoadLocation(o.TimeZone); err != nil || zone == time.Local {
		v.add("time_zone", "must be a time zone such as Europe/Berlin")
	}
	if len(o.ConversationIDs) > maxExportIDs {
		v.add("conversation_ids", "must not be more than 1,000")
	}
	for _, id := range o.ConversationIDs {
		if !ValidID(id) {
			v.add("conversation_ids", "must be ids")
			break
		}
	}
	o.Filter.validate(v)
	return v.err("The export")
}

func (f *ConversationFilter) validate(v *checks) {
	for _, s := range f.Source {
		if !slices.Contains(Sources(), s) {
			v.add("filter.source", "must be among test, widget, whatsapp and api")
		}
	}
	for _, id := range slices.Concat(f.AssistantID, f.Tag) {
		if !ValidID(id) {
			v.add("filter", "assistant_id and tag must be ids")
		}
	}
	if f.Status != "" && f.Status != ConversationActive && f.Status != ConversationEnded {
		v.add("filter.status", "must be active or ended")
	}
	for _, t := range [][2]string{
		{"q", f.Q}, {"contact", f.Contact}, {"topic", f.Topic}, {"passage", f.Passage}, {"tool", f.Tool}, {"model", f.Model},
	} {
		v.text("filter."+t[0], t[1], maxFilterWords)
	}
	if h := f.HourOfWeek; h != nil && (h.Hour < 0 || h.Hour >= 7*24) {
		v.add("filter.hour_of_week", "must be between 0 and 167")
	}
	for _, n := range []float64{float64(f.Version), f.FirstReplyFrom, f.FirstReplyTo} {
		if !(n >= 0 && n <= maxFilterNumber) {
			v.add("filter", "version, first_reply_from and first_reply_to must be between 0 and 100,000,000")
		}
	}
	if len(f.Variables) > 10 {
		v.add("filter.variables", "must not be more than ten")
	}
	for name, values := range f.Variables {
		v.text("filter.variables", name, maxFilterWords)
		for _, value := range values {
			v.text("filter.variables", value, maxFilterWords)
		}
	}
}
