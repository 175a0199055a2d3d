package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// emails finds the e-mail addresses of a text: around each @ what RFC 5322 allows
// in the local part without quotes, and a domain with a dot.
func emails(s string) (spans []span) {
	for at := 0; at < len(s); {
		i := strings.IndexAny(s[at:], "@＠")
		if i < 0 {
			return spans
		}
		i += at
		_, size := utf8.DecodeRuneInString(s[i:])
		from, to := localPart(s[:i], at), domain(s, i+size)
		at = i + size
		if from < i && to > 0 && !overlaps(spans, from, to) {
			spans = append(spans, span{from, to, EmailMark})
			at = to
		}
	}
	return spans
}

// localPart returns where the local part begins that ends with s, at the earliest
// at least.
func localPart(s string, least int) int {
	from := len(s)
	for from > least {
		r, size := utf8.DecodeLastRuneInString(s[:from])
		if !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r) {
			break
		}
		from -= size
	}
	for from < len(s) && s[from] == '.' {
		from++
	}
	return from
}

// domain returns where the domain ends that begins at i; 0 if there is none.
func domain(s string, i int) (end int) {
	labels, label := 0, i
	for i <= len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if size > 0 && (r == '-' || unicode.In(r, unicode.L, unicode.M, unicode.N)) {
			i += size
			continue
		}
		name := strings.TrimRight(s[label:i], "-")
		if name == "" {
			break
		}
		labels++
		if labels > 1 && utf8.RuneCountInString(name) > 1 {
			end = label + len(name)
		}
		if r != '.' || size == 0 || label+len(name) != i {
			break
		}
		i++
		label = i
	}
	return end
}
