package live

import "parley"

// Event says that something changed, or carries a piece of a reply in the
// making. The store is the truth: apart from deltas an event only says "look
// again", so a lost one is mended by reading the store.
type Event struct {
	Type           Type
	WorkspaceID    string
	ConversationID string
	Rev            int64 // the conversation's rev after the change; the id of the SSE event
	MessageID      string
	Seq            int64
	TurnID         string
	Delta          *Delta
	Turn           *Turn
	Typing         *Writer
}

// Type is the kind of an event and its name on the wire.
type Type string

// The event types.
const (
	MessageChanged      Type = "message"      // a message was added or changed
	DeltaAdded          Type = "delta"        // a piece of a reply
	TurnChanged         Type = "turn"         // a turn started, called a tool, failed or ended
	DeliveryChanged     Type = "delivery"     // the delivery state of a message
	ConversationChanged Type = "conversation" // status, owner, waiting, usage, evaluation
	Typing              Type = "typing"       // somebody is writing
	Resync              Type = "resync"       // events were dropped: read the store again
)

// Delta is a piece of the text of a turn. Offset counts bytes from the start
// of the turn's current text; a delta with offset 0 starts it anew, which
// also voids what was shown of an attempt that failed.
type Delta struct {
	Offset  int
	Content string
}

// Turn is how a running turn stands.
type Turn struct {
	Status  parley.TurnStatus
	Tool    string // the tool that is being called, "" if none
	Error   string // in words
	Retry   int    // the attempt that is about to start, 0 unless retrying
	Waiting bool   // for the provider's permission to try again
}

// Writer is a person who is writing.
type Writer struct {
	Role parley.MessageRole // parley.ByUser or parley.ByOperator
	Name string             // of an operator
}
