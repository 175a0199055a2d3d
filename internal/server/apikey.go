package server

import (
	"context"
	"slices"

	"parley"
	"parley/internal/token"
)

func keyJSON(k *parley.APIKey) APIKey {
	return APIKey{
		ID: k.ID, Name: k.Name, Prefix: k.Prefix, Scopes: notNil(k.Scopes), CreatedAt: k.CreatedAt.UTC(),
		LastUsedAt: timeOrNull(k.LastUsedAt),
	}
}

func (s *Server) listKeys(ctx context.Context, _ *none) (*reply[list[APIKey]], error) {
	all, err := s.Store.APIKeys(ctx, who(ctx).workspace)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(k parley.APIKey) bool { return !k.RevokedAt.IsZero() })
	return &reply[list[APIKey]]{list[APIKey]{mapped(all, keyJSON)}}, nil
}

func (s *Server) createKey(ctx context.Context, in *body[NewAPIKey]) (*reply[APIKey], error) {
	p := who(ctx)
	for _, scope := range in.Body.Scopes {
		if !p.may(scope) {
			return nil, parley.Errorf(parley.CodeForbidden, "You cannot give the permission %s, which you do not have.", scope)
		}
	}
	slices.Sort(in.Body.Scopes)
	plain := token.New(token.KeyPrefix)
	key := &parley.APIKey{
		ID: parley.NewID(s.now()), WorkspaceID: p.workspace, Name: in.Body.Name, Prefix: plain[:token.KeyShown],
		Hash: token.Hash(plain), Scopes: slices.Compact(in.Body.Scopes), CreatedBy: p.id(), CreatedAt: s.now(),
	}
	if err := s.Store.CreateAPIKey(ctx, key); err != nil {
		return nil, err
	}
	out := keyJSON(key)
	out.Key = plain
	return &reply[APIKey]{out}, nil
}

func (s *Server) revokeKey(ctx context.Context, in *byID) (*none, error) {
	if err := s.Store.RevokeAPIKey(ctx, who(ctx).workspace, in.ID); err != nil {
		return nil, err
	}
	s.keys.drop(in.ID)
	return nil, nil
}
