package store

import (
	"context"
	"time"

	"parley"
)

var errPending = parley.Errorf(parley.CodeUnavailable, "This is being built.")

// OpenConversation continues or starts a conversation.
func (s *Store) OpenConversation(ctx context.Context, o OpenConversation) (conv *parley.Conversation, created bool, err error) {
	return nil, false, errPending
}

// Receive records an inbound message.
func (s *Store) Receive(ctx context.Context, in ReceiveMessage) (*Received, error) {
	return nil, errPending
}

// MessageByProviderID finds a message by the sender's own id of it, so that a repeat is known before a conversation is opened for it. CodeNotFound if there is none.
func (s *Store) MessageByProviderID(ctx context.Context, ws, sender, providerID string) (*parley.Message, error) {
	return nil, errPending
}

// OperatorMessage records what the operator who holds the conversation writes.
// member is the id of a member or an API key; m has AuthorID and AuthorName.
func (s *Store) OperatorMessage(ctx context.Context, ws, conv, member string, m *parley.Message, push bool) (*Received, error) {
	return nil, errPending
}

// Takeover gives the conversation to a member.
func (s *Store) Takeover(ctx context.Context, ws, conv, member string) (*TakeoverResult, error) {
	return nil, errPending
}

// Release gives the conversation back to the assistant.
func (s *Store) Release(ctx context.Context, ws, conv, by string) (*parley.Conversation, error) {
	return nil, errPending
}

// End ends the conversation; ending an ended one changes nothing.
func (s *Store) End(ctx context.Context, ws, conv string, reason parley.EndReason, by string) (*parley.Conversation, error) {
	return nil, errPending
}

// BeginTurn starts the turn that is due.
func (s *Store) BeginTurn(ctx context.Context, work parley.Work) (*TurnStart, error) {
	return nil, errPending
}

// FinishTurn records the result of a turn.
func (s *Store) FinishTurn(ctx context.Context, work parley.Work, end TurnEnd) (*FinishedTurn, error) {
	return nil, errPending
}

// CancelTurn marks a running turn as canceled.
func (s *Store) CancelTurn(ctx context.Context, turn *parley.Turn) error { return errPending }

// OpenUsage records that a model call starts.
func (s *Store) OpenUsage(ctx context.Context, u *parley.Usage) error { return errPending }

// SettleUsage records what a model call used.
func (s *Store) SettleUsage(ctx context.Context, u *parley.Usage) error { return errPending }

// ClaimDelivery moves the next queued message of the conversation into
// sending; nil when there is none to send.
func (s *Store) ClaimDelivery(ctx context.Context, work parley.Work) (*Outgoing, error) {
	return nil, errPending
}

// SettleDelivery records what became of a message that was being sent.
func (s *Store) SettleDelivery(ctx context.Context, m *parley.Message, to parley.Delivery, providerID string, e *parley.MessageError) (*parley.Message, error) {
	return nil, errPending
}

// DeliveryStatus records a status that the channel reports later. The message
// is nil when it is not known yet; the status is kept for it.
func (s *Store) DeliveryStatus(ctx context.Context, ws, sender, providerID string, to parley.Delivery, e *parley.MessageError) (*parley.Message, error) {
	return nil, errPending
}

// SaveEvaluation records the evaluation and the variables found with it.
func (s *Store) SaveEvaluation(ctx context.Context, work *parley.Work, ws string, eval *parley.Evaluation, vars []parley.Variable) (*parley.Conversation, error) {
	return nil, errPending
}

// Evaluation returns the evaluation, or CodeNotFound.
func (s *Store) Evaluation(ctx context.Context, ws, conv string) (*parley.Evaluation, error) {
	return nil, errPending
}

// Conversation returns a conversation, or CodeNotFound.
func (s *Store) Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error) {
	return nil, errPending
}

// ConversationRow returns a conversation as the list shows it, or CodeNotFound.
func (s *Store) ConversationRow(ctx context.Context, ws, id string) (*ListRow, error) {
	return nil, errPending
}

// Contact returns the contact of a conversation and how it is known.
func (s *Store) Contact(ctx context.Context, ws, id string) (*parley.Contact, []parley.Identity, error) {
	return nil, nil, errPending
}

// Messages returns the messages after a seq, oldest first; limit 0 means 1000.
func (s *Store) Messages(ctx context.Context, ws, conv string, after int64, limit int) ([]parley.Message, error) {
	return nil, errPending
}

// MessagesChangedSince returns the messages changed after a rev, by seq.
func (s *Store) MessagesChangedSince(ctx context.Context, ws, conv string, rev int64, limit int) ([]parley.Message, error) {
	return nil, errPending
}

// Message returns one message of a conversation, or CodeNotFound.
func (s *Store) Message(ctx context.Context, ws, conv, id string) (*parley.Message, error) {
	return nil, errPending
}

// Variables returns the values collected in a conversation.
func (s *Store) Variables(ctx context.Context, ws, conv string) ([]parley.Variable, error) {
	return nil, errPending
}

// Usage returns the ledger of a conversation.
func (s *Store) Usage(ctx context.Context, ws, conv string) ([]parley.Usage, error) {
	return nil, errPending
}

// Turns returns the turns of a conversation, oldest first.
func (s *Store) Turns(ctx context.Context, ws, conv string) ([]parley.Turn, error) {
	return nil, errPending
}

// Turn returns one turn, or CodeNotFound.
func (s *Store) Turn(ctx context.Context, ws, id string) (*parley.Turn, error) {
	return nil, errPending
}

// List returns a page of conversations.
func (s *Store) List(ctx context.Context, q ListQuery) (*ListPage, error) { return nil, errPending }

// Tiles returns the numbers above the list, at a time in a time zone.
func (s *Store) Tiles(ctx context.Context, ws string, now time.Time, tz *time.Location) (*Tiles, error) {
	return nil, errPending
}

// DeleteConversation erases a conversation with everything in it.
func (s *Store) DeleteConversation(ctx context.Context, ws, id string) error { return errPending }

// IndexSearch makes up to limit new messages findable and returns how many.
func (s *Store) IndexSearch(ctx context.Context, limit int) (indexed int, err error) {
	return 0, errPending
}

// RebuildSearch empties the search index; IndexSearch fills it again.
func (s *Store) RebuildSearch(ctx context.Context) error { return errPending }

// Recompute returns the conversation as its log says it must be.
func (s *Store) Recompute(ctx context.Context, ws, conv string) (*parley.Conversation, error) {
	return nil, errPending
}

// Fill writes whole conversations, for measurements. All are of workspace ws.
func (s *Store) Fill(ctx context.Context, ws string, convs []FillConversation) error {
	return errPending
}
