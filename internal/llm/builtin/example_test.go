package builtin

import (
	"strings"
	"testing"

	"parley"
)

func TestExamplesAnswerWhatIsAlike(t *testing.T) {
	t.Parallel()
	examples := []parley.Example{
		{Question: "Do you ship to Iceland?", Answer: "Yes, by sea: **three weeks**."},
		{Question: "Habt ihr am Sonntag geöffnet?", Answer: "Nur im Advent."},
		{Question: "Who are your neighbours?", Answer: "A bakery."},
	}
	for asked, want := range map[string]string{
		"Do you ship to Iceland?":                   "three weeks",
		"do you ship to iceland":                    "three weeks",
		"Hi! Could you deliver to Iceland?":         "three weeks",
		"Seid ihr sonntags geöffnet, am Sonntag?":   "Nur im Advent",
		"Do you ship bicycles to Iceland?":          "",
		"Do you ship to Greenland?":                 "",
		"Iceland":                                   "",
		"How long does delivery to Germany take?":   "",
		"Who are you?":                              "",
		"Can I talk to a person about Iceland now?": "",
	} {
		c := newChat(t)
		c.examples = examples
		reply := c.say(asked)
		switch {
		case want == "" && (strings.Contains(reply, "Example") || strings.Contains(reply, "Beispiel")):
			t.Errorf("%q is answered by an example: %s", asked, reply)
		case want != "" && (!strings.Contains(reply, want) || !strings.Contains(reply, "*Source: Example › ") && !strings.Contains(reply, "*Quelle: Beispiel › ")):
			t.Errorf("%q is answered %q", asked, reply)
		case want != "" && (!strings.Contains(c.notes, "example") || c.last.Unanswered):
			t.Errorf("%q is noted as %q", asked, c.notes)
		}
	}
}

// An example goes before the knowledge, and what is missing is still asked for.
func TestExamplesGoBeforeKnowledge(t *testing.T) {
	t.Parallel()
	c := newChat(t, nameMailOrder()...)
	c.examples = []parley.Example{{Question: "How much is delivery?", Answer: "Free this week."}}
	if reply := c.say("How much is delivery?"); !strings.HasPrefix(reply, "Free this week.") || !strings.Contains(reply, "What is your name?") {
		t.Errorf("got %q", reply)
	}
}
