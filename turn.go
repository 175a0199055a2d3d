package parley

import (
	"encoding/json"
	"time"
)

// Turn is one unit of the assistant's work: the messages it answers, the model
// and tool calls, its reply and its trace.
type Turn struct {
	ID               string
	WorkspaceID      string
	ConversationID   string
	FromSeq, ToSeq   int64 // the user messages it answers; both 0 for a greeting
	Status           TurnStatus
	Attempt          int // from 1; more after a crash or a retry
	AssistantVersion int
	Trace            Trace
	Error            *MessageError
	StartedAt        time.Time
	FirstTokenAt     time.Time // zero: no text
	EndedAt          time.Time // zero: running
}

// TurnStatus says how a turn stands.
type TurnStatus string

// The turn statuses.
const (
	TurnRunning  TurnStatus = "running"
	TurnDone     TurnStatus = "done"
	TurnFailed   TurnStatus = "failed"
	TurnCanceled TurnStatus = "canceled" // by takeover or the end
)

// Trace explains a reply: it answers "Why this answer?".
type Trace struct {
	AssistantVersion int       `json:"assistant_version"`
	Passages         []Passage `json:"passages,omitempty"` // given to the model or quoted by the built-in answerer
	Steps            []Step    `json:"steps,omitempty"`
	Note             string    `json:"note,omitempty"` // the built-in answerer's reasoning in a sentence
	// Unanswered is set where the reply says that it does not know. The store
	// finds such turns by this very name.
	Unanswered bool `json:"unanswered,omitempty"`
}

// Step is one model call of a turn with the tool calls that it asked for.
type Step struct {
	Provider         string     `json:"provider"`
	Model            string     `json:"model"`
	Attempt          int        `json:"attempt"`            // from 1 within the step
	Fallback         bool       `json:"fallback,omitempty"` // the fallback model
	FirstTokenMillis int64      `json:"first_token_millis,omitempty"`
	Millis           int64      `json:"millis"`
	InputTokens      *int64     `json:"input_tokens"` // null: unknown
	OutputTokens     *int64     `json:"output_tokens"`
	Credits          *Credits   `json:"credits"`
	FinishReason     string     `json:"finish_reason,omitempty"`
	Error            string     `json:"error,omitempty"` // in words
	ToolCalls        []ToolCall `json:"tool_calls,omitempty"`
	UsageID          string     `json:"usage_id,omitempty"`
}

// Usage is one row of the ledger: a model call, or a message that a channel charges for.
type Usage struct {
	ID                            string
	WorkspaceID                   string
	ConversationID                string // "" for a call outside any
	TurnID                        string // "" for a call outside any
	Kind                          UsageKind
	ProviderID                    string
	Model                         string
	AssistantID                   string
	AssistantVersion              int
	Complete                      bool // false: opened and not settled; the call may have cost something
	InputTokens                   *int64
	OutputTokens                  *int64
	CachedTokens                  *int64          // the part of InputTokens that the provider read from its cache
	CacheWriteTokens              *int64          // the part of InputTokens that the provider wrote into its cache
	ReasoningTokens               *int64          // the part of OutputTokens that was not shown
	AudioInTokens, AudioOutTokens *int64          // the parts of InputTokens and OutputTokens that were sound
	Raw                           json.RawMessage // the provider's usage, verbatim; null when it sent none
	PriceID                       string          // the price version applied; "" = unknown price
	Credits                       *Credits        // null: tokens or price unknown
	Error                         string
	StartedAt                     time.Time
	SettledAt                     time.Time // zero while not Complete
}

// Priced reports whether it is known what it used and what that costs.
func (u *Usage) Priced() bool {
	return u.Credits != nil && (u.Kind == UsageMessage || u.InputTokens != nil && u.OutputTokens != nil)
}

// UsageKind is what a model call was for.
type UsageKind string

// The usage kinds built so far. A message that was sent has no tokens: Model is
// its category and market as in the price table.
const (
	UsageReply         UsageKind = "reply"
	UsageEvaluation    UsageKind = "evaluation"
	UsageVision        UsageKind = "vision"
	UsageTranscription UsageKind = "transcription"
	UsageMessage       UsageKind = "message"
)
