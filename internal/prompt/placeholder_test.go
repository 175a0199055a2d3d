package prompt_test

import (
	"testing"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/prompt"
)

func TestFill(t *testing.T) {
	t.Parallel()
	values := map[string]string{"a": "A", "b": "{a}", "c": "{{a}}", "d": "{", "e": "a}", "empty": ""}
	for in, want := range map[string]string{
		"{a}":          "A",
		"{{a}}":        "A",
		"{{ a }}":      "A",
		"{b}":          "{a}",
		"{{c}}":        "{{a}}",
		"{d}{e}":       "{a}",
		"{d}a}":        "{a}",
		"{x} {{x}}":    "{x} {{x}}",
		"[{empty}]":    "[]",
		"{ a }":        "{ a }",
		"{}":           "{}",
		`{"a": "{a}"}`: `{"a": "A"}`,
		"{{{a}}}":      "{A}",
		"{1a}":         "{1a}",
		"no":           "no",
	} {
		if got := prompt.Fill(in, values); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// A value is inserted as it is, wherever it stands and whatever it holds.
func TestValuesOpenNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.StringMatching(`[{}ab ]{0,8}`)
		value := piece.Draw(t, "value")
		values := map[string]string{"name": value, "a": "SECRET", "b": "SECRET", "ab": "SECRET"}
		// The template's own text has no braces, so nothing else can be opened.
		before := rapid.StringMatching(`[xy ]{0,5}`).Draw(t, "before")
		after := rapid.StringMatching(`[xy ]{0,5}`).Draw(t, "after")
		for _, hole := range []string{"{name}", "{{name}}", "{{ name }}"} {
			if got := prompt.Fill(before+hole+after, values); got != before+value+after {
				t.Fatalf("%q in %q gave %q", value, before+hole+after, got)
			}
		}
	})
}

func TestKnownValues(t *testing.T) {
	t.Parallel()
	v := func(name string, source parley.VariableSource, value string) parley.Variable {
		return parley.Variable{Name: name, Source: source, Value: []byte(value)}
	}
	got := prompt.Known([]parley.Variable{
		v("a", parley.FromExtracted, `"said"`), v("a", parley.FromPreChat, `"form"`),
		v("b", parley.FromPreChat, `1`), v("c", parley.FromEvaluation, `true`),
		v("d", parley.FromExtracted, `1`), v("d", parley.FromExtracted, `2`),
	})
	for name, want := range map[string]string{"a": `"said"`, "b": "1", "c": "", "d": "2"} {
		if string(got[name].Value) != want {
			t.Errorf("%s is %s, want %s", name, got[name].Value, want)
		}
	}
}
