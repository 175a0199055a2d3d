// Package query turns a filter of the domain into what the store is asked. All
// that lists, counts or takes away conversations goes through here, so that the
// same filter always selects the same ones.
package query

import (
	"strconv"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/rollup"
	"parley/internal/store/started"
)

// Of returns what the store is asked for the conversations of a workspace that
// pass a filter. It returns CodeInvalid for an hour of a zone that there is not.
func Of(ws string, f *parley.ConversationFilter) (store.ListQuery, error) {
	q := store.ListQuery{
		WorkspaceID: ws, Source: f.Source, AssistantID: f.AssistantID, Status: f.Status, From: f.From, To: f.To, Q: f.Q,
		Contact: f.Contact, HasAttachment: f.HasAttachment, HasError: f.HasError, HandedOver: f.HandedOver,
		Waiting: f.Waiting, Resolved: f.Resolved, Evaluated: f.Evaluated, Reviewed: f.Reviewed, Variables: f.Variables,
		Filter: started.Filter{
			StartedFrom: f.StartedFrom, StartedTo: f.StartedTo, Version: f.Version, Priced: f.CostComplete, Replied: f.Replied,
			FirstReplyFrom: seconds(f.FirstReplyFrom), FirstReplyTo: seconds(f.FirstReplyTo), Labels: labels(f),
		},
	}
	if f.TopicID != "" && !parley.ValidID(f.TopicID) {
		return q, parley.Errorf(parley.CodeInvalid, "topic_id: %.100q is not an id.", f.TopicID)
	}
	for _, id := range f.Tag {
		if !parley.ValidID(id) {
			return q, parley.Errorf(parley.CodeInvalid, "tag: %.100q is not an id.", id)
		}
	}
	q.TopicID, q.Tags = f.TopicID, f.Tag
	for _, name := range f.Unanswered {
		sign, ok := parley.UnansweredSigns()[name]
		if !ok {
			return q, parley.Errorf(parley.CodeInvalid, "unanswered: there is no sign %.100q.", name)
		}
		q.Unanswered |= sign
	}
	if f.HourOfWeek != nil {
		zone, err := time.LoadLocation(f.HourOfWeek.TimeZone)
		if err != nil {
			return q, parley.Errorf(parley.CodeInvalid, "There is no time zone %.100q.", f.HourOfWeek.TimeZone)
		}
		q.HourOfWeek = &started.HourOfWeek{Hour: f.HourOfWeek.Hour, Zone: zone}
	}
	return q, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func rating(score int) string {
	if score == 0 {
		return ""
	}
	return strconv.Itoa(score)
}

func labels(f *parley.ConversationFilter) map[string]string {
	out := map[string]string{}
	for kind, name := range map[rollup.LabelKind]string{
		rollup.LabelTopic: f.Topic, rollup.LabelPassage: f.Passage, rollup.LabelTool: f.Tool, rollup.LabelModel: f.Model,
		rollup.LabelRating: rating(f.Rating), rollup.LabelCall: f.Call, rollup.LabelUnpriced: f.Unpriced,
	} {
		if name != "" {
			out[string(kind)] = rollup.LabelValue(name)
		}
	}
	return out
}
