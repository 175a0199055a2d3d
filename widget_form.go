package parley

import (
	"encoding/json"
	"fmt"
	"math"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// WidgetForm is what visitors fill in before they chat. Its title and button
// are texts of the widget.
type WidgetForm struct {
	Enabled bool          `json:"enabled"`
	Fields  []WidgetField `json:"fields"`
}

// WidgetField is one field of the form. Its value becomes a variable.
type WidgetField struct {
	Name        string                     `json:"name"` // of the variable
	Type        FieldType                  `json:"type"`
	Label       string                     `json:"label"`
	Required    bool                       `json:"required"`
	Placeholder string                     `json:"placeholder,omitempty"`
	Options     []string                   `json:"options,omitempty"`      // of a dropdown
	Min         *float64                   `json:"min,omitempty"`          // of a number
	Max         *float64                   `json:"max,omitempty"`          // of a number
	MaxLength   int                        `json:"max_length,omitempty"`   // runes; 0: as the type has it
	Pattern     string                     `json:"pattern,omitempty"`      // what the whole text must match
	PatternHint string                     `json:"pattern_hint,omitempty"` // what a person reads when it does not
	Consent     string                     `json:"consent,omitempty"`      // of a checkbox: the text that is agreed to
	Languages   map[string]WidgetFieldText `json:"languages,omitempty"`
}

// WidgetFieldText is a field in another language; what is empty is as in the
// field itself.
type WidgetFieldText struct {
	Label       string   `json:"label,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Options     []string `json:"options,omitempty"` // labels, in the order of the field's options
	PatternHint string   `json:"pattern_hint,omitempty"`
	Consent     string   `json:"consent,omitempty"`
}

// FieldType is the type of a form's field.
type FieldType string

// The field types.
const (
	FieldText     FieldType = "text"
	FieldLongText FieldType = "long_text"
	FieldEmail    FieldType = "email"
	FieldPhone    FieldType = "phone"
	FieldNumber   FieldType = "number"
	FieldDropdown FieldType = "dropdown"
	FieldCheckbox FieldType = "checkbox"
)

// FieldTypes lists every field type.
func FieldTypes() []FieldType {
	return []FieldType{FieldText, FieldLongText, FieldEmail, FieldPhone, FieldNumber, FieldDropdown, FieldCheckbox}
}

// Length is how many runes the value of a text field may have.
func (f *WidgetField) Length() int {
	if f.MaxLength > 0 {
		return f.MaxLength
	}
	if f.Type == FieldLongText {
		return 2000
	}
	return 200
}

// Variable is the type of the variable that the field fills.
func (f *WidgetField) Variable() VariableType {
	switch f.Type {
	case FieldNumber:
		return TypeNumber
	case FieldCheckbox:
		return TypeBoolean
	case FieldDropdown:
		return TypeEnum
	default:
		return TypeText
	}
}

// phone is a number with its country code, as people write it.
var phone = regexp.MustCompile(`^\+[0-9][0-9 ()./-]{5,24}$`)

// CheckEmail reports whether s is an e-mail address and nothing else.
func CheckEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	at := strings.LastIndexByte(s, '@')
	return err == nil && a.Address == s && len(s) <= 254 && strings.Contains(s[at+1:], ".") && !strings.HasSuffix(s, ".")
}

// Check returns the field's value as a variable has it, nil for none. What is
// wrong with it is said in the second result, by a key of the widget's texts.
func (f *WidgetField) Check(value any) (json.RawMessage, string) {
	switch v := value.(type) {
	case nil:
		return nil, f.missing()
	case bool:
		if f.Type != FieldCheckbox {
			return nil, "field_pattern"
		}
		if !v && f.Required {
			return nil, "field_required"
		}
		return json.RawMessage(fmt.Sprint(v)), ""
	case float64:
		return f.checkNumber(v)
	case string:
		return f.checkText(v)
	}
	return nil, "field_pattern"
}

func (f *WidgetField) missing() string {
	if f.Required {
		return "field_required"
	}
	return ""
}

func (f *WidgetField) checkNumber(v float64) (json.RawMessage, string) {
	switch {
	case f.Type != FieldNumber, math.IsNaN(v), math.IsInf(v, 0):
		return nil, "field_number"
	case f.Min != nil && v < *f.Min:
		return nil, "field_min"
	case f.Max != nil && v > *f.Max:
		return nil, "field_max"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, "field_number"
	}
	return b, ""
}

func (f *WidgetField) checkText(v string) (json.RawMessage, string) {
	v = strings.TrimSpace(v)
	switch {
	case v == "":
		return nil, f.missing()
	case utf8.RuneCountInString(v) > f.Length():
		return nil, "field_long"
	case CheckContent(v) != nil:
		return nil, "field_pattern"
	}
	switch f.Type {
	case FieldNumber:
		return nil, "field_number" // numbers come as numbers
	case FieldCheckbox:
		return nil, "field_pattern"
	case FieldEmail:
		if !CheckEmail(v) {
			return nil, "field_email"
		}
	case FieldPhone:
		if !phone.MatchString(v) {
			return nil, "field_phone"
		}
	case FieldDropdown:
		if !slices.Contains(f.Options, v) {
			return nil, "field_option"
		}
	case FieldText, FieldLongText:
		if f.Type == FieldText && strings.ContainsAny(v, "\r\n") {
			return nil, "field_pattern"
		}
	}
	if f.Pattern != "" {
		if re, err := wholePattern(f.Pattern); err != nil || !re.MatchString(v) {
			return nil, "field_pattern"
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, "field_pattern"
	}
	return b, ""
}

// wholePattern is a pattern that has to match all of a text. RE2 takes time in
// proportion to the text, whatever the pattern.
func wholePattern(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile("^(?:" + pattern + ")$")
}

// FilledForm is what a visitor gave before the conversation.
type FilledForm struct {
	Variables []Variable // Name, Source, Type and Value
	Consents  []Consent  // without the time
	Name      string     // of the contact, "" if no field is named so
	Email     string
}

// Fill checks what a visitor gave against the form. shown are the consent texts
// as they were shown: a text that is not the field's is refused, because
// nobody can say any more what was agreed to. It returns CodeInvalid with every
// field that is wrong.
func (f *WidgetForm) Fill(values map[string]any, shown map[string]string) (*FilledForm, error) {
	var v checks
	out := &FilledForm{}
	for i := range f.Fields {
		field := &f.Fields[i]
		value, wrong := field.Check(values[field.Name])
		if wrong != "" {
			v.add("values."+field.Name, "%s", wrong)
			continue
		}
		if value == nil {
			continue
		}
		out.Variables = append(out.Variables, Variable{
			Name: field.Name, Source: FromPreChat, Type: field.Variable(), Value: value,
		})
		if field.Consent != "" && string(value) == "true" {
			if !field.consents(shown[field.Name]) {
				v.add("consents."+field.Name, "is not the text of the field")
			}
			out.Consents = append(out.Consents, Consent{Field: field.Name, Text: shown[field.Name]})
		}
		var text string
		if json.Unmarshal(value, &text) != nil {
			continue
		}
		switch {
		case field.Type == FieldEmail && out.Email == "":
			out.Email = text
		case field.Type == FieldText && slices.Contains([]string{"name", "full_name", "customer_name"}, field.Name):
			out.Name = text
		}
	}
	for name := range values {
		if !slices.ContainsFunc(f.Fields, func(f WidgetField) bool { return f.Name == name }) {
			v.add("values."+name, "is not a field of the form")
		}
	}
	return out, v.err("The form is not complete")
}

// consents reports whether text is what the field asks to agree to, in one of
// its languages.
func (f *WidgetField) consents(text string) bool {
	if text == f.Consent {
		return true
	}
	for _, l := range f.Languages {
		if l.Consent != "" && l.Consent == text {
			return true
		}
	}
	return false
}
