// Package markup turns the text of messages into HTML that is safe to show:
// Markdown for what assistants write, escaped text for everybody else.
package markup

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	grenderer "github.com/yuin/goldmark/renderer/html"
)

// Renderer renders texts. It may be used by many goroutines.
type Renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

// NewRenderer returns a renderer.
func NewRenderer() *Renderer {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "li",
		"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return &Renderer{
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.Linkify),
			goldmark.WithRendererOptions(grenderer.WithHardWraps()),
		),
		policy: p,
	}
}

// Markdown renders Markdown. Raw HTML in it is left out, and images become
// nothing: a text must not make the reader's browser call anybody.
func (r *Renderer) Markdown(src string) string {
	if plain(src) {
		return "<p>" + src + "</p>"
	}
	var b bytes.Buffer
	if err := r.markdown.Convert([]byte(src), &b); err != nil {
		return Text(src)
	}
	return strings.TrimSpace(string(r.policy.SanitizeBytes(b.Bytes())))
}

// Text escapes plain text and keeps its line breaks.
func Text(src string) string {
	if src == "" {
		return ""
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(src), "\n", "<br>") + "</p>"
}

// plain reports whether src is one line in which nothing means anything to
// Markdown, which saves the work for most short replies.
func plain(src string) bool {
	if src == "" || src[0] == ' ' || src[0] >= '0' && src[0] <= '9' {
		return false
	}
	for i := range len(src) {
		switch c := src[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 0x80:
		case c == ' ', c == ',', c == '?', c == ';':
		case c == '.', c == '!':
			if i+1 < len(src) && src[i+1] != ' ' {
				return false
			}
		default:
			return false
		}
	}
	return src[len(src)-1] != ' '
}
