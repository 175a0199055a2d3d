package parley

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// NewID returns a UUIDv7 (RFC 9562, section 5.7) in its 36 character form. Its
// first 60 bits are the time t in 1/4096 ms, so that ids sort by creation time
// as text; the other bits are random.
func NewID(t time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[8:]) // never fails, see crypto/rand.Read

	micros := t.UnixMicro()
	millis, frac := micros/1000, (micros%1000)*4096/1000
	binary.BigEndian.PutUint64(b[:8], uint64(millis)<<16|0x7000|uint64(frac))
	b[8] = b[8]&0x3f | 0x80 // variant 10

	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	s[8] = '-'
	hex.Encode(s[9:13], b[4:6])
	s[13] = '-'
	hex.Encode(s[14:18], b[6:8])
	s[18] = '-'
	hex.Encode(s[19:23], b[8:10])
	s[23] = '-'
	hex.Encode(s[24:36], b[10:16])
	return string(s[:])
}

// ValidID reports whether s has the form of an id: 36 characters, lower-case
// hexadecimal in groups of 8-4-4-4-12.
func ValidID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
