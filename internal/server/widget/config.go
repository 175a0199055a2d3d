package widget

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/server/wire"
)

// Settings are what a visitor's client is told of a widget, in one language.
type Settings struct {
	ID          string            `json:"id"`
	Mode        parley.WidgetMode `json:"mode"`
	Language    string            `json:"language"`
	Locale      string            `json:"locale"` // of numbers and dates
	Languages   []string          `json:"languages"`
	RTL         bool              `json:"rtl"`
	Assistant   Assistant         `json:"assistant"`
	Launcher    Launcher          `json:"launcher"`
	Size        parley.WidgetSize `json:"size"`
	Greeting    string            `json:"greeting"`
	Suggested   []string          `json:"suggested"`
	ShowTools   bool              `json:"show_tool_calls"`
	Rating      bool              `json:"rating"`
	Attachments Uploads           `json:"attachments"`
	Limits      Limits            `json:"limits"`
	Hours       Hours             `json:"hours"`
	Identity    string            `json:"identity"`
	Form        *Form             `json:"form"`
	Texts       map[string]string `json:"texts"`
}

// Assistant is who answers.
type Assistant struct {
	Name   string `json:"name"`
	Avatar string `json:"avatar"`
}

// Launcher is what the script needs before the chat is opened.
type Launcher struct {
	Position parley.WidgetPosition `json:"position"`
	Theme    parley.WidgetTheme    `json:"theme"`
	Light    parley.WidgetColors   `json:"light"`
	Dark     parley.WidgetColors   `json:"dark"`
	Text     string                `json:"text"`
	Icon     string                `json:"icon"`
	Avatar   string                `json:"avatar"`
	AutoOpen parley.WidgetAutoOpen `json:"auto_open"`
}

// Uploads are the files that may be sent.
type Uploads struct {
	Enabled bool     `json:"enabled"`
	Accept  []string `json:"accept"` // as the accept attribute of a file input
	Bytes   int64    `json:"max_bytes"`
	Files   int      `json:"max_per_message"`
}

// Limits are what a client can keep to by itself.
type Limits struct {
	MessageChars int `json:"message_chars"`
}

// Hours say whether people are there.
type Hours struct {
	Closed           bool       `json:"closed"`
	AssistantAnswers bool       `json:"assistant_answers"`
	OpensAt          *time.Time `json:"opens_at"`
	Message          string     `json:"message"`
}

// Form is the form before the chat.
type Form struct {
	Title  string  `json:"title"`
	Button string  `json:"button"`
	Fields []Field `json:"fields"`
}

// Field is a field of the form.
type Field struct {
	Name        string           `json:"name"`
	Type        parley.FieldType `json:"type"`
	Label       string           `json:"label"`
	Required    bool             `json:"required"`
	Placeholder string           `json:"placeholder"`
	Options     []Option         `json:"options"`
	Min         *float64         `json:"min"`
	Max         *float64         `json:"max"`
	MaxLength   int              `json:"max_length"`
	Pattern     string           `json:"pattern"`
	PatternHint string           `json:"pattern_hint"`
	Consent     string           `json:"consent"`
}

// Option is a choice of a dropdown.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func (s *Visitors) config(c *call) error {
	tag, locale := s.accepted(&c.widget.Settings, c.r.URL.Query().Get("lang"))
	out, err := s.Settings(c, c.widget, tag)
	if err != nil {
		return err
	}
	out.Locale = locale
	return c.answer(http.StatusOK, out)
}

// Settings returns what a client is told of a widget, in the language tag or
// the one that stands in for it. It returns CodeNotFound if its assistant does
// not exist any more.
func (s *Visitors) Settings(ctx context.Context, w *parley.Widget, tag string) (*Settings, error) {
	set := &w.Settings
	tag = s.spoken(set, tag)
	a, err := s.Store.Assistant(ctx, w.WorkspaceID, w.AssistantID)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, key := range parley.WidgetTextKeys() {
		texts[key] = s.text(set, tag, key)
	}
	closed, opens := set.Hours.Closed(s.Now())
	out := &Settings{
		ID: w.ID, Mode: set.Mode, Language: tag, Locale: tag, Languages: s.languages(set), RTL: rtl(tag),
		Assistant: Assistant{Name: a.Config.Name, Avatar: cmp.Or(set.Avatar, a.Config.Avatar)}, Launcher: s.launcher(set, tag),
		Size: set.Size, Greeting: texts["greeting"], Suggested: wire.NotNil(cmpOr(in(set.Suggested, tag), in(set.Suggested, set.Language))),
		ShowTools: set.ShowToolCalls, Rating: set.Rating,
		Attachments: Uploads{
			Enabled: set.Attachments.Enabled && len(set.Attachments.Types) > 0, Accept: accept(set.Attachments.Types),
			Bytes: int64(set.Attachments.MaxMB) << 20, Files: webchat.MaxAttachments,
		},
		Limits:   Limits{MessageChars: set.Limits.MessageChars},
		Hours:    Hours{Closed: closed, AssistantAnswers: set.Hours.AssistantAnswers, OpensAt: wire.TimeOrNull(opens), Message: texts["offline_message"]},
		Identity: string(set.Identity), Form: form(&set.Form, tag), Texts: texts,
	}
	if out.Form != nil {
		out.Form.Title, out.Form.Button = texts["form_title"], texts["form_button"]
	}
	return out, nil
}

func (s *Visitors) launcher(set *parley.WidgetSettings, tag string) Launcher {
	return Launcher{
		Position: set.Position, Theme: set.Theme, Light: set.Light, Dark: set.Dark, Icon: set.Icon, Avatar: set.Avatar,
		Text: s.text(set, tag, "launcher"), AutoOpen: set.AutoOpen,
	}
}

// form is the form in a language; nil if there is none.
func form(f *parley.WidgetForm, tag string) *Form {
	if !f.Enabled {
		return nil
	}
	out := &Form{Fields: []Field{}}
	for i := range f.Fields {
		field := &f.Fields[i]
		t := in(field.Languages, tag)
		shown := Field{
			Name: field.Name, Type: field.Type, Label: cmp.Or(t.Label, field.Label), Required: field.Required,
			Placeholder: cmp.Or(t.Placeholder, field.Placeholder), Options: []Option{}, Min: field.Min, Max: field.Max,
			MaxLength: field.Length(), Pattern: field.Pattern, PatternHint: cmp.Or(t.PatternHint, field.PatternHint),
			Consent: cmp.Or(t.Consent, field.Consent),
		}
		for n, value := range field.Options {
			label := value
			if n < len(t.Options) {
				label = cmp.Or(t.Options[n], value)
			}
			shown.Options = append(shown.Options, Option{Value: value, Label: label})
		}
		out.Fields = append(out.Fields, shown)
	}
	return out
}

// cmpOr is the first list that is not empty.
func cmpOr(lists ...[]string) []string {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

// accept lists file types as an input of a form knows them.
func accept(types []parley.FileType) []string {
	out := []string{}
	for _, t := range types {
		out = append(out, formats[t]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
