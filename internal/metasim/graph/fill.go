package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/metasim/screen"
)

// template checks a template that is sent, and fills it in.
func (c *Content) template(send *Send) *Error {
	req := send.Template
	if req == nil || req.Name == "" || req.Language.Code == "" {
		return Missing("template.name and template.language.code")
	}
	t := c.Templates(req.Name, req.Language.Code)
	switch {
	case t == nil:
		return NewError(132001, "template name (%s) does not exist in %s", req.Name, req.Language.Code)
	case t.Status == "PAUSED":
		return NewError(132015, "template name (%s) is paused", req.Name)
	case t.Status == "DISABLED":
		return NewError(132016, "template name (%s) is disabled", req.Name)
	case t.Status != TemplateApproved:
		return NewError(132001, "template name (%s) is not approved in %s", req.Name, req.Language.Code)
	case t.Category == authentication && send.To == "":
		return NewError(131062, "")
	}
	c.Template = t
	c.Message.Template = t.Name
	for i := range t.parts {
		if err := c.fillPart(req, t, &t.parts[i]); err != nil {
			return err
		}
	}
	return nil
}

// index is which button a component is about, written as a number or a text.
func (c *sendComponent) index() (n int, ok bool) {
	n, err := strconv.Atoi(strings.Trim(string(c.Index), `"`))
	return n, err == nil
}

// part returns what was given for a part, and for a button by its index; nil
// for nothing.
func (t *TemplateSend) part(kind string, index int) *sendComponent {
	for i := range t.Components {
		c := &t.Components[i]
		if !strings.EqualFold(c.Type, kind) {
			continue
		}
		if n, ok := c.index(); index >= 0 && (!ok || n != index) {
			continue
		}
		return c
	}
	return nil
}

// given returns the parameters of a part that is no button.
func (t *TemplateSend) given(kind string) []parameter {
	if c := t.part(kind, -1); c != nil {
		return c.Parameters
	}
	return nil
}

func (c *Content) fillPart(req *TemplateSend, t *Template, p *component) (err *Error) {
	m := &c.Message
	switch strings.ToUpper(p.Type) {
	case "HEADER":
		if p.Format == "TEXT" {
			m.Header, err = fill("header", p.Text, t.Format, req.given("header"))
			return err
		}
		return c.fillFile(p.Format, req.given("header"))
	case "BODY":
		if m.Text, err = fill("body", p.Text, t.Format, req.given("body")); err == nil && utf8.RuneCountInString(m.Text) > maxTemplateText {
			return NewError(132005, "The filled-in body has more than %d characters.", maxTemplateText)
		}
		return err
	case "FOOTER":
		m.Footer = p.Text
	case "BUTTONS":
		return fillButtons(m, p, req)
	}
	return nil
}

// fill puts the values into a text.
func fill(where, text, format string, given []parameter) (string, *Error) {
	vars := variables(text)
	if len(vars) != len(given) {
		return "", NewError(132000, "%s: number of localizable_params (%d) does not match the expected number of params (%d)", where, len(given), len(vars))
	}
	values := map[string]string{}
	for i, p := range given {
		name := fmt.Sprint(i + 1)
		if format == formatNamed {
			if name = p.Name; !slices.Contains(vars, name) {
				return "", NewError(100, "%s: the parameter name %q is missing or not in the template", where, name)
			}
		}
		v := p.text()
		switch {
		case v == "":
			return "", NewError(131008, "%s: parameter %s has no text", where, name)
		case strings.ContainsAny(v, "\n\t") || strings.Contains(v, "     "):
			return "", NewError(132018, "%s: a parameter has no new line, no tab and no more than four spaces in a row", where)
		}
		values[name] = v
	}
	return templateVariable.ReplaceAllStringFunc(text, func(v string) string {
		return values[templateVariable.FindStringSubmatch(v)[1]]
	}), nil
}

func (c *Content) fillFile(format string, given []parameter) *Error {
	if format == "LOCATION" {
		return nil
	}
	if len(given) != 1 {
		return NewError(132012, "header: Format mismatch, expected %s, received UNKNOWN", format)
	}
	kind := strings.ToLower(format)
	f := map[string]*FileRef{"image": given[0].Image, "video": given[0].Video, "document": given[0].Document}[kind]
	if f == nil || given[0].Type != kind {
		return NewError(132012, "header: Format mismatch, expected %s, received %s", format, strings.ToUpper(given[0].Type))
	}
	shown, err := c.shownFile(kind, f)
	c.Message.File = shown
	return err
}

func fillButtons(m *screen.Message, p *component, req *TemplateSend) *Error {
	for i := range p.Buttons {
		shown, err := fillButton(i, &p.Buttons[i], req.part("button", i))
		if err != nil {
			return err
		}
		m.Buttons = append(m.Buttons, shown)
	}
	for i := range req.Components {
		c := &req.Components[i]
		if n, ok := c.index(); strings.EqualFold(c.Type, "button") && (!ok || n < 0 || n >= len(p.Buttons)) {
			return NewError(131008, "button: there is no button with the index %s", c.Index)
		}
	}
	return nil
}

func fillButton(i int, b *templateButton, given *sendComponent) (screen.Button, *Error) {
	kind, where := strings.ToLower(b.Type), fmt.Sprintf("button %d", i)
	shown := screen.Button{ID: fmt.Sprintf("button-%d", i), Title: b.Text, Kind: kind, Value: b.Phone}
	var values []parameter
	if given != nil {
		if values = given.Parameters; !strings.EqualFold(given.SubType, kind) {
			return shown, NewError(132012, "%s: Format mismatch, expected %s, received %s", where, b.Type, strings.ToUpper(given.SubType))
		}
	}
	switch {
	case b.isCode():
		return fillCode(where, b, values)
	case kind == "url":
		address, err := fill(where, b.URL, "", values)
		shown.Value = address
		return shown, err
	case kind == "copy_code":
		switch {
		case len(values) != 1:
			return shown, NewError(132000, "%s: number of localizable_params (%d) does not match the expected number of params (1)", where, len(values))
		case values[0].Type != "coupon_code":
			return shown, NewError(132012, "%s: Format mismatch, expected coupon_code, received %s", where, values[0].Type)
		}
		shown.Title, shown.Value = cmp.Or(b.Text, "Copy code"), values[0].Code
		return shown, between(where+" coupon_code", shown.Value, 1, maxButtonCode)
	case kind == "quick_reply":
		if len(values) == 1 {
			shown.Value = values[0].Payload
		}
	default:
		if len(values) > 0 {
			return shown, NewError(132000, "%s: a button of the type %s takes no parameter", where, b.Type)
		}
	}
	return shown, nil
}
