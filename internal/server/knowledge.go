package server

import (
	"context"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

func (s *Server) listDocuments(ctx context.Context, in *api.ByID) (*api.Reply[api.List[wire.Document]], error) {
	docs, err := s.Store.Documents(ctx, api.Who(ctx).Workspace, in.ID, 0)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[wire.Document]{Data: wire.Mapped(docs, wire.DocumentOf)}), nil
}

// newDocument makes a document of what was sent.
func (s *Server) newDocument(ctx context.Context, assistant string, in *wire.SaveDocument) (*parley.Document, error) {
	d := &parley.Document{
		ID: parley.NewID(s.now()), WorkspaceID: api.Who(ctx).Workspace, AssistantID: assistant, Title: in.Title,
		Format: in.Format, Content: in.Content, Size: len(in.Content), State: parley.DocumentReady, CreatedAt: s.now(),
	}
	return d, d.Validate()
}

func (s *Server) addDocument(ctx context.Context, in *api.BodyFor[wire.SaveDocument]) (*api.Reply[wire.Document], error) {
	d, err := s.newDocument(ctx, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.Store.CreateDocument(ctx, d, api.Who(ctx).ID()); err != nil {
		return nil, err
	}
	return api.Answer(wire.DocumentOf(d)), nil
}

func (s *Server) document(ctx context.Context, assistant, id string) (*parley.Document, error) {
	d, err := s.Store.Document(ctx, api.Who(ctx).Workspace, id)
	if err == nil && d.AssistantID != assistant {
		err = parley.Errorf(parley.CodeNotFound, "The assistant has no such document.")
	}
	return d, err
}

func (s *Server) getDocument(ctx context.Context, in *byDocument) (*api.Reply[wire.Document], error) {
	d, err := s.document(ctx, in.ID, in.Doc)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.DocumentOf(d)), nil
}

func (s *Server) replaceDocument(ctx context.Context, in *saveDocument) (*api.Reply[wire.Document], error) {
	if _, err := s.document(ctx, in.ID, in.Doc); err != nil {
		return nil, err
	}
	d, err := s.newDocument(ctx, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.Store.ReplaceDocument(ctx, in.Doc, d, api.Who(ctx).ID()); err != nil {
		return nil, err
	}
	return api.Answer(wire.DocumentOf(d)), nil
}

func (s *Server) removeDocument(ctx context.Context, in *byDocument) (*api.None, error) {
	p := api.Who(ctx)
	if _, err := s.document(ctx, in.ID, in.Doc); err != nil {
		return nil, err
	}
	return nil, s.Store.RemoveDocument(ctx, p.Workspace, in.ID, in.Doc, p.ID())
}

// searchKnowledge shows what the assistant would find for a question.
func (s *Server) searchKnowledge(ctx context.Context, in *api.BodyFor[wire.KnowledgeQuestion]) (*api.Reply[api.List[parley.Passage]], error) {
	ws := api.Who(ctx).Workspace
	a, err := s.Store.Assistant(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := s.Engine.SearchKnowledge(ctx, ws, a.Config.Knowledge, in.Body.Question, 8)
	if err != nil {
		return nil, err
	}
	return api.Answer(api.List[parley.Passage]{Data: wire.NotNil(found)}), nil
}
