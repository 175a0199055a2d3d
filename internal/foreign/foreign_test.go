package foreign_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
	"parley/internal/foreign"
)

var update = flag.Bool("update", false, "write what is read to the golden files")

// TestShapes reads what each system writes, and compares with what was read before.
func TestShapes(t *testing.T) {
	t.Parallel()
	for name, system := range map[string]foreign.System{
		"chatwoot.jsonl": foreign.Chatwoot, "dify.json": foreign.Dify, "dify.csv": foreign.Dify,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			x, err := foreign.Look(t.Context(), bytes.NewReader(b))
			if err != nil || x.System != system || x.Problems.Count > 0 {
				t.Fatalf("%+v, %v", x, err)
			}
			var got bytes.Buffer
			for i := range x.Entries {
				c, err := x.Read(bytes.NewReader(b), &x.Entries[i])
				if err != nil {
					t.Fatal(err)
				}
				e := json.NewEncoder(&got)
				e.SetIndent("", "\t")
				if err := e.Encode(c); err != nil {
					t.Fatal(err)
				}
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(want, got.Bytes()) {
				t.Errorf("%v, it is now\n%s", err, got.Bytes())
			}
		})
	}
}

func look(t *testing.T, content string) (*foreign.Index, error) {
	t.Helper()
	return foreign.Look(t.Context(), strings.NewReader(content))
}

const (
	difyMessage = `{"id":"m1","conversation_id":"c1","query":"Where?","answer":"Here.","created_at":1730503863}`
	cwMessage   = `{"id":910,"content":"Hola","inbox_id":4,"conversation_id":42,"message_type":0,"created_at":1730501010}`
)

