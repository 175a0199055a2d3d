package store

import "parley"

// OpenConversation asks for a conversation with a contact.
type OpenConversation struct {
	WorkspaceID string
	ID          string // of a new conversation; "" makes one
	Source      parley.Source
	AssistantID string
	SenderID    string
	// ExternalID continues the active conversation of the same source,
	// assistant and external id. Without it, the identities do.
	ExternalID  string
	Identities  []parley.Identity // of the contact, the strongest first; at least one
	ContactName string            // given to a contact that has no name yet
	Variables   []parley.Variable // Name, Source, Type and Value
	Greeting    *parley.Message   // the assistant's, of a new conversation; Content, Type and ID
	Push        bool              // the greeting has to be sent out
	Fresh       bool              // never continue an active conversation
}
