package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/export"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/store/exports"
	kept "parley/internal/store/privacy"
)

// EraseCommand measures the erasing of one person among all others, beside
// somebody who reads the list.
type EraseCommand struct {
	Filled `embed:""`

	Conversations int `help:"How many the person has." default:"100"`
	Messages      int `help:"How many there are in each of them." default:"100"`

	out io.Writer // nil: os.Stdout
}

// Run implements the command.
func (c *EraseCommand) Run(ctx context.Context) error {
	q, err := c.openQueries(ctx, "erase", 0)
	if err != nil {
		return err
	}
	q.report.Setup = "The store is open in this process; the list is read meanwhile, every " + probeEvery.String() + "."
	return q.finish(c.measure(ctx, q), c.out, c.Printing)
}

// erasedWord is in each message of the person, and in no other.
const erasedWord = "zebrafinchling"

func (c *EraseCommand) measure(ctx context.Context, q *queries) (err error) {
	folder, err := os.MkdirTemp("", "parley-erase-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	files, err := blob.Open(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	erased := kept.New(q.store)
	service := privacy.New(privacy.Config{
		Store: erased, Conversations: q.store, Files: files, Gone: func(_, _ string) {},
		Exports: export.New(export.Config{Store: &exports.Exports{Store: q.store}, Files: files}),
	})
	contact, err := c.fill(ctx, q)
	if err != nil {
		return err
	}
	out := q.report.table("Erasing one person",
		append([]string{"what", "took", "conversations", "messages", "list meanwhile: reads"}, spread()...)...)
	before, err := q.probe(ctx, func(context.Context) error { time.Sleep(2 * time.Second); return nil })
	if err != nil {
		return err
	}
	out.row(append([]any{"nothing, for 2 s", nil, nil, nil, before.list.N}, before.list.cells()...)...)
	e, err := service.Ask(ctx, q.data.Workspace, contact, "bench")
	if err != nil {
		return err
	}
	m, err := q.probe(ctx, func(ctx context.Context) error {
		work, err := q.store.ClaimWork(ctx, []parley.WorkKind{parley.WorkErase}, 1, time.Hour)
		if err != nil || len(work) != 1 {
			return fmt.Errorf("there is no erasure to do: %w", err)
		}
		if err := service.Work(store.Patient(ctx), work[0]); err != nil {
			return err
		}
		return q.store.CompleteWork(ctx, work[0])
	})
	if err != nil {
		return err
	}
	if e, err = erased.Erasure(ctx, q.data.Workspace, e.ID); err != nil {
		return err
	}
	out.row(append([]any{"the erasure", m.took, e.Gone.Conversations, e.Gone.Messages, m.list.N}, m.list.cells()...)...)
	q.group("lists meanwhile", budgetSingle).verdict(m.list.P99, "the erasure")
	page, err := q.store.List(ctx, store.ListQuery{WorkspaceID: q.data.Workspace, Q: erasedWord})
	if err == nil && len(page.Rows) > 0 {
		err = fmt.Errorf("%d conversations of the person are found", len(page.Rows))
	}
	return err
}

// fill writes the person's conversations, spread over those that there are.
func (c *EraseCommand) fill(ctx context.Context, q *queries) (contact string, err error) {
	f, err := q.store.NewFiller(ctx, q.data.Workspace, true)
	if err != nil {
		return "", err
	}
	now := time.Now()
	contact = parley.NewID(now)
	all := make([]store.FillConversation, c.Conversations)
	for i := range all {
		at := now.Add(-time.Duration(i) * time.Hour)
		all[i] = store.FillConversation{
			Conversation: parley.Conversation{
				ID: parley.NewID(at), Source: parley.SourceAPI, AssistantID: q.data.Assistants[0], AssistantVersion: 1,
				Status: parley.ConversationEnded, Owner: parley.OwnerAssistant, StartedAt: at, EndedAt: at,
			},
			Contact:    parley.Contact{ID: contact, Name: "Erika " + erasedWord, CreatedAt: now},
			Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: contact}},
		}
		for k := range c.Messages {
			all[i].Messages = append(all[i].Messages, parley.Message{
				Role: parley.ByUser, Content: fmt.Sprintf("%s asks about order %d-%d", erasedWord, i, k), CreatedAt: at,
			})
		}
	}
	return contact, errors.Join(f.Write(ctx, f.Prepare(all)), f.Close())
}
