package parley

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of an assistant's configuration.
const (
	maxName      = 120      // runes
	maxPrompt    = 100_000  // bytes
	maxText      = 4_000    // bytes, of a greeting and the like
	maxVariables = 50       // per assistant
	maxTools     = 30       // per assistant
	maxOptions   = 100      // per enum
	MaxDocument  = 1 << 20  // bytes of one knowledge document
	MaxKnowledge = 200      // documents per version
	maxMinutes   = 24 * 60  // of inactivity
	maxDelay     = 300      // seconds of reply delay
	maxSchema    = 32 << 10 // bytes of a tool's parameter schema
	maxExamples  = 24 << 10 // bytes of all examples of a version, which are in every prompt
)

var (
	variableName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	toolName     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	languageTag  = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	headerName   = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

// checks collects what is wrong with an input.
type checks struct{ fields []FieldError }

func (c *checks) add(path, format string, args ...any) {
	c.fields = append(c.fields, FieldError{Path: path, Message: fmt.Sprintf(format, args...)})
}

func (c *checks) within(path string, n, least, most int) {
	if n < least || n > most {
		c.add(path, "must be %d to %d", least, most)
	}
}

func (c *checks) text(path, s string, most int) {
	switch {
	case len(s) > most:
		c.add(path, "is longer than %d bytes", most)
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		c.add(path, "is not valid text")
	}
}

func (c *checks) err(what string) error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{
		Code:    CodeInvalid,
		Message: fmt.Sprintf("%s: %s %s.", what, c.fields[0].Path, c.fields[0].Message),
		Fields:  c.fields,
	}
}

// Default fills in what a configuration leaves out.
func (c *AssistantConfig) Default() {
	if c.Status == "" {
		c.Status = AssistantDraft
	}
	if c.Model.ProviderID == "" && c.Model.Model == "" {
		c.Model = ModelChoice{ProviderID: BuiltinProvider, Model: BuiltinModel}
	}
	if c.InactivityMinutes == 0 {
		c.InactivityMinutes = 30
	}
	if c.AfterEnd == "" {
		c.AfterEnd = AfterEndNew
	}
	for i := range c.Tools {
		if c.Tools[i].TimeoutSeconds == 0 {
			c.Tools[i].TimeoutSeconds = 10
		}
	}
	for i := range c.Variables {
		if c.Variables[i].Source == "" {
			c.Variables[i].Source = FromExtracted
		}
	}
}

// Validate returns CodeInvalid with every field that breaks a rule. Whether the
// providers and documents exist is for the store to say.
func (c *AssistantConfig) Validate() error {
	var v checks
	if n := utf8.RuneCountInString(strings.TrimSpace(c.Name)); n == 0 || n > maxName {
		v.add("name", "must have 1 to %d characters", maxName)
	}
	v.text("name", c.Name, 4*maxName)
	v.text("avatar", c.Avatar, 32)
	v.text("prompt", c.Prompt, maxPrompt)
	v.text("greeting", c.Greeting, maxText)
	v.text("trouble_text", c.TroubleText, maxText)
	v.text("budget_text", c.BudgetText, maxText)
	if !slices.Contains([]AssistantStatus{AssistantDraft, AssistantActive, AssistantInactive}, c.Status) {
		v.add("status", "must be draft, active or inactive")
	}
	if c.AfterEnd != AfterEndNew && c.AfterEnd != AfterEndReopen {
		v.add("after_end", "must be new or reopen")
	}
	if c.SpeaksFirst && strings.TrimSpace(c.Greeting) == "" {
		v.add("greeting", "is needed when the assistant speaks first")
	}
	v.within("inactivity_minutes", c.InactivityMinutes, 1, maxMinutes)
	v.within("release_minutes", c.ReleaseMinutes, 0, maxMinutes)
	v.within("reply_delay_seconds", c.ReplyDelaySeconds, 0, maxDelay)
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		v.add("time_zone", "is not the name of a time zone, such as Europe/Berlin")
	}
	for i, l := range c.Languages {
		if !languageTag.MatchString(l) {
			v.add(fmt.Sprintf("languages.%d", i), "is not a language tag, such as en or pt-BR")
		}
	}
	c.Model.validate(&v, "model")
	if c.Fallback != nil {
		c.Fallback.validate(&v, "fallback")
	}
	validateVariables(&v, c.Variables)
	validateTools(&v, c.Tools)
	if len(c.Knowledge) > MaxKnowledge {
		v.add("knowledge", "has more than %d documents", MaxKnowledge)
	}
	var examples strings.Builder
	for i, x := range c.Examples {
		if strings.TrimSpace(x.Question) == "" || strings.TrimSpace(x.Answer) == "" {
			v.add(fmt.Sprintf("examples.%d", i), "needs a question and an answer")
		}
		examples.WriteString(x.Question + x.Answer)
	}
	v.text("examples", examples.String(), maxExamples)
	return v.err("The assistant cannot be saved")
}

