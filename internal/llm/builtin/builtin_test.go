package builtin

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/llm"
	"parley/internal/variable"
)

// exchange is a message of the contact and what is expected of the reply.
type exchange struct {
	user    string
	says    []string // parts of the reply; one that begins with "!" must not be in it
	set     string   // name=value, as a person reads it
	handoff string   // a part of the reason
	ends    bool
	choice  string // one of the choices
	source  string // the heading of the first citation
}

func TestConversations(t *testing.T) {
	t.Parallel()
	plan := parley.VariableSchema{
		Name: "grind", Type: parley.TypeEnum, Options: []string{"Whole bean", "Filter", "Espresso"}, Source: parley.FromExtracted,
		Required: true, Question: "How shall we grind it?",
	}
	visit := parley.VariableSchema{Name: "visit_date", Type: parley.TypeDate, Source: parley.FromExtracted, Required: true}
	agreed := parley.VariableSchema{
		Name: "newsletter", Type: parley.TypeBoolean, Source: parley.FromExtracted, Required: true, Question: "Would you like our newsletter?",
	}
	tests := []struct {
		name      string
		variables []parley.VariableSchema
		talk      []exchange
	}{
		{"an answer, its source, and the details one by one", nameMailOrder(), []exchange{
			{user: "hi", says: []string{"Hello"}},
			{user: "How long does delivery take?", says: []string{"2 working days", "*Source: Delivery and returns › Delivery*", "What is your name?"}, source: "Delivery"},
			{user: "Ada", says: []string{"Thank you, Ada!", "What is your e-mail address?"}, set: "customer_name=Ada"},
			{user: "ada at example", says: []string{"doesn't look like an e-mail", "What is your e-mail address?"}},
			{user: "oh, ada@example.com", says: []string{"ada@example.com", "That's all I need"}, set: "email=ada@example.com"},
			{user: "what about Switzerland", says: []string{"5 to 8 days", "!What is your"}, source: "Switzerland and Norway"},
			{user: "thanks!", says: []string{"welcome"}},
			{user: "no, that's all", says: []string{"see you soon"}, ends: true},
		}},
		{"asks again at most twice", nameMailOrder()[1:2], []exchange{
			{user: "When are you open on Sunday?", says: []string{"closed", "e-mail address?"}, source: "Opening hours"},
			{user: "it is ada", says: []string{"e-mail address?"}},
			{user: "ada I said", says: []string{"e-mail address?"}},
			{user: "just ada", says: []string{"we can do without", "!e-mail"}},
			{user: "thank you", says: []string{"!e-mail"}},
		}},
		{"takes no for an answer", nameMailOrder(), []exchange{
			{user: "How much is delivery?", says: []string{"€4.90", "What is your name?"}},
			{user: "I'd rather not say", says: []string{"we can do without", "What is your e-mail address?"}},
			{user: "no", says: []string{"!What is your"}},
			{user: "opening hours", says: []string{"9:00", "!What is your"}},
		}},
		{"a question instead of an answer is answered", nameMailOrder(), []exchange{
			{user: "opening hours please", says: []string{"9:00", "What is your name?"}},
			{user: "Where are you?", says: []string{"!Thank you, Where"}},
			{user: "And where is your address?", says: []string{"Kanaalstraat"}},
		}},
		{"keeps what is volunteered when a person is asked for", nameMailOrder(), []exchange{
			{user: "My order ORD-12345 is broken, I want to talk to a human", set: "order_number=ORD-12345",
				handoff: "The contact asked for a person."},
		}},
		{"picks up what is volunteered", nameMailOrder(), []exchange{
			{
				user: "Hello, my name is Ada. Can I return an unopened bag? My order is ORD-12345.",
				says: []string{"within 30 days", "What is your e-mail address?"}, set: "order_number=ORD-12345", source: "Returns",
			},
		}},
		{"does not know, offers a person, and hands over", nil, []exchange{
			{user: "Do you sell bicycles?", says: []string{"pass you to a person?", "!Source"}, choice: "Talk to a person"},
			{user: "yes please", says: []string{"Someone from the team"}, handoff: "Do you sell bicycles?"},
		}},
		{"follows what is meant", nameMailOrder()[:1], []exchange{
			{user: "How long does delivery take?", says: []string{"2 working days", "What is your name?"}},
			{user: "I ordered some beans last week and nothing has come", says: []string{"!catch a name"}},
			{user: "And how much is it?", says: []string{"€4.90"}},
		}},
		{"a word in passing is quoted with a reservation", nil, []exchange{
			{user: "Do you have a tram?", says: []string{"two minutes from the tram stop"}, source: "Address"},
			{user: "And where are you?", says: []string{"Kanaalstraat"}, source: "Address"},
			{user: "Can I come by on Sunday?", says: []string{"closed"}, source: "Opening hours"},
		}},
		{"does not know, and the contact goes on", nil, []exchange{
			{user: "Do you sell bicycles?", says: []string{"pass you to a person?"}},
			{user: "no thanks", says: []string{"What else"}},
			{user: "Do you deliver to Norway?", says: []string{"5 to 8 days"}},
		}},
		{"options are offered and checked", []parley.VariableSchema{plan}, []exchange{
			{user: "How much is delivery?", says: []string{"How shall we grind it?"}, choice: "Espresso"},
			{user: "for my grandmother", says: []string{"Whole bean, Filter or Espresso", "How shall we grind it?"}, choice: "Filter"},
			{user: "espresso please", set: "grind=Espresso"},
		}},
		{"dates", []parley.VariableSchema{visit}, []exchange{
			{user: "When are you open on Saturday?", says: []string{"Which date should I note for “visit date”?"}},
			{user: "the 30th of February", says: []string{"3 March 2026"}},
			{user: "tomorrow", set: "visit_date=2026-11-24"},
		}},
		{"yes or no", []parley.VariableSchema{agreed}, []exchange{
			{user: "When are you open on Saturday?", says: []string{"newsletter?"}, choice: "Yes"},
			{user: "no", set: "newsletter=false"},
		}},
		{"German", nameMailOrder(), []exchange{
			{user: "Guten Tag", says: []string{"Guten Tag"}},
			{user: "Wie lange dauert der Versand nach Deutschland?", says: []string{"3 bis 5 Werktage", "*Quelle: Häufige Fragen › Versand*", "Wie heißen Sie?"}, source: "Versand"},
			{user: "Jürgen", says: []string{"Vielen Dank, Jürgen!", "E-Mail-Adresse?"}, set: "customer_name=Jürgen"},
			{user: "möchte ich nicht", says: []string{"!E-Mail"}},
			{user: "Verkauft ihr Fahrräder?", says: []string{"einen Menschen dazuholen?"}},
			{user: "ja bitte", handoff: "Verkauft ihr Fahrräder?"},
		}},
		{"French", nameMailOrder(), []exchange{
			{user: "Bonjour, combien coûte la livraison ?", says: []string{"4,90 €", "Comment vous appelez-vous ?"}, source: "Livraison"},
			{user: "je m'appelle Zoé", says: []string{"Merci, Zoé"}, set: "customer_name=Zoé"},
			{user: "zoe@example.fr", says: []string{"Merci", "C'est tout"}, set: "email=zoe@example.fr"},
			{user: "merci, au revoir", ends: true},
		}},
		{"Spanish", nil, []exchange{
			{user: "¿Cuánto cuesta el envío?", says: []string{"4,90 €", "Fuente"}, source: "Envíos"},
			{user: "¿Venden bicicletas?", says: []string{"¿Quiere que le pase con una persona?"}},
			{user: "Sí, por favor", handoff: "bicicletas"},
		}},
		{"Portuguese", nil, []exchange{
			{user: "Olá! Quanto custa a entrega?", says: []string{"4,90 €", "Fonte"}, source: "Entregas"},
			{user: "obrigado, era só isso", ends: true},
		}},
		{"who answers", nil, []exchange{
			{user: "Are you a robot?", says: []string{"automated assistant, not a person"}},
			{user: "Bist du ein Mensch?", says: []string{"kein Mensch"}},
			{user: "what can you do", says: []string{"Ask me anything"}},
			{user: "how are you?", says: []string{"Very well"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newChat(t, tt.variables...)
			for _, x := range tt.talk {
				reply := c.say(x.user)
				x.check(t, c, reply)
			}
		})
	}
}

func (x exchange) check(t *testing.T, c *chat, reply string) {
	t.Helper()
	if reply == "" {
		t.Errorf("%q: no reply", x.user)
	}
	for _, part := range x.says {
		wanted, not := strings.CutPrefix(part, "!")
		if wanted != "" && strings.Contains(reply, strings.TrimPrefix(part, "!")) == not {
			want := "with"
			if not {
				want = "without"
			}
			t.Errorf("%q: got %q, want it %s %q", x.user, reply, want, wanted)
		}
	}
	if name, value, ok := strings.Cut(x.set, "="); ok && variable.Format(c.values[name]) != value {
		t.Errorf("%q: %s is %q, want %q", x.user, name, variable.Format(c.values[name]), value)
	}
	if x.handoff == "" && c.handoff != "" || !strings.Contains(c.handoff, x.handoff) {
		t.Errorf("%q: handed over because of %q, want %q", x.user, c.handoff, x.handoff)
	}
	if c.ended != x.ends {
		t.Errorf("%q: ended %v, want %v (reply %q)", x.user, c.ended, x.ends, reply)
	}
	if x.choice != "" && !strings.Contains(strings.Join(c.choices, "|"), x.choice) {
		t.Errorf("%q: choices %q, want %q among them", x.user, c.choices, x.choice)
	}
	if x.source != "" && (len(c.cited) == 0 || c.cited[0].Heading != x.source) {
		t.Errorf("%q: cited %v, want %q", x.user, c.cited, x.source)
	}
	if c.notes == "" {
		t.Errorf("%q: the reply is not explained", x.user)
	}
}

func TestIntents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]intent{
		"Can I talk to a real person?":                wantsPerson,
		"this is useless, get me a human":             wantsPerson,
		"I need to speak with someone from your team": wantsPerson,
		"Agent please": wantsPerson,
		"Ich möchte mit einem Mitarbeiter sprechen": wantsPerson,
		"Kann ich mit jemandem reden?":              wantsPerson,
		"Je voudrais parler à quelqu'un":            wantsPerson,
		"Puis-je parler à un conseiller ?":          wantsPerson,
		"Quiero hablar con una persona":             wantsPerson,
		"Posso falar com um atendente?":             wantsPerson,
		"vorrei parlare con un operatore":           wantsPerson,
		"Talk to a person":                          wantsPerson,
		"Mit einem Menschen sprechen":               wantsPerson,
		"Parler à une personne":                     wantsPerson,
		"bye":                                       saysGoodbye,
		"thanks, that's all":                        saysGoodbye,
		"Tschüss!":                                  saysGoodbye,
		"au revoir et merci":                        saysGoodbye,
		"hasta luego":                               saysGoodbye,
		"tchau":                                     saysGoodbye,
		"Thank you so much":                         saysThanks,
		"vielen Dank":                               saysThanks,
		"obrigada!":                                 saysThanks,
		"Hi there 👋":                                saysHello,
		"Guten Morgen":                              saysHello,
		"Buenas tardes":                             saysHello,
		"Bom dia":                                   saysHello,
		"ok":                                        isContent,
		"alles klar!":                               isContent,
		"How much is delivery?":                     wantsAnswer,
		"Hello, how much is delivery?":              wantsAnswer,
		"thanks, and how much is delivery?":         wantsAnswer,
		"How many people work there?":               wantsAnswer,
		"I bought this for a person who loves tea":  wantsAnswer,
		"": wantsAnswer,
	} {
		if got := intentOf(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestWithoutTools(t *testing.T) {
	t.Parallel()
	c := newChat(t, nameMailOrder()...)
	c.tools = nil
	for _, text := range []string{"How much is delivery?", "Do you sell bicycles?", "my name is Ada", "bye"} {
		if reply := c.say(text); reply == "" || len(c.last.ToolCalls) > 0 || strings.Contains(reply, "What is your") {
			t.Errorf("%q: %q with calls %v", text, reply, c.last.ToolCalls)
		}
	}
}

func TestPicturesAndFiles(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	if reply := c.say("[File: bag.png, image/png]"); !strings.Contains(reply, "can't look at pictures") {
		t.Errorf("got %q", reply)
	}
	if reply := c.say("[Unsupported: A poll, which WhatsApp does not pass on to businesses.]"); !strings.Contains(reply, "in words") {
		t.Errorf("of a poll it says %q", reply)
	}
	if reply := c.say("[Image: A bag with a broken strap]"); !strings.Contains(reply, "can't look at pictures") {
		t.Errorf("got %q", reply)
	}
	aloud := newTurn(&llm.Request{Messages: []llm.Message{{Role: parley.ByUser, Text: "[Voice note] How much is delivery?"}}}, time.Now())
	if aloud.user != "How much is delivery?" || aloud.files {
		t.Errorf("what was said aloud is read as %q, with files %v", aloud.user, aloud.files)
	}
	if reply := c.say("My parcel arrived damaged\n[File: bag.png, image/png]"); !strings.Contains(reply, "send us a photo") {
		t.Errorf("got %q", reply)
	}
}

func TestLanguageOfTheAssistantWhereNothingTells(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.language = "de-AT"
	if reply := c.say("Bicycles"); !strings.Contains(reply, "Menschen") {
		t.Errorf("got %q", reply)
	}
}

func TestUsageCountsWordsAndSaysSo(t *testing.T) {
	t.Parallel()
	resp, err := new(Model).Stream(t.Context(), &llm.Request{
		System: "one two three", Messages: []llm.Message{{Role: parley.ByUser, Text: "hello there"}},
	}, func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if *resp.Usage.InputTokens != 5 || *resp.Usage.OutputTokens == 0 || !strings.Contains(string(resp.Usage.Raw), `"unit":"words"`) {
		t.Errorf("usage %d %d %s", *resp.Usage.InputTokens, *resp.Usage.OutputTokens, resp.Usage.Raw)
	}
	if resp.Model != parley.BuiltinModel {
		t.Errorf("model %q", resp.Model)
	}
}

func TestStreamStops(t *testing.T) {
	t.Parallel()
	req := &llm.Request{Messages: []llm.Message{{Role: parley.ByUser, Text: "what can you do"}}}
	enough := errors.New("enough")
	resp, err := new(Model).Stream(t.Context(), req, func(string) error { return enough })
	if !errors.Is(err, enough) || resp == nil || resp.Usage == nil {
		t.Errorf("got %v, %v", resp, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	slow := &Model{Pace: time.Hour}
	pieces := 0
	_, err = slow.Stream(ctx, req, func(string) error {
		if pieces++; pieces == 2 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || pieces != 2 {
		t.Errorf("%d pieces, %v", pieces, err)
	}
	if err := slow.Check(ctx, ""); err != nil {
		t.Error(err)
	}
}

func TestAnyMessageGetsAReply(t *testing.T) {
	t.Parallel()
	words := []string{
		"hi", "bye", "no", "yes", "?", "delivery", "Ada", "ada@example.com", "ORD-12345", "3", "tomorrow", "ja", "*", "咖啡", "\n",
		"thanks", "person", "skip", "Returns", "how", "much", "[File: x.png, image/png]",
	}
	vars := append(nameMailOrder(), parley.VariableSchema{Name: "n", Type: parley.TypeNumber, Source: parley.FromExtracted, Required: true})
	rapid.Check(t, func(rt *rapid.T) {
		c := newChat(t, vars...)
		for range rapid.IntRange(1, 6).Draw(rt, "turns") {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 5).Draw(rt, "text"), " ")
			first := c.say(text)
			if strings.TrimSpace(first) == "" || strings.Contains(first, "%!") || strings.Contains(first, "%s") {
				rt.Fatalf("%q: %q", text, first)
			}
		}
	})
}

func TestPhrasesAreComplete(t *testing.T) {
	t.Parallel()
	for i, p := range everyLanguage() {
		for name, ways := range map[string][]string{
			"hello": p.hello, "helloAgain": p.helloAgain, "howAreYou": p.howAreYou, "welcome": p.welcome, "goodbye": p.goodbye,
			"whoAmI": p.whoAmI, "canDo": p.canDo, "dontKnow": p.dontKnow, "handingOver": p.handingOver, "goOn": p.goOn, "glad": p.glad,
			"perhaps": p.perhaps, "noted": p.noted, "oneMore": p.oneMore, "allDone": p.allDone, "noMatter": p.noMatter,
			"others": {
				p.nearest, p.offerPerson, p.thanksFor, p.noFiles, p.source, p.talkToPerson, p.yes, p.no, p.or, p.askText,
				p.askNumber, p.askDate, p.askYesNo, p.askOption, p.wrongNumber, p.wrongDate, p.wrongYesNo, p.wrongOption, p.wrongText,
			},
		} {
			for _, w := range ways {
				if w == "" {
					t.Errorf("language %d has an empty phrase in %s", i, name)
				}
			}
			if len(ways) == 0 {
				t.Errorf("language %d has no %s", i, name)
			}
		}
		for _, k := range []variable.Kind{variable.KindName, variable.KindEmail, variable.KindPhone, variable.KindOrder} {
			if p.ask[k] == "" || p.wrong[k] == "" {
				t.Errorf("language %d does not ask for %s", i, k)
			}
		}
		if intentOf(p.talkToPerson) != wantsPerson {
			t.Errorf("%q is not understood by the one who offers it", p.talkToPerson)
		}
		for _, answer := range []string{p.yes, p.no} {
			if _, ok := variable.YesNo(answer); !ok {
				t.Errorf("%q is not understood by the one who offers it", answer)
			}
		}
	}
}
