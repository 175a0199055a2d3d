package builtin

import (
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/internal/knowledge"
	"parley/internal/lang"
	"parley/internal/llm"
)

// How much a message and the question of an example must have in common: nearly
// all that the message asks must be in the example, for what is not there was
// not answered, and most of the example in the message.
const (
	exampleHolds = 0.8
	messageHolds = 0.6
)

// example returns the example that answers the message; false if none does.
func (t *turn) example() (parley.Example, bool) {
	var best parley.Example
	most := 0.0
	for _, x := range t.req.Context.Examples {
		holds, held := 1.0, 1.0
		if !slices.Equal(lang.Words(lang.Fold(t.user)), lang.Words(lang.Fold(x.Question))) {
			holds = knowledge.Overlap(t.user, t.withSynonyms(x.Question))
			held = knowledge.Overlap(x.Question, t.withSynonyms(t.user))
		}
		if holds >= exampleHolds && held >= messageHolds && holds+held > most {
			best, most = x, holds+held
		}
	}
	return best, most > 0
}

func (t *turn) withSynonyms(text string) string {
	all := []string{text}
	for _, w := range lang.Words(text) {
		all = append(all, lang.Synonyms(w, t.reader.Language)...)
	}
	return strings.Join(all, " ")
}

// answerByExample says what the example says, and that it is one.
func (t *turn) answerByExample(opening string, x parley.Example) *llm.Response {
	t.note("The message is like that of an example: “%s”.", parley.PreviewText(x.Question))
	text := x.Answer
	if opening != "" {
		text = opening + "\n\n" + text
	}
	return t.withQuestion(text+fmt.Sprintf("\n\n*%s: %s › %s*", t.say.source, t.say.example, escape(parley.PreviewText(x.Question))), nil)
}
