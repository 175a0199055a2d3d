package webchat

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	render "github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"parley"
)

// markPictures notes at the pictures of a document which are to be shown.
func (r *Renderer) markPictures(document ast.Node) {
	_ = ast.Walk(document, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		if p, ok := n.(*ast.Image); ok && r.shows(string(p.Destination)) {
			p.SetAttributeString("shown", true)
		}
		return ast.WalkContinue, nil
	})
}

func (r *Renderer) shows(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	origin, err := parley.CleanOrigin(u.Scheme + "://" + u.Host)
	return err == nil && r.pictures(origin)
}

// pictures renders a picture, or a link to it that is named by its description.
type pictures struct{}

// RegisterFuncs is goldmark's way to ask.
func (p pictures) RegisterFuncs(r render.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, p.render)
}

// The writer tells of an error at its end.
func (pictures) render(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	address := n.(*ast.Image).Destination
	escaped := util.EscapeHTML(util.URLEscape(address, true))
	if _, shown := n.AttributeString("shown"); shown {
		if entering {
			_, _ = w.WriteString(`<img src="`)
			_, _ = w.Write(escaped)
			_, _ = w.WriteString(`" alt="`)
			_, _ = w.Write(util.EscapeHTML([]byte(description(n, source))))
			_, _ = w.WriteString(`" loading="lazy" referrerpolicy="no-referrer">`)
		}
		return ast.WalkSkipChildren, nil
	}
	for up := n.Parent(); up != nil; up = up.Parent() {
		if up.Kind() == ast.KindLink {
			return ast.WalkContinue, nil // which leads elsewhere
		}
	}
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(escaped)
	_, _ = w.WriteString(`">`)
	if !n.HasChildren() {
		_, _ = w.Write(util.EscapeHTML(address))
	}
	return ast.WalkContinue, nil
}

// description is the text of a picture.
func description(picture ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(picture, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			_, _ = b.Write(t.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
