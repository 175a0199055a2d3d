package graph

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"parley"
)

// Of a one-time code only what Meta leaves open may be said.
func TestCheckCode(t *testing.T) {
	t.Parallel()
	const body, button = `{"type":"BODY","add_security_recommendation":true}`, `{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}`
	footer := func(minutes string) string { return `,{"type":"FOOTER","code_expiration_minutes":` + minutes + `},` }
	buttons := func(all string) string { return body + `,{"type":"BUTTONS","buttons":[` + all + `]}` }
	for name, c := range map[string]struct {
		parts string
		paths []string
	}{
		"the least":          {`{"type":"BODY"},` + button, nil},
		"in small letters":   {`{"type":"body"},{"type":"buttons","buttons":[{"type":"otp","otp_type":"copy_code"}]}`, nil},
		"all of it":          {body + footer("90") + button, nil},
		"a minute":           {body + footer("1") + button, nil},
		"no time":            {body + footer("0") + button, []string{"components.1.code_expiration_minutes"}},
		"too long":           {body + footer("91") + button, []string{"components.1.code_expiration_minutes"}},
		"half a minute":      {body + footer("1.5") + button, []string{"components.1.code_expiration_minutes"}},
		"minutes as words":   {body + footer(`"ten"`) + button, []string{"components.1.code_expiration_minutes"}},
		"an empty footer":    {body + `,{"type":"FOOTER"},` + button, []string{"components.1.code_expiration_minutes"}},
		"a footer of ours":   {body + `,{"type":"FOOTER","text":"Bye","code_expiration_minutes":5},` + button, []string{"components.1.text"}},
		"a text of ours":     {`{"type":"BODY","text":"Your code is {{1}}."},` + button, []string{"components.0.text"}},
		"advice as a word":   {`{"type":"BODY","add_security_recommendation":"yes"},` + button, []string{"components.0.add_security_recommendation"}},
		"a header":           {`{"type":"HEADER","format":"TEXT","text":"Hi"},` + body + `,` + button, []string{"components.0.type"}},
		"no body":            {button, []string{"components"}},
		"no button":          {body, []string{"components"}},
		"none in the row":    {buttons(``), []string{"components.1.buttons"}},
		"two buttons":        {buttons(`{"type":"OTP","otp_type":"COPY_CODE"},{"type":"OTP","otp_type":"COPY_CODE"}`), []string{"components.1.buttons"}},
		"another button":     {buttons(`{"type":"QUICK_REPLY","text":"Yes"}`), []string{"components.1.buttons"}},
		"a named button":     {buttons(`{"type":"OTP","otp_type":"COPY_CODE","text":"` + strings.Repeat("ä", 25) + `"}`), nil},
		"too long a name":    {buttons(`{"type":"OTP","otp_type":"COPY_CODE","text":"` + strings.Repeat("ä", 26) + `"}`), []string{"components.1.buttons.0.text"}},
		"a variable on it":   {buttons(`{"type":"OTP","otp_type":"COPY_CODE","text":"Copy {{1}}"}`), []string{"components.1.buttons.0.text"}},
		"filled into an app": {buttons(`{"type":"OTP","otp_type":"ONE_TAP"}`), []string{"components.1.buttons.0.otp_type"}},
	} {
		tpl := &parley.Template{Name: "code", Language: "en_US", Category: "AUTHENTICATION", Components: json.RawMessage(`[` + c.parts + `]`)}
		wantFields(t, name, CheckTemplate(tpl), c.paths...)
	}
	named := &parley.Template{Name: "code", Language: "en_US", Category: "AUTHENTICATION", Format: "named", Components: json.RawMessage(`[` + body + `,` + button + `]`)}
	wantFields(t, "named", CheckTemplate(named), "format")
	other := goodTemplate()
	other.Components = json.RawMessage(`[{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE","text":"Copy"}]}]`)
	wantFields(t, "in another category", CheckTemplate(other), "components.1.buttons.0.type")
}

// The code is given once and goes into the text and its button, whether Meta
// has written its words already or not.
func TestRenderCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ components, text, label string }{
		"as it was made": {
			`[{"type":"BODY","add_security_recommendation":true},{"type":"FOOTER","code_expiration_minutes":5},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}]`,
			"*4711* is your verification code. For your security, do not share this code.\nThis code expires in 5 minutes.\n[Copy code]", "Copy code",
		},
		"as Meta has it": {
			`[{"type":"BODY","text":"*{{1}}* ist dein Verifizierungscode.","example":{"body_text":[["123456"]]}},{"type":"FOOTER","text":"Dieser Code läuft in 5 Minuten ab.","code_expiration_minutes":5},
				{"type":"BUTTONS","buttons":[{"type":"URL","text":"Code kopieren","url":"https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code_expiration_minutes=5&code=otp{{1}}","example":["https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456"]}]}]`,
			"*4711* ist dein Verifizierungscode.\nDieser Code läuft in 5 Minuten ab.\n[Code kopieren]", "Code kopieren",
		},
	} {
		tpl := &parley.Template{Category: "AUTHENTICATION", Components: json.RawMessage(c.components)}
		needs := TemplateVariables(tpl)
		if len(needs.Body) != 1 || needs.Body[0] != (Variable{Name: "1", Sample: "123456"}) || len(needs.Buttons) != 1 || needs.Buttons[0].Kind != OneTimeCode {
			t.Fatalf("%s: it needs %+v", name, needs)
		}
		filled := func(code string) *parley.TemplateMessage {
			m := &parley.TemplateMessage{Body: []parley.TemplateValue{{Text: code}}}
			FillCodes(&needs, m)
			return m
		}
		p, err := RenderTemplate(tpl, filled("4711"))
		if err != nil || p.Text() != c.text || !reflect.DeepEqual(p.Actions, []PreviewButton{{"copy_code", c.label, "4711"}}) {
			t.Errorf("%s: %q, %+v, %v", name, p.Text(), p.Actions, err)
		}
		for code, paths := range map[string][]string{
			"123456789012345": nil, "1234567890123456": {"body.0"}, "47 11": {"body.0"}, "https://x.e": {"body.0"}, "": {"body.0"},
		} {
			_, err := RenderTemplate(tpl, filled(code))
			wantFields(t, name+": "+code, err, paths...)
		}
	}
	// An address of somebody else is filled as one.
	tpl := &parley.Template{Category: "AUTHENTICATION", Components: json.RawMessage(`[{"type":"BODY","text":"Hi {{1}}."},{"type":"BUTTONS","buttons":[
		{"type":"URL","text":"Go","url":"https://notwhatsapp.com/otp/code/?c={{1}}"}]}]`)}
	if needs := TemplateVariables(tpl); needs.Buttons[0].Kind != "url" {
		t.Errorf("it needs %+v", needs)
	}
}
