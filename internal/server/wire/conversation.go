package wire

import (
	"encoding/json"
	"time"

	"parley"
)

// Conversation is one row of the list of conversations.
type Conversation struct {
	ID              string                    `json:"id"`
	Source          parley.Source             `json:"source"`
	Status          parley.ConversationStatus `json:"status"`
	Assistant       AssistantRef              `json:"assistant"`
	Contact         ContactRef                `json:"contact"`
	ExternalID      string                    `json:"external_id,omitempty" doc:"The API caller's own name for the conversation."`
	LastMessage     *LastMessage              `json:"last_message" doc:"The newest message of the contact, the assistant or an operator."`
	MessageCount    int                       `json:"message_count" doc:"Messages of the contact, the assistant and operators."`
	Owner           parley.Owner              `json:"owner" doc:"Who answers."`
	Operator        *Ref                      `json:"operator" doc:"The member who took over."`
	Waiting         bool                      `json:"waiting" doc:"Asked for a person, and none has come yet."`
	HandedOver      bool                      `json:"handed_over" doc:"Was with an operator, or asked for one, at any time."`
	HasError        bool                      `json:"has_error"`
	HasAttachment   bool                      `json:"has_attachment"`
	Resolved        *bool                     `json:"resolved" doc:"By the evaluation; null: not evaluated."`
	Reviewed        bool                      `json:"reviewed" doc:"A member says that it has been looked at."`
	Review          *Review                   `json:"review" doc:"Who said so, and when; null: nobody."`
	Tags            []Tag                     `json:"tags"`
	NoteCount       int                       `json:"note_count" doc:"Internal notes."`
	Unread          bool                      `json:"unread" doc:"The member who asks has not read its newest message."`
	Usage           Tokens                    `json:"usage"`
	Cost            Cost                      `json:"cost"`
	StartedAt       time.Time                 `json:"started_at"`
	LastActivityAt  time.Time                 `json:"last_activity_at"`
	EndedAt         *time.Time                `json:"ended_at"`
	DurationSeconds float64                   `json:"duration_seconds" doc:"From the first to the last counted message."`
	Window          *Window                   `json:"window" doc:"WhatsApp only: whether free-form messages are allowed."`
	Sender          *SenderRef                `json:"sender" doc:"WhatsApp only: the business number."`
	Rev             int64                     `json:"rev" doc:"Raised by every change; the id of the stream's events."`
	Snippets        []Snippet                 `json:"snippets,omitempty" doc:"What was found, when q was given."`
}

// Ref names a thing of the workspace.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// AssistantRef names the assistant of a conversation and the version that
// answered last.
type AssistantRef struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version int    `json:"version"`
}

// ContactRef names the person outside.
type ContactRef struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Phone      string `json:"phone"`
	Identifier string `json:"identifier" doc:"What to call the person when there is no name."`
}

// LastMessage is the beginning of the newest message.
type LastMessage struct {
	Content   string             `json:"content" doc:"At most 160 characters, one line."`
	Role      parley.MessageRole `json:"role"`
	CreatedAt time.Time          `json:"created_at"`
}

// Tokens are the tokens of a conversation's model calls, as far as known.
type Tokens struct {
	InputTokens  int64 `json:"input_tokens"`
	OutputTokens int64 `json:"output_tokens"`
}

// Cost is what a conversation's model calls cost.
type Cost struct {
	Credits  *parley.Credits `json:"credits" doc:"Of the calls whose price is known; null: of none."`
	Complete bool            `json:"complete" doc:"Whether the price of every call is known."`
}

// Window says whether WhatsApp allows free-form messages.
type Window struct {
	Open      bool      `json:"open"`
	ExpiresAt time.Time `json:"expires_at"`
}

// SenderRef names the WhatsApp number of a conversation.
type SenderRef struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	DisplayPhone string `json:"display_phone"`
	Simulated    bool   `json:"simulated"`
}

// Snippet is a piece of a message that was found by a search.
type Snippet struct {
	MessageID string             `json:"message_id"`
	Seq       int64              `json:"seq"`
	Role      parley.MessageRole `json:"role"`
	HTML      string             `json:"html" doc:"Escaped text in which the words found are in <mark>."`
}

// ConversationPage is one page of the list.
type ConversationPage struct {
	Data       []Conversation `json:"data"`
	NextCursor *string        `json:"next_cursor"`
	Partial    bool           `json:"partial" doc:"The page is short because looking further would have taken too long; follow next_cursor."`
}

// ConversationDetail is a conversation with all that is known about it, apart
// from its messages.
type ConversationDetail struct {
	Conversation
	AssistantVersion  int              `json:"assistant_version"`
	EndReason         parley.EndReason `json:"end_reason,omitempty"`
	FirstReplySeconds *float64         `json:"first_reply_seconds" doc:"From the contact's first message to the first reply."`
	Variables         []Variable       `json:"variables"`
	UsageRows         []UsageRow       `json:"usage_rows" doc:"The ledger: one row per model call."`
	Evaluation        *Evaluation      `json:"evaluation"`
	Widget            *WidgetVisit     `json:"widget" doc:"What is known of a conversation through a widget."`
	Can               Abilities        `json:"can"`
}

