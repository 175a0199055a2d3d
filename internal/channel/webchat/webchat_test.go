package webchat

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
)

func TestInbound(t *testing.T) {
	t.Parallel()
	c := New(parley.SourceAPI)
	from := Origin{WorkspaceID: "w", ConversationID: "c", Key: "key1:abc"}
	file := parley.Attachment{ID: "f1", Name: "a.png", MIMEType: "image/png", Size: 3}

	in, err := c.Inbound(from, &Body{Content: "Hello", Attachments: []string{"f1"}}, []parley.Attachment{file})
	if err != nil {
		t.Fatal(err)
	}
	if in.Source != parley.SourceAPI || in.Type != parley.MessageImage || in.ProviderID != "idem:key1:abc" ||
		in.Content != "Hello" || len(in.Attachments) != 1 || in.ConversationID != "c" {
		t.Errorf("got %+v", in)
	}
	for name, bad := range map[string]struct {
		body Body
		code parley.Code
	}{
		"empty":        {Body{Content: " \n"}, parley.CodeInvalid},
		"NUL":          {Body{Content: "a\x00b"}, parley.CodeInvalid},
		"not UTF-8":    {Body{Content: "\xff"}, parley.CodeInvalid},
		"too long":     {Body{Content: strings.Repeat("x", parley.MaxContentBytes+1)}, parley.CodeTooLarge},
		"unknown file": {Body{Attachments: []string{"f2"}}, parley.CodeInvalid},
		"many files":   {Body{Attachments: make([]string, MaxAttachments+1)}, parley.CodeInvalid},
		"bad reply_to": {Body{Content: "x", ReplyTo: "1"}, parley.CodeInvalid},
	} {
		if _, err := c.Inbound(from, &bad.body, nil); parley.ErrorCode(err) != bad.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Inbound(from, &Body{Content: strings.Repeat("x", parley.MaxContentBytes)}, nil); err != nil {
		t.Errorf("64 KB are allowed: %v", err)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	r := NewRenderer()
	for in, want := range map[string]string{
		"**bold** and `code`": "<p><strong>bold</strong> and <code>code</code></p>",
		"a\nb":                "<p>a<br>\nb</p>",
		"[site](https://example.com/a?b=c)": `<p><a href="https://example.com/a?b=c" rel="nofollow noreferrer noopener" ` +
			`target="_blank">site</a></p>`,
		"https://example.com": `<p><a href="https://example.com" rel="nofollow noreferrer noopener" target="_blank">https://example.com</a></p>`,
		"1. a\n2. b":          "<ol>\n<li>a</li>\n<li>b</li>\n</ol>",
		"```go\nx < y\n```":   "<pre><code class=\"language-go\">x &lt; y\n</code></pre>",
		"|a|\n|:-:|\n|b|":     "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>",
		"":                    "",
		// A picture from elsewhere is not loaded; it can be looked at.
		"![A *map*](https://x.example/?a=1&b)":                 `<p><a href="https://x.example/?a=1&amp;b" rel="nofollow noreferrer noopener" target="_blank">A <em>map</em></a></p>`,
		"![](https://x.example/m.png)":                         `<p><a href="https://x.example/m.png" rel="nofollow noreferrer noopener" target="_blank">https://x.example/m.png</a></p>`,
		"[![Map](https://x.example/m.png)](https://y.example)": `<p><a href="https://y.example" rel="nofollow noreferrer noopener" target="_blank">Map</a></p>`,
		"![x](javascript:alert(1))":                            "<p>x</p>",
	} {
		if got := r.HTML(parley.ByAssistant, in); got != want {
			t.Errorf("%q\ngot  %s\nwant %s", in, got, want)
		}
	}
	if got := r.HTML(parley.ByUser, "**x** <b>\r\ny"); got != "<p>**x** &lt;b&gt;<br>y</p>" {
		t.Errorf("what a contact types is Markdown: %s", got)
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	r := NewRenderer().Showing(func(origin string) bool { return origin == "https://shop.example" })
	img := func(src, alt string) string {
		return `<img src="` + src + `" alt="` + alt + `" loading="lazy" referrerpolicy="no-referrer">`
	}
	for in, want := range map[string]string{
		"![A *big* lamp](https://shop.example/l.png?a=1&b=2)": "<p>" + img("https://shop.example/l.png?a=1&amp;b=2", "A big lamp") + "</p>",
		`![a"b](https://shop.example/l.png)`:                  "<p>" + img("https://shop.example/l.png", "a&#34;b") + "</p>",
		"![](HTTPS://SHOP.example:443/l.png)":                 "<p>" + img("https://SHOP.example:443/l.png", "") + "</p>",
		"[![x](https://shop.example/l.png)](https://y.example)": `<p><a href="https://y.example" rel="nofollow noreferrer noopener" target="_blank">` +
			img("https://shop.example/l.png", "x") + "</a></p>",
	} {
		if got := r.HTML(parley.ByAssistant, in); got != want {
			t.Errorf("%q\ngot  %s\nwant %s", in, got, want)
		}
	}
	for _, elsewhere := range []string{
		"http://shop.example/l.png", "https://shop.example.evil.example/l.png", "https://evil.example/https://shop.example/l.png", "//shop.example/l.png",
		"https://evil.example\\@shop.example/l.png", "https://shop.example@evil.example/l.png", "https://a:b@shop.example/l.png", "https:shop.example/l.png", "/l.png", "data:image/png;base64,AAAA",
		"https://shop.example:8443/l.png",
	} {
		if got := r.HTML(parley.ByAssistant, "![x]("+elsewhere+")"); strings.Contains(got, "<img") {
			t.Errorf("%s is shown: %s", elsewhere, got)
		}
	}
}

func TestOperatorsLinks(t *testing.T) {
	t.Parallel()
	r := NewRenderer()
	link := func(address string) string {
		escaped := html.EscapeString(address)
		return `<a href="` + escaped + `" rel="nofollow noreferrer noopener" target="_blank">` + escaped + `</a>`
	}
	for in, want := range map[string]string{
		"See https://shop.example/a?b=1&c='2'.\nBye": "<p>See " + link("https://shop.example/a?b=1&c='2") + "&#39;.<br>Bye</p>",
		"(https://x.example/wiki/Go_(game)), <https://y.example>": "<p>(" + link("https://x.example/wiki/Go_(game)") + "), &lt;" +
			link("https://y.example") + "&gt;</p>",
		"**no** javascript:alert(1) ahttps://x.example https://": "<p>**no** javascript:alert(1) ahttps://x.example https://</p>",
	} {
		if got := r.HTML(parley.ByOperator, in); got != want {
			t.Errorf("%q\ngot  %s\nwant %s", in, got, want)
		}
	}
	if got := r.HTML(parley.ByUser, "https://x.example"); strings.Contains(got, "<a") {
		t.Errorf("a contact makes links for operators: %s", got)
	}
}

// attacks is what must not act.
var attacks = []string{
	"<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"![x](https://tracker.example/p.png)",
	"[x](javascript:alert(1))",
	"[x](JaVaScRiPt:alert(1))",
	"[x](java\tscript:alert(1))",
	"[x](data:text/html;base64,PHNjcmlwdD4=)",
	"[x](vbscript:x)",
	"<a href=\"javascript:alert(1)\">x</a>",
	"<iframe src=//evil></iframe>",
	"<svg/onload=alert(1)>",
	"<style>*{display:none}</style>",
	"<https://x.example/\"onmouseover=\"alert(1)>",
	"[x](https://x.example/\"onmouseover=alert(1))",
	"```\"onload=alert(1)\nx\n```",
	"<form action=//evil><input name=a></form>",
	"<div style=\"position:fixed\">x</div>",
	"<math><mi xlink:href=\"javascript:alert(1)\">x</mi></math>",
	"\\<script>", "&lt;script&gt;", "<scr<script>ipt>",
}

func TestNothingActs(t *testing.T) {
	t.Parallel()
	r := NewRenderer()
	for _, a := range attacks {
		for _, role := range []parley.MessageRole{parley.ByAssistant, parley.ByUser, parley.BySystem, parley.ByOperator} {
			if fault := unsafe(r.HTML(role, a)); fault != "" {
				t.Errorf("%s %q: %s in %s", role, a, fault, r.HTML(role, a))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 5).Draw(t, "parts") {
			if rapid.Bool().Draw(t, "attack") {
				b.WriteString(rapid.SampledFrom(attacks).Draw(t, "a"))
			} else {
				b.WriteString(rapid.StringMatching("[a-z<>\"'`*_\\[\\]()&;:/ \\n!-]{0,12}").Draw(t, "text"))
			}
		}
		if fault := unsafe(r.Markdown(b.String())); fault != "" {
			t.Fatalf("%q: %s in %s", b.String(), fault, r.Markdown(b.String()))
		}
	})
}

// unsafe parses HTML as a browser does and says what in it could act.
func unsafe(source string) string {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			switch tok.Data {
			case "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6",
				"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a":
			default:
				return "element " + tok.Data
			}
			for _, a := range tok.Attr {
				switch a.Key {
				case "href":
					scheme, _, ok := strings.Cut(strings.ToLower(a.Val), ":")
					if ok && scheme != "http" && scheme != "https" && scheme != "mailto" && scheme != "tel" {
						return "address " + a.Val
					}
				case "rel", "target", "class", "start", "align":
				default:
					return "attribute " + a.Key
				}
			}
		}
	}
}

func TestChannelsOfTheWebSources(t *testing.T) {
	t.Parallel()
	for _, source := range []parley.Source{parley.SourceTest, parley.SourceWidget, parley.SourceAPI} {
		c := New(source)
		channeltest.Check(t, c)
		if _, ok := channel.Channel(c).(channel.Pusher); ok {
			t.Errorf("%s sends, although its readers fetch", source)
		}
	}
}
