package openai

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// maxQuote is how much of a provider's words an error repeats, in runes.
const maxQuote = 300

// redacted stands for a key.
const redacted = "[key]"

// keyLike matches what looks like a key of a known provider, whole or with its
// middle starred out, and bearer tokens.
var keyLike = regexp.MustCompile(
	`(?i)\b(?:sk|pk|gsk|xai|csk|hf|key|nvapi|api)[-_][A-Za-z0-9*_.\-]{6,}|AIza[A-Za-z0-9_*\-]{6,}|bearer\s+[A-Za-z0-9*_.\-]{6,}`)

// keyFragment is the shortest part of a key that is treated as the key.
const keyFragment = 6

// redact removes the key, parts of it, and what looks like one from a
// provider's words.
func (m *Model) redact(s string) string {
	if m.key != "" {
		for _, form := range []string{m.key, url.QueryEscape(m.key), url.PathEscape(m.key)} {
			s = strings.ReplaceAll(s, form, redacted)
		}
	}
	s = keyLike.ReplaceAllString(s, redacted)
	if len(m.key) < keyFragment {
		return s
	}
	words := strings.FieldsFunc(s, notOfKey)
	for _, word := range words {
		if len(word) >= keyFragment && m.holdsFragment(word) {
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
func (m *Model) holdsFragment(word string) bool {
	return strings.Contains(word, m.key[:keyFragment]) || strings.Contains(word, m.key[len(m.key)-keyFragment:])
}

// clean returns an error for the log that holds no key and no address.
func (m *Model) clean(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if text := err.Error(); m.redact(text) != text {
		return errors.New(clip(m.redact(text)))
	}
	return err
}

// clip folds a provider's words into one line of at most maxQuote runes.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " "), "�")
	if r := []rune(s); len(r) > maxQuote {
		return string(r[:maxQuote-1]) + "…"
	}
	return s
}
