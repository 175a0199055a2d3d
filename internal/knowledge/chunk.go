package knowledge

import (
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/lang"
)

// The size of a passage in runes. A passage is cut at the ends of paragraphs,
// list items or sentences; only a sentence longer than mostRunes is cut inside.
const (
	goodRunes = 600
	mostRunes = 900
)

// headingSeparator stands between the headings above a passage.
const headingSeparator = " › "

// passages cuts a document into passages: each within one section, with the
// headings above it.
func passages(d parley.Document) []parley.Passage {
	var out []parley.Passage
	for _, s := range parse(d.Content, d.Format) {
		headings := s.headings
		if len(headings) > 0 && lang.Fold(headings[0]) == lang.Fold(d.Title) {
			headings = headings[1:] // the document's name again
		}
		for _, text := range pack(s.blocks) {
			out = append(out, parley.Passage{
				DocumentID: d.ID, Title: d.Title, Heading: strings.Join(headings, headingSeparator), Text: text,
			})
		}
	}
	return out
}

// pack joins blocks into texts of at most goodRunes and cuts longer ones.
func pack(blocks []string) []string {
	var out []string
	current, length := "", 0
	for _, b := range blocks {
		for i, piece := range split(b) {
			n := utf8.RuneCountInString(piece)
			if length > 0 && length+n > goodRunes {
				out = append(out, current)
				current, length = "", 0
			}
			if length > 0 {
				current += separator(i, piece)
			}
			current += piece
			length += n
		}
	}
	if length > 0 {
		out = append(out, current)
	}
	return out
}

// separator returns what stands between a piece and the one before it: a blank
// line between blocks, a line break between list items, else a space.
func separator(index int, piece string) string {
	switch {
	case index == 0:
		return "\n\n"
	case listItem.MatchString(piece):
		return "\n"
	}
	return " "
}

// split cuts a block that is too long for a passage into list items or
// sentences; a shorter one stays whole.
func split(block string) []string {
	if utf8.RuneCountInString(block) <= mostRunes {
		return []string{block}
	}
	var pieces []string
	for _, item := range items(block) {
		if utf8.RuneCountInString(item) <= mostRunes {
			pieces = append(pieces, item)
			continue
		}
		for _, s := range lang.Sentences(item) {
			pieces = append(pieces, slice(s)...)
		}
	}
	return pieces
}

// items splits a block before each list item; a block without any stays whole.
func items(block string) []string {
	var out []string
	for line := range strings.SplitSeq(block, "\n") {
		if len(out) == 0 || listItem.MatchString(line) {
			out = append(out, line)
			continue
		}
		out[len(out)-1] += "\n" + line
	}
	return out
}

// slice cuts a text that has no better place to cut, at spaces if there are any.
func slice(s string) []string {
	var out []string
	for utf8.RuneCountInString(s) > mostRunes {
		cut := 0
		for range mostRunes {
			_, n := utf8.DecodeRuneInString(s[cut:])
			cut += n
		}
		if sp := strings.LastIndexByte(s[:cut], ' '); sp > cut/2 {
			cut = sp
		}
		out = append(out, s[:cut])
		s = strings.TrimSpace(s[cut:])
	}
	if s != "" {
		out = append(out, s)
	}
	return out
}
