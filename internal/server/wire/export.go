package wire

import (
	"time"

	"parley"
	"parley/internal/server/filter"
)

// NewExport asks for conversations in a file.
type NewExport struct {
	Format          parley.ExportFormat `json:"format" doc:"csv and xlsx are tables; jsonl holds whole conversations, which parley import reads; zip is the same with the files beside it; openai and sharegpt are examples for fine-tuning; markdown is text; html is a page to print."`
	Filter          ConversationFilter  `json:"filter,omitempty" doc:"What the list is filtered by; left out: every conversation."`
	ConversationIDs []string            `json:"conversation_ids,omitempty" maxItems:"1000" doc:"These conversations instead of those of the filter."`
	Rows            parley.ExportRows   `json:"rows,omitempty" doc:"What a row of a table is; conversations, unless said otherwise."`
	Columns         []string            `json:"columns,omitempty" maxItems:"200" doc:"Of a table, in their order; left out: the usual ones. variable.NAME is the value of a variable."`
	Hide            []parley.Secrecy    `json:"hide,omitempty" maxItems:"4" doc:"Personal data that is replaced by a word for it."`
	TimeZone        string              `json:"time_zone,omitempty" maxLength:"64" doc:"IANA zone of the times that people read; else the workspace's. Those of jsonl are in UTC."`
	SystemPrompt    bool                `json:"system_prompt,omitempty" doc:"Begin examples for fine-tuning with the prompt of the assistant's version."`
}

// ConversationFilter selects conversations as the list does.
type ConversationFilter struct {
	Source        []parley.Source           `json:"source,omitempty" maxItems:"10"`
	AssistantID   []string                  `json:"assistant_id,omitempty" maxItems:"100"`
	Status        parley.ConversationStatus `json:"status,omitempty"`
	From          *time.Time                `json:"from,omitempty" doc:"Last activity at or after."`
	To            *time.Time                `json:"to,omitempty" doc:"Last activity before."`
	Q             string                    `json:"q,omitempty" maxLength:"500" doc:"Words that a message holds."`
	Contact       string                    `json:"contact,omitempty" maxLength:"200"`
	HasAttachment *bool                     `json:"has_attachment,omitempty"`
	HasError      *bool                     `json:"has_error,omitempty"`
	HandedOver    *bool                     `json:"handed_over,omitempty"`
	Waiting       *bool                     `json:"waiting,omitempty"`
	Resolved      *bool                     `json:"resolved,omitempty"`
	Evaluated     *bool                     `json:"evaluated,omitempty" doc:"Whether the evaluation says if it was resolved."`
	Variables     map[string][]string       `json:"variables,omitempty" doc:"Values of variables, by name."`

	StartedFrom    string  `json:"started_from,omitempty" maxLength:"40" doc:"Started at or after: a time, or a date, whose day begins on the workspace's clock."`
	Reviewed       *bool   `json:"reviewed,omitempty" doc:"Whether a member says that it has been looked at."`
	StartedTo      string  `json:"started_to,omitempty" maxLength:"40" doc:"Started before: a time, or a date."`
	Version        int     `json:"version,omitempty" minimum:"1" doc:"The assistant's version that answered last."`
	HourOfWeek     *int    `json:"hour_of_week,omitempty" minimum:"0" maximum:"167" doc:"The hour in which it started, on the workspace's clock: 0 is Monday at midnight."`
	Replied        *bool   `json:"replied,omitempty" doc:"Whether the contact got a reply."`
	FirstReplyFrom float64 `json:"first_reply_from,omitempty" minimum:"0" maximum:"100000000" doc:"Seconds until the first reply, at least."`
	FirstReplyTo   float64 `json:"first_reply_to,omitempty" minimum:"0" maximum:"100000000" doc:"Seconds until the first reply, less than."`
	CostComplete   *bool   `json:"cost_complete,omitempty" doc:"Whether the price of every model call is known."`
	Topic          string  `json:"topic,omitempty" maxLength:"400" doc:"What the evaluation says that it was about."`
	Passage        string  `json:"passage,omitempty" maxLength:"400" doc:"A passage of the knowledge that the assistant was given."`
	Tool           string  `json:"tool,omitempty" maxLength:"400" doc:"A tool that the assistant called."`
	Model          string  `json:"model,omitempty" maxLength:"400" doc:"A model that was called."`
	Rating         int     `json:"rating,omitempty" minimum:"1" maximum:"5" doc:"How the visitor rated it."`
	Call           string  `json:"call,omitempty" enum:"reply,evaluation,vision,transcription,message" doc:"What was paid for."`
	Unpriced       string  `json:"unpriced,omitempty" maxLength:"400" doc:"A model without a price: its provider's id, a slash and its name."`

	Tag        []string `json:"tag,omitempty" maxItems:"50" doc:"Tags of which it has one, by id."`
	TopicID    string   `json:"topic_id,omitempty" maxLength:"64" doc:"A topic of the questions that were asked, or that had no answer."`
	Unanswered []string `json:"unanswered,omitempty" enum:"unknown,handover,unresolved,repeated" maxItems:"4" doc:"Why a question seems to have had no answer."`
}

