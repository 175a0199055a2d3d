// Package llm is the contract between the engine and whatever answers: one
// streaming call with tools, structured output and usage, and one error type
// whose class tells the engine what to do.
//
// A model translates; it never retries, never touches the store and never
// decides what happens to a conversation.
package llm

import (
	"context"
	"encoding/json"

	"parley"
)

// Model calls the models of one provider.
type Model interface {
	// Stream calls a model and returns when its reply is complete. Each piece
	// of text goes to onText as it arrives; an error from onText ends the call
	// and is returned. Every other error is an *Error. The response is not nil
	// even with an error when usage or text was received before it.
	Stream(ctx context.Context, req *Request, onText func(string) error) (*Response, error)
}

// Checker is implemented by models whose settings can be tested.
type Checker interface {
	// Check calls the model once, as briefly as possible, with streaming. Its
	// *Error says in words what to correct.
	Check(ctx context.Context, model string) error
}

// Lister is implemented by models whose provider may say which models it has.
type Lister interface {
	// Models returns the models of the provider, those that it names first first.
	// Its *Error says in words why there is no list.
	Models(ctx context.Context) ([]Listed, error)
}

// Listed is a model of a provider.
type Listed struct {
	ID   string // what Request.Model is
	Name string // for people, "" if the provider gives none
}

// Request is one call.
type Request struct {
	Model       string
	Temperature *float64 // nil: the provider's default
	MaxTokens   int      // 0: the provider's default
	System      string   // the whole prompt, with the knowledge and the variables written into it
	Stable      int      // so many bytes of System, from its start, stay the same from turn to turn
	Messages    []Message
	Tools       []Tool
	Schema      *Schema // the reply must be JSON of this schema; nil: free text
	Context     Context
}

// Context is what System says in prose, as data, for answerers that do not
// read prose.
type Context struct {
	Passages  []parley.Passage // the knowledge found for the last user message, best first
	Examples  []parley.Example // good answers to earlier questions
	Variables []parley.VariableSchema
	Values    map[string]json.RawMessage // what is known already, by name
	Language  string                     // BCP 47, "" = unknown
	Purpose   parley.UsageKind
}

// Message is one entry of the history that a model sees.
type Message struct {
	Role       parley.MessageRole // user, assistant, tool or system; operators speak as the assistant
	Text       string
	Images     []Image
	ToolCalls  []parley.ToolCall // of an assistant message
	ToolCallID string            // of a tool message: the call it answers
	Carry      json.RawMessage   // of an assistant message: the Carry of the response that made the calls
}

// Image is a picture that the model can look at.
type Image struct {
	MIMEType string
	Data     []byte
}

// Tool is a function that the model may call.
type Tool struct {
	Name        string
	Description string
	Parameters  json.RawMessage // JSON schema of an object
}

// Schema names the JSON schema that a reply must follow.
type Schema struct {
	Name   string
	Schema json.RawMessage
}

// Response is a complete reply, or what there is of one.
type Response struct {
	Text         string
	ToolCalls    []parley.ToolCall // ID, Name and Arguments
	Carry        json.RawMessage   // what the model wants to see again beside the results of its calls; nil: nothing
	FinishReason string            // as the provider names it
	Model        string            // as the provider names it, "" if it does not
	Usage        *Usage            // nil: the provider sent none
	Citations    []parley.Passage  // what the reply quotes, if the model knows
	Note         string            // how it came to the reply, if the model can say so in a sentence
	Unanswered   bool              // the reply says that it does not know, if the model can tell
}

// Usage is what the provider counted. A nil count is unknown, which is not 0.
type Usage struct {
	InputTokens      *int64 // all of them, cached or not
	OutputTokens     *int64
	CachedTokens     *int64          // of the input: read from the provider's cache
	CacheWriteTokens *int64          // of the input: written into the provider's cache
	ReasoningTokens  *int64          // of the output
	AudioInTokens    *int64          // of the input
	AudioOutTokens   *int64          // of the output
	Raw              json.RawMessage // verbatim
}