// Abilities say what the caller may do with a conversation as it is now.
type Abilities struct {
	Write    bool `json:"write" doc:"Write as the operator."`
	Takeover bool `json:"takeover"`
	Release  bool `json:"release"`
	End      bool `json:"end"`
	Evaluate bool `json:"evaluate"`
	Delete   bool `json:"delete"`
}

// Variable is a value collected in a conversation.
type Variable struct {
	Name             string                `json:"name"`
	Type             parley.VariableType   `json:"type"`
	Source           parley.VariableSource `json:"source"`
	Value            json.RawMessage       `json:"value" doc:"A string, a number or a boolean, as the type says."`
	MessageID        *string               `json:"message_id" doc:"The message that the value came from."`
	Model            string                `json:"model,omitempty"`
	AssistantVersion int                   `json:"assistant_version"`
	SetAt            time.Time             `json:"set_at"`
}

// UsageRow is one row of the ledger: one model call.
type UsageRow struct {
	ID               string           `json:"id"`
	TurnID           string           `json:"turn_id,omitempty"`
	Kind             parley.UsageKind `json:"kind"`
	ProviderID       string           `json:"provider_id"`
	Model            string           `json:"model"`
	AssistantVersion int              `json:"assistant_version"`
	Complete         bool             `json:"complete" doc:"false: the call was not settled; it may have cost something."`
	InputTokens      *int64           `json:"input_tokens" doc:"null: unknown."`
	OutputTokens     *int64           `json:"output_tokens"`
	CachedTokens     *int64           `json:"cached_tokens" doc:"Of the input: what the provider read from its cache."`
	CacheWriteTokens *int64           `json:"cache_write_tokens" doc:"Of the input: what the provider wrote into its cache."`
	ReasoningTokens  *int64           `json:"reasoning_tokens" doc:"Of the output: what was not shown."`
	AudioInTokens    *int64           `json:"audio_in_tokens" doc:"Of the input: what was sound."`
	AudioOutTokens   *int64           `json:"audio_out_tokens" doc:"Of the output: what was sound."`
	Raw              json.RawMessage  `json:"raw" doc:"The provider's usage, verbatim; null when it sent none."`
	PriceID          string           `json:"price_id,omitempty"`
	Credits          *parley.Credits  `json:"credits" doc:"null: unknown."`
	Error            string           `json:"error,omitempty"`
	StartedAt        time.Time        `json:"started_at"`
	SettledAt        *time.Time       `json:"settled_at"`
}

// Evaluation is what was found about a conversation after its end.
type Evaluation struct {
	Resolved    bool             `json:"resolved"`
	Summary     string           `json:"summary"`
	Topic       string           `json:"topic"`
	Sentiment   parley.Sentiment `json:"sentiment"`
	Model       string           `json:"model"`
	Error       string           `json:"error" doc:"Why there is no result."`
	EvaluatedAt time.Time        `json:"evaluated_at"`
}

// Tiles are the numbers above the list.
type Tiles struct {
	Conversations          int64   `json:"conversations"`
	Last7Days              int64   `json:"last_7_days"`
	AssistantMessages      int64   `json:"assistant_messages"`
	AverageDurationSeconds float64 `json:"average_duration_seconds"`
	Waiting                int64   `json:"waiting" doc:"Conversations that wait for a person."`
}

// NewConversation opens a conversation.
type NewConversation struct {
	AssistantID string         `json:"assistant_id" format:"uuid"`
	Source      parley.Source  `json:"source" enum:"test,api"`
	ExternalID  string         `json:"external_id,omitempty" maxLength:"200" doc:"Your own name for the conversation. Given again, it continues the one that is active."`
	ContactName string         `json:"contact_name,omitempty" maxLength:"200"`
	Variables   map[string]any `json:"variables,omitempty" doc:"Values of the assistant's variables, by name."`
}

// Turn is one unit of an assistant's work; it answers "Why this answer?".
type Turn struct {
	ID               string               `json:"id"`
	Status           parley.TurnStatus    `json:"status"`
	Attempt          int                  `json:"attempt"`
	AssistantVersion int                  `json:"assistant_version"`
	FromSeq          int64                `json:"from_seq" doc:"The first message that it answers."`
	ToSeq            int64                `json:"to_seq"`
	Trace            parley.Trace         `json:"trace"`
	Error            *parley.MessageError `json:"error"`
	StartedAt        time.Time            `json:"started_at"`
	FirstTokenAt     *time.Time           `json:"first_token_at"`
	EndedAt          *time.Time           `json:"ended_at"`
	Usage            []UsageRow           `json:"usage"`
}

// TakeoverResult is a conversation after a takeover.
type TakeoverResult struct {
	Conversation Conversation `json:"conversation"`
	Canceled     int          `json:"canceled" doc:"Assistant messages that were queued and will not be sent."`
	Sending      []string     `json:"sending" doc:"Assistant messages that were being sent already, by id."`
}
