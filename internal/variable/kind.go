package variable

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley"
	"parley/internal/lang"
)

// Kind is what a text variable seems to hold, judged by its name and
// description. It helps to find a value in a sentence; it is no type.
type Kind string

// The kinds.
const (
	KindOther Kind = ""
	KindEmail Kind = "email"
	KindPhone Kind = "phone"
	KindOrder Kind = "order"
	KindName  Kind = "name"
)

// KindOf returns the kind of a variable.
func KindOf(s parley.VariableSchema) Kind {
	if s.Type != parley.TypeText {
		return KindOther
	}
	if k := kindOfWords(strings.ReplaceAll(s.Name, "_", " ")); k != KindOther {
		return k
	}
	return kindOfWords(s.Description)
}

func kindOfWords(text string) Kind {
	text = strings.ToLower(splitCamel(text))
	for _, w := range lang.Words(lang.Fold(text)) {
		switch w {
		case "email", "mail", "correo", "courriel":
			return KindEmail
		case "phone", "telephone", "telefon", "telefono", "telefone", "mobile", "whatsapp", "handy":
			return KindPhone
		case "order", "bestellung", "bestellnummer", "auftrag", "commande", "pedido", "encomenda", "invoice", "ticket", "booking", "tracking":
			return KindOrder
		}
	}
	switch words := strings.Fields(lang.Fold(text)); {
	case len(words) == 0:
	case words[len(words)-1] == "name" || words[0] == "name" || words[0] == "nombre" || words[0] == "nome" || words[0] == "nom":
		if !strings.Contains(text, "product") && !strings.Contains(text, "company") && !strings.Contains(text, "file") {
			return KindName
		}
	}
	return KindOther
}

var camel = regexp.MustCompile(`([a-z0-9])([A-Z])`)

func splitCamel(s string) string { return camel.ReplaceAllString(s, "$1 $2") }

var (
	email = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?\.\p{L}{2,}`)
	phone = regexp.MustCompile(`\+?\(?\d[\d ().\-/]{5,18}\d`)
	order = regexp.MustCompile(`(?i)(?:^|[\s(:,;"'])#?([a-z]{1,6}[-_ ]?\d[\w-]{2,20}|\d{4,16}(?:-\d{2,12})*)\b`)
)

// findKind returns the one value of the kind in the text.
func findKind(kind Kind, text string) (string, bool) {
	var found []string
	switch kind {
	case KindEmail:
		found = email.FindAllString(text, -1)
	case KindPhone:
		for _, p := range phone.FindAllString(text, -1) {
			if n := digits(p); n >= 7 && n <= 15 {
				found = append(found, strings.TrimSpace(p))
			}
		}
	case KindOrder:
		for _, m := range order.FindAllStringSubmatch(text, -1) {
			if digits(m[1]) >= 3 {
				found = append(found, m[1])
			}
		}
	default:
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// introduction precedes a name in a sentence.
var introduction = regexp.MustCompile(`(?i)(?:^|[\s,.!;])(?:my name is|my name's|name is|i am called|i'm called|call me|` +
	`mein name ist|ich heiße|ich heisse|je m'appelle|je m’appelle|mon nom est|me llamo|mi nombre es|` +
	`(?:o )?meu nome é|me chamo|chamo-me|mi chiamo|il mio nome è|ik heet|mijn naam is)\s+([^\n,.!?;:]+)`)

// weakIntroduction may also precede something else than a name: "I'm late". It
// counts only in the answer to the question for a name.
var weakIntroduction = regexp.MustCompile(`(?i)^(?:(?:hi|hello|sure|yes|ok|okay|hallo|hola|olá|bonjour|ja|sí|sim|oui)[,!. ]+)?` +
	`(?:i'm|i’m|i am|it's|it’s|it is|this is|that's|ich bin|das ist|je suis|c'est|soy|es|sou|é|sono|ik ben)\s+(.+)$`)

// introducedName finds a name that the text presents as one.
func introducedName(text string) (string, bool) {
	m := introduction.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return plausibleName(beforeConjunction(m[1]))
}

var conjunction = regexp.MustCompile(`(?i)\s+(?:and|und|et|y|e|en|but|aber|mais|pero|mas)\s`)

func beforeConjunction(s string) string {
	if at := conjunction.FindStringIndex(s); at != nil {
		return s[:at[0]]
	}
	return s
}

// longestName is how many words a name may have.
const longestName = 5

// plausibleName reports whether the whole text can be somebody's name.
func plausibleName(text string) (string, bool) {
	if m := weakIntroduction.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	name := trimAnswer(strings.TrimRight(text, ".!"))
	parts := strings.Fields(name)
	if len(parts) == 0 || len(parts) > longestName || utf8.RuneCountInString(name) > 80 {
		return "", false
	}
	for _, r := range name {
		if unicode.IsDigit(r) || !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" '’.-", r) {
			return "", false
		}
	}
	if _, ok := YesNo(name); ok && len(parts) == 1 {
		return "", false
	}
	if l := lang.Detect(name); l != "" && len(parts) > 1 && commonWords(parts, l) > len(parts)/2 {
		return "", false // a sentence, not a name
	}
	return name, true
}

func commonWords(parts []string, language string) int {
	n := 0
	for _, p := range parts {
		if lang.Stop(strings.ToLower(strings.Trim(p, ".,!'")), language) {
			n++
		}
	}
	return n
}
