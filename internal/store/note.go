package store

import (
	"context"
	"errors"

	"parley"
)

// Note is something that happened to a contact or a conversation and changes
// nothing; people should read it all the same.
type Note struct {
	WorkspaceID    string
	ConversationID string
	ProviderID     string // of what reports it: the same id is said once; "" for none
	Text           string
}

// AddNote records a note as a system message. It returns CodeNotFound.
func (s *Store) AddNote(ctx context.Context, n Note) error {
	_, err := s.change(ctx, n.WorkspaceID, n.ConversationID, func(t *tx, c *conversationRow) error {
		return c.add(ctx, t, &parley.Message{
			Role: parley.BySystem, Type: parley.MessageEvent, Event: parley.EventNote, Content: n.Text, ProviderID: n.ProviderID,
		})
	})
	if errors.Is(err, errRepeated) {
		return nil
	}
	return err
}
