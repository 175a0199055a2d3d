package workshop_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
	"parley/internal/workshop"
)

// What goes out comes back: in another workspace only what is a secret, and the
// provider there, are missing, and both are said.
func TestExportAndImport(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		ctx, a := t.Context(), w.assistant()
		_, data, err := w.Export(ctx, w.ws, a.ID, true)
		w.ok(err)
		for _, secret := range []string{"s3cret", "k3y", "t0ken", "sk-secret", "olga", w.ws, w.provider.ID, a.ID, a.Config.Knowledge[0], a.Config.Examples[0].ConversationID} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("the file tells %q:\n%s", secret, data)
			}
		}
		for _, readable := range []string{"parley: assistant\nschema: 1\nname: Lumi\n", "prompt: |\n  You are Lumi.\n\n  Be kind", "languages: [en, de]", "      type: object\n", "content: |\n      # Hours"} {
			if !bytes.Contains(data, []byte(readable)) {
				t.Errorf("%q is not in the file:\n%s", readable, data)
			}
		}
		b, notes, err := w.Import(ctx, w.ws, data, w.member.ID)
		w.ok(err)
		checkNotes(t, notes, "secret_missing tools.0.headers.Authorization", "secret_missing tools.0.url")
		b = w.newest(b.ID)
		want := a.Config
		want.Status, want.Knowledge = parley.AssistantDraft, b.Config.Knowledge
		want.Examples = []parley.Example{{Question: "Why?", Answer: "Because:\n- it is so"}}
		want.Tools = slices.Clone(want.Tools)
		want.Tools[0].URL, want.Tools[0].Headers = "https://shop.example/o/{id}?api_key=&lang={lang}&q=1#f", map[string]string{"Accept": "text/plain"}
		if !sameJSON(t, want.Tools[0].Parameters, b.Config.Tools[0].Parameters) {
			t.Errorf("the schema is %s", b.Config.Tools[0].Parameters)
		}
		want.Tools[0].Parameters = b.Config.Tools[0].Parameters
		if got := workshop.Changed(&want, &b.Config); len(got) > 0 {
			t.Errorf("what came back differs in %v: %+v", got, b.Config)
		}
		if !slices.Equal(w.texts(a), w.texts(b)) {
			t.Errorf("documents are %q", w.texts(b))
		}

		other := newWorld(t, w.Store)
		c, notes, err := other.Import(ctx, other.ws, data, other.member.ID)
		if err != nil || c.Config.Model.ProviderID != other.provider.ID {
			t.Errorf("a provider of the same name is not found: %+v, %v, %v", c, notes, err)
		}
		data = bytes.Replace(data, []byte("kind: openai"), []byte("kind: anthropic"), 1)
		c, notes, err = other.Import(ctx, other.ws, data, other.member.ID)
		w.ok(err)
		checkNotes(t, notes, "provider_missing model", "secret_missing tools.0.headers.Authorization", "secret_missing tools.0.url")
		if c.Config.Model.ProviderID != parley.BuiltinProvider || c.WorkspaceID != other.ws {
			t.Errorf("without a provider: %+v", c)
		}
		_, short, err := w.Export(ctx, w.ws, a.ID, false)
		if err != nil || bytes.Contains(short, []byte("knowledge:")) {
			t.Errorf("without knowledge: %s, %v", short, err)
		}
		_, _, err = other.Export(ctx, other.ws, a.ID, true)
		wantCode(t, err, parley.CodeNotFound)
	})
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		t.Fatalf("%s or %s is no JSON", a, b)
	}
	return reflect.DeepEqual(x, y)
}

