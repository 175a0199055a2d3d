package parley

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestWidgetSettingsValidate(t *testing.T) {
	t.Parallel()
	s := DefaultWidgetSettings()
	if err := s.Validate(); err != nil {
		t.Fatalf("the defaults are refused: %v", err)
	}
	field := WidgetField{Name: "email", Type: FieldEmail, Label: "E-mail"}
	low, high := 1.0, 2.0
	for path, spoil := range map[string]func(*WidgetSettings){
		"mode":                    func(s *WidgetSettings) { s.Mode = WidgetVoice },
		"language":                func(s *WidgetSettings) { s.Language = "english please" },
		"size":                    func(s *WidgetSettings) { s.Size = "huge" },
		"position":                func(s *WidgetSettings) { s.Position = "middle_center" },
		"theme":                   func(s *WidgetSettings) { s.Theme = "sepia" },
		"light.accent":            func(s *WidgetSettings) { s.Light.Accent = "red" },
		"light.on_accent":         func(s *WidgetSettings) { s.Light.Accent = "#ffee88" },
		"dark.text":               func(s *WidgetSettings) { s.Dark.Text = "#333333" },
		"icon":                    func(s *WidgetSettings) { s.Icon = "<b>" },
		"avatar":                  func(s *WidgetSettings) { s.Avatar = "data:image/svg+xml;base64,PHN2Zz4=" },
		"auto_open.after_seconds": func(s *WidgetSettings) { s.AutoOpen.AfterSeconds = -1 },
		"texts.en.nonsense":       func(s *WidgetSettings) { s.Texts = map[string]map[string]string{"en": {"nonsense": "x"}} },
		"texts.en.title":          func(s *WidgetSettings) { s.Texts = map[string]map[string]string{"en": {"title": "a\x00"}} },
		"suggested.en.0":          func(s *WidgetSettings) { s.Suggested = map[string][]string{"en": {" "}} },
		"attachments.types.0":     func(s *WidgetSettings) { s.Attachments.Types = []FileType{"exe"} },
		"attachments.max_mb":      func(s *WidgetSettings) { s.Attachments.MaxMB = 11 },
		"hours.time_zone":         func(s *WidgetSettings) { s.Hours.TimeZone = "Mars/Base" },
		"hours.open.0.to":         func(s *WidgetSettings) { s.Hours.Open = []WidgetDay{{1, "17:00", "09:00"}} },
		"hours.open.0.from":       func(s *WidgetSettings) { s.Hours.Open = []WidgetDay{{1, "9", "17:00"}} },
		"origins.0":               func(s *WidgetSettings) { s.Origins = []string{"shop.example.com"} },
		"identity":                func(s *WidgetSettings) { s.Identity = "maybe" },
		"form.fields":             func(s *WidgetSettings) { s.Form.Enabled = true },
		"form.fields.1.name":      func(s *WidgetSettings) { s.Form.Fields = []WidgetField{field, field} },
		"form.fields.0.type":      func(s *WidgetSettings) { s.Form.Fields = []WidgetField{{Name: "a", Type: "file", Label: "A"}} },
		"form.fields.0.options":   func(s *WidgetSettings) { s.Form.Fields = []WidgetField{{Name: "a", Type: FieldDropdown, Label: "A"}} },
		"form.fields.0.pattern": func(s *WidgetSettings) {
			s.Form.Fields = []WidgetField{{Name: "a", Type: FieldText, Label: "A", Pattern: "("}}
		},
		"form.fields.0.consent": func(s *WidgetSettings) {
			s.Form.Fields = []WidgetField{{Name: "a", Type: FieldText, Label: "A", Consent: "x"}}
		},
		"form.fields.0.max": func(s *WidgetSettings) {
			s.Form.Fields = []WidgetField{{Name: "a", Type: FieldNumber, Label: "A", Min: &high, Max: &low}}
		},
		"limits.messages_per_minute":        func(s *WidgetSettings) { s.Limits.MessagesPerMinute = 0 },
		"limits.widget_messages_per_minute": func(s *WidgetSettings) { s.Limits.WidgetPerMinute = 1 << 30 },
	} {
		s := DefaultWidgetSettings()
		spoil(&s)
		e, ok := errors.AsType[*Error](s.Validate())
		if !ok || e.Code != CodeInvalid || e.Fields[0].Path != path {
			t.Errorf("%s: got %v", path, e)
		}
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	s := WidgetSettings{Origins: []string{"https://shop.example.com", "https://*.example.org", "http://localhost:3000"}}
	for origin, want := range map[string]bool{
		"https://shop.example.com":             true,
		"HTTPS://SHOP.example.com":             true,
		"http://shop.example.com":              false,
		"https://shop.example.com:8443":        false,
		"https://shop.example.com.evil.test":   false,
		"https://evil-shop.example.com":        false,
		"https://a.example.org":                true,
		"https://a.b.example.org":              true,
		"https://example.org":                  false,
		"https://.example.org":                 false,
		"https://evilexample.org":              false,
		"https://evil.test/.example.org":       false,
		"https://evil.test#.example.org":       false,
		"https://user@evil.test:1.example.org": false,
		"http://localhost:3000":                true,
		"http://localhost":                     false,
		"null":                                 false,
		"":                                     false,
	} {
		if got := s.AllowsOrigin(origin); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
	if !(&WidgetSettings{}).AllowsOrigin("null") {
		t.Error("an empty list does not allow every site")
	}
	for in, want := range map[string]string{
		"https://Shop.Example.com/":    "https://shop.example.com",
		"https://shop.example.com:443": "https://shop.example.com",
		"http://a.test:80":             "http://a.test",
		" https://*.example.com ":      "https://*.example.com",
		"https://*":                    "",
		"https://*.com":                "",
		"https://a.*.com":              "",
		"https://a.test/path":          "",
		"https://u@a.test":             "",
		"ftp://a.test":                 "",
		"https://bücher.example":       "",
		"https://a.test; script-src":   "",
		"*":                            "",
	} {
		got, err := CleanOrigin(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("CleanOrigin(%q) = %q, %v", in, got, err)
		}
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	h := WidgetHours{Enabled: true, TimeZone: "Europe/Berlin", Open: []WidgetDay{
		{1, "09:00", "12:00"}, {1, "13:00", "17:00"}, {5, "22:00", "24:00"},
	}}
	for _, c := range []struct{ now, opens string }{
		{"2026-03-02T09:00:00+01:00", ""}, // a Monday
		{"2026-03-02T08:59:59+01:00", "2026-03-02T09:00:00+01:00"},
		{"2026-03-02T12:00:00+01:00", "2026-03-02T13:00:00+01:00"},
		{"2026-03-02T16:59:00+01:00", ""},
		{"2026-03-02T17:00:00+01:00", "2026-03-06T22:00:00+01:00"},
		{"2026-03-06T23:59:59+01:00", ""},
		{"2026-03-28T12:00:00+01:00", "2026-03-30T09:00:00+02:00"}, // over the change of the clocks
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		closed, opens := h.Closed(now)
		got := ""
		if closed {
			got = opens.Format(time.RFC3339)
		}
		if got != c.opens {
			t.Errorf("%s: opens %q, want %q", c.now, got, c.opens)
		}
	}
	if closed, opens := (&WidgetHours{Enabled: true, TimeZone: "UTC"}).Closed(time.Now()); !closed || !opens.IsZero() {
		t.Error("without hours it is not closed for good")
	}
}

func TestFillForm(t *testing.T) {
	t.Parallel()
	least := 1.0
	form := WidgetForm{Fields: []WidgetField{
		{Name: "name", Type: FieldText, Label: "Name", Required: true},
		{Name: "email", Type: FieldEmail, Label: "E-mail", Required: true},
		{Name: "phone", Type: FieldPhone, Label: "Phone"},
		{Name: "people", Type: FieldNumber, Label: "People", Min: &least},
		{Name: "topic", Type: FieldDropdown, Label: "Topic", Options: []string{"Order", "Other"}},
		{Name: "order", Type: FieldText, Label: "Order", Pattern: "[A-Z]{2}-[0-9]+"},
		{Name: "terms", Type: FieldCheckbox, Label: "Terms", Required: true, Consent: "I agree.", Languages: map[string]WidgetFieldText{"de": {Consent: "Ich stimme zu."}}},
	}}
	good := map[string]any{"name": " Ada ", "email": "ada@example.com", "people": 2.0, "topic": "Order", "order": "QM-1", "terms": true}
	got, err := form.Fill(good, map[string]string{"terms": "Ich stimme zu."})
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Ada" || got.Email != "ada@example.com" || len(got.Variables) != 6 || len(got.Consents) != 1 ||
		got.Consents[0].Text != "Ich stimme zu." || string(got.Variables[0].Value) != `"Ada"` || got.Variables[2].Type != TypeNumber {
		t.Errorf("got %+v", got)
	}
	for path, change := range map[string]map[string]any{
		"values.name field_required":              {"name": " "},
		"values.name field_pattern":               {"name": "a\nb"},
		"values.name field_long":                  {"name": strings.Repeat("x", 201)},
		"values.email field_email":                {"email": "Ada <ada@example.com>"},
		"values.phone field_phone":                {"phone": "0123"},
		"values.people field_min":                 {"people": 0.0},
		"values.people field_number":              {"people": "two"},
		"values.topic field_option":               {"topic": "order"},
		"values.order field_pattern":              {"order": "xQM-1x"},
		"values.terms field_required":             {"terms": false},
		"values.terms field_pattern":              {"terms": "true"},
		"values.other is not a field of the form": {"other": "x"},
		"values.phone field_pattern":              {"phone": []any{}},
	} {
		values := map[string]any{}
		for k, v := range good {
			values[k] = v
		}
		for k, v := range change {
			values[k] = v
		}
		_, err := form.Fill(values, map[string]string{"terms": "I agree."})
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Fields[0].Path+" "+e.Fields[0].Message != path {
			t.Errorf("%s: got %v", path, err)
		}
	}
	_, err = form.Fill(good, map[string]string{"terms": "I agree to nothing."})
	if e, ok := errors.AsType[*Error](err); !ok || e.Fields[0].Path != "consents.terms" {
		t.Errorf("another consent text: %v", err)
	}
}
