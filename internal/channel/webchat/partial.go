package webchat

import (
	"regexp"
	"strings"
)

// Partial renders a text that is still being written, in blocks: those that are
// finished are rendered once, so that a long text costs no more than a short
// one for each piece that comes. The zero value with its Renderer is ready.
type Partial struct {
	Renderer *Renderer
	text     string
	settled  int  // bytes of text in finished blocks
	blocks   int  // how many those are
	fresh    bool // something came since the last Take
}

// Add takes a piece that begins at a byte offset. A piece that begins earlier
// than what is there replaces it from there on; one behind a gap is refused.
func (p *Partial) Add(offset int, content string) bool {
	if offset > len(p.text) {
		return false
	}
	p.text = p.text[:offset] + content
	if offset < p.settled || offset == 0 {
		p.settled, p.blocks = 0, 0
	}
	p.fresh = true
	return true
}

// Take returns the blocks that are new or have changed, and how many before
// them the reader keeps; false if nothing has changed. With nothing to show yet,
// as before the first word, blocks is empty and not nil: readers go through it.
func (p *Partial) Take() (keep int, blocks []string, ok bool) {
	if !p.fresh {
		return 0, nil, false
	}
	keep, blocks, p.fresh = p.blocks, []string{}, false
	for {
		n := finished(p.text[p.settled:])
		if n == 0 {
			break
		}
		blocks = append(blocks, p.Renderer.Markdown(p.text[p.settled:p.settled+n]))
		p.settled += n
		p.blocks++
	}
	if rest := p.text[p.settled:]; strings.TrimSpace(rest) != "" {
		blocks = append(blocks, p.Renderer.Markdown(rest))
	}
	return keep, blocks, true
}

var (
	fenceLine = regexp.MustCompile("^ {0,3}(```+|~~~+)")
	// listLine also matches what may become the marker of a list.
	listLine = regexp.MustCompile(`^([-*+]|[0-9]{1,9}[.)]?)(\s|$)`)
)

// finished returns the length of the first part of text that what follows
// cannot change any more: up to a blank line outside of code, behind which
// something new begins; 0 if there is none yet.
func finished(text string) int {
	fence, blank, at := "", false, 0
	for line := range strings.Lines(text) {
		switch mark := fenceLine.FindStringSubmatch(line); {
		case fence != "":
			if mark != nil && strings.HasPrefix(mark[1], fence) {
				fence = ""
			}
		case strings.TrimSpace(line) == "":
			blank = true
			at += len(line)
			continue
		case blank && at > 0 && line[0] != ' ' && line[0] != '\t' && !listLine.MatchString(line):
			return at
		case mark != nil:
			fence = mark[1]
		}
		blank = false
		at += len(line)
	}
	return 0
}
