package server

import (
	"context"
	"time"

	"parley"
	"parley/internal/server/analytics"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
)

func (s *Server) listTopics(ctx context.Context, in *topicsQuery) (*api.Reply[wire.Topics], error) {
	q, zone, err := s.topicsQuery(ctx, &in.View, *in)
	if err != nil {
		return nil, err
	}
	o, err := s.Questions.Overview(ctx, *q, in.Kind)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TopicsOf(o, in.Kind, zone)), nil
}

func (s *Server) getTopic(ctx context.Context, in *topicQuery) (*api.Reply[wire.TopicDetail], error) {
	q, zone, err := s.topicsQuery(ctx, &in.View, *in)
	if err != nil {
		return nil, err
	}
	t, p, err := s.Questions.Topic(ctx, *q, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TopicDetail{Topic: wire.TopicOf(t, p), Kind: t.Kind, Period: wire.TopicPeriodOf(p, zone)}), nil
}

// topicsQuery takes the filters without the search for words, which finds conversations
// one after the other and counts none. It also returns the workspace's time zone.
func (s *Server) topicsQuery(ctx context.Context, in *analytics.View, of any) (*store.ListQuery, *time.Location, error) {
	if in.Q != "" {
		return nil, nil, parley.Errorf(parley.CodeInvalid, "q: topics are not counted for a search.")
	}
	zone, err := s.zone(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	q, err := in.Query(api.CallOf(ctx).R.URL.Query(), of, func() (*time.Location, error) { return zone, nil }, s.now())
	if err != nil {
		return nil, nil, err
	}
	q.WorkspaceID = api.Who(ctx).Workspace
	return q, zone, nil
}

func (s *Server) refreshTopics(ctx context.Context, _ *api.None) (*api.Reply[wire.TopicRun], error) {
	run, err := s.Questions.Request(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.TopicRunOf(run)), nil
}
