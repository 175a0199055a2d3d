package whatsapp

import (
	"context"
	"time"

	"parley"
	"parley/internal/senders"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

// TemplateQuery asks for the templates of a sender's account.
type TemplateQuery struct {
	ID     string `path:"id"`
	Status string `query:"status" maxLength:"40" doc:"Meta's word, such as APPROVED."`
}

// ByTemplate names a template of a sender.
type ByTemplate struct {
	ID       string `path:"id"`
	Template string `path:"template_id"`
}

// TemplateBody is a body for a template of a sender.
type TemplateBody[T any] struct {
	ByTemplate
	Body T
}

// sender returns the number that a request names.
func (h *Handlers) sender(ctx context.Context, id string) (*parley.Sender, error) {
	return h.Store.Sender(ctx, api.Who(ctx).Workspace, id)
}

// ListTemplates lists the templates of a sender's account as they were when
// they were last read from Meta.
func (h *Handlers) ListTemplates(ctx context.Context, in *TemplateQuery) (*api.Reply[wire.TemplateList], error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return h.templates(ctx, x, in.Status)
}

func (h *Handlers) templates(ctx context.Context, x *parley.Sender, status string) (*api.Reply[wire.TemplateList], error) {
	all, err := h.Store.Templates(ctx, x.WorkspaceID, x.WABAID, status)
	if err != nil {
		return nil, err
	}
	blocked, newest := senders.Blocked(x), time.Time{}
	out := wire.TemplateList{Data: make([]wire.Template, len(all))}
	for i := range all {
		out.Data[i] = wire.TemplateOf(&all[i], blocked)
		if all[i].SyncedAt.After(newest) {
			newest = all[i].SyncedAt
		}
	}
	out.SyncedAt = wire.TimeOrNull(newest)
	return api.Answer(out), nil
}

// SyncTemplates reads the templates from Meta.
func (h *Handlers) SyncTemplates(ctx context.Context, in *api.ByID) (*api.Reply[wire.TemplateList], error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := h.Senders.SyncTemplates(ctx, x); err != nil {
		return nil, err
	}
	return h.templates(ctx, x, "")
}

// CreateTemplate asks Meta to approve a template.
func (h *Handlers) CreateTemplate(ctx context.Context, in *api.BodyFor[wire.NewTemplate]) (*api.Reply[wire.Template], error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	t, err := h.Senders.CreateTemplate(ctx, x, &parley.Template{
		Name: in.Body.Name, Language: in.Body.Language, Category: in.Body.Category, Format: in.Body.Format,
		Components: in.Body.Components, Sample: in.Body.HeaderSample,
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TemplateOf(t, senders.Blocked(x))), nil
}

// DeleteTemplate deletes a template at Meta and here.
func (h *Handlers) DeleteTemplate(ctx context.Context, in *ByTemplate) (*api.None, error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, h.Senders.DeleteTemplate(ctx, x, in.Template)
}

func fillOf(f wire.TemplateFill) senders.Fill {
	return senders.Fill{Header: f.Header, Body: f.Body, Buttons: f.Buttons, HeaderFile: f.HeaderFile}
}

// PreviewTemplate shows a template with its values, and the price.
func (h *Handlers) PreviewTemplate(ctx context.Context, in *TemplateBody[wire.QuoteTemplate]) (*api.Reply[wire.TemplatePreview], error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	m, err := h.Senders.Compose(ctx, x, in.Template, fillOf(in.Body.TemplateFill))
	if err != nil {
		return nil, err
	}
	if err := h.Senders.Quote(ctx, m, senders.To{ConversationID: in.Body.ConversationID, Phone: in.Body.To}); err != nil {
		return nil, err
	}
	return api.Answer(wire.PreviewOf(m)), nil
}

// SendTemplate sends a template to one person.
func (h *Handlers) SendTemplate(ctx context.Context, in *TemplateBody[wire.SendTemplate]) (*api.Reply[wire.Sent], error) {
	x, err := h.sender(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	to := senders.To{ConversationID: in.Body.ConversationID, Phone: in.Body.To}
	if to.ConversationID != "" && !parley.ValidID(to.ConversationID) || to.ConversationID == "" && to.Phone == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "Give conversation_id, or a phone number in to.")
	}
	got, err := h.Senders.Send(ctx, x, in.Template, fillOf(in.Body.Fill), to, api.Who(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.Sent{
		ConversationID: got.Message.ConversationID, Message: wire.MessageOf(got.Message, h.HTML),
	}), nil
}
