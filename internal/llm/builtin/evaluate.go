package builtin

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/lang"
	"parley/internal/llm"
	"parley/internal/variable"
)

// evaluate judges a conversation by rules and says so. Of the schema's own
// values it gives those that stand in the text plainly, and null for the rest.
func evaluate(req *llm.Request, now time.Time) *llm.Response {
	c := readTranscript(req.Messages)
	found := map[string]any{
		"resolved": c.resolved(), "summary": c.summary(), "topic": c.topic(), "sentiment": c.sentiment(),
	}
	reader := variable.Reader{Language: lang.Detect(c.asked()), Now: now}
	out := map[string]any{}
	for _, name := range properties(req) {
		if v, ok := found[name]; ok {
			out[name] = v
			continue
		}
		out[name] = nil
		if s, ok := variable.Find(req.Context.Variables, name, parley.FromEvaluation); ok {
			if v, ok := reader.Volunteered(s, c.asked()); ok {
				out[name] = v
			}
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		text = []byte(`{}`)
	}
	return &llm.Response{
		Text: string(text), FinishReason: "stop",
		Note: "Judged by rules, not by a model: thanks, quoted answers, offers of a person and the words of the last messages.",
	}
}

// properties returns the names that the schema asks for.
func properties(req *llm.Request) []string {
	var schema struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if req.Schema == nil || json.Unmarshal(req.Schema.Schema, &schema) != nil || len(schema.Properties) == 0 {
		return parley.ReservedEvaluation()
	}
	return slices.Sorted(maps.Keys(schema.Properties))
}

// transcript is what was said, in order.
type transcript []line

type line struct {
	user bool
	text string
}

// transcriptLine is the first line of a message in a rendered transcript.
var transcriptLine = regexp.MustCompile(`^(?:\[\d[\d:. -]*\] ?)?(User|Contact|AI|Assistant|Operator|System): ?(.*)$`)

// readTranscript takes a history as it is, and a rendered transcript apart.
func readTranscript(messages []llm.Message) transcript {
	var c transcript
	for _, m := range messages {
		if m.Role == parley.ByAssistant && m.Text != "" || m.Role == parley.ByUser {
			c = append(c, line{m.Role == parley.ByUser, m.Text})
		}
	}
	if len(c) == 1 {
		if parsed := parseTranscript(c[0].text); len(parsed) > 1 {
			return parsed
		}
	}
	return c
}

func parseTranscript(text string) transcript {
	var c transcript
	for l := range strings.SplitSeq(text, "\n") {
		if m := transcriptLine.FindStringSubmatch(l); m != nil {
			c = append(c, line{m[1] == "User" || m[1] == "Contact", m[2]})
		} else if len(c) > 0 {
			c[len(c)-1].text += "\n" + l
		}
	}
	return c
}

func (c transcript) by(user bool) []string {
	var texts []string
	for _, l := range c {
		if l.user == user {
			texts = append(texts, l.text)
		}
	}
	return texts
}

// asked is all that the contact wrote.
func (c transcript) asked() string { return strings.Join(c.by(true), "\n") }

// questions returns the messages of the contact that want an answer.
func (c transcript) questions() []string {
	return slices.DeleteFunc(c.by(true), func(s string) bool {
		return intentOf(s) != wantsAnswer || len(strings.Fields(s)) < 2
	})
}

var sourceLine = regexp.MustCompile(`(?m)^\s*\*(?:Source|Quelle|Fuente|Fonte): (.+)\*\s*$`)

// says reports whether a reply has one of the phrases in any language.
func says(reply string, of func(*phrases) []string) bool {
	return slices.ContainsFunc(everyLanguage(), func(p *phrases) bool {
		return slices.ContainsFunc(of(p), func(s string) bool { return strings.Contains(reply, s) })
	})
}

func unknown(p *phrases) []string { return append(slices.Clone(p.dontKnow), p.failed) }
func handed(p *phrases) []string  { return p.handingOver }

// resolved reports whether the contact got what they came for: an answer was
// quoted and nothing stayed open after it, or they were content at the end and
// the reply before that was no "I don't know" and no handover.
func (c transcript) resolved() bool {
	users := c.by(true)
	if len(users) == 0 {
		return false
	}
	answered, open := false, false
	for _, l := range c {
		switch {
		case l.user:
			open = open || intentOf(l.text) == wantsPerson
		case says(l.text, unknown), says(l.text, handed):
			open = true
		case sourceLine.MatchString(l.text):
			answered, open = true, false
		}
	}
	last := users[len(users)-1]
	if wants := intentOf(last); wants == isContent || wants != wantsPerson && thanks.MatchString(lang.Fold(last)) && !isQuestion(last) {
		return len(c.questions()) > 0 && !c.endsOpen()
	}
	return answered && !open
}

// endsOpen reports whether the last reply that is more than a courtesy was no
// answer.
func (c transcript) endsOpen() bool {
	courtesies := func(p *phrases) []string { return slices.Concat(p.welcome, p.glad, p.goOn, p.goodbye) }
	for _, l := range slices.Backward(c) {
		if !l.user && !says(l.text, courtesies) {
			return says(l.text, unknown) || says(l.text, handed)
		}
	}
	return true
}

// topic is the heading quoted most often, else the first words that matter in
// what was asked.
func (c transcript) topic() string {
	count := map[string]int{}
	best := ""
	for _, reply := range c.by(false) {
		for _, m := range sourceLine.FindAllStringSubmatch(reply, -1) {
			for s := range strings.SplitSeq(m[1], "; ") {
				parts := strings.Split(strings.ReplaceAll(s, `\`, ""), "›")
				topic := strings.TrimSpace(parts[len(parts)-1])
				count[topic]++
				if best == "" || count[topic] > count[best] {
					best = topic
				}
			}
		}
	}
	if best != "" {
		return best
	}
	if q := c.questions(); len(q) > 0 {
		return keywords(q[0])
	}
	return "Small talk"
}

// keywords returns the first words of a question that matter.
func keywords(q string) string {
	language := lang.Detect(q)
	var kept []string
	for _, w := range strings.FieldsFunc(q, func(r rune) bool { return strings.ContainsRune(" \n\t,.!?¿¡;:()\"", r) }) {
		if !lang.Stop(strings.ToLower(w), language) && !lang.Weak(strings.ToLower(w), language) && len(kept) < 4 {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return parley.PreviewText(q)
	}
	return strings.Join(kept, " ")
}

// summary tells in two or three sentences what happened.
func (c transcript) summary() string {
	var b strings.Builder
	switch q := c.questions(); len(q) {
	case 0:
		b.WriteString("The contact asked no question.")
	case 1:
		fmt.Fprintf(&b, "The contact wrote: “%s”.", shorten(q[0]))
	default:
		fmt.Fprintf(&b, "The contact wrote “%s” and %d more such messages.", shorten(q[0]), len(q)-1)
	}
	answered, missed, person := 0, 0, false
	for _, reply := range c.by(false) {
		switch {
		case sourceLine.MatchString(reply):
			answered++
		case says(reply, unknown):
			missed++
		}
		person = person || says(reply, handed)
	}
	if answered > 0 {
		fmt.Fprintf(&b, " %s answered from the knowledge about %s.", times(answered, "reply was", "replies were"), c.topic())
	}
	if missed > 0 {
		fmt.Fprintf(&b, " %s not in the knowledge.", times(missed, "question was", "questions were"))
	}
	if person {
		b.WriteString(" The contact was passed to a person.")
	}
	return b.String()
}

func shorten(s string) string {
	s = parley.PreviewText(s)
	if r := []rune(s); len(r) > 90 {
		s = strings.TrimSpace(string(r[:90])) + "…"
	}
	return strings.TrimRight(s, ".")
}

func times(n int, one, many string) string {
	if n == 1 {
		return "One " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

var (
	pleased = regexp.MustCompile(`\b(great|perfect|excellent|awesome|love|lovely|wonderful|amazing|brilliant|helpful|super|toll|prima|perfekt|wunderbar|klasse|hilfreich|lieb|` +
		`parfait|genial|excellente?|merveilleux|adore|perfecto|excelente|estupendo|encanta|maravill\w+|genial|otimo|perfeito|adoro)\b`)
	annoyed = regexp.MustCompile(`\b(terrible|awful|worst|angry|annoy\w*|useless|ridiculous|unacceptable|disappoint\w*|complain\w*|complaint|broken|damaged|torn|scam|wrong|late|still (waiting|not)|never (arrived|came)|` +
		`schlecht|furchtbar|arger\w*|enttausch\w*|unverschamt|beschwer\w*|kaputt|beschadigt|nutzlos|frech|immer noch nicht|` +
		`nul|horrible|decu\w*|inadmissible|inacceptable|casse|abime|plainte|toujours pas|` +
		`pesimo|horrible|enfadad\w*|decepcion\w*|inaceptable|roto|danad\w*|queja|todavia no|` +
		`pessimo|horrivel|desapontad\w*|inaceitavel|partid\w*|danificad\w*|reclamac\w*)\b`)
)

// sentiment weighs the words of mood; the last message counts double.
func (c transcript) sentiment() parley.Sentiment {
	score := 0
	users := c.by(true)
	for i, u := range users {
		folded := lang.Fold(u)
		weight := 1
		if i == len(users)-1 {
			weight = 2
		}
		score += weight * (len(pleased.FindAllString(folded, -1)) - 2*len(annoyed.FindAllString(folded, -1)))
		if thanks.MatchString(folded) {
			score += weight
		}
	}
	switch {
	case score >= 2:
		return parley.SentimentPositive
	case score <= -2:
		return parley.SentimentNegative
	}
	return parley.SentimentNeutral
}