func checkNotes(t *testing.T, notes []workshop.Note, want ...string) {
	t.Helper()
	var got []string
	for _, n := range notes {
		got = append(got, string(n.Code)+" "+n.Path)
		if !strings.HasSuffix(n.Message, ".") {
			t.Errorf("%q is no sentence", n.Message)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("notes are %q, want %q", got, want)
	}
}

const head = "parley: assistant\nschema: 1\nname: Lumi\n"

func TestImportTakesWhatItCan(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		a, notes, err := w.Import(t.Context(), w.ws, []byte(head+`mood: good
status: active
variables: [{name: city, type: text, colour: red}]
knowledge:
  - {title: Empty, content: " "}
  - {title: Full, content: Words}
`), w.member.ID)
		w.ok(err)
		checkNotes(t, notes, "unknown_field mood", "unknown_field status", "unknown_field colour", "document_refused knowledge.0")
		if a = w.newest(a.ID); a.Status != parley.AssistantDraft || len(a.Config.Knowledge) != 1 || a.Config.Variables[0].Source != parley.FromExtracted {
			t.Errorf("imported %+v", a)
		}
		// JSON is YAML.
		if a, notes, err := w.Import(t.Context(), w.ws, []byte(`{"parley":"assistant","schema":1,"name":"J","prompt":"P\n"}`), w.member.ID); err != nil || len(notes) > 0 || a.Config.Prompt != "P\n" {
			t.Errorf("of JSON: %+v, %v, %v", a, notes, err)
		}
	})
}

func TestImportRefuses(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		var bomb strings.Builder
		bomb.WriteString(head + "tools:\n- name: a\n  method: GET\n  url: https://x.example/\n  parameters:\n    type: object\n    a: &a [x,x,x,x,x,x,x,x,x]\n")
		for c := 'b'; c < 'k'; c++ {
			bomb.WriteString("    " + string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 9), ",") + "]\n")
		}
		for name, c := range map[string]struct {
			data string
			code parley.Code
			says string
		}{
			"nothing":            {"", parley.CodeInvalid, "parley: assistant"},
			"another file":       {"name: x\n", parley.CodeInvalid, "parley: assistant"},
			"a list":             {"- x\n", parley.CodeInvalid, "line 1"},
			"broken":             {head + "prompt: \"x\n", parley.CodeInvalid, "line"},
			"no schema":          {"parley: assistant\nname: x\n", parley.CodeInvalid, "schema"},
			"a later schema":     {"parley: assistant\nschema: 2\n", parley.CodeInvalid, "Update Parley"},
			"no name":            {"parley: assistant\nschema: 1\n", parley.CodeInvalid, "name"},
			"a wrong type":       {head + "inactivity_minutes: long\n", parley.CodeInvalid, "line 4"},
			"a wrong value":      {head + "after_end: never\n", parley.CodeInvalid, "after_end"},
			"a wrong variable":   {head + "variables: [{name: 1st, type: text}]\n", parley.CodeInvalid, "variables.0.name"},
			"a wrong schema":     {head + "tools: [{name: a, method: GET, url: 'https://x.example/', parameters: [1]}]\n", parley.CodeInvalid, "parameters"},
			"not text":           {head + "prompt: \"\xff\"\n", parley.CodeInvalid, "not text"},
			"a NUL":              {head + "prompt: \"\\0\"\n", parley.CodeInvalid, "prompt"},
			"too large":          {head + "prompt: " + strings.Repeat("x", workshop.MaxFile), parley.CodeTooLarge, "8 MB"},
			"too many examples":  {head + "examples: [{question: a, answer: " + strings.Repeat("x", 30<<10) + "}]\n", parley.CodeInvalid, "examples"},
			"a file that swells": {bomb.String(), parley.CodeInvalid, ""},
		} {
			_, _, err := w.Import(t.Context(), w.ws, []byte(c.data), w.member.ID)
			if parley.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", name, err)
			}
			if err != nil && strings.Contains(err.Error(), "workshop.") {
				t.Errorf("%s names what is inside: %v", name, err)
			}
		}
		all, _, err := w.Assistants(t.Context(), w.ws, store.AssistantQuery{Limit: 10})
		if err != nil || len(all) != 0 {
			t.Errorf("%d assistants were made, %v", len(all), err)
		}
	})
}
