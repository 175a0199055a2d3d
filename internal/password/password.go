// Package password hashes and checks the passwords of members with argon2id
// (RFC 9106). It bounds how many hashes are made at a time, so that a burst of
// sign-ins cannot exhaust the memory, and it never logs a password.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"parley"
)

// Params are the costs of a hash. They are written into it, so that older
// hashes stay valid when the costs change.
type Params struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// DefaultParams are the costs that OWASP's password cheat sheet names first for
// argon2id: 19 MiB, two passes.
func DefaultParams() Params { return Params{MemoryKiB: 19 << 10, Passes: 2, Threads: 1} }

// The lengths of a password, in characters and bytes.
const (
	MinLength = 10
	MaxBytes  = 200
)

const saltBytes, keyBytes = 16, 32

// Hasher makes and checks hashes, at most a few at a time.
type Hasher struct {
	params Params
	slots  chan struct{}
	dummy  string // a hash that no password matches, checked for unknown members
}

// NewHasher returns a hasher that works on at most parallel hashes at a time.
func NewHasher(p Params, parallel int) *Hasher {
	h := &Hasher{params: p, slots: make(chan struct{}, max(1, parallel))}
	h.dummy = encode(p, randomBytes(saltBytes), randomBytes(keyBytes))
	return h
}

// Check returns CodeInvalid for a password that is too short, too long or not
// text.
func Check(pw string) error {
	switch {
	case utf8.RuneCountInString(pw) < MinLength:
		return parley.Errorf(parley.CodeInvalid, "A password has at least %d characters.", MinLength)
	case len(pw) > MaxBytes:
		return parley.Errorf(parley.CodeInvalid, "A password has at most %d bytes.", MaxBytes)
	case !utf8.ValidString(pw) || strings.ContainsRune(pw, 0):
		return parley.Errorf(parley.CodeInvalid, "The password is not valid text.")
	}
	return nil
}

// Hash returns the hash of a password in PHC string format. It returns
// CodeInvalid for a password that Check refuses and CodeUnavailable when ctx
// ends while it waits for its turn.
func (h *Hasher) Hash(ctx context.Context, pw string) (string, error) {
	if err := Check(pw); err != nil {
		return "", err
	}
	salt := randomBytes(saltBytes)
	key, err := h.derive(ctx, pw, salt, h.params, keyBytes)
	if err != nil {
		return "", err
	}
	return encode(h.params, salt, key), nil
}

// Matches reports whether pw is the password of hash. An empty or damaged hash
// matches nothing and takes as long as a real one, so that the time does not
// tell whether a member exists. It returns CodeUnavailable when ctx ends while
// it waits for its turn.
func (h *Hasher) Matches(ctx context.Context, hash, pw string) (bool, error) {
	params, salt, want, err := decode(hash)
	known := err == nil
	if !known {
		params, salt, want, _ = decode(h.dummy)
	}
	got, err := h.derive(ctx, pw[:min(len(pw), MaxBytes)], salt, params, uint32(len(want)))
	if err != nil {
		return false, err
	}
	same := subtle.ConstantTimeCompare(got, want) == 1
	return same && known && len(pw) <= MaxBytes, nil
}

func (h *Hasher) derive(ctx context.Context, pw string, salt []byte, p Params, length uint32) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, parley.Errorf(parley.CodeUnavailable, "Too many people sign in at the moment. Try again.")
	}
	key := argon2.IDKey([]byte(pw), salt, p.Passes, p.MemoryKiB, p.Threads, length)
	return key, nil
}

func encode(p Params, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.MemoryKiB, p.Passes, p.Threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// Bounds on the costs of a stored hash, so that a damaged one cannot hang or
// exhaust the server.
const maxMemoryKiB, maxPasses = 256 << 10, 16

func decode(hash string) (p Params, salt, key []byte, err error) {
	bad := parley.Errorf(parley.CodeInternal, "The stored password cannot be read.")
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, bad
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.MemoryKiB, &p.Passes, &p.Threads); err != nil {
		return p, nil, nil, bad
	}
	if p.MemoryKiB == 0 || p.MemoryKiB > maxMemoryKiB || p.Passes == 0 || p.Passes > maxPasses || p.Threads == 0 {
		return p, nil, nil, bad
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
		return p, nil, nil, bad
	}
	return p, salt, key, nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see crypto/rand.Read
	return b
}
