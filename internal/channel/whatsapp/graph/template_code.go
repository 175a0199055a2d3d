package graph

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// Templates of one-time codes: their words are Meta's, and what is filled in is
// the code alone ("Copy code authentication templates", 2026-06-24).
const (
	authentication = "AUTHENTICATION"
	// OneTimeCode is the kind of a button that takes the code of the text.
	OneTimeCode   = "one_time_code"
	maxCode       = 15
	maxCodeExpiry = 90
	sampleCode    = "123456"
)

// What Meta writes in English. The text of a language is read from Meta; these
// words stand in for it while Meta has not said it.
const (
	codeText    = "*{{1}}* is your verification code."
	codeAdvice  = " For your security, do not share this code."
	codeExpires = "This code expires in %s minutes."
)

// isCode reports whether the button is that of a one-time code. It is made as
// an OTP, and Meta keeps it as an address of its own.
func (b *templateButton) isCode() bool {
	if b.kind() == "OTP" {
		return true
	}
	u, err := url.Parse(aVariable.ReplaceAllString(b.URL, ""))
	return b.kind() == "URL" && err == nil && strings.HasSuffix("."+u.Hostname(), ".whatsapp.com") && strings.HasPrefix(u.Path, "/otp/")
}

func (c *component) advises() bool { return string(c.Security) == "true" }

// minutes is how long a code is valid, "" for not said.
func (c *component) minutes() string {
	if bytes.Equal(c.Expiry, []byte("null")) {
		return ""
	}
	return string(c.Expiry)
}

// inMetasWords writes what Meta writes itself and has not said yet.
func inMetasWords(t *parley.Template, parts []component) {
	if !strings.EqualFold(t.Category, authentication) {
		return
	}
	for i := range parts {
		switch c := &parts[i]; {
		case c.Text != "":
		case c.Type == "BODY":
			c.Text, c.Example.BodyText = codeText, [][]string{{sampleCode}}
			if c.advises() {
				c.Text += codeAdvice
			}
		case c.Type == "FOOTER" && c.minutes() != "":
			c.Text = fmt.Sprintf(codeExpires, c.minutes())
		}
	}
}

// code checks the template of a one-time code: a BODY, a FOOTER or none, and
// one button, all without words but the button's.
func (f *faults) code(t *parley.Template, parts []component) {
	if formatOf(t) == "named" {
		f.add("format", "The variable of a one-time code is counted: {{1}}.")
	}
	hasButtons := false
	for i := range parts {
		c, path := &parts[i], fmt.Sprintf("components.%d", i)
		switch c.Type {
		case "BODY":
			if c.Text != "" {
				f.add(path+".text", "The text of a one-time code is Meta's: leave it out.")
			}
			if !slices.Contains([]string{"", "null", "true", "false"}, string(c.Security)) {
				f.add(path+".add_security_recommendation", "It is true or false.")
			}
		case "FOOTER":
			if c.Text != "" {
				f.add(path+".text", "The footer of a one-time code is Meta's: say only after how many minutes it expires.")
			}
			if n, err := strconv.Atoi(c.minutes()); err != nil || n < 1 || n > maxCodeExpiry {
				f.add(path+".code_expiration_minutes", fmt.Sprintf("A code expires after 1 to %d minutes, or the footer is left out.", maxCodeExpiry))
			}
		case "BUTTONS":
			hasButtons = true
			f.codeButton(path, c.Buttons)
		default:
			f.add(path+".type", "A one-time code has a BODY, a FOOTER and BUTTONS, and nothing else.")
		}
	}
	if !hasButtons {
		f.add("components", "A one-time code has a button that copies it.")
	}
}

func (f *faults) codeButton(path string, buttons []templateButton) {
	if len(buttons) != 1 || buttons[0].kind() != "OTP" {
		f.add(path+".buttons", "A one-time code has one button, of the type OTP.")
		return
	}
	b, at := &buttons[0], path+".buttons.0"
	if !strings.EqualFold(b.OTPType, "COPY_CODE") {
		f.add(at+".otp_type", "The button copies the code: COPY_CODE. Those that fill it into an app are made in WhatsApp Manager.")
	}
	if Length(b.Text) > maxButtonText || strayBraces.MatchString(b.Text) || strings.ContainsAny(b.Text, "\r\n") {
		f.add(at+".text", fmt.Sprintf("The text of a button has one line of at most %d characters and no variables.", maxButtonText))
	}
}

// fillCode checks the code of a template that has a button for it.
func (f *faults) fillCode(buttons []Variable, body []parley.TemplateValue) {
	isCode := func(v Variable) bool { return v.Kind == OneTimeCode }
	if len(body) != 1 || !slices.ContainsFunc(buttons, isCode) {
		return
	}
	if code := body[0].Text; Length(code) > maxCode || strings.ContainsAny(code, " \t\r\n") || strings.Contains(code, "://") {
		f.add("body.0", fmt.Sprintf("A one-time code has at most %d characters, without spaces.", maxCode))
	}
}

// FillCodes gives the buttons of a one-time code the code of the text.
func FillCodes(needs *Variables, m *parley.TemplateMessage) {
	for _, v := range needs.Buttons {
		if v.Kind == OneTimeCode && len(m.Body) > 0 {
			m.Buttons = append(m.Buttons, parley.ButtonValue{Index: v.Button, Kind: v.Kind, Text: m.Body[0].Text})
		}
	}
}

// previewCode is the button as it will look.
func (b *templateButton) previewCode(code string) PreviewButton {
	return PreviewButton{Kind: "copy_code", Text: cmp.Or(b.Text, copyCodeText), Value: code}
}
