package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// object is a JSON object whose members are looked at one by one, so that one
// with a surprising type spoils nothing but itself.
type object map[string]json.RawMessage

// asObject returns nil for what is not an object.
func asObject(raw json.RawMessage) object {
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o
}

// asList returns nil for what is not an array.
func asList(raw json.RawMessage) []json.RawMessage {
	var l []json.RawMessage
	if json.Unmarshal(raw, &l) != nil {
		return nil
	}
	return l
}

// asText returns a string, or the digits of a number; "" for anything else.
func asText(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	if raw[0] == '"' {
		var s string
		_ = json.Unmarshal(raw, &s)
		return clean(s)
	}
	if raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9' {
		return string(raw)
	}
	return ""
}

func (o object) object(key string) object          { return asObject(o[key]) }
func (o object) list(key string) []json.RawMessage { return asList(o[key]) }
func (o object) text(key string) string            { return asText(o[key]) }

// label is a text on one line of at most n bytes.
func (o object) label(key string, n int) string {
	return cut(strings.Join(strings.Fields(o.text(key)), " "), n)
}

// has reports whether there is a value that is not null.
func (o object) has(key string) bool {
	raw, ok := o[key]
	return ok && !bytes.Equal(raw, []byte("null"))
}

func (o object) flag(key string) bool { return bytes.Equal(o[key], []byte("true")) }

// integer reads a number, also one that is written as a string.
func (o object) integer(key string) (int64, bool) {
	f, err := strconv.ParseFloat(o.text(key), 64)
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

// time reads seconds or milliseconds since 1970; zero for what makes no sense.
func (o object) time(key string) time.Time {
	n, ok := o.integer(key)
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

// keysInOrder returns the keys of an object as the document has them.
func keysInOrder(raw json.RawMessage) []string {
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

// isDeepObject reports whether body is a JSON object that is only nested too
// deeply for encoding/json, which stops at 10,000 levels.
func isDeepObject(body []byte) bool {
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

// clean makes text fit for the store: UTF-8 without NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// cut shortens s to at most n bytes, at the border of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:max(n, 0)] + "…"
}
