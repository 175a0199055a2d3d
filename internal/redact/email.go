package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// emails finds the e-mail addresses of a text: around each @ what RFC 5322 allows
// in the local part without quotes, and a domain with a dot. In an address of the
// web the @ is written as %40.
func emails(s string) (spans []span) {
	for at := 0; at < len(s); {
		i, size := sign(s[at:])
		if i < 0 {
			return spans
		}
		i += at
		from, to := localPart(s[:i], at), domain(s, i+size)
		if s[i] == '%' {
			from += 1 + strings.LastIndexAny(s[from:i], "=&?/#") // what stands before is a part of the web's address
		}
		at = i + size
		if from < i && to > 0 && !overlaps(spans, from, to) {
			spans = append(spans, span{from, to, EmailMark})
			at = to
		}
	}
	return spans
}

// sign returns where the first @ of a text is, -1 if there is none, and its width.
func sign(s string) (i, size int) {
	i = strings.IndexAny(s, "@＠")
	if i >= 0 {
		_, size = utf8.DecodeRuneInString(s[i:])
	}
	if k := strings.Index(s, "%40"); k >= 0 && (i < 0 || k < i) {
		return k, len("%40")
	}
	return i, size
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
