package graph

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"parley"
)

// Meta's bounds of a template's buttons ("Template components").
const (
	maxButtonText     = 25
	maxButtonURL      = 2000
	maxButtonPhone    = 20
	maxButtonCode     = 15
	maxTemplateButton = 10
)

// mostOf is how many buttons of a kind a template has.
var mostOf = map[string]int{"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1}

// copyCodeText is what Meta writes on a button that copies a code.
const copyCodeText = "Copy code"

type templateButton struct {
	Type    string      `json:"type"`
	OTPType string      `json:"otp_type"`
	Text    string      `json:"text"`
	URL     string      `json:"url"`
	Phone   string      `json:"phone_number"`
	Example stringOrAll `json:"example"`
}

func (b *templateButton) kind() string { return strings.ToUpper(b.Type) }

// sample is the first example.
func (b *templateButton) sample() string {
	if len(b.Example) == 0 {
		return ""
	}
	return strings.TrimSpace(b.Example[0])
}

// stringOrAll reads the example of a button, which is a list for addresses and a
// text for codes.
type stringOrAll []string

// UnmarshalJSON implements json.Unmarshaler.
func (s *stringOrAll) UnmarshalJSON(raw []byte) error {
	if one := AsText(raw); one != "" {
		*s = stringOrAll{one}
		return nil
	}
	for _, item := range AsList(raw) {
		*s = append(*s, AsText(item))
	}
	return nil
}

// buttonVariables lists the buttons that need a value: an address with a
// variable, and a code.
func buttonVariables(buttons []templateButton) []Variable {
	var out []Variable
	for i := range buttons {
		b := &buttons[i]
		names := variablesIn(b.URL)
		switch {
		case b.isCode():
			out = append(out, Variable{Name: "1", Sample: sampleCode, Button: i, Kind: OneTimeCode, Label: cmp.Or(b.Text, copyCodeText)})
		case b.kind() == "COPY_CODE":
			out = append(out, Variable{Name: "1", Sample: b.sample(), Button: i, Kind: "copy_code", Label: cmp.Or(b.Text, copyCodeText)})
		case len(names) > 0:
			out = append(out, Variable{Name: names[0], Sample: b.sample(), Button: i, Kind: "url", Label: b.Text})
		}
	}
	return out
}

// fillButtons checks the values of the buttons that need one.
func (f *faults) fillButtons(needs []Variable, given []parley.ButtonValue) {
	for _, v := range needs {
		text, path := buttonValue(given, v.Button, v.Kind), fmt.Sprintf("buttons.%d", v.Button)
		switch {
		case v.Kind == OneTimeCode: // it is what the text has, and said there
		case text == "":
			f.add(path, "The button “"+v.Label+"” needs a value.")
		case strings.ContainsAny(text, " \n\r\t"):
			f.add(path, "The value of a button has no spaces.")
		case v.Kind == "copy_code" && Length(text) > maxButtonCode:
			f.add(path, fmt.Sprintf("A code has at most %d characters.", maxButtonCode))
		case Length(text) > maxButtonURL:
			f.add(path, fmt.Sprintf("A value has at most %d characters here.", maxButtonURL))
		}
	}
}

// buttonValue returns what was given for a button, "" for nothing.
func buttonValue(given []parley.ButtonValue, index int, kind string) string {
	i := slices.IndexFunc(given, func(b parley.ButtonValue) bool { return b.Index == index && b.Kind == kind })
	if i < 0 {
		return ""
	}
	return strings.TrimSpace(given[i].Text)
}

// PreviewButton is a button and what it does.
type PreviewButton struct {
	Kind  string `json:"kind"` // Meta's word in small letters, such as url
	Text  string `json:"text"`
	Value string `json:"value,omitempty"` // the address, the number or the code
}

func previewButtons(buttons []templateButton, given []parley.ButtonValue) []PreviewButton {
	var out []PreviewButton
	for i := range buttons {
		b := &buttons[i]
		p := PreviewButton{Kind: strings.ToLower(b.Type), Text: b.Text, Value: b.Phone}
		switch kind := b.kind(); {
		case b.isCode():
			p = b.previewCode(buttonValue(given, i, OneTimeCode))
		case kind == "URL":
			p.Value = aVariable.ReplaceAllLiteralString(b.URL, url.PathEscape(buttonValue(given, i, "url")))
		case kind == "COPY_CODE":
			p.Text, p.Value = cmp.Or(b.Text, copyCodeText), buttonValue(given, i, "copy_code")
		}
		out = append(out, p)
	}
	return out
}

// buttons checks the buttons of a template.
func (f *faults) buttons(path string, buttons []templateButton) {
	if len(buttons) == 0 || len(buttons) > maxTemplateButton {
		f.add(path+".buttons", fmt.Sprintf("There are 1 to %d buttons.", maxTemplateButton))
	}
	counts, texts := map[string]int{}, []string{}
	for i := range buttons {
		b, at := &buttons[i], fmt.Sprintf("%s.buttons.%d", path, i)
		counts[b.kind()]++
		f.button(at, b)
		if b.kind() == "COPY_CODE" {
			continue // its text is Meta's
		}
		switch text := strings.TrimSpace(b.Text); {
		case text == "" || Length(text) > maxButtonText:
			f.add(at+".text", fmt.Sprintf("The text of a button has 1 to %d characters.", maxButtonText))
		case strayBraces.MatchString(text) || strings.ContainsAny(text, "\r\n"):
			f.add(at+".text", "The text of a button has one line and no variables.")
		case slices.Contains(texts, text):
			f.add(at+".text", "Two buttons have the same text.")
		default:
			texts = append(texts, text)
		}
	}
	for kind, most := range mostOf {
		if counts[kind] > most {
			f.add(path+".buttons", "There are at most two addresses, one phone number and one code.")
			break
		}
	}
	if !together(buttons) {
		f.add(path+".buttons", "Quick replies stand together, before or after the other buttons.")
	}
}

// button checks what a button does.
func (f *faults) button(at string, b *templateButton) {
	switch b.kind() {
	case "URL":
		f.buttonURL(at, b)
	case "PHONE_NUMBER":
		if Phone(b.Phone) == "" || Length(strings.TrimSpace(b.Phone)) > maxButtonPhone {
			f.add(at+".phone_number", fmt.Sprintf("The number is written with its country, as in +16505551234, and has at most %d characters.", maxButtonPhone))
		}
	case "COPY_CODE":
		if code := b.sample(); code == "" || Length(code) > maxButtonCode || strings.ContainsAny(code, " \t\r\n{}") {
			f.add(at+".example", fmt.Sprintf("A code needs a sample of 1 to %d characters, without spaces.", maxButtonCode))
		}
	case "OTP":
		f.add(at+".type", "A button with a one-time code belongs to the category AUTHENTICATION.")
	case "QUICK_REPLY", "FLOW", "CATALOG", "MPM", "SPM", "VOICE_CALL":
	default:
		f.add(at+".type", "A button is a QUICK_REPLY, URL, PHONE_NUMBER or COPY_CODE.")
	}
}

// together reports whether the quick replies are in one row: Meta refuses those
// with another button between them.
func together(buttons []templateButton) bool {
	changes := 0
	for i := 1; i < len(buttons); i++ {
		if (buttons[i].kind() == "QUICK_REPLY") != (buttons[i-1].kind() == "QUICK_REPLY") {
			changes++
		}
	}
	return changes < 2
}

// buttonURL checks an address, which may have one variable at its end. It is
// {{1}} also where the other variables are named.
func (f *faults) buttonURL(at string, b *templateButton) {
	names := variablesIn(b.URL)
	u, err := url.Parse(aVariable.ReplaceAllString(b.URL, ""))
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(b.URL) > maxButtonURL ||
		strings.ContainsAny(aVariable.ReplaceAllString(b.URL, ""), " {}"):
		f.add(at+".url", "The address begins with https://, has no spaces and at most 2,000 characters.")
	case len(names) > 1 || len(names) == 1 && (names[0] != "1" || !strings.HasSuffix(b.URL, "}}")):
		f.add(at+".url", "An address has at most one variable, {{1}}, at its end.")
	case len(names) == 1 && b.sample() == "":
		f.add(at+".example", "The address needs a sample of its variable.")
	}
}
