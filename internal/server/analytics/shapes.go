package analytics

import (
	"net/url"
	"time"

	"parley"
	"parley/internal/analytics"
	"parley/internal/calendar"
	"parley/internal/server/filter"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/rollup"
)

// View is what questions are about.
type View struct {
	filter.Conversations
	Days int `query:"days" minimum:"0" maximum:"3700" doc:"The last so many days, today included, in place of started_from and started_to."`
}

// Query turns the view's filters into the store's, and its days into a time of the
// workspace's clock; see filter.Conversations.
func (in *View) Query(raw url.Values, of any, zone filter.Zone, now time.Time) (*store.ListQuery, error) {
	q, err := in.Conversations.Query(raw, of, zone)
	if err != nil || in.Days == 0 {
		return q, err
	}
	if !q.StartedFrom.IsZero() || !q.StartedTo.IsZero() {
		return nil, parley.Errorf(parley.CodeInvalid, "Give days, or started_from and started_to.")
	}
	loc, err := zone()
	if err != nil {
		return nil, err
	}
	c := calendar.New(loc)
	today := c.Of(now.UnixMicro())
	q.StartedFrom, q.StartedTo = c.Start(today-calendar.Day(in.Days-1)), c.Start(today+1)
	return q, nil
}

// summaryQuery asks for the numbers of what the filter shows.
type summaryQuery struct {
	View
	Previous bool `query:"previous" doc:"Also the numbers of the time before, as long as this one."`
}

type seriesQuery struct {
	View
	Interval analytics.Interval `query:"interval" enum:"hour,day,week,month" doc:"Without it, one that suits the time."`
}

// Period is a time, and what of the log it is counted from.
type Period struct {
	StartedFrom time.Time `json:"started_from"`
	StartedTo   time.Time `json:"started_to" doc:"Exclusive."`
	TimeZone    string    `json:"time_zone" doc:"Whose days count: the workspace's."`
	List        string    `json:"list" doc:"The filter of the list that shows exactly these conversations."`
	Progress    float64   `json:"progress" doc:"How much of what has to be counted is, from 0 to 1. Below 1, ask again for the rest."`
	Capped      bool      `json:"capped" doc:"The search was ended before it had seen all messages: older conversations are missing."`
}

// Summary holds the numbers of a time, and of the one before.
type Summary struct {
	Period Period            `json:"period"`
	Now    Numbers           `json:"now"`
	Before *Numbers          `json:"before"`
	Span   *Period           `json:"period_before"`
	Lists  map[string]string `json:"lists" doc:"What to add to a list's filter for the conversations of a number, by its name. A number that is not named is about all of them."`
	Hours  []Hour            `json:"hours" doc:"By the hour of the week in which they started, from Monday at midnight."`
	Waits  []Wait            `json:"first_replies" doc:"How long contacts waited for the first reply."`
}

// Numbers are counts and what follows from them. A rate or mean of nothing is
// null. Percentiles are within 2.5 % of the true value.
type Numbers struct {
	Conversations           int64           `json:"conversations"`
	Contacts                int64           `json:"contacts" doc:"Different people."`
	Messages                int64           `json:"messages" doc:"Of the contact, the assistant and operators."`
	UserMessages            int64           `json:"user_messages"`
	AssistantMessages       int64           `json:"assistant_messages"`
	MessagesPerConversation *float64        `json:"messages_per_conversation"`
	Evaluated               int64           `json:"evaluated"`
	Unevaluated             int64           `json:"unevaluated"`
	Resolved                int64           `json:"resolved"`
	Unresolved              int64           `json:"unresolved"`
	ResolutionRate          *float64        `json:"resolution_rate" doc:"Of the evaluated ones."`
	HandedOver              int64           `json:"handed_over"`
	HandoverRate            *float64        `json:"handover_rate"`
	Replied                 int64           `json:"replied" doc:"Conversations in which the contact got a reply."`
	FirstReply              Seconds         `json:"first_reply" doc:"From the contact's first message to the first reply."`
	Reply                   Seconds         `json:"reply" doc:"From the first message that waits for a reply to the reply, each time."`
	Duration                Seconds         `json:"duration" doc:"From the first to the last counted message."`
	InputTokens             int64           `json:"input_tokens"`
	OutputTokens            int64           `json:"output_tokens"`
	TokensPerConversation   *float64        `json:"tokens_per_conversation"`
	TokensPerResolved       *float64        `json:"tokens_per_resolved" doc:"All tokens, divided by the resolved conversations."`
	Credits                 parley.Credits  `json:"credits" doc:"As far as prices are known."`
	CreditsPerConversation  *parley.Credits `json:"credits_per_conversation" doc:"As far as prices are known; null where none is."`
	CreditsPerResolved      *parley.Credits `json:"credits_per_resolved" doc:"All credits, divided by the resolved conversations. As far as prices are known; null where none is."`
	Unpriced                int64           `json:"unpriced" doc:"Conversations whose credits are not all known."`
}

