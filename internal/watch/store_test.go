package watch_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/watch"
)

// What concerns the whole server is told in every workspace, from the queue and
// to the alerts as they are in the database.
func TestDiskAndQueueInTheStore(t *testing.T) {
	t.Parallel()
	storetest.RunAt(t, now, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := t.Context()
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		var workspaces []string
		for _, name := range []string{"One", "Two"} {
			ws := &parley.Workspace{Name: name, TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
			ok(s.CreateWorkspace(ctx, ws))
			workspaces = append(workspaces, ws.ID)
		}
		free := uint64(8 << 30)
		w := watch.New(watch.Config{
			Store: s, Free: func() (uint64, bool) { return free, true }, Now: clock.Now, Log: slog.New(slog.DiscardHandler),
		})
		sweep := func(when string, times int, want ...string) {
			t.Helper()
			for range times {
				ok(w.Sweep(ctx))
			}
			for _, ws := range workspaces {
				all, err := s.Alerts(ctx, ws)
				ok(err)
				var codes []string
				for _, a := range all {
					codes = append(codes, a.Code)
				}
				if slices.Sort(codes); !slices.Equal(codes, want) {
					t.Errorf("%s: %v, want %v", when, codes, want)
				}
			}
		}
		work := func(kind parley.WorkKind, key string, ago time.Duration) {
			t.Helper()
			ok(s.AddWork(ctx, parley.Work{Kind: kind, Key: key, WorkspaceID: workspaces[0], Due: clock.Now().Add(-ago)}))
		}
		sweep("at rest", 2)
		work(parley.WorkExport, "an export", time.Hour)
		work(parley.WorkTurn, "in an hour", -time.Hour)
		work(parley.WorkTurn, "a minute late", time.Minute)
		sweep("nothing that people wait for", 3)

		clock.Move(4*time.Minute + time.Second)
		sweep("late for a moment", 1)
		sweep("late", 1, watch.AlertQueue)
		taken := storetest.Claim(t, s, parley.WorkTurn, "a minute late", clock.Now())
		sweep("in somebody's hands", 1, watch.AlertQueue)
		ok(s.DeferWork(ctx, *taken, clock.Now().Add(time.Hour), true))
		sweep("put off", 1)

		work(parley.WorkDeliver, "a message", 6*time.Minute)
		free = 1 << 20
		sweep("a full disk beside it", 2, watch.AlertDisk, watch.AlertQueue)
		ok(s.CompleteWork(ctx, *storetest.Claim(t, s, parley.WorkDeliver, "a message", clock.Now())))
		sweep("sent", 1, watch.AlertDisk)

		// Whoever starts anew does not know what was told, and takes it back.
		w = watch.New(w.Config)
		sweep("after a start", 1, watch.AlertDisk)
		free = 8 << 30
		sweep("room", 1)
	})
}
