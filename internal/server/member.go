package server

import (
	"context"
	"strings"

	"parley"
)

func memberJSON(m *parley.Member) Member {
	return Member{
		ID: m.ID, Email: m.Email, Name: m.Name, Role: m.Role, Disabled: !m.DisabledAt.IsZero(),
		CreatedAt: m.CreatedAt.UTC(), LastSeenAt: timeOrNull(m.LastSeenAt),
	}
}

func (s *Server) listMembers(ctx context.Context, _ *none) (*reply[list[Member]], error) {
	all, err := s.Store.Members(ctx, who(ctx).workspace)
	if err != nil {
		return nil, err
	}
	return &reply[list[Member]]{list[Member]{mapped(all, memberJSON)}}, nil
}

func (s *Server) getMember(ctx context.Context, in *byID) (*reply[Member], error) {
	m, err := s.Store.Member(ctx, who(ctx).workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[Member]{memberJSON(m)}, nil
}

// mayManage refuses changes of owners by anybody but owners. A program is never
// an owner.
func mayManage(p *principal, roles ...parley.Role) error {
	for _, r := range roles {
		if r == parley.RoleOwner && (p.member == nil || p.member.Role != parley.RoleOwner) {
			return parley.Errorf(parley.CodeForbidden, "Only an owner may make or change an owner.")
		}
	}
	return nil
}

func (s *Server) editMember(ctx context.Context, in *bodyFor[EditMember]) (*reply[Member], error) {
	p := who(ctx)
	m, err := s.Store.Member(ctx, p.workspace, in.ID)
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
		if *d && p.member != nil && p.member.ID == m.ID {
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
		if err := s.Store.DeleteMemberSessions(ctx, m.ID, ""); err != nil {
			return nil, err
		}
	}
	return &reply[Member]{memberJSON(m)}, nil
}

func (s *Server) deleteMember(ctx context.Context, in *byID) (*none, error) {
	p := who(ctx)
	m, err := s.Store.Member(ctx, p.workspace, in.ID)
	if err != nil {
		return nil, err
	}
	if err := mayManage(p, m.Role); err != nil {
		return nil, err
	}
	return nil, s.Store.DeleteMember(ctx, p.workspace, in.ID)
}

func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
