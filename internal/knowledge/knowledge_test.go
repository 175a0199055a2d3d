package knowledge

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley"
)

const shop = `# Delivery and returns

Everything leaves our roastery in Ghent.

## Delivery

We deliver within 2 working days in Belgium and 3 to 5 days in the rest of the EU. Delivery costs €4.90 and is free above €35.

### Switzerland

Parcels to Switzerland take 5 to 8 days. Customs duties are paid by the receiver.

## Returns

You may return unopened bags within 30 days. Write to us first, we send you a label.

- Opened bags cannot be returned.
- Machines can be returned within 14 days.

Opening hours
-------------

Our shop is open Monday to Friday from 9 to 18, on Saturday from 10 to 16. On Sunday we are closed.
`

func docs() []parley.Document {
	return []parley.Document{
		{ID: "d1", Title: "Delivery and returns", Format: parley.FormatMarkdown, Content: shop},
		{ID: "d2", Title: "Häufige Fragen", Format: parley.FormatMarkdown, Content: "## Rückgaberecht\n\nSie können ungeöffnete Packungen innerhalb von 30 Tagen zurückgeben.\n\n## Öffnungszeiten\n\nWir haben montags bis freitags von 9 bis 18 Uhr geöffnet. Sonntags ist das Geschäft geschlossen.\n"},
		{ID: "d3", Title: "Preguntas frecuentes", Format: parley.FormatMarkdown, Content: "## Devoluciones\n\nPuede devolver las bolsas sin abrir durante 30 días.\n\n## Envíos\n\nEl envío cuesta 4,90 € y es gratis a partir de 35 €.\n"},
		{ID: "d4", Title: "店铺", Format: parley.FormatText, Content: "我们的咖啡豆每周烘焙两次。\n\n周日休息。"},
		{ID: "d5", Title: "broken", Content: "unicorns", State: parley.DocumentFailed},
	}
}

func TestSearchFindsTheRightPassage(t *testing.T) {
	t.Parallel()
	x := New(docs())
	tests := []struct {
		question, heading string
		least             float64 // coverage
	}{
		{"How long does delivery take?", "Delivery", 0.4},
		{"Do you ship parcels to Switzerland?", "Delivery › Switzerland", 0.5},
		{"Can I return an opened bag?", "Returns", 0.7},
		{"could you please tell me your opening hours", "Opening hours", 0.9},
		{"When are you open on Sunday?", "Opening hours", 0.9},
		{"Rückgabe?", "Rückgaberecht", 0.7},
		{"Wann habt ihr geöffnet?", "Öffnungszeiten", 0.5},
		{"ruckgaberecht", "Rückgaberecht", 0.9},
		{"¿Cuánto cuesta el envío?", "Envíos", 0.9},
		{"devolucion", "Devoluciones", 0.7},
		{"switzreland delivery", "Delivery › Switzerland", 0.5},
		{"咖啡豆多久烘焙", "", 0.5},
	}
	for _, tt := range tests {
		got := x.Search(tt.question, 3)
		if len(got) == 0 || got[0].Heading != tt.heading || got[0].Coverage < tt.least {
			t.Errorf("%q: got %s, want %q with coverage ≥ %v", tt.question, show(got), tt.heading, tt.least)
		}
	}
}

func TestSearchUnderstandsTheQuestion(t *testing.T) {
	t.Parallel()
	content := "## Damaged parcels\n\nIf a parcel arrives damaged, write to us.\n\n## Where is my parcel?\n\nYou get a link by e-mail to track it.\n\n" +
		"## Decaf\n\nCafé descafeinado is called Slow Sunday.\n\n## Delivery\n\nIt costs €4.90 and is free above €40.\n"
	x := New([]parley.Document{
		{ID: "en", Title: "Help", Format: parley.FormatMarkdown, Content: content},
		{ID: "es", Title: "Ayuda", Format: parley.FormatMarkdown, Content: "## Café descafeinado\n\nNuestro café descafeinado se llama así y cuesta lo mismo que los otros.\n"},
		{ID: "pt", Title: "Ajuda", Format: parley.FormatMarkdown, Content: "## Café descafeinado\n\nO nosso café descafeinado chama-se assim e custa o mesmo que os outros.\n"},
	})
	for question, want := range map[string]string{
		"Where is my parcel? QM-21377":    "en Where is my parcel?",
		"Can I track my parcel QM-21377?": "en Where is my parcel?",
		"where is my package":             "en Where is my parcel?",
		"How much is shipping?":           "en Delivery",
		"I bought beans last week and liked them. How much is the delivery?": "en Delivery",
		"Olá, têm café descafeinado?":                                        "pt Café descafeinado",
		"¿Tienen café descafeinado?":                                         "es Café descafeinado",
		"ada@example.com here, where is my parcel?":                          "en Where is my parcel?",
	} {
		got := x.Search(question, 1)
		if len(got) == 0 || got[0].DocumentID+" "+got[0].Heading != want || got[0].Coverage < 0.38 {
			t.Errorf("%q: got %s, want %s", question, show(got), want)
		}
	}
}

