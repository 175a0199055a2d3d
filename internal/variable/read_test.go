package variable

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
)

// monday is a day to count from.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func schema(name string, typ parley.VariableType, options ...string) parley.VariableSchema {
	return parley.VariableSchema{Name: name, Type: typ, Options: options}
}

func TestRead(t *testing.T) {
	t.Parallel()
	number, boolean := schema("people", parley.TypeNumber), schema("agreed", parley.TypeBoolean)
	date, enum := schema("visit_date", parley.TypeDate), schema("grind", parley.TypeEnum, "Whole bean", "Filter", "Espresso")
	name, mail := schema("customer_name", parley.TypeText), schema("email", parley.TypeText)
	order, phone, free := schema("order_number", parley.TypeText), schema("phone", parley.TypeText), schema("reason", parley.TypeText)
	tests := []struct {
		schema   parley.VariableSchema
		language string
		text     string
		want     string // "" = not read
	}{
		{number, "en", "12.5", `12.5`},
		{number, "en", "we'll be 4, thanks", `4`},
		{number, "en", "1,000", `1000`},
		{number, "de", "1.000", `1000`},
		{number, "de", "12,5 Kilo", `12.5`},
		{number, "en", "1,234.50", `1234.50`},
		{number, "de", "1.234,50", `1234.50`},
		{number, "en", "two of us", `2`},
		{number, "de", "Zwölf bitte", `12`},
		{number, "fr", "nous serons cinq", `5`},
		{number, "en", "007", `7`},
		{number, "en", "-0.5", `-0.5`},
		{number, "en", "between 3 and 5", ""},
		{number, "en", "a few", ""},
		{boolean, "en", "Yes!", `true`},
		{boolean, "en", "no, thank you", `false`},
		{boolean, "de", "Ja gerne", `true`},
		{boolean, "fr", "Oui", `true`},
		{boolean, "es", "Sí, claro", `true`},
		{boolean, "pt", "não", `false`},
		{boolean, "en", "yes and no", ""},
		{boolean, "en", "perhaps", ""},
		{date, "en", "3 March 2026", `"2026-03-03"`},
		{date, "en", "March 3rd, 2026 please", `"2026-03-03"`},
		{date, "en", "on 2026-03-03", `"2026-03-03"`},
		{date, "de", "am 3. März 2026", `"2026-03-03"`},
		{date, "fr", "le 1er février 2026", `"2026-02-01"`},
		{date, "es", "el 3 de marzo de 2026", `"2026-03-03"`},
		{date, "pt", "3 de março de 2026", `"2026-03-03"`},
		{date, "de", "03.04.2026", `"2026-04-03"`},
		{date, "es", "3/4/2026", `"2026-04-03"`},
		{date, "en", "3/4/2026", ""},
		{date, "en", "25/4/2026", `"2026-04-25"`},
		{date, "en", "4/25/26", `"2026-04-25"`},
		{date, "en", "3 March", `"2027-03-03"`},
		{date, "en", "December 24", `"2026-12-24"`},
		{date, "en", "tomorrow", `"2026-11-24"`},
		{date, "es", "mañana", `"2026-11-24"`},
		{date, "en", "30 February 2026", ""},
		{date, "en", "3 March or 4 March", ""},
		{date, "en", "soon", ""},
		{date, "en", "maybe 3", ""},
		{enum, "en", "espresso please", `"Espresso"`},
		{enum, "en", "WHOLE BEAN", `"Whole bean"`},
		{enum, "en", "whole", `"Whole bean"`},
		{enum, "en", "filter or espresso", ""},
		{enum, "en", "Turkish", ""},
		{name, "en", "Ada", `"Ada"`},
		{name, "en", "My name is Ada Lovelace.", `"Ada Lovelace"`},
		{name, "en", "Hi, I'm Ada", `"Ada"`},
		{name, "de", "ich heiße Jürgen", `"Jürgen"`},
		{name, "fr", "je m'appelle Zoé et j'habite à Lyon", `"Zoé"`},
		{name, "es", "me llamo José Luis", `"José Luis"`},
		{name, "pt", "Meu nome é João", `"João"`},
		{name, "en", "no", ""},
		{name, "en", "What are your opening hours?", ""},
		{name, "en", "why do you want to know that", ""},
		{mail, "en", "sure, it's ada@example.com.", `"ada@example.com"`},
		{mail, "en", "ada at example", ""},
		{mail, "en", "a@example.com or b@example.com", ""},
		{order, "en", "It is ORD-12345", `"ORD-12345"`},
		{order, "en", "#48213 I think", `"48213"`},
		{order, "en", "I lost it", ""},
		{phone, "en", "+49 170 1234567", `"+49 170 1234567"`},
		{phone, "en", "call 12", ""},
		{free, "en", "The bag was torn.", `"The bag was torn"`},
		{free, "en", "What do you mean?", ""},
	}
	for _, tt := range tests {
		got, ok := Reader{Language: tt.language, Now: monday}.Read(tt.schema, tt.text)
		if string(got) != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %q: got %s %v, want %s", tt.schema.Name, tt.text, got, ok, tt.want)
		}
	}
}

