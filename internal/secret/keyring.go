// Package secret encrypts what must not be readable on disk: keys of model
// providers, tokens, headers of tools. It must never log or print a key or a
// plain text.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"strings"
	"unicode"

	"parley"
)

// keyBytes is the size of a key: AES-256.
const keyBytes = 32

// prefix marks sealed text and the version of its form:
// p1:<key id>:<base64url of nonce, cipher text and tag>.
const prefix = "p1:"

// Keyring holds the keys by id. The first one encrypts, all of them decrypt,
// so that a new key is put before the old ones to rotate. It is safe for
// concurrent use and prints no key.
type Keyring struct {
	first string
	aeads map[string]cipher.AEAD
	signs map[string][]byte // keys of signatures, made from those that encrypt
}

// NewKey returns a new random key in the form that Parse reads.
func NewKey() string {
	var b [keyBytes]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand.Read
	return base64.StdEncoding.EncodeToString(b[:])
}

// Parse reads one or more keys, separated by commas or white space, the one
// that encrypts first. A key is 32 random bytes, in base64 or as 64
// hexadecimal digits. It returns CodeInvalid for anything else.
func Parse(text string) (*Keyring, error) {
	k := &Keyring{aeads: map[string]cipher.AEAD{}, signs: map[string][]byte{}}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		key, ok := decode(word)
		if !ok {
			return nil, parley.Errorf(parley.CodeInvalid,
				"A secret key must be 32 random bytes in base64 or as 64 hexadecimal digits. Make one with: openssl rand -base64 32")
		}
		aead, err := newAEAD(key)
		if err != nil {
			return nil, err
		}
		id := keyID(key)
		if k.first == "" {
			k.first = id
		}
		k.aeads[id] = aead
		k.signs[id] = hmacOf(key, []byte("parley signing key"))
	}
	if k.first == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "The secret key is empty. Make one with: openssl rand -base64 32")
	}
	return k, nil
}

// decode reads a key in any of its forms.
func decode(word string) ([]byte, bool) {
	if b, err := hex.DecodeString(word); err == nil && len(b) == keyBytes {
		return b, true
	}
	word = strings.TrimRight(word, "=")
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if b, err := enc.DecodeString(word); err == nil && len(b) == keyBytes {
			return b, true
		}
	}
	return nil, false
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func hmacOf(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		_, _ = mac.Write(p) // a hash never fails
	}
	return mac.Sum(nil)
}

// Sign returns a signature of data: <key id>.<base64url>. what says what kind of
// thing is signed, so that a signature holds for nothing else.
func (k *Keyring) Sign(data []byte, what string) string {
	return k.first + "." + base64.RawURLEncoding.EncodeToString(hmacOf(k.signs[k.first], []byte(what+"\x00"), data))
}

// Verify reports whether Sign returned the signature for this data with one of
// the keys. It takes the same time whatever is wrong with it.
func (k *Keyring) Verify(data []byte, what, signature string) bool {
	id, encoded, _ := strings.Cut(signature, ".")
	given, err := base64.RawURLEncoding.DecodeString(encoded)
	key := k.signs[id]
	return hmac.Equal(given, hmacOf(key, []byte(what+"\x00"), data)) && err == nil && key != nil
}

// keyID names a key without saying anything about it.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte("parley key id\x00"), key...))
	return hex.EncodeToString(sum[:4])
}

// ID returns the id of the key that encrypts.
func (k *Keyring) ID() string { return k.first }

// Seal encrypts plain. where says what it is and to whom it belongs, such as
// "provider" and an id: Open must be given the same, so that a sealed text
// copied to another place does not open there.
func (k *Keyring) Seal(plain []byte, where string) string {
	aead := k.aeads[k.first]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	_, _ = rand.Read(nonce) // never fails, see crypto/rand.Read
	box := aead.Seal(nonce, nonce, plain, []byte(where))
	return prefix + k.first + ":" + base64.RawURLEncoding.EncodeToString(box)
}

// Open decrypts what Seal returned. It returns CodeInvalid if the text was
// sealed with a key that is not in the keyring, for another place, or changed.
func (k *Keyring) Open(sealed, where string) ([]byte, error) {
	id, body, ok := strings.Cut(strings.TrimPrefix(sealed, prefix), ":")
	if !ok || !strings.HasPrefix(sealed, prefix) {
		return nil, parley.Errorf(parley.CodeInvalid, "This is not an encrypted secret.")
	}
	aead := k.aeads[id]
	if aead == nil {
		return nil, parley.Errorf(parley.CodeInvalid, "A secret was encrypted with the key %s, which is not given.", id)
	}
	box, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || len(box) < aead.NonceSize() {
		return nil, parley.Errorf(parley.CodeInvalid, "An encrypted secret is damaged.")
	}
	plain, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], []byte(where))
	if err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "An encrypted secret is damaged or belongs elsewhere.")
	}
	return plain, nil
}

// Fresh reports whether a sealed text was encrypted with the first key; one
// that was not should be opened and sealed again.
func (k *Keyring) Fresh(sealed string) bool {
	return strings.HasPrefix(sealed, k.Prefix())
}

// Prefix is how every text that the first key sealed begins.
func (k *Keyring) Prefix() string { return prefix + k.first + ":" }

// String names the keys by their ids.
func (k *Keyring) String() string { return "keyring " + k.first }

// GoString keeps %#v from printing keys.
func (k *Keyring) GoString() string { return k.String() }

// LogValue keeps logs from printing keys.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }
