package wire

import (
	"time"

	"parley"
)

// NewExport asks for conversations in a file.
type NewExport struct {
	Format          parley.ExportFormat `json:"format" doc:"csv and xlsx are tables; jsonl holds whole conversations, which parley import reads; openai and sharegpt are examples for fine-tuning; markdown is text; html is a page to print."`
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
	Variables     map[string][]string       `json:"variables,omitempty" doc:"Values of variables, by name."`
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

// Options is what is asked for, as the domain has it.
func (n *NewExport) Options() parley.ExportOptions {
	f := &n.Filter
	o := parley.ExportOptions{
		Format: n.Format, ConversationIDs: n.ConversationIDs, Rows: n.Rows, Columns: n.Columns, Hide: n.Hide,
		TimeZone: n.TimeZone, SystemPrompt: n.SystemPrompt,
		Filter: parley.ConversationFilter{
			Source: f.Source, AssistantID: f.AssistantID, Status: f.Status, Q: f.Q, Contact: f.Contact,
			HasAttachment: f.HasAttachment, HasError: f.HasError, HandedOver: f.HandedOver, Waiting: f.Waiting,
			Resolved: f.Resolved, Variables: f.Variables,
		},
	}
	if f.From != nil {
		o.Filter.From = f.From.UTC()
	}
	if f.To != nil {
		o.Filter.To = f.To.UTC()
	}
	return o
}

func newExportOf(o *parley.ExportOptions) NewExport {
	f := &o.Filter
	return NewExport{
		Format: o.Format, ConversationIDs: o.ConversationIDs, Rows: o.Rows, Columns: o.Columns, Hide: o.Hide,
		TimeZone: o.TimeZone, SystemPrompt: o.SystemPrompt,
		Filter: ConversationFilter{
			Source: f.Source, AssistantID: f.AssistantID, Status: f.Status, From: TimeOrNull(f.From), To: TimeOrNull(f.To),
			Q: f.Q, Contact: f.Contact, HasAttachment: f.HasAttachment, HasError: f.HasError, HandedOver: f.HandedOver,
			Waiting: f.Waiting, Resolved: f.Resolved, Variables: f.Variables,
		},
	}
}

// ExportOf is an export; by is the member who asked for it, nil if there is none.
func ExportOf(e *parley.Export, by *Ref) Export {
	out := Export{
		ID: e.ID, State: e.State, Request: newExportOf(&e.Options), Done: e.Done, Size: e.Size, Error: e.Error,
		CreatedBy: by, CreatedAt: e.CreatedAt.UTC(), FinishedAt: TimeOrNull(e.FinishedAt),
	}
	if e.Total >= 0 {
		out.Total = &e.Total
	}
	if e.State == parley.ExportDone {
		out.File = &ExportFile{URL: "/api/v1/exports/" + e.ID + "/file", ExpiresAt: e.ExpiresAt.UTC()}
	}
	return out
}
