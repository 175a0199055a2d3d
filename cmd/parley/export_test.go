package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"parley"
)

const twoConversations = `{"id":"0190dec0-0000-7000-8000-000000000001","source":"api","status":"ended","owner":"assistant","started_at":"2026-01-31T12:00:00Z",` +
	`"assistant":{"id":"0190dec0-0000-7000-8000-0000000000aa","name":"Lumi","version":1},"contact":{"id":"0190dec0-0000-7000-8000-0000000000bb","name":"Ana"},` +
	`"variables":[{"name":"tier","type":"text","source":"pre_chat","value":"gold","set_at":"2026-01-31T12:00:00Z"}],` +
	`"messages":[{"id":"0190dec0-0000-7000-8000-000000000011","role":"user","content":"write to ana@example.com","created_at":"2026-01-31T12:00:01Z"}]}
{"id":"0190dec0-0000-7000-8000-000000000002","source":"widget","status":"ended","owner":"assistant","started_at":"2026-02-01T12:00:00Z",` +
	`"assistant":{"id":"0190dec0-0000-7000-8000-0000000000aa","name":"Lumi","version":1},"contact":{"id":"0190dec0-0000-7000-8000-0000000000cc","name":"Ben"}}
`

// TestExportAndImport takes conversations into a data folder and out again, beside
// a server and without one.
func TestExportAndImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "two.jsonl")
	if err := os.WriteFile(file, []byte(twoConversations), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stop := serve(t, map[string]string{"PARLEY_ADMIN_EMAIL": "ada@example.com", "PARLEY_ADMIN_PASSWORD": "correct horse battery"}, data)
	if code, _, errs := command(t, nil, "import", file, "--data", data); code != 1 || !strings.Contains(errs, "Another Parley process") {
		t.Errorf("an import beside a server: %d %s", code, errs)
	}
	stop()
	for _, written := range []string{"2 of them were written", "0 of them were written"} {
		if code, out, errs := command(t, nil, "import", file, "--data", data); code != 0 || !strings.Contains(out, written) {
			t.Errorf("import: %d %s %s, want %s", code, out, errs, written)
		}
	}
	serve(t, nil, data)
	out := filepath.Join(dir, "out.csv")
	for _, tt := range []struct {
		args string
		code int
		want string // in what is printed
	}{
		{"--format markdown --hide email", 0, "write to \\[email]"},
		{"--format csv --columns id,variable.tier --variable tier=gold --tz UTC", 0, "000000000001,gold\r\n"},
		{"--format csv --rows messages --columns created_at,content --to 2026-02-01 --tz Asia/Tokyo", 0, "2026-01-31T21:00:01+09:00,write to ana@example.com"},
		{"--format jsonl --source widget --from 2026-02-01T11:00:00Z", 0, `"id":"0190dec0-0000-7000-8000-000000000002"`},
		{"--format csv --columns id --started-from 2026-02-01T00:00:00Z --evaluated=false", 0, "id\r\n0190dec0-0000-7000-8000-000000000002\r\n"},
		{"--format csv --columns id --rating 5", 0, "id\r\n"},
		{"--rating 6", 2, "--rating must be one of"},
		{"--call fax", 2, "--call must be one of"},
		{"--unanswered maybe", 2, "--unanswered must be one of"},
		{"--hour-of-week 168", 1, "between 0 and 167"},
		{"--format html --conversation 0190dec0-0000-7000-8000-000000000001", 0, "Ana · Lumi"},
		{"--format openai --resolved=false", 0, ""},
		{"--format csv -o " + out, 0, ""},
		{"--format csv -o " + out, 1, "cannot be made"},
		{"--format pdf", 2, "--format must be one of"},
		{"--format csv --columns password", 1, "no column"},
		{"--from yesterday", 1, "is not a time"},
		{"--tz Nowhere", 1, "no time zone"},
		{"--variable tier", 1, "NAME=VALUE"},
		{"--workspace Other", 1, "no workspace"},
	} {
		code, printed, errs := command(t, nil, append([]string{"export", "--data", data}, strings.Fields(tt.args)...)...)
		if code != tt.code || !strings.Contains(printed+errs, tt.want) {
			t.Errorf("export %s: %d\n%s%s\nwant %d, %s", tt.args, code, printed, errs, tt.code, tt.want)
		}
	}
	if b, err := os.ReadFile(out); err != nil || strings.Count(string(b), "\r\n") != 3 {
		t.Errorf("the file is %q, %v", b, err)
	}
	if code, _, errs := command(t, nil, "import", filepath.Join(dir, "none"), "--data", filepath.Join(dir, "other")); code != 1 || errs == "" {
		t.Errorf("an import of nothing into nothing: %d %s", code, errs)
	}
}

// TestExportHasEveryFilter sets all flags: each filter of the list is among them.
func TestExportHasEveryFilter(t *testing.T) {
	t.Parallel()
	c := exportCommand{}
	flags := strings.Fields(`--source api --assistant a --status ended --from 2026-01-01 --to 2026-02-01 -q word --contact c --has-attachment
		--has-error --handed-over --waiting --resolved --evaluated --reviewed --tag t --started-from 2026-01-01 --started-to 2026-02-01
		--assistant-version 2 --hour-of-week 0 --replied --first-reply-from 1 --first-reply-to 2 --cost-complete --topic t --passage p
		--tool t --model m --rating 1 --call reply --unpriced p/m --topic-id t --unanswered unknown --variable city=Bonn`)
	k, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse(flags); err != nil {
		t.Fatal(err)
	}
	o, err := c.options(&parley.Workspace{TimeZone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	f := reflect.ValueOf(o.Filter)
	for i := range f.NumField() {
		if f.Field(i).IsZero() {
			t.Errorf("no flag sets %s", f.Type().Field(i).Name)
		}
	}
}
