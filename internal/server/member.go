package server

import (
	"context"
	"strings"

	"parley"
	"parley/internal/server/access"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/sessions"
)

func (s *Server) listMembers(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.Member]], error) {
	all, err := s.Store.Members(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.Member]{Data: wire.Mapped(all, wire.MemberOf)}), nil
}

func (s *Server) getMember(ctx context.Context, in *api.ByID) (*api.Reply[wire.Member], error) {
	m, err := s.Store.Member(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.MemberOf(m)), nil
}

// mayManage refuses changes of owners by anybody but owners. A program is never
// an owner.
func mayManage(p *access.Principal, roles ...parley.Role) error {
	for _, r := range roles {
		if r == parley.RoleOwner && (p.Member == nil || p.Member.Role != parley.RoleOwner) {
			return parley.Errorf(parley.CodeForbidden, "Only an owner may make or change an owner.")
		}
	}
	return nil
}

func (s *Server) editMember(ctx context.Context, in *api.BodyFor[wire.EditMember]) (*api.Reply[wire.Member], error) {
	p := api.Who(ctx)
	m, err := s.Store.Member(ctx, p.Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	if err := mayManage(p, m.Role, orDefault(deref(in.Body.Role), m.Role)); err != nil {
		return nil, err
	}
	if in.Body.Name != nil {
		if m.Name = strings.TrimSpace(*in.Body.Name); m.Name == "" {
			return nil, parley.Errorf(parley.CodeInvalid, "name: a member needs a name.")
		}
	}
	if in.Body.Role != nil {
		m.Role = *in.Body.Role
	}
	if d := in.Body.Disabled; d != nil {
		if *d && p.Member != nil && p.Member.ID == m.ID {
			return nil, parley.Errorf(parley.CodeConflict, "You cannot lock yourself out.")
		}
		switch {
		case *d && m.DisabledAt.IsZero():
			m.DisabledAt = s.now()
		case !*d:
			m.DisabledAt = parley.Member{}.DisabledAt
		}
	}
	if err := s.Store.UpdateMember(ctx, m); err != nil {
		return nil, err
	}
	if !m.DisabledAt.IsZero() {
		if err := sessions.SignOut(ctx, s.Store.Tables(), m.ID, ""); err != nil {
			return nil, err
		}
	}
	return api.Answer(wire.MemberOf(m)), nil
}

func (s *Server) deleteMember(ctx context.Context, in *api.ByID) (*api.None, error) {
	p := api.Who(ctx)
	m, err := s.Store.Member(ctx, p.Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	if err := mayManage(p, m.Role); err != nil {
		return nil, err
	}
	return nil, s.Store.DeleteMember(ctx, p.Workspace, in.ID)
}

func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
