package search

import (
	"unicode"
	"unicode/utf8"
)

// Words returns the words by which a text is found, some of them repeated.
func Words(text string) []string {
	text = normal(text)
	ps := pieces(text)
	words := make([]string, 0, len(ps)+8)
	for i := range ps {
		if ps[i].class == dense {
			words = appendDense(words, ps[i].text)
			continue
		}
		words = append(words, ps[i].text)
	}
	for _, p := range phones(text, ps) {
		if !p.isPhone() {
			continue
		}
		for i := range len(p.digits) - minPart + 1 {
			words = append(words, p.digits[i:])
		}
	}
	return words
}

// appendDense appends the characters and the pairs of characters of a run.
func appendDense(words []string, run string) []string {
	before := 0
	for i, r := range run {
		end := i + utf8.RuneLen(r)
		if !unicode.IsMark(r) {
			words = append(words, run[i:end])
		}
		if i > 0 {
			words = append(words, run[before:end])
		}
		before = i
	}
	return words
}