// Export is an export and how it stands.
type Export struct {
	ID         string             `json:"id"`
	State      parley.ExportState `json:"state"`
	Request    NewExport          `json:"request"`
	Total      *int64             `json:"total" doc:"Conversations that there are to write; null: not known yet."`
	Done       int64              `json:"done" doc:"Conversations written so far."`
	Size       int64              `json:"size" doc:"Bytes written so far."`
	Error      string             `json:"error,omitempty" doc:"Why it failed."`
	File       *ExportFile        `json:"file" doc:"null: there is none, or none any more."`
	CreatedBy  *Ref               `json:"created_by" doc:"null: a program, or somebody who has left."`
	CreatedAt  time.Time          `json:"created_at"`
	FinishedAt *time.Time         `json:"finished_at"`
}

// ExportFile is where the file of an export is, and until when.
type ExportFile struct {
	URL       string    `json:"url" doc:"A path of this server, for those who may export."`
	ExpiresAt time.Time `json:"expires_at"`
}

// ExportColumns are what tables can have.
type ExportColumns struct {
	Conversations []ExportColumn `json:"conversations"`
	Messages      []ExportColumn `json:"messages"`
}

// ExportColumn is one column of a table.
type ExportColumn struct {
	Name  string `json:"name"`
	Usual bool   `json:"usual" doc:"There, unless columns are chosen."`
}

// Options is what is asked for, as the domain has it; zone is the workspace's. It
// returns CodeInvalid for times that are none.
func (n *NewExport) Options(zone filter.Zone) (parley.ExportOptions, error) {
	o := parley.ExportOptions{
		Format: n.Format, ConversationIDs: n.ConversationIDs, Rows: n.Rows, Columns: n.Columns, Hide: n.Hide,
		TimeZone: n.TimeZone, SystemPrompt: n.SystemPrompt,
	}
	var err error
	o.Filter, err = n.Filter.of(zone)
	return o, err
}

func (f *ConversationFilter) of(zone filter.Zone) (out parley.ConversationFilter, err error) {
	out = parley.ConversationFilter{
		Source: f.Source, AssistantID: f.AssistantID, Status: f.Status, Q: f.Q, Contact: f.Contact,
		HasAttachment: f.HasAttachment, HasError: f.HasError, HandedOver: f.HandedOver, Waiting: f.Waiting,
		Resolved: f.Resolved, Evaluated: f.Evaluated, Variables: f.Variables,
		Version: f.Version, Replied: f.Replied, FirstReplyFrom: f.FirstReplyFrom, FirstReplyTo: f.FirstReplyTo,
		CostComplete: f.CostComplete, Topic: f.Topic, Passage: f.Passage, Tool: f.Tool, Model: f.Model, Rating: f.Rating,
		Call: f.Call, Unpriced: f.Unpriced,
		TopicID: f.TopicID, Unanswered: f.Unanswered, Reviewed: f.Reviewed, Tag: f.Tag,
	}
	if f.From != nil {
		out.From = f.From.UTC()
	}
	if f.To != nil {
		out.To = f.To.UTC()
	}
	if f.HourOfWeek != nil {
		if out.HourOfWeek, err = filter.Hour(*f.HourOfWeek, zone); err != nil {
			return out, err
		}
	}
	if out.StartedFrom, err = filter.Time(f.StartedFrom, zone); err != nil {
		return out, err
	}
	out.StartedTo, err = filter.Time(f.StartedTo, zone)
	return out, err
}

func newExportOf(o *parley.ExportOptions) NewExport {
	f := &o.Filter
	out := NewExport{
		Format: o.Format, ConversationIDs: o.ConversationIDs, Rows: o.Rows, Columns: o.Columns, Hide: o.Hide,
		TimeZone: o.TimeZone, SystemPrompt: o.SystemPrompt,
		Filter: ConversationFilter{
			Source: f.Source, AssistantID: f.AssistantID, Status: f.Status, From: TimeOrNull(f.From), To: TimeOrNull(f.To),
			Q: f.Q, Contact: f.Contact, HasAttachment: f.HasAttachment, HasError: f.HasError, HandedOver: f.HandedOver,
			Waiting: f.Waiting, Resolved: f.Resolved, Evaluated: f.Evaluated, Variables: f.Variables,
			StartedFrom: stamp(f.StartedFrom), StartedTo: stamp(f.StartedTo), Version: f.Version, Replied: f.Replied,
			FirstReplyFrom: f.FirstReplyFrom, FirstReplyTo: f.FirstReplyTo, CostComplete: f.CostComplete,
			Topic: f.Topic, Passage: f.Passage, Tool: f.Tool, Model: f.Model, Rating: f.Rating,
			Call: f.Call, Unpriced: f.Unpriced,
			TopicID: f.TopicID, Unanswered: f.Unanswered, Reviewed: f.Reviewed, Tag: f.Tag,
		},
	}
	if f.HourOfWeek != nil {
		out.Filter.HourOfWeek = &f.HourOfWeek.Hour
	}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// ExportOf is an export and how it stands; by is the member who asked for it, nil if
// there is none.
func ExportOf(e *parley.Export, state parley.ExportState, by *Ref) Export {
	out := Export{
		ID: e.ID, State: state, Request: newExportOf(&e.Options), Done: e.Done, Size: e.Size, Error: e.Error,
		CreatedBy: by, CreatedAt: e.CreatedAt.UTC(), FinishedAt: TimeOrNull(e.FinishedAt),
	}
	if e.Total >= 0 {
		out.Total = &e.Total
	}
	if state == parley.ExportDone {
		out.File = &ExportFile{URL: "/api/v1/exports/" + e.ID + "/file", ExpiresAt: e.ExpiresAt.UTC()}
	}
	return out
}
