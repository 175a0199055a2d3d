package server

import (
	"context"
	"strings"

	"parley"
	"parley/internal/price"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

func (s *Server) getWorkspace(ctx context.Context, _ *api.None) (*api.Reply[wire.Workspace], error) {
	w, err := s.Store.Workspace(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.WorkspaceOf(w)), nil
}

func (s *Server) editWorkspace(ctx context.Context, in *api.Body[wire.EditWorkspace]) (*api.Reply[wire.Workspace], error) {
	w, err := s.Store.Workspace(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	if in.Body.Name != nil {
		if w.Name = strings.TrimSpace(*in.Body.Name); w.Name == "" {
			return nil, parley.Errorf(parley.CodeInvalid, "name: a workspace needs a name.")
		}
	}
	if in.Body.TimeZone != nil {
		if _, err := loadZone(*in.Body.TimeZone); err != nil {
			return nil, err
		}
		w.TimeZone = *in.Body.TimeZone
	}
	if in.Body.CreditUSD != nil {
		worth, err := price.ParseUSD(*in.Body.CreditUSD)
		if err != nil {
			return nil, err
		}
		if worth == 0 {
			return nil, parley.Errorf(parley.CodeInvalid, "credit_usd: a credit must be worth something.")
		}
		w.Settings.CreditMicroUSD = worth
	}
	if in.Body.TestChatPercent != nil {
		w.Settings.TestChatPercent = *in.Body.TestChatPercent
	}
	if err := s.Store.UpdateWorkspace(ctx, w); err != nil {
		return nil, err
	}
	return api.Answer(wire.WorkspaceOf(w)), nil
}
