package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/store/storetest"
)

type apiMessage struct {
	ID      string `json:"id"`
	Seq     int64  `json:"seq"`
	Role    string `json:"role"`
	Content string `json:"content"`
	TurnID  string `json:"turn_id"`
}

// attempt is one message that a client tried to send, each in a conversation
// of its own, so that it must be answered exactly once.
type attempt struct {
	key, conversation, content string
	acknowledged               bool
}

// minAcknowledged is how many messages at least are acknowledged before a kill.
// It counts messages, so that a slow machine shows as much as a fast one.
const minAcknowledged = 20

// TestKillLosesNothing is law 1 from outside: the program is killed under load,
// again and again, and every message that was acknowledged is there and
// answered once; one that was not is accepted once when it is sent again.
func TestKillLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes for some time")
	}
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			args := []string{"--data", t.TempDir()}
			if engine == "postgres" {
				args = append(args, "--db", storetest.DSN(t, engine))
			}
			s := start(t, args...)
			var assistant struct{ ID string }
			s.must(t, "POST", "/api/v1/assistants", map[string]any{
				"name": "Echo", "status": "active", "prompt": "Answer.",
				"model": map[string]string{"provider_id": "builtin", "model": "builtin-answerer"},
			}, &assistant)

			var all []*attempt
			for round := range 4 {
				sent := loadUntilKilled(t, s, assistant.ID, round)
				s = start(t, args...)
				for _, a := range sent {
					if a.conversation != "" && !a.acknowledged {
						mustSend(t, s, a)
					}
				}
				all = append(all, sent...)
			}
			for _, a := range all {
				if a.conversation != "" {
					checkAnsweredOnce(t, s, a)
				}
			}
			s.stop(t)
		})
	}
}

// loadUntilKilled sends messages from 16 clients until the process is killed
// under them, after some number of them was acknowledged, and returns what was
// tried.
func loadUntilKilled(t *testing.T, s *server, assistant string, round int) []*attempt {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	var sent []*attempt
	var wg sync.WaitGroup
	enough := int64(minAcknowledged + rand.IntN(2*minAcknowledged))
	reached := make(chan struct{})
	var acknowledged atomic.Int64
	for client := range 16 {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				a := &attempt{content: fmt.Sprintf("Hello from %d-%d-%d", round, client, n)}
				a.key = fmt.Sprintf("key-%d-%d-%d", round, client, n)
				mu.Lock()
				sent = append(sent, a)
				mu.Unlock()
				var conv struct{ ID string }
				if s.call(ctx, "POST", "/api/v1/conversations",
					map[string]any{"assistant_id": assistant, "source": "api"}, &conv) != nil {
					return
				}
				a.conversation = conv.ID
				if s.call(ctx, "POST", "/api/v1/conversations/"+conv.ID+"/messages",
					map[string]any{"content": a.content}, nil, "Idempotency-Key", a.key) != nil {
					return
				}
				a.acknowledged = true
				if acknowledged.Add(1) == enough {
					close(reached)
				}
			}
		})
	}
	select {
	case <-reached:
	case <-time.After(patience):
		t.Errorf("only %d messages were acknowledged before the kill: the test shows nothing", acknowledged.Load())
	}
	s.kill()
	cancel()
	wg.Wait()
	return sent
}

func mustSend(t *testing.T, s *server, a *attempt) {
	t.Helper()
	err := s.call(t.Context(), "POST", "/api/v1/conversations/"+a.conversation+"/messages",
		map[string]any{"content": a.content}, nil, "Idempotency-Key", a.key)
	if err != nil {
		t.Fatalf("a repeat with the same key: %v", err)
	}
}

func checkAnsweredOnce(t *testing.T, s *server, a *attempt) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		var page struct{ Data []apiMessage }
		s.must(t, "GET", "/api/v1/conversations/"+a.conversation+"/messages", nil, &page)
		asked, answered := 0, 0
		for _, m := range page.Data {
			switch {
			case m.Role == "user" && m.Content == a.content:
				asked++
			case m.Role == "assistant":
				answered++
			}
		}
		if asked > 1 || answered > 1 || asked == 0 && a.acknowledged {
			t.Fatalf("%q: there %d times, answered %d times", a.content, asked, answered)
		}
		if asked == 1 && answered == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q: there %d times and never answered", a.content, asked)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
