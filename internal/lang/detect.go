package lang

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// letters that one of the languages has for itself, or nearly so.
var letters = map[rune]string{
	'ß': German, 'ä': German, 'ö': German, 'ü': German,
	'ñ': Spanish, '¿': Spanish, '¡': Spanish,
	'ã': Portuguese, 'õ': Portuguese,
	'è': French, 'ê': French, 'œ': French, 'û': French,
	'ì': Italian, 'ò': Italian,
}

// scripts that stand for one language well enough.
var scripts = []struct {
	table    *unicode.RangeTable
	language string
}{
	{unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Hangul, "ko"}, {unicode.Han, "zh"},
	{unicode.Thai, "th"}, {unicode.Cyrillic, "ru"}, {unicode.Greek, "el"}, {unicode.Arabic, "ar"},
	{unicode.Hebrew, "he"}, {unicode.Devanagari, "hi"},
}

// Detect guesses the language of a text from its script and its most common
// words. It returns "" where the text gives no clear sign.
func Detect(s string) string {
	for _, sc := range scripts {
		if strings.IndexFunc(s, func(r rune) bool { return unicode.Is(sc.table, r) }) >= 0 {
			return sc.language
		}
	}
	score := map[string]float64{}
	lower := strings.ToLower(s)
	for _, r := range lower {
		if l := letters[r]; l != "" {
			score[l] += 0.6
		}
	}
	for _, w := range Words(lower) {
		for _, v := range votes[w] {
			score[v.language] += v.weight
		}
	}
	best, second := "", 0.0
	for l, n := range score {
		switch {
		case best == "" || n > score[best]:
			if best != "" {
				second = max(second, score[best])
			}
			best = l
		default:
			second = max(second, n)
		}
	}
	if best == "" || score[best] < 0.6 || score[best]-second < 0.1 {
		return ""
	}
	return best
}

// vote is what a word says for a language.
type vote struct {
	language string
	weight   float64
}

// votes are those of each word: its weight goes to the languages that have it,
// in parts.
var votes = castVotes()

func castVotes() map[string][]vote {
	all := map[string][]vote{}
	cast := func(lists map[string]map[string]bool, weight float64) {
		had := map[string][]string{}
		for _, l := range slices.Sorted(maps.Keys(lists)) {
			for w := range lists[l] {
				had[w] = append(had[w], l)
			}
		}
		for w, languages := range had {
			for _, l := range languages {
				all[w] = append(all[w], vote{l, weight / float64(len(languages))})
			}
		}
	}
	cast(functionWords, 1)
	cast(greetings, 1.5)
	return all
}

// Base returns the language of a BCP 47 tag in lower case: "de" for "de-CH".
func Base(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	return base
}
