package lang

import (
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"ORD-12345":  "ord-12345",
		"Rückgabe":   "ruckgabe",
		"Straße":     "strasse",
		"Devolución": "devolucion",
		"Œuvre":      "oeuvre",
		"ＡＢＣ１２":      "abc12",
		"한국":         "한국",
		"น้ำ":        Fold("น้ำ"),
		"Łódź":       "lodz",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want []string
	}{
		{"Do you ship to Zürich?", []string{"do", "you", "ship", "to", "zürich"}},
		{"order ORD-12345.", []string{"order", "ord", "12345"}},
		{"咖啡豆 beans", []string{"咖啡", "啡豆", "beans"}},
		{"茶", []string{"茶"}},
		{"1kg, 20€", []string{"1", "kg", "20"}},
		{"l'heure", []string{"l", "heure"}},
		{" \n", nil},
	}
	for _, tt := range tests {
		if got := Words(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("Words(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestStemJoinsForms(t *testing.T) {
	t.Parallel()
	tests := []struct{ language, a, b string }{
		{English, "returns", "return"},
		{English, "opening", "open"},
		{German, "lieferungen", "lieferung"},
		{German, "öffnungszeiten", "öffnungszeit"},
		{French, "livraisons", "livraison"},
		{Spanish, "devoluciones", "devolución"},
		{Portuguese, "entregas", "entrega"},
		{Italian, "spedizioni", "spedizione"},
		{Dutch, "bestellingen", "bestelling"},
	}
	for _, tt := range tests {
		if a, b := Stem(tt.a, tt.language), Stem(tt.b, tt.language); a != b {
			t.Errorf("%s: %q → %q, %q → %q", tt.language, tt.a, a, tt.b, b)
		}
	}
	if got := Stem("12345", English); got != "12345" {
		t.Errorf("a number was stemmed to %q", got)
	}
	if got := Stem("Ñandú", "xx"); got != "nandu" {
		t.Errorf("unknown language: %q", got)
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Do you deliver on Saturdays?":               English,
		"What are your opening hours?":               English,
		"hello":                                      English,
		"Wann habt ihr geöffnet?":                    German,
		"Hallo!":                                     German,
		"Wie lange dauert die Lieferung?":            German,
		"Quels sont vos horaires ?":                  French,
		"bonjour":                                    French,
		"¿Cuánto cuesta el envío?":                   Spanish,
		"hola":                                       Spanish,
		"Quanto custa a entrega?":                    Portuguese,
		"Olá, vocês têm café descafeinado?":          Portuguese,
		"Quanto costa la spedizione? Vorrei saperlo": Italian,
		"Hoe lang duurt de bezorging?":               Dutch,
		"営業時間は？":                                     "ja",
		"你们几点开门":                                     "zh",
		"Сколько стоит доставка?":                    "ru",
		"ORD-12345":                                  "",
		"":                                           "",
	} {
		if got := Detect(in); got != want {
			t.Errorf("Detect(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want []string
	}{
		{"We open at 9.30 a.m. on weekdays. Closed on Sunday!", []string{"We open at 9.30 a.m. on weekdays.", "Closed on Sunday!"}},
		{"Bis zum 3. März gilt das. Danach nicht.", []string{"Bis zum 3. März gilt das.", "Danach nicht."}},
		{"It costs €4.90. Free above €35.", []string{"It costs €4.90.", "Free above €35."}},
		{"我们九点开门。周日休息。", []string{"我们九点开门。", "周日休息。"}},
		{"No full stop", []string{"No full stop"}},
		{"Really?! Yes.", []string{"Really?!", "Yes."}},
		{"", nil},
	}
	for _, tt := range tests {
		if got := Sentences(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("Sentences(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestStopAndBase(t *testing.T) {
	t.Parallel()
	if !Stop("the", English) || Stop("the", German) || !Stop("please", English) || Stop("die", English) {
		t.Error("stop words are not those of their language")
	}
	if Base("de-CH") != "de" || Base("PT_br") != "pt" || Base("") != "" {
		t.Error("base of a tag")
	}
}

func TestSynonymsAndWhatIsImplied(t *testing.T) {
	t.Parallel()
	if got := Synonyms("shipment", English); !slices.Contains(got, "delivery") || !slices.Contains(got, "parcel") || slices.Contains(got, "shipment") {
		t.Errorf("shipment: %q", got)
	}
	if got := Synonyms("versand", English); got != nil {
		t.Errorf("a German word in English: %q", got)
	}
	for question, want := range map[string]string{
		"How much is it?": "costs", "How long is it?": "", "Where are you?": "address", "Can I come on Sunday?": "open",
	} {
		if got := strings.Join(Implied(question, English), " "); got != want {
			t.Errorf("%q implies %q, want %q", question, got, want)
		}
	}
	for language, list := range synonyms {
		for _, g := range list {
			if len(g) < 2 {
				t.Errorf("%s: %q is no group", language, g)
			}
			for _, w := range g {
				if Stop(w, language) {
					t.Errorf("%s: the synonym %q is a stop word and never looked up", language, w)
				}
			}
		}
	}
}

func TestDense(t *testing.T) {
	t.Parallel()
	if !Dense("咖啡") || !Dense("ร้าน") || Dense("coffee") || Dense("") {
		t.Error("which scripts have no spaces")
	}
}
