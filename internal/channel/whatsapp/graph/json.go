package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Object is a JSON object whose members are looked at one by one, so that one
// with a surprising type spoils nothing but itself.
type Object map[string]json.RawMessage

// AsObject returns nil for what is not an object.
func AsObject(raw json.RawMessage) Object {
	var o Object
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o
}

// AsList returns nil for what is not an array.
func AsList(raw json.RawMessage) []json.RawMessage {
	var l []json.RawMessage
	if json.Unmarshal(raw, &l) != nil {
		return nil
	}
	return l
}

// AsText returns a string, or the digits of a number; "" for anything else.
func AsText(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	if raw[0] == '"' {
		var s string
		_ = json.Unmarshal(raw, &s)
		return Clean(s)
	}
	if raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9' {
		return string(raw)
	}
	return ""
}

// Object returns nil where there is none.
func (o Object) Object(key string) Object { return AsObject(o[key]) }

// List returns nil where there is none.
func (o Object) List(key string) []json.RawMessage { return AsList(o[key]) }

// Text returns a string or the digits of a number, "" where there is neither.
func (o Object) Text(key string) string { return AsText(o[key]) }

// Label is a text on one line of at most n bytes.
func (o Object) Label(key string, n int) string {
	return Cut(strings.Join(strings.Fields(o.Text(key)), " "), n)
}

// Has reports whether there is a value that is not null.
func (o Object) Has(key string) bool {
	raw, ok := o[key]
	return ok && !bytes.Equal(raw, []byte("null"))
}

// Flag reports whether the value is true.
func (o Object) Flag(key string) bool { return bytes.Equal(o[key], []byte("true")) }

// Integer reads a number, also one that is written as a string.
func (o Object) Integer(key string) (int64, bool) {
	f, err := strconv.ParseFloat(o.Text(key), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// The times that make sense: WhatsApp is not older, and nothing here is planned
// further ahead.
var (
	firstTime = time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC)
	lastTime  = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Time reads seconds or milliseconds since 1970; zero for what makes no sense.
func (o Object) Time(key string) time.Time {
	n, ok := o.Integer(key)
	if !ok || n <= 0 {
		return time.Time{}
	}
	t := time.Unix(n, 0).UTC()
	if n > lastTime.Unix() {
		t = time.UnixMilli(n).UTC()
	}
	if t.Before(firstTime) || t.After(lastTime) {
		return time.Time{}
	}
	return t
}

// KeysInOrder returns the keys of an object as the document has them.
func KeysInOrder(raw json.RawMessage) []string {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil
	}
	var keys []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return keys
		}
		name, ok := key.(string)
		if !ok {
			return keys
		}
		keys = append(keys, name)
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return keys
		}
	}
	return keys
}

// IsDeepObject reports whether body is a JSON object that is only nested too
// deeply for encoding/json, which stops at 10,000 levels.
func IsDeepObject(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return false
	}
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return false
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	_, err := d.Token()
	return errors.Is(err, io.EOF)
}
