package builtin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"parley"
	"parley/internal/knowledge"
	"parley/internal/lang"
	"parley/internal/llm"
)

// What the coverage of the best passage says about it.
const (
	surely  = 0.5  // it is quoted
	perhaps = 0.38 // it is quoted with a reservation
	// second is the least coverage of a further passage that has a word of the
	// question which the first has not.
	second = 0.4
)

// quoteRunes is the longest quotation.
const quoteRunes = 480

// answerable reports whether an example or the knowledge has an answer to the
// message.
func (t *turn) answerable() bool {
	_, byExample := t.example()
	ps := t.req.Context.Passages
	return byExample || len(ps) > 0 && best(ps).Coverage >= surely
}

// best returns the passage with the best coverage among the first few, which
// the score has put in order: of two that are nearly level, the earlier.
func best(ps []parley.Passage) parley.Passage {
	b := ps[0]
	for _, p := range ps[1:min(len(ps), 3)] {
		if p.Coverage > b.Coverage+0.15 {
			b = p
		}
	}
	return b
}

// referring are the words by which a question speaks of what was said before.
var referring = regexp.MustCompile(`\b(it|that|this|they|them|those|one|er|sie|es|das|den|dafur|davon|il|elle|ca|cela|celui|lo|eso|esto|esa|este|isso|isto|ele|ela)\b`)

// chosen returns the passage to quote: the best one, or the one that was quoted
// last if the message speaks of it and it is about as good.
func (t *turn) chosen(ps []parley.Passage) parley.Passage {
	b := best(ps)
	quoted := sourceLine.FindStringSubmatch(t.before)
	if quoted == nil || !referring.MatchString(lang.Fold(t.user)) {
		return b
	}
	for _, p := range ps {
		if p.Coverage >= b.Coverage-0.05 && strings.Contains(quoted[1], source(p)) {
			return p
		}
	}
	return b
}

// byTheWay reports whether a passage has the one word of a question only in
// passing: bicycles that may be parked are no answer to who asks for bicycles.
func (t *turn) byTheWay(p parley.Passage) bool {
	language := t.reader.Language
	matter, asked := 0, t.user
	for _, w := range lang.Words(t.user) {
		if !lang.Stop(w, language) && !lang.Weak(w, language) {
			matter++
			asked += " " + strings.Join(lang.Synonyms(w, language), " ")
		}
	}
	return matter == 1 && knowledge.Overlap(asked, p.Heading+" "+p.Title) == 0 && len(lang.Implied(t.user, language)) == 0
}

// answer gives the answer of an example that fits, else quotes what the knowledge
// says about the message, or says that it says nothing.
func (t *turn) answer(opening string) *llm.Response {
	if x, ok := t.example(); ok {
		return t.answerByExample(opening, x)
	}
	ps := t.req.Context.Passages
	if len(ps) == 0 {
		t.note("The knowledge has no passage with a word of the message.")
		return t.dontKnow(opening, nil)
	}
	p := t.chosen(ps)
	if p.Coverage < perhaps {
		t.note("The best passage, %s, covers %d %% of the message; below %d %% it is not quoted.",
			name(p), percent(p.Coverage), percent(perhaps))
		return t.dontKnow(opening, ps)
	}
	cited := append([]parley.Passage{p}, t.further(p)...)
	unsure := p.Coverage < surely || t.byTheWay(p)
	if unsure {
		opening = join(opening, t.pick(t.say.perhaps))
		cited = cited[:1]
	}
	var quotes, sources []string
	for _, c := range cited {
		quotes = append(quotes, knowledge.Excerpt(c.Text, t.user, quoteRunes/len(cited)))
		if s := source(c); !slices.Contains(sources, s) {
			sources = append(sources, s)
		}
	}
	text := strings.Join(quotes, "\n\n")
	if opening != "" {
		text = opening + "\n\n" + text
	}
	text += fmt.Sprintf("\n\n*%s: %s*", t.say.source, strings.Join(sources, "; "))
	t.note("Quoted %s, which covers %d %% of the message.", name(p), percent(p.Coverage))
	if unsure {
		resp := t.response(text) // first let them say whether it was that
		resp.Citations = cited
		return resp
	}
	return t.withQuestion(text, cited)
}

// further returns the passage to quote beside p: one that covers a part of the
// question which p does not.
func (t *turn) further(p parley.Passage) []parley.Passage {
	if p.Coverage > 0.9 {
		return nil
	}
	have := knowledge.Overlap(t.user, p.Heading+" "+p.Text)
	for _, c := range t.req.Context.Passages {
		if c.Coverage < second || c.Text == p.Text {
			continue
		}
		both := knowledge.Overlap(t.user, p.Heading+" "+p.Text+" "+c.Heading+" "+c.Text)
		if both >= have+0.3 {
			return []parley.Passage{c}
		}
	}
	return nil
}

// dontKnow says so, names what comes nearest, and offers a person.
func (t *turn) dontKnow(opening string, near []parley.Passage) *llm.Response {
	text := join(opening, t.pick(t.say.dontKnow))
	var topics []string
	for _, p := range near[:min(len(near), 3)] {
		topic := nearestHeading(p)
		if p.Coverage >= 0.2 && !slices.Contains(topics, topic) && len(topics) < 2 {
			topics = append(topics, topic)
		}
	}
	if len(topics) > 0 {
		bold := make([]string, len(topics))
		for i, topic := range topics {
			bold[i] = "**" + topic + "**"
		}
		text = join(text, fmt.Sprintf(t.say.nearest, list(bold, t.say.or)))
	}
	if t.hasTool(parley.ToolHandoff) {
		text = join(text, t.say.offerPerson)
		topics = append(topics, t.say.talkToPerson)
	}
	resp := t.response(text, t.choices(topics)...)
	resp.Unanswered = true
	return resp
}

// choices offers replies to choose from.
func (t *turn) choices(options []string) []parley.ToolCall {
	if len(options) == 0 || len(options) > mostChoices {
		return nil
	}
	return []parley.ToolCall{call(parley.ToolOfferChoices, map[string]any{"choices": options})}
}

// mostChoices is how many replies are offered at once.
const mostChoices = 10

func source(p parley.Passage) string {
	if p.Heading == "" || p.Heading == p.Title {
		return escape(p.Title)
	}
	return escape(p.Title + " › " + p.Heading)
}

func name(p parley.Passage) string {
	if p.Heading == "" {
		return "“" + p.Title + "”"
	}
	return "“" + p.Heading + "” in “" + p.Title + "”"
}

func nearestHeading(p parley.Passage) string {
	if p.Heading == "" {
		return p.Title
	}
	parts := strings.Split(p.Heading, " › ")
	return parts[len(parts)-1]
}

func percent(share float64) int { return int(share*100 + 0.5) }
