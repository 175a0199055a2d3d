package server

import (
	"context"
	"net/http"
	"time"

	"parley"
	"parley/internal/token"
)

// inviteLifetime is how long an invite's link can be used.
const inviteLifetime = 7 * 24 * time.Hour

func inviteJSON(i *parley.Invite) Invite {
	return Invite{
		ID: i.ID, Email: i.Email, Role: i.Role, CreatedAt: i.CreatedAt.UTC(), ExpiresAt: i.ExpiresAt.UTC(),
		Used: !i.UsedAt.IsZero(),
	}
}

func (s *Server) listInvites(ctx context.Context, _ *none) (*reply[list[Invite]], error) {
	all, err := s.Store.Invites(ctx, who(ctx).workspace)
	if err != nil {
		return nil, err
	}
	return &reply[list[Invite]]{list[Invite]{mapped(all, inviteJSON)}}, nil
}

func (s *Server) createInvite(ctx context.Context, in *body[NewInvite]) (*reply[Invite], error) {
	c, p := callOf(ctx), who(ctx)
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
		ID: parley.NewID(s.now()), WorkspaceID: p.workspace, Email: email, Role: in.Body.Role,
		TokenHash: token.Hash(tok), CreatedBy: p.id(), CreatedAt: s.now(), ExpiresAt: s.now().Add(inviteLifetime),
	}
	if err := s.Store.CreateInvite(ctx, inv); err != nil {
		return nil, err
	}
	out := inviteJSON(inv)
	out.URL = s.publicURL(c.r) + "/join/" + tok
	return &reply[Invite]{out}, nil
}

func (s *Server) deleteInvite(ctx context.Context, in *byID) (*none, error) {
	return nil, s.Store.DeleteInvite(ctx, who(ctx).workspace, in.ID)
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
