package parley

import (
	"encoding/json"
	"log/slog"
	"time"
)

// Assistant is a configured AI. Its configuration is kept in versions; the
// other fields are those of the newest one.
type Assistant struct {
	ID          string
	WorkspaceID string
	Name        string
	Status      AssistantStatus
	Version     int // the newest, from 1
	Config      AssistantConfig
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// AssistantVersion is one saved state of an assistant. It never changes.
type AssistantVersion struct {
	AssistantID string
	Version     int
	Config      AssistantConfig
	CreatedBy   string // member or API key id
	CreatedAt   time.Time
}

// AssistantStatus says where an assistant answers.
type AssistantStatus string

// The assistant statuses.
const (
	AssistantDraft    AssistantStatus = "draft"    // in Test Chat only
	AssistantActive   AssistantStatus = "active"   // everywhere
	AssistantInactive AssistantStatus = "inactive" // nowhere; messages are kept and wait for a person
)

// AssistantConfig is all that a version holds.
type AssistantConfig struct {
	Name        string          `json:"name"`
	Avatar      string          `json:"avatar,omitempty"` // an emoji or up to two letters
	Status      AssistantStatus `json:"status"`
	Prompt      string          `json:"prompt"`
	Greeting    string          `json:"greeting,omitempty"`
	SpeaksFirst bool            `json:"speaks_first"`        // it opens a conversation with the greeting
	Languages   []string        `json:"languages,omitempty"` // BCP 47; the first is the default
	TimeZone    string          `json:"time_zone,omitempty"` // IANA; "" = the workspace's

	Model    ModelChoice  `json:"model"`
	Fallback *ModelChoice `json:"fallback,omitempty"` // used when Model fails for good

	InactivityMinutes int      `json:"inactivity_minutes"`        // 1 to 1440
	ReleaseMinutes    int      `json:"release_minutes,omitempty"` // 0 to 1440: of a person who writes nothing, before the assistant answers again; 0: never
	ReplyDelaySeconds int      `json:"reply_delay_seconds"`       // 0 to 300: what arrives within it is answered in one turn
	AfterEnd          AfterEnd `json:"after_end"`
	TroubleText       string   `json:"trouble_text,omitempty"` // what the contact reads when no answer can be had
	BudgetText        string   `json:"budget_text,omitempty"`  // what they read when the budget is spent

	Variables []VariableSchema `json:"variables,omitempty"`
	Tools     []HTTPTool       `json:"tools,omitempty"`
	// Knowledge lists the documents of this version by id. Documents do not
	// change; a changed one is a new document in a new version.
	Knowledge []string `json:"knowledge,omitempty"`
	// Examples are answers that were good, for the assistant to follow.
	Examples []Example `json:"examples,omitempty"`
}

// Example is a question with a good answer to it.
type Example struct {
	Question       string `json:"question"`
	Answer         string `json:"answer"`
	ConversationID string `json:"conversation_id,omitempty"` // which it was taken from
	MessageID      string `json:"message_id,omitempty"`      // the answer there
}

// ModelChoice names a model and how to call it.
type ModelChoice struct {
	ProviderID  string   `json:"provider_id"` // a provider of the workspace, or BuiltinProvider
	Model       string   `json:"model"`
	Temperature *float64 `json:"temperature,omitempty"` // 0 to 2; nil = the provider's default
}

// BuiltinProvider and BuiltinModel name the built-in answerer, which every
// workspace has. It needs no key and no network, and it is not an LLM.
const (
	BuiltinProvider = "builtin"
	BuiltinModel    = "builtin-answerer"
)

// AfterEnd says what a message after the end of a conversation does.
type AfterEnd string

// The choices of AfterEnd.
const (
	AfterEndNew    AfterEnd = "new"    // start a new conversation with the same contact
	AfterEndReopen AfterEnd = "reopen" // make the old one active again
)

// HTTPTool is a tool that calls an HTTP endpoint.
type HTTPTool struct {
	Name           string            `json:"name"` // as a function name: letters, digits, _ and -, at most 64
	Description    string            `json:"description"`
	Method         string            `json:"method"` // GET, POST, PUT, PATCH or DELETE
	URL            string            `json:"url"`    // may hold {parameter} in its path and query
	Headers        map[string]string `json:"headers,omitempty"`
	Parameters     json.RawMessage   `json:"parameters,omitempty"`      // JSON schema of an object
	TimeoutSeconds int               `json:"timeout_seconds,omitempty"` // 1 to 30; 0 = 10
}

// The built-in tools, by the names that models call them by.
const (
	ToolSetVariable     = "set_variable"
	ToolEndConversation = "end_conversation"
	ToolHandoff         = "handoff"
	ToolOfferChoices    = "offer_choices"
)

// Provider is a place where models are called: an endpoint and its key.
type Provider struct {
	ID          string
	WorkspaceID string
	Name        string
	Kind        string // a key of the app's provider map, such as "openai"
	BaseURL     string
	APIKey      string `json:"-"` // plain in memory only; encrypted at rest, never returned or printed
	Models      []string
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// String names the provider without its key.
func (p Provider) String() string { return p.Kind + " provider " + p.ID + " (" + p.Name + ")" }

// GoString keeps %#v from printing the key.
func (p Provider) GoString() string { return p.String() }

// LogValue keeps logs from printing the key.
func (p Provider) LogValue() slog.Value { return slog.StringValue(p.String()) }
