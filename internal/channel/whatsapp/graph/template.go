package graph

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// Variables are what a template has to be filled with, in order.
type Variables struct {
	Header  []Variable `json:"header"`
	Body    []Variable `json:"body"`
	Buttons []Variable `json:"buttons"`
	// HeaderMedia is the kind of file that the header needs: IMAGE, VIDEO,
	// DOCUMENT, or "" for none.
	HeaderMedia string `json:"header_media,omitempty"`
}

// Variable is one place of a template to be filled.
type Variable struct {
	Name   string `json:"name"`             // "1" where variables are counted
	Sample string `json:"sample,omitempty"` // as the template's example has it
	Button int    `json:"button,omitempty"` // of a button: its index
	Kind   string `json:"kind,omitempty"`   // of a button: url, copy_code or OneTimeCode
	Label  string `json:"label,omitempty"`  // of a button: its text
}

// component is a part of a template, as Meta's API has it.
type component struct {
	Type    string           `json:"type"`
	Format  string           `json:"format"`
	Text    string           `json:"text"`
	Buttons []templateButton `json:"buttons"`
	// Security and Expiry are of one-time codes: whether to advise not to share
	// the code, and after how many minutes it expires.
	Security json.RawMessage `json:"add_security_recommendation"`
	Expiry   json.RawMessage `json:"code_expiration_minutes"`
	Example  struct {
		HeaderText  []string      `json:"header_text"`
		BodyText    [][]string    `json:"body_text"`
		HeaderNamed []namedSample `json:"header_text_named_params"`
		BodyNamed   []namedSample `json:"body_text_named_params"`
		Handle      []string      `json:"header_handle"`
	} `json:"example"`
}

type namedSample struct {
	Name   string `json:"param_name"`
	Sample string `json:"example"`
}

func componentsOf(t *parley.Template) ([]component, error) {
	var parts []component
	if err := json.Unmarshal(t.Components, &parts); err != nil {
		return nil, err
	}
	for i := range parts {
		parts[i].Type, parts[i].Format = strings.ToUpper(parts[i].Type), strings.ToUpper(parts[i].Format)
	}
	return parts, nil
}

