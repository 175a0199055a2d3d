package graph

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Meta's limits on the buttons of templates.
const (
	maxAllButtons  = 10
	maxButtonText  = 25
	maxButtonURL   = 2000
	maxButtonPhone = 20
	maxButtonCode  = 15
)

// mostButtons is how many of a kind there are; of the others, any number.
var mostButtons = map[string]int{"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1}

var buttonPhone = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{5,}$`)

type templateButton struct {
	Type    string          `json:"type"`
	OTPType string          `json:"otp_type,omitempty"`
	Text    string          `json:"text"`
	URL     string          `json:"url,omitempty"`
	Phone   string          `json:"phone_number,omitempty"`
	Example json.RawMessage `json:"example,omitempty"`
}

// example is what the button's variable may be: a list for an address, a text
// for a code.
func (b *templateButton) example() string {
	var one string
	if json.Unmarshal(b.Example, &one) == nil {
		return one
	}
	var all []string
	if json.Unmarshal(b.Example, &all) != nil || len(all) == 0 {
		return ""
	}
	return all[0]
}

func checkButtons(buttons []templateButton) *Error {
	if len(buttons) == 0 || len(buttons) > maxAllButtons {
		return NewError(100, "A template has at most %d buttons.", maxAllButtons)
	}
	counts, changes := map[string]int{}, 0
	for i := range buttons {
		b := &buttons[i]
		counts[b.Type]++
		if most, limited := mostButtons[b.Type]; limited && counts[b.Type] > most {
			return NewError(100, "A template has at most %d buttons of the type %s.", most, b.Type)
		}
		if i > 0 && (b.Type == "QUICK_REPLY") != (buttons[i-1].Type == "QUICK_REPLY") {
			changes++
		}
		if err := checkButton(b); err != nil {
			return err
		}
	}
	if changes > 1 {
		return Subcode(2388025, "Invalid buttons", "Quick replies are grouped: no other button stands between them.")
	}
	return nil
}

func checkButton(b *templateButton) *Error {
	least := 1
	switch b.Type {
	case "QUICK_REPLY", "FLOW", "CATALOG", "MPM", "SPM", "VOICE_CALL":
	case "URL":
		if err := checkAddress(b); err != nil {
			return err
		}
	case "PHONE_NUMBER":
		if !buttonPhone.MatchString(b.Phone) || len(b.Phone) > maxButtonPhone {
			return NewError(100, "The phone number of a button has digits, at most %d.", maxButtonPhone)
		}
	case "COPY_CODE":
		least = 0
		if b.example() == "" {
			return Subcode(2388273, "Missing sample", "A button that copies a code needs an example.")
		}
		if utf8.RuneCountInString(b.example()) > maxButtonCode {
			return NewError(100, "The example of a code has at most %d characters.", maxButtonCode)
		}
	default:
		return NewError(100, "The type of a button is not %q.", b.Type)
	}
	if len(variables(b.Text)) > 0 {
		return NewError(100, "The text of a button has no variables.")
	}
	return between("button text", b.Text, least, maxButtonText)
}

// checkAddress wants an address with at most one variable, at the end of it.
func checkAddress(b *templateButton) *Error {
	u, err := url.Parse(templateVariable.ReplaceAllString(b.URL, ""))
	vars := variables(b.URL)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(b.URL) > maxButtonURL:
		return NewError(100, "The address of a button is not valid: %q.", b.URL)
	case len(vars) > 1 || len(vars) == 1 && (vars[0] != "1" || !strings.HasSuffix(b.URL, "}}")):
		return NewError(100, "The address of a button has one variable, {{1}}, at its end.")
	case len(vars) == 1 && b.example() == "":
		return Subcode(2388273, "Missing sample", "A button whose address has a variable needs an example.")
	}
	return nil
}
