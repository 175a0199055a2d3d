package webchat

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley"
)

// apply does what a reader does with the blocks of a text in the making.
func apply(have []string, keep int, blocks []string) []string {
	return append(slices.Clone(have[:keep]), blocks...)
}

func TestPartial(t *testing.T) {
	t.Parallel()
	r := NewRenderer()
	p := &Partial{Renderer: r}
	const text = "Hello **you**.\n\nA list:\n\n1. one\n\n2. two\n\n   more\n\n```go\na := 1\n\nb := 2\n```\n\nThe end."
	var have []string
	for i := range len(text) {
		if !p.Add(i, text[i:i+1]) {
			t.Fatal("refused")
		}
		keep, blocks, ok := p.Take()
		if !ok || keep > len(have) {
			t.Fatalf("at %d: keep %d of %d", i, keep, len(have))
		}
		have = apply(have, keep, blocks)
	}
	want := []string{
		"<p>Hello <strong>you</strong>.</p>", r.Markdown("A list:\n\n1. one\n\n2. two\n\n   more\n\n"),
		"<pre><code class=\"language-go\">a := 1\n\nb := 2\n</code></pre>", "<p>The end.</p>",
	}
	if !slices.Equal(have, want) {
		t.Errorf("got %q", have)
	}
	if _, _, ok := p.Take(); ok {
		t.Error("nothing has changed, and it says so")
	}
	if p.Add(len(text)+1, "x") {
		t.Error("a piece behind a gap is taken")
	}
	p.Add(0, "Anew")
	if keep, blocks, ok := p.Take(); !ok || keep != 0 || !slices.Equal(blocks, []string{"<p>Anew</p>"}) {
		t.Errorf("a new attempt gives %d, %q", keep, blocks)
	}
}

// However a text is cut into pieces, the blocks are the same in the end, and
// nothing in them can act.
func TestPartialHoweverItIsCut(t *testing.T) {
	t.Parallel()
	r := NewRenderer()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{
			"text", "", "- a", "1. b", "```", "> q", "| a |", "    code", "# h", "<script>alert(1)</script>", "[x](javascript:alert(1))", "***",
		}), 0, 20).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		whole := &Partial{Renderer: r}
		whole.Add(0, text)
		_, want, _ := whole.Take()
		cut := &Partial{Renderer: r}
		var have []string
		for at := 0; at < len(text); {
			n := min(len(text)-at, rapid.IntRange(1, 9).Draw(t, "n"))
			cut.Add(at, text[at:at+n])
			at += n
			keep, blocks, _ := cut.Take()
			have = apply(have, keep, blocks)
		}
		if !slices.Equal(have, want) {
			t.Fatalf("%q\ncut   %q\nwhole %q", text, have, want)
		}
		for _, b := range have {
			if fault := unsafe(b); fault != "" {
				t.Fatalf("%q: %s", text, fault)
			}
		}
	})
}

// What nobody writes is not read as Markdown, because that would take seconds.
func TestHugeMarkdown(t *testing.T) {
	t.Parallel()
	r := NewRenderer()
	const n = 64 << 10
	for name, piece := range map[string]string{
		"quotes": ">", "quotes and spaces": "> ", "brackets": "[", "emphasis": "*a ", "open links": "[a](b", "links": "[a](b)", "lists": "- ",
		"quoted lists": "> - ", "code": "`a``b", "table": "|a", "addresses": "http://a.b ", "tags": "<a ", "rows": "|a|\n|-|\n",
	} {
		html := r.Markdown(strings.Repeat(piece, n/len(piece)))
		if fault := unsafe(html); fault != "" || len(html) > 20*n {
			t.Errorf("%s: %d bytes, %s", name, len(html), fault)
		}
	}
	if !tooDeep(strings.Repeat("> ", 100)) || !tooDeep(strings.Repeat("[a](b", 3000)) || tooDeep(strings.Repeat("-", 500)) {
		t.Error("the bounds of Markdown are not where they were")
	}
}

func TestNoOverrides(t *testing.T) {
	t.Parallel()
	r := NewRenderer()
	for _, role := range []parley.MessageRole{parley.ByAssistant, parley.ByUser} {
		got := r.HTML(role, "safe\u202egpj.exe\u2066x\u200f")
		if strings.ContainsAny(got, "\u202e\u2066") || !strings.Contains(got, "\u200f") {
			t.Errorf("%s: %q", role, got)
		}
	}
}

// A client that is told null in place of a list loses its connection.
func TestNothingToShowYet(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", " \n\n"} {
		p := &Partial{Renderer: NewRenderer()}
		p.Add(0, text)
		if keep, blocks, ok := p.Take(); keep != 0 || blocks == nil || len(blocks) > 0 || !ok {
			t.Errorf("%q: keep %d, blocks %#v, %v", text, keep, blocks, ok)
		}
	}
}
