package server

import (
	"context"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
)

func (s *Server) listTopics(ctx context.Context, in *topicsQuery) (*api.Reply[wire.Topics], error) {
	q, err := s.topicsQuery(ctx, &in.ConversationFilter, *in)
	if err != nil {
		return nil, err
	}
	o, err := s.Questions.Overview(ctx, *q, in.Kind)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TopicsOf(o, in.Kind)), nil
}

func (s *Server) getTopic(ctx context.Context, in *topicQuery) (*api.Reply[wire.TopicDetail], error) {
	q, err := s.topicsQuery(ctx, &in.ConversationFilter, *in)
	if err != nil {
		return nil, err
	}
	t, p, err := s.Questions.Topic(ctx, *q, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TopicDetail{Topic: wire.TopicOf(t, p), Kind: t.Kind, Period: wire.PeriodOf(p)}), nil
}

// topicsQuery is query without the search for words, which finds conversations
// one after the other and counts none.
func (s *Server) topicsQuery(ctx context.Context, in *ConversationFilter, of any) (*store.ListQuery, error) {
	if in.Q != "" {
		return nil, parley.Errorf(parley.CodeInvalid, "q: topics are not counted for a search.")
	}
	return s.query(ctx, in, of)
}

func (s *Server) refreshTopics(ctx context.Context, _ *api.None) (*api.Reply[wire.TopicRun], error) {
	run, err := s.Questions.Request(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TopicRunOf(run)), nil
}
