package store

import "parley"

// FillConversation is one whole conversation for Fill. Counts, previews and
// totals are made from its messages and usage; of the conversation itself the
// source, assistant, contact, status, owner, times and flags count.
type FillConversation struct {
	Conversation parley.Conversation
	Contact      parley.Contact // written if its id is new
	Messages     []parley.Message
	Variables    []parley.Variable
	Usage        []parley.Usage
}
