package export_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/rollup"
	"parley/internal/store/started"
)

// walked are the ids that a walk finds, begun anew now and then.
func (w *world) walked(q store.ListQuery, ids ...string) (found []string) {
	w.t.Helper()
	q.WorkspaceID = w.ws
	walk, err := w.NewWalk(w.ctx, q, ids, "")
	w.ok(err)
	for {
		rows, at, err := walk.Next(w.ctx, 1+w.rand.IntN(20))
		w.ok(err)
		if len(rows) == 0 {
			return found
		}
		for i := range rows {
			found = append(found, rows[i].ID)
		}
		if w.chance(3) {
			walk, err = w.NewWalk(w.ctx, q, ids, at)
			w.ok(err)
		}
	}
}

// listed are the ids that the list shows.
func (w *world) listed(q store.ListQuery) (found []string) {
	w.t.Helper()
	q.WorkspaceID, q.Limit = w.ws, 100
	for {
		page, err := w.List(w.ctx, q)
		w.ok(err)
		for i := range page.Rows {
			found = append(found, page.Rows[i].ID)
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return found
		}
	}
}

func sorted(ids []string) []string { return slices.Sorted(slices.Values(ids)) }

// TestAWalkFindsWhatTheListShows compares walks with the list for all filters,
// alone and in pairs.
func TestAWalkFindsWhatTheListShows(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		all := w.fill(w.ws, 400)
		w.fill(w.workspace(), 40) // somebody else's
		w.ok(rollup.New(w.Store, func() time.Time { return w.now }).Update(w.ctx))
		yes, no := true, false
		berlin, err := time.LoadLocation("Europe/Berlin")
		w.ok(err)
		filters := []func(*store.ListQuery){
			func(*store.ListQuery) {},
			func(q *store.ListQuery) { q.Source = []parley.Source{parley.SourceWhatsApp, parley.SourceTest} },
			func(q *store.ListQuery) { q.AssistantID = []string{all[0].Conversation.AssistantID} },
			func(q *store.ListQuery) { q.Status = parley.ConversationActive },
			func(q *store.ListQuery) { q.From, q.To = w.now.AddDate(0, 0, -25), w.now.AddDate(0, 0, -22) },
			func(q *store.ListQuery) { q.Contact = "+49151" },
			func(q *store.ListQuery) { q.Contact = all[7].Contact.ID },
			func(q *store.ListQuery) { q.HandedOver, q.HasError = &no, &no },
			func(q *store.ListQuery) { q.Waiting = &yes },
			func(q *store.ListQuery) { q.Resolved = &yes },
			func(q *store.ListQuery) { q.HasAttachment = &yes },
			func(q *store.ListQuery) { q.Variables = map[string][]string{"tier": {"gold"}} },
			func(q *store.ListQuery) {
				q.StartedFrom, q.StartedTo = w.now.AddDate(0, 0, -27), w.now.AddDate(0, 0, -24)
			},
			func(q *store.ListQuery) { q.StartedTo = w.now.AddDate(0, 0, -26) },
			func(q *store.ListQuery) { q.Evaluated = &no },
			func(q *store.ListQuery) { q.Version, q.Priced = 1, &no },
			func(q *store.ListQuery) { q.HourOfWeek = &started.HourOfWeek{Hour: 60, Zone: berlin} },
			func(q *store.ListQuery) { q.Replied = &yes },
			func(q *store.ListQuery) { q.FirstReplyFrom, q.FirstReplyTo = 10*time.Second, 40*time.Second },
			func(q *store.ListQuery) { q.Labels = map[string]string{"topic": "delivery"} },
			func(q *store.ListQuery) { q.Labels = map[string]string{"model": "m"} },
			func(q *store.ListQuery) { q.Q = "order" },
			func(q *store.ListQuery) { q.Q = "订单" },
			func(q *store.ListQuery) { q.Q = "no such word" },
		}
		total := 0
		for i, one := range filters {
			for k, other := range filters[i:] {
				var q store.ListQuery
				one(&q)
				other(&q)
				got, want := w.walked(q), w.listed(q)
				if total += len(got); !slices.Equal(sorted(got), sorted(want)) {
					w.t.Errorf("filters %d and %d: %d are walked, %d are listed", i, i+k, len(got), len(want))
				}
			}
		}
		if total < 1000 {
			w.t.Errorf("only %d were found", total)
		}
		want, started := make([]string, len(all)), map[string]time.Time{}
		for i := range all {
			want[i] = all[i].Conversation.ID
			started[want[i]] = all[i].Conversation.StartedAt
		}
		newestFirst := func(a, b string) int { return started[b].Compare(started[a]) }
		if got := w.walked(store.ListQuery{}); len(got) != len(all) || !slices.IsSortedFunc(got, newestFirst) {
			w.t.Errorf("%d of %d are walked, or in another order than the newest first", len(got), len(all))
		}
		some := []string{want[3], want[300], want[9], w.id(w.now)}
		if got := w.walked(store.ListQuery{Q: "whatever"}, some...); !slices.Equal(sorted(got), sorted(some[:3])) {
			w.t.Errorf("of %v are walked %v", some, got)
		}
		q := store.ListQuery{WorkspaceID: w.ws}
		walk, err := w.NewWalk(w.ctx, q, nil, "")
		w.ok(err)
		if n, err := walk.Count(w.ctx, 123); n != 123 || err != nil {
			w.t.Errorf("at least 123 are %d, %v", n, err)
		}
		_, err = w.NewWalk(w.ctx, q, nil, "?")
		if parley.ErrorCode(err) != parley.CodeInvalid {
			w.t.Errorf("what is no position gives %v", err)
		}
	})
}

// TestAWalkMissesNothingThatMoves writes in conversations while they are walked:
// each comes once, whatever happens to it.
func TestAWalkMissesNothingThatMoves(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"", "order"} {
		t.Run(fmt.Sprintf("%q", words), func(t *testing.T) {
			t.Parallel()
			each(t, func(w *world) {
				all := w.fill(w.ws, 150)
				q := store.ListQuery{WorkspaceID: w.ws, Q: words}
				want := w.walked(q)
				walk, err := w.NewWalk(w.ctx, q, nil, "")
				w.ok(err)
				var got []string
				for {
					rows, at, err := walk.Next(w.ctx, 10)
					w.ok(err)
					if len(rows) == 0 {
						break
					}
					for i := range rows {
						got = append(got, rows[i].ID)
					}
					for range 20 {
						c := &all[w.rand.IntN(len(all))].Conversation
						_, err := w.Receive(w.ctx, store.ReceiveMessage{
							WorkspaceID: w.ws, ConversationID: c.ID, Message: &parley.Message{Content: "my order, again", CreatedAt: time.Now()},
						})
						if err != nil && parley.ErrorCode(err) != parley.CodeConflict {
							w.t.Fatal(err)
						}
						_, err = w.End(w.ctx, w.ws, c.ID, parley.EndOperator, "")
						if err != nil && parley.ErrorCode(err) != parley.CodeConflict {
							w.t.Fatal(err)
						}
					}
					_, err = w.IndexSearch(w.ctx, 1000)
					w.ok(err)
					if w.chance(2) {
						walk, err = w.NewWalk(w.ctx, q, nil, at)
						w.ok(err)
					}
				}
				if !slices.Equal(got, want) {
					w.t.Errorf("%d of %d conversations were walked", len(got), len(want))
				}
			})
		})
	}
}
