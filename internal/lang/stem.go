package lang

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

var stemmers = map[string]func(*snowballstem.Env) bool{
	English:    english.Stem,
	German:     german.Stem,
	French:     french.Stem,
	Spanish:    spanish.Stem,
	Portuguese: portuguese.Stem,
	Italian:    italian.Stem,
	Dutch:      dutch.Stem,
}

// Stem returns the folded stem of a lower-case word in a language; the folded
// word itself for a language without a stemmer.
func Stem(word, language string) string {
	stem, ok := stemmers[language]
	if !ok || word == "" || word[0] >= '0' && word[0] <= '9' {
		return Fold(word)
	}
	env := snowballstem.NewEnv(word)
	stem(env)
	return Fold(env.Current())
}
