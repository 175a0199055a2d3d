package server

import (
	"context"
	"net/http"
	"time"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/token"
)

// inviteLifetime is how long an invite's link can be used.
const inviteLifetime = 7 * 24 * time.Hour

func (s *Server) listInvites(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.Invite]], error) {
	all, err := s.Store.Invites(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.Invite]{Data: wire.Mapped(all, wire.InviteOf)}), nil
}

func (s *Server) createInvite(ctx context.Context, in *api.Body[wire.NewInvite]) (*api.Reply[wire.Invite], error) {
	c, p := api.CallOf(ctx), api.Who(ctx)
	if err := mayManage(p, in.Body.Role); err != nil {
		return nil, err
	}
	email := ""
	if in.Body.Email != "" {
		var err error
		if email, err = cleanEmail(in.Body.Email); err != nil {
			return nil, err
		}
	}
	tok := token.New("")
	inv := &parley.Invite{
		ID: parley.NewID(s.now()), WorkspaceID: p.Workspace, Email: email, Role: in.Body.Role,
		TokenHash: token.Hash(tok), CreatedBy: p.ID(), CreatedAt: s.now(), ExpiresAt: s.now().Add(inviteLifetime),
	}
	if err := s.Store.CreateInvite(ctx, inv); err != nil {
		return nil, err
	}
	out := wire.InviteOf(inv)
	out.URL = s.publicURL(c.R) + "/join/" + tok
	return api.Answer(out), nil
}

func (s *Server) deleteInvite(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, s.Store.DeleteInvite(ctx, api.Who(ctx).Workspace, in.ID)
}

// publicURL is how a browser reaches the dashboard.
func (s *Server) publicURL(r *http.Request) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
