package server

import (
	"context"
	"encoding/json"
	"strconv"

	"parley"
	"parley/internal/store"
)

func (s *Server) listAssistants(ctx context.Context, in *listAssistants) (*reply[page[Assistant]], error) {
	q := store.AssistantQuery{Cursor: in.Cursor, Limit: in.Limit, Q: in.Q}
	if in.Status != "" {
		q.Status = []parley.AssistantStatus{in.Status}
	}
	found, next, err := s.Store.Assistants(ctx, who(ctx).workspace, q)
	if err != nil {
		return nil, err
	}
	return &reply[page[Assistant]]{page[Assistant]{Data: mapped(found, assistantJSON), NextCursor: orNull(next)}}, nil
}

func assistantJSON(a *parley.Assistant) Assistant {
	return Assistant{
		ID: a.ID, Name: a.Name, Status: a.Status, Version: a.Version, Config: withoutSecrets(a.Config),
		CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
	}
}

// checkConfig fills in defaults and refuses what an assistant cannot be.
func checkConfig(c *parley.AssistantConfig) error {
	c.Default()
	return c.Validate()
}

func (s *Server) createAssistant(ctx context.Context, in *body[parley.AssistantConfig]) (*reply[Assistant], error) {
	p := who(ctx)
	if err := restoreSecrets(in.Body.Tools, nil); err != nil {
		return nil, err
	}
	if err := checkConfig(&in.Body); err != nil {
		return nil, err
	}
	now := s.now()
	a := &parley.Assistant{
		ID: parley.NewID(now), WorkspaceID: p.workspace, Name: in.Body.Name, Status: in.Body.Status, Version: 1,
		Config: in.Body, CreatedAt: now, UpdatedAt: now,
	}
	if err := s.Store.CreateAssistant(ctx, a, p.id()); err != nil {
		return nil, err
	}
	return &reply[Assistant]{assistantJSON(a)}, nil
}

func (s *Server) getAssistant(ctx context.Context, in *byID) (*reply[Assistant], error) {
	a, err := s.Store.Assistant(ctx, who(ctx).workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[Assistant]{assistantJSON(a)}, nil
}

func (s *Server) saveAssistant(ctx context.Context, in *bodyFor[SaveAssistant]) (*reply[Assistant], error) {
	p, cfg := who(ctx), in.Body.AssistantConfig
	newest, err := s.Store.Assistant(ctx, p.workspace, in.ID)
	if err != nil {
		return nil, err
	}
	if err := restoreSecrets(cfg.Tools, newest.Config.Tools); err != nil {
		return nil, err
	}
	if err := checkConfig(&cfg); err != nil {
		return nil, err
	}
	a, err := s.Store.UpdateAssistant(ctx, p.workspace, in.ID, in.Body.ExpectedVersion, cfg, p.id())
	if err != nil {
		return nil, err
	}
	return &reply[Assistant]{assistantJSON(a)}, nil
}

func (s *Server) deleteAssistant(ctx context.Context, in *byID) (*none, error) {
	return nil, s.Store.DeleteAssistant(ctx, who(ctx).workspace, in.ID)
}

func (s *Server) listVersions(ctx context.Context, in *pageFor) (*reply[page[AssistantVersion]], error) {
	ws, before := who(ctx).workspace, 0
	if in.Cursor != "" {
		n, err := strconv.Atoi(in.Cursor)
		if err != nil || n < 1 {
			return nil, parley.Errorf(parley.CodeInvalid, "cursor: this is not a cursor of this list.")
		}
		before = n
	}
	if _, err := s.Store.Assistant(ctx, ws, in.ID); err != nil {
		return nil, err
	}
	found, err := s.Store.AssistantVersions(ctx, ws, in.ID, before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := page[AssistantVersion]{Data: mapped(found, versionJSON)}
	if len(found) == in.Limit && found[len(found)-1].Version > 1 {
		next := strconv.Itoa(found[len(found)-1].Version)
		out.NextCursor = &next
	}
	return &reply[page[AssistantVersion]]{out}, nil
}

func versionJSON(v *parley.AssistantVersion) AssistantVersion {
	return AssistantVersion{
		AssistantID: v.AssistantID, Version: v.Version, Config: withoutSecrets(v.Config), CreatedBy: v.CreatedBy, CreatedAt: v.CreatedAt.UTC(),
	}
}

func (s *Server) getVersion(ctx context.Context, in *byVersion) (*reply[AssistantVersion], error) {
	v, err := s.Store.AssistantVersion(ctx, who(ctx).workspace, in.ID, in.N)
	if err != nil {
		return nil, err
	}
	return &reply[AssistantVersion]{versionJSON(v)}, nil
}

func (s *Server) restoreVersion(ctx context.Context, in *byVersion) (*reply[Assistant], error) {
	p := who(ctx)
	a, err := s.Store.RestoreAssistant(ctx, p.workspace, in.ID, in.N, p.id())
	if err != nil {
		return nil, err
	}
	return &reply[Assistant]{assistantJSON(a)}, nil
}

func (s *Server) testTool(ctx context.Context, in *bodyFor[ToolTest]) (*reply[ToolResult], error) {
	saved, err := s.Store.Assistant(ctx, who(ctx).workspace, in.ID)
	if err != nil {
		return nil, err
	}
	tools := []parley.HTTPTool{in.Body.Tool}
	if err := restoreSecrets(tools, saved.Config.Tools); err != nil {
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
	return &reply[ToolResult]{ToolResult{OK: got.Error == "", Result: got.Result, Error: got.Error, Millis: got.Millis}}, nil
}
