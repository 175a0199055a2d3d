package graph

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Meta's limits on templates.
const (
	maxHeader       = 60
	maxTemplateText = 1024
	maxTemplateName = 512
)

var (
	templateName     = regexp.MustCompile(`^[a-z0-9_]+$`)
	templateLanguage = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2,4})?$`)
)

// Template is a message template of an account.
type Template struct {
	ID         string          `json:"id"`
	AccountID  string          `json:"account_id"`
	Name       string          `json:"name"`
	Language   string          `json:"language"`
	Category   string          `json:"category"`
	Status     string          `json:"status"`
	Reason     string          `json:"reason,omitempty"`
	Format     string          `json:"parameter_format"` // NAMED or POSITIONAL
	Components json.RawMessage `json:"components"`

	parts []component
}

// component is a part of a template.
type component struct {
	Type    string           `json:"type"`
	Format  string           `json:"format,omitempty"`
	Text    string           `json:"text,omitempty"`
	Example *example         `json:"example,omitempty"`
	Buttons []templateButton `json:"buttons,omitempty"`
	// Of one-time codes: whether to advise not to share it, and its minutes.
	Security bool `json:"add_security_recommendation,omitempty"`
	Expiry   int  `json:"code_expiration_minutes,omitempty"`
}

type example struct {
	BodyText    [][]string     `json:"body_text,omitempty"`
	BodyNamed   []namedExample `json:"body_text_named_params,omitempty"`
	HeaderText  []string       `json:"header_text,omitempty"`
	HeaderNamed []namedExample `json:"header_text_named_params,omitempty"`
	Handle      []string       `json:"header_handle,omitempty"`
}

type namedExample struct {
	Name    string `json:"param_name"`
	Example string `json:"example"`
}

// States of a template.
const (
	TemplateApproved = "APPROVED"
	TemplateRejected = "REJECTED"
	TemplatePending  = "PENDING"
	TemplatePaused   = "PAUSED"
	TemplateDisabled = "DISABLED"
)

const formatNamed = "NAMED"

var templateVariable = regexp.MustCompile(`\{\{\s*(\w*)\s*\}\}`)

// variables are the names or numbers of a text's variables, each once.
func variables(text string) []string {
	var out []string
	for _, m := range templateVariable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

// defaultTemplates are the templates of every account at the start, one of each
// kind and state.
//
//go:embed templates.json
var defaultTemplates []byte

// DefaultTemplates returns the templates that an account has at the start.
func DefaultTemplates(accountID string) []*Template {
	var all []Template
	if err := json.Unmarshal(defaultTemplates, &all); err != nil {
		panic(err) // a file of ours
	}
	out := make([]*Template, len(all))
	for i, t := range all {
		t.AccountID, t.ID = accountID, TemplateID(accountID, t.Name, t.Language)
		out[i] = t.Parse()
	}
	return out
}

// Object is the template as the Graph API has it.
func (t *Template) Object(now time.Time) map[string]any {
	o := map[string]any{
		"id": t.ID, "name": t.Name, "language": t.Language, "category": t.Category, "status": t.Status,
		"parameter_format": t.Format, "components": t.Components,
	}
	if t.Status == TemplateRejected {
		o["rejected_reason"] = cmp.Or(t.Reason, "NONE")
	}
	score := "UNKNOWN"
	switch t.Status {
	case TemplateApproved:
		score = "GREEN"
	case TemplatePaused, TemplateDisabled:
		score = "RED"
	}
	o["quality_score"] = map[string]any{"score": score, "date": now.Unix()}
	return o
}

// Update is the webhook's value that says what became of the template.
func (t *Template) Update(now time.Time) map[string]any {
	value := map[string]any{
		"event": t.Status, "message_template_id": json.Number(strings.TrimLeft(t.ID, "0")), "message_template_name": t.Name,
		"message_template_language": t.Language, "message_template_category": t.Category, "reason": nil,
	}
	switch t.Status {
	case TemplateApproved:
		value["reason"] = "NONE"
	case TemplateRejected:
		value["reason"] = cmp.Or(t.Reason, "INVALID_FORMAT")
		value["rejection_info"] = map[string]any{
			"reason":         "The simulator's rules, or its operator, rejected the template.",
			"recommendation": "Change the template and send it again.",
		}
	case TemplatePaused:
		value["other_info"] = map[string]any{"title": "FIRST_PAUSE", "description": "The template is paused because of its quality."}
	case TemplateDisabled:
		value["disable_info"] = map[string]any{"disable_date": fmt.Sprint(now.Unix())}
	}
	return value
}

// Parse reads the components of a template that are known to be right.
func (t Template) Parse() *Template {
	if err := json.Unmarshal(t.Components, &t.parts); err != nil {
		panic(err) // they were read once before
	}
	return &t
}

// Body returns the text of the body.
func (t *Template) Body() string {
	for _, p := range t.parts {
		if strings.EqualFold(p.Type, "BODY") {
			return p.Text
		}
	}
	return ""
}

// TemplateRequest is a template that is created or changed.
type TemplateRequest struct {
	Name       string          `json:"name"`
	Language   string          `json:"language"`
	Category   string          `json:"category"`
	Format     string          `json:"parameter_format"`
	Components json.RawMessage `json:"components"`
}

// Subcode is an error of the management of templates, which has a subcode and a
// sentence for the person.
func Subcode(code int, title, details string, args ...any) *Error {
	e := NewError(100, details, args...)
	e.Subcode, e.Title = code, title
	return e
}

// Template applies the rules of Meta that need no person, and returns the
// template that is to be reviewed.
func (req *TemplateRequest) Template(accountID string) (*Template, *Error) {
	format := strings.ToUpper(cmp.Or(req.Format, "POSITIONAL"))
	switch {
	case !templateName.MatchString(req.Name) || len(req.Name) > maxTemplateName:
		return nil, NewError(100, "The name of a template has lower case letters, digits and underscores, at most %d.", maxTemplateName)
	case !templateLanguage.MatchString(req.Language):
		return nil, NewError(100, "The language %q is not one of Meta's codes.", req.Language)
	case !slices.Contains([]string{authentication, "MARKETING", "UTILITY"}, req.Category):
		return nil, NewError(100, "The category is AUTHENTICATION, MARKETING or UTILITY.")
	case format != "POSITIONAL" && format != formatNamed:
		return nil, NewError(100, "parameter_format is positional or named.")
	}
	var parts []component
	if err := json.Unmarshal(req.Components, &parts); err != nil {
		return nil, NewError(100, "The components are not valid: %v", err)
	}
	components := req.Components
	if req.Category == authentication {
		var err *Error
		if parts, err = writeCode(req.Language, format, parts); err != nil {
			return nil, err
		}
		written, fault := json.Marshal(parts)
		if fault != nil {
			return nil, NewError(100, "The components are not valid: %v", fault)
		}
		components = written
	}
	t := Template{
		ID: TemplateID(accountID, req.Name, req.Language), AccountID: accountID, Name: req.Name, Language: req.Language, Category: req.Category, Status: TemplatePending, Format: format, Components: components,
	}.Parse()
	if t.Body() == "" {
		return nil, NewError(100, "A template needs a BODY with a text.")
	}
	for i := range parts {
		if err := checkComponent(&parts[i], format); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// TemplateID makes the id of a template. It depends on nothing else, so that it
// stays the same from start to start.
func TemplateID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, " ")))
	return fmt.Sprint(1e15 + binary.BigEndian.Uint64(sum[:])%9e15)
}

func checkComponent(c *component, format string) *Error {
	ex := c.Example
	if ex == nil {
		ex = &example{}
	}
	vars := variables(c.Text)
	switch strings.ToUpper(c.Type) {
	case "HEADER":
		if c.Format != "TEXT" {
			if !slices.Contains([]string{"IMAGE", "VIDEO", "DOCUMENT", "LOCATION"}, c.Format) {
				return NewError(100, "A header is TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.")
			}
			return checkSample(c.Format, ex.Handle)
		}
		if len(vars) > 1 {
			return NewError(100, "A header has one variable at most.")
		}
		return first(between("header", c.Text, 1, maxHeader), checkExamples("header", vars, format, len(ex.HeaderText), ex.HeaderNamed))
	case "BODY":
		text := strings.TrimSpace(c.Text)
		if len(vars) > 0 && (strings.HasPrefix(text, "{{") || strings.HasSuffix(text, "}}")) {
			return Subcode(2388299, "Variables can't be at the start or end of the template", "Put words before the first variable and after the last.")
		}
		given := 0
		if len(ex.BodyText) > 0 {
			given = len(ex.BodyText[0])
		}
		return first(between("body", c.Text, 0, maxTemplateText), checkExamples("body", vars, format, given, ex.BodyNamed))
	case "FOOTER":
		if len(vars) > 0 {
			return NewError(100, "A footer has no variables.")
		}
		return between("footer", c.Text, 1, maxFooter)
	case "BUTTONS":
		return checkButtons(c.Buttons)
	}
	return nil
}

// checkExamples wants an example for each variable, and variables that are
// counted from 1 or named.
func checkExamples(where string, vars []string, format string, given int, named []namedExample) *Error {
	for i, v := range vars {
		_, err := strconv.Atoi(v)
		switch {
		case format == formatNamed && (err == nil || !templateName.MatchString(v)):
			return NewError(100, "The variable {{%s}} of the %s must have a name in lower case.", v, where)
		case format != formatNamed && v != fmt.Sprint(i+1):
			return NewError(100, "The variables of the %s are counted from {{1}}.", where)
		case format == formatNamed && !slices.ContainsFunc(named, func(e namedExample) bool { return e.Name == v && e.Example != "" }),
			format != formatNamed && given != len(vars):
			return Subcode(2388273, "Missing sample", "The %s needs an example for each of its %d variables.", where, len(vars))
		}
	}
	return nil
}
