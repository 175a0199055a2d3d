// Package filter reads the filters of conversations from a request. All that
// lists, counts or takes away conversations is filtered in the same words.
package filter

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/calendar"
	"parley/internal/store"
	"parley/internal/store/query"
)

// Conversations are the filters. One that is repeated takes any of its values;
// different filters must all hold.
type Conversations struct {
	Source         []parley.Source `query:"source,explode" enum:"test,widget,whatsapp,api" maxItems:"10"`
	AssistantID    []string        `query:"assistant_id,explode" maxItems:"100"`
	Status         string          `query:"status" enum:"active,ended"`
	From           string          `query:"from" format:"date-time" doc:"Last activity at or after."`
	To             string          `query:"to" format:"date-time" doc:"Last activity before."`
	Q              string          `query:"q" maxLength:"500" doc:"Words that a message holds; never query syntax."`
	Contact        string          `query:"contact" maxLength:"200" doc:"A contact's id, phone, e-mail or name."`
	HasAttachment  string          `query:"has_attachment" enum:"true,false"`
	HasError       string          `query:"has_error" enum:"true,false"`
	HandedOver     string          `query:"handed_over" enum:"true,false"`
	Waiting        string          `query:"waiting" enum:"true,false"`
	Resolved       string          `query:"resolved" enum:"true,false"`
	Evaluated      string          `query:"evaluated" enum:"true,false" doc:"Whether the evaluation says if it was resolved."`
	Reviewed       string          `query:"reviewed" enum:"true,false" doc:"Whether a member says that it has been looked at."`
	Tag            []string        `query:"tag,explode" maxItems:"50" doc:"A tag that it has, by id."`
	StartedFrom    string          `query:"started_from" maxLength:"40" doc:"Started at or after: a time, or a date such as 2026-01-31, whose day begins on the workspace's clock. Analytics count a conversation by its start."`
	StartedTo      string          `query:"started_to" maxLength:"40" doc:"Started before: a time, or a date."`
	Version        int             `query:"version" minimum:"1" doc:"The assistant's version that answered last."`
	HourOfWeek     string          `query:"hour_of_week" maxLength:"3" doc:"The hour in which it started, on the workspace's clock: 0 is Monday at midnight, 167 Sunday at 23."`
	Replied        string          `query:"replied" enum:"true,false" doc:"Whether the contact got a reply."`
	FirstReplyFrom float64         `query:"first_reply_from" minimum:"0" maximum:"100000000" doc:"Seconds until the first reply, at least."`
	FirstReplyTo   float64         `query:"first_reply_to" minimum:"0" maximum:"100000000" doc:"Seconds until the first reply, less than."`
	CostComplete   string          `query:"cost_complete" enum:"true,false" doc:"Whether the price of every model call is known."`
	Topic          string          `query:"topic" maxLength:"400" doc:"What the evaluation says that it was about."`
	Passage        string          `query:"passage" maxLength:"400" doc:"A passage of the knowledge that the assistant was given: its document's title and its headings, joined by ›."`
	Tool           string          `query:"tool" maxLength:"400" doc:"A tool that the assistant called."`
	Model          string          `query:"model" maxLength:"400" doc:"A model that was called."`
	Rating         int             `query:"rating" minimum:"1" maximum:"5" doc:"How the visitor rated it."`
	Call           string          `query:"call" enum:"reply,evaluation,vision,transcription,message" doc:"What was paid for: a kind of model call, or a message that a channel charges for."`
	Unpriced       string          `query:"unpriced" maxLength:"400" doc:"A model without a price: its provider's id, a slash and its name."`
	TopicID        string          `query:"topic_id" maxLength:"64" doc:"A topic of the questions that were asked, or that had no answer."`
	Unanswered     []string        `query:"unanswered,explode" enum:"unknown,handover,unresolved,repeated" maxItems:"4" doc:"Why a question seems to have had no answer: the assistant said that it does not know, a person was asked for, the evaluation says that it was not resolved, or it was asked again."`
}

