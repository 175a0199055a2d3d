package server

import (
	"context"
	"encoding/json"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
)

func (s *Server) listAssistants(ctx context.Context, in *listAssistants) (*api.Reply[api.Page[wire.Assistant]], error) {
	ws := api.Who(ctx).Workspace
	scope := ws + " assistants"
	cursor, err := wire.OpenCursor(scope, in.Cursor)
	if err != nil {
		return nil, err
	}
	q := store.AssistantQuery{Cursor: cursor, Limit: in.Limit, Q: in.Q}
	if in.Status != "" {
		q.Status = []parley.AssistantStatus{in.Status}
	}
	found, next, err := s.Store.Assistants(ctx, ws, q)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.Page[wire.Assistant]{Data: wire.Mapped(found, wire.AssistantOf), NextCursor: wire.SealCursor(scope, next)}), nil
}

// checkConfig fills in defaults and refuses what an assistant cannot be.
func checkConfig(c *parley.AssistantConfig) error {
	c.Default()
	return c.Validate()
}

func (s *Server) createAssistant(ctx context.Context, in *api.Body[wire.NewAssistant]) (*api.Reply[wire.Assistant], error) {
	p := api.Who(ctx)
	if err := wire.RestoreSecrets(in.Body.Tools, nil); err != nil {
		return nil, err
	}
	cfg := in.Body.AssistantConfig
	if err := checkConfig(&cfg); err != nil {
		return nil, err
	}
	now := s.now()
	a := &parley.Assistant{
		ID: parley.NewID(now), WorkspaceID: p.Workspace, Name: cfg.Name, Status: cfg.Status, Version: 1,
		Config: cfg, CreatedAt: now, UpdatedAt: now,
	}
	if err := s.Store.CreateAssistant(ctx, a, p.ID()); err != nil {
		return nil, err
	}
	return api.Answer(wire.AssistantOf(a)), nil
}

func (s *Server) getAssistant(ctx context.Context, in *api.ByID) (*api.Reply[wire.Assistant], error) {
	a, err := s.Store.Assistant(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.AssistantOf(a)), nil
}

func (s *Server) saveAssistant(ctx context.Context, in *api.BodyFor[wire.SaveAssistant]) (*api.Reply[wire.Assistant], error) {
	p, cfg := api.Who(ctx), in.Body.AssistantConfig
	newest, err := s.Store.Assistant(ctx, p.Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	if err := wire.RestoreSecrets(cfg.Tools, newest.Config.Tools); err != nil {
		return nil, err
	}
	if err := checkConfig(&cfg); err != nil {
		return nil, err
	}
	a, err := s.Store.UpdateAssistant(ctx, p.Workspace, in.ID, in.Body.ExpectedVersion, cfg, p.ID())
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.AssistantOf(a)), nil
}

func (s *Server) deleteAssistant(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, s.Store.DeleteAssistant(ctx, api.Who(ctx).Workspace, in.ID)
}

func (s *Server) testTool(ctx context.Context, in *api.BodyFor[wire.ToolTest]) (*api.Reply[wire.ToolResult], error) {
	saved, err := s.Store.Assistant(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	tools := []parley.HTTPTool{in.Body.Tool}
	if err := wire.RestoreSecrets(tools, saved.Config.Tools); err != nil {
		return nil, err
	}
	args, err := json.Marshal(in.Body.Arguments)
	if err != nil || in.Body.Arguments == nil {
		args = json.RawMessage("{}")
	}
	got, err := s.Engine.TestTool(ctx, tools[0], args)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ToolResult{OK: got.Error == "", Result: got.Result, Error: got.Error, Millis: got.Millis}), nil
}
