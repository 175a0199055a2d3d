package graph

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxID is longer, in bytes, than every id of Meta's.
const MaxID = 256

// Clean makes text fit for the store: UTF-8 without NUL.
func Clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// Cut shortens s to at most n bytes, at the border of a character.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:max(n, 0)] + "…"
}

// Length counts as WhatsApp may: in UTF-16, which is never less than characters.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// NonEmpty leaves out what is empty.
func NonEmpty(of ...string) []string {
	return slices.DeleteFunc(of, func(s string) bool { return s == "" })
}

// Phone returns E.164 with its plus, "" for what is no number. Meta writes
// numbers without the plus, people with spaces and more.
func Phone(s string) string {
	var digits strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case strings.ContainsRune("+ -().\u00a0", r):
		default:
			return ""
		}
	}
	if n := digits.Len(); n == 0 || n > 20 {
		return ""
	}
	return "+" + digits.String()
}
