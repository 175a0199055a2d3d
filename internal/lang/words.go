package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words splits s into its words in lower case, diacritics kept; a number is a
// word of its own, as in "1kg". Scripts that are written without spaces yield
// overlapping pairs of characters.
func Words(s string) []string {
	var words []string
	var run []rune
	dense, digits := false, false
	flush := func() {
		words = appendRun(words, run, dense)
		run = run[:0]
	}
	for _, r := range strings.ToLower(s) {
		switch d := isDense(r); {
		case d || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if digit := unicode.IsDigit(r); d != dense || digit != digits {
				flush()
				dense, digits = d, digit
			}
			run = append(run, r)
		default:
			flush()
		}
	}
	flush()
	return words
}

func appendRun(words []string, run []rune, dense bool) []string {
	if len(run) == 0 {
		return words
	}
	if !dense || len(run) < 3 {
		return append(words, string(run))
	}
	for i := range len(run) - 1 {
		words = append(words, string(run[i:i+2]))
	}
	return words
}

// Dense reports whether a word is of a script that is written without spaces.
func Dense(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return isDense(r)
}

// isDense reports whether the script of r is written without spaces.
func isDense(r rune) bool {
	return r >= 0x0e00 && unicode.In(r,
		unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer)
}

// Sentences splits a paragraph into its sentences, with their punctuation and
// without the white space between them. A full stop ends a sentence only
// before white space and a word that does not continue it, so that "9.30 a.m."
// and "3. März" stay whole.
func Sentences(s string) []string {
	var out []string
	start := 0
	for i, r := range s {
		if i < start || !strings.ContainsRune(".!?。！？…", r) {
			continue
		}
		end := i + utf8.RuneLen(r)
		for end < len(s) && strings.IndexByte(".!?\"')*_", s[end]) >= 0 {
			end++
		}
		if endsSentence(s, start, i, end, r) {
			if t := strings.TrimSpace(s[start:end]); t != "" {
				out = append(out, t)
			}
			start = end
		}
	}
	if t := strings.TrimSpace(s[start:]); t != "" {
		out = append(out, t)
	}
	return out
}

// endsSentence looks at the mark r at s[at] of a sentence that began at start;
// end is where the mark and what clings to it are over.
func endsSentence(s string, start, at, end int, r rune) bool {
	if r == '。' || r == '！' || r == '？' || end == len(s) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(s[end:])
	if !unicode.IsSpace(next) {
		return false
	}
	if r != '.' {
		return true
	}
	before := s[start:at]
	word := before[strings.LastIndexAny(before, " \n(")+1:]
	if word == "" || isNumber(word) || utf8.RuneCountInString(word) == 1 || abbreviations[strings.ToLower(word)] {
		return false
	}
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[end:], " \n*_\"(¿¡"))
	return !unicode.IsLower(after)
}

func isNumber(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) < 0 && len(s) <= 2
}

// abbreviations end in a full stop that does not end a sentence.
var abbreviations = set(`a.m p.m e.g i.e etc approx dr mr mrs ms st no nr inkl zzgl ca bzw z.b d.h usw tel
	str sr sra srta d dra p.ej ej m mme mlle env av art pág pag vs ltd inc co`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
