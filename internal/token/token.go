// Package token makes the random tokens of links and API keys and the hashes
// under which they are kept. It never stores or logs a token.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// KeyPrefix begins every API key, so that it is recognised where it leaks.
const KeyPrefix = "parley_"

// KeyShown is how many characters of an API key are kept to recognise it by.
const KeyShown = len(KeyPrefix) + 6

// New returns a token of 160 random bits after prefix, in letters and digits.
func New(prefix string) string {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789" // no look-alikes
	var out [28]byte
	var random [1]byte
	for i := 0; i < len(out); {
		_, _ = rand.Read(random[:]) // never fails, see crypto/rand.Read
		if n := int(random[0]); n < 256/len(alphabet)*len(alphabet) {
			out[i] = alphabet[n%len(alphabet)]
			i++
		}
	}
	return prefix + string(out[:])
}

// Hash returns the form in which a token is stored. Tokens are random and long,
// so that a fast hash is enough.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