// Seconds is how durations spread.
type Seconds struct {
	Mean *float64 `json:"mean"`
	P50  *float64 `json:"p50"`
	P95  *float64 `json:"p95"`
}

// Hour counts the conversations of an hour of the week.
type Hour struct {
	Conversations int64  `json:"conversations"`
	List          string `json:"list" doc:"What to add to the list's filter."`
}

// Wait counts the conversations whose first reply took about as long.
type Wait struct {
	From          int64  `json:"from" doc:"Seconds."`
	To            *int64 `json:"to" doc:"Seconds, exclusive; null: open."`
	Conversations int64  `json:"conversations"`
	List          string `json:"list" doc:"What to add to the list's filter."`
}

// Series is a view over time.
type Series struct {
	Period   Period             `json:"period"`
	Interval analytics.Interval `json:"interval" enum:"hour,day,week,month"`
	Lists    map[string]string  `json:"lists" doc:"As in the summary."`
	Points   []Point            `json:"points"`
}

// Point is a part of a series.
type Point struct {
	Start   time.Time `json:"start"`
	End     time.Time `json:"end" doc:"Exclusive."`
	List    string    `json:"list" doc:"What takes the place of the same filters of the list."`
	Numbers Numbers   `json:"numbers"`
}

type groupsQuery struct {
	View
	By []analytics.Dimension `query:"by,explode" enum:"source,assistant,version,outcome,handed_over,status" minItems:"1" maxItems:"2" required:"true"`
}

type labelsQuery struct {
	View
	Kind  rollup.LabelKind `query:"kind" enum:"topic,passage,tool,model,rating,call" required:"true"`
	Limit int              `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Groups divides a view.
type Groups struct {
	Period        Period            `json:"period"`
	Lists         map[string]string `json:"lists" doc:"As in the summary."`
	Groups        []Group           `json:"groups" doc:"The largest first."`
	Others        int               `json:"others" doc:"Smaller groups that are left out."`
	Conversations int64             `json:"conversations" doc:"In all groups, also in those that are left out."`
	Credits       parley.Credits    `json:"credits" doc:"Of all groups, also of those that are left out, as far as prices are known."`
}

// Group is the conversations that have in common what was asked for.
type Group struct {
	Source     string                                     `json:"source,omitempty"`
	Assistant  *wire.Ref                                  `json:"assistant,omitempty"`
	Version    int                                        `json:"version,omitempty"`
	Outcome    string                                     `json:"outcome,omitempty"`
	HandedOver string                                     `json:"handed_over,omitempty"`
	Status     string                                     `json:"status,omitempty"`
	List       string                                     `json:"list" doc:"What takes the place of the same filters of the list."`
	Numbers    Numbers                                    `json:"numbers"`
	Bounds     map[analytics.Measure]Bounds               `json:"bounds" doc:"95 % intervals: Wilson's for rates, Student's for means. Durations are in seconds. What is missing has none, as have credits that are not all known."`
	Resolution analytics.Difference                       `json:"resolution" enum:"higher,lower,none" doc:"The resolution rate compared with that of all other groups together."`
	Against    map[analytics.Measure]analytics.Difference `json:"against" doc:"Compared with the first group: higher, lower, or none where there is no clear difference. Credits that are not all known are not compared."`
}

// Bounds are the ends of an interval.
type Bounds struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Labels is what conversations had, and how those went.
type Labels struct {
	Period Period            `json:"period"`
	Lists  map[string]string `json:"lists" doc:"As in the summary."`
	Labels []Label           `json:"labels" doc:"Those of most conversations first."`
	Others int               `json:"others" doc:"Labels that are left out."`
}

// Label is a topic, a passage, a tool or a model.
type Label struct {
	Name           string               `json:"name"`
	List           string               `json:"list" doc:"What to add to the list's filter."`
	Conversations  int64                `json:"conversations"`
	Evaluated      int64                `json:"evaluated"`
	Resolved       int64                `json:"resolved"`
	HandedOver     int64                `json:"handed_over"`
	ResolutionRate *float64             `json:"resolution_rate"`
	Bounds         *Bounds              `json:"bounds" doc:"The 95 % interval of the resolution rate."`
	Resolution     analytics.Difference `json:"resolution" enum:"higher,lower,none" doc:"Compared with the conversations without it."`
	Calls          int64                `json:"calls" doc:"Of a model or of a kind of call, as are the next."`
	InputTokens    int64                `json:"input_tokens"`
	OutputTokens   int64                `json:"output_tokens"`
	Credits        parley.Credits       `json:"credits" doc:"As far as prices are known."`
	Unpriced       int64                `json:"unpriced" doc:"Calls whose tokens or price are unknown."`
}
