package builtin

import (
	"strings"

	"parley/internal/lang"
	"parley/internal/variable"
)

// phrases are all that the answerer says of its own in one language. Where
// there are several they are used in turn; %s is filled in.
type phrases struct {
	hello        []string // to a greeting that opens the conversation
	helloAgain   []string // when it has greeted already
	howAreYou    []string
	welcome      []string // after thanks
	goodbye      []string
	whoAmI       []string
	canDo        []string
	dontKnow     []string
	nearest      string // %s: headings
	offerPerson  string // asked after dontKnow
	handingOver  []string
	goOn         []string // after "no" to an offer
	glad         []string // after "ok" or "great"
	perhaps      []string // before a quotation of which it is not sure
	thanksFor    string   // %s: a name just given
	noted        []string // %s: values just given
	oneMore      []string // before a question that follows an answer
	allDone      []string // everything asked for is known
	noMatter     []string // a question is dropped
	noFiles      string
	failed       string // a tool did not work
	source       string
	example      string // named as the source
	talkToPerson string // a choice
	yes, no      string // choices
	or           string
	ask          map[variable.Kind]string
	askText      string // %s: the variable's name in words
	askNumber    string
	askDate      string
	askYesNo     string
	askOption    string // %s: name, %s: options
	wrong        map[variable.Kind]string
	wrongNumber  string
	wrongDate    string
	wrongYesNo   string
	wrongOption  string // %s: options
	wrongText    string
}

// inLanguage returns the phrases of a language, English for one without.
func inLanguage(language string) *phrases {
	switch lang.Base(language) {
	case lang.German:
		return &german
	case lang.French:
		return &french
	case lang.Spanish:
		return &spanish
	case lang.Portuguese:
		return &portuguese
	}
	return &english
}

// speaks reports whether there are phrases of the language.
func speaks(language string) bool {
	return lang.Base(language) == lang.English || inLanguage(language) != &english
}

// everyLanguage lists all phrases, to recognise what was said before.
func everyLanguage() []*phrases {
	return []*phrases{&english, &german, &french, &spanish, &portuguese}
}

// list joins words as a sentence does: "a, b or c".
func list(words []string, or string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + or + " " + words[last]
}
