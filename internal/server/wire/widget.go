package wire

import (
	"time"

	"parley"
)

// Widget is a chat on a website.
type Widget struct {
	ID        string                `json:"id"`
	Name      string                `json:"name"`
	Assistant *Ref                  `json:"assistant" doc:"null: it was deleted."`
	Settings  parley.WidgetSettings `json:"settings"`
	HasSecret bool                  `json:"has_secret" doc:"Whether there is a secret for identity verification. It is shown once, when it is made."`
	Warnings  []parley.FieldError   `json:"warnings" doc:"What works and is probably not meant."`
	ServerURL string                `json:"server_url" doc:"How websites reach this server."`
	ScriptURL string                `json:"script_url" doc:"The src of the snippet."`
	PageURL   string                `json:"page_url" doc:"The widget as a page of its own."`
	CreatedAt time.Time             `json:"created_at"`
	UpdatedAt time.Time             `json:"updated_at"`
}

// SaveWidget is the settings of a widget.
type SaveWidget struct {
	Name        string                 `json:"name" maxLength:"480"`
	AssistantID string                 `json:"assistant_id" format:"uuid"`
	Settings    *parley.WidgetSettings `json:"settings,omitempty" doc:"Left out: the defaults for a new widget, unchanged for another."`
}

// WidgetSecret is a new secret for identity verification.
type WidgetSecret struct {
	Secret string `json:"secret" doc:"Shown this once."`
}

// PreviewWidget is settings to try in a language, saved or not.
type PreviewWidget struct {
	Settings *parley.WidgetSettings `json:"settings,omitempty" doc:"Left out: as saved."`
	Language string                 `json:"language,omitempty" maxLength:"35"`
}

// WidgetPreview is what the frame of the preview needs.
type WidgetPreview struct {
	Config    any                 `json:"config" doc:"What a visitor's client is told, see docs/widget.md."`
	Token     string              `json:"token" doc:"Talks to the widget as Test Chat."`
	ExpiresAt time.Time           `json:"expires_at"`
	Warnings  []parley.FieldError `json:"warnings"`
}

// CheckWidget names a page that should have the widget.
type CheckWidget struct {
	URL string `json:"url" minLength:"1" maxLength:"2000"`
}

// WidgetCheck says whether a page has the widget.
type WidgetCheck struct {
	Installed bool   `json:"installed"`
	Message   string `json:"message"`
	Hint      string `json:"hint" doc:"What to do about it."`
}

// WidgetVisit is what a conversation has of its widget.
type WidgetVisit struct {
	WidgetID string    `json:"widget_id"`
	Language string    `json:"language" doc:"Of the visitor; empty: unknown."`
	Page     string    `json:"page" doc:"Where it began."`
	Email    string    `json:"email" doc:"Left for a person."`
	ReadSeq  int64     `json:"read_seq" doc:"The visitor has seen messages up to this one."`
	Rating   *Rating   `json:"rating"`
	Consents []Consent `json:"consents"`
}

// Rating is what the visitor thinks of a conversation.
type Rating struct {
	Score   int       `json:"score" doc:"1 to 5."`
	Comment string    `json:"comment"`
	At      time.Time `json:"at"`
}

// Consent is what the visitor agreed to in the form.
type Consent struct {
	Field string    `json:"field"`
	Text  string    `json:"text" doc:"As it was shown."`
	At    time.Time `json:"at"`
}

// VisitOf is what a conversation has of its widget.
func VisitOf(v *parley.VisitorConversation) *WidgetVisit {
	out := &WidgetVisit{
		WidgetID: v.WidgetID, Language: v.Language, Page: v.Page, Email: v.Email, ReadSeq: v.ReadSeq, Consents: []Consent{},
	}
	if r := v.Rating; r.Score > 0 {
		out.Rating = &Rating{Score: r.Score, Comment: r.Comment, At: r.At.UTC()}
	}
	for _, c := range v.Consents {
		out.Consents = append(out.Consents, Consent{Field: c.Field, Text: c.Text, At: c.At.UTC()})
	}
	return out
}
