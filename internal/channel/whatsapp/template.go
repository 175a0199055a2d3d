package whatsapp

import (
	"parley"
)

// Variables are what a template has to be filled with, in order.
type Variables struct {
	Header  []Variable
	Body    []Variable
	Buttons []Variable
	// HeaderMedia is the kind of file that the header needs: IMAGE, VIDEO,
	// DOCUMENT, or "" for none.
	HeaderMedia string
}

// Variable is one place of a template to be filled.
type Variable struct {
	Name   string // "1" where variables are counted
	Sample string // as the template's example has it
	Button int    // of a button: its index
	Kind   string // of a button: url or quick_reply
	Label  string // of a button: its text
}

// Preview is a template with its values, as the recipient will see it.
type Preview struct {
	Header  string   `json:"header,omitempty"`
	Body    string   `json:"body"`
	Footer  string   `json:"footer,omitempty"`
	Buttons []string `json:"buttons,omitempty"`
}

// TemplateVariables lists what a template has to be filled with.
func TemplateVariables(t *parley.Template) Variables { return Variables{} }

// RenderTemplate fills a template with the values of m. It returns CodeInvalid
// with Fields (header.0, body.0, buttons.0) if they are not those that it needs.
func RenderTemplate(t *parley.Template, m *parley.TemplateMessage) (Preview, error) {
	return Preview{}, nil
}

// Text is the preview as the content of a message.
func (p Preview) Text() string { return p.Body }

// CheckTemplate finds what Meta would refuse before Meta sees it. It returns
// CodeInvalid with Fields (name, language, category, components.0.text, …).
func CheckTemplate(t *parley.Template) error { return nil }

// PriceCategory returns the price category of a template's messages: marketing,
// utility or authentication, "" if the category is none of Meta's.
func PriceCategory(t *parley.Template) string { return "" }
