package server_test

import (
	"context"
	"html"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server"
	"parley/internal/server/wire"
)

// pages is a web of pages: texts, or "-> " and where one is redirected to.
type pages map[string]string

func (p pages) Page(ctx context.Context, url string) (address, text string, err error) {
	text, ok := p[url]
	if to, redirected := strings.CutPrefix(text, "-> "); redirected {
		return p.Page(ctx, to)
	}
	if ok {
		return url, text, nil
	}
	return "", "", parley.Errorf(parley.CodeUnavailable, "The page does not answer.")
}

func TestWidgetIsInstalled(t *testing.T) {
	t.Parallel()
	web := pages{}
	w := newWorld(t, "sqlite", func(c *server.Config) { c.Pages, c.PublicURL = web, "https://chat.example" })
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) { s.Origins = []string{"https://shop.example"} })
	id := w.ours.widget.ID
	snippet := `<script type="module" async src="https://chat.example/widget.js?id=` + id + `"></script>`
	another := strings.ReplaceAll(snippet, id, parley.NewID(time.Now()))
	checks := map[string]struct{ text, want string }{
		"https://shop.example/":        {snippet, ""},
		"https://shop.example:443/x":   {snippet, ""},
		"https://shop.example/quoted":  {strings.ReplaceAll(snippet, `"`, "'"), ""},
		"https://shop.example/added":   {"<script>s.src='https://chat.example/widget.js?id=" + id + "'</script>", ""},
		"https://chat.example/demo":    {`<script type=module src="/widget.js?id=` + id + `"></script>`, ""},
		"https://other.example/":       {snippet, "not among the allowed origins"},
		"https://shop.example/moved":   {"-> https://other.example/", "https://other.example is not among the allowed origins"},
		"https://www.shop.example/":    {"-> https://shop.example/", ""},
		"https://shop.example/bare":    {"<p>", "not on this page"},
		"https://shop.example/comment": {"<!-- " + snippet + " -->", "not on this page"},
		"https://shop.example/text":    {"<pre>" + html.EscapeString(snippet) + "</pre>", "not on this page"},
		"https://shop.example/another": {"<!-- " + id + " -->" + another, "another widget"},
		"https://shop.example/classic": {strings.ReplaceAll(snippet, `type="module" `, ""), "not a module"},
		"https://shop.example/old":     {strings.ReplaceAll(snippet, "chat.example", "old.example"), "from elsewhere"},
		"https://gone.example/":        {"", "could not be read"},
	}
	for url, page := range checks {
		if page.text != "" {
			web[url] = page.text
		}
	}
	for url, page := range checks {
		got := read[wire.WidgetCheck](t, w.send(request{method: "POST", path: "/api/v1/widgets/" + id + "/check", key: w.ours.key, body: wire.CheckWidget{URL: url}}))
		if got.Installed != (page.want == "") || !strings.Contains(got.Message, page.want) {
			t.Errorf("%s: %+v", url, got)
		}
	}
}
