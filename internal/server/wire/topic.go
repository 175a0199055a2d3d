package wire

import (
	"time"

	"parley"
	"parley/internal/questions"
	"parley/internal/store/topics"
)

// Topics says what conversations were about.
type Topics struct {
	Kind      parley.QuestionKind `json:"kind"`
	Period    TopicPeriod         `json:"period"`
	Data      []Topic             `json:"data" doc:"The most frequent first; what fits no topic last."`
	Evaluated []EvaluatedTopic    `json:"evaluated" doc:"The topics that evaluations name, the most frequent first, at most 100."`
	Run       TopicRun            `json:"run"`
}

// TopicPeriod is the time in which conversations started, in parts of equal
// length.
type TopicPeriod struct {
	From     *time.Time  `json:"from" doc:"null: there is no earliest."`
	To       *time.Time  `json:"to" doc:"null: there is no latest."`
	TimeZone string      `json:"time_zone" doc:"Whose days count: the workspace's."`
	Parts    []time.Time `json:"parts" doc:"When each part begins, and at last when the period ends."`
}

// TopicNumbers are what the conversations of a topic are together.
type TopicNumbers struct {
	Conversations int   `json:"conversations"`
	Previous      *int  `json:"previous" doc:"Conversations in the period of the same length before; null without a beginning."`
	Evaluated     int   `json:"evaluated" doc:"Conversations whose evaluation says whether they were resolved."`
	Resolved      int   `json:"resolved"`
	HandedOver    int   `json:"handed_over"`
	Cost          Cost  `json:"cost"`
	Parts         []int `json:"parts" doc:"Conversations by part of the period."`
}

// Topic is a group of questions about the same thing, found in the questions
// themselves.
type Topic struct {
	ID       string            `json:"id"`
	Other    bool              `json:"other" doc:"It holds what fits no other topic."`
	Language string            `json:"language" doc:"BCP 47; empty if unknown."`
	Label    string            `json:"label" doc:"Its terms in a few words; empty for other."`
	Terms    []string          `json:"terms" doc:"What tells it from the other topics, the most telling first."`
	Examples []QuestionExample `json:"examples" doc:"Questions that fit it best."`
	Signs    UnansweredSigns   `json:"signs" doc:"Of unanswered questions: conversations by why they seem so. One may have several signs."`
	TopicNumbers
}

// UnansweredSigns counts why questions seem to have had no answer.
type UnansweredSigns struct {
	Unknown    int `json:"unknown" doc:"The assistant said that it does not know."`
	Handover   int `json:"handover" doc:"A person was asked for."`
	Unresolved int `json:"unresolved" doc:"The evaluation says that it was not resolved."`
	Repeated   int `json:"repeated" doc:"It was asked again."`
}

// TopicDetail is a topic with more of its questions.
type TopicDetail struct {
	Topic
	Kind   parley.QuestionKind `json:"kind"`
	Period TopicPeriod         `json:"period"`
}

// QuestionExample is a question as somebody asked it.
type QuestionExample struct {
	ConversationID string    `json:"conversation_id"`
	Text           string    `json:"text" doc:"The beginning of it."`
	AskedAt        time.Time `json:"asked_at"`
}

// EvaluatedTopic is a topic that evaluations name.
type EvaluatedTopic struct {
	Name string `json:"name"`
	TopicNumbers
}

// TopicRun says how the grouping of questions stands.
type TopicRun struct {
	Phase         topics.Phase `json:"phase"`
	Done          int          `json:"done" doc:"Conversations of the phase that are done."`
	Total         int          `json:"total" doc:"0 where they are not counted."`
	FinishedAt    *time.Time   `json:"finished_at" doc:"When topics were made last; null: never."`
	Conversations int          `json:"conversations" doc:"How many, the newest, were looked at."`
	Limit         int          `json:"limit" doc:"How many are looked at, at most."`
	Error         string       `json:"error" doc:"Why the last attempt failed; empty if it did not."`
}

// TopicsOf shows an overview.
func TopicsOf(o *questions.Overview, kind parley.QuestionKind, zone *time.Location) Topics {
	out := Topics{
		Kind: kind, Period: TopicPeriodOf(o.Period, zone), Run: TopicRunOf(o.Run),
		Data: make([]Topic, len(o.Topics)), Evaluated: make([]EvaluatedTopic, len(o.Evaluated)),
	}
	for i := range o.Topics {
		out.Data[i] = TopicOf(&o.Topics[i], o.Period)
	}
	for i := range o.Evaluated {
		n := &o.Evaluated[i]
		out.Evaluated[i] = EvaluatedTopic{Name: n.Name, TopicNumbers: topicNumbers(&n.Counted, o.Period)}
	}
	return out
}

// TopicOf shows a topic.
func TopicOf(t *questions.Counted, p topics.Period) Topic {
	out := Topic{
		ID: t.ID, Other: t.Other, Language: t.Language, Label: t.Label, Terms: NotNil(t.Terms),
		Examples: make([]QuestionExample, len(t.Examples)), TopicNumbers: topicNumbers(&t.Counted, p),
		Signs: UnansweredSigns{Unknown: t.Signs[0], Handover: t.Signs[1], Unresolved: t.Signs[2], Repeated: t.Signs[3]},
	}
	for i, e := range t.Examples {
		out.Examples[i] = QuestionExample{ConversationID: e.ConversationID, Text: e.Text, AskedAt: e.At.UTC()}
	}
	return out
}

func topicNumbers(c *topics.Counted, p topics.Period) TopicNumbers {
	out := TopicNumbers{
		Conversations: c.Conversations, Evaluated: c.Evaluated, Resolved: c.Resolved, HandedOver: c.HandedOver,
		Cost: Cost{Complete: c.Unpriced == 0}, Parts: c.Parts[:],
	}
	if c.Unpriced < c.Conversations || c.Credits > 0 {
		out.Cost.Credits = &c.Credits
	}
	if !p.OpenFrom {
		out.Previous = &c.Before.Conversations
	}
	return out
}

// TopicPeriodOf shows a period of a workspace in a time zone.
func TopicPeriodOf(p topics.Period, zone *time.Location) TopicPeriod {
	out := TopicPeriod{TimeZone: zone.String(), Parts: make([]time.Time, topics.Buckets+1)}
	for i := range out.Parts {
		out.Parts[i] = p.Start(i)
	}
	if !p.OpenFrom {
		out.From = &out.Parts[0]
	}
	if !p.OpenTo {
		out.To = &out.Parts[topics.Buckets]
	}
	return out
}

// TopicRunOf shows how the grouping stands.
func TopicRunOf(r *topics.Run) TopicRun {
	return TopicRun{
		Phase: r.Phase, Done: r.Done, Total: r.Total, FinishedAt: TimeOrNull(r.FinishedAt), Conversations: r.Conversations,
		Limit: questions.Window, Error: r.Error,
	}
}
