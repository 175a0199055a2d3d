package builtin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/internal/lang"
	"parley/internal/llm"
	"parley/internal/variable"
)

// mostAsks is how often one variable is asked for: once, and twice again.
const mostAsks = 3

// question returns how a variable is asked for.
func question(s parley.VariableSchema, p *phrases) string {
	if s.Question != "" {
		return s.Question
	}
	label := strings.ReplaceAll(s.Name, "_", " ")
	switch s.Type {
	case parley.TypeNumber:
		return fmt.Sprintf(p.askNumber, label)
	case parley.TypeDate:
		return fmt.Sprintf(p.askDate, label)
	case parley.TypeBoolean:
		return fmt.Sprintf(p.askYesNo, label)
	case parley.TypeEnum:
		return fmt.Sprintf(p.askOption, label, list(s.Options, p.or))
	}
	if q, ok := p.ask[variable.KindOf(s)]; ok {
		return q
	}
	return fmt.Sprintf(p.askText, label)
}

// wrong says what is wrong with an answer.
func (t *turn) wrong(s parley.VariableSchema) string {
	switch s.Type {
	case parley.TypeNumber:
		return t.say.wrongNumber
	case parley.TypeDate:
		return t.say.wrongDate
	case parley.TypeBoolean:
		return t.say.wrongYesNo
	case parley.TypeEnum:
		return fmt.Sprintf(t.say.wrongOption, list(s.Options, t.say.or))
	}
	if w, ok := t.say.wrong[variable.KindOf(s)]; ok {
		return w
	}
	return t.say.wrongText
}

// pending returns the variable that the last reply asked for.
func (t *turn) pending() (parley.VariableSchema, bool) {
	name := t.askedIn(t.before)
	if name == "" {
		return parley.VariableSchema{}, false
	}
	return variable.Find(t.req.Context.Variables, name, "")
}

// collectable reports whether the variable is collected in a conversation.
func collectable(s parley.VariableSchema) bool {
	return s.Source == parley.FromExtracted || s.Source == ""
}

// collect returns a call of set_variable for each value that the message gives:
// the one that was asked for, and those that it volunteers.
func (t *turn) collect() []parley.ToolCall {
	if !t.hasTool(parley.ToolSetVariable) || t.user == "" {
		return nil
	}
	var calls []parley.ToolCall
	pending, answering := t.pending()
	if answering {
		if v, ok := t.readAnswer(pending); ok {
			calls = append(calls, t.setting(pending, v))
		} else {
			answering = false
		}
	}
	except := ""
	if answering {
		except = pending.Name
	}
	return append(calls, t.volunteered(except)...)
}

// volunteered returns calls that store what the message tells beside what it
// is about.
func (t *turn) volunteered(except string) (calls []parley.ToolCall) {
	if !t.hasTool(parley.ToolSetVariable) {
		return nil
	}
	for _, s := range t.req.Context.Variables {
		if !collectable(s) || s.Name == except {
			continue
		}
		v, ok := t.reader.Volunteered(s, t.user)
		if !ok && t.isLateAnswer(s) {
			v, ok = t.reader.Read(s, t.user)
		}
		if ok && string(t.known[s.Name]) != string(v) {
			calls = append(calls, t.setting(s, v))
		}
	}
	return calls
}

// setting is the call that stores a value.
func (t *turn) setting(s parley.VariableSchema, value json.RawMessage) parley.ToolCall {
	t.note("Read %s from the message.", s.Name)
	return call(parley.ToolSetVariable, map[string]any{"name": s.Name, "value": value})
}

// isLateAnswer reports whether the message can be the answer to a question that
// was asked some replies ago: hardly more than a number or a date.
func (t *turn) isLateAnswer(s parley.VariableSchema) bool {
	_, known := t.known[s.Name]
	return !known && t.asked[s.Name] != nil && (s.Type == parley.TypeDate || s.Type == parley.TypeNumber) &&
		len(strings.Fields(t.user)) <= 4 && !isQuestion(t.user)
}

// wantsToKnow reports whether a message that is no question in form is one by
// its words.
func (t *turn) wantsToKnow() bool {
	words := slices.DeleteFunc(lang.Words(t.user), func(w string) bool { return w[0] >= '0' && w[0] <= '9' })
	return t.answerable() && len(words) > 1
}

