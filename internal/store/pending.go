package store

import (
	"context"

	"parley"
)

var errPending = parley.Errorf(parley.CodeUnavailable, "This is being built.")

// ConversationRow returns a conversation as the list shows it, or CodeNotFound.
func (s *Store) ConversationRow(ctx context.Context, ws, id string) (*ListRow, error) {
	return nil, errPending
}

// List returns a page of conversations.
func (s *Store) List(ctx context.Context, q ListQuery) (*ListPage, error) { return nil, errPending }

// DeleteConversation erases a conversation with everything in it.
func (s *Store) DeleteConversation(ctx context.Context, ws, id string) error { return errPending }

// IndexSearch makes up to limit new messages findable and returns how many.
func (s *Store) IndexSearch(ctx context.Context, limit int) (indexed int, err error) {
	return 0, errPending
}

// RebuildSearch empties the search index; IndexSearch fills it again.
func (s *Store) RebuildSearch(ctx context.Context) error { return errPending }

// Fill writes whole conversations, for measurements. All are of workspace ws.
func (s *Store) Fill(ctx context.Context, ws string, convs []FillConversation) error {
	return errPending
}
