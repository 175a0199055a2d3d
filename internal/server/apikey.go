package server

import (
	"context"
	"slices"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/token"
)

func (s *Server) listKeys(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.APIKey]], error) {
	all, err := s.Store.APIKeys(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(k parley.APIKey) bool { return !k.RevokedAt.IsZero() })
	return api.Answer(api.List[wire.APIKey]{Data: wire.Mapped(all, wire.KeyOf)}), nil
}

func (s *Server) createKey(ctx context.Context, in *api.Body[wire.NewAPIKey]) (*api.Reply[wire.APIKey], error) {
	p := api.Who(ctx)
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
	return api.Answer(out), nil
}

func (s *Server) revokeKey(ctx context.Context, in *api.ByID) (*api.None, error) {
	if err := s.Store.RevokeAPIKey(ctx, api.Who(ctx).Workspace, in.ID); err != nil {
		return nil, err
	}
	s.gate.Forget(in.ID)
	return nil, nil
}
