package widget

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"parley"
)

//go:embed texts/*.json
var textFiles embed.FS

// shippedTexts are the texts that Parley is delivered with, by language.
func shippedTexts() (map[string]map[string]string, error) {
	files, err := textFiles.ReadDir("texts")
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]string{}
	for _, f := range files {
		b, err := textFiles.ReadFile(path.Join("texts", f.Name()))
		if err != nil {
			return nil, err
		}
		texts := map[string]string{}
		if err := json.Unmarshal(b, &texts); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		all[strings.TrimSuffix(f.Name(), ".json")] = texts
	}
	return all, nil
}

// baseOf is the language of a tag: pt of pt-BR.
func baseOf(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(base)
}

// rtl reports whether a language is written from right to left.
func rtl(tag string) bool {
	return slices.Contains([]string{"ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ckb", "ug"}, baseOf(tag))
}

// known returns the one of some languages that tag is, else the one that it is a
// kind of; "" if there is none.
func known(languages []string, tag string) string {
	for _, want := range []string{tag, baseOf(tag)} {
		i := slices.IndexFunc(languages, func(k string) bool { return strings.EqualFold(k, want) })
		if want != "" && i >= 0 {
			return languages[i]
		}
	}
	return ""
}

// spoken picks the language of a visitor who asks for tag: that, or the one
// that it is a kind of, if there are texts in it; else the widget's own.
func (s *Visitors) spoken(w *parley.WidgetSettings, tag string) string {
	return cmp.Or(known(s.languages(w), tag), w.Language)
}

// accepted returns the first language that there are texts in, of a list as an
// Accept-Language header has it, and how the visitor writes numbers and dates in
// it: British and American visitors read the same texts.
func (s *Visitors) accepted(w *parley.WidgetSettings, list string) (spoken, locale string) {
	all := s.languages(w)
	for i, part := range strings.Split(list, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if i >= 20 {
			break
		}
		if k := known(all, tag); k != "" {
			if t, err := language.Parse(tag); err == nil {
				return k, t.String()
			}
			return k, k // no browser writes dates in en-US@posix
		}
	}
	return w.Language, w.Language
}

// languages are those that a widget has texts in.
func (s *Visitors) languages(w *parley.WidgetSettings) []string {
	all := slices.Concat(slices.Collect(maps.Keys(s.texts)), slices.Collect(maps.Keys(w.Texts)), []string{w.Language})
	slices.Sort(all)
	return slices.Compact(all)
}

// in returns the entry of a language, else of the one that it is a kind of.
func in[T any](byLanguage map[string]T, tag string) T {
	if v, ok := byLanguage[tag]; ok {
		return v
	}
	return byLanguage[baseOf(tag)]
}

// text returns a text in a language: the owner's, else ours. What says something
// about the owner is rather in another language than general.
func (s *Visitors) text(w *parley.WidgetSettings, tag, key string) string {
	own := cmp.Or(w.Texts[tag][key], w.Texts[baseOf(tag)][key])
	fallback := cmp.Or(w.Texts[w.Language][key], w.Texts[baseOf(w.Language)][key])
	shipped := in(s.texts, tag)[key]
	if parley.OwnWidgetText(key) {
		return cmp.Or(own, fallback, shipped, in(s.texts, w.Language)[key], s.texts["en"][key])
	}
	return cmp.Or(own, shipped, fallback, in(s.texts, w.Language)[key], s.texts["en"][key])
}
