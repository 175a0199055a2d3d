package parley

import (
	"encoding/json"
	"time"
)

// VariableType is the type of a variable's value.
type VariableType string

// The variable types. A date is YYYY-MM-DD.
const (
	TypeText    VariableType = "text"
	TypeNumber  VariableType = "number"
	TypeBoolean VariableType = "boolean"
	TypeDate    VariableType = "date"
	TypeEnum    VariableType = "enum"
)

// VariableSource says how a value was obtained.
type VariableSource string

// The variable sources, in the order in which they are shown.
const (
	FromPreChat    VariableSource = "pre_chat"          // given before the conversation: form, preset, API
	FromExtracted  VariableSource = "extracted"         // set during the conversation by the assistant
	FromEvaluation VariableSource = "post_conversation" // found by the evaluation after the end
)

// VariableSchema declares one variable of an assistant.
type VariableSchema struct {
	Name        string         `json:"name"` // letters, digits and underscores, starts with a letter, at most 64
	Type        VariableType   `json:"type"`
	Description string         `json:"description,omitempty"` // what the model is told to look for
	Question    string         `json:"question,omitempty"`    // what the built-in answerer asks; made from the name if empty
	Source      VariableSource `json:"source"`                // where the value is expected from
	Options     []string       `json:"options,omitempty"`     // the values of an enum
	Default     string         `json:"default,omitempty"`     // used by placeholders while there is no value
	Required    bool           `json:"required,omitempty"`    // the built-in answerer asks for it
}

// Variable is a value collected in a conversation. One name may have a value
// from each source; they are stored apart.
type Variable struct {
	ConversationID   string
	Name             string
	Source           VariableSource
	Type             VariableType
	Value            json.RawMessage // a JSON string, number or boolean, as the type says
	MessageID        string          // the message it came from, "" if none
	Model            string          // the model that set it, "" if none
	AssistantVersion int
	SetAt            time.Time
}
