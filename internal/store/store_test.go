package store_test

import (
	"testing"

	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestOpens(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
