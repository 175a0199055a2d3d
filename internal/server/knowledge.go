package server

import (
	"context"

	"parley"
)

func documentJSON(d *parley.Document) Document {
	return Document{
		ID: d.ID, AssistantID: d.AssistantID, Title: d.Title, Format: d.Format, Content: d.Content, Size: d.Size,
		State: d.State, Error: d.Error, CreatedAt: d.CreatedAt.UTC(),
	}
}

func (s *Server) listDocuments(ctx context.Context, in *byID) (*reply[list[Document]], error) {
	docs, err := s.Store.Documents(ctx, who(ctx).workspace, in.ID, 0)
	if err != nil {
		return nil, err
	}
	return &reply[list[Document]]{list[Document]{mapped(docs, documentJSON)}}, nil
}

// newDocument makes a document of what was sent.
func (s *Server) newDocument(ctx context.Context, assistant string, in *SaveDocument) (*parley.Document, error) {
	d := &parley.Document{
		ID: parley.NewID(s.now()), WorkspaceID: who(ctx).workspace, AssistantID: assistant, Title: in.Title,
		Format: in.Format, Content: in.Content, Size: len(in.Content), State: parley.DocumentReady, CreatedAt: s.now(),
	}
	return d, d.Validate()
}

func (s *Server) addDocument(ctx context.Context, in *bodyFor[SaveDocument]) (*reply[Document], error) {
	d, err := s.newDocument(ctx, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.Store.CreateDocument(ctx, d, who(ctx).id()); err != nil {
		return nil, err
	}
	return &reply[Document]{documentJSON(d)}, nil
}

func (s *Server) document(ctx context.Context, assistant, id string) (*parley.Document, error) {
	d, err := s.Store.Document(ctx, who(ctx).workspace, id)
	if err == nil && d.AssistantID != assistant {
		err = parley.Errorf(parley.CodeNotFound, "The assistant has no such document.")
	}
	return d, err
}

func (s *Server) getDocument(ctx context.Context, in *byDocument) (*reply[Document], error) {
	d, err := s.document(ctx, in.ID, in.Doc)
	if err != nil {
		return nil, err
	}
	return &reply[Document]{documentJSON(d)}, nil
}

func (s *Server) replaceDocument(ctx context.Context, in *saveDocument) (*reply[Document], error) {
	if _, err := s.document(ctx, in.ID, in.Doc); err != nil {
		return nil, err
	}
	d, err := s.newDocument(ctx, in.ID, &in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.Store.ReplaceDocument(ctx, in.Doc, d, who(ctx).id()); err != nil {
		return nil, err
	}
	return &reply[Document]{documentJSON(d)}, nil
}

func (s *Server) removeDocument(ctx context.Context, in *byDocument) (*none, error) {
	p := who(ctx)
	if _, err := s.document(ctx, in.ID, in.Doc); err != nil {
		return nil, err
	}
	return nil, s.Store.RemoveDocument(ctx, p.workspace, in.ID, in.Doc, p.id())
}

// searchKnowledge shows what the assistant would find for a question.
func (s *Server) searchKnowledge(ctx context.Context, in *bodyFor[KnowledgeQuestion]) (*reply[list[parley.Passage]], error) {
	ws := who(ctx).workspace
	a, err := s.Store.Assistant(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := s.Engine.SearchKnowledge(ctx, ws, a.Config.Knowledge, in.Body.Question, 8)
	if err != nil {
		return nil, err
	}
	return &reply[list[parley.Passage]]{list[parley.Passage]{notNil(found)}}, nil
}
