// Package redact puts personal data in text out of sight: e-mail addresses, phone
// numbers, card numbers that pass Luhn's check and bank account numbers (IBAN)
// whose check digits are right.
//
// It knows them by their form alone. Where a number may be a phone's or something
// else's it hides it: what is shown by mistake cannot be taken back.
package redact

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kinds says what is hidden.
type Kinds struct{ Email, Phone, Card, IBAN bool }

// What stands in place of what was hidden.
const (
	EmailMark = "[email]"
	PhoneMark = "[phone]"
	CardMark  = "[card]"
	IBANMark  = "[iban]"
)

// Redactor hides what its kinds say. It is safe for concurrent use.
type Redactor struct{ kinds Kinds }

// New returns a redactor.
func New(k Kinds) *Redactor { return &Redactor{k} }

// span is a piece of a text that is replaced.
type span struct {
	from, to int // bytes
	mark     string
}

// Text returns s with what is to be hidden replaced.
func (r *Redactor) Text(s string) string {
	if !mayHold(s) {
		return s
	}
	var spans []span
	if r.kinds.Email {
		spans = emails(s)
	}
	if r.kinds.IBAN {
		spans = ibans(s, spans)
	}
	if r.kinds.Card || r.kinds.Phone {
		for _, run := range runs(s) {
			if r.kinds.Card {
				spans = run.cards(spans)
			}
			if r.kinds.Phone {
				spans = run.phones(spans)
			}
		}
	}
	if len(spans) == 0 {
		return s
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, x := range spans {
		b.WriteString(s[at:x.from])
		b.WriteString(x.mark)
		at = x.to
	}
	b.WriteString(s[at:])
	return b.String()
}

// mayHold reports whether there is anything to look at in s: an @ or a digit.
func mayHold(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == '@' || c >= '0' && c <= '9' || c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// overlaps reports whether a piece of the text is among spans already.
func overlaps(spans []span, from, to int) bool {
	return slices.ContainsFunc(spans, func(x span) bool { return from < x.to && x.from < to })
}

// JSON returns a JSON value with what is to be hidden replaced in its texts, its
// names, and its numbers, which become texts then. What is no JSON is hidden as
// text is.
func (r *Redactor) JSON(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 || !bytes.ContainsRune(raw, '\\') && r.Text(string(raw)) == string(raw) {
		return raw
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		v = string(raw)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(r.value(v)); err != nil {
		return json.RawMessage(`null`)
	}
	return bytes.TrimSpace(out.Bytes())
}

func (r *Redactor) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.Text(v)
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return v // numbers of persons are whole
		}
		if hidden := r.Text(v.String()); hidden != v.String() {
			return hidden
		}
	case []any:
		for i := range v {
			v[i] = r.value(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, x := range v {
			out[r.Text(name)] = r.value(x)
		}
		return out
	}
	return v
}
