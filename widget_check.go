package parley

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of a widget's settings.
const (
	maxWidgetText  = 1_000 // bytes of one text
	maxLanguages   = 40    // with texts of their own
	maxSuggested   = 6     // per language
	maxFields      = 20    // of the form
	maxConsent     = 4_000 // bytes
	maxOrigins     = 100
	maxAvatar      = 32 << 10 // bytes, as a data URL
	maxSpans       = 28       // of business hours
	minContrast    = 4.5      // of text, WCAG 2.2 AA
	accentContrast = 3.0      // of parts of the interface, WCAG 2.2 AA
)

// DefaultWidgetSettings are the settings of a new widget.
func DefaultWidgetSettings() WidgetSettings {
	s := WidgetSettings{Rating: true}
	s.Default()
	s.Attachments.Enabled = true
	return s
}

// Default fills in what settings leave out.
func (s *WidgetSettings) Default() {
	setDefault(&s.Mode, WidgetChat)
	setDefault(&s.Language, "en")
	setDefault(&s.Size, WidgetStandard)
	setDefault(&s.Position, WidgetBottomRight)
	setDefault(&s.Theme, WidgetAuto)
	setDefault(&s.Light, WidgetColors{Accent: "#5b3fd6", OnAccent: "#ffffff", Background: "#ffffff", Text: "#1d1b26"})
	setDefault(&s.Dark, WidgetColors{Accent: "#a48fff", OnAccent: "#16131f", Background: "#1d1b26", Text: "#f2f0f8"})
	setDefault(&s.Icon, "chat")
	setDefault(&s.Identity, IdentityOff)
	setDefault(&s.Attachments.MaxMB, 10)
	if s.Attachments.Types == nil {
		s.Attachments.Types = []FileType{FileImage, FilePDF, FileText, FileDocument}
	}
	setDefault(&s.Hours.TimeZone, "UTC")
	if s.Hours.Open == nil {
		s.Hours.Open = []WidgetDay{}
	}
	if s.Origins == nil {
		s.Origins = []string{}
	}
	if s.Form.Fields == nil {
		s.Form.Fields = []WidgetField{}
	}
	setDefault(&s.Limits.MessageChars, 4000)
	setDefault(&s.Limits.MessagesPerMinute, 20)
	setDefault(&s.Limits.MessagesPerConversation, 500)
	setDefault(&s.Limits.FilesPerConversation, 20)
	setDefault(&s.Limits.MBPerConversation, 50)
	setDefault(&s.Limits.AddressPerMinute, 120)
	setDefault(&s.Limits.WidgetPerMinute, 1200)
}

func setDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// Validate returns CodeInvalid with every setting that breaks a rule. It brings
// the origins into the form that browsers send.
func (s *WidgetSettings) Validate() error {
	var v checks
	switch s.Mode {
	case WidgetChat:
	case WidgetVoiceChat, WidgetVoice:
		v.add("mode", "is not built yet: voice comes later; choose chat")
	default:
		v.add("mode", "must be chat")
	}
	if !languageTag.MatchString(s.Language) {
		v.add("language", "is not a language tag, such as en or pt-BR")
	}
	s.validateLook(&v)
	s.validateTexts(&v)
	v.within("auto_open.after_seconds", s.AutoOpen.AfterSeconds, 0, 600)
	v.within("attachments.max_mb", s.Attachments.MaxMB, 1, 10)
	for i, t := range s.Attachments.Types {
		if !slices.Contains(FileTypes(), t) {
			v.add(fmt.Sprintf("attachments.types.%d", i), "is not a type of file")
		}
	}
	s.Hours.validate(&v)
	s.validateOrigins(&v)
	if !slices.Contains([]IdentityMode{IdentityOff, IdentityOptional, IdentityRequired}, s.Identity) {
		v.add("identity", "must be off, optional or required")
	}
	s.Form.validate(&v)
	s.Limits.validate(&v)
	return v.err("The widget cannot be saved")
}

