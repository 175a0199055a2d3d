package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"strings"
)

// VerifySignature reports whether header, the X-Hub-Signature-256 of a webhook,
// was made with the app's secret over these very bytes. An empty secret verifies
// nothing.
func VerifySignature(secret, header string, body []byte) bool {
	given, ok := strings.CutPrefix(strings.TrimSpace(header), "sha256=")
	if !ok || secret == "" {
		return false
	}
	sum, err := hex.DecodeString(given)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(sum, mac.Sum(nil))
}

// Handshake checks the request with which Meta verifies the address of a
// webhook. If it is ok, the answer is the bare challenge.
func Handshake(query url.Values, verifyToken string) (challenge string, ok bool) {
	challenge = query.Get("hub.challenge")
	same := subtle.ConstantTimeCompare([]byte(query.Get("hub.verify_token")), []byte(verifyToken)) == 1
	if verifyToken == "" || !same || query.Get("hub.mode") != "subscribe" || challenge == "" {
		return "", false
	}
	return challenge, true
}
