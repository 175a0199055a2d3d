package topic

import (
	"regexp"
	"slices"
	"strings"

	"parley/internal/lang"
)

// code is what names one thing and says nothing about the subject: addresses,
// links, numbers, and order numbers with their letters.
var code = regexp.MustCompile(`\S+@\S+|https?://\S+|(?:\b\p{L}{1,6}[-_]?)?\d[\d.,:/-]*\p{L}*`)

// longest is how much of a text is read, in bytes: what somebody wants stands
// at its beginning.
const longest = 1000

// wordsOf returns the words of a text in lower case, without codes.
func wordsOf(text string) []string {
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
	}
	if strings.ContainsAny(text, "0123456789@:") { // looking for codes takes longer than all the rest
		text = code.ReplaceAllString(text, " ")
	}
	return lang.Words(text)
}

// The weights of what a text is described by. The features of one word, its
// stem, its parts and its letters, stand for it together.
const (
	ofWeak    = 0.3 // a word that shapes a question more than it names its subject
	ofPart    = 0.8 // "konto" in "kundenkonto"
	ofMeaning = 1.0 // the group of synonyms that a word belongs to
	ofImplied = 0.7 // "costs" in "how much"
	ofLetters = 0.1 // a run of letters, by which "adress" is like "address"
)

// The lengths of the runs of letters, in runes with the marks of the word's
// ends, and the shortest word that has any.
const (
	shortestRun  = 4
	longestRun   = 5
	shortestWord = 4
)

// A part of a compound has at least shortestPart bytes and leaves at least
// shortestRest of the word.
const (
	shortestPart = 4
	shortestRest = 3
)

// feature is a property of a text with its weight.
type feature struct {
	name   string
	weight float32
}

// describer turns the texts of one language into features.
type describer struct {
	language string
	words    map[string]bool // that texts of the sample have; by them compounds are taken apart
	stems    map[string]bool
}

func newDescriber(language string, sample [][]string) *describer {
	d := &describer{language: language, words: map[string]bool{}, stems: map[string]bool{}}
	for _, words := range sample {
		for _, w := range words {
			if len(w) < shortestPart || lang.Dense(w) || lang.Stop(w, language) {
				continue
			}
			d.words[w] = true
			if s := lang.Stem(w, language); len(s) >= shortestPart {
				d.stems[s] = true
			}
		}
	}
	return d
}

// describe returns the features of a text, sorted by name.
func (d *describer) describe(text string, words []string) []feature {
	weights := map[string]float32{}
	for _, w := range words {
		if lang.Stop(w, d.language) {
			continue
		}
		weight := float32(1)
		if lang.Weak(w, d.language) {
			weight = ofWeak
		}
		weights[lang.Stem(w, d.language)] += weight
		for _, part := range d.parts(w) {
			weights[part] += ofPart * weight
		}
		if m := d.meaning(w); m != "" {
			weights[m] += ofMeaning
		}
		for _, run := range letters(w) {
			weights[run] += ofLetters * weight
		}
	}
	for _, w := range lang.Implied(text, d.language) {
		weights[lang.Stem(w, d.language)] += ofImplied
		if m := d.meaning(w); m != "" {
			weights[m] += ofImplied * ofMeaning
		}
	}
	out := make([]feature, 0, len(weights))
	for name, w := range weights {
		out = append(out, feature{name, w})
	}
	slices.SortFunc(out, func(a, b feature) int { return strings.Compare(a.name, b.name) })
	return out
}

// parts returns the stems of the words that begin or end a longer one.
func (d *describer) parts(word string) []string {
	if lang.Dense(word) {
		return nil
	}
	var out []string
	add := func(stem string) {
		if !slices.Contains(out, stem) {
			out = append(out, stem)
		}
	}
	folded := lang.Fold(word)
	for i := shortestPart; i+shortestRest <= len(word); i++ {
		if d.words[word[:i]] {
			add(lang.Stem(word[:i], d.language))
		}
		if i+shortestRest < len(folded) && d.stems[folded[:i]] {
			add(folded[:i])
		}
	}
	for i := shortestRest; i+shortestPart <= len(word); i++ {
		if d.words[word[i:]] {
			add(lang.Stem(word[i:], d.language))
		}
	}
	return out
}

// meaning names the group of synonyms of a word; "" for a word without any.
func (d *describer) meaning(word string) string {
	others := lang.Synonyms(word, d.language)
	if len(others) == 0 {
		return ""
	}
	return "=" + slices.Min(append(others, word))
}

// letters returns the runs of letters of a word, which spelling mistakes and
// endings leave in part.
func letters(word string) []string {
	folded := []rune(lang.Fold(word))
	if len(folded) < shortestWord || lang.Dense(word) {
		return nil
	}
	marked := append(append([]rune{'^'}, folded...), '$')
	var out []string
	for n := shortestRun; n <= longestRun; n++ {
		for i := 0; i+n <= len(marked); i++ {
			out = append(out, "#"+string(marked[i:i+n]))
		}
	}
	return out
}