func (s *WidgetSettings) validateLook(v *checks) {
	if s.Size != WidgetStandard && s.Size != WidgetLarge {
		v.add("size", "must be standard or large")
	}
	if !slices.Contains([]WidgetPosition{
		WidgetTopLeft, WidgetTopCenter, WidgetTopRight, WidgetMiddleLeft, WidgetMiddleRight,
		WidgetBottomLeft, WidgetBottomCenter, WidgetBottomRight,
	}, s.Position) {
		v.add("position", "is not one of the eight positions")
	}
	if !slices.Contains([]WidgetTheme{WidgetAuto, WidgetLight, WidgetDark}, s.Theme) {
		v.add("theme", "must be auto, light or dark")
	}
	s.Light.validate(v, "light")
	s.Dark.validate(v, "dark")
	if !slices.Contains(WidgetIcons(), s.Icon) && !isEmoji(s.Icon) {
		v.add("icon", "must be %s, or an emoji", strings.Join(WidgetIcons(), ", "))
	}
	if strings.HasPrefix(s.Avatar, "data:") {
		validateAvatar(v, s.Avatar)
	} else if s.Avatar != "" && !isEmoji(s.Avatar) && utf8.RuneCountInString(s.Avatar) > 2 {
		v.add("avatar", "must be an emoji, up to two letters, or a picture")
	}
	v.text("avatar", s.Avatar, maxAvatar)
}

func (c *WidgetColors) validate(v *checks, path string) {
	for name, value := range map[string]string{
		"accent": c.Accent, "on_accent": c.OnAccent, "background": c.Background, "text": c.Text,
	} {
		if _, _, _, ok := parseColor(value); !ok {
			v.add(path+"."+name, "must be a colour such as #5b3fd6")
			return
		}
	}
	if r := Contrast(c.Accent, c.OnAccent); r < minContrast {
		v.add(path+".on_accent", "cannot be read on the accent colour: the contrast is %.1f, at least %.1f is needed", r, minContrast)
	}
	if r := Contrast(c.Background, c.Text); r < minContrast {
		v.add(path+".text", "cannot be read on the background: the contrast is %.1f, at least %.1f is needed", r, minContrast)
	}
}

// isEmoji reports whether s is short and holds no letter or digit of the kind
// that text is made of.
func isEmoji(s string) bool {
	if s == "" || len(s) > 40 || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r < 0x203C {
			return false
		}
	}
	return true
}

// avatarTypes are what an avatar may be, by how the file begins. SVG is not
// among them: it can hold scripts.
var avatarTypes = map[string]string{
	"data:image/png;base64,":  "\x89PNG\r\n\x1a\n",
	"data:image/jpeg;base64,": "\xff\xd8\xff",
	"data:image/gif;base64,":  "GIF8",
	"data:image/webp;base64,": "RIFF",
}

func validateAvatar(v *checks, url string) {
	for prefix, magic := range avatarTypes {
		encoded, ok := strings.CutPrefix(url, prefix)
		if !ok {
			continue
		}
		data, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && bytes.HasPrefix(data, []byte(magic)) {
			return
		}
	}
	v.add("avatar", "is not a PNG, JPEG, GIF or WebP picture")
}

