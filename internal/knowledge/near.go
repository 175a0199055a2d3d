package knowledge

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// How much a word counts that stands in the documents only in another shape.
const (
	asRelative = 0.8  // "deliver" for "delivery"
	asSynonym  = 0.8  // "shipping" for "delivery"
	asCompound = 0.75 // "Rückgabe" for "Rückgaberecht"
	asTypo     = 0.7  // "retrun" for "return"
)

// relatives finds the terms that differ from a stem by an ending of at most
// three letters, which the stemmer did not take for one.
func (x *Index) relatives(stems []string) []string {
	var out []string
	for _, stem := range stems {
		if len(stem) < 5 || isNumeric(stem) {
			continue
		}
		for i := sort.SearchStrings(x.vocab, stem); i < len(x.vocab) && strings.HasPrefix(x.vocab[i], stem); i++ {
			if n := len(x.vocab[i]) - len(stem); n > 0 && n <= 3 {
				out = append(out, x.vocab[i])
			}
		}
		for n := 1; n <= 3 && len(stem)-n >= 5; n++ {
			if shorter := stem[:len(stem)-n]; len(x.postings[shorter]) > 0 {
				out = append(out, shorter)
			}
		}
	}
	return out
}

// near finds terms for a word that no passage has: compounds that begin or end
// with it, then words that are one slip of the finger away.
func (x *Index) near(stems []string) (terms []string, quality float64) {
	for _, stem := range stems {
		if utf8.RuneCountInString(stem) < 4 || isNumeric(stem) {
			continue
		}
		terms = append(terms, x.compounds(stem)...)
	}
	if len(terms) > 0 {
		return terms, asCompound
	}
	for _, stem := range stems {
		if utf8.RuneCountInString(stem) < 5 || isNumeric(stem) {
			continue
		}
		for _, v := range x.vocab {
			if oneSlip(stem, v) {
				terms = append(terms, v)
			}
		}
	}
	return terms, asTypo
}

// compounds returns the terms that stem begins or ends, and those of at least
// five letters that begin or end stem.
func (x *Index) compounds(stem string) []string {
	var out []string
	for i := sort.SearchStrings(x.vocab, stem); i < len(x.vocab) && strings.HasPrefix(x.vocab[i], stem); i++ {
		out = append(out, x.vocab[i])
	}
	for _, v := range x.vocab {
		long := utf8.RuneCountInString(v)
		switch {
		case long > utf8.RuneCountInString(stem):
			if utf8.RuneCountInString(stem) >= 5 && strings.HasSuffix(v, stem) {
				out = append(out, v)
			}
		case long >= 5 && (strings.HasPrefix(stem, v) || strings.HasSuffix(stem, v)):
			out = append(out, v)
		}
	}
	return out
}

// isNumeric reports whether s has a digit: numbers are never guessed.
func isNumeric(s string) bool { return strings.ContainsAny(s, "0123456789") }

// oneSlip reports whether a and b differ by one letter that is added, dropped,
// changed, or swapped with its neighbour.
func oneSlip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch {
	case len(x) < len(y):
		return string(x[i:]) == string(y[i+1:])
	case i == len(x):
		return true
	case string(x[i+1:]) == string(y[i+1:]):
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
}
