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

// Said is what a message says, as far as it tells whether it asks.
type Said struct {
	words   []string // stems, different ones, of what it is about
	asks    Asking
	persons bool
}

// Hear reads a message.
func Hear(text string) Said {
	words := wordsOf(text)
	s := Said{words: content(text, words)}
	switch {
	case len(s.words) == 0:
	case len(s.words) > 1 || strings.ContainsAny(text, "?？¿؟"):
		s.asks = AsksSurely
	default:
		s.asks = AsksPerhaps
	}
	s.persons = slices.ContainsFunc(words, func(w string) bool { return slices.Contains(people, w) })
	return s
}

// Asks reports whether the message asks for something.
func (s *Said) Asks() Asking { return s.asks }

// everyLanguage are those that a text may be in whose language is not plain.
var everyLanguage = []string{
	lang.English, lang.German, lang.French, lang.Spanish, lang.Portuguese, lang.Italian, lang.Dutch,
}

// content returns the stems of the different words of a text that say what it is
// about. In a text whose language is not plain, a word counts that says
// something in every language.
func content(text string, words []string) []string {
	languages := everyLanguage
	if l := lang.Detect(text); l != "" {
		languages = []string{l}
	}
	var out []string
	for _, w := range words {
		short := len([]rune(w)) < 2 && !lang.Dense(w)
		stop := slices.ContainsFunc(languages, func(l string) bool { return lang.Stop(w, l) })
		if stem := lang.Stem(w, languages[0]); !short && !stop && !slices.Contains(out, stem) {
			out = append(out, stem)
		}
	}
	return out
}

// echoWords is the part of their longer words, of whatever kind, that two
// messages must share for a closer look, and echoLetters how long those are.
const (
	echoWords   = 0.4
	echoLetters = 4
)

// Echo are the longer words of a message: what tells quickly that another one
// cannot repeat it.
type Echo []string

// EchoOf returns the longer words of a message.
func EchoOf(text string) Echo {
	var e Echo
	for _, w := range lang.Words(text[:min(len(text), longest)]) {
		if (len(w) >= echoLetters || lang.Dense(w)) && !slices.Contains(e, w) {
			e = append(e, w)
		}
	}
	return e
}

// MayRepeat reports whether a message may repeat another one.
func (e Echo) MayRepeat(before Echo) bool {
	shared := 0
	for _, w := range e {
		if slices.Contains(before, w) {
			shared++
		}
	}
	return shared > 0 && float64(shared) >= echoWords*float64(len(e)+len(before)-shared)
}

// alikeWords is the part of the words of two messages that they must share for
// the second to repeat the first.
const alikeWords = 0.6

// Repeats reports whether the message asks again what one before it has asked.
func (s *Said) Repeats(before *Said) bool {
	if len(s.words) < 2 || len(before.words) < 2 {
		return false
	}
	shared := 0
	for _, w := range s.words {
		if slices.Contains(before.words, w) {
			shared++
		}
	}
	return float64(shared) >= alikeWords*float64(len(before.words)+len(s.words)-shared)
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

// WantsPerson reports whether the message asks for a person and for nothing else.
func (s *Said) WantsPerson() bool { return s.persons && len(s.words) <= 1+mostBeside }