func TestVolunteered(t *testing.T) {
	t.Parallel()
	order, mail, name := schema("order_number", parley.TypeText), schema("contactEmail", parley.TypeText), schema("name", parley.TypeText)
	people := parley.VariableSchema{Name: "party_size", Type: parley.TypeNumber, Description: "How many people come"}
	tests := []struct {
		schema parley.VariableSchema
		text   string
		want   string
	}{
		{order, "Where is my order ORD-12345?", `"ORD-12345"`},
		{order, "Bestellung 48213 ist nicht da", `"48213"`},
		{order, "Where is my order?", ""},
		{mail, "write to ada@example.com please", `"ada@example.com"`},
		{name, "Hello, my name is Ada and I have a question", `"Ada"`},
		{name, "I am late", ""},
		{name, "Ada", ""},
		{people, "a table for 4 people", `4`},
		{people, "I paid 4 euros", ""},
		{schema("grind", parley.TypeEnum, "Filter", "Espresso"), "I need it for espresso", `"Espresso"`},
		{schema("note", parley.TypeText), "anything", ""},
		{schema("agreed", parley.TypeBoolean), "yes", ""},
		{schema("arrival_date", parley.TypeDate), "our arrival is on 3 March 2026", `"2026-03-03"`},
	}
	for _, tt := range tests {
		got, ok := Reader{Language: "en", Now: monday}.Volunteered(tt.schema, tt.text)
		if string(got) != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %q: got %s %v, want %s", tt.schema.Name, tt.text, got, ok, tt.want)
		}
	}
}

func TestWhatIsReadPassesTheCheck(t *testing.T) {
	t.Parallel()
	types := []parley.VariableType{parley.TypeText, parley.TypeNumber, parley.TypeBoolean, parley.TypeDate, parley.TypeEnum}
	names := []string{"name", "email", "order", "phone", "x"}
	rapid.Check(t, func(t *rapid.T) {
		s := schema(rapid.SampledFrom(names).Draw(t, "name"), rapid.SampledFrom(types).Draw(t, "type"), "a", "b c")
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9a-z.,/ @+-]{0,30}`)).Draw(t, "text")
		r := Reader{Language: rapid.SampledFrom([]string{"", "en", "de"}).Draw(t, "language"), Now: monday}
		for _, read := range []func() ([]byte, bool){
			func() ([]byte, bool) { v, ok := r.Read(s, text); return v, ok },
			func() ([]byte, bool) { v, ok := r.Volunteered(s, text); return v, ok },
		} {
			if v, ok := read(); ok {
				if _, err := Check(s, v); err != nil {
					t.Fatalf("%q was read as %s, which the check refuses: %v", text, v, err)
				}
			}
		}
	})
}