// Query turns the filters into the store's, but for the workspace. Variables are
// in the raw query, because their names are; of is the whole input, whose
// parameters are known. zone is the workspace's, asked for only where it matters.
func (in *Conversations) Query(raw map[string][]string, of any, zone Zone) (*store.ListQuery, error) {
	f := parley.ConversationFilter{
		Source: in.Source, AssistantID: in.AssistantID, Status: parley.ConversationStatus(in.Status),
		Contact: in.Contact, Q: in.Q,
		HasAttachment: flag(in.HasAttachment), HasError: flag(in.HasError), HandedOver: flag(in.HandedOver),
		Waiting: flag(in.Waiting), Resolved: flag(in.Resolved), Evaluated: flag(in.Evaluated), Reviewed: flag(in.Reviewed), Tag: in.Tag,
		Version: in.Version, CostComplete: flag(in.CostComplete), Replied: flag(in.Replied),
		FirstReplyFrom: in.FirstReplyFrom, FirstReplyTo: in.FirstReplyTo,
		Topic: in.Topic, Passage: in.Passage, Tool: in.Tool, Model: in.Model, Rating: in.Rating,
		Call: in.Call, Unpriced: in.Unpriced,
		TopicID: in.TopicID, Unanswered: in.Unanswered,
	}
	for _, id := range in.AssistantID {
		if !parley.ValidID(id) {
			return nil, parley.Errorf(parley.CodeInvalid, "assistant_id: %q is not an id.", id)
		}
	}
	for at, text := range map[*time.Time]string{
		&f.From: in.From, &f.To: in.To, &f.StartedFrom: in.StartedFrom, &f.StartedTo: in.StartedTo,
	} {
		var err error
		if *at, err = Time(text, zone); err != nil {
			return nil, err
		}
	}
	if in.HourOfWeek != "" {
		hour, err := strconv.Atoi(in.HourOfWeek)
		if err != nil {
			hour = -1
		}
		if f.HourOfWeek, err = Hour(hour, zone); err != nil {
			return nil, err
		}
	}
	if err := variables(&f, raw, of); err != nil {
		return nil, err
	}
	q, err := query.Of("", &f)
	return &q, err
}

// Zone returns the time zone of the workspace.
type Zone func() (*time.Location, error)

// Hour returns an hour of the week on the workspace's clock. It returns
// CodeInvalid for what is none.
func Hour(hour int, zone Zone) (*parley.HourOfWeek, error) {
	if hour < 0 || hour >= 7*24 {
		return nil, parley.Errorf(parley.CodeInvalid, "hour_of_week is between 0 and 167.")
	}
	loc, err := zone()
	if err != nil {
		return nil, err
	}
	return &parley.HourOfWeek{Hour: hour, TimeZone: loc.String()}, nil
}

// Time reads a time, or the beginning of the day that a date names; "" is none.
// It returns CodeInvalid for what is neither.
func Time(text string, zone Zone) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if day, other := time.Parse(time.DateOnly, text); other == nil {
		t = day
		var loc *time.Location
		if loc, err = zone(); err == nil {
			t = calendar.New(loc).Start(calendar.DayOn(day.Date()))
		}
	}
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}, parley.Errorf(parley.CodeInvalid, "%q is not a time such as 2026-01-31T12:00:00Z.", text)
	}
	return t, nil
}

// variables reads the filters by a variable's value.
func variables(f *parley.ConversationFilter, raw map[string][]string, of any) error {
	for key, vals := range raw {
		name, ok := strings.CutPrefix(key, "variable[")
		name, closed := strings.CutSuffix(name, "]")
		switch {
		case ok && closed && name != "":
			if f.Variables == nil {
				f.Variables = map[string][]string{}
			}
			f.Variables[name] = vals
		case !knows(of, key): // a filter that is misspelt must not show everything
			return parley.Errorf(parley.CodeInvalid, "There is no filter %.100q.", key)
		}
	}
	if len(f.Variables) > 10 {
		return parley.Errorf(parley.CodeInvalid, "At most ten variables can be filtered by.")
	}
	return nil
}

// knows reports whether an input has a parameter of that name.
func knows(of any, name string) bool {
	return slices.ContainsFunc(reflect.VisibleFields(reflect.TypeOf(of)), func(f reflect.StructField) bool {
		known, _, _ := strings.Cut(f.Tag.Get("query"), ",")
		return name != "" && known == name
	})
}

// flag reads a filter that is true, false or absent.
func flag(s string) *bool {
	if s == "" {
		return nil
	}
	b := s == "true"
	return &b
}