func TestSearchCoversLittleOfAForeignQuestion(t *testing.T) {
	t.Parallel()
	x := New(docs())
	for _, q := range []string{
		"Do you sell bicycles?", "Is there parking near the shop?", "unicorns", "Wo kann ich mein Fahrrad abstellen?", "🤷",
		"Who is the president of France?",
	} {
		if got := x.Search(q, 1); len(got) > 0 && got[0].Coverage > 0.4 {
			t.Errorf("%q is covered by %s", q, show(got))
		}
	}
	for _, q := range []string{"", "   ", "and the of", "!?"} {
		if got := x.Search(q, 3); got != nil {
			t.Errorf("%q found %s", q, show(got))
		}
	}
	if got := New(nil).Search("delivery", 3); got != nil {
		t.Errorf("an empty index found %s", show(got))
	}
}

func show(ps []parley.Passage) string {
	var b strings.Builder
	for _, p := range ps {
		fmt.Fprintf(&b, "[%s/%s %.2f %.2f] ", p.Title, p.Heading, p.Score, p.Coverage)
	}
	return b.String()
}

func TestParse(t *testing.T) {
	t.Parallel()
	got := parse("intro\n\n# A\ntext a\n## B\n```\n# not a heading\n```\n### C\n\nc1\n\nc2\n## D #\nd\n", parley.FormatMarkdown)
	want := []string{"|intro", "A|text a", "A>B|```\n# not a heading\n```", "A>B>C|c1¶c2", "A>D|d"}
	if len(got) != len(want) {
		t.Fatalf("%d sections, want %d: %v", len(got), len(want), got)
	}
	for i, s := range got {
		if have := strings.Join(s.headings, ">") + "|" + strings.Join(s.blocks, "¶"); have != want[i] {
			t.Errorf("section %d: %q, want %q", i, have, want[i])
		}
	}
	if got := parse("# no heading\r\nin text", parley.FormatText); len(got) != 1 || got[0].headings != nil {
		t.Errorf("plain text: %v", got)
	}
}

func TestPassagesLoseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zé]{1,12}[.!]?|\n\n|\n- x`), 1, 600).Draw(t, "words")
		content := strings.Join(words, " ")
		var out strings.Builder
		for _, p := range passages(parley.Document{Content: content, Format: parley.FormatMarkdown}) {
			if n := utf8.RuneCountInString(p.Text); n > goodRunes+mostRunes {
				t.Fatalf("a passage has %d runes", n)
			}
			out.WriteString(p.Text + " ")
		}
		if got, want := strings.Join(strings.Fields(out.String()), " "), strings.Join(strings.Fields(content), " "); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func TestLongSentenceIsCut(t *testing.T) {
	t.Parallel()
	ps := passages(parley.Document{Content: strings.Repeat("咖", 3000)})
	if len(ps) < 4 {
		t.Fatalf("%d passages", len(ps))
	}
	for _, p := range ps {
		if !utf8.ValidString(p.Text) || utf8.RuneCountInString(p.Text) > mostRunes {
			t.Errorf("a passage of %d bytes", len(p.Text))
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	text := "Our roastery is in Ghent. We have roasted since 2011.\n\nReturns are easy. You may return unopened bags within 30 days. Write to us first.\n\n- Opened bags stay with you.\n- Machines: 14 days."
	got := Excerpt(text, "Can I return a bag that I opened?", 100)
	if !strings.Contains(got, "return unopened bags") || utf8.RuneCountInString(got) > 100 {
		t.Errorf("got %q", got)
	}
	if got := Excerpt("short", "x", 100); got != "short" {
		t.Errorf("got %q", got)
	}
	long := strings.Repeat("word ", 100) + "."
	if got := Excerpt(long, "nothing", 50); got == "" {
		t.Error("a text without a place to cut gave nothing")
	}
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	if got := Overlap("delivery to Switzerland", "Deliveries go to Belgium"); got != 0.5 {
		t.Errorf("got %v", got)
	}
	if Overlap("the", "the") != 0 {
		t.Error("stop words count")
	}
}

func TestOneSlip(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]bool{
		{"retrun", "return"}: true, {"return", "return"}: true, {"returm", "return"}: true, {"retun", "return"}: true,
		{"reeturn", "return"}: true, {"returning", "return"}: false, {"nruter", "return"}: false,
	} {
		if got := oneSlip(pair[0], pair[1]); got != want {
			t.Errorf("%v: %v", pair, got)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	var many []parley.Document
	for i := range 200 {
		d := docs()[i%4]
		d.ID = fmt.Sprint(i)
		many = append(many, d)
	}
	x := New(many)
	for b.Loop() {
		x.Search("How long does delivery to Switzerland take?", 5)
	}
}
