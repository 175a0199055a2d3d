package variable

import (
	"encoding/json"
	"maps"
	"slices"

	"parley"
)

// Property returns the JSON schema of one variable's value, as a value to
// encode. With nullable the value may also be null, for "not known".
func Property(s parley.VariableSchema, nullable bool) map[string]any {
	p := map[string]any{}
	kind := ""
	switch s.Type {
	case parley.TypeNumber:
		kind = "number"
	case parley.TypeBoolean:
		kind = "boolean"
	default:
		kind = "string"
	}
	p["type"] = kind
	if nullable {
		p["type"] = []string{kind, "null"}
	}
	description := s.Description
	if s.Type == parley.TypeDate {
		description = join(description, "A date as YYYY-MM-DD.")
	}
	if description != "" {
		p["description"] = description
	}
	if s.Type == parley.TypeEnum {
		options := make([]any, 0, len(s.Options)+1)
		for _, o := range s.Options {
			options = append(options, o)
		}
		if nullable {
			options = append(options, nil)
		}
		p["enum"] = options
	}
	return p
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// Object returns the JSON schema of an object with the given properties and
// nothing else, all of them required, as structured output asks for.
func Object(properties map[string]any) json.RawMessage {
	b, err := json.Marshal(map[string]any{
		"type":                 "object",
		"properties":           properties,
		"required":             slices.Sorted(maps.Keys(properties)),
		"additionalProperties": false,
	})
	if err != nil {
		return json.RawMessage(`{"type":"object"}`)
	}
	return b
}

// Evaluation returns the JSON schema of an evaluation: what every one finds,
// and those of the schemas that come from it, which may be null.
func Evaluation(schemas []parley.VariableSchema) json.RawMessage {
	p := map[string]any{
		"resolved": map[string]any{"type": "boolean", "description": "Whether the contact got what they came for."},
		"summary":  map[string]any{"type": "string", "description": "The conversation in one or two sentences."},
		"topic":    map[string]any{"type": "string", "description": "The subject in one to four words."},
		"sentiment": map[string]any{
			"type": "string", "enum": []parley.Sentiment{
				parley.SentimentPositive, parley.SentimentNeutral, parley.SentimentNegative,
			},
			"description": "The contact's mood at the end.",
		},
	}
	for _, s := range schemas {
		if s.Source == parley.FromEvaluation {
			p[s.Name] = Property(s, true)
		}
	}
	return Object(p)
}

// SetParameters returns the JSON schema of the arguments of set_variable for
// the variables that are extracted during a conversation: a name, and a value
// whose type the check settles.
func SetParameters(schemas []parley.VariableSchema) json.RawMessage {
	names := []string{}
	for _, s := range schemas {
		if s.Source == parley.FromExtracted && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return Object(map[string]any{
		"name":  map[string]any{"type": "string", "enum": names},
		"value": map[string]any{"type": []string{"string", "number", "boolean"}, "description": "Of the variable's type. A date as YYYY-MM-DD."},
	})
}
