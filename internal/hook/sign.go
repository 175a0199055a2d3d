package hook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/store/hooks"
)

// secretPrefix begins a secret; the rest is the key in base64 (Standard
// Webhooks 1.0).
const secretPrefix = "whsec_"

// newSecret returns a new secret of 32 random bytes.
func newSecret() string {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key[:])
}

// sign returns the signature of a body under a secret: "v1," and the base64 of
// the HMAC-SHA256 over id, Unix time and body, with dots between.
func sign(secret, id, at, body string) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "." + body))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// headers are those of a posting at a time. While there is an old secret, it
// signs too.
func (s *Service) headers(h *hooks.Hook, d *hooks.Delivery, now time.Time) http.Header {
	at := strconv.FormatInt(now.Unix(), 10)
	signature := sign(h.Secret, d.EventID, at, d.Body)
	if h.OldSecret != "" && now.Before(h.OldUntil) {
		signature += " " + sign(h.OldSecret, d.EventID, at, d.Body)
	}
	out := http.Header{}
	out.Set("Content-Type", "application/json")
	out.Set("User-Agent", s.Agent)
	out.Set("Webhook-Id", d.EventID)
	out.Set("Webhook-Timestamp", at)
	out.Set("Webhook-Signature", signature)
	return out
}
