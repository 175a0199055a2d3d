package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"parley"
	"parley/internal/bulk"
	"parley/internal/channel"
	"parley/internal/channel/webchat"
	"parley/internal/engine"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/builtin"
	"parley/internal/store"
	"parley/internal/store/bulks"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	"parley/internal/store/query"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.VerifyTestMain(m) }

// world is a workspace with conversations, and what does things to them.
type world struct {
	*store.Store
	t         *testing.T
	clock     *storetest.Clock
	desk      *desk.Desk
	runs      *bulks.Bulks
	service   *bulk.Service
	ws        string
	assistant string
	anna      desk.Author
	tag       *desk.Tag
	ids       []string
	changed   int
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// each runs fn on each database, with n conversations.
func each(t *testing.T, n int, fn func(w *world)) {
	t.Helper()
	storetest.RunAt(t, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), func(t *testing.T, s *store.Store, c *storetest.Clock) {
		w := &world{Store: s, t: t, clock: c, desk: &desk.Desk{Tables: s.Tables(), Now: c.Now}, runs: &bulks.Bulks{Tables: s.Tables()}}
		e := engine.New(engine.Config{
			Store: s, Hub: live.NewHub(), Now: c.Now,
			Providers: map[string]engine.NewModel{parley.BuiltinProvider: func(*parley.Provider) (llm.Model, error) { return &builtin.Model{Now: c.Now}, nil }},
			Channels:  map[parley.Source]channel.Channel{parley.SourceAPI: webchat.New(parley.SourceAPI)},
		})
		w.service = bulk.New(bulk.Config{
			Runs: w.runs, Walks: &exports.Exports{Store: s}, Desk: w.desk, Engine: e, Now: c.Now,
			Changed: func(_, _ string) { w.changed++ },
		})
		w.ws, w.assistant = w.workspace()
		m := &parley.Member{WorkspaceID: w.ws, Name: "Anna", Email: parley.NewID(time.Now()) + "@example.com", Role: parley.RoleOwner}
		w.ok(s.CreateMember(t.Context(), m))
		w.anna = desk.Author{ID: m.ID, Name: m.Name}
		w.tag = &desk.Tag{WorkspaceID: w.ws, Name: "Refund", Color: "#112233"}
		w.ok(w.desk.CreateTag(t.Context(), w.tag))
		for i := range n {
			w.talk(fmt.Sprint("person ", i))
		}
		fn(w)
	})
}

func (w *world) workspace() (ws, assistant string) {
	w.t.Helper()
	x := &parley.Workspace{Name: "Shop", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
	w.ok(w.CreateWorkspace(w.t.Context(), x))
	a := &parley.Assistant{WorkspaceID: x.ID, Config: parley.AssistantConfig{
		Name: "Mira", Status: parley.AssistantActive, InactivityMinutes: 30,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}}
	w.ok(w.CreateAssistant(w.t.Context(), a, ""))
	return x.ID, a.ID
}

func (w *world) talk(who string) {
	w.t.Helper()
	w.clock.Move(time.Second)
	c, _, err := w.OpenConversation(w.t.Context(), store.OpenConversation{
		WorkspaceID: w.ws, Source: parley.SourceAPI, AssistantID: w.assistant, ExternalID: who,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: who}},
	})
	w.ok(err)
	_, err = w.Receive(w.t.Context(), store.ReceiveMessage{WorkspaceID: w.ws, ConversationID: c.ID, Message: &parley.Message{Content: "Hello"}})
	w.ok(err)
	w.ids = append(w.ids, c.ID)
}

// run starts something and works on it until it is done.
func (w *world) run(action bulks.Action, which bulks.Which) *bulks.Run {
	w.t.Helper()
	r := &bulks.Run{WorkspaceID: w.ws, Action: action, Which: which, By: w.anna}
	if action == bulks.Tag || action == bulks.Untag {
		r.TagID = w.tag.ID
	}
	w.ok(w.service.Start(w.t.Context(), r))
	return w.finish(r)
}

func (w *world) finish(r *bulks.Run) *bulks.Run {
	w.t.Helper()
	w.ok(w.work(w.t.Context(), r))
	r, err := w.runs.Run(w.t.Context(), w.ws, r.ID)
	w.ok(err)
	return r
}

