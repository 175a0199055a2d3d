package found_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/found"
	"parley/internal/store/storetest"
)

// shop is a workspace whose conversations come in batches.
type shop struct {
	*store.Store
	*found.Finder
	t         *testing.T
	ws        string
	assistant string
	at        time.Time
	count     int
	with      map[string]map[string]bool // ids of conversations by word
}

func (s *shop) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func open(t *testing.T, s *store.Store) *shop {
	w := &shop{Store: s, Finder: found.New(s), t: t, at: time.Now().Add(-time.Hour), with: map[string]map[string]bool{}}
	ws := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(s.CreateWorkspace(t.Context(), ws))
	a := &parley.Assistant{WorkspaceID: ws.ID, Config: parley.AssistantConfig{
		Name: "Mira", Status: parley.AssistantActive, InactivityMinutes: 30,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	w.ok(s.CreateAssistant(t.Context(), a, ""))
	w.ws, w.assistant = ws.ID, a.ID
	return w
}

// words says what a message is about: some are in many, one in few.
func words(n int) []string {
	all := []string{"lamp"}
	if n%7 == 0 {
		all = append(all, "delivery")
	}
	if n%501 == 0 {
		all = append(all, "quokka")
	}
	if n%11 == 0 {
		all = append(all, fmt.Sprint("number", n%5))
	}
	return all
}

// add writes conversations of five messages each; all of them are findable.
func (s *shop) add(conversations int) {
	s.t.Helper()
	var batch []store.FillConversation
	for range conversations {
		s.at = s.at.Add(time.Millisecond)
		c := store.FillConversation{
			Conversation: parley.Conversation{
				ID: parley.NewID(s.at), Source: parley.SourceAPI, AssistantID: s.assistant, AssistantVersion: 1,
				Status: parley.ConversationEnded, Owner: parley.OwnerAssistant, StartedAt: s.at,
			},
			Contact: parley.Contact{ID: parley.NewID(s.at), CreatedAt: s.at},
		}
		for range 5 {
			s.count++
			text := ""
			for _, w := range words(s.count) {
				text += w + " "
				if s.with[w] == nil {
					s.with[w] = map[string]bool{}
				}
				s.with[w][c.Conversation.ID] = true
			}
			c.Messages = append(c.Messages, parley.Message{Role: parley.ByUser, Content: text, CreatedAt: s.at})
		}
		batch = append(batch, c)
	}
	f, err := s.NewFiller(s.t.Context(), s.ws, true)
	s.ok(err)
	s.ok(f.Write(s.t.Context(), f.Prepare(batch)))
	s.ok(f.Close())
}

// erase deletes the first conversation that has a word.
func (s *shop) erase(word string) {
	s.t.Helper()
	id := slices.Sorted(maps.Keys(s.with[word]))[0]
	s.ok(s.DeleteConversation(s.t.Context(), s.ws, id))
	for _, ids := range s.with {
		delete(ids, id)
	}
}

// check compares what is found with what was written.
func (s *shop) check(when string) {
	s.t.Helper()
	for word, want := range s.with {
		got := s.ids(s.ws, word)
		if !maps.Equal(got, want) {
			s.t.Errorf("%s: %q is in %d conversations, want %d", when, word, len(got), len(want))
		}
	}
	if got := s.ids(s.ws, "nowhere"); len(got) > 0 {
		s.t.Errorf("%s: found %v", when, got)
	}
}

// ids returns the conversations that are found, by their ids.
func (s *shop) ids(ws, word string) map[string]bool {
	s.t.Helper()
	ids, last := map[string]bool{}, 0.0
	s.ok(s.Each(s.t.Context(), &store.ListQuery{WorkspaceID: ws, Q: word}, func(f found.Found) (bool, error) {
		rows, err := s.Listed(s.t.Context(), ws, f.Conversations)
		for _, row := range rows {
			ids[row.ID] = true
		}
		if f.Done < last || f.Done > 1 {
			s.t.Errorf("%v is done after %v", f.Done, last)
		}
		last = f.Done
		return true, err
	}))
	return ids
}

// update notes all that is there.
func (s *shop) update() {
	s.t.Helper()
	for more := true; more; {
		var err error
		more, err = s.Update(s.t.Context())
		s.ok(err)
	}
	if behind, err := s.Behind(s.t.Context()); behind || err != nil {
		s.t.Errorf("behind after an update: %v, %v", behind, err)
	}
}

// The same is found whether messages are noted or not: none, some or all of
// them, at the ends of blocks and with messages that are gone.
func TestEachFindsAll(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, st *store.Store) {
		s := open(t, st)
		s.update()
		s.check("nothing is there")
		s.add(300)
		s.check("nothing is noted")
		if behind, err := s.Behind(t.Context()); !behind || err != nil {
			t.Errorf("not behind: %v, %v", behind, err)
		}
		s.update()
		s.check("all is noted")
		s.add(100)
		s.check("some is noted")
		s.erase("quokka")
		s.erase("delivery")
		s.check("noted messages are gone")
		for range 5 {
			s.add(41)
			s.update()
		}
		s.check("blocks were added to")
		if got := s.ids(open(t, st).ws, "lamp"); len(got) > 0 {
			t.Errorf("another workspace finds %d", len(got))
		}
	})
}

// A finder that stops is not asked on.
func TestEachStops(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, st *store.Store) {
		s := open(t, st)
		s.add(10)
		s.update()
		calls := 0
		s.ok(s.Each(t.Context(), &store.ListQuery{WorkspaceID: s.ws, Q: "lamp"}, func(found.Found) (bool, error) {
			calls++
			return false, nil
		}))
		if calls != 1 {
			t.Errorf("called %d times", calls)
		}
	})
}

// Nodes that note messages at the same time, while there come more, lose none.
func TestUpdatesMeet(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, st *store.Store) {
		s := open(t, st)
		stop := make(chan struct{})
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if _, err := s.Update(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for range 40 {
			s.add(20)
		}
		close(stop)
		nodes.Wait()
		s.update()
		s.check("nodes have met")
	})
}
