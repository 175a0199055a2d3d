package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"parley"
	"parley/internal/app"
	"parley/internal/bench/progress"
	"parley/internal/blob"
	"parley/internal/config"
	"parley/internal/export"
	"parley/internal/store"
	"parley/internal/store/exports"
)

type exportCommand struct {
	Format string `enum:"csv,xlsx,jsonl,zip,openai,sharegpt,markdown,html" default:"jsonl" help:"csv, xlsx, jsonl, zip, openai, sharegpt, markdown or html."`
	Out    string `short:"o" type:"path" help:"File to write; it must not be there yet. Without it: the standard output."`

	Workspace    string   `help:"Name or id of the workspace; needed if there are several."`
	Source       []string `enum:"test,widget,whatsapp,api" help:"Only these sources."`
	Assistant    []string `help:"Only these assistants, by id."`
	Status       string   `enum:",active,ended" default:"" help:"active or ended."`
	From         string   `help:"Last activity at or after, such as 2026-01-31T12:00:00Z or 2026-01-31."`
	To           string   `help:"Last activity before."`
	Query        string   `short:"q" help:"Words that a message holds."`
	Contact      string   `help:"A contact's id, phone, e-mail or name."`
	Attachment   *bool    `name:"has-attachment" help:"With attachments, or with =false without."`
	Failed       *bool    `name:"has-error" help:"With an error."`
	HandedOver   *bool    `name:"handed-over" help:"That were with an operator."`
	Waiting      *bool    `help:"That wait for a person."`
	Resolved     *bool    `help:"That were resolved."`
	Evaluated    *bool    `help:"Whose evaluation says whether they were resolved."`
	Reviewed     *bool    `help:"That a member says have been looked at."`
	Tag          []string `help:"With one of these tags, by id."`
	Started      started  `embed:"" prefix:"started-"`
	Version      int      `name:"assistant-version" help:"Last answered by this version of the assistant."`
	HourOfWeek   *int     `name:"hour-of-week" help:"Started in this hour of the week on the workspace's clock: 0 is Monday at midnight, 167 Sunday at 23."`
	Replied      *bool    `help:"In which the contact got a reply."`
	FirstReply   replied  `embed:"" prefix:"first-reply-"`
	CostComplete *bool    `name:"cost-complete" help:"Whose cost is known in full."`
	Topic        string   `help:"What the evaluation says that they were about."`
	Passage      string   `help:"With this passage of the knowledge: its document's title and its headings, joined by ›."`
	Tool         string   `help:"In which the assistant called this tool."`
	Model        string   `help:"In which this model was called."`
	Rating       int      `enum:"0,1,2,3,4,5" default:"0" help:"That the visitor rated so, 1 to 5; 0 leaves the rating open."`
	Call         string   `enum:",reply,evaluation,vision,transcription,message" default:"" help:"For which this was paid: reply, evaluation, vision, transcription or message."`
	Unpriced     string   `help:"With this model without a price: its provider's id, a slash and its name."`
	TopicID      string   `name:"topic-id" help:"That ask about this topic, or ask it without an answer, by id."`
	Unanswered   []string `enum:"unknown,handover,unresolved,repeated" help:"Whose question seems unanswered, for one of these reasons: unknown, handover, unresolved, repeated."`
	Variable     []string `sep:"none" placeholder:"NAME=VALUE" help:"With this value of a variable."`
	Conversation []string `help:"These conversations, by id, whatever the filters say."`

	Rows         string   `enum:"conversations,messages" default:"conversations" help:"What a row of a table is."`
	Columns      []string `help:"Columns of a table; variable.NAME is the value of a variable."`
	Hide         []string `enum:"email,phone,card,iban" help:"Personal data to replace by a word for it."`
	TimeZone     string   `name:"tz" help:"Zone of the times that people read; else the workspace's."`
	SystemPrompt bool     `name:"system-prompt" help:"Begin examples for fine-tuning with the assistant's prompt."`

	Storage config.Storage `embed:""`
}

type started struct {
	From string `help:"Started at or after; a day begins on the workspace's clock."`
	To   string `help:"Started before."`
}

type replied struct {
	From float64 `help:"First reply after at least so many seconds."`
	To   float64 `help:"First reply after less than so many seconds."`
}

// Run writes the conversations, beside a server that may be running.
func (c *exportCommand) Run(p *program) (err error) {
	s, err := p.openStore(&c.Storage, app.StoreOptions{Shared: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	w, err := chosenWorkspace(p.ctx, s, c.Workspace)
	if err != nil {
		return err
	}
	o, err := c.options(w)
	if err != nil {
		return err
	}
	blobs, err := blob.Open(c.Storage.BlobFolder())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, blobs.Close()) }()
	service := export.New(export.Config{Store: &exports.Exports{Store: s}, Files: blobs, Now: time.Now})
	return c.write(p, func(to io.Writer) error {
		var bar *progress.Progress
		before := int64(0)
		err := service.Stream(p.ctx, w.ID, o, to, func(done, total int64) {
			if bar == nil {
				bar = progress.New(int(total), 0, "conversations")
			}
			bar.Add(int(done - before))
			before = done
		})
		if bar != nil {
			bar.Finish()
		}
		return err
	})
}

