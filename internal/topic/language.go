package topic

import (
	"math"
	"slices"

	"parley/internal/lang"
)

// guesser guesses the language of a text whose words alone do not betray it,
// by the texts beside it.
type guesser struct {
	languages []string
	texts     float64
	known     map[string]bool // the pieces of all languages
	of        map[string]*spelling
}

// spelling is how a language is written: how often its texts have a word or a
// run of letters.
type spelling struct {
	texts, total float64
	times        map[string]float64
}

// newGuesser learns from the texts whose language is plain.
func newGuesser(sample []Text, words [][]string) *guesser {
	g := &guesser{of: map[string]*spelling{}, known: map[string]bool{}}
	for i, t := range sample {
		l := lang.Detect(t.Content)
		if l == "" {
			continue
		}
		s := g.of[l]
		if s == nil {
			s = &spelling{times: map[string]float64{}}
			g.of[l] = s
			g.languages = append(g.languages, l)
		}
		s.texts++
		g.texts++
		for _, w := range words[i] {
			for _, piece := range pieces(w) {
				s.times[piece]++
				s.total++
				g.known[piece] = true
			}
		}
	}
	slices.Sort(g.languages)
	return g
}

// pieces are what betrays the language of a word.
func pieces(word string) []string { return append(letters(word), word) }

// common is the part of the texts that a language must have to be guessed: a
// lone text in another one is often a wrong guess itself.
const common = 0.02

// language returns the language of a text: what its words say, else the one
// that has most in common with it, by naive Bayes.
func (g *guesser) language(text string, words []string) string {
	if l := lang.Detect(text); l != "" && (g.isCommon(l) || len(words) > 0 && lang.Dense(words[0])) {
		return l
	}
	best, most := "", math.Inf(-1)
	for _, l := range g.languages {
		if !g.isCommon(l) {
			continue
		}
		if score := g.score(g.of[l], words); score > most {
			best, most = l, score
		}
	}
	return best
}

// impossible is more than any score of a text differs from another.
const impossible = 1e6

// score is the logarithm of how likely a text of these words is in a language.
// What is known of no language says nothing, nor does a language that knows
// none of it.
func (g *guesser) score(s *spelling, words []string) float64 {
	score, knows := math.Log(s.texts/g.texts), false
	for _, w := range words {
		for _, piece := range pieces(w) {
			if g.known[piece] {
				knows = knows || s.times[piece] > 0
				score += math.Log((s.times[piece] + 0.5) / (s.total + 0.5*float64(len(g.known))))
			}
		}
	}
	if !knows {
		return score - impossible
	}
	return score
}

func (g *guesser) isCommon(language string) bool {
	s := g.of[language]
	return s != nil && s.texts >= common*g.texts
}
