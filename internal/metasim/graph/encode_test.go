package graph_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/metasim/graph"
)

// Whatever is encoded is ASCII without a bare slash, and decodes to itself.
func TestJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := map[string]string{rapid.String().Draw(t, "key"): rapid.String().Draw(t, "value")}
		b, err := graph.JSON(in)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range b {
			if c > 0x7f || c == '/' && (i == 0 || b[i-1] != '\\') {
				t.Fatalf("%q at %d of %s", c, i, b)
			}
		}
		var out map[string]string
		if err := json.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
		for k, v := range in {
			if out[k] != v {
				t.Fatalf("%q became %q in %s", v, out[k], b)
			}
		}
	})
}

func TestJSONAsMeta(t *testing.T) {
	t.Parallel()
	b, err := graph.JSON(map[string]any{"a": "é/<&>\u2028🎉\\/"})
	if want := `{"a":"\u00e9\/<&>\u2028\ud83c\udf89\\\/"}`; err != nil || !bytes.Equal(b, []byte(want)) {
		t.Errorf("%s, want %s, %v", b, want, err)
	}
}

// A number names an error with its last six digits, and only then.
func TestCodeInNumber(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]struct {
		code      int
		later, ok bool
	}{
		"15550131047": {131047, true, true},
		"15550130429": {130429, false, true},
		"15550900190": {190, false, true},
		"15550980007": {80007, false, true},
		"15550000190": {0, false, false},
		"15550999999": {0, false, false},
		"16505551234": {0, false, false},
		"131047":      {0, false, false},
		"":            {0, false, false},
	} {
		code, later, ok := graph.CodeInNumber(digits)
		if ok != want.ok || ok && (code != want.code || later != want.later) {
			t.Errorf("%s: %d %v %v", digits, code, later, ok)
		}
	}
}
