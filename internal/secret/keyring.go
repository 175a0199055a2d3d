// Package secret encrypts what must not be readable on disk. It must never log
// or print a key or a plain text.
package secret

// Keyring holds the keys by id. The first one encrypts, all of them decrypt.
type Keyring struct{}
