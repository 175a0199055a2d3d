package foreign

import (
	"encoding/json"
	"unicode/utf8"
)

// maxDepth is how deep the values of a record may be nested.
const maxDepth = 64

// check returns CodeInvalid unless b is JSON that is not nested too deep.
func check(b []byte) error {
	switch {
	case depth(b) > maxDepth:
		return invalid("It is nested more than %d deep.", maxDepth)
	case !json.Valid(b):
		return invalid("It is not JSON, or is cut off.")
	}
	return nil
}

// clean returns CodeInvalid for JSON that is not UTF-8 or holds NUL.
func clean(b []byte) error {
	if !utf8.Valid(b) {
		return invalid("It is not valid UTF-8.")
	}
	for i := 0; i+5 < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		if string(b[i+1:i+6]) == "u0000" {
			return invalid("It holds a NUL character.")
		}
		i++ // what is escaped
	}
	return nil
}

// depth is how deep the values of what looks like JSON are nested.
func depth(b []byte) (deepest int) {
	open, text := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			open++
			deepest = max(deepest, open)
		case c == '}' || c == ']':
			open--
		}
	}
	return deepest
}

// span is a part of a file, or of a record.
type span struct{ from, to int }

// skip returns where the value ends that begins at i of valid JSON.
func skip(b []byte, i int) int {
	open, text := 0, false
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
			if !text && open == 0 {
				return i + 1
			}
		case text:
		case c == '{' || c == '[':
			open++
		case c == '}' || c == ']':
			if open == 0 {
				return i // of a number or a word in the last place
			}
			if open--; open == 0 {
				return i + 1
			}
		case open == 0 && (c == ',' || blank(c)):
			return i
		}
	}
	return i
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// next returns where something begins at or after i that is neither blank nor
// the comma or colon between two values.
func next(b []byte, i int) int {
	for i < len(b) && (blank(b[i]) || b[i] == ',' || b[i] == ':') {
		i++
	}
	return i
}

// elements returns where the elements of an array are in valid JSON; nil if it is
// none.
func elements(b []byte) (all []span) {
	i := next(b, 0)
	if i >= len(b) || b[i] != '[' {
		return nil
	}
	all = []span{}
	for i = next(b, i+1); i < len(b) && b[i] != ']'; {
		end := skip(b, i)
		all = append(all, span{i, end})
		i = next(b, end)
	}
	return all
}

// object is where the members of an object are, by name.
type object struct {
	b       []byte
	members map[string]span
}

// members returns the members of an object in valid JSON; none if it is none.
func members(b []byte) object {
	o := object{b, map[string]span{}}
	i := next(b, 0)
	if i >= len(b) || b[i] != '{' {
		return o
	}
	for i = next(b, i+1); i < len(b) && b[i] != '}'; {
		end := skip(b, i)
		var name string
		_ = json.Unmarshal(b[i:end], &name) // valid JSON has a string here
		i = next(b, end)
		end = skip(b, i)
		o.members[name] = span{i, end}
		i = next(b, end)
	}
	return o
}

func (o object) has(names ...string) bool {
	for _, n := range names {
		if _, ok := o.members[n]; !ok {
			return false
		}
	}
	return true
}

func (o object) any(names ...string) bool {
	for _, n := range names {
		if _, ok := o.members[n]; ok {
			return true
		}
	}
	return false
}

// raw returns the bytes of a member, nil if there is none.
func (o object) raw(name string) []byte {
	s, ok := o.members[name]
	if !ok {
		return nil
	}
	return o.b[s.from:s.to]
}

// is reports whether a member begins with a bracket of a kind.
func (o object) is(name string, bracket byte) bool {
	b := o.raw(name)
	return len(b) > 0 && b[0] == bracket
}

// word returns a member that is a string or a number as a string, else "".
func (o object) word(name string) string { return word(o.raw(name)) }
