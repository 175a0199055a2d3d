package prompt

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/variable"
)

// placeholder matches {name} and {{name}}. The longer form comes first, so that
// its inner braces are not taken for the shorter one.
var placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z][A-Za-z0-9_]{0,63})\s*\}\}|\{([A-Za-z][A-Za-z0-9_]{0,63})\}`)

// Fill replaces the placeholders of a template in one pass: what is inserted is
// never looked at again, so a value cannot open a placeholder. A name without a
// value in values stays as it is written, which shows the mistake.
func Fill(template string, values map[string]string) string {
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

// Uses returns the names of the placeholders of texts, each once, in their order.
func Uses(texts ...string) []string {
	var names []string
	for _, text := range texts {
		for _, use := range placeholder.FindAllStringSubmatch(text, -1) {
			if name := use[1] + use[2]; !slices.Contains(names, name) { // one of them is empty
				names = append(names, name)
			}
		}
	}
	return names
}

// Values returns the value of every placeholder: the assistant's variables with
// their defaults, and those of the system.
func (in *Input) Values() map[string]string {
	values := map[string]string{}
	for _, s := range in.Config.Variables {
		values[s.Name] = s.Default
	}
	for name, v := range Known(in.Variables) {
		values[name] = variable.Format(v.Value)
	}
	now := in.localTime(in.Now)
	values["assistant_name"] = in.Config.Name
	values["source"] = in.Source.Name()
	values["current_date"] = now.Format("Monday, 2 January 2006")
	values["current_time"] = now.Format("15:04")
	if in.Contact != nil {
		values["contact_name"] = cmp.Or(in.Contact.Name, values["contact_name"])
		values["contact_phone"] = cmp.Or(in.Contact.Phone, values["contact_phone"])
	}
	return values
}

// localTime returns t in the assistant's time zone, else the workspace's.
func (in *Input) localTime(t time.Time) time.Time {
	zone := in.Config.TimeZone
	if zone == "" && in.Workspace != nil {
		zone = in.Workspace.TimeZone
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	return t.In(loc)
}

// Known returns the value that holds for each name during a conversation: what
// the contact said in it goes before what was known at its start. What an
// evaluation found is about the conversation and not for it.
func Known(vars []parley.Variable) map[string]parley.Variable {
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
