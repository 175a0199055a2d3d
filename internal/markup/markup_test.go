package markup_test

import (
	"strings"
	"testing"

	"parley/internal/markup"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	r := markup.NewRenderer()
	for _, c := range []struct{ name, src, want string }{
		{"plain", "Hello there, friend.", "<p>Hello there, friend.</p>"},
		{"empty", "", ""},
		{"emphasis", "**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"},
		{"line break", "one\ntwo", "<p>one<br>\ntwo</p>"},
		{"list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"},
		{"ordered", "3. c\n4. d", "<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>"},
		{"code", "`a < b`", "<p><code>a &lt; b</code></p>"},
		{"link", "[site](https://example.com/)", `<p><a href="https://example.com/" rel="nofollow noreferrer noopener" target="_blank">site</a></p>`},
		{"script link", "[x](javascript:alert(1))", "<p>x</p>"},
		{"data link", "[x](data:text/html;base64,PHNjcmlwdD4=)", "<p>x</p>"},
		{"image", "![x](https://tracker.example/p.gif)", "<p></p>"},
		{"raw script", "<script>alert(1)</script>", ""},
		{"raw handler", `hi <img src=x onerror=alert(1)>`, "<p>hi </p>"},
		{"attribute", "# t {onclick=alert(1)}", "<h1>t {onclick=alert(1)}</h1>"},
		{"nothing to format", "Grüße aus Köln", "<p>Grüße aus Köln</p>"},
		{"ampersand", "salt & pepper", "<p>salt &amp; pepper</p>"},
		{"bare domain", "see example.com please", "<p>see example.com please</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := r.Markdown(c.src); got != c.want {
				t.Errorf("Markdown(%q)\n got %s\nwant %s", c.src, got, c.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"":                     "",
		"a\nb":                 "<p>a<br>b</p>",
		"<b>**x**</b> & \"y\"": "<p>&lt;b&gt;**x**&lt;/b&gt; &amp; &#34;y&#34;</p>",
	} {
		if got := markup.Text(src); got != want {
			t.Errorf("Text(%q) = %q, want %q", src, got, want)
		}
	}
}

func FuzzMarkdownIsSafe(f *testing.F) {
	r := markup.NewRenderer()
	for _, s := range []string{"<script>", "[a](javascript:x)", "<a href=\"java\nscript:x\">", "![](x)", "<svg/onload=x>", "`<script>`"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		got := strings.ToLower(r.Markdown(src))
		for _, bad := range []string{"<script", "<img", "<svg", "<iframe", "<style", "href=\"javascript", "href=\"data"} {
			if strings.Contains(got, bad) {
				t.Errorf("Markdown(%q) holds %s: %s", src, bad, got)
			}
		}
	})
}
