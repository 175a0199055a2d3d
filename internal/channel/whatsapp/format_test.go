package whatsapp

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

func TestFormatted(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"**bold** __too__ *italic* _too_ ~~gone~~": "*bold* *too* _italic_ _too_ ~gone~",
		"***both***":                             "*_both_*",
		"**bold with *italic* inside**":          "**bold with _italic_ inside**",
		"# A *heading* #":                        "*A _heading_*",
		"### **Bold heading**":                   "*Bold heading*",
		"#hashtag":                               "#hashtag",
		"* a\n+ b\n- c\n  * d\n1. e":             "- a\n- b\n- c\n  - d\n1. e",
		"2 * 3 * 4":                              "2 * 3 * 4",
		"snake_case_name":                        "snake_case_name",
		"`**code**` and **bold `x*y`**":          "`**code**` and *bold `x*y`*",
		"```go\nx := **p\n```\n**y**":            "```\nx := **p\n```\n*y*",
		"[shop](https://x.example/a_b_c?d=*)":    "shop (https://x.example/a_b_c?d=*)",
		"[https://x.example](https://x.example)": "https://x.example",
		"[mail](mailto:a@b.example)":             "mail (a@b.example)",
		"[x](https://en.example/wiki/A_(b)) end": "x (https://en.example/wiki/A_(b)) end",
		"[x](https://x.example \"title\")":       "x (https://x.example)",
		"![a cat](https://x.example/cat.png)":    "a cat (https://x.example/cat.png)",
		"<https://x.example/__init__>":           "https://x.example/__init__",
		"see https://x.example/a__b__c now":      "see https://x.example/a__b__c now",
		"**[link](https://x.example)**":          "*link (https://x.example)*",
		"| a | b |\n|---|:-:|\n| 1 | 2 |":        "| a | b |\n| 1 | 2 |",
		"a\n\n---\n\nb":                          "a\n\n—\n\nb",
		"1\\. not a list, \\*not italic\\*":      "1. not a list, *not italic*",
		"> quoted":                               "> quoted",
		"\x01\x02\x030\x03":                      "0",
		"**a** \x020\x03 `b`":                    "*a* 0 `b`",
		"unclosed **bold":                        "unclosed **bold",
		"**":                                     "**",
		"":                                       "",
		"Sum: **12,50 €**, until *Friday*.\nThank **you**!": "Sum: *12,50 €*, until _Friday_.\nThank *you*!",
	} {
		if got := formatted(in); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", in, got, want)
		}
	}
}

// What was split by its length fits after it was formatted.
func TestFormattedIsHardlyLonger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"**", "*", "_", "__", "~~", "`", "```", "\n", " ", "# ", "- ", "[a](https://x.example/b_c)", "<https://y.example>", "word", "\\*", "|", "---", "ä", "👩‍👧",
		}), 0, 60).Draw(t, "parts"), "")
		if got := formatted(in); graph.Length(got) > graph.Length(in)+margin {
			t.Fatalf("%q becomes %q", in, got)
		}
	})
}

func TestSplit(t *testing.T) {
	t.Parallel()
	c := newChannel(t, nil)
	paragraphs := strings.Repeat("One sentence. Another sentence here.\n\n", 300)
	for name, test := range map[string]struct {
		m     parley.Message
		check func(t *testing.T, parts []parley.Message)
	}{
		"at paragraphs": {parley.Message{Content: paragraphs}, func(t *testing.T, parts []parley.Message) {
			for _, p := range parts {
				if !strings.HasSuffix(p.Content, "here.") {
					t.Errorf("a part ends with %q", p.Content[len(p.Content)-20:])
				}
			}
		}},
		"at sentences": {parley.Message{Content: strings.Repeat("One sentence with 3.5 percent. ", 300)}, func(t *testing.T, parts []parley.Message) {
			for _, p := range parts {
				if !strings.HasSuffix(p.Content, "percent.") {
					t.Errorf("a part ends with %q", p.Content[len(p.Content)-20:])
				}
			}
		}},
		"at words": {parley.Message{Content: strings.Repeat("word ", 3000)}, func(t *testing.T, parts []parley.Message) {
			for _, p := range parts {
				if !strings.HasSuffix(p.Content, "word") {
					t.Errorf("a part ends with %q", p.Content[len(p.Content)-20:])
				}
			}
		}},
		"code stays code": {parley.Message{Content: "See:\n```\n" + strings.Repeat("line of code\n", 600) + "```\nEnd."}, func(t *testing.T, parts []parley.Message) {
			for _, p := range parts {
				if strings.Count(p.Content, fence)%2 != 0 {
					t.Errorf("code is not closed: %q", p.Content)
				}
			}
		}},
		"caption": {parley.Message{Content: "Look", Attachments: []parley.Attachment{{ID: "1", MIMEType: "image/png"}}}, func(t *testing.T, parts []parley.Message) {
			if len(parts) != 1 || parts[0].Content != "Look" || parts[0].Type != parley.MessageImage {
				t.Errorf("got %+v", parts)
			}
		}},
		"buttons need room": {parley.Message{Content: strings.Repeat("word ", 400), Choices: []string{"Yes"}}, func(t *testing.T, parts []parley.Message) {
			if len(parts) != 2 || graph.Length(parts[1].Content) > maxInteractive {
				t.Errorf("%d parts, the last of %d", len(parts), graph.Length(parts[len(parts)-1].Content))
			}
		}},
		"template": {parley.Message{Type: parley.MessageTemplate, Content: paragraphs}, func(t *testing.T, parts []parley.Message) {
			if len(parts) != 1 {
				t.Errorf("%d parts", len(parts))
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.m.Role = parley.ByAssistant
			parts := c.Split(test.m)
			for _, p := range parts {
				if p.Type != parley.MessageTemplate && graph.Length(p.Content) > maxText {
					t.Errorf("a part has %d characters", graph.Length(p.Content))
				}
			}
			test.check(t, parts)
		})
	}
}

// Every part of every message can be composed.
func TestPartsFit(t *testing.T) {
	t.Parallel()
	c := newChannel(t, nil)
	words := []string{"word ", "👩‍👩‍👧‍👦", "sentence. ", "\n\n", "**bold** ", "```\n", strings.Repeat("x", 500), "e\u0301", "[a](https://x.example/b) ", "# "}
	rapid.Check(t, func(t *rapid.T) {
		m := parley.Message{Role: parley.ByAssistant, Type: parley.MessageText}
		m.Content = strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 400).Draw(t, "text"), "") + "."
		m.Choices = rapid.SliceOfN(rapid.StringMatching(`[a-zß]{1,100}`), 0, 12).Draw(t, "choices")
		for _, part := range c.Split(m) {
			m := newOutbound(part)
			if _, e := c.compose(t.Context(), m); e != nil && e.Code != "empty" {
				t.Fatalf("%v in %d characters", e, graph.Length(part.Content))
			}
		}
	})
}
