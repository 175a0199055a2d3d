package variable

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"parley/internal/lang"
)

var numeral = regexp.MustCompile(`[-−]?\d+(?:[.,'’\x{00a0}]\d+)*`)

// numberWords are the small numbers that people write out.
var numberWords = map[string]int{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
	"null": 0, "eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
	"zehn": 10, "elf": 11, "zwolf": 12, "zwanzig": 20,
	"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "vingt": 20,
	"cero": 0, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12, "veinte": 20,
	"dois": 2, "duas": 2, "quatro": 4, "sete": 7, "oito": 8, "nove": 9, "dez": 10, "doze": 12, "vinte": 20,
	"due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8, "dieci": 10,
	"twee": 2, "drie": 3, "vijf": 5, "zes": 6, "zeven": 7, "negen": 9, "tien": 10,
}

// readNumber finds the one number in the text.
func (r Reader) readNumber(text string) (json.Number, bool) {
	found := numeral.FindAllString(text, -1)
	if len(found) == 1 {
		return r.parseNumber(found[0])
	}
	if len(found) > 1 {
		return "", false
	}
	n, seen := 0, false
	for _, w := range lang.Words(lang.Fold(text)) {
		if v, ok := numberWords[w]; ok {
			if seen {
				return "", false
			}
			n, seen = v, true
		}
	}
	return json.Number(strconv.Itoa(n)), seen
}

// parseNumber reads digits with separators: where there are two kinds, the last
// is the decimal one; where one kind occurs several times, it groups. A single
// separator before three digits has two readings and the language decides.
func (r Reader) parseNumber(s string) (json.Number, bool) {
	s = strings.NewReplacer("−", "-", "'", "", "’", "", "\u00a0", "").Replace(s)
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	decimal := byte(0)
	switch {
	case point >= 0 && comma >= 0:
		decimal = s[max(point, comma)]
	case strings.Count(s, ".")+strings.Count(s, ",") == 1:
		at := max(point, comma)
		if len(s)-at-1 != 3 || s[at] == r.decimalMark() {
			decimal = s[at]
		}
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == decimal:
			b.WriteByte('.')
		case c != '.' && c != ',':
			b.WriteByte(c)
		}
	}
	out := strings.TrimLeft(b.String(), "0")
	neg := strings.HasPrefix(b.String(), "-")
	if neg {
		out = strings.TrimLeft(b.String()[1:], "0")
	}
	if out == "" || out[0] == '.' {
		out = "0" + out
	}
	if neg {
		out = "-" + out
	}
	if _, err := strconv.ParseFloat(out, 64); err != nil {
		return "", false
	}
	return json.Number(out), true
}

func (r Reader) decimalMark() byte {
	switch lang.Base(r.Language) {
	case lang.English, "", "zh", "ja", "ko", "th", "he":
		return '.'
	}
	return ','
}
