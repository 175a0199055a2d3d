package widget

import (
	"maps"
	"slices"

	"parley"
)

// longest is the most characters that settings may allow a message.
const longest = 16_000

// drafted is a widget as a member tries it: the settings that are being edited
// are known to the dashboard alone, so none that is saved stands in their way.
func drafted(w *parley.Widget) *parley.Widget {
	d := *w
	d.Settings.Hours.Enabled = false
	d.Settings.Attachments = parley.WidgetAttachments{Enabled: true, Types: parley.FileTypes(), MaxMB: 10}
	d.Settings.Limits.MessageChars = longest
	return &d
}

// draftForm is the form that a member has filled in, as far as the values tell.
// It returns CodeInvalid for what can be no form.
func draftForm(in *Start) (parley.WidgetForm, error) {
	set := parley.DefaultWidgetSettings()
	set.Form.Enabled = len(in.Values) > 0
	for _, name := range slices.Sorted(maps.Keys(in.Values)) {
		f := parley.WidgetField{Name: name, Label: name, Type: parley.FieldLongText, MaxLength: 4000}
		switch in.Values[name].(type) {
		case bool:
			f.Type, f.Consent = parley.FieldCheckbox, in.Consents[name]
		case float64:
			f.Type = parley.FieldNumber
		}
		set.Form.Fields = append(set.Form.Fields, f)
	}
	err := set.Validate()
	return set.Form, err
}
