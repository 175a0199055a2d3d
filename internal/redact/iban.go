package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ibanLengths are the lengths of account numbers by country, as SWIFT's IBAN
// registry has them (ISO 13616).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28,
	"CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
	"FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
	"IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
	"LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18,
	"NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31,
	"SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29,
	"VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// ibans adds the account numbers of a text to spans.
func ibans(s string, spans []span) []span {
	for i := 0; i+4 < len(s); i++ {
		if !letter(s[i]) || !letter(s[i+1]) || i > 0 && alphanumeric(s[i-1]) {
			continue
		}
		to := iban(s, i)
		if to == 0 || overlaps(spans, i, to) {
			continue
		}
		spans = append(spans, span{i, to, IBANMark})
		i = to - 1
	}
	return spans
}

// iban returns where the account number ends that begins at i; 0 if there is
// none.
func iban(s string, i int) (end int) {
	length := ibanLengths[strings.ToUpper(s[i:i+2])]
	signs := make([]byte, 0, length)
	for at := i; len(signs) < length; {
		if c := s[at]; alphanumeric(c) {
			if k := len(signs); (k == 2 || k == 3) && letter(c) {
				return 0 // the check digits are digits
			}
			signs = append(signs, upper(c))
			at++
			end = at
			if at == len(s) {
				break
			}
			continue
		}
		next := at
		for width := separator(s[at:]); width > 0 && next-at < between; width = separator(s[next:]) {
			next += width
		}
		if next == at || next >= len(s) || !alphanumeric(s[next]) {
			return 0
		}
		at = next
	}
	if length == 0 || len(signs) < length || end < len(s) && alphanumeric(s[end]) || !checks97(signs) {
		return 0
	}
	return end
}

// checks97 reports whether the check digits are right (ISO 7064, MOD 97-10).
func checks97(signs []byte) bool {
	rest := 0
	for _, c := range append(signs[4:len(signs):len(signs)], signs[:4]...) {
		if letter(c) {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func alphanumeric(c byte) bool { return letter(c) || c >= '0' && c <= '9' }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// separator returns the width in bytes of what may stand between two groups of a
// number at the beginning of s; 0 if there is none.
func separator(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case size == 0 || r == '\n' || r == '\r':
		return 0
	case strings.ContainsRune("-./()‐‑‒–—", r), unicode.IsSpace(r), unicode.Is(unicode.Cf, r):
		return size
	}
	return 0
}
