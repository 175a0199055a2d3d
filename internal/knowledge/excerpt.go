package knowledge

import (
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/lang"
)

// Excerpt returns the part of a passage's text that has most to do with a
// question: whole sentences or list items in their order, at most mostRunes
// runes. A text that fits is returned whole.
func Excerpt(text, question string, mostRunes int) string {
	if utf8.RuneCountInString(text) <= mostRunes {
		return text
	}
	pieces := excerptPieces(text)
	best, bestScore := 0, -1.0
	scores := make([]float64, len(pieces))
	for i, p := range pieces {
		scores[i] = Overlap(question, p.text)
		if scores[i] > bestScore {
			best, bestScore = i, scores[i]
		}
	}
	taken := map[int]bool{best: true}
	length := utf8.RuneCountInString(pieces[best].text)
	for _, i := range worth(scores, best) {
		if n := utf8.RuneCountInString(pieces[i].text); length+n+1 <= mostRunes {
			taken[i] = true
			length += n + 1
		}
	}
	var b strings.Builder
	for i, p := range pieces {
		if !taken[i] {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(p.before)
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// worth orders the other pieces by what they add: what follows the best one
// continues it, then those that also speak of the question, then what stands
// before.
func worth(scores []float64, best int) []int {
	var order []int
	for i := range scores {
		if i != best {
			order = append(order, i)
		}
	}
	rank := func(i int) float64 {
		r := scores[i]
		switch i {
		case best + 1:
			r += 0.35
		case best - 1:
			r += 0.1
		}
		return r
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch ra, rb := rank(a), rank(b); {
		case ra > rb:
			return -1
		case ra < rb:
			return 1
		}
		return 0
	})
	return slices.DeleteFunc(order, func(i int) bool { return rank(i) == 0 })
}

// excerptPiece is a sentence or a list item with what stands before it.
type excerptPiece struct{ before, text string }

func excerptPieces(text string) []excerptPiece {
	var out []excerptPiece
	for block := range strings.SplitSeq(text, "\n\n") {
		before := "\n\n"
		for _, item := range items(block) {
			if listItem.MatchString(item) {
				out = append(out, excerptPiece{before, item})
				before = "\n"
				continue
			}
			for _, s := range lang.Sentences(item) {
				out = append(out, excerptPiece{before, s})
				before = " "
			}
			before = "\n"
		}
	}
	return out
}

// Overlap returns the share of the question's words that matter which the text
// has too, 0 to 1. Unlike Coverage it knows nothing of how rare they are.
func Overlap(question, text string) float64 {
	language := lang.Detect(question)
	words := map[string]bool{}
	for _, w := range lang.Words(question) {
		if !lang.Stop(w, language) && !lang.Weak(w, language) {
			words[lang.Stem(w, language)] = false
		}
	}
	if len(words) == 0 {
		return 0
	}
	for _, w := range lang.Words(text) {
		if stem := lang.Stem(w, language); !lang.Stop(w, language) {
			if _, ok := words[stem]; ok {
				words[stem] = true
			}
		}
	}
	n := 0
	for _, found := range words {
		if found {
			n++
		}
	}
	return float64(n) / float64(len(words))
}
