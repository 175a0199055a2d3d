package store

import (
	"time"

	"parley"
)

// ErrEnded is returned when a conversation that has ended gets a message.
var ErrEnded = parley.Errorf(parley.CodeConflict, "The conversation has ended.")

// ReceiveMessage is an inbound message.
type ReceiveMessage struct {
	WorkspaceID    string
	ConversationID string
	// Message has at least Content; Role, Seq, Rev, ID and the times are set
	// where they are missing.
	Message *parley.Message
	// SenderID is the WhatsApp number that received it, "" elsewhere. Together
	// with the message's ProviderID it is what makes a message one.
	SenderID string
	TurnAt   time.Time // when the assistant shall answer; zero: not at all
	Reopen   bool      // make an ended conversation active again
	// WindowExpiresAt is until when WhatsApp allows free-form messages because
	// of this one; zero leaves the window alone.
	WindowExpiresAt time.Time
}

// Received says what became of an inbound message.
type Received struct {
	Message      *parley.Message
	Conversation *parley.Conversation // after it; of a duplicate, as it is now
	Duplicate    bool                 // the message was here before
}
