// Package channel is the contract between the engine and the protocols that
// sources speak, with their error vocabulary.
//
// A channel translates: bytes to nouns on the way in, nouns to requests on the
// way out. It never touches the store and holds no policy; what is to be done
// about a failure is said by the Action of the error it returns.
package channel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	Payload        json.RawMessage // what Content says in words, as the protocol has it; nil: nothing more
	Attachments    []parley.Attachment
	Media          []Media   // files that are still to be fetched
	ReplyTo        string    // message id
	ReplyToSource  string    // the same by the source's own id, where only that is known
	SentAt         time.Time // by the source's clock; zero: now
	EditedAt       time.Time // set where only an edit of the message is known
	ForPerson      bool      // the assistant shall not answer it: it waits for a person
}

// Media is a file that the source keeps for us for a while.
type Media struct {
	ID       string `json:"id"`            // the source's
	URL      string `json:"url,omitempty"` // where it is, if that is known; lives minutes
	Name     string `json:"name,omitempty"`
	MIMEType string `json:"mime_type"`
	SHA256   string `json:"sha256,omitempty"` // base64, as the source says
	Voice    bool   `json:"voice,omitempty"`
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
	Key          string         // the same for each attempt; the protocol may use it to recognise a repeat
	Sender       *parley.Sender // the number that sends it; nil where there is none
	ReplyTo      string         // the source's own id of the message that this one answers, "" for none
	// Open reads the bytes of one of the message's attachments.
	Open func(ctx context.Context, attachmentID string) (io.ReadSeekCloser, error)
}

// Splitter is a channel whose protocol takes less in one message than ours may
// hold. The engine records the parts, so that each has a delivery of its own.
type Splitter interface {
	// Split returns the parts of a message, in order: at least one, which is m
	// itself if it fits. Only Type, Content, Attachments, Choices and Payload of
	// the parts are looked at.
	Split(m parley.Message) []parley.Message
}

// Pacer is a channel that knows how fast its protocol may be spoken to.
type Pacer interface {
	// Pace returns how long to wait before out may be sent; 0 takes its place in
	// the protocol's rates, so it is followed by Send.
	Pace(out *Outbound) time.Duration
}

// Signaller is a channel that can show a contact that a message was seen and
// that an answer is being written. What it does is a courtesy: its failure
// changes nothing.
type Signaller interface {
	Signal(ctx context.Context, sender *parley.Sender, providerID string, typing bool) error
}

// Fetcher is a channel that fetches the files that Inbound.Media names. Its
// errors are *Error: Retry for what may work later.
type Fetcher interface {
	// Fetch opens a file of at most limit bytes. The caller closes it.
	Fetch(ctx context.Context, sender *parley.Sender, m Media, limit int64) (io.ReadCloser, error)
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

// Scope says whom a failure concerns, so that the others go on.
type Scope string

// The scopes, from one message to all.
const (
	ScopeMessage   Scope = ""          // this message only
	ScopeRecipient Scope = "recipient" // every message of this sender to this contact
	ScopeTemplate  Scope = "template"  // every message with this template
	ScopeSender    Scope = "sender"    // every message of the number
	ScopeAccount   Scope = "account"   // every number of the account
)

// Error is the failure of a send.
type Error struct {
	Action     Action
	Code       string // the protocol's own code
	Message    string // a sentence for the operator that says what to do
	RetryAfter time.Duration
	Scope      Scope
	Stop       parley.Stop // what must not be sent any more until a person has looked at it
	Alert      bool        // an operator has to know of it even if nobody looks at the message
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