func (w *world) work(ctx context.Context, r *bulks.Run) error {
	w.t.Helper()
	work := storetest.Claim(w.t, w.Store, bulks.WorkKind, r.ID, w.clock.Now())
	if work == nil {
		w.t.Fatal("there is nothing to do")
	}
	if err := w.service.Work(ctx, *work); err != nil {
		w.ok(w.DeferWork(w.t.Context(), *work, w.clock.Now(), false))
		return err
	}
	return w.CompleteWork(w.t.Context(), *work)
}

// count is how many conversations pass a filter.
func (w *world) count(f parley.ConversationFilter) int {
	w.t.Helper()
	q, err := query.Of(w.ws, &f)
	w.ok(err)
	walk, err := (&exports.Exports{Store: w.Store}).NewWalk(w.t.Context(), q, nil, "")
	w.ok(err)
	n, err := walk.Count(w.t.Context(), 10_000)
	w.ok(err)
	return n
}

// A run changes those that are meant, counts those that were not so before, and
// undoing it changes just these back.
func TestRuns(t *testing.T) {
	t.Parallel()
	each(t, 250, func(w *world) {
		yes, no := true, false
		reviewed := func(is *bool) int { return w.count(parley.ConversationFilter{Reviewed: is}) }
		tagged := func() int { return w.count(parley.ConversationFilter{Tag: []string{w.tag.ID}}) }

		few := w.run(bulks.Review, bulks.Which{IDs: w.ids[:30]})
		if few.State != bulks.Done || few.Total != 30 || few.Looked != 30 || few.Changed != 30 || reviewed(&yes) != 30 {
			t.Errorf("the chosen: %+v, %d are reviewed", few, reviewed(&yes))
		}
		rest := w.run(bulks.Review, bulks.Which{Filter: parley.ConversationFilter{Reviewed: &no}})
		if rest.Looked != 220 || rest.Changed != 220 || reviewed(&no) != 0 {
			t.Errorf("those that the filter shows: %+v, %d are left", rest, reviewed(&no))
		}
		all := w.run(bulks.Tag, bulks.Which{})
		if all.Changed != 250 || tagged() != 250 {
			t.Errorf("all: %+v, %d are tagged", all, tagged())
		}
		if again := w.run(bulks.Tag, bulks.Which{}); again.Looked != 250 || again.Changed != 0 || again.CanUndo() {
			t.Errorf("again: %+v", again)
		}
		undo, err := w.runs.Undo(t.Context(), w.ws, rest.ID, w.anna, w.clock.Now())
		w.ok(err)
		if undo = w.finish(undo); undo.Changed != 220 || undo.Total != 220 || undo.CanUndo() || reviewed(&yes) != 30 {
			t.Errorf("undone: %+v, %d are reviewed", undo, reviewed(&yes))
		}
		if _, err := w.runs.Undo(t.Context(), w.ws, rest.ID, w.anna, w.clock.Now()); parley.ErrorCode(err) != parley.CodeConflict {
			t.Errorf("undone twice: %v", err)
		}
		ended := w.run(bulks.End, bulks.Which{IDs: w.ids[:40]})
		if ended.Changed != 40 || ended.CanUndo() || w.count(parley.ConversationFilter{Status: parley.ConversationEnded}) != 40 {
			t.Errorf("ended: %+v", ended)
		}
		if again := w.run(bulks.End, bulks.Which{IDs: w.ids[:50]}); again.Changed != 10 || len(again.Failures) > 0 {
			t.Errorf("ended again: %+v", again)
		}
		judged := w.run(bulks.Evaluate, bulks.Which{IDs: w.ids[:3]})
		if judged.Changed != 3 || w.count(parley.ConversationFilter{Evaluated: &yes}) != 3 {
			t.Errorf("evaluated: %+v", judged)
		}
	})
}

