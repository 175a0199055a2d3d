// Package stage sets up where made-up conversations happen: their workspace with
// its assistants, operators and tags.
package stage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/bench/madeup"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// workspaceName is how bench knows its own workspace again.
const workspaceName = "Bench"

// How many there are.
const (
	assistants = 14
	operators  = 3
)

// Set finds the workspace of the measurements with all that is in it, or makes
// it, for so many conversations in all that end now and began so many days ago.
func Set(ctx context.Context, s *store.Store, total, days int) (*madeup.Conversations, error) {
	ws, err := workspaceOf(ctx, s)
	if errors.Is(err, errNothing) {
		ws = &parley.Workspace{Name: workspaceName, TimeZone: "Europe/Berlin", Settings: parley.DefaultWorkspaceSettings()}
		err = s.CreateWorkspace(ctx, ws)
	}
	if err != nil {
		return nil, err
	}
	m, err := with(ctx, s, ws.ID)
	if err != nil {
		return nil, err
	}
	m.Total, m.Words, m.To = total, madeup.NewVocabulary(), ws.CreatedAt.UTC()
	m.From = m.To.Add(-time.Duration(days) * 24 * time.Hour)
	return m, Desk(s).UnreadSince(ctx, ws.ID, m.Members[0], m.From)
}

// Find finds what Set has made, without what it takes to make up more, and without
// how many there are. It returns an error that says what to do if nothing was
// filled yet.
func Find(ctx context.Context, s *store.Store) (*madeup.Conversations, error) {
	ws, err := workspaceOf(ctx, s)
	if err != nil {
		return nil, err
	}
	return with(ctx, s, ws.ID)
}

// with returns the assistants, operators and tags of a workspace, and makes those
// that are missing.
func with(ctx context.Context, s *store.Store, ws string) (*madeup.Conversations, error) {
	m := &madeup.Conversations{Workspace: ws}
	var err error
	if m.Assistants, err = assistantsOf(ctx, s, ws); err != nil {
		return nil, err
	}
	if m.Members, err = membersOf(ctx, s, ws); err != nil {
		return nil, err
	}
	m.Tags, err = tagsOf(ctx, Desk(s), ws)
	return m, err
}

// Desk is the desk of a store.
func Desk(s *store.Store) *desk.Desk { return &desk.Desk{Tables: s.Tables(), Now: time.Now} }

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
	for i := range assistants {
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

// tagsOf returns the ids of the tags by name, and makes those that are missing.
func tagsOf(ctx context.Context, d *desk.Desk, ws string) (map[string]string, error) {
	ids := make(map[string]string)
	tags, err := d.Tags(ctx, ws)
	if err != nil {
		return nil, err
	}
	for i := range tags {
		ids[tags[i].Name] = tags[i].ID
	}
	for _, name := range madeup.TagNames() {
		if ids[name] != "" {
			continue
		}
		g := desk.Tag{WorkspaceID: ws, Name: name, Color: "#2563eb"}
		if err := d.CreateTag(ctx, &g); err != nil {
			return nil, err
		}
		ids[name] = g.ID
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
	for i := len(ids); i < operators; i++ {
		m := parley.Member{WorkspaceID: ws, Name: fmt.Sprintf("Operator %d", i+1), Role: parley.RoleOwner,
			Email: fmt.Sprintf("operator%d@bench.invalid", i+1)}
		if err := s.CreateMember(ctx, &m); err != nil {
			return nil, err
		}
		ids = append(ids, m.ID)
	}
	return ids, nil
}

// Written returns how many conversations the workspace has.
func Written(ctx context.Context, s *store.Store, ws string) (int, error) {
	tiles, err := s.Tiles(ctx, ws, time.Now(), time.UTC)
	if err != nil {
		return 0, err
	}
	return int(tiles.Conversations), nil
}

// Furnish lets what stands on conversation number i be written with it.
func Furnish(m *madeup.Conversations, i int, c *store.FillConversation) {
	marks, read, now := m.Marks(i, c), len(c.Messages), m.To
	c.Beside = func(ctx context.Context, t store.Tx, n int64) error {
		if _, err := marks.Put(ctx, t, m.Workspace, n, now); err != nil || !marks.Read {
			return err
		}
		return desk.HasRead(ctx, t, m.Members[0], n, read)
	}
}
