package engine

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"parley"
	"parley/internal/variable"
)

// placeholder matches {name} and {{name}}. The longer form comes first, so that
// its inner braces are not taken for the shorter one.
var placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z][A-Za-z0-9_]{0,63})\s*\}\}|\{([A-Za-z][A-Za-z0-9_]{0,63})\}`)

// fill replaces the placeholders of a template in one pass: what is inserted is
// never looked at again, so a value cannot open a placeholder. A name without a
// value in values stays as it is written, which shows the mistake.
func fill(template string, values map[string]string) string {
	if !strings.Contains(template, "{") {
		return template
	}
	return placeholder.ReplaceAllStringFunc(template, func(m string) string {
		name := strings.TrimSpace(strings.Trim(m, "{}"))
		if v, ok := values[name]; ok {
			return v
		}
		return m
	})
}

// placeholderInput is what the values of placeholders come from.
type placeholderInput struct {
	cfg       *parley.AssistantConfig
	workspace *parley.Workspace
	source    parley.Source
	contact   *parley.Contact
	variables []parley.Variable
}

// placeholders returns the value of every placeholder: the assistant's
// variables with their defaults, and those of the system.
func (e *Engine) placeholders(in placeholderInput) map[string]string {
	values := map[string]string{}
	for _, s := range in.cfg.Variables {
		values[s.Name] = s.Default
	}
	for name, v := range known(in.variables) {
		values[name] = variable.Format(v.Value)
	}
	now := in.localTime(e.cfg.Now())
	values["assistant_name"] = in.cfg.Name
	values["source"] = in.source.Name()
	values["current_date"] = now.Format("Monday, 2 January 2006")
	values["current_time"] = now.Format("15:04")
	if in.contact != nil {
		values["contact_name"] = cmp.Or(in.contact.Name, values["contact_name"])
		values["contact_phone"] = cmp.Or(in.contact.Phone, values["contact_phone"])
	}
	return values
}

// localTime returns t in the assistant's time zone, else the workspace's.
func (in *placeholderInput) localTime(t time.Time) time.Time {
	zone := in.cfg.TimeZone
	if zone == "" && in.workspace != nil {
		zone = in.workspace.TimeZone
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	return t.In(loc)
}

// known returns the value that holds for each name during a conversation: what
// the contact said in it goes before what was known at its start. What an
// evaluation found is about the conversation and not for it.
func known(vars []parley.Variable) map[string]parley.Variable {
	found := map[string]parley.Variable{}
	for _, v := range vars {
		have, ok := found[v.Name]
		switch {
		case v.Source == parley.FromEvaluation:
		case !ok, v.Source == parley.FromExtracted, have.Source == v.Source:
			found[v.Name] = v
		}
	}
	return found
}