// A run that is cut off anywhere comes to the same end, and can be undone as a
// whole.
func TestRunGoesOn(t *testing.T) {
	t.Parallel()
	each(t, 130, func(w *world) {
		r := &bulks.Run{WorkspaceID: w.ws, Action: bulks.Tag, TagID: w.tag.ID, By: w.anna}
		w.ok(w.service.Start(t.Context(), r))
		cuts := 0
		for done := false; !done; cuts++ {
			ctx, cut := context.WithCancelCause(t.Context())
			left := 37 * (cuts + 1) // a step begins anew
			w.service.Changed = func(_, _ string) {
				if left--; left == 0 {
					cut(errors.New("cut off"))
				}
			}
			done = w.work(ctx, r) == nil
			cut(nil)
		}
		r, err := w.runs.Run(t.Context(), w.ws, r.ID)
		w.ok(err)
		if cuts < 3 || r.State != bulks.Done || r.Looked != 130 {
			t.Errorf("after %d cuts: %+v", cuts, r)
		}
		if n := w.count(parley.ConversationFilter{Tag: []string{w.tag.ID}}); n != 130 {
			t.Errorf("%d are tagged", n)
		}
		w.service.Changed = func(_, _ string) {}
		undo, err := w.runs.Undo(t.Context(), w.ws, r.ID, w.anna, w.clock.Now())
		w.ok(err)
		w.finish(undo)
		if n := w.count(parley.ConversationFilter{Tag: []string{w.tag.ID}}); n != 0 {
			t.Errorf("%d are tagged after it was undone", n)
		}
	})
}

// A run that is canceled stops, and what it did can be undone.
func TestCancel(t *testing.T) {
	t.Parallel()
	each(t, 250, func(w *world) {
		r := &bulks.Run{WorkspaceID: w.ws, Action: bulks.Review, By: w.anna}
		w.ok(w.service.Start(t.Context(), r))
		w.service.Changed = func(_, _ string) {
			if w.changed++; w.changed == 150 {
				w.ok(w.runs.Cancel(t.Context(), w.ws, r.ID, w.clock.Now()))
			}
		}
		r = w.finish(r)
		if r.State != bulks.Canceled || w.changed != 200 {
			t.Errorf("%d were changed: %+v", w.changed, r)
		}
		undo, err := w.runs.Undo(t.Context(), w.ws, r.ID, w.anna, w.clock.Now())
		w.ok(err)
		w.finish(undo)
		yes := true
		if n := w.count(parley.ConversationFilter{Reviewed: &yes}); n != 0 {
			t.Errorf("%d are reviewed after it was undone", n)
		}
	})
}

// What fails for one conversation does not keep the others, and is told.
func TestFailuresAreCounted(t *testing.T) {
	t.Parallel()
	each(t, 3, func(w *world) {
		for i := range desk.MaxTagged {
			g := &desk.Tag{WorkspaceID: w.ws, Name: fmt.Sprint("Tag ", i), Color: "#112233"}
			w.ok(w.desk.CreateTag(t.Context(), g))
			w.ok(w.desk.PutTag(t.Context(), w.ws, w.ids[1], g.ID))
		}
		r := w.run(bulks.Tag, bulks.Which{IDs: w.ids})
		if r.Changed != 2 || len(r.Failures) != 1 {
			t.Errorf("%+v", r)
		}
	})
}

// A run is known, and its conversations found, in its workspace only.
func TestRunsBelongToTheirWorkspace(t *testing.T) {
	t.Parallel()
	each(t, 2, func(w *world) {
		ctx := t.Context()
		r := w.run(bulks.Review, bulks.Which{IDs: w.ids})
		other, _ := w.workspace()
		theirs := &bulks.Run{WorkspaceID: other, Action: bulks.Unreview, Which: bulks.Which{IDs: w.ids}, By: w.anna}
		w.ok(w.service.Start(ctx, theirs))
		w.ok(w.work(ctx, theirs))
		yes := true
		if n := w.count(parley.ConversationFilter{Reviewed: &yes}); n != 2 {
			t.Errorf("%d of 2 are reviewed after another workspace's run", n)
		}
		_, read := w.runs.Run(ctx, other, r.ID)
		_, undone := w.runs.Undo(ctx, other, r.ID, w.anna, w.clock.Now())
		for name, err := range map[string]error{
			"read": read, "undone": undone, "canceled": w.runs.Cancel(ctx, other, r.ID, w.clock.Now()),
			"another's tag": w.service.Start(ctx, &bulks.Run{WorkspaceID: other, Action: bulks.Tag, TagID: w.tag.ID}),
		} {
			if parley.ErrorCode(err) != parley.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, err := w.runs.Runs(ctx, other, "", 10); err != nil || len(all) != 1 {
			t.Errorf("%d runs, %v", len(all), err)
		}
		w.clock.Move(40 * 24 * time.Hour)
		w.ok(w.service.Sweep(ctx))
		if all, err := w.runs.Runs(ctx, w.ws, "", 10); err != nil || len(all) != 0 {
			t.Errorf("%d old runs, %v", len(all), err)
		}
	})
}