// TestHostileFiles brings files of which nothing can be taken, each for a reason
// that a program can tell.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		code    parley.Code
		says    string
	}{
		"empty":          {"", parley.CodeInvalid, "empty"},
		"blank":          {" \n\t", parley.CodeInvalid, "empty"},
		"only a mark":    {"\xef\xbb\xbf", parley.CodeInvalid, "empty"},
		"gzip":           {"\x1f\x8b\x08\x00rest", parley.CodeInvalid, "packed"},
		"zip":            {"PK\x03\x04rest", parley.CodeInvalid, "packed"},
		"prose":          {"Dear Sir or Madam", parley.CodeInvalid, "form"},
		"another table":  {"name,age\nAna,3\n", parley.CodeInvalid, "form"},
		"a picture":      {"\x89PNG\r\n\x1a\n\x00\x00", parley.CodeInvalid, "form"},
		"cut off list":   {"[" + difyMessage + ",", parley.CodeInvalid, "cut off"},
		"cut off in one": {"[" + difyMessage[:40], parley.CodeInvalid, "line 1"},
		"cut off line":   {difyMessage + "\n" + difyMessage[:30], parley.CodeInvalid, "line 2"},
		"bad first line": {"{bad}\n" + difyMessage, parley.CodeInvalid, "line 1"},
		"cut off alone":  {"{\"cut off", parley.CodeInvalid, "line 1"},
		"cut off row":    {"conversation_id,query,answer,created_at\nc,\"q", parley.CodeInvalid, "line 2"},
		"deep":           {"[" + strings.Repeat("[", 200_000), parley.CodeInvalid, "nested"},
		"deep line":      {difyMessage + "\n" + `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", parley.CodeInvalid, "nested"},
		"huge line":      {difyMessage + "\n{\"x\":\"" + strings.Repeat("x", 17<<20) + "\"}", parley.CodeTooLarge, "16 MB"},
		"huge value":     {`["` + strings.Repeat("x", 17<<20) + `"]`, parley.CodeTooLarge, "16 MB"},
		"huge field":     {"conversation_id,query,answer,created_at\nc,\"" + strings.Repeat("x", 17<<20), parley.CodeTooLarge, "16 MB"},
		"nothing in it":  {"[]", parley.CodeInvalid, "no conversations"},
	} {
		x, err := look(t, c.content)
		if parley.ErrorCode(err) != c.code || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %+v, %v", name, x, err)
		}
	}
}

// TestWhatCannotBeTaken reads files of which some can be taken.
func TestWhatCannotBeTaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bad  string // beside a good conversation
		code parley.Code
		says string
	}{
		"another object":      {`{"hello":"world"}`, parley.CodeInvalid, "known"},
		"another system":      {cwMessage, parley.CodeInvalid, "Chatwoot"},
		"no id":               {`{"id":"m","conversation_id":"","query":"q","answer":"a","created_at":1}`, parley.CodeInvalid, "no id"},
		"no time":             {`{"id":"m","conversation_id":"c2","query":"q","answer":"a"}`, parley.CodeInvalid, "no time"},
		"a time that is none": {`{"id":"m","conversation_id":"c2","query":"q","answer":"a","created_at":"soon"}`, parley.CodeInvalid, "time"},
		"another type":        {`{"id":"m","conversation_id":"c2","query":{"a":1},"answer":"a","created_at":1730503863}`, parley.CodeInvalid, "query"},
		"UTF-8":               {"{\"id\":\"m\",\"conversation_id\":\"c2\",\"query\":\"\xff\",\"answer\":\"a\",\"created_at\":1730503863}", parley.CodeInvalid, "UTF-8"},
		"NUL":                 {`{"id":"m","conversation_id":"c2","query":"\u0000","answer":"a","created_at":1730503863}`, parley.CodeInvalid, "NUL"},
		"a long text":         {`{"id":"m","conversation_id":"c2","query":"` + strings.Repeat("x", 70<<10) + `","answer":"a","created_at":1730503863}`, parley.CodeTooLarge, "64 KB"},
		"nothing said":        {`{"id":"m","conversation_id":"c2","query":"","answer":"","created_at":1730503863}`, parley.CodeInvalid, "no messages"},
	} {
		content := difyMessage + "\n" + c.bad + "\n"
		x, err := look(t, content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		good := 0
		for i := range x.Entries {
			e := &x.Entries[i]
			if _, err := x.Read(strings.NewReader(content), e); err != nil {
				x.Problems.Add(e.Line, e.Key, err)
			} else {
				good++
			}
		}
		if good != 1 || x.Problems.Count != 1 || x.Problems.First[0].Code != c.code || x.Problems.First[0].Line != 2 || !strings.Contains(x.Problems.First[0].Reason, c.says) {
			t.Errorf("%s: %d good, %+v", name, good, x.Problems)
		}
	}
}

// TestOneBadMessageKeepsItsConversationOut: half of a conversation is not taken.
func TestOneBadMessageKeepsItsConversationOut(t *testing.T) {
	t.Parallel()
	content := difyMessage + "\n" + strings.Replace(strings.Replace(difyMessage, "m1", "m2", 1), "1730503863", `"never"`, 1)
	x, err := look(t, content)
	if err != nil || len(x.Entries) != 1 {
		t.Fatalf("%+v, %v", x, err)
	}
	if _, err := x.Read(strings.NewReader(content), &x.Entries[0]); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("it is taken: %v", err)
	}
}

// TestEscapedBackslash is no NUL.
func TestEscapedBackslash(t *testing.T) {
	t.Parallel()
	content := strings.Replace(difyMessage, "Where?", `C:\\u0000`, 1)
	x, err := look(t, content)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := x.Read(strings.NewReader(content), &x.Entries[0]); err != nil || c.Messages[0].Text != `C:\u0000` {
		t.Errorf("%+v, %v", c, err)
	}
}

func FuzzLook(f *testing.F) {
	for _, name := range []string{"chatwoot.jsonl", "dify.json", "dify.csv"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`[{"a":"\`))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := foreign.Look(t.Context(), bytes.NewReader(b))
		if err != nil {
			return
		}
		for i := range x.Entries {
			if x.System == foreign.Parley {
				_, _ = x.Whole(bytes.NewReader(b), &x.Entries[i])
			} else {
				_, _ = x.Read(bytes.NewReader(b), &x.Entries[i])
			}
		}
	})
}
