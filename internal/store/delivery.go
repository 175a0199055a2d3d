package store

import "parley"

// Outgoing is a message that has entered `sending`, with what a channel needs
// to send it.
type Outgoing struct {
	Message      *parley.Message
	Conversation *parley.Conversation
	Contact      *parley.Contact
	Identities   []parley.Identity
}
