package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func config(name string) parley.AssistantConfig {
	c := parley.AssistantConfig{Name: name, Prompt: "You help."}
	c.Default()
	return c
}

func newAssistant(t testing.TB, s *store.Store, ws, name string) *parley.Assistant {
	t.Helper()
	a := &parley.Assistant{WorkspaceID: ws, Config: config(name)}
	must(t, s.CreateAssistant(t.Context(), a, "ada"))
	return a
}

func TestAssistantVersions(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), newWorkspace(t, s)
		a := newAssistant(t, s, w.ID, "Zoë")
		cfg := config("Zoe 2")
		cfg.Status = parley.AssistantActive
		got, err := s.UpdateAssistant(ctx, w.ID, a.ID, 1, cfg, "bob")
		if err != nil || got.Version != 2 || got.Name != "Zoe 2" || got.Status != parley.AssistantActive {
			t.Fatalf("got %+v, %v", got, err)
		}
		_, err = s.UpdateAssistant(ctx, w.ID, a.ID, 1, cfg, "bob")
		wantCode(t, err, parley.CodeConflict)
		_, err = s.UpdateAssistant(ctx, newWorkspace(t, s).ID, a.ID, 0, cfg, "bob")
		wantCode(t, err, parley.CodeNotFound)
		got, err = s.RestoreAssistant(ctx, w.ID, a.ID, 1, "eve")
		if err != nil || got.Version != 3 || got.Name != "Zoë" {
			t.Fatalf("restored %+v, %v", got, err)
		}
		_, err = s.RestoreAssistant(ctx, w.ID, a.ID, 9, "eve")
		wantCode(t, err, parley.CodeNotFound)
		all, err := s.AssistantVersions(ctx, w.ID, a.ID, 0, 2)
		if err != nil || len(all) != 2 || all[0].Version != 3 || all[0].CreatedBy != "eve" || all[1].Config.Name != "Zoe 2" {
			t.Errorf("got %+v, %v", all, err)
		}
		all, err = s.AssistantVersions(ctx, w.ID, a.ID, 2, 2)
		if err != nil || len(all) != 1 || all[0].Version != 1 {
			t.Errorf("got %+v, %v", all, err)
		}
		_, err = s.AssistantVersion(ctx, newWorkspace(t, s).ID, a.ID, 1)
		wantCode(t, err, parley.CodeNotFound)
	})
}

func TestConcurrentSavesMakeDistinctVersions(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		w := newWorkspace(t, s)
		a := newAssistant(t, s, w.ID, "A")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, err := s.UpdateAssistant(t.Context(), w.ID, a.ID, 0, config("A"), "x"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got, err := s.Assistant(t.Context(), w.ID, a.ID); err != nil || got.Version != 9 {
			t.Errorf("got %+v, %v; want version 9", got, err)
		}
	})
}

