package topic

import (
	"slices"
	"strings"

	"parley/internal/lang"
)

// Asking says how surely a message asks for something.
type Asking int

// How surely a message asks.
const (
	AsksNothing Asking = iota // a greeting, thanks, a yes, a number
	AsksPerhaps               // one word: a request in brief, or an answer to a question
	AsksSurely
)

// Asks reports whether a message asks for something.
func Asks(text string) Asking {
	words := content(text)
	switch {
	case len(words) == 0:
		return AsksNothing
	case len(words) > 1 || strings.ContainsAny(text, "?？¿؟"):
		return AsksSurely
	}
	return AsksPerhaps
}

// content returns the different words of a text that say what it is about. In a
// text whose language is not plain, a word counts that says something in every
// language.
func content(text string) []string {
	languages := []string{lang.Detect(text)}
	if languages[0] == "" {
		languages = []string{lang.English, lang.German, lang.French, lang.Spanish, lang.Portuguese, lang.Italian, lang.Dutch}
	}
	var out []string
	for _, w := range wordsOf(text) {
		short := len([]rune(w)) < 2 && !lang.Dense(w)
		stop := slices.ContainsFunc(languages, func(l string) bool { return lang.Stop(w, l) })
		if stem := lang.Stem(w, languages[0]); !short && !stop && !slices.Contains(out, stem) {
			out = append(out, stem)
		}
	}
	return out
}

// alikeWords is the part of the words of two messages that they must share for
// the second to repeat the first.
const alikeWords = 0.6

// Repeats reports whether a message asks again what another one has asked.
func Repeats(first, second string) bool {
	a, b := content(first), content(second)
	if len(a) < 2 || len(b) < 2 {
		return false
	}
	shared := 0
	for _, w := range b {
		if slices.Contains(a, w) {
			shared++
		}
	}
	return float64(shared) >= alikeWords*float64(len(a)+len(b)-shared)
}

// people are the words for whom somebody wants to talk to.
var people = []string{
	"human", "person", "agent", "operator", "representative", "someone", "somebody", "staff", "employee", "manager",
	"mensch", "menschen", "mitarbeiter", "mitarbeiterin", "jemand", "jemandem", "berater", "beraterin", "kundenservice",
	"humain", "conseiller", "conseillère", "personne", "opérateur",
	"persona", "humano", "alguien", "agente", "asesor", "operador",
	"pessoa", "alguém", "atendente", "operatore", "umano", "qualcuno", "mens", "medewerker", "iemand",
}

// mostBeside is how many words a message that only wants a person has beside
// the one for it: "talk to a real person".
const mostBeside = 3

// WantsPerson reports whether a message asks for a person and for nothing else.
func WantsPerson(text string) bool {
	words := wordsOf(text)
	return len(content(text)) <= 1+mostBeside &&
		slices.ContainsFunc(words, func(w string) bool { return slices.Contains(people, w) })
}
