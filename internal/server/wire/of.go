package wire

import (
	"time"

	"parley"
	"parley/internal/channel/webchat"
)

// MessageOf is a message, with its content rendered by html.
func MessageOf(m *parley.Message, html *webchat.Renderer) Message {
	out := Message{
		ID: m.ID, Seq: m.Seq, Rev: m.Rev, Role: m.Role, Type: m.Type, Content: m.Content, HTML: html.HTML(m.Role, m.Content),
		Payload: m.Payload, Attachments: Mapped(m.Attachments, AttachmentOf), ToolCalls: NotNil(m.ToolCalls), Choices: NotNil(m.Choices),
		ReplyTo: OrNull(m.ReplyTo), Delivery: OrNull(m.Delivery), Error: m.Error, TurnID: OrNull(m.TurnID),
		CreatedAt: m.CreatedAt.UTC(), EditedAt: TimeOrNull(m.EditedAt), DeletedAt: TimeOrNull(m.DeletedAt),
	}
	if m.AuthorID != "" {
		out.Author = &Ref{ID: m.AuthorID, Name: m.AuthorName}
	}
	return out
}

// AssistantOf is an assistant, without the secrets of its tools.
func AssistantOf(a *parley.Assistant) Assistant {
	return Assistant{
		ID: a.ID, Name: a.Name, Status: a.Status, Version: a.Version, Config: WithoutSecrets(a.Config),
		CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
	}
}

// VersionOf is a version, without the secrets of its tools; people are the names
// of those who may have saved it.
func VersionOf(v *parley.AssistantVersion, people map[string]string) AssistantVersion {
	return AssistantVersion{
		AssistantID: v.AssistantID, Version: v.Version, Config: WithoutSecrets(v.Config), CreatedBy: v.CreatedBy,
		Author: author(v.CreatedBy, people), CreatedAt: v.CreatedAt.UTC(),
	}
}

func author(id string, people map[string]string) *Ref {
	if name, ok := people[id]; ok {
		return &Ref{ID: id, Name: name}
	}
	return nil
}

// DocumentOf is a document.
func DocumentOf(d *parley.Document) Document {
	return Document{
		ID: d.ID, AssistantID: d.AssistantID, Title: d.Title, Format: d.Format, Content: d.Content, Size: d.Size,
		State: d.State, Error: d.Error, CreatedAt: d.CreatedAt.UTC(),
	}
}

// Mapped turns a list of the domain into one of the API, never nil.
func Mapped[T, U any](in []T, f func(*T) U) []U {
	out := make([]U, len(in))
	for i := range in {
		out[i] = f(&in[i])
	}
	return out
}

// NotNil makes an empty list of none.
func NotNil[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// OrNull is null for the zero value.
func OrNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// TimeOrNull is null for the zero time.
func TimeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
