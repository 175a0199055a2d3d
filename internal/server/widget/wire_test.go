package widget

import (
	"strings"
	"testing"

	"parley"
	"parley/internal/channel/webchat"
)

func TestPicturesOfTheWidgetsSites(t *testing.T) {
	t.Parallel()
	s := &Visitors{Config: Config{HTML: webchat.NewRenderer()}}
	for _, c := range []struct {
		name    string
		origins []string
		page    string
		picture string
		want    bool
	}{
		{"of the page's own site, on any", nil, "https://shop.example", "https://shop.example/l.png", true},
		{"from elsewhere, on any", nil, "https://shop.example", "https://evil.example/l.png", false},
		{"on Parley's own page, on any", nil, "", "https://shop.example/l.png", false},
		{"of a page that says no site", nil, "null", "https://shop.example/l.png", false},
		{"of an allowed site", []string{"https://a.example", "https://*.shop.example"}, "https://a.example", "https://img.shop.example/l.png", true},
		{"of an allowed site, on Parley's own page", []string{"https://a.example"}, "", "https://a.example/l.png", true},
		{"of another than the allowed", []string{"https://*.shop.example"}, "https://www.shop.example", "https://shop.example/l.png", false},
	} {
		call := &call{widget: &parley.Widget{Settings: parley.WidgetSettings{Origins: c.origins}}, origin: c.page}
		html := s.html(call).HTML(parley.ByAssistant, "![x]("+c.picture+")")
		if got := strings.Contains(html, "<img "); got != c.want {
			t.Errorf("a picture %s is shown: %v", c.name, got)
		}
	}
}