// write calls fn with where the export goes. A file that was not finished is
// removed.
func (c *exportCommand) write(p *program, fn func(io.Writer) error) error {
	if c.Out == "" {
		b := bufio.NewWriter(p.out)
		return errors.Join(fn(b), b.Flush())
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return parley.Errorf(parley.CodeInvalid, "The file cannot be made: %w", err)
	}
	if err = errors.Join(fn(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(c.Out))
	}
	_, err = fmt.Fprintf(p.err, "The export is in %s.\n", c.Out)
	return err
}

// options are what the flags ask for.
func (c *exportCommand) options(w *parley.Workspace) (parley.ExportOptions, error) {
	o := parley.ExportOptions{
		Format: parley.ExportFormat(c.Format), ConversationIDs: c.Conversation, Rows: parley.ExportRows(c.Rows), Columns: c.Columns,
		TimeZone: c.TimeZone, SystemPrompt: c.SystemPrompt,
		Filter: parley.ConversationFilter{
			AssistantID: c.Assistant, Status: parley.ConversationStatus(c.Status), Q: c.Query, Contact: c.Contact,
			HasAttachment: c.Attachment, HasError: c.Failed, HandedOver: c.HandedOver, Waiting: c.Waiting, Resolved: c.Resolved,
			Evaluated: c.Evaluated, Reviewed: c.Reviewed, Tag: c.Tag, Version: c.Version, Replied: c.Replied, FirstReplyFrom: c.FirstReply.From, FirstReplyTo: c.FirstReply.To,
			CostComplete: c.CostComplete, Topic: c.Topic, Passage: c.Passage, Tool: c.Tool, Model: c.Model,
			Rating: c.Rating, Call: c.Call, Unpriced: c.Unpriced, TopicID: c.TopicID, Unanswered: c.Unanswered,
		},
	}
	if o.TimeZone == "" {
		o.TimeZone = w.TimeZone
	}
	for _, s := range c.Source {
		o.Filter.Source = append(o.Filter.Source, parley.Source(s))
	}
	for _, h := range c.Hide {
		o.Hide = append(o.Hide, parley.Secrecy(h))
	}
	zone, err := time.LoadLocation(o.TimeZone)
	if err != nil {
		return o, parley.Errorf(parley.CodeInvalid, "There is no time zone %q.", o.TimeZone)
	}
	home, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		return o, err
	}
	for _, t := range []struct {
		at    *time.Time
		given string
		zone  *time.Location
	}{
		{&o.Filter.From, c.From, zone}, {&o.Filter.To, c.To, zone},
		{&o.Filter.StartedFrom, c.Started.From, home}, {&o.Filter.StartedTo, c.Started.To, home},
	} {
		if *t.at, err = givenTime(t.given, t.zone); err != nil {
			return o, err
		}
	}
	if c.HourOfWeek != nil {
		o.Filter.HourOfWeek = &parley.HourOfWeek{Hour: *c.HourOfWeek, TimeZone: w.TimeZone}
	}
	for _, v := range c.Variable {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return o, parley.Errorf(parley.CodeInvalid, "--variable must be NAME=VALUE; got %q.", v)
		}
		if o.Filter.Variables == nil {
			o.Filter.Variables = map[string][]string{}
		}
		o.Filter.Variables[name] = append(o.Filter.Variables[name], value)
	}
	return o, nil
}

// givenTime reads a time, or a day, which begins at midnight in the zone.
func givenTime(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return t, parley.Errorf(parley.CodeInvalid, "%q is not a time such as 2026-01-31T12:00:00Z, nor a day.", s)
	}
	return t.UTC(), nil
}

// chosenWorkspace returns the workspace with a name or an id, or the only one.
func chosenWorkspace(ctx context.Context, s *store.Store, chosen string) (*parley.Workspace, error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range all {
		if w := &all[i]; chosen == w.ID || chosen == w.Name || chosen == "" && len(all) == 1 {
			return w, nil
		}
		names = append(names, all[i].Name)
	}
	switch {
	case len(all) == 0:
		return nil, parley.Errorf(parley.CodeNotFound, "There is no workspace yet. Start the server, and set it up, first.")
	case chosen != "":
		return nil, parley.Errorf(parley.CodeNotFound, "There is no workspace %q, but: %s.", chosen, strings.Join(names, ", "))
	}
	return nil, parley.Errorf(parley.CodeInvalid, "Choose a workspace with --workspace: %s.", strings.Join(names, ", "))
}
