package server

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/server/api"
	"parley/internal/store"
)

// query turns the filters of a request into the store's. Variables are in the
// raw query, because their names are; of is the whole input, whose parameters
// are known.
func (s *Server) query(ctx context.Context, in *ConversationFilter, of any) (*store.ListQuery, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	q.WorkspaceID = api.Who(ctx).Workspace
	if in.Topic != "" {
		if q.Topics, err = s.Questions.Spellings(ctx, q.WorkspaceID, in.Topic); err != nil {
			return nil, err
		}
	}
	for key, vals := range api.CallOf(ctx).R.URL.Query() {
		name, ok := strings.CutPrefix(key, "variable[")
		name, closed := strings.CutSuffix(name, "]")
		switch {
		case ok && closed && name != "":
			if q.Variables == nil {
				q.Variables = map[string][]string{}
			}
			q.Variables[name] = vals
		case !knows(of, key): // a filter that is misspelt must not show everything
			return nil, parley.Errorf(parley.CodeInvalid, "There is no filter %.100q.", key)
		}
	}
	if len(q.Variables) > 10 {
		return nil, parley.Errorf(parley.CodeInvalid, "At most ten variables can be filtered by.")
	}
	return q, nil
}

func (in *ConversationFilter) query() (*store.ListQuery, error) {
	q := store.ListQuery{
		Source: in.Source, AssistantID: in.AssistantID, Status: parley.ConversationStatus(in.Status),
		Contact: in.Contact, Q: in.Q, TopicID: in.TopicID,
		HasAttachment: flag(in.HasAttachment), HasError: flag(in.HasError), HandedOver: flag(in.HandedOver),
		Waiting: flag(in.Waiting), Resolved: flag(in.Resolved),
	}
	for _, name := range in.Unanswered {
		q.Unanswered |= parley.UnansweredSigns()[name]
	}
	for _, id := range in.AssistantID {
		if !parley.ValidID(id) {
			return nil, parley.Errorf(parley.CodeInvalid, "assistant_id: %q is not an id.", id)
		}
	}
	if in.TopicID != "" && !parley.ValidID(in.TopicID) {
		return nil, parley.Errorf(parley.CodeInvalid, "topic_id: %q is not an id.", in.TopicID)
	}
	for at, text := range map[*time.Time]string{&q.From: in.From, &q.To: in.To} {
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil || t.Year() < 1970 || t.Year() > 9999 {
			return nil, parley.Errorf(parley.CodeInvalid, "%q is not a time such as 2026-01-31T12:00:00Z.", text)
		}
		*at = t
	}
	return &q, nil
}

// knows reports whether an input has a parameter of that name.
func knows(of any, name string) bool {
	return slices.ContainsFunc(reflect.VisibleFields(reflect.TypeOf(of)), func(f reflect.StructField) bool {
		known, _, _ := strings.Cut(f.Tag.Get("query"), ",")
		return name != "" && known == name
	})
}