// aVariable is {{1}} or {{name}}.
var aVariable = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]*)\s*\}\}`)

// variablesIn returns the names of the variables in text, each once, in order.
func variablesIn(text string) []string {
	var names []string
	for _, m := range aVariable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	// Counted variables are filled by their number, wherever they stand.
	slices.SortStableFunc(names, func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if errX != nil || errY != nil {
			return 0
		}
		return x - y
	})
	return names
}

// samples returns the examples of a component by the variables' names.
func (c *component) samples() map[string]string {
	of := map[string]string{}
	counted := c.Example.HeaderText
	if len(c.Example.BodyText) > 0 {
		counted = c.Example.BodyText[0]
	}
	for i, sample := range counted {
		of[strconv.Itoa(i+1)] = sample
	}
	for _, n := range append(c.Example.HeaderNamed, c.Example.BodyNamed...) {
		of[n.Name] = n.Sample
	}
	return of
}

func (c *component) variables() []Variable {
	samples := c.samples()
	var out []Variable
	for _, name := range variablesIn(c.Text) {
		out = append(out, Variable{Name: name, Sample: samples[name]})
	}
	return out
}

// TemplateVariables lists what a template has to be filled with.
func TemplateVariables(t *parley.Template) Variables {
	var v Variables
	parts, err := componentsOf(t)
	if err != nil {
		return v
	}
	inMetasWords(t, parts)
	for i := range parts {
		c := &parts[i]
		switch c.Type {
		case "HEADER":
			if c.Format == "" || c.Format == "TEXT" {
				v.Header = c.variables()
			} else if c.Format != "LOCATION" {
				v.HeaderMedia = c.Format
			}
		case "BODY":
			v.Body = c.variables()
		case "BUTTONS":
			v.Buttons = buttonVariables(c.Buttons)
		}
	}
	return v
}

// PriceCategory returns the price category of a template's messages: marketing,
// utility or authentication, "" if the category is none of Meta's.
func PriceCategory(t *parley.Template) string {
	switch c := strings.ToLower(t.Category); c {
	case "marketing", "utility", "authentication":
		return c
	}
	return ""
}

// Preview is a template with its values, as the recipient will see it.
type Preview struct {
	Header  string   `json:"header,omitempty"`
	Body    string   `json:"body"`
	Footer  string   `json:"footer,omitempty"`
	Buttons []string `json:"buttons,omitempty"`
	// Actions are the same buttons with what they do.
	Actions []PreviewButton `json:"actions,omitempty"`
}

// Text is the preview as the content of a message.
func (p Preview) Text() string {
	parts := NonEmpty(p.Header, p.Body, p.Footer)
	for _, b := range p.Buttons {
		parts = append(parts, "["+b+"]")
	}
	return strings.Join(parts, "\n")
}

// RenderTemplate fills a template with the values of m. It returns CodeInvalid
// with Fields (header.0, body.0, buttons.0) if they are not those that it needs.
func RenderTemplate(t *parley.Template, m *parley.TemplateMessage) (Preview, error) {
	parts, err := componentsOf(t)
	if err != nil {
		return Preview{}, parley.Errorf(parley.CodeInvalid, "The template %q cannot be read: synchronise the templates.", t.Name)
	}
	inMetasWords(t, parts)
	needs := TemplateVariables(t)
	f := &faults{}
	header := f.fill("header", needs.Header, m.Header, maxHeader)
	body := f.fill("body", needs.Body, m.Body, maxBody)
	f.fillButtons(needs.Buttons, m.Buttons)
	f.fillCode(needs.Buttons, m.Body)
	if kind := strings.ToLower(needs.HeaderMedia); m.HeaderMedia != kind {
		f.add("header_file", cmp.Or(headerFiles[needs.HeaderMedia].ask, noHeaderFile))
	}
	if err := f.error("The values do not fit the template."); err != nil {
		return Preview{}, err
	}
	var p Preview
	for i := range parts {
		c := &parts[i]
		switch c.Type {
		case "HEADER":
			p.Header = substitute(c.Text, header)
			if c.Format != "" && c.Format != "TEXT" {
				p.Header = "[" + c.Format[:1] + strings.ToLower(c.Format[1:]) + "]"
			}
		case "BODY":
			p.Body = substitute(c.Text, body)
		case "FOOTER":
			p.Footer = c.Text
		case "BUTTONS":
			p.Actions = previewButtons(c.Buttons, m.Buttons)
			for _, b := range p.Actions {
				p.Buttons = append(p.Buttons, b.Text)
			}
		}
	}
	return p, nil
}

// fill returns the values by the variables' names.
func (f *faults) fill(part string, needs []Variable, given []parley.TemplateValue, most int) map[string]string {
	if len(given) != len(needs) {
		f.add(part, fmt.Sprintf("The %s has %d variables; %d values were given.", part, len(needs), len(given)))
		return nil
	}
	values := map[string]string{}
	for i, v := range given {
		path := fmt.Sprintf("%s.%d", part, i)
		name := needs[i].Name
		if v.Name != "" && v.Name != name {
			f.add(path, "The variable here is called "+name+".")
		}
		switch {
		case strings.TrimSpace(v.Text) == "":
			f.add(path, "A value must not be empty.")
		case strings.ContainsAny(v.Text, "\n\t\r") || strings.Contains(v.Text, "     "):
			f.add(path, "A value has no line breaks, no tabs and at most four spaces in a row.")
		case Length(v.Text) > most:
			f.add(path, fmt.Sprintf("A value has at most %d characters here.", most))
		}
		values[name] = v.Text
	}
	return values
}

func substitute(text string, values map[string]string) string {
	return aVariable.ReplaceAllStringFunc(text, func(v string) string {
		return values[aVariable.FindStringSubmatch(v)[1]]
	})
}
