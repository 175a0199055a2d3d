// Package variable checks the values of declared variables by type, writes their
// JSON schemas, and reads values out of what a person typed.
//
// A check refuses with a reason and never coerces: the text "12" is not the
// number 12. Reading is another matter; it is for answerers that must make
// sense of "twelve, please", and it gives up where there are two readings.
package variable

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// MaxText is the longest text value in bytes.
const MaxText = 4 << 10

// Find returns the schema of a name and source. The source "" stands for any.
func Find(schemas []parley.VariableSchema, name string, source parley.VariableSource) (parley.VariableSchema, bool) {
	i := slices.IndexFunc(schemas, func(s parley.VariableSchema) bool {
		return s.Name == name && (source == "" || s.Source == source)
	})
	if i < 0 {
		return parley.VariableSchema{}, false
	}
	return schemas[i], true
}

// Check returns the value in canonical JSON, or CodeInvalid with the reason why
// it is not one of the schema's type.
func Check(s parley.VariableSchema, raw json.RawMessage) (json.RawMessage, error) {
	v, err := decode(raw)
	if err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "The value of %s is not valid JSON.", s.Name)
	}
	if reason := refuse(s, v); reason != "" {
		return nil, parley.Errorf(parley.CodeInvalid, "%s %s; got %s.", s.Name, reason, describe(v))
	}
	return canonical(v)
}

// refuse returns why v is no value of the schema, "" if it is one.
func refuse(s parley.VariableSchema, v any) string {
	switch s.Type {
	case parley.TypeText:
		return refuseText(v)
	case parley.TypeNumber:
		n, ok := v.(json.Number)
		if !ok {
			return "must be a number"
		}
		if _, err := n.Float64(); err != nil {
			return "must be a number that fits into 64 bits"
		}
	case parley.TypeBoolean:
		if _, ok := v.(bool); !ok {
			return "must be true or false"
		}
	case parley.TypeDate:
		t, ok := v.(string)
		if !ok {
			return "must be a date as YYYY-MM-DD"
		}
		if _, err := time.Parse(time.DateOnly, t); err != nil {
			return "must be a date that exists, as YYYY-MM-DD"
		}
	case parley.TypeEnum:
		if t, ok := v.(string); !ok || !slices.Contains(s.Options, t) {
			return "must be one of " + quoteAll(s.Options)
		}
	default:
		return fmt.Sprintf("has the unknown type %q", s.Type)
	}
	return ""
}

func refuseText(v any) string {
	t, ok := v.(string)
	switch {
	case !ok:
		return "must be text"
	case strings.TrimSpace(t) == "":
		return "must not be empty"
	case len(t) > MaxText:
		return fmt.Sprintf("must be at most %d bytes long", MaxText)
	case strings.ContainsRune(t, 0):
		return "must not hold a NUL character"
	}
	return ""
}

func decode(raw json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// canonical encodes a checked value without escaping HTML.
func canonical(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "The value cannot be stored: %w", err)
	}
	return json.RawMessage(bytes.TrimSpace(b.Bytes())), nil
}

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprint(v)
	case json.Number:
		return "the number " + cut(v.String())
	case string:
		return "the text " + fmt.Sprintf("%q", cut(v))
	case []any:
		return "a list"
	}
	return "an object"
}

func cut(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}

func quoteAll(options []string) string {
	quoted := make([]string, len(options))
	for i, o := range options {
		quoted[i] = fmt.Sprintf("%q", o)
	}
	return strings.Join(quoted, ", ")
}

// Format returns a value as a person reads it: text without quotes.
func Format(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
