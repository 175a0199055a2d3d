package graph

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
)

func TestCheckHeaderFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind, mimeType string
		size           int64
		sample         bool
		wrong          bool
	}{
		"picture":             {"IMAGE", "image/jpeg", 5 << 20, false, false},
		"picture as a sample": {"IMAGE", "image/png", 1, true, false},
		"large picture":       {"image", "image/png", 5<<20 + 1, false, true},
		"another picture":     {"IMAGE", "image/webp", 1, false, true},
		"video":               {"VIDEO", "video/mp4; codecs=avc1", 16 << 20, false, false},
		"3GP":                 {"VIDEO", "video/3gpp", 1, false, false},
		"3GP as a sample":     {"VIDEO", "video/3gpp", 1, true, true},
		"document":            {"DOCUMENT", "text/plain", 1, false, false},
		"picture as document": {"DOCUMENT", "image/png", 1, false, false},
		"PDF as a sample":     {"DOCUMENT", "application/pdf", 1, true, false},
		"text as a sample":    {"DOCUMENT", "text/plain", 1, true, true},
		"where none is":       {"", "image/png", 1, false, true},
	} {
		var paths []string
		if c.wrong {
			paths = []string{"header_file"}
		}
		wantFields(t, name, CheckHeaderFile("header_file", c.kind, &parley.Attachment{MIMEType: c.mimeType, Size: c.size}, c.sample), paths...)
	}
}

// A template with a file in its header needs one of that kind, and one without
// takes none.
func TestHeaderFileIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header, given string
		wrong         bool
	}{
		"given":      {`{"type":"HEADER","format":"VIDEO"},`, "video", false},
		"missing":    {`{"type":"HEADER","format":"VIDEO"},`, "", true},
		"of another": {`{"type":"HEADER","format":"VIDEO"},`, "image", true},
		"too much":   {``, "image", true},
	} {
		tpl := &parley.Template{Components: json.RawMessage(`[` + c.header + `{"type":"BODY","text":"Hi."}]`)}
		_, err := RenderTemplate(tpl, &parley.TemplateMessage{HeaderMedia: c.given})
		var paths []string
		if c.wrong {
			paths = []string{"header_file"}
		}
		wantFields(t, name, err, paths...)
	}
}

func TestUploadSample(t *testing.T) {
	t.Parallel()
	const token, begin = "GET /v25.0/debug_token", "POST /v25.0/42/uploads?file_length=4&file_name=a.png&file_type=image%2Fpng"
	good := map[string]string{
		token: `{"data":{"app_id":"42"}}`, begin: `{"id":"upload:MTphdA==?sig=ARZ"}`, "POST /v25.0/upload:MTphdA==?sig=ARZ": `{"h":"4::aW1h"}`,
	}
	for name, c := range map[string]struct {
		at, answer string // what is answered otherwise
		code       parley.Code
	}{
		"taken":      {"", "", ""},
		"no app":     {token, `{"data":{}}`, parley.CodeInvalid},
		"no session": {begin, `{}`, parley.CodeUnavailable},
		"refused":    {begin, `400 {"error":{"message":"x","code":100,"error_data":{"details":"the type"}}}`, parley.CodeInvalid},
		"no handle":  {"POST /v25.0/upload:MTphdA==?sig=ARZ", `{}`, parley.CodeUnavailable},
	} {
		answers := map[string]string{}
		for k, v := range good {
			answers[k] = v
		}
		if c.at != "" {
			answers[c.at] = c.answer
		}
		m := newMeta(t, answers)
		a := &parley.Attachment{Name: "a.png", MIMEType: "image/png", Size: 4}
		handle, err := newClient(t, nil).UploadSample(t.Context(), m.sender(), a, strings.NewReader("\x89PNG and more"))
		if code := parley.ErrorCode(err); (err != nil || c.code != "") && code != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (handle != "4::aW1h" || m.bodies[2] != "\x89PNG") {
			t.Errorf("%s: %q, sent %q", name, handle, m.bodies)
		}
	}
}

func TestWithSample(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ components, want string }{
		"a picture":  {`[{"type":"BODY","text":"Hi"},{"type":"header","format":"image"}]`, `[{"text":"Hi","type":"BODY"},{"example":{"header_handle":["4::h"]},"format":"image","type":"header"}]`},
		"another":    {`[{"type":"HEADER","format":"VIDEO","example":{"header_handle":["old"]}}]`, `[{"example":{"header_handle":["4::h"]},"format":"VIDEO","type":"HEADER"}]`},
		"a text":     {`[{"type":"HEADER","format":"TEXT","text":"Hi"}]`, ""},
		"no header":  {`[{"type":"BODY","text":"Hi"}]`, ""},
		"not a list": {`{}`, ""},
		"odd parts":  {`[7]`, ""},
	} {
		got, err := WithSample(json.RawMessage(c.components), "4::h")
		if string(got) != c.want || (err == nil) == (c.want == "") {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}
