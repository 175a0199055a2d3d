package foreign

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// word returns JSON of a string or a number as a string, else "".
func word(b []byte) string {
	var s string
	if len(b) > 0 && b[0] == '"' && json.Unmarshal(b, &s) == nil {
		return s
	}
	var n json.Number
	if len(b) > 0 && json.Unmarshal(b, &n) == nil {
		return n.String()
	}
	return ""
}

// id is what systems write as a number or as a string.
type id string

// UnmarshalJSON implements json.Unmarshaler.
func (v *id) UnmarshalJSON(b []byte) error {
	*v = id(word(b))
	if len(*v) > 200 {
		return invalid("An id is longer than 200 characters.")
	}
	return nil
}

// stamp is a time as systems write it: seconds since 1970, as a number or in a
// string, or a date with a time.
type stamp struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (v *stamp) UnmarshalJSON(b []byte) error {
	t, err := parseTime(word(b))
	v.Time = t
	return err
}

// forms are how times are written. Those without a zone are in UTC.
var forms = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// latest are seconds that are surely not milliseconds: the year 5138.
const latest = 1e11

func parseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, nil
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		if n > latest {
			n /= 1000
		}
		if !(n > 0 && n < latest) {
			return time.Time{}, invalid("A time is out of range.")
		}
		whole, part := math.Modf(n)
		return time.Unix(int64(whole), int64(math.Round(part*1e6))*1000).UTC(), nil
	}
	for _, form := range forms {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, invalid("A time is not written as one.")
}

// line folds a name to one line, and cuts it to so many characters.
func line(s string, most int) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == 0 || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return s
}

// phone returns a number as E.164, "" if it is none.
func phone(s string) string {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -().", r):
		default:
			return ""
		}
	}
	n := b.String()
	if !strings.HasPrefix(n, "+") || len(n) < 8 || len(n) > 16 {
		return ""
	}
	return n
}

// values returns the plain values of a JSON object as variables.
func values(b []byte) (all []Variable) {
	const most = 50
	o := members(b)
	for _, name := range slices.Sorted(maps.Keys(o.members)) {
		v := Variable{Name: line(name, 64), Value: o.raw(name)}
		switch c := v.Value[0]; {
		case c == '"' && len(v.Value) > 2:
			v.Type = parley.TypeText
		case c == 't' || c == 'f':
			v.Type = parley.TypeBoolean
		case c == '-' || c >= '0' && c <= '9':
			v.Type = parley.TypeNumber
		}
		if v.Type != "" && v.Name != "" && len(v.Value) <= 4096 && !strings.Contains(string(v.Value), `\u0000`) && len(all) < most {
			all = append(all, v)
		}
	}
	return all
}