func TestListOfAssistants(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), newWorkspace(t, s)
		newAssistant(t, s, newWorkspace(t, s).ID, "Foreign")
		for i := range 7 {
			newAssistant(t, s, w.ID, fmt.Sprintf("Bot %d", i))
		}
		odd := newAssistant(t, s, w.ID, "50%_Ärger")
		var names []string
		for q := (store.AssistantQuery{Limit: 3}); ; {
			page, next, err := s.Assistants(ctx, w.ID, q)
			must(t, err)
			for _, a := range page {
				names = append(names, a.Name)
			}
			if q.Cursor = next; next == "" {
				break
			}
		}
		want := []string{"50%_Ärger", "Bot 6", "Bot 5", "Bot 4", "Bot 3", "Bot 2", "Bot 1", "Bot 0"}
		if !slices.Equal(names, want) {
			t.Errorf("got %q, want %q", names, want)
		}
		for q, n := range map[string]int{"bot": 7, "%_a": 1, "arger": 1, "%": 1, "_": 1, `\`: 0, "Foreign": 0} {
			page, _, err := s.Assistants(ctx, w.ID, store.AssistantQuery{Q: q, Limit: 100})
			if err != nil || len(page) != n {
				t.Errorf("%q: got %d, %v; want %d", q, len(page), err, n)
			}
		}
		must(t, s.DeleteAssistant(ctx, w.ID, odd.ID))
		wantCode(t, s.DeleteAssistant(ctx, w.ID, odd.ID), parley.CodeNotFound)
		_, err := s.Assistant(ctx, w.ID, odd.ID)
		wantCode(t, err, parley.CodeNotFound)
		if _, err := s.AssistantVersion(ctx, w.ID, odd.ID, 1); err != nil {
			t.Errorf("the versions of a deleted assistant are gone: %v", err)
		}
		page, _, err := s.Assistants(ctx, w.ID, store.AssistantQuery{
			Status: []parley.AssistantStatus{parley.AssistantActive, parley.AssistantDraft}, Limit: 100,
		})
		if err != nil || len(page) != 7 {
			t.Errorf("got %d, %v; want 7", len(page), err)
		}
	})
}

func TestKnowledgeMakesVersions(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), newWorkspace(t, s)
		a, b := newAssistant(t, s, w.ID, "A"), newAssistant(t, s, w.ID, "B")
		doc := func(title string) *parley.Document {
			return &parley.Document{
				WorkspaceID: w.ID, AssistantID: a.ID, Title: title, Format: parley.FormatMarkdown, Content: "# " + title,
			}
		}
		one, two, better := doc("one"), doc("two"), doc("better")
		must(t, s.CreateDocument(ctx, one, "ada"))
		must(t, s.CreateDocument(ctx, two, "ada"))
		must(t, s.ReplaceDocument(ctx, one.ID, better, "ada"))
		wantCode(t, s.ReplaceDocument(ctx, one.ID, doc("x"), "ada"), parley.CodeNotFound)
		titles := func(version int) (all []string) {
			docs, err := s.Documents(ctx, w.ID, a.ID, version)
			must(t, err)
			for _, d := range docs {
				all = append(all, d.Title)
				if d.Content != "" || d.Size != len("# "+d.Title) || d.State != parley.DocumentReady {
					t.Errorf("listed as %+v", d)
				}
			}
			return all
		}
		for version, want := range map[int][]string{1: nil, 3: {"one", "two"}, 4: {"better", "two"}, 0: {"better", "two"}} {
			if got := titles(version); !slices.Equal(got, want) {
				t.Errorf("version %d: got %q, want %q", version, got, want)
			}
		}
		// Saving the rest of the configuration keeps the knowledge; an empty list clears it.
		_, err := s.UpdateAssistant(ctx, w.ID, a.ID, 0, config("A"), "ada")
		must(t, err)
		docs, err := s.DocumentsWithContent(ctx, w.ID, []string{two.ID, "nope", better.ID})
		if err != nil || len(docs) != 2 || docs[0].Content != "# two" || docs[1].ID != better.ID {
			t.Errorf("got %+v, %v", docs, err)
		}
		must(t, s.RemoveDocument(ctx, w.ID, a.ID, two.ID, "ada"))
		wantCode(t, s.RemoveDocument(ctx, w.ID, a.ID, two.ID, "ada"), parley.CodeNotFound)
		if got := titles(0); !slices.Equal(got, []string{"better"}) {
			t.Errorf("got %q", got)
		}
		stolen := config("B")
		stolen.Knowledge = []string{better.ID}
		_, err = s.UpdateAssistant(ctx, w.ID, b.ID, 0, stolen, "ada")
		wantCode(t, err, parley.CodeInvalid)
		_, err = s.Document(ctx, newWorkspace(t, s).ID, better.ID)
		wantCode(t, err, parley.CodeNotFound)
		if d, err := s.Document(ctx, w.ID, better.ID); err != nil || d.Content != "# better" {
			t.Errorf("got %+v, %v", d, err)
		}
	})
}

func TestProvidersInUseStay(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), newWorkspace(t, s)
		p := &parley.Provider{WorkspaceID: w.ID, Name: "Local", Kind: "openai", BaseURL: "http://x", APIKey: "sk-1", Models: []string{"m"}}
		must(t, s.CreateProvider(ctx, p))
		cfg := config("A")
		cfg.Model = parley.ModelChoice{ProviderID: p.ID, Model: "m"}
		foreign := &parley.Assistant{WorkspaceID: newWorkspace(t, s).ID, Config: cfg}
		wantCode(t, s.CreateAssistant(ctx, foreign, "x"), parley.CodeInvalid)
		a := &parley.Assistant{WorkspaceID: w.ID, Config: cfg}
		must(t, s.CreateAssistant(ctx, a, "x"))
		wantCode(t, s.DeleteProvider(ctx, w.ID, p.ID), parley.CodeConflict)

		p.Name, p.APIKey = "Renamed", ""
		must(t, s.UpdateProvider(ctx, p))
		got, err := s.Provider(ctx, w.ID, p.ID)
		if err != nil || got.APIKey != "sk-1" || got.Name != "Renamed" || !slices.Equal(got.Models, p.Models) {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = s.Provider(ctx, newWorkspace(t, s).ID, p.ID)
		wantCode(t, err, parley.CodeNotFound)

		cfg.Model = parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel}
		_, err = s.UpdateAssistant(ctx, w.ID, a.ID, 0, cfg, "x")
		must(t, err)
		must(t, s.DeleteProvider(ctx, w.ID, p.ID))
		_, err = s.RestoreAssistant(ctx, w.ID, a.ID, 1, "x")
		wantCode(t, err, parley.CodeInvalid)
	})
}
