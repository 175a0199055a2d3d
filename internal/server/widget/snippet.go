package widget

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"parley"
	"parley/internal/server/wire"
)

// Judge says whether a page at an address has the snippet of a widget, as
// browsers get it from base.
func Judge(w *parley.Widget, base string, u *url.URL, page string) wire.WidgetCheck {
	found := findSnippet(page, u, base, w.ID)
	origin, err := parley.CleanOrigin(u.Scheme + "://" + u.Host)
	if err != nil {
		origin = u.Scheme + "://" + u.Host
	}
	switch {
	case found.ours && !w.Settings.AllowsOrigin(origin) && origin != base:
		return wire.WidgetCheck{
			Message: "The snippet is there, but " + origin + " is not among the allowed origins, so the widget does not appear.",
			Hint:    "Add it in the settings, under Security.",
		}
	case found.ours:
		return wire.WidgetCheck{Installed: true, Message: "The widget is installed on this page."}
	case found.classic:
		return wire.WidgetCheck{
			Message: "The snippet is there, but is not a module, so browsers do not run it.",
			Hint:    "Copy the snippet again: it has to say type=\"module\".",
		}
	case found.elsewhere:
		return wire.WidgetCheck{
			Message: "The page names this widget, but loads the script from elsewhere.",
			Hint:    "Copy the snippet again: its address has to begin with " + base + ".",
		}
	case found.other:
		return wire.WidgetCheck{
			Message: "The page has the snippet of another widget.",
			Hint:    "Copy the snippet of this one.",
		}
	}
	return wire.WidgetCheck{
		Message: "The snippet is not on this page.",
		Hint:    "Put it before </body>. If a tag manager adds it, the page itself does not show it: open the page and look for the launcher.",
	}
}

// snippets are what a page has of widgets.
type snippets struct {
	ours      bool // the widget, from here
	classic   bool // likewise, but not as a module
	elsewhere bool // the widget, from another server
	other     bool // another widget from here
}

// findSnippet looks for scripts that load the widget with an id: in tags, or
// in the text of a script that adds them. What stands in a comment or as text
// of the page loads nothing.
func findSnippet(page string, u *url.URL, base, id string) snippets {
	var found snippets
	inScript := false
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken:
			t := z.Token()
			if inScript = t.Data == "script"; inScript {
				found.add(t.Attr, u, base, id)
			}
		case html.TextToken:
			found.ours = found.ours || inScript && strings.Contains(string(z.Raw()), base+"/widget.js?id="+id)
		case html.EndTagToken:
			inScript = false
		}
	}
}

// add takes in the attributes of a script.
func (s *snippets) add(attrs []html.Attribute, u *url.URL, base, id string) {
	var src *url.URL
	module := false
	for _, a := range attrs {
		switch a.Key {
		case "src":
			src, _ = u.Parse(strings.TrimSpace(a.Val)) // nil: it leads nowhere
		case "type":
			module = strings.EqualFold(strings.TrimSpace(a.Val), "module")
		}
	}
	if src == nil || !strings.HasSuffix(src.Path, "/widget.js") {
		return
	}
	here := src.Scheme+"://"+src.Host+src.Path == base+"/widget.js"
	same := src.Query().Get("id") == id
	s.ours = s.ours || here && same && module
	s.classic = s.classic || here && same && !module
	s.elsewhere = s.elsewhere || !here && same
	s.other = s.other || here && !same
}
