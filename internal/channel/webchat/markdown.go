package webchat

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	render "github.com/yuin/goldmark/renderer"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"parley"
)

// Renderer turns the content of messages into HTML. It is safe for concurrent
// use.
type Renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
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

// newPolicy lists what may remain: text, lists, code, tables and links. There
// are no images, because a picture from elsewhere tells its server who reads: a
// link stands for it.
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
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

// pictures renders a picture as a link to it, named by its description.
type pictures struct{}

// RegisterFuncs is goldmark's way to ask.
func (p pictures) RegisterFuncs(r render.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, p.render)
}

func (pictures) render(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	for up := n.Parent(); up != nil; up = up.Parent() {
		if up.Kind() == ast.KindLink {
			return ast.WalkContinue, nil // which leads elsewhere
		}
	}
	if !entering {
		_, _ = w.WriteString("</a>") // the writer tells at its end
		return ast.WalkContinue, nil
	}
	address := n.(*ast.Image).Destination
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(util.EscapeHTML(util.URLEscape(address, true)))
	_, _ = w.WriteString(`">`)
	if !n.HasChildren() {
		_, _ = w.Write(util.EscapeHTML(address))
	}
	return ast.WalkContinue, nil
}

// HTML renders a message: the assistant's as Markdown, everybody else's as the
// plain text that they typed.
func (r *Renderer) HTML(role parley.MessageRole, content string) string {
	if role == parley.ByAssistant {
		return r.Markdown(content)
	}
	return Plain(content)
}

// Markdown renders Markdown as sanitised HTML.
func (r *Renderer) Markdown(source string) string {
	source = withoutOverrides(source)
	if tooDeep(source) {
		return Plain(source)
	}
	var b bytes.Buffer
	if err := r.markdown.Convert([]byte(source), &b); err != nil {
		return Plain(source)
	}
	return strings.TrimSpace(r.policy.Sanitize(b.String()))
}

// Plain renders text as it was typed, with its line breaks.
func Plain(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(withoutOverrides(text), "\r\n", "\n")
	return "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</p>"
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
