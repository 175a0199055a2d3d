// Package channel is the contract between the engine and the protocols that
// sources speak, with their error vocabulary.
//
// A channel translates: bytes to nouns on the way in, nouns to requests on the
// way out. It never touches the store and holds no policy; what is to be done
// about a failure is said by the Action of the error it returns.
package channel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley"
)

// Inbound is a message from a contact, as a channel understood it.
type Inbound struct {
	WorkspaceID    string
	ConversationID string // if the protocol knows it
	Source         parley.Source
	SenderID       string            // of the WhatsApp number, "" elsewhere
	Identities     []parley.Identity // of the contact, the strongest first
	ContactName    string
	ProviderID     string // the source's own id of the message; the same id twice is one message
	Type           parley.MessageType
	Content        string
	Attachments    []parley.Attachment
	ReplyTo        string    // message id
	SentAt         time.Time // by the source's clock; zero: now
}

// Channel speaks the protocol of a source. A channel whose readers fetch their
// messages from the store, as a web page does, needs nothing else.
type Channel interface {
	Source() parley.Source
}

// Pusher is a channel that has to send each message out. Its messages go
// through the outbox: queued, sending, sent.
type Pusher interface {
	Channel
	// Send hands one message to the protocol. Its error is an *Error. Without
	// an error the message has been accepted.
	Send(ctx context.Context, out *Outbound) (*Receipt, error)
}

// Outbound is a message to send.
type Outbound struct {
	Conversation *parley.Conversation
	Contact      *parley.Contact
	Identities   []parley.Identity
	Message      *parley.Message
	Key          string // the same for each attempt; the protocol may use it to recognise a repeat
}

// Receipt is the protocol's acceptance of a message.
type Receipt struct {
	ProviderID string          // the protocol's id of the message, for its later statuses
	Delivery   parley.Delivery // usually parley.DeliverySent
}

// Action says what to do with a message whose sending failed.
type Action string

// The actions.
const (
	Retry     Action = "retry"     // it was certainly not sent: send it again after RetryAfter
	Fail      Action = "fail"      // it was certainly not sent, and never will be
	Ambiguous Action = "ambiguous" // it may have been sent: settle it by a status or a person, never by a repeat
)

// Error is the failure of a send.
type Error struct {
	Action     Action
	Code       string // the protocol's own code
	Message    string // a sentence for the operator that says what to do
	RetryAfter time.Duration
	Err        error
}

// Error returns the message and the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s %s: %s: %v", e.Action, e.Code, e.Message, e.Err)
	}
	return fmt.Sprintf("%s %s: %s", e.Action, e.Code, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ActionOf returns what to do about err. An error outside the vocabulary is
// Ambiguous: nothing is known about whether the message left.
func ActionOf(err error) Action {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Action
	}
	return Ambiguous
}
