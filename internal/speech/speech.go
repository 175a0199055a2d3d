// Package speech is the contract between the engine and whatever turns spoken
// words into text.
//
// A recogniser translates; it never retries, never touches the store and never
// decides what happens to a conversation.
package speech

import (
	"context"
	"encoding/json"
	"io"
)

// MaxAudio is the largest recording that is transcribed, in bytes: what
// OpenAI's endpoint takes, and more than any WhatsApp voice note has.
const MaxAudio = 25 << 20

// Recogniser turns spoken words into text.
type Recogniser interface {
	// Transcribe returns what is said in a recording. Its error is an *Error.
	// The transcript is not nil even with an error when usage was received
	// before it.
	Transcribe(ctx context.Context, a Audio) (*Transcript, error)
}

// Audio is a recording.
type Audio struct {
	Model    string // "" where there is nothing to choose
	Name     string // of the file
	MIMEType string
	Size     int64     // bytes
	Content  io.Reader // read once
	Language string    // the likely one, ISO 639-1; "" = unknown
}

// Transcript is what was understood.
type Transcript struct {
	Text     string  // "" if nothing was said
	Language string  // as the recogniser names it, "" if it does not
	Seconds  float64 // length of the recording; 0 = unknown
	Usage    *Usage  // nil: the provider sent none
}

// Usage is what the provider counted. A nil count is unknown, which is not 0.
type Usage struct {
	InputTokens  *int64
	OutputTokens *int64
	AudioTokens  *int64          // the part of InputTokens that was sound
	Raw          json.RawMessage // verbatim
}
