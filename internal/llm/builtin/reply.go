package builtin

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/llm"
	"parley/internal/variable"
)

// reply decides what to do about the turn: first what was said about persons
// and goodbyes, then values that were given, then the question.
func (t *turn) reply() *llm.Response {
	if t.said {
		t.note("All was said before the tool ran.")
		return t.response("")
	}
	if t.hasCalled(parley.ToolSetVariable) {
		return t.afterValues()
	}
	switch wants := intentOf(t.user); {
	case t.user == "" && t.files:
		t.note("The message holds a file only, which no rule can look at.")
		return t.response(t.say.noFiles)
	case wants == wantsPerson:
		t.note("The contact asked for a person.")
		return t.handOver("The contact asked for a person.", t.volunteered("")...)
	case t.offeredPerson():
		if yes, ok := variable.YesNo(t.user); ok {
			return t.afterOffer(yes)
		}
	}
	if calls := t.collect(); len(calls) > 0 {
		return t.response("", calls...)
	}
	if s, ok := t.pending(); ok {
		if resp := t.afterMissedAnswer(s); resp != nil {
			return resp
		}
	}
	return t.smallTalkOrAnswer()
}

func (t *turn) offeredPerson() bool {
	return t.lastSaid(func(p *phrases) []string { return []string{p.offerPerson} })
}

func (t *turn) afterOffer(yes bool) *llm.Response {
	if yes {
		t.note("The contact accepted the offer of a person.")
		return t.handOver("A question could not be answered from the knowledge: " + t.questionBefore())
	}
	t.note("The contact declined the offer of a person.")
	return t.response(t.pick(t.say.goOn))
}

// questionBefore returns what the contact asked before the last reply.
func (t *turn) questionBefore() string {
	seen := false
	for i := len(t.req.Messages) - 1; i >= 0; i-- {
		m := t.req.Messages[i]
		switch {
		case m.Role == parley.ByAssistant && m.Text != "":
			seen = true
		case m.Role == parley.ByUser && seen:
			return parley.PreviewText(m.Text)
		}
	}
	return ""
}

// handOver passes the contact to a person, after what else there is to do.
func (t *turn) handOver(reason string, first ...parley.ToolCall) *llm.Response {
	return t.response(t.pick(t.say.handingOver), append(first, call(parley.ToolHandoff, map[string]any{"reason": reason}))...)
}

func (t *turn) smallTalkOrAnswer() *llm.Response {
	wants := intentOf(t.user)
	no, isNo := variable.YesNo(t.user)
	askedForMore := t.lastSaid(func(p *phrases) []string {
		return append(append(append([]string{}, p.welcome...), p.glad...), p.goOn...)
	})
	switch {
	case wants == saysGoodbye, askedForMore && isNo && !no && !isQuestion(t.user) && !t.answerable():
		t.note("The contact said goodbye.")
		return t.response(t.pick(t.say.goodbye), call(parley.ToolEndConversation, map[string]any{"reason": "The contact said goodbye."}))
	case wants == saysThanks:
		t.note("The contact said thank you.")
		return t.withQuestion(t.pick(t.say.welcome), nil)
	case wants == saysHello:
		t.note("The contact greeted.")
		if t.replies > 0 {
			return t.response(t.pick(t.say.helloAgain))
		}
		return t.response(t.pick(t.say.hello))
	case wants == asksHowAreYou:
		t.note("A courtesy, answered by rule.")
		return t.response(t.pick(t.say.howAreYou))
	case wants == asksWhoAreYou:
		t.note("The contact asked who answers.")
		return t.response(t.pick(t.say.whoAmI))
	case wants == asksWhatCanYouDo:
		t.note("The contact asked what can be asked.")
		return t.response(t.pick(t.say.canDo))
	case wants == isContent, isNo && no && utf8.RuneCountInString(t.user) < 20 && !isQuestion(t.user):
		t.note("The contact is content.")
		return t.withQuestion(t.pick(t.say.glad), nil)
	}
	return t.answer("")
}

// afterValues acknowledges what was just stored, then answers what was asked
// beside it, then asks for what is still missing.
func (t *turn) afterValues() *llm.Response {
	ack := t.acknowledge()
	pending, answering := t.pending()
	asked := isQuestion(t.user) || !answering && t.answerable()
	if answering && pending.Type == parley.TypeText && variable.KindOf(pending) == variable.KindOther {
		asked = false // the whole message was the answer
	}
	if asked {
		return t.answer(ack)
	}
	if s, ok := t.nextMissing(); ok {
		t.note("Asks for %s.", s.Name)
		return t.asking(ack, s)
	}
	if answering {
		t.note("All required variables are known.")
		return t.response(join(ack, t.pick(t.say.allDone)))
	}
	return t.answer(ack)
}

// acknowledge thanks for the values of this turn.
func (t *turn) acknowledge() string {
	var values []string
	for _, c := range t.done {
		if c.name != parley.ToolSetVariable {
			continue
		}
		s, ok := variable.Find(t.req.Context.Variables, c.args.Name, "")
		value := variable.Format(c.args.Value)
		if ok && variable.KindOf(s) == variable.KindName {
			return fmt.Sprintf(t.say.thanksFor, value)
		}
		if ok && s.Type == parley.TypeBoolean {
			value = t.say.no
			if string(c.args.Value) == "true" {
				value = t.say.yes
			}
		}
		if utf8.RuneCountInString(value) > 60 {
			value = parley.PreviewText(string([]rune(value)[:60])) + "…"
		}
		values = append(values, "“"+escape(value)+"”")
	}
	t.note("Stored %s.", strings.Join(values, ", "))
	return fmt.Sprintf(t.pick(t.say.noted), strings.Join(values, ", "))
}

// join puts two parts of a reply beside each other.
func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + " " + b
}

var markdown = strings.NewReplacer("*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, "#", `\#`)

// escape keeps what a person typed from being read as Markdown.
func escape(s string) string { return markdown.Replace(s) }
