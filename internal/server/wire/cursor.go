package wire

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"parley"
)

// SealCursor returns the cursor of a list as clients get it; null for "". scope
// names the list and its workspace: a cursor is good for no other. The seal is
// a checksum, no secret: a cursor opens nothing that its list does not.
func SealCursor(scope, cursor string) *string {
	if cursor == "" {
		return nil
	}
	sealed := cursor + "." + seal(scope, cursor)
	return &sealed
}

// OpenCursor returns what was sealed, and "" for "". It returns CodeInvalid for
// a cursor that was not given out for this list.
func OpenCursor(scope, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	at := strings.LastIndexByte(sealed, '.')
	if at < 0 || sealed[at+1:] != seal(scope, sealed[:at]) {
		return "", parley.Errorf(parley.CodeInvalid, "cursor: this is not a next_cursor of this list.")
	}
	return sealed[:at], nil
}

func seal(scope, cursor string) string {
	sum := sha256.Sum256([]byte(scope + "\n" + cursor))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}
