package topic

import "testing"

func TestAsks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Asking{
		"hello":                            AsksNothing,
		"Hi there, good morning!":          AsksNothing,
		"Guten Tag":                        AsksNothing,
		"thanks":                           AsksNothing,
		"yes please":                       AsksNothing,
		"12345":                            AsksNothing,
		"anna@example.com":                 AsksNothing,
		"+49 170 1234567":                  AsksNothing,
		"👍":                                AsksNothing,
		"":                                 AsksNothing,
		"refund":                           AsksPerhaps,
		"Maria":                            AsksPerhaps,
		"refund?":                          AsksSurely,
		"Where is my order?":               AsksSurely,
		"hi my parcel is lost":             AsksSurely,
		"Hallo, wo bleibt mein Paket":      AsksSurely,
		"¿Cuánto cuesta el envío?":         AsksSurely,
		"营业时间是几点":                          AsksSurely,
		"I'd like to cancel my membership": AsksSurely,
	} {
		if s := Hear(text); s.Asks() != want {
			t.Errorf("%q: %d, want %d", text, s.Asks(), want)
		}
	}
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	tests := []struct {
		first, second string
		want          bool
	}{
		{"Where is my order?", "where is my order??", false}, // one word says nothing
		{"When will my order arrive?", "WHEN WILL MY ORDER ARRIVE", true},
		{"How do I return the grinder?", "I asked how to return the grinder", true},
		{"How do I return the grinder?", "Do you ship to Norway?", false},
		{"Wie kann ich mein Abo kündigen?", "ich will mein abo kündigen!", true},
		{"hello", "hello", false},
		{"yes", "yes", false},
	}
	for _, tt := range tests {
		first, second := Hear(tt.first), Hear(tt.second)
		if got := second.Repeats(&first); got != tt.want {
			t.Errorf("%q, %q: %v", tt.first, tt.second, got)
		}
	}
}

func TestWantsPerson(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Can I talk to a real person please?": true,
		"human":                               true,
		"Kann ich mit einem Mitarbeiter sprechen?":                                 true,
		"quiero hablar con una persona":                                            true,
		"Can another person pick up my parcel from the shop when I am on holiday?": false,
		"Where is my order?":                                                       false,
	} {
		if s := Hear(text); s.WantsPerson() != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
