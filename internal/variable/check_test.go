package variable

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"parley"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	plan := []string{"Basic", "Pro"}
	tests := []struct {
		typ    parley.VariableType
		in     string
		want   string // "" = refused
		reason string
	}{
		{parley.TypeText, `"Ada"`, `"Ada"`, ""},
		{parley.TypeText, ` "a <b> & c" `, `"a <b> & c"`, ""},
		{parley.TypeText, `12`, "", "must be text; got the number 12"},
		{parley.TypeText, `"  "`, "", "must not be empty"},
		{parley.TypeText, `"` + strings.Repeat("x", MaxText+1) + `"`, "", "at most 4096 bytes"},
		{parley.TypeText, `"a\u0000b"`, "", "NUL"},
		{parley.TypeText, `["Ada"]`, "", "got a list"},
		{parley.TypeText, `null`, "", "got null"},
		{parley.TypeNumber, `12.50`, `12.50`, ""},
		{parley.TypeNumber, `-3`, `-3`, ""},
		{parley.TypeNumber, `"12"`, "", `must be a number; got the text "12"`},
		{parley.TypeNumber, `1e999`, "", "64 bits"},
		{parley.TypeNumber, `true`, "", "got true"},
		{parley.TypeBoolean, `true`, `true`, ""},
		{parley.TypeBoolean, `"yes"`, "", "must be true or false"},
		{parley.TypeBoolean, `1`, "", "must be true or false"},
		{parley.TypeDate, `"2026-03-03"`, `"2026-03-03"`, ""},
		{parley.TypeDate, `"2026-02-30"`, "", "a date that exists"},
		{parley.TypeDate, `"3 March"`, "", "YYYY-MM-DD"},
		{parley.TypeDate, `20260303`, "", "YYYY-MM-DD"},
		{parley.TypeEnum, `"Pro"`, `"Pro"`, ""},
		{parley.TypeEnum, `"pro"`, "", `must be one of "Basic", "Pro"`},
		{parley.TypeEnum, `{}`, "", "got an object"},
		{"colour", `"red"`, "", "unknown type"},
		{parley.TypeText, `"open`, "", "not valid JSON"},
		{parley.TypeText, `"a" "b"`, "", "not valid JSON"},
		{parley.TypeText, ``, "", "not valid JSON"},
	}
	for _, tt := range tests {
		got, err := Check(parley.VariableSchema{Name: "v", Type: tt.typ, Options: plan}, json.RawMessage(tt.in))
		if string(got) != tt.want {
			t.Errorf("%s %.40s: got %s, want %s", tt.typ, tt.in, got, tt.want)
		}
		if tt.want == "" && (parley.ErrorCode(err) != parley.CodeInvalid || !strings.Contains(err.Error(), tt.reason)) {
			t.Errorf("%s %.40s: error %v, want invalid with %q", tt.typ, tt.in, err, tt.reason)
		}
	}
}

func TestSchemasAcceptWhatTheCheckAccepts(t *testing.T) {
	t.Parallel()
	schemas := []parley.VariableSchema{
		{Name: "plan", Type: parley.TypeEnum, Options: []string{"Basic", "Pro"}, Source: parley.FromEvaluation, Description: "The plan."},
		{Name: "when", Type: parley.TypeDate, Source: parley.FromEvaluation},
		{Name: "people", Type: parley.TypeNumber, Source: parley.FromExtracted},
		{Name: "people", Type: parley.TypeNumber, Source: parley.FromPreChat},
	}
	evaluation := compile(t, Evaluation(schemas))
	base := `{"resolved":true,"summary":"s","topic":"t","sentiment":"neutral"`
	for in, ok := range map[string]bool{
		base + `,"plan":"Pro","when":"2026-01-01"}`:             true,
		base + `,"plan":null,"when":null}`:                      true,
		base + `,"plan":"Gold","when":null}`:                    false,
		base + `,"plan":null}`:                                  false,
		base + `,"plan":null,"when":null,"people":4}`:           false,
		`{"resolved":"yes","summary":"s","topic":"t"}`:          false,
		strings.Replace(base, "neutral", "furious", 1) + `}`:    false,
		base + `,"plan":"Basic","when":"2026-01-01","extra":1}`: false,
	} {
		if err := validate(t, evaluation, in); (err == nil) != ok {
			t.Errorf("%s: %v, want ok %v", in, err, ok)
		}
	}
	set := compile(t, SetParameters(schemas))
	if err := validate(t, set, `{"name":"people","value":4}`); err != nil {
		t.Error(err)
	}
	if err := validate(t, set, `{"name":"plan","value":"Pro"}`); err == nil {
		t.Error("set_variable accepts the name of an evaluation's variable")
	}
}

func compile(t *testing.T, raw json.RawMessage) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, in string) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestFindAndFormat(t *testing.T) {
	t.Parallel()
	schemas := []parley.VariableSchema{
		{Name: "a", Source: parley.FromPreChat}, {Name: "a", Source: parley.FromExtracted, Type: parley.TypeText},
	}
	if s, ok := Find(schemas, "a", parley.FromExtracted); !ok || s.Type != parley.TypeText {
		t.Error("the source is not looked at")
	}
	if s, ok := Find(schemas, "a", ""); !ok || s.Source != parley.FromPreChat {
		t.Error("any source")
	}
	if _, ok := Find(schemas, "b", ""); ok {
		t.Error("found what is not there")
	}
	if Format(json.RawMessage(`"x y"`)) != "x y" || Format(json.RawMessage(`12.5`)) != "12.5" {
		t.Error("format")
	}
}
