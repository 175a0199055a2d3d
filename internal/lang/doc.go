// Package lang knows what little of human languages retrieval and the built-in
// answerer need: folding, words, stop words, stems, sentences and a guess at
// the language of a text. It holds word lists and rules and nothing else.
package lang

// The languages with stop words and a stemmer, as BCP 47 base subtags. A text
// in another one is still split into words, and is not stemmed.
const (
	English    = "en"
	German     = "de"
	French     = "fr"
	Spanish    = "es"
	Portuguese = "pt"
	Italian    = "it"
	Dutch      = "nl"
)
