// Package knowledge finds the passages of an assistant's documents that answer
// a question: it parses text and Markdown, cuts them into passages, and ranks
// those by BM25 over stemmed and folded words.
//
// It holds no documents and reads no store: an Index is built from documents
// and never changes, so that it can be shared.
package knowledge

import (
	"regexp"
	"strings"

	"parley"
)

// section is the text under one heading.
type section struct {
	headings []string // from the outermost
	blocks   []string // paragraphs, lists, tables: what a blank line ends
}

var (
	atxHeading = regexp.MustCompile(`^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$`)
	setextLine = regexp.MustCompile(`^ {0,3}(=+|-{2,})[ \t]*$`)
	fence      = regexp.MustCompile("^ {0,3}(```|~~~)")
	listItem   = regexp.MustCompile(`^ {0,3}([-*+]|\d{1,9}[.)])[ \t]+`)
)

// parse splits a document into sections. Text without headings is one section.
func parse(content string, format parley.DocumentFormat) []section {
	p := &parser{markdown: format == parley.FormatMarkdown}
	content = strings.TrimPrefix(content, "\ufeff")
	content = strings.ReplaceAll(strings.ReplaceAll(content, "\r\n", "\n"), "\r", "\n")
	for line := range strings.SplitSeq(content, "\n") {
		p.line(line)
	}
	p.endSection()
	return p.sections
}

// parser holds the section in the making. Its path has one entry per heading
// level, so that a heading closes those below it.
type parser struct {
	markdown bool
	fenced   bool
	sections []section
	path     [6]string
	blocks   []string
	lines    []string
}

func (p *parser) line(line string) {
	if p.markdown && fence.MatchString(line) {
		p.fenced = !p.fenced
	}
	switch {
	case p.fenced:
		p.lines = append(p.lines, line)
	case strings.TrimSpace(line) == "":
		p.endBlock()
	case p.markdown && atxHeading.MatchString(line):
		m := atxHeading.FindStringSubmatch(line)
		p.heading(len(m[1]), m[2])
	case p.markdown && len(p.lines) == 1 && setextLine.MatchString(line) && !listItem.MatchString(p.lines[0]):
		level := 1
		if strings.Contains(line, "-") {
			level = 2
		}
		title := p.lines[0]
		p.lines = nil
		p.heading(level, title)
	default:
		p.lines = append(p.lines, strings.TrimRight(line, " \t"))
	}
}

func (p *parser) heading(level int, title string) {
	p.endSection()
	p.path[level-1] = plain(title)
	for i := level; i < len(p.path); i++ {
		p.path[i] = ""
	}
}

func (p *parser) endBlock() {
	if len(p.lines) > 0 {
		p.blocks = append(p.blocks, strings.Join(p.lines, "\n"))
		p.lines = nil
	}
}

func (p *parser) endSection() {
	p.endBlock()
	if len(p.blocks) == 0 {
		return
	}
	s := section{blocks: p.blocks}
	for _, h := range p.path {
		if h != "" {
			s.headings = append(s.headings, h)
		}
	}
	p.sections = append(p.sections, s)
	p.blocks = nil
}

var (
	link     = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	emphasis = strings.NewReplacer("**", "", "__", "", "`", "", "*", "")
)

// plain takes the Markdown out of one line.
func plain(s string) string {
	return strings.TrimSpace(emphasis.Replace(link.ReplaceAllString(s, "$1")))
}
