package store

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"parley"
)

// Webhooks that come while the writer is busy are kept together, all of them,
// also when the one that came first has hung up.
func TestWebhooksAreKeptTogether(t *testing.T) {
	t.Parallel()
	const many = maxAddedWebhooks + 20
	s := openOn(t, nil, "FULL")
	release := hold(s)
	first, hangUp := context.WithCancel(t.Context())
	var calls sync.WaitGroup
	add := func(ctx context.Context, n int) {
		calls.Go(func() {
			if err := s.AddWebhook(ctx, "ws", fmt.Sprint("app", n%2), fmt.Appendf(nil, `{"n":%d}`, n)); err != nil {
				t.Errorf("webhook %d: %v", n, err)
			}
		})
	}
	add(first, 0)
	queued(s, 1)
	hangUp()
	for n := 1; n < many; n++ {
		add(t.Context(), n)
	}
	queued(s, 2)
	for waiting := 0; waiting < many-maxAddedWebhooks; {
		s.webhooks.mu.Lock()
		waiting = len(s.webhooks.open.all)
		s.webhooks.mu.Unlock()
	}
	release()
	calls.Wait()
	kept := map[string]bool{}
	for _, app := range []string{"app0", "app1"} {
		all, err := s.WaitingWebhooks(t.Context(), app, many)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			kept[w.AppID+string(w.Body)] = true
		}
	}
	if len(kept) != many {
		t.Errorf("%d of %d webhooks are kept", len(kept), many)
	}
	work, err := s.ClaimWork(t.Context(), []parley.WorkKind{parley.WorkWebhooks}, 2, 1)
	if err != nil || len(work) != 2 {
		t.Fatalf("claimed %+v, %v", work, err)
	}
	for _, w := range work {
		if w.Generation != 2 {
			t.Errorf("the work of %s was added %d times for two transactions", w.Key, w.Generation)
		}
	}
	if err := s.AddWebhook(first, "ws", "app0", nil); err == nil {
		t.Error("who has hung up is answered")
	}
}
