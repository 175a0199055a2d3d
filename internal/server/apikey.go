package server

import (
	"context"
	"slices"

	"parley"
	"parley/internal/server/wire"
	"parley/internal/token"
)

func (s *Server) listKeys(ctx context.Context, _ *none) (*reply[list[wire.APIKey]], error) {
	all, err := s.Store.APIKeys(ctx, who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(k parley.APIKey) bool { return !k.RevokedAt.IsZero() })
	return &reply[list[wire.APIKey]]{list[wire.APIKey]{wire.Mapped(all, wire.KeyOf)}}, nil
}

func (s *Server) createKey(ctx context.Context, in *body[wire.NewAPIKey]) (*reply[wire.APIKey], error) {
	p := who(ctx)
	for _, scope := range in.Body.Scopes {
		if !p.May(scope) {
			return nil, parley.Errorf(parley.CodeForbidden, "You cannot give the permission %s, which you do not have.", scope)
		}
	}
	slices.Sort(in.Body.Scopes)
	plain := token.New(token.KeyPrefix)
	key := &parley.APIKey{
		ID: parley.NewID(s.now()), WorkspaceID: p.Workspace, Name: in.Body.Name, Prefix: plain[:token.KeyShown],
		Hash: token.Hash(plain), Scopes: slices.Compact(in.Body.Scopes), CreatedBy: p.ID(), CreatedAt: s.now(),
	}
	if err := s.Store.CreateAPIKey(ctx, key); err != nil {
		return nil, err
	}
	out := wire.KeyOf(key)
	out.Key = plain
	return &reply[wire.APIKey]{out}, nil
}

func (s *Server) revokeKey(ctx context.Context, in *byID) (*none, error) {
	if err := s.Store.RevokeAPIKey(ctx, who(ctx).Workspace, in.ID); err != nil {
		return nil, err
	}
	s.gate.Forget(in.ID)
	return nil, nil
}
