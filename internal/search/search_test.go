package search_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"parley/internal/search"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		query, text string
		want        bool
	}{
		{"refund", "I want a Refund.", true},
		{"refund", "no such thing", false},
		{"ref", "I want a refund", true},
		{"re", "I want a refund", false}, // prefixes from three letters
		{"i a", "I want a refund", true},
		{"want refund", "refund? I want it", true}, // words are ANDed
		{"want parcel", "I want a refund", false},
		{"cafe", "Wo ist das Café?", true},
		{"CAFÉ", "das cafe", true},
		{"strasse", "Hauptstraße 5", false}, // not inside words
		{"hauptstrasse", "Hauptstraße 5", true},
		{"ORD-12345", "my order ORD-12345 is late", true},
		{"ord12345", "my order ORD-12345 is late", true},
		{"ord 12345", "my order ord12345 is late", true},
		{"12345", "my order ORD-12345 is late", true},
		{"ORD-123", "my order ORD-12345 is late", true},
		{"ORD-99", "my order ORD-12345 is late", false},
		{"ord-12345", "order of 12345 words", true}, // the parts of a number may stand apart
		{"0170 1234567", "call +49 170 1234567", true},
		{"+49 170 1234567", "call 0170/1234567", true},
		{"01701234567", "call +49 170 1234567", true},
		{"4567", "call +49 170 1234567", true},
		{"123456", "call +49 170 1234567", true},
		{"9999", "call +49 170 1234567", false},
		{"70 12", "call +49 170 1234567", true},
		{"退款", "我想要退款，谢谢", true},
		{"款谢", "我想要退款，谢谢", false},
		{"想要退", "我想要退款，谢谢", true},
		{"返金", "返金をお願いします", true},
		{"願いします", "返金をお願いします", true},
		{"สินค้า", "ฉันยังไม่ได้รับสินค้าเลย", true},
		{"สินไม่", "ฉันยังไม่ได้รับสินค้าเลย", false},
		{"환불", "환불해 주세요", true},
		{"ＡＢＣ", "abc", true},
		{"anna@example", "write to Anna@Example.com", true},
		{`"refund" OR (x`, "or: x refund", true}, // never syntax
		{"NEAR(a b)", "near a b", true},
		{"!!! ???", "!!! ???", false},
		{"", "anything", false},
	} {
		if got := search.Parse(tc.query).Matches(tc.text); got != tc.want {
			t.Errorf("%q in %q: %v", tc.query, tc.text, got)
		}
	}
}

// What a query finds in a text it also finds by the words of the text, which
// is what the index knows.
func TestWordsSatisfyClauses(t *testing.T) {
	t.Parallel()
	texts := []string{
		"my order ORD-12345 is late", "call +49 170 1234567 or 0151-7654321", "我想要退款，谢谢", "ฉันยังไม่ได้รับสินค้าเลย",
		"Wo ist das Café? Größe XL", "返金をお願いします ABC", "IBAN DE89 3704 0044 0532 0130 00",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(texts).Draw(t, "text")
		runes := []rune(text)
		i := rapid.IntRange(0, len(runes)-1).Draw(t, "from")
		j := rapid.IntRange(i+1, len(runes)).Draw(t, "to")
		q := search.Parse(string(runes[i:j]))
		if !q.Matches(text) {
			return
		}
		words := search.Words(text)
		for _, clause := range q.Clauses() {
			if !slices.ContainsFunc(clause, func(alt []search.Term) bool { return satisfied(words, alt) }) {
				t.Fatalf("%q is found in %q, but not by %v in %v", string(runes[i:j]), text, clause, words)
			}
		}
	})
}

// What the index finds for an exact query, Matches finds too.
func TestExact(t *testing.T) {
	t.Parallel()
	text := rapid.StringOf(rapid.SampledFrom([]rune("abcáßeİé\u0301  -.12๑想要สิ")))
	rapid.Check(t, func(t *rapid.T) {
		typed, text := text.Draw(t, "typed"), text.Draw(t, "text")
		q := search.Parse(typed)
		if !q.Exact() || q.Empty() || q.Matches(text) {
			return
		}
		words := search.Words(text)
		for _, clause := range q.Clauses() {
			if !slices.ContainsFunc(clause, func(alt []search.Term) bool { return satisfied(words, alt) }) {
				return
			}
		}
		t.Fatalf("%q is found by its words %v, but does not match", typed, words)
	})
}

func satisfied(words []string, terms []search.Term) bool {
	for _, term := range terms {
		if !slices.ContainsFunc(words, func(w string) bool {
			return w == term.Text || term.Prefix && strings.HasPrefix(w, term.Text)
		}) {
			return false
		}
	}
	return true
}

func TestSnippet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ query, text, want string }{
		{"refund", "I want a refund\n\nplease", "I want a [refund] please"},
		{"cafe", "Das Cafe\u0301 ist zu", "Das [Café] ist zu"},
		{"想要", "我想要退款", "我[想要]退款"},
		{"0170", "Tel. +49 (170) 1234567!", "Tel. +[49 (170) 1234567]!"},
		{"b", "<b>a b</b>", "<[b]>a [b]</[b]>"},
		{"needle", strings.Repeat("hay ", 100) + "needle " + strings.Repeat("hay ", 100), "…" + strings.Repeat("hay ", 10) + "[needle] " + strings.Repeat("hay ", 28) + "h…"},
		{"gone", "nothing", ""},
	} {
		var b strings.Builder
		for _, s := range search.Parse(tc.query).Snippet(tc.text, 160) {
			if s.Hit {
				b.WriteString("[" + s.Text + "]")
			} else {
				b.WriteString(s.Text)
			}
		}
		if b.String() != tc.want {
			t.Errorf("%q in %q:\n%s\nwant\n%s", tc.query, tc.text, b.String(), tc.want)
		}
	}
}

// Whatever is typed and whatever is searched: nothing panics, and a snippet is
// valid text of bounded length.
func FuzzSnippet(f *testing.F) {
	f.Add("refund", "I want a refund")
	f.Add("0170 12", "+49 170 1234567 ๑๒๓")
	f.Add("İ", "İstanbul ﬁn ㎏ ½ ①")
	f.Add("が", "か\u3099が")
	f.Fuzz(func(t *testing.T, query, text string) {
		if !utf8.ValidString(text) {
			return
		}
		q := search.Parse(query)
		search.Words(text)
		n := 0
		for _, s := range q.Snippet(text, 160) {
			if !utf8.ValidString(s.Text) {
				t.Errorf("%q is not valid", s.Text)
			}
			n += utf8.RuneCountInString(s.Text)
		}
		if n > 170+utf8.RuneCountInString(text)/2 && n > 400 {
			t.Errorf("a snippet of %d runes", n)
		}
	})
}
