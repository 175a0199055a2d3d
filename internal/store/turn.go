package store

import "parley"

// ErrSuperseded is returned for the result of a turn that a takeover, a
// release or the end of the conversation has made void.
var ErrSuperseded = parley.Errorf(parley.CodeConflict, "The conversation has changed hands; the turn is void.")

// HistoryLimit bounds the messages that a turn gets.
const HistoryLimit = 200

// TurnStart is all that a turn needs. Turn is nil when there is nothing to
// answer, or the assistant may not; then only Conversation is set.
type TurnStart struct {
	Conversation *parley.Conversation
	Turn         *parley.Turn
	Version      *parley.AssistantVersion // the newest
	History      []parley.Message         // the newest HistoryLimit up to Turn.ToSeq, oldest first
	Variables    []parley.Variable
	Contact      *parley.Contact
}

// TurnEnd is the result of a turn.
type TurnEnd struct {
	Turn      *parley.Turn      // with its trace; Status is derived
	Messages  []parley.Message  // assistant and tool messages in order; Role, Content, ID
	Variables []parley.Variable // extracted
	Handoff   string            // why the assistant asks for a person, "" if it does not
	End       bool              // the assistant ends the conversation
	Push      bool              // the assistant's messages have to be sent out
	// Trouble says why there is no answer. The turn has failed, and the
	// operator reads it in a system message.
	Trouble *parley.MessageError
	Waiting bool // the conversation waits for a person
}

// FinishedTurn is what was recorded of a turn.
type FinishedTurn struct {
	Conversation *parley.Conversation
	Messages     []parley.Message // with their seqs, system messages included
}
