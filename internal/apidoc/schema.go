package apidoc

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// schema is the part of JSON Schema that the page shows.
type schema struct {
	Ref         string             `json:"$ref"`
	Type        any                `json:"type"` // a string, or a list of them
	Format      string             `json:"format"`
	Description string             `json:"description"`
	Enum        []any              `json:"enum"`
	Default     any                `json:"default"`
	Items       *schema            `json:"items"`
	Properties  map[string]*schema `json:"properties"`
	Required    []string           `json:"required"`
	AnyOf       []*schema          `json:"anyOf"`
	Minimum     *float64           `json:"minimum"`
	Maximum     *float64           `json:"maximum"`
	MaxLength   *int               `json:"maxLength"`
}

// Field is one line of a table: a parameter, or a property of a body. Depth is
// how far inside others it is.
type Field struct {
	Name, Type, Where, Notes string
	Required                 bool
	Depth                    int
}

// maxDepth is how deep nested properties are shown.
const maxDepth = 3

func (d *document) resolve(s *schema) *schema {
	for s != nil && (s.Ref != "" || len(s.AnyOf) > 0) {
		if s.Ref == "" {
			s = s.AnyOf[0]
			continue
		}
		s = d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return s
}

// describe says what type a value has, and what else is known of it.
func (d *document) describe(s *schema) (typ, notes string) {
	if s == nil {
		return "any", ""
	}
	null := ""
	if len(s.AnyOf) > 0 {
		null = " or null"
	}
	real := d.resolve(s)
	if real == nil {
		return "any", ""
	}
	switch t := real.Type.(type) {
	case string:
		typ = t
	case []any:
		if len(t) > 0 {
			typ = fmt.Sprint(t[0])
			null = " or null"
		}
	default:
		typ = "any"
	}
	if typ == "array" {
		item, more := d.describe(real.Items)
		typ, notes = "list of "+item, more
	}
	switch real.Format {
	case "date-time", "uuid", "email", "date", "binary":
		typ = real.Format
	}
	if len(real.Enum) > 0 {
		words := make([]string, len(real.Enum))
		for i, v := range real.Enum {
			words[i] = fmt.Sprint(v)
		}
		notes = join(notes, "One of "+strings.Join(words, ", ")+".")
	}
	if real.Default != nil {
		notes = join(notes, fmt.Sprintf("Default %v.", real.Default))
	}
	if real.Minimum != nil && real.Maximum != nil {
		notes = join(notes, fmt.Sprintf("%v to %v.", *real.Minimum, *real.Maximum))
	}
	if real.MaxLength != nil {
		notes = join(notes, fmt.Sprintf("At most %d characters.", *real.MaxLength))
	}
	return typ + null, notes
}

// fields lists the properties of a body, those inside others after them.
func (d *document) fields(s *schema, prefix string, depth int) []Field {
	s = d.resolve(s)
	if s != nil && s.Items != nil {
		s = d.resolve(s.Items)
	}
	if s == nil || len(s.Properties) == 0 || depth >= maxDepth {
		return nil
	}
	var out []Field
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		prop := s.Properties[name]
		typ, notes := d.describe(prop)
		out = append(out, Field{
			Name: prefix + name, Type: typ, Notes: join(prop.Description, notes),
			Required: slices.Contains(s.Required, name), Depth: depth,
		})
		inner := prefix + name + "."
		if r := d.resolve(prop); r != nil && r.Items != nil {
			inner = prefix + name + "[]."
		}
		out = append(out, d.fields(prop, inner, depth+1)...)
	}
	return out
}

// example makes a value of what a schema requires.
func (d *document) example(s *schema, depth int) any {
	s = d.resolve(s)
	if s == nil || depth > maxDepth {
		return nil
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	switch typ, _ := d.describe(s); {
	case len(s.Properties) > 0:
		out := map[string]any{}
		for name, prop := range s.Properties {
			if slices.Contains(s.Required, name) {
				out[name] = d.example(prop, depth+1)
			}
		}
		if len(out) == 0 && s.Properties["content"] != nil {
			out["content"] = "Hello!"
		}
		return out
	case strings.HasPrefix(typ, "list"):
		return []any{d.example(s.Items, depth+1)}
	case strings.HasPrefix(typ, "boolean"):
		return true
	case strings.HasPrefix(typ, "integer"), strings.HasPrefix(typ, "number"):
		return json.Number("1")
	case typ == "email":
		return "ana@example.com"
	case typ == "uuid":
		return "01930000-0000-7000-8000-000000000000"
	case strings.HasPrefix(typ, "object"):
		return map[string]any{}
	}
	return "…"
}
