package variable

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley"
	"parley/internal/lang"
)

// Reader reads values out of what a person typed.
type Reader struct {
	Language string    // of the text, BCP 47; "" = unknown
	Now      time.Time // for "tomorrow" and dates without a year; zero: those are not read
}

// Read takes text as the answer to a question for the variable. It reports
// false where the text holds no value of the type, or more than one.
func (r Reader) Read(s parley.VariableSchema, text string) (json.RawMessage, bool) {
	text = strings.TrimSpace(text)
	var v any
	var ok bool
	switch s.Type {
	case parley.TypeText:
		v, ok = r.readText(s, text)
	case parley.TypeNumber:
		v, ok = r.readNumber(text)
	case parley.TypeBoolean:
		v, ok = YesNo(text)
	case parley.TypeDate:
		v, ok = r.readDate(text)
	case parley.TypeEnum:
		v, ok = readOption(s.Options, text)
	}
	return encode(s, v, ok)
}

// Volunteered looks for a value that a person gave without being asked. It is
// stricter than Read: the text must say itself what the value is.
func (r Reader) Volunteered(s parley.VariableSchema, text string) (json.RawMessage, bool) {
	var v any
	var ok bool
	switch kind := KindOf(s); {
	case kind == KindName:
		v, ok = introducedName(text)
	case kind != KindOther:
		v, ok = findKind(kind, text)
	case s.Type == parley.TypeEnum && !strings.Contains(text, "?"):
		v, ok = readOption(s.Options, text)
	case s.Type == parley.TypeNumber && mentions(s, text):
		v, ok = r.readNumber(text)
	case s.Type == parley.TypeDate && mentions(s, text):
		v, ok = r.readDate(text)
	}
	return encode(s, v, ok)
}

// encode makes a reading JSON, if the type check agrees with it.
func encode(s parley.VariableSchema, v any, ok bool) (json.RawMessage, bool) {
	if !ok {
		return nil, false
	}
	raw, err := canonical(v)
	if err != nil {
		return nil, false
	}
	if raw, err = Check(s, raw); err != nil {
		return nil, false
	}
	return raw, true
}

// longestAnswer is how many runes of free text are taken for an answer.
const longestAnswer = 500

func (r Reader) readText(s parley.VariableSchema, text string) (string, bool) {
	switch kind := KindOf(s); kind {
	case KindName:
		if name, ok := introducedName(text); ok {
			return name, true
		}
		return plausibleName(text)
	case KindOther:
		text = trimAnswer(text)
		return text, text != "" && utf8.RuneCountInString(text) <= longestAnswer && !strings.HasSuffix(text, "?")
	default:
		return findKind(kind, text)
	}
}

// trimAnswer takes quotes and a closing full stop off an answer.
func trimAnswer(text string) string {
	text = strings.Trim(text, " \t\n\"“”„«»")
	if strings.Count(text, ".") == 1 {
		text = strings.TrimSuffix(text, ".")
	}
	return strings.TrimRight(text, " ,;!")
}

// readOption finds the one option that the text names, whatever its case.
func readOption(options []string, text string) (string, bool) {
	in := " " + strings.Join(lang.Words(lang.Fold(text)), " ") + " "
	found := ""
	for _, o := range options {
		words := strings.Join(lang.Words(lang.Fold(o)), " ")
		if words == "" || !strings.Contains(in, " "+words+" ") {
			continue
		}
		if found != "" {
			return "", false
		}
		found = o
	}
	if found == "" && len(in) >= 5 {
		return optionByStart(options, strings.TrimSpace(in))
	}
	return found, found != ""
}

// optionByStart finds the one option that begins with what was typed.
func optionByStart(options []string, typed string) (string, bool) {
	found := ""
	for _, o := range options {
		if strings.HasPrefix(lang.Fold(o), typed) {
			if found != "" {
				return "", false
			}
			found = o
		}
	}
	return found, found != ""
}

// mentions reports whether the text has a word of the variable's name or
// description that matters.
func mentions(s parley.VariableSchema, text string) bool {
	wanted := map[string]bool{}
	for _, w := range lang.Words(strings.ReplaceAll(s.Name, "_", " ") + " " + s.Description) {
		if utf8.RuneCountInString(w) > 3 && !lang.Stop(w, lang.English) && w != "number" && w != "date" {
			wanted[lang.Stem(w, lang.English)] = true
		}
	}
	for _, w := range lang.Words(text) {
		if wanted[lang.Stem(w, lang.English)] {
			return true
		}
	}
	return false
}

var (
	yes = words(`yes yeah yep yup sure ok okay correct right true absolutely ja jawohl jep klar gerne natürlich richtig oui ouais
		bien d'accord vrai si sí claro correcto vale sim certo isso verdade certamente certo giusto jazeker klopt`)
	no = words(`no nope nah not never false wrong nein nee nö nicht falsch non faux pas nunca falso não nao niet nooit`)
)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// YesNo reads a yes or a no from the beginning of a text; its second result is
// false where there is neither or, within a few words, both.
func YesNo(text string) (answer, ok bool) {
	first := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\''
	})
	if len(first) == 0 {
		return false, false
	}
	switch {
	case no[first[0]]:
		return false, true
	case yes[first[0]]:
		for _, w := range first[1:min(len(first), 4)] {
			if no[w] && w != "pas" {
				return false, false
			}
		}
		return true, true
	}
	return false, false
}
