package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/internal/lang"
)

// MaxWord is the longest word that is kept, in runes; longer ones are cut.
const MaxWord = 40

// class says what a piece of text is made of.
type class uint8

const (
	space   class = iota // what separates
	letters              // of a script with spaces
	digits
	dense // characters of a script without spaces
)

// piece is a run of one class in a text.
type piece struct {
	class      class
	text       string // folded
	start, end int    // in bytes of the text
	at         []int  // of dense: where each rune of text starts in the source, and the end
}

// normal is the form of a text that all offsets refer to.
func normal(s string) string { return norm.NFC.String(s) }

// Fold returns s in lower case and without diacritics.
func Fold(s string) string { return lang.Fold(s) }

// Digits returns the decimal digits of s.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// classOf returns the class of a rune that is not ASCII.
func classOf(r rune) class {
	switch {
	case r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		if unicode.IsDigit(r) {
			return digits
		}
		return dense
	case r == 0x30fc || r == 0x3005: // ー and 々 are written between kana and kanji
		return dense
	case unicode.IsDigit(r):
		return digits
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
		return letters
	}
	return space
}

// asciiClass holds the class of each ASCII character.
var asciiClass = func() (t [utf8.RuneSelf]class) {
	for c := range t {
		switch {
		case c >= '0' && c <= '9':
			t[c] = digits
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			t[c] = letters
		}
	}
	return t
}()

// pieces splits a text in normal form.
func pieces(s string) []piece {
	var out []piece
	var word []byte
	var at []int
	start, kind := 0, space
	flush := func(end int) {
		if kind != space && len(word) > 0 {
			p := piece{class: kind, text: string(word), start: start, end: end}
			if kind == dense {
				at = append(at, end)
				p.at, at = at, nil
			} else {
				p.text = clip(p.text, MaxWord)
			}
			out = append(out, p)
		}
		word, kind = word[:0], space
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			k := asciiClass[c]
			if k != kind {
				flush(i)
				start, kind = i, k
			}
			if k != space {
				if c >= 'A' && c <= 'Z' {
					c += 'a' - 'A'
				}
				word = append(word, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		k := classOf(r)
		if k == letters && kind == digits && unicode.IsMark(r) {
			k = digits
		}
		if k != kind {
			flush(i)
			start, kind = i, k
		}
		if k != space {
			before := len(word)
			word = appendFolded(word, r, k)
			for range utf8.RuneCount(word[before:]) {
				if k == dense {
					at = append(at, i)
				}
			}
		}
		i += size
	}
	flush(len(s))
	return out
}

// appendFolded appends the folded form of one rune.
func appendFolded(word []byte, r rune, k class) []byte {
	switch {
	case k == digits:
		if v := digitValue(r); v >= 0 {
			return append(word, byte('0'+v))
		}
	case k == dense && r < 0xff00: // only full-width forms have another form
		return utf8.AppendRune(word, r)
	}
	return append(word, lang.Fold(string(r))...)
}

// digitValue returns the value of a decimal digit of any script, or -1. Their
// blocks are of ten in order (Unicode, section 4.6).
func digitValue(r rune) int {
	if !unicode.Is(unicode.Nd, r) {
		return -1
	}
	zero := r
	for r-zero < 9 && unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return int(r - zero)
}

// clip cuts s to n runes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// The lengths of numbers that are found by their parts.
const (
	minPhone = 7
	maxPhone = 20
	minPart  = 3
)

// phone is a run of pieces of digits that may be one telephone number.
type phone struct {
	digits      string
	first, last int // pieces
}

// phones finds the numbers in a text that may be telephone numbers: pieces of
// digits with at most three of " +-/()." between them.
func phones(s string, ps []piece) []phone {
	var out []phone
	for i := 0; i < len(ps); i++ {
		if ps[i].class != digits {
			continue
		}
		p := phone{digits: ps[i].text, first: i, last: i}
		for j := i + 1; j < len(ps) && ps[j].class == digits && joins(s[ps[j-1].end:ps[j].start]); j++ {
			p.digits += ps[j].text
			p.last = j
		}
		i = p.last
		out = append(out, p)
	}
	return out
}

func joins(between string) bool {
	return len(between) <= 3 && strings.Trim(between, " +-/().\u00a0") == ""
}

// isPhone reports whether a number is found by its parts.
func (p *phone) isPhone() bool { return len(p.digits) >= minPhone && len(p.digits) <= maxPhone }
