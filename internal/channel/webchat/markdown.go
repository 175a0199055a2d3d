package webchat

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	render "github.com/yuin/goldmark/renderer"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"parley"
)

// Renderer turns the content of messages into HTML. It is safe for concurrent
// use.
type Renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
	pictures func(origin string) bool // whose pictures are shown; nil: nobody's
}

// NewRenderer returns a renderer.
func NewRenderer() *Renderer {
	return &Renderer{
		// Raw HTML stays off in goldmark; the policy is the second wall.
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
			goldmark.WithRendererOptions(renderer.WithHardWraps(), render.WithNodeRenderers(util.Prioritized(pictures{}, 1))),
		),
		policy: newPolicy(),
	}
}

// Showing returns a renderer that shows the pictures of the sites, as an Origin
// header names them, that pictures is true for. Those from elsewhere would tell
// their server who reads; a link stands for them.
func (r *Renderer) Showing(pictures func(origin string) bool) *Renderer {
	own := *r
	own.pictures = pictures
	return &own
}

// newPolicy lists what may remain: text, lists, code, tables, links and
// pictures.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote",
		"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li",
		"table", "thead", "tbody", "tr", "th", "td",
	)
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-zA-Z0-9_+-]{1,32}$`)).OnElements("code")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt", "loading", "referrerpolicy").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

// HTML renders a message: the assistant's as Markdown, everybody else's as the
// plain text that they typed, an operator's with links.
func (r *Renderer) HTML(role parley.MessageRole, content string) string {
	switch role {
	case parley.ByAssistant:
		return r.Markdown(content)
	case parley.ByOperator:
		return r.policy.Sanitize(typed(content, linked))
	default:
		return Plain(content)
	}
}

// Markdown renders Markdown as sanitised HTML.
func (r *Renderer) Markdown(source string) string {
	source = withoutOverrides(source)
	if tooDeep(source) {
		return Plain(source)
	}
	var b bytes.Buffer
	typed := []byte(source)
	document := r.markdown.Parser().Parse(text.NewReader(typed))
	if r.pictures != nil {
		r.markPictures(document)
	}
	if err := r.markdown.Renderer().Render(&b, typed, document); err != nil {
		return Plain(source)
	}
	return strings.TrimSpace(r.policy.Sanitize(b.String()))
}

// Plain renders text as it was typed, with its line breaks.
func Plain(text string) string { return typed(text, html.EscapeString) }

func typed(text string, escape func(string) string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(withoutOverrides(text), "\r\n", "\n")
	return "<p>" + strings.ReplaceAll(escape(text), "\n", "<br>") + "</p>"
}

var webAddress = regexp.MustCompile(`\bhttps?://[^\s<>"]+`)

// linked escapes text and makes links of the addresses in it. What ends a sentence
// is not of them, nor is a bracket that was opened before.
func linked(text string) string {
	var b strings.Builder
	at := 0
	for _, found := range webAddress.FindAllStringIndex(text, -1) {
		address := text[found[0]:found[1]]
		for {
			rest := strings.TrimRight(address, ".,:;!?'*_]}")
			if strings.Count(rest, ")") > strings.Count(rest, "(") {
				rest = strings.TrimSuffix(rest, ")")
			}
			if rest == address {
				break
			}
			address = rest
		}
		escaped := html.EscapeString(address)
		b.WriteString(html.EscapeString(text[at:found[0]]) + `<a href="` + escaped + `">` + escaped + `</a>`)
		at = found[0] + len(address)
	}
	return b.String() + html.EscapeString(text[at:])
}

// The bounds of what is read as Markdown. A parser takes time in proportion to
// the square of these.
const (
	maxMarkers = 50   // of quotes and lists at the beginning of one line
	maxLinks   = 2000 // beginnings of a link's address, closed or not
)

// tooDeep reports whether text is Markdown that nobody writes and that takes
// long to read.
func tooDeep(source string) bool {
	if strings.Count(source, "](") > maxLinks {
		return true
	}
	for line := range strings.Lines(source) {
		markers := 0
		for _, c := range []byte(line) {
			if c == '>' || c == '-' || c == '+' || c == '*' {
				markers++
			} else if c != ' ' && c != '\t' {
				break
			}
		}
		if markers > maxMarkers && strings.ContainsAny(line, "> ") {
			return true
		}
	}
	return false
}

// withoutOverrides removes the characters that turn around how what follows is
// shown (Unicode's embeddings, overrides and isolates): with them a text reads
// otherwise than it is. Marks of direction stay.
func withoutOverrides(s string) string {
	if !strings.ContainsAny(s, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
}
