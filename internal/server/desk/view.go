package desk

import (
	"context"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/desk"
)

// Share is what it takes to change what everybody sees: editors and higher have
// it, operators and viewers have not.
const Share = parley.PermAssistantsWrite

// ListViews lists everybody's views and the member's own.
func (h *Handlers) ListViews(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.View]], error) {
	all, err := h.Desk.Views(ctx, ws(ctx), member(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.View]{Data: wire.Mapped(all, wire.ViewOf)}), nil
}

// owner returns whose a view of the caller is, "" for everybody's. It returns
// CodeForbidden if the caller may not share, and CodeInvalid for a program.
func owner(ctx context.Context, shared bool) (string, error) {
	if !shared {
		return needMember(ctx, "views")
	}
	if !api.Who(ctx).May(Share) {
		return "", parley.Errorf(parley.CodeForbidden, "Views that everybody sees are changed by editors and higher roles.")
	}
	return "", nil
}

// CreateView adds a view.
func (h *Handlers) CreateView(ctx context.Context, in *api.Body[wire.SaveView]) (*api.Reply[wire.View], error) {
	whose, err := owner(ctx, in.Body.Shared)
	if err != nil {
		return nil, err
	}
	v := &desk.View{WorkspaceID: ws(ctx), MemberID: whose, Name: in.Body.Name, Filter: in.Body.Filter}
	if err := h.Desk.CreateView(ctx, v); err != nil {
		return nil, err
	}
	return api.Answer(wire.ViewOf(v)), nil
}

// changeable returns a view that the caller may change. It returns CodeNotFound
// and CodeForbidden.
func (h *Handlers) changeable(ctx context.Context, id string) (*desk.View, error) {
	v, err := h.Desk.View(ctx, ws(ctx), member(ctx), id)
	if err != nil {
		return nil, err
	}
	_, err = owner(ctx, v.Shared())
	return v, err
}

// SaveView changes a view, and whose it is.
func (h *Handlers) SaveView(ctx context.Context, in *api.BodyFor[wire.SaveView]) (*api.Reply[wire.View], error) {
	v, err := h.changeable(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if v.MemberID, err = owner(ctx, in.Body.Shared); err != nil {
		return nil, err
	}
	v.Name, v.Filter = in.Body.Name, in.Body.Filter
	if err := h.Desk.UpdateView(ctx, v); err != nil {
		return nil, err
	}
	return api.Answer(wire.ViewOf(v)), nil
}

// DeleteView removes a view.
func (h *Handlers) DeleteView(ctx context.Context, in *api.ByID) (*api.None, error) {
	v, err := h.changeable(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, h.Desk.DeleteView(ctx, v.WorkspaceID, v.ID)
}

// OrderViews puts views in an order.
func (h *Handlers) OrderViews(ctx context.Context, in *api.Body[wire.ViewOrder]) (*api.Reply[api.List[wire.View]], error) {
	whose, err := owner(ctx, in.Body.Shared)
	if err != nil {
		return nil, err
	}
	if err := h.Desk.OrderViews(ctx, ws(ctx), whose, in.Body.IDs); err != nil {
		return nil, err
	}
	return h.ListViews(ctx, nil)
}

// ListReplies lists the canned replies.
func (h *Handlers) ListReplies(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.CannedReply]], error) {
	all, err := h.Desk.Replies(ctx, ws(ctx))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.CannedReply]{Data: wire.Mapped(all, wire.CannedReplyOf)}), nil
}

// CreateReply adds a canned reply.
func (h *Handlers) CreateReply(ctx context.Context, in *api.Body[wire.SaveCannedReply]) (*api.Reply[wire.CannedReply], error) {
	x := &desk.Reply{WorkspaceID: ws(ctx), Shortcut: in.Body.Shortcut, Text: in.Body.Text}
	if err := h.Desk.CreateReply(ctx, x); err != nil {
		return nil, err
	}
	return api.Answer(wire.CannedReplyOf(x)), nil
}

// SaveReply changes a canned reply.
func (h *Handlers) SaveReply(ctx context.Context, in *api.BodyFor[wire.SaveCannedReply]) (*api.Reply[wire.CannedReply], error) {
	x := &desk.Reply{WorkspaceID: ws(ctx), ID: in.ID, Shortcut: in.Body.Shortcut, Text: in.Body.Text}
	if err := h.Desk.UpdateReply(ctx, x); err != nil {
		return nil, err
	}
	return api.Answer(wire.CannedReplyOf(x)), nil
}

// DeleteReply removes a canned reply.
func (h *Handlers) DeleteReply(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, h.Desk.DeleteReply(ctx, ws(ctx), in.ID)
}