// readAnswer reads the message as the answer to a question. A message that
// asks or refuses is none, unless the value is plain in it.
func (t *turn) readAnswer(s parley.VariableSchema) (json.RawMessage, bool) {
	if v, ok := t.reader.Volunteered(s, t.user); ok {
		return v, true
	}
	free := s.Type == parley.TypeText && (variable.KindOf(s) == variable.KindOther || variable.KindOf(s) == variable.KindName)
	if free && (isQuestion(t.user) || refuses(s, t.user) || intentOf(t.user) != wantsAnswer) {
		return nil, false
	}
	switch {
	case s.Type == parley.TypeBoolean && isQuestion(t.user):
		return nil, false
	case variable.KindOf(s) == variable.KindName && t.wantsToKnow():
		return nil, false // "delivery to France" could be a name, and is a question
	}
	return t.reader.Read(s, t.user)
}

// refuses reports whether a text declines to answer the question for s.
func refuses(s parley.VariableSchema, text string) bool {
	if refusal.MatchString(lang.Fold(text)) {
		return true
	}
	answer, ok := variable.YesNo(text)
	return ok && !answer && s.Type != parley.TypeBoolean && len(strings.Fields(text)) <= 3
}

// longestName is how many words the attempt at a name, an address or a number
// has at most; a longer message tells something.
const longestName = 6

// afterMissedAnswer replies to a message that should have answered the question
// for s and does not. It returns nil when the message is about something else.
func (t *turn) afterMissedAnswer(s parley.VariableSchema) *llm.Response {
	wants := intentOf(t.user)
	switch {
	case refuses(s, t.user):
		t.note("The contact does not want to give %s.", s.Name)
		t.ask(s.Name).refused = true
		if next, ok := t.nextMissing(); ok && t.refusals() < mostRefusals {
			t.note("Asks for %s.", next.Name)
			return t.asking(firstSentence(t.pick(t.say.noMatter)), next)
		}
		return t.response(t.pick(t.say.noMatter))
	case isQuestion(t.user) || wants == saysGoodbye || wants == saysThanks || wants == asksWhoAreYou || t.wantsToKnow(),
		s.Type == parley.TypeText && len(strings.Fields(t.user)) > longestName:
		return nil // it is about something else
	case t.ask(s.Name).times >= mostAsks:
		t.note("Gives up asking for %s after %d times.", s.Name, mostAsks)
		return t.response(t.pick(t.say.noMatter))
	}
	t.note("The answer is no value of the type %s; asks again for %s.", s.Type, s.Name)
	return t.asking(t.wrong(s), s)
}

// mostRefusals is after how many refusals nothing more is asked at once.
const mostRefusals = 2

func (t *turn) refusals() int {
	n := 0
	for _, a := range t.asked {
		if a.refused {
			n++
		}
	}
	return n
}

// firstSentence keeps the part of a phrase that fits before a question.
func firstSentence(s string) string { return lang.Sentences(s)[0] }

// nextMissing returns the next variable to ask for.
func (t *turn) nextMissing() (parley.VariableSchema, bool) {
	if !t.hasTool(parley.ToolSetVariable) {
		return parley.VariableSchema{}, false
	}
	i := slices.IndexFunc(t.req.Context.Variables, func(s parley.VariableSchema) bool {
		if !s.Required || !collectable(s) {
			return false
		}
		if v, ok := t.known[s.Name]; ok && string(v) != "null" {
			return false
		}
		a := t.asked[s.Name]
		return a == nil || !a.refused && a.times < mostAsks
	})
	if i < 0 {
		return parley.VariableSchema{}, false
	}
	return t.req.Context.Variables[i], true
}

// asking asks for a variable after an opening.
func (t *turn) asking(opening string, s parley.VariableSchema) *llm.Response {
	text := join(opening, question(s, t.say))
	switch s.Type {
	case parley.TypeEnum:
		return t.response(text, t.choices(s.Options)...)
	case parley.TypeBoolean:
		return t.response(text, t.choices([]string{t.say.yes, t.say.no})...)
	}
	return t.response(text)
}

// withQuestion adds the question for a missing variable to a reply, unless the
// reply before asked already: nobody likes to be asked at every turn.
func (t *turn) withQuestion(text string, cited []parley.Passage) *llm.Response {
	s, ok := t.nextMissing()
	if _, justAsked := t.pending(); !ok || justAsked {
		resp := t.response(text)
		resp.Citations = cited
		return resp
	}
	t.note("Asks for %s.", s.Name)
	resp := t.asking(text+"\n\n"+t.pick(t.say.oneMore), s)
	resp.Citations = cited
	return resp
}
