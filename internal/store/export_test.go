package store

import (
	"context"

	"parley/internal/search"
)

// SearchWords returns the words that prefixes are looked up among.
func (s *Store) SearchWords(ctx context.Context) []string {
	if s.dialect.postgres() {
		return nil
	}
	r, err := s.read.query(ctx, `SELECT word FROM search_word`)
	words, err := collect(r, err, scanID)
	if err != nil {
		return []string{err.Error()}
	}
	return words
}

// Segment is a piece of a snippet.
type Segment = search.Segment
