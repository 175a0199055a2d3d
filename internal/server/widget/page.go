package widget

import (
	_ "embed" // for the pages
	"html/template"
	"net/http"
	"strings"

	"parley"
	"parley/internal/server/dashboard"
	"parley/internal/server/wire"
)

//go:embed page.html
var pageText string

//go:embed demo.html
var demoText string

var (
	pageTemplate = template.Must(template.New("page").Parse(pageText))
	demoTemplate = template.Must(template.New("demo").Parse(demoText))
)

// shown is what the pages are filled with.
type shown struct {
	Widget, Mode, Title, Language, Direction, Nonce string
}

// page is the widget as a page of its own. It may be framed by the sites that
// may use the widget, and by the dashboard.
func (s *Visitors) page(w http.ResponseWriter, r *http.Request) {
	c := &call{Context: r.Context(), r: r, w: w}
	_, err := s.limits.requests.address.Take(s.Address(r))
	if err == nil {
		c.widget, _, err = s.find(c, r.PathValue("widget"))
	}
	if err != nil {
		wire.ProblemOf(r.Context(), s.Log, err).Write(w)
		return
	}
	set := &c.widget.Settings
	tag, _ := s.accepted(set, r.Header.Get("Accept-Language"))
	p := shown{
		Widget: c.widget.ID, Mode: "page", Title: s.text(set, tag, "title"), Language: tag, Direction: "ltr",
		Nonce: dashboard.NewNonce(),
	}
	if rtl(tag) {
		p.Direction = "rtl"
	}
	if r.URL.Query().Has("preview") {
		p.Mode = "preview"
	}
	w.Header().Set("Vary", "Accept-Language")
	s.show(w, pageTemplate, p, ancestors(set), set.Origins...)
}

// ancestors are the sites that may frame the page.
func ancestors(set *parley.WidgetSettings) string {
	if len(set.Origins) == 0 {
		return "*"
	}
	return "'self' " + strings.Join(set.Origins, " ")
}

// demo is the page of a small shop with the widget on it.
func (s *Visitors) demo(w http.ResponseWriter, _ *http.Request) {
	s.show(w, demoTemplate, shown{Widget: s.Demo, Nonce: dashboard.NewNonce()}, "'none'")
}

// show sends a page that ancestors may frame, and that shows pictures of its own
// and of some sites.
func (s *Visitors) show(w http.ResponseWriter, t *template.Template, p shown, ancestors string, pictures ...string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'nonce-"+p.Nonce+"'; style-src 'nonce-"+p.Nonce+"'; "+
		"img-src "+strings.Join(append([]string{"'self' data: blob:"}, pictures...), " ")+"; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; "+
		"object-src 'none'; frame-ancestors "+ancestors)
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	if err := t.Execute(w, p); err != nil {
		s.Log.Debug("page", "error", err) // the reader has gone
	}
}