func (m *ModelChoice) validate(v *checks, path string) {
	if m.ProviderID == "" || m.Model == "" {
		v.add(path, "needs a provider and a model")
	}
	v.text(path+".model", m.Model, 200)
	if m.ProviderID != BuiltinProvider && !ValidID(m.ProviderID) {
		v.add(path+".provider_id", "is not the id of a provider")
	}
	if t := m.Temperature; t != nil && (*t < 0 || *t > 2 || *t != *t) {
		v.add(path+".temperature", "must be 0 to 2")
	}
}

func validateVariables(v *checks, vars []VariableSchema) {
	if len(vars) > maxVariables {
		v.add("variables", "has more than %d entries", maxVariables)
		return
	}
	seen := map[string]bool{}
	for i, s := range vars {
		path := fmt.Sprintf("variables.%d", i)
		if !variableName.MatchString(s.Name) {
			v.add(path+".name", "must start with a letter and hold only letters, digits and underscores, at most 64")
		}
		if key := s.Name + " " + string(s.Source); seen[key] {
			v.add(path+".name", "is declared twice for the same source")
		} else {
			seen[key] = true
		}
		if s.Source == FromEvaluation && slices.Contains(ReservedEvaluation(), s.Name) {
			v.add(path+".name", "is one that every evaluation has")
		}
		if !slices.Contains([]VariableType{TypeText, TypeNumber, TypeBoolean, TypeDate, TypeEnum}, s.Type) {
			v.add(path+".type", "must be text, number, boolean, date or enum")
		}
		if !slices.Contains([]VariableSource{FromPreChat, FromExtracted, FromEvaluation}, s.Source) {
			v.add(path+".source", "must be pre_chat, extracted or post_conversation")
		}
		if s.Type == TypeEnum && (len(s.Options) == 0 || len(s.Options) > maxOptions) {
			v.add(path+".options", "must list 1 to %d values for an enum", maxOptions)
		}
		for _, o := range s.Options {
			v.text(path+".options", o, 200)
		}
		v.text(path+".description", s.Description, maxText)
		v.text(path+".question", s.Question, maxText)
		v.text(path+".default", s.Default, maxText)
	}
}

// ReservedEvaluation names what every evaluation finds.
func ReservedEvaluation() []string { return []string{"resolved", "summary", "topic", "sentiment"} }

func validateTools(v *checks, tools []HTTPTool) {
	if len(tools) > maxTools {
		v.add("tools", "has more than %d entries", maxTools)
		return
	}
	names := map[string]bool{ToolSetVariable: true, ToolEndConversation: true, ToolHandoff: true, ToolOfferChoices: true}
	for i := range tools {
		tools[i].validate(v, fmt.Sprintf("tools.%d", i))
		if names[tools[i].Name] {
			v.add(fmt.Sprintf("tools.%d.name", i), "is taken by another tool")
		}
		names[tools[i].Name] = true
	}
}

// Validate returns CodeInvalid with every field that breaks a rule.
func (t *HTTPTool) Validate() error {
	var v checks
	t.validate(&v, "tool")
	return v.err("The tool cannot be used")
}

func (t *HTTPTool) validate(v *checks, path string) {
	if !toolName.MatchString(t.Name) {
		v.add(path+".name", "must hold only letters, digits, _ and -, at most 64")
	}
	v.text(path+".description", t.Description, maxText)
	if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, t.Method) {
		v.add(path+".method", "must be GET, POST, PUT, PATCH or DELETE")
	}
	if u, err := url.Parse(t.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(t.URL) > maxText {
		v.add(path+".url", "must be an http or https address")
	} else if strings.ContainsAny(u.Host, "{}") {
		v.add(path+".url", "may hold parameters in its path and query only")
	}
	for name, value := range t.Headers {
		if !headerName.MatchString(name) || strings.ContainsAny(value, "\r\n\x00") || len(value) > maxText {
			v.add(path+".headers", "has a header that HTTP does not allow: %q", name)
		}
	}
	if t.TimeoutSeconds < 0 || t.TimeoutSeconds > 30 {
		v.add(path+".timeout_seconds", "must be 1 to 30")
	}
	if len(t.Parameters) == 0 {
		return
	}
	var schema struct {
		Type string `json:"type"`
	}
	if len(t.Parameters) > maxSchema || json.Unmarshal(t.Parameters, &schema) != nil || schema.Type != "object" {
		v.add(path+".parameters", `must be a JSON schema with "type": "object"`)
	}
}

// Validate returns CodeInvalid for a document that cannot be kept.
func (d *Document) Validate() error {
	var v checks
	if n := utf8.RuneCountInString(strings.TrimSpace(d.Title)); n == 0 || n > 2*maxName {
		v.add("title", "must have 1 to %d characters", 2*maxName)
	}
	v.text("title", d.Title, 8*maxName)
	if d.Format != FormatText && d.Format != FormatMarkdown {
		v.add("format", "must be text or markdown")
	}
	if strings.TrimSpace(d.Content) == "" {
		v.add("content", "is empty")
	}
	if len(d.Content) > MaxDocument {
		return Errorf(CodeTooLarge, "A document holds at most 1 MB; split it into parts.")
	}
	v.text("content", d.Content, MaxDocument)
	return v.err("The document cannot be saved")
}
