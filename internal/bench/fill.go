package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/bench/madeup"
	"parley/internal/bench/progress"
	"parley/internal/store"
)

// FillCommand writes made-up conversations.
type FillCommand struct {
	Filled `embed:""`

	Conversations int `help:"How many conversations there shall be in all." default:"100000"`
	Days          int `help:"Over how many days they are spread." default:"540"`

	out        io.Writer      // nil: os.Stdout
	batch      int            // 0: fillBatch
	afterBatch func(done int) // nil: nothing; for tests
}

// workspaceName is how bench knows its own workspace again.
const workspaceName = "Bench"

// How the conversations are made up and written.
const (
	fillAssistants = 14
	fillOperators  = 3
	fillBatch      = 4096 // conversations that are written together
	indexBatch     = 5_000
)

// Run implements the command.
func (c *FillCommand) Run(ctx context.Context) (err error) {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	r := newReport("fill", s.Engine(), "The store is open in this process.")
	if err := c.fill(ctx, s, r); err != nil {
		return err
	}
	return r.print(c.out, c.Printing)
}

func (c *FillCommand) fill(ctx context.Context, s *store.Store, r *report) error {
	m, err := prepare(ctx, s, c.Conversations, c.Days)
	if err != nil {
		return err
	}
	done, err := written(ctx, s, m.Workspace)
	if err != nil {
		return err
	}
	if done > 0 && done < c.Conversations {
		r.note("%d conversations were there already.", done)
	}
	out := r.table("Written", "what", "number", "seconds", "per second")
	start := time.Now()
	indexed, err := index(ctx, s) // the new ones are made findable as they are written if the old ones are
	if err != nil {
		return err
	}
	messages, err := c.writeAll(ctx, s, m, done)
	if err != nil {
		return err
	}
	took := time.Since(start)
	out.row("conversations", max(c.Conversations-done, 0), took, perSecond(c.Conversations-done, took))
	out.row("messages, findable", messages, took, perSecond(messages, took))
	more, err := index(ctx, s)
	if err != nil {
		return err
	}
	if indexed += more; indexed > 0 {
		r.note("%d messages were made findable apart from their writing.", indexed)
	}
	r.note("To look at it in the dashboard: `parley member reset-password operator1@bench.invalid`, then `parley serve`, " +
		"both with the same --data or --db.")
	return nil
}

