package widget

import (
	"regexp"
	"slices"
	"testing"

	"parley"
)

// Every shipped language has every text, with the same placeholders.
func TestShippedTexts(t *testing.T) {
	t.Parallel()
	all, err := shippedTexts()
	if err != nil {
		t.Fatal(err)
	}
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for _, lang := range []string{"en", "de", "fr", "es", "pt", "ar", "hi", "zh"} {
		texts := all[lang]
		if len(texts) != len(parley.WidgetTextKeys()) {
			t.Errorf("%s has %d texts, want %d", lang, len(texts), len(parley.WidgetTextKeys()))
		}
		for _, key := range parley.WidgetTextKeys() {
			if texts[key] == "" && key != "launcher" {
				t.Errorf("%s has no text %s", lang, key)
			}
			want, got := placeholder.FindAllString(all["en"][key], -1), placeholder.FindAllString(texts[key], -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Errorf("%s %s has the placeholders %v, want %v", lang, key, got, want)
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	texts, err := shippedTexts()
	if err != nil {
		t.Fatal(err)
	}
	s := &Visitors{texts: texts}
	set := parley.DefaultWidgetSettings()
	set.Texts = map[string]map[string]string{"en": {"title": "Shop", "send": "Go"}, "nl": {"title": "Winkel"}, "pt-BR": {"title": "Loja"}}
	for asked, want := range map[string]string{"de": "de", "de-AT": "de", "pt-BR": "pt-BR", "pt-PT": "pt", "NL": "nl", "sv": "en", "": "en", "../x": "en"} {
		if got := s.spoken(&set, asked); got != want {
			t.Errorf("%q is spoken to in %q, want %q", asked, got, want)
		}
	}
	for header, want := range map[string][2]string{
		"sv, de;q=0.8, en;q=0.5": {"de", "de"}, "sv": {"en", "en"}, "pt-BR,pt;q=0.9": {"pt-BR", "pt-BR"}, "": {"en", "en"}, ";,;": {"en", "en"},
		"nl-NL,de-AT": {"nl", "nl-NL"}, "en_GB": {"en", "en"}, "en-gb": {"en", "en-GB"}, "en-US@posix": {"en", "en"}, "zh-TW": {"zh", "zh-TW"},
		"de-@,en": {"de", "de"},
	} {
		if got, locale := s.accepted(&set, header); got != want[0] || locale != want[1] {
			t.Errorf("%q is spoken to in %q with the dates of %q, want %q", header, got, locale, want)
		}
	}
	for _, c := range []struct{ lang, key, want string }{
		{"nl", "title", "Winkel"}, {"de", "title", "Shop"}, {"de", "send", texts["de"]["send"]}, {"en", "send", "Go"}, {"nl", "send", "Go"},
		{"nl", "close", texts["en"]["close"]}, {"pt-BR", "send", texts["pt"]["send"]}, {"pt-BR", "title", "Loja"}, {"de", "greeting", texts["de"]["greeting"]},
	} {
		if got := s.text(&set, c.lang, c.key); got != c.want {
			t.Errorf("%s of %s is %q, want %q", c.key, c.lang, got, c.want)
		}
	}
}
