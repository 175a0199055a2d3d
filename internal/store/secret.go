package store

import (
	"context"
)

// checkKeys returns CodeInvalid if the secrets in the database were encrypted
// with other keys than those in the keyring.
func (s *Store) checkKeys(context.Context) error { return nil }