// writeAll makes up and writes conversations from number done on, and returns
// how many messages they have. One goroutine makes up while the store writes.
func (c *FillCommand) writeAll(ctx context.Context, s *store.Store, m *madeup.Conversations, done int) (messages int, err error) {
	f, err := s.NewFiller(ctx, m.Workspace, true)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	ctx, cancel := context.WithCancel(ctx)
	batches := make(chan batch, 1)
	go func() {
		defer close(batches)
		size := cmp.Or(c.batch, fillBatch)
		for from := done; from < c.Conversations; from += size {
			b := makeUp(m, f, from, min(from+size, c.Conversations))
			select {
			case batches <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() {
		cancel()
		for range batches { // until the goroutine has ended
			continue
		}
	}()
	return c.write(ctx, f, done, batches)
}

// batch is what is written in one transaction.
type batch struct {
	*store.FillBatch
	conversations, messages int
}

func makeUp(m *madeup.Conversations, f *store.Filler, from, to int) batch {
	convs := make([]store.FillConversation, 0, to-from)
	b := batch{conversations: to - from}
	for i := from; i < to; i++ {
		c := m.Make(i)
		b.messages += len(c.Messages)
		convs = append(convs, c)
	}
	b.FillBatch = f.Prepare(convs)
	return b
}

// write writes batches and returns how many messages they have.
func (c *FillCommand) write(ctx context.Context, f *store.Filler, done int, batches <-chan batch) (messages int, err error) {
	bar := progress.New(c.Conversations, done, "conversations")
	for b := range batches {
		if err := f.Write(ctx, b.FillBatch); err != nil {
			return messages, fmt.Errorf("stopped; the same command goes on from here: %w", err)
		}
		messages += b.messages
		bar.Add(b.conversations)
		if done += b.conversations; c.afterBatch != nil {
			c.afterBatch(done)
		}
	}
	bar.Finish()
	if err := ctx.Err(); err != nil {
		return messages, fmt.Errorf("stopped; the same command goes on from here: %w", err)
	}
	return messages, nil
}

// index makes findable what is not.
func index(ctx context.Context, s *store.Store) (total int, err error) {
	bar := progress.New(-1, 0, "messages indexed")
	for {
		n, err := s.IndexSearch(ctx, indexBatch)
		if err != nil {
			return total, err
		}
		if n == 0 {
			bar.Finish()
			return total, nil
		}
		total += n
		bar.Add(n)
	}
}

// prepare finds the workspace of the measurement with its assistants and
// operators, or makes them.
func prepare(ctx context.Context, s *store.Store, total, days int) (*madeup.Conversations, error) {
	ws, err := workspaceOf(ctx, s)
	if errors.Is(err, errNothing) {
		ws = &parley.Workspace{Name: workspaceName, TimeZone: "Europe/Berlin", Settings: parley.DefaultWorkspaceSettings()}
		err = s.CreateWorkspace(ctx, ws)
	}
	if err != nil {
		return nil, err
	}
	to := ws.CreatedAt.UTC()
	m := &madeup.Conversations{
		Workspace: ws.ID, Total: total, Words: madeup.NewVocabulary(),
		From: to.Add(-time.Duration(days) * 24 * time.Hour), To: to,
	}
	if m.Assistants, err = assistantsOf(ctx, s, ws.ID); err != nil {
		return nil, err
	}
	m.Members, err = membersOf(ctx, s, ws.ID)
	return m, err
}

// errNothing says that nothing was filled yet.
var errNothing = errors.New("there are no conversations to measure: run `parley bench fill` first")

// workspaceOf returns the workspace of the measurements, or errNothing.
func workspaceOf(ctx context.Context, s *store.Store) (*parley.Workspace, error) {
	all, err := s.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Name == workspaceName {
			return &all[i], nil
		}
	}
	return nil, errNothing
}

// assistantsOf returns the ids of the assistants in the order in which they were
// made, and makes them if there are none.
func assistantsOf(ctx context.Context, s *store.Store, ws string) ([]string, error) {
	names := make(map[string]string)
	page, _, err := s.Assistants(ctx, ws, store.AssistantQuery{Limit: 100})
	if err != nil {
		return nil, err
	}
	for i := range page {
		names[page[i].Name] = page[i].ID
	}
	var ids []string
	for i := range fillAssistants {
		name := fmt.Sprintf("Assistant %02d", i+1)
		if names[name] == "" {
			a := parley.Assistant{WorkspaceID: ws, Name: name, Status: parley.AssistantActive, Config: parley.AssistantConfig{
				Name: name, Status: parley.AssistantActive, Prompt: "Answer.",
				Model:             parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
				InactivityMinutes: 30, AfterEnd: parley.AfterEndNew,
			}}
			if err := s.CreateAssistant(ctx, &a, ""); err != nil {
				return nil, err
			}
			names[name] = a.ID
		}
		ids = append(ids, names[name])
	}
	return ids, nil
}

func membersOf(ctx context.Context, s *store.Store, ws string) ([]string, error) {
	members, err := s.Members(ctx, ws)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(members, func(a, b parley.Member) int { return strings.Compare(a.Name, b.Name) })
	var ids []string
	for i := range members {
		ids = append(ids, members[i].ID)
	}
	for i := len(ids); i < fillOperators; i++ {
		m := parley.Member{WorkspaceID: ws, Name: fmt.Sprintf("Operator %d", i+1), Role: parley.RoleOwner,
			Email: fmt.Sprintf("operator%d@bench.invalid", i+1)}
		if err := s.CreateMember(ctx, &m); err != nil {
			return nil, err
		}
		ids = append(ids, m.ID)
	}
	return ids, nil
}

// written returns how many conversations the workspace has.
func written(ctx context.Context, s *store.Store, ws string) (int, error) {
	tiles, err := s.Tiles(ctx, ws, time.Now(), time.UTC)
	if err != nil {
		return 0, err
	}
	return int(tiles.Conversations), nil
}
