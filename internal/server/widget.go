package server

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"parley"
	"parley/internal/live"
	"parley/internal/server/api"
	"parley/internal/server/widget"
	"parley/internal/server/wire"
	"parley/internal/token"
)

// widgetOf is a widget with the addresses under which websites find it.
func (s *Server) widgetOf(ctx context.Context, w *parley.Widget) (wire.Widget, error) {
	base := s.base(ctx)
	out := wire.Widget{
		ID: w.ID, Name: w.Name, Settings: w.Settings, HasSecret: w.IdentitySecret != "", Warnings: wire.NotNil(w.Warnings()),
		ServerURL: base, ScriptURL: base + "/widget.js?id=" + w.ID, PageURL: base + "/c/" + w.ID,
		CreatedAt: w.CreatedAt.UTC(), UpdatedAt: w.UpdatedAt.UTC(),
	}
	a, err := s.Store.Assistant(ctx, w.WorkspaceID, w.AssistantID)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return out, nil
	}
	if err == nil {
		out.Assistant = &wire.Ref{ID: a.ID, Name: a.Name}
	}
	return out, err
}

// base is how browsers reach the server.
func (s *Server) base(ctx context.Context) string {
	return strings.TrimRight(s.publicURL(api.CallOf(ctx).R), "/")
}

func (s *Server) listWidgets(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.Widget]], error) {
	all, err := s.Store.Widgets(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	out := api.List[wire.Widget]{Data: []wire.Widget{}}
	for i := range all {
		w, err := s.widgetOf(ctx, &all[i])
		if err != nil {
			return nil, err
		}
		out.Data = append(out.Data, w)
	}
	return api.Answer(out), nil
}

func (s *Server) getWidget(ctx context.Context, in *api.ByID) (*api.Reply[wire.Widget], error) {
	w, err := s.Store.Widget(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.widgetOf(ctx, w)
	return api.Answer(out), err
}

func (s *Server) createWidget(ctx context.Context, in *api.Body[wire.SaveWidget]) (*api.Reply[wire.Widget], error) {
	w := &parley.Widget{
		ID: parley.NewID(s.now()), WorkspaceID: api.Who(ctx).Workspace, Name: strings.TrimSpace(in.Body.Name),
		AssistantID: in.Body.AssistantID, Settings: parley.DefaultWidgetSettings(),
	}
	if in.Body.Settings != nil {
		w.Settings = *in.Body.Settings
	}
	if err := checkWidgetSettings(w); err != nil {
		return nil, err
	}
	if err := s.Store.CreateWidget(ctx, w); err != nil {
		return nil, err
	}
	return s.getWidget(ctx, &api.ByID{ID: w.ID})
}

// checkWidgetSettings fills in defaults and refuses what a widget cannot be.
func checkWidgetSettings(w *parley.Widget) error {
	if err := w.CheckName(); err != nil {
		return err
	}
	w.Settings.Default()
	return w.Settings.Validate()
}

func (s *Server) saveWidget(ctx context.Context, in *api.BodyFor[wire.SaveWidget]) (*api.Reply[wire.Widget], error) {
	w, err := s.Store.Widget(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	w.Name, w.AssistantID, w.IdentitySecret = strings.TrimSpace(in.Body.Name), in.Body.AssistantID, ""
	if in.Body.Settings != nil {
		w.Settings = *in.Body.Settings
	}
	if err := checkWidgetSettings(w); err != nil {
		return nil, err
	}
	if err := s.Store.UpdateWidget(ctx, w); err != nil {
		return nil, err
	}
	return s.getWidget(ctx, &api.ByID{ID: in.ID})
}

func (s *Server) deleteWidget(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, s.Store.DeleteWidget(ctx, api.Who(ctx).Workspace, in.ID)
}

// secretPrefix begins every secret for identity verification, so that it is
// recognised where it leaks.
const secretPrefix = "parley_identity_" //nolint:gosec // it begins secrets and is none

func (s *Server) renewWidgetSecret(ctx context.Context, in *api.ByID) (*api.Reply[wire.WidgetSecret], error) {
	w, err := s.Store.Widget(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	w.IdentitySecret = token.New(secretPrefix)
	if err := s.Store.UpdateWidget(ctx, w); err != nil {
		return nil, err
	}
	return api.Answer(wire.WidgetSecret{Secret: w.IdentitySecret}), nil
}

func (s *Server) signOutVisitors(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, s.Store.RaiseVisitorEpoch(ctx, api.Who(ctx).Workspace, in.ID)
}

// previewWidget returns what a visitor would be told if the settings were
// saved, and a token to talk with.
func (s *Server) previewWidget(ctx context.Context, in *api.BodyFor[wire.PreviewWidget]) (*api.Reply[wire.WidgetPreview], error) {
	p := api.Who(ctx)
	w, err := s.Store.Widget(ctx, p.Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	if s.visitors == nil {
		return nil, parley.Errorf(parley.CodeUnavailable, "This server serves no visitors.")
	}
	if in.Body.Settings != nil {
		w.Settings = *in.Body.Settings
		if err := checkWidgetSettings(w); err != nil {
			return nil, err
		}
	}
	config, err := s.visitors.Settings(ctx, w, in.Body.Language)
	if err != nil {
		return nil, err
	}
	state, err := s.Store.WidgetState(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	session, err := s.visitors.Preview(w, state.Epoch, p.ID())
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.WidgetPreview{
		Config: config, Token: session.Token, ExpiresAt: session.ExpiresAt, Warnings: wire.NotNil(w.Warnings()),
	}), nil
}

// checkWidget looks whether a page has the snippet of the widget.
func (s *Server) checkWidget(ctx context.Context, in *api.BodyFor[wire.CheckWidget]) (*api.Reply[wire.WidgetCheck], error) {
	w, err := s.Store.Widget(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(strings.TrimSpace(in.Body.URL))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "Give the address of a page, such as https://shop.example.com/.")
	}
	if s.Pages == nil {
		return nil, parley.Errorf(parley.CodeUnavailable, "This server looks at no pages.")
	}
	address, page, err := s.Pages.Page(ctx, u.String())
	if err != nil {
		out := wire.WidgetCheck{Message: "The page could not be read.", Hint: "Check the address, and that the page can be seen without signing in."}
		if e, ok := errors.AsType[*parley.Error](err); ok {
			out.Hint = e.Message
		}
		return api.Answer(out), nil
	}
	if final, err := url.Parse(address); err == nil {
		u = final // a site may redirect to another of its origins
	}
	return api.Answer(widget.Judge(w, s.base(ctx), u, page)), nil
}

// typing shows the contact that an operator is writing.
func (s *Server) typing(ctx context.Context, in *api.ByID) (*api.None, error) {
	p := api.Who(ctx)
	c, err := s.Store.Conversation(ctx, p.Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	if c.Owner == parley.OwnerOperator && c.OperatorID == p.ID() {
		s.Hub.Publish(live.Event{
			Type: live.Typing, WorkspaceID: c.WorkspaceID, ConversationID: c.ID,
			Typing: &live.Writer{Role: parley.ByOperator, Name: p.Name()},
		})
	}
	return nil, nil
}