func (s *WidgetSettings) validateTexts(v *checks) {
	if len(s.Texts) > maxLanguages || len(s.Suggested) > maxLanguages {
		v.add("texts", "has more than %d languages", maxLanguages)
		return
	}
	keys := WidgetTextKeys()
	for _, lang := range slices.Sorted(maps.Keys(s.Texts)) {
		path := "texts." + lang
		if !languageTag.MatchString(lang) {
			v.add(path, "is not a language tag, such as en or pt-BR")
		}
		for _, key := range slices.Sorted(maps.Keys(s.Texts[lang])) {
			if !slices.Contains(keys, key) {
				v.add(path+"."+key, "is not a text of the widget")
			}
			v.text(path+"."+key, s.Texts[lang][key], maxWidgetText)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(s.Suggested)) {
		path, questions := "suggested."+lang, s.Suggested[lang]
		if !languageTag.MatchString(lang) {
			v.add(path, "is not a language tag, such as en or pt-BR")
		}
		if len(questions) > maxSuggested {
			v.add(path, "has more than %d questions", maxSuggested)
		}
		for i, q := range questions {
			if n := utf8.RuneCountInString(strings.TrimSpace(q)); n == 0 || n > 160 {
				v.add(fmt.Sprintf("%s.%d", path, i), "must have 1 to 160 characters")
			}
			v.text(fmt.Sprintf("%s.%d", path, i), q, maxWidgetText)
		}
	}
}

func (h *WidgetHours) validate(v *checks) {
	if _, err := time.LoadLocation(h.TimeZone); err != nil || h.TimeZone == "Local" {
		v.add("hours.time_zone", "is not the name of a time zone, such as Europe/Berlin")
	}
	if len(h.Open) > maxSpans {
		v.add("hours.open", "has more than %d entries", maxSpans)
	}
	for i, d := range h.Open {
		path := fmt.Sprintf("hours.open.%d", i)
		from, fromOK := clockTime(d.From)
		to, toOK := clockTime(d.To)
		switch {
		case d.Day < 0 || d.Day > 6:
			v.add(path+".day", "must be 0 (Sunday) to 6")
		case !fromOK:
			v.add(path+".from", "must be a time such as 09:00")
		case !toOK:
			v.add(path+".to", "must be a time such as 17:30")
		case from >= to:
			v.add(path+".to", "must be later than from")
		}
	}
}

func (s *WidgetSettings) validateOrigins(v *checks) {
	if len(s.Origins) > maxOrigins {
		v.add("origins", "has more than %d entries", maxOrigins)
		return
	}
	for i, o := range s.Origins {
		clean, err := CleanOrigin(o)
		if err != nil {
			v.add(fmt.Sprintf("origins.%d", i), "must be a site such as https://shop.example.com or https://*.example.com")
			continue
		}
		s.Origins[i] = clean
	}
}

func (f *WidgetForm) validate(v *checks) {
	if len(f.Fields) > maxFields {
		v.add("form.fields", "has more than %d entries", maxFields)
		return
	}
	if f.Enabled && len(f.Fields) == 0 {
		v.add("form.fields", "is empty: add a field, or turn the form off")
	}
	seen := map[string]bool{}
	for i := range f.Fields {
		path := fmt.Sprintf("form.fields.%d", i)
		f.Fields[i].validate(v, path)
		if seen[f.Fields[i].Name] {
			v.add(path+".name", "is the name of another field")
		}
		seen[f.Fields[i].Name] = true
	}
}

func (f *WidgetField) validate(v *checks, path string) {
	if !variableName.MatchString(f.Name) {
		v.add(path+".name", "must start with a letter and hold only letters, digits and underscores, at most 64")
	}
	if !slices.Contains(FieldTypes(), f.Type) {
		v.add(path+".type", "is not a type of field")
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(f.Label)); n == 0 || n > 200 {
		v.add(path+".label", "must have 1 to 200 characters")
	}
	v.text(path+".label", f.Label, maxWidgetText)
	v.text(path+".placeholder", f.Placeholder, maxWidgetText)
	v.text(path+".pattern_hint", f.PatternHint, maxWidgetText)
	v.text(path+".consent", f.Consent, maxConsent)
	f.validateOptions(v, path)
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		v.add(path+".max", "must not be less than min")
	}
	if f.MaxLength < 0 || f.MaxLength > 4000 {
		v.add(path+".max_length", "must be 1 to 4000")
	}
	if _, err := wholePattern(f.Pattern); err != nil || len(f.Pattern) > 500 {
		v.add(path+".pattern", "is not a regular expression")
	}
	if f.Consent != "" && f.Type != FieldCheckbox {
		v.add(path+".consent", "is for checkboxes only")
	}
	if len(f.Languages) > maxLanguages {
		v.add(path+".languages", "has more than %d entries", maxLanguages)
	}
	for lang, t := range f.Languages {
		sub := path + ".languages." + lang
		if !languageTag.MatchString(lang) {
			v.add(sub, "is not a language tag, such as en or pt-BR")
		}
		if len(t.Options) > 0 && len(t.Options) != len(f.Options) {
			v.add(sub+".options", "must have as many entries as the field")
		}
		for _, s := range append([]string{t.Label, t.Placeholder, t.PatternHint}, t.Options...) {
			v.text(sub, s, maxWidgetText)
		}
		v.text(sub+".consent", t.Consent, maxConsent)
		if t.Consent != "" && f.Consent == "" {
			v.add(sub+".consent", "needs the text in the field itself as well")
		}
	}
}

