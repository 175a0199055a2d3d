package graph

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"parley"
)

func TestCheckButtons(t *testing.T) {
	t.Parallel()
	const quick, call = `{"type":"QUICK_REPLY","text":"Yes"}`, `{"type":"PHONE_NUMBER","text":"Call","phone_number":"+1 650 555 1234"}`
	for name, c := range map[string]struct {
		buttons string
		paths   []string // below components.1.buttons
	}{
		"one of each":        {`{"type":"URL","text":"Go","url":"https://x.example/a?b={{1}}","example":["7"]},` + call + `,{"type":"COPY_CODE","example":"SAVE10"},` + quick, nil},
		"code as a list":     {`{"type":"COPY_CODE","example":["SAVE10"]}`, nil},
		"whole address":      {`{"type":"URL","text":"Go","url":"https://x.example/"}`, nil},
		"no address":         {`{"type":"URL","text":"Go"}`, []string{".0.url"}},
		"space in it":        {`{"type":"URL","text":"Go","url":"https://x.example/a b"}`, []string{".0.url"}},
		"script":             {`{"type":"URL","text":"Go","url":"javascript:alert(1)"}`, []string{".0.url"}},
		"named in it":        {`{"type":"URL","text":"Go","url":"https://x.example/{{id}}","example":["7"]}`, []string{".0.url"}},
		"variable host":      {`{"type":"URL","text":"Go","url":"https://{{1}}","example":["7"]}`, []string{".0.url"}},
		"two variables":      {`{"type":"URL","text":"Go","url":"https://x.example/{{1}}{{2}}","example":["7"]}`, []string{".0.url"}},
		"long address":       {`{"type":"URL","text":"Go","url":"https://x.example/` + strings.Repeat("x", 2000) + `"}`, []string{".0.url"}},
		"no sample":          {`{"type":"URL","text":"Go","url":"https://x.example/{{1}}","example":[" "]}`, []string{".0.example"}},
		"three addresses":    {`{"type":"URL","text":"A","url":"https://x.example/"},{"type":"URL","text":"B","url":"https://x.example/"},{"type":"URL","text":"C","url":"https://x.example/"}`, []string{""}},
		"two phones":         {call + `,{"type":"PHONE_NUMBER","text":"Ring","phone_number":"+16505551235"}`, []string{""}},
		"long phone":         {`{"type":"PHONE_NUMBER","text":"Call","phone_number":"+1 650 555 1234 123 12"}`, []string{".0.phone_number"}},
		"no phone":           {`{"type":"PHONE_NUMBER","text":"Call"}`, []string{".0.phone_number"}},
		"no code":            {`{"type":"COPY_CODE"}`, []string{".0.example"}},
		"long code":          {`{"type":"COPY_CODE","example":"1234567890123456"}`, []string{".0.example"}},
		"spaced code":        {`{"type":"COPY_CODE","example":"SAVE 10"}`, []string{".0.example"}},
		"two codes":          {`{"type":"COPY_CODE","example":"A"},{"type":"COPY_CODE","example":"B"}`, []string{""}},
		"variable on it":     {`{"type":"QUICK_REPLY","text":"Yes {{1}}"}`, []string{".0.text"}},
		"replies apart":      {quick + `,` + call + `,{"type":"QUICK_REPLY","text":"No"}`, []string{""}},
		"replies at the end": {call + `,` + quick + `,{"type":"QUICK_REPLY","text":"No"}`, nil},
	} {
		tpl := goodTemplate()
		tpl.Components = json.RawMessage(`[{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[` + c.buttons + `]}]`)
		var paths []string
		for _, p := range c.paths {
			paths = append(paths, "components.1.buttons"+p)
		}
		wantFields(t, name, CheckTemplate(tpl), paths...)
	}
}

// An address and a code are filled; what does not fit is said at the button.
func TestFillButtons(t *testing.T) {
	t.Parallel()
	tpl := &parley.Template{Format: "named", Components: json.RawMessage(`[{"type":"BODY","text":"Hello {{who}}, thanks."},{"type":"BUTTONS","buttons":[
		{"type":"QUICK_REPLY","text":"Yes"},{"type":"URL","text":"Go","url":"https://x.example/{{1}}","example":["7"]},
		{"type":"PHONE_NUMBER","text":"Call","phone_number":"+16505551234"},{"type":"COPY_CODE","example":"SAVE10"}]}]`)}
	want := []Variable{
		{Name: "1", Sample: "7", Button: 1, Kind: "url", Label: "Go"},
		{Name: "1", Sample: "SAVE10", Button: 3, Kind: "copy_code", Label: "Copy code"},
	}
	if got := TemplateVariables(tpl).Buttons; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	address := func(s string) parley.ButtonValue { return parley.ButtonValue{Index: 1, Kind: "url", Text: s} }
	code := func(s string) parley.ButtonValue { return parley.ButtonValue{Index: 3, Kind: "copy_code", Text: s} }
	for name, c := range map[string]struct {
		values []parley.ButtonValue
		paths  []string
	}{
		"both":         {[]parley.ButtonValue{address("a-8"), code("SAVE20")}, nil},
		"none":         {nil, []string{"buttons.1", "buttons.3"}},
		"other kinds":  {[]parley.ButtonValue{{Index: 1, Kind: "copy_code", Text: "x"}, code("SAVE20")}, []string{"buttons.1"}},
		"with spaces":  {[]parley.ButtonValue{address("a 8"), code("SAVE 20")}, []string{"buttons.1", "buttons.3"}},
		"too long":     {[]parley.ButtonValue{address(strings.Repeat("x", 2001)), code("1234567890123456")}, []string{"buttons.1", "buttons.3"}},
		"just as long": {[]parley.ButtonValue{address(strings.Repeat("x", 2000)), code("123456789012345")}, nil},
	} {
		_, err := RenderTemplate(tpl, &parley.TemplateMessage{Body: []parley.TemplateValue{{Name: "who", Text: "Ada"}}, Buttons: c.values})
		wantFields(t, name, err, c.paths...)
	}
	p, err := RenderTemplate(tpl, &parley.TemplateMessage{
		Body: []parley.TemplateValue{{Name: "who", Text: "Ada"}}, Buttons: []parley.ButtonValue{address("a/8"), code("SAVE20")},
	})
	actions := []PreviewButton{
		{"quick_reply", "Yes", ""}, {"url", "Go", "https://x.example/a%2F8"}, {"phone_number", "Call", "+16505551234"}, {"copy_code", "Copy code", "SAVE20"},
	}
	if err != nil || !reflect.DeepEqual(p.Actions, actions) || p.Text() != "Hello Ada, thanks.\n[Yes]\n[Go]\n[Call]\n[Copy code]" {
		t.Errorf("%+v, %v", p, err)
	}
}
