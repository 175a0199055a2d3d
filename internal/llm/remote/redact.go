package remote

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// MaxQuote is how much of a provider's words an error repeats, in runes.
const MaxQuote = 300

// redacted stands for a key.
const redacted = "[key]"

// keyLike matches what looks like a key of a known provider, whole or with its
// middle starred out, and bearer tokens.
var keyLike = regexp.MustCompile(
	`(?i)\b(?:sk|pk|gsk|xai|csk|hf|key|nvapi|api)[-_][A-Za-z0-9*_.\-]{6,}|AIza[A-Za-z0-9_*\-]{6,}|bearer\s+[A-Za-z0-9*_.\-]{6,}`)

// keyFragment is the shortest part of a key that is treated as the key.
const keyFragment = 6

// Redact removes the key, parts of it, and what looks like one from a
// provider's words.
func (p *Provider) Redact(s string) string {
	if p.key != "" {
		for _, form := range []string{p.key, url.QueryEscape(p.key), url.PathEscape(p.key)} {
			s = strings.ReplaceAll(s, form, redacted)
		}
	}
	s = keyLike.ReplaceAllString(s, redacted)
	if len(p.key) < keyFragment {
		return s
	}
	words := strings.FieldsFunc(s, notOfKey)
	for _, word := range words {
		if len(word) >= keyFragment && p.holdsFragment(word) {
			s = strings.ReplaceAll(s, word, redacted)
		}
	}
	return s
}

// notOfKey reports whether r separates a key from the words around it.
func notOfKey(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\"'`()[]{}<>,;:=", r)
}

// holdsFragment reports whether a word holds the beginning or the end of the
// key, as masked keys do.
func (p *Provider) holdsFragment(word string) bool {
	return strings.Contains(word, p.key[:keyFragment]) || strings.Contains(word, p.key[len(p.key)-keyFragment:])
}

// Clean returns an error for the log that holds no key and no address.
func (p *Provider) Clean(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if text := err.Error(); p.Redact(text) != text {
		return errors.New(Clip(p.Redact(text)))
	}
	return err
}

// Clip folds a provider's words into one line of at most MaxQuote runes.
func Clip(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " "), "�")
	if r := []rune(s); len(r) > MaxQuote {
		return string(r[:MaxQuote-1]) + "…"
	}
	return s
}