func (f *WidgetField) validateOptions(v *checks, path string) {
	if f.Type != FieldDropdown {
		if len(f.Options) > 0 {
			v.add(path+".options", "is for dropdowns only")
		}
		return
	}
	if len(f.Options) == 0 || len(f.Options) > maxOptions {
		v.add(path+".options", "must list 1 to %d values", maxOptions)
	}
	for i, o := range f.Options {
		if o != strings.TrimSpace(o) || o == "" || len(o) > 200 {
			v.add(fmt.Sprintf("%s.options.%d", path, i), "must have 1 to 200 bytes, without space around it")
		}
		v.text(path+".options", o, 200)
	}
}

func (l *WidgetLimits) validate(v *checks) {
	for _, x := range []struct {
		path       string
		is         int
		from, upTo int
	}{
		{"message_chars", l.MessageChars, 100, 16_000},
		{"messages_per_minute", l.MessagesPerMinute, 1, 120},
		{"messages_per_conversation", l.MessagesPerConversation, 10, 5000},
		{"files_per_conversation", l.FilesPerConversation, 1, 200},
		{"mb_per_conversation", l.MBPerConversation, 1, 1000},
		{"address_messages_per_minute", l.AddressPerMinute, 1, 10_000},
		{"widget_messages_per_minute", l.WidgetPerMinute, 1, 100_000},
	} {
		v.within("limits."+x.path, x.is, x.from, x.upTo)
	}
}

// CheckName returns CodeInvalid for what cannot be a widget's name.
func (w *Widget) CheckName() error {
	var v checks
	if n := utf8.RuneCountInString(strings.TrimSpace(w.Name)); n == 0 || n > maxName {
		v.add("name", "must have 1 to %d characters", maxName)
	}
	v.text("name", w.Name, 4*maxName)
	return v.err("The widget cannot be saved")
}

// Warnings are what works and is probably not meant.
func (w *Widget) Warnings() []FieldError {
	var v checks
	s := &w.Settings
	if s.Identity != IdentityOff && w.IdentitySecret == "" {
		v.add("identity", "needs a secret, which has not been made: nobody can be verified")
	}
	if len(s.Origins) == 0 {
		v.add("origins", "is empty: every website can show this widget")
	}
	for _, o := range s.Origins {
		if strings.HasPrefix(o, "http://") && !strings.HasPrefix(o, "http://localhost") && !strings.HasPrefix(o, "http://127.") {
			v.add("origins", "holds %s, which is not encrypted", o)
		}
	}
	for path, c := range map[string]WidgetColors{"light": s.Light, "dark": s.Dark} {
		if r := Contrast(c.Accent, c.Background); r < accentContrast {
			v.add(path+".accent", "hardly differs from the background: the contrast is %.1f, %.1f is recommended", r, accentContrast)
		}
	}
	if s.Hours.Enabled && len(s.Hours.Open) == 0 {
		v.add("hours.open", "is empty: the widget always says that it is closed")
	}
	return v.fields
}
