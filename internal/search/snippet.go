package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Segment is a piece of a snippet.
type Segment struct {
	Text string
	Hit  bool // this is what was searched for
}

// span is a range of bytes.
type span struct{ start, end int }

// Matches reports whether a text satisfies the query.
func (q *Query) Matches(text string) bool {
	_, ok := q.spans(normal(text))
	return ok
}

// spans returns where the query is found in a text in normal form, in order,
// and whether all of it is.
func (q *Query) spans(text string) ([]span, bool) {
	ps := pieces(text)
	numbers := phones(text, ps)
	var all []span
	for _, c := range q.clauses {
		found := false
		for _, alt := range c {
			if hits, ok := alt.spans(ps, numbers); ok {
				all, found = append(all, hits...), true
			}
		}
		if !found {
			return nil, false
		}
	}
	slices.SortFunc(all, func(a, b span) int { return a.start - b.start })
	return merge(all), len(all) > 0
}

func (a alternative) spans(ps []piece, numbers []phone) (all []span, ok bool) {
	for _, p := range a {
		hits := p.spans(ps, numbers)
		if len(hits) == 0 {
			return nil, false
		}
		all = append(all, hits...)
	}
	return all, true
}

// spans returns where a part is found.
func (p part) spans(ps []piece, numbers []phone) (hits []span) {
	if !p.phone {
		for i := range ps {
			hits = p.inPiece(hits, &ps[i])
		}
	}
	if p.class != digits || len(p.text) < minPart {
		return hits
	}
	for i := range numbers {
		if n := &numbers[i]; n.isPhone() && strings.Contains(n.digits, p.text) {
			hits = append(hits, span{ps[n.first].start, ps[n.last].end})
		}
	}
	return hits
}

func (p part) inPiece(hits []span, in *piece) []span {
	switch {
	case in.class != p.class:
	case p.class == dense:
		for from := 0; ; {
			i := strings.Index(in.text[from:], p.text)
			if i < 0 {
				break
			}
			first := utf8.RuneCountInString(in.text[:from+i])
			from += i + len(p.text)
			hits = append(hits, span{in.at[first], in.at[first+utf8.RuneCountInString(p.text)]})
		}
	case in.text == p.text, p.isPrefix() && strings.HasPrefix(in.text, p.text):
		hits = append(hits, span{in.start, in.end})
	}
	return hits
}

// merge joins spans that touch.
func merge(all []span) []span {
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && s.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}

// before is how many runes of a snippet come before the first hit.
const before = 40

// Snippet cuts about size runes around the first hit out of a text, in one
// line. It returns nil if the text does not satisfy the query.
func (q *Query) Snippet(text string, size int) []Segment {
	text = normal(text)
	hits, ok := q.spans(text)
	if !ok {
		return nil
	}
	start := wordStart(text, back(text, hits[0].start, before))
	end := forward(text, start, max(size, before+utf8.RuneCountInString(text[hits[0].start:hits[0].end])))
	var out []Segment
	add := func(s string, hit bool) {
		if s != "" {
			out = append(out, Segment{s, hit})
		}
	}
	at := start
	for _, h := range hits {
		if h.end > end {
			break
		}
		add(line(text[at:h.start], at == start), false)
		add(line(text[h.start:h.end], false), true)
		at = h.end
	}
	add(line(text[at:end], false), false)
	if start > 0 {
		out = slices.Insert(out, 0, Segment{Text: "…"})
	}
	if end < len(text) {
		out = append(out, Segment{Text: "…"})
	}
	return out
}

// line folds white space and control characters into single spaces.
func line(s string, trim bool) string {
	var b strings.Builder
	gap := trim
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			if !gap {
				b.WriteByte(' ')
			}
			gap = true
			continue
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

// back returns the offset n runes before i.
func back(s string, i, n int) int {
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return i
}

// forward returns the offset n runes after i.
func forward(s string, i, n int) int {
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}

// wordStart moves i to the next beginning of a word, at most ten runes on.
func wordStart(s string, i int) int {
	if i == 0 {
		return 0
	}
	from := back(s, i, 1)
	to := forward(s, i, 10)
	if space := strings.IndexByte(s[from:to], ' '); space >= 0 {
		return from + space + 1
	}
	return i
}
