package graph

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"parley"
)

// Meta's bounds of a template ("Template components").
const (
	maxTemplateName = 512
	maxHeader       = 60
	maxBody         = 1024
	maxFooter       = 60
)

var (
	aTemplateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)
	aLanguage     = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2,3})?$`)
	aVariableName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	strayBraces   = regexp.MustCompile(`\{\{|\}\}`)
)

// faults collects what is wrong with which field.
type faults struct{ fields []parley.FieldError }

func (f *faults) add(path, message string) {
	f.fields = append(f.fields, parley.FieldError{Path: path, Message: message})
}

// error returns nil if nothing is wrong.
func (f *faults) error(message string) error {
	if len(f.fields) == 0 {
		return nil
	}
	return &parley.Error{Code: parley.CodeInvalid, Message: message + " " + f.fields[0].Message, Fields: f.fields}
}

func formatOf(t *parley.Template) string {
	if strings.EqualFold(t.Format, "named") {
		return "named"
	}
	return "positional"
}

// CheckTemplate finds what Meta would refuse before Meta sees it. It returns
// CodeInvalid with Fields (name, language, category, components.0.text, …).
func CheckTemplate(t *parley.Template) error {
	f := &faults{}
	if !aTemplateName.MatchString(t.Name) {
		f.add("name", fmt.Sprintf("The name has 1 to %d small letters a–z, digits and underscores.", maxTemplateName))
	}
	if !aLanguage.MatchString(t.Language) {
		f.add("language", "The language is a code of Meta's, such as en_US or de.")
	}
	if PriceCategory(t) == "" || t.Category != strings.ToUpper(t.Category) {
		f.add("category", "The category is MARKETING, UTILITY or AUTHENTICATION.")
	}
	if t.Format != "" && t.Format != "named" && t.Format != "positional" {
		f.add("format", "Variables are named or positional.")
	}
	parts, err := componentsOf(t)
	if err != nil {
		f.add("components", "The parts are a list, as Meta's API has it.")
		return f.error("Meta would refuse the template.")
	}
	counts := map[string]int{}
	for i := range parts {
		c := &parts[i]
		if counts[c.Type]++; counts[c.Type] == 2 {
			f.add(fmt.Sprintf("components.%d.type", i), "There is a second "+c.Type+".")
		}
	}
	if counts["BODY"] == 0 {
		f.add("components", "A template needs a BODY.")
	}
	if t.Category == authentication {
		f.code(t, parts)
	} else {
		f.parts(t, parts)
	}
	return f.error("Meta would refuse the template.")
}

// parts checks the parts of a template whose words are the business's.
func (f *faults) parts(t *parley.Template, parts []component) {
	for i := range parts {
		c, path := &parts[i], fmt.Sprintf("components.%d", i)
		switch c.Type {
		case "HEADER":
			f.header(path, t, c)
		case "BODY":
			f.body(path, t, c)
		case "FOOTER":
			f.footer(path, c)
		case "BUTTONS":
			f.buttons(path, c.Buttons)
		case "CAROUSEL", "LIMITED_TIME_OFFER":
		default:
			f.add(path+".type", "A part is a HEADER, BODY, FOOTER or BUTTONS.")
		}
	}
}

func (f *faults) header(path string, t *parley.Template, c *component) {
	switch c.Format {
	case "IMAGE", "VIDEO", "DOCUMENT":
		if len(c.Example.Handle) == 0 || c.Example.Handle[0] == "" {
			f.add(path+".example", "A header with a file needs a sample file, as the handle of an upload.")
		}
	case "LOCATION":
	case "TEXT", "":
		f.text(path, c.Text, maxHeader)
		if strings.ContainsAny(c.Text, "\r\n*_~`") {
			f.add(path+".text", "A header has one line and no formatting.")
		}
		if len(variablesIn(c.Text)) > 1 {
			f.add(path+".text", "A header has at most one variable.")
		}
		f.variables(path, t, c)
	default:
		f.add(path+".format", "A header is TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.")
	}
}

func (f *faults) body(path string, t *parley.Template, c *component) {
	f.text(path, c.Text, maxBody)
	text := strings.TrimSpace(c.Text)
	if spans := aVariable.FindAllStringIndex(text, -1); len(spans) > 0 && c.Text != "" {
		// Punctuation alone is not text for Meta either.
		if strings.Trim(text[:spans[0][0]], " .,:;!?-*_~\n") == "" || strings.Trim(text[spans[len(spans)-1][1]:], " *_~\n") == "" {
			f.add(path+".text", "A variable must not be the first or the last word.")
		}
		for i := 1; i < len(spans); i++ {
			if strings.TrimSpace(text[spans[i-1][1]:spans[i][0]]) == "" {
				f.add(path+".text", "Two variables need words or a sign between them.")
				break
			}
		}
		if words := len(strings.Fields(aVariable.ReplaceAllString(text, ""))); words < 2*len(spans) {
			f.add(path+".text", "There are too many variables for so few words: write more around them.")
		}
	}
	f.variables(path, t, c)
}

func (f *faults) footer(path string, c *component) {
	f.text(path, c.Text, maxFooter)
	if len(variablesIn(c.Text)) > 0 || strings.ContainsAny(c.Text, "\r\n") {
		f.add(path+".text", "A footer has one line and no variables.")
	}
}

func (f *faults) text(path, text string, most int) {
	switch n := Length(text); {
	case strings.TrimSpace(text) == "":
		f.add(path+".text", "The text is empty.")
	case n > most:
		f.add(path+".text", fmt.Sprintf("The text has %d characters; %d are allowed.", n, most))
	}
	if strayBraces.MatchString(aVariable.ReplaceAllString(text, "")) {
		f.add(path+".text", "A variable is written {{1}} or {{name}}.")
	}
}

// variables checks their names and that each has a sample.
func (f *faults) variables(path string, t *parley.Template, c *component) {
	names, samples := variablesIn(c.Text), c.samples()
	for i, name := range names {
		if formatOf(t) == "named" {
			if !aVariableName.MatchString(name) {
				f.add(path+".text", "The name of a variable has small letters, digits and underscores, and begins with a letter: {{"+name+"}}.")
			}
		} else if name != strconv.Itoa(i+1) {
			f.add(path+".text", "Variables are counted from {{1}} on, without gaps.")
			break
		}
	}
	for _, name := range names {
		if strings.TrimSpace(samples[name]) == "" {
			f.add(path+".example", "The variable {{"+name+"}} needs a sample value, for Meta's reviewers.")
		}
	}
}
