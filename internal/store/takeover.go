package store

import "parley"

// TakeoverResult says what a takeover met.
type TakeoverResult struct {
	Conversation *parley.Conversation
	Canceled     []string // ids of assistant messages that will not be sent
	Sending      []string // ids of assistant messages that were being sent and may arrive
}
