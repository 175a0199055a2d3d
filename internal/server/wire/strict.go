package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// StrictJSON is huma's JSON, but for text that encoding/json would mend in
// silence: what is not UTF-8, and NUL, which no database keeps.
func StrictJSON() map[string]huma.Format {
	format := huma.Format{
		Marshal: huma.DefaultJSONFormat.Marshal,
		Unmarshal: func(data []byte, v any) error {
			if err := checkText(data); err != nil {
				return err
			}
			if err := json.Unmarshal(data, v); err != nil {
				return errors.New(describeJSON(err))
			}
			return nil
		},
	}
	return map[string]huma.Format{"application/json": format, "json": format}
}

// checkText refuses bytes that are not UTF-8 and JSON strings that hold NUL.
func checkText(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("the body is not valid UTF-8")
	}
	for rest := data; ; {
		i := bytes.Index(rest, []byte(`\u0000`))
		if i < 0 {
			return nil
		}
		slashes := 1
		for j := i - 1; j >= 0 && rest[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 1 {
			return errors.New("a text holds a NUL character")
		}
		rest = rest[i+1:]
	}
}

// describeJSON says in words why a body is not the JSON that was asked for. It
// repeats nothing of the body.
func describeJSON(err error) string {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if field := strings.TrimPrefix(e.Field, "."); field != "" {
			return "expected another type than " + e.Value + " at " + field
		}
		return "expected an object, not " + e.Value
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return "unexpected property " + field
	}
	return "the body is not valid JSON"
}

// DecodeStrict reads one JSON value of type v; unknown properties are refused
// as huma refuses them. It returns CodeInvalid.
func DecodeStrict(data []byte, v any) error {
	if err := checkText(data); err != nil {
		return parley.Errorf(parley.CodeInvalid, "The request is not valid: %s.", err.Error())
	}
	if len(data) == 0 {
		return parley.Errorf(parley.CodeInvalid, "The request needs a body.")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		return parley.Errorf(parley.CodeInvalid, "The request is not valid: %s.", describeJSON(err))
	}
	return nil
}

// CheckQuery refuses a query string that is malformed or holds text that no
// database keeps. It returns CodeInvalid.
func CheckQuery(raw string) error {
	if raw == "" {
		return nil
	}
	plain, err := url.QueryUnescape(raw)
	if err != nil || !utf8.ValidString(plain) || strings.ContainsRune(plain, 0) {
		return parley.Errorf(parley.CodeInvalid, "The address's query is not valid text.")
	}
	return nil
}
