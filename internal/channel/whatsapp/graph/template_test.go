package graph

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
)

func goodTemplate() *parley.Template {
	return &parley.Template{
		Name: "hello", Language: "en_US", Category: "UTILITY", Format: "positional",
		Components: json.RawMessage(`[
			{"type":"HEADER","format":"TEXT","text":"Order {{1}} now","example":{"header_text":["A-17"]}},
			{"type":"BODY","text":"Hello {{1}}, your order {{2}} is on its way and will be there on {{3}}.",
				"example":{"body_text":[["Ada","A-17","Monday"]]}},
			{"type":"BUTTONS","buttons":[{"type":"URL","text":"Track","url":"https://shop.example/t/{{1}}","example":["A-17"]},
				{"type":"QUICK_REPLY","text":"Stop"}]}]`),
	}
}

func TestCheckTemplate(t *testing.T) {
	t.Parallel()
	body := func(text, example string) string {
		return `[{"type":"BODY","text":` + string(must(json.Marshal(text))) + `,"example":` + example + `}]`
	}
	for name, c := range map[string]struct {
		change func(*parley.Template)
		paths  []string
	}{
		"good":         {func(*parley.Template) {}, nil},
		"name":         {func(t *parley.Template) { t.Name = "Hello World" }, []string{"name"}},
		"long name":    {func(t *parley.Template) { t.Name = strings.Repeat("a", 513) }, []string{"name"}},
		"longest name": {func(t *parley.Template) { t.Name = strings.Repeat("a", 512) }, nil},
		"language":     {func(t *parley.Template) { t.Language = "English" }, []string{"language"}},
		"category":     {func(t *parley.Template) { t.Category = "SPAM" }, []string{"category"}},
		"format":       {func(t *parley.Template) { t.Format = "numbered" }, []string{"format"}},
		"no list":      {func(t *parley.Template) { t.Components = json.RawMessage(`{}`) }, []string{"components"}},
		"no body":      {func(t *parley.Template) { t.Components = json.RawMessage(`[]`) }, []string{"components"}},
		"plain":        {func(t *parley.Template) { t.Components = json.RawMessage(body("Hello there.", `{}`)) }, nil},
		"empty":        {func(t *parley.Template) { t.Components = json.RawMessage(body(" ", `{}`)) }, []string{"components.0.text"}},
		"long":         {func(t *parley.Template) { t.Components = json.RawMessage(body(strings.Repeat("ä", 1025), `{}`)) }, []string{"components.0.text"}},
		"longest":      {func(t *parley.Template) { t.Components = json.RawMessage(body(strings.Repeat("ä", 1024), `{}`)) }, nil},
		"variable first": {func(t *parley.Template) {
			t.Components = json.RawMessage(body("{{1}} is here for you.", `{"body_text":[["x"]]}`))
		}, []string{"components.0.text"}},
		"variable last": {func(t *parley.Template) {
			t.Components = json.RawMessage(body("Here for you is {{1}}", `{"body_text":[["x"]]}`))
		}, []string{"components.0.text"}},
		"then a full stop": {func(t *parley.Template) {
			t.Components = json.RawMessage(body("Here for you is {{1}}.", `{"body_text":[["x"]]}`))
		}, nil},
		"no sample": {func(t *parley.Template) { t.Components = json.RawMessage(body("Here for you is {{1}} now.", `{}`)) }, []string{"components.0.example"}},
		"a gap": {func(t *parley.Template) {
			t.Components = json.RawMessage(body("Here for you is {{1}} and also the {{3}} now.", `{"body_text":[["x","y","z"]]}`))
		}, []string{"components.0.text"}},
		"side by side": {func(t *parley.Template) {
			t.Components = json.RawMessage(body("Here for you is the very best {{1}} {{2}} now.", `{"body_text":[["x","y"]]}`))
		}, []string{"components.0.text"}},
		"too many": {func(t *parley.Template) {
			t.Components = json.RawMessage(body("Take {{1}}, {{2}}.", `{"body_text":[["x","y"]]}`))
		}, []string{"components.0.text"}},
		"stray braces": {func(t *parley.Template) { t.Components = json.RawMessage(body("Here {{ you are.", `{}`)) }, []string{"components.0.text"}},
		"named": {func(t *parley.Template) {
			t.Format = "named"
			t.Components = json.RawMessage(body("Hello dear {{first_name}}, how are you?", `{"body_text_named_params":[{"param_name":"first_name","example":"Ada"}]}`))
		}, nil},
		"badly named": {func(t *parley.Template) {
			t.Format = "named"
			t.Components = json.RawMessage(body("Hello dear {{First}}, how are you?", `{"body_text_named_params":[{"param_name":"First","example":"Ada"}]}`))
		}, []string{"components.0.text"}},
		"parts": {func(t *parley.Template) {
			t.Components = json.RawMessage(`[{"type":"HEADER","format":"IMAGE"},{"type":"HEADER","format":"TEXT","text":"` + strings.Repeat("x", 61) + `"},
				{"type":"BODY","text":"Hi"},{"type":"FOOTER","text":"See {{1}}"},{"type":"POEM"}]`)
		}, []string{"components.1.type", "components.0.example", "components.1.text", "components.3.text", "components.4.type"}},
		"header": {func(t *parley.Template) {
			t.Components = json.RawMessage(`[{"type":"HEADER","format":"TEXT","text":"*Hi* {{1}} and {{2}} too","example":{"header_text":["a","b"]}},{"type":"BODY","text":"Hi"},
				{"type":"FOOTER","text":"` + strings.Repeat("x", 61) + `"}]`)
		}, []string{"components.0.text", "components.0.text", "components.2.text"}},
		"buttons": {func(t *parley.Template) {
			t.Components = json.RawMessage(`[{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[
				{"type":"URL","text":"a","url":"shop"},{"type":"URL","text":"a","url":"https://x.example/{{1}}/y"},{"type":"URL","text":"` + strings.Repeat("x", 26) + `","url":"https://x.example/{{1}}"},
				{"type":"PHONE_NUMBER","text":"Call","phone_number":"call me"},{"type":"COPY_CODE","example":"ABC"},{"type":"LEVER","text":"z"}]}]`)
		}, []string{
			"components.1.buttons.0.url", "components.1.buttons.1.url", "components.1.buttons.1.text", "components.1.buttons.2.example",
			"components.1.buttons.2.text", "components.1.buttons.3.phone_number", "components.1.buttons.5.type", "components.1.buttons",
		}},
	} {
		tpl := goodTemplate()
		c.change(tpl)
		wantFields(t, name, CheckTemplate(tpl), c.paths...)
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestRenderTemplate(t *testing.T) {
	t.Parallel()
	tpl := goodTemplate()
	v := TemplateVariables(tpl)
	if len(v.Header) != 1 || len(v.Body) != 3 || len(v.Buttons) != 1 || v.Body[1] != (Variable{Name: "2", Sample: "A-17"}) ||
		v.Buttons[0] != (Variable{Name: "1", Sample: "A-17", Button: 0, Kind: "url", Label: "Track"}) || v.HeaderMedia != "" {
		t.Errorf("got %+v", v)
	}
	values := func(of ...string) (out []parley.TemplateValue) {
		for _, s := range of {
			out = append(out, parley.TemplateValue{Text: s})
		}
		return out
	}
	m := &parley.TemplateMessage{Header: values("A-18"), Body: values("Grace {{2}}", "A-18", "Friday"),
		Buttons: []parley.ButtonValue{{Index: 0, Kind: "url", Text: "A-18"}}}
	p, err := RenderTemplate(tpl, m)
	if err != nil {
		t.Fatal(err)
	}
	const want = "Order A-18 now\nHello Grace {{2}}, your order A-18 is on its way and will be there on Friday.\n[Track]\n[Stop]"
	if p.Text() != want {
		t.Errorf("got %q", p.Text())
	}
	for name, c := range map[string]struct {
		m     parley.TemplateMessage
		paths []string
	}{
		"nothing":    {parley.TemplateMessage{}, []string{"header", "body", "buttons.0"}},
		"empty":      {parley.TemplateMessage{Header: values(" "), Body: values("a", "b\nc", "d     e"), Buttons: m.Buttons}, []string{"header.0", "body.1", "body.2"}},
		"too long":   {parley.TemplateMessage{Header: values(strings.Repeat("x", 61)), Body: values("a", "b", "c"), Buttons: m.Buttons}, []string{"header.0"}},
		"wrong name": {parley.TemplateMessage{Header: []parley.TemplateValue{{Name: "order", Text: "x"}}, Body: values("a", "b", "c"), Buttons: m.Buttons}, []string{"header.0"}},
	} {
		_, err := RenderTemplate(tpl, &c.m)
		wantFields(t, name, err, c.paths...)
	}
	media := &parley.Template{Components: json.RawMessage(`[{"type":"header","format":"image"},{"type":"body","text":"Hi {{who}}."},{"type":"footer","text":"Bye"}]`)}
	if v := TemplateVariables(media); v.HeaderMedia != "IMAGE" || len(v.Body) != 1 || v.Body[0].Name != "who" {
		t.Errorf("got %+v", v)
	}
	p, err = RenderTemplate(media, &parley.TemplateMessage{HeaderMedia: "image", Body: []parley.TemplateValue{{Name: "who", Text: "Ada"}}})
	if err != nil || p.Text() != "[Image]\nHi Ada.\nBye" {
		t.Errorf("%q, %v", p.Text(), err)
	}
	if _, err := RenderTemplate(&parley.Template{Components: json.RawMessage("x")}, m); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("what cannot be read: %v", err)
	}
}

func TestPriceCategory(t *testing.T) {
	t.Parallel()
	for category, want := range map[string]string{"MARKETING": "marketing", "utility": "utility", "AUTHENTICATION": "authentication", "OTP": "", "": ""} {
		if got := PriceCategory(&parley.Template{Category: category}); got != want {
			t.Errorf("%s: %q", category, got)
		}
	}
}
