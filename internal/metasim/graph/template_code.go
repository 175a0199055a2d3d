package graph

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/metasim/screen"
)

// Meta writes the templates of one-time codes itself.
const (
	authentication = "AUTHENTICATION"
	maxCode        = 15
	maxExpiry      = 90
	codeAddress    = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE"
)

// codeWords are Meta's in one language.
type codeWords struct{ text, advice, expires, button string }

// wordsOf returns them; the simulator knows those of the languages that its own
// templates have.
func wordsOf(language string) codeWords {
	if language, _, _ := strings.Cut(language, "_"); language == "de" {
		return codeWords{
			"*{{1}}* ist dein Verifizierungscode.", " Teile diesen Code zu deiner Sicherheit nicht mit anderen.",
			"Dieser Code läuft in %d Minuten ab.", "Code kopieren",
		}
	}
	return codeWords{
		"*{{1}}* is your verification code.", " For your security, do not share this code.",
		"This code expires in %d minutes.", "Copy code",
	}
}

// writeCode checks the parts of a one-time code and writes the words of each.
// The button that was asked for as OTP becomes an address that ends in the code.
func writeCode(language, format string, parts []component) ([]component, *Error) {
	words, has, address := wordsOf(language), map[string]int{}, codeAddress
	for _, p := range parts {
		kind := strings.ToUpper(p.Type)
		has[kind]++
		switch {
		case !slices.Contains([]string{"BODY", "FOOTER", "BUTTONS"}, kind):
			return nil, NewError(100, "An authentication template has no %s.", kind)
		case p.Text != "" && !strings.HasPrefix(p.Text, words.text) && kind == "BODY", p.Text != "" && p.Expiry == 0 && kind == "FOOTER":
			return nil, Subcode(2388042, "Text not allowed", "The text of the %s of an authentication template can't be set.", kind)
		case kind == "FOOTER" && (p.Expiry < 1 || p.Expiry > maxExpiry):
			return nil, NewError(100, "code_expiration_minutes must be between 1 and %d.", maxExpiry)
		case kind == "FOOTER":
			address += fmt.Sprintf("&code_expiration_minutes=%d", p.Expiry)
		}
	}
	if has["BODY"] != 1 || has["FOOTER"] > 1 || has["BUTTONS"] != 1 || format == formatNamed {
		return nil, NewError(100, "An authentication template has one BODY with a counted variable, at most one FOOTER, and BUTTONS.")
	}
	out := slices.Clone(parts)
	for i := range out {
		p := &out[i]
		switch p.Type = strings.ToUpper(p.Type); p.Type {
		case "BODY":
			p.Text, p.Example = words.text, &example{BodyText: [][]string{{"123456"}}}
			if p.Security {
				p.Text += words.advice
			}
		case "FOOTER":
			p.Text = fmt.Sprintf(words.expires, p.Expiry)
		case "BUTTONS":
			b, err := codeButton(p.Buttons, words, address+"&code=otp")
			if err != nil {
				return nil, err
			}
			p.Buttons = []templateButton{b}
		}
	}
	return out, nil
}

func codeButton(buttons []templateButton, words codeWords, address string) (templateButton, *Error) {
	if len(buttons) != 1 {
		return templateButton{}, NewError(100, "An authentication template has one button.")
	}
	b := buttons[0]
	switch {
	case b.isCode() && b.OTPType == "": // as it is read back
	case !strings.EqualFold(b.Type, "OTP"):
		return b, NewError(100, "The button of an authentication template is of the type OTP.")
	case !strings.EqualFold(b.OTPType, "COPY_CODE"):
		return b, NewError(100, "The simulator knows the otp_type COPY_CODE only, not %q.", b.OTPType)
	}
	sample, err := json.Marshal([]string{address + "123456"})
	if err != nil {
		return b, NewError(100, "%v", err)
	}
	return templateButton{Type: "URL", Text: cmp.Or(b.Text, words.button), URL: address + "{{1}}", Example: sample}, nil
}

// isCode reports whether the button copies a one-time code.
func (b *templateButton) isCode() bool { return strings.HasPrefix(b.URL, codeAddress) }

// fillCode takes the code of a button, as the text parameter of an address.
func fillCode(where string, b *templateButton, values []parameter) (screen.Button, *Error) {
	shown := screen.Button{ID: "button-0", Title: b.Text, Kind: "copy_code"}
	if _, err := fill(where, b.URL, "", values); err != nil {
		return shown, err
	}
	shown.Value = values[0].text()
	if utf8.RuneCountInString(shown.Value) > maxCode {
		return shown, NewError(131009, "%s: a code has at most %d characters", where, maxCode)
	}
	return shown, nil
}
