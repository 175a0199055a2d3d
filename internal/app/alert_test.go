package app_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/llm/llmtest"
	"parley/internal/secret"
	"parley/internal/store/storetest"
	"parley/internal/watch"
)

// telling is a server on one of the databases, with an assistant whose model is a
// real server over HTTP, and a clock that tests move.
type telling struct {
	*running
	t         *testing.T
	cfg       *config.Config
	model     *llmtest.Server
	assistant string

	mu    sync.Mutex
	ahead time.Duration
}

// onBoth runs fn on each database.
func onBoth(t *testing.T, fn func(x *telling)) {
	t.Helper()
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			x := &telling{t: t, cfg: withAdmin(settings(t)), model: llmtest.New(t)}
			if engine == "postgres" {
				x.cfg.DB, x.cfg.SecretKey = storetest.DSN(t, engine), secret.NewKey()
			}
			x.start()
			var provider, assistant struct{ ID string }
			if got := x.call(t, "POST", "/api/v1/providers", map[string]any{
				"name": "Corner shop", "kind": "openai", "base_url": x.model.BaseURL(), "api_key": "sk-secret", "models": []string{"m"},
			}, &provider); got != http.StatusCreated {
				t.Fatalf("provider: %d", got)
			}
			if got := x.call(t, "POST", "/api/v1/assistants", parley.AssistantConfig{
				Name: "Mira", Status: parley.AssistantActive, Prompt: "Help.", InactivityMinutes: 1440, AfterEnd: parley.AfterEndNew,
				Model: parley.ModelChoice{ProviderID: provider.ID, Model: "m"},
			}, &assistant); got != http.StatusCreated {
				t.Fatalf("assistant: %d", got)
			}
			x.assistant = assistant.ID
			fn(x)
		})
	}
}

func (x *telling) start() { x.running = serveWith(x.t, x.cfg, app.Options{Now: x.now}) }

func (x *telling) now() time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	return time.Now().Add(x.ahead)
}

// minute lets a minute pass.
func (x *telling) minute() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ahead += time.Minute
}

// ask writes in a conversation of its own and waits for the reply for so many
// seconds.
func (x *telling) ask(seconds string) []message {
	x.t.Helper()
	var chat struct{ ID string }
	x.call(x.t, "POST", "/api/v1/conversations", map[string]string{"assistant_id": x.assistant, "source": "api"}, &chat)
	var sent struct{ Replies []message }
	got := x.call(x.t, "POST", "/api/v1/conversations/"+chat.ID+"/messages?wait="+seconds, map[string]string{"content": "Hello"}, &sent)
	if got >= 300 {
		x.t.Fatalf("message: %d", got)
	}
	return sent.Replies
}

type alert struct{ Code, Message string }

func (x *telling) alerts() []alert {
	x.t.Helper()
	var all struct{ Data []alert }
	if got := x.call(x.t, "GET", "/api/v1/alerts", nil, &all); got != http.StatusOK {
		x.t.Fatalf("alerts: %d", got)
	}
	return all.Data
}

// soon waits until there are so many alerts, and lets minutes pass meanwhile.
func (x *telling) soon(when string, n int) []alert {
	x.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		all := x.alerts()
		if len(all) == n {
			return all
		}
		if time.Now().After(deadline) {
			x.t.Fatalf("%s: %+v", when, all)
		}
		x.minute()
		time.Sleep(300 * time.Millisecond)
	}
}

// A provider that refuses one turn after the other is told of once, with its own
// words; the first turn that it answers takes that back, also after a restart.
func TestAFailingProviderIsTold(t *testing.T) {
	onBoth(t, func(x *telling) {
		x.model.Answer(func(*llmtest.Request) llmtest.Reply { return llmtest.Unauthorized("sk-secret") })
		for n := 1; n <= 7; n++ {
			x.ask("30")
			if all := x.alerts(); n < 5 && len(all) != 0 {
				x.t.Fatalf("after %d failures: %+v", n, all)
			}
		}
		all := x.alerts()
		if len(all) != 1 || all[0].Code != watch.AlertProvider || !strings.Contains(all[0].Message, "Corner shop: 5 calls in a row have failed") ||
			!strings.Contains(all[0].Message, "does not accept the API key") || strings.Contains(all[0].Message, "sk-secret") {
			x.t.Fatalf("alerts %+v", all)
		}
		works := func(when string) {
			x.t.Helper()
			x.model.Answer(func(*llmtest.Request) llmtest.Reply { return llmtest.Text("We open at nine.") })
			if replies := x.ask("30"); len(replies) != 1 || replies[0].Content != "We open at nine." {
				x.t.Fatalf("%s: %+v", when, replies)
			}
			if all := x.alerts(); len(all) != 0 {
				x.t.Errorf("%s: %+v", when, all)
			}
		}
		works("it works again")

		x.model.Answer(func(*llmtest.Request) llmtest.Reply { return llmtest.Unauthorized("sk-secret") })
		for range 5 {
			x.ask("30")
		}
		if all := x.alerts(); len(all) != 1 {
			x.t.Fatalf("it fails again: %+v", all)
		}
		x.stop()
		x.start()
		if all := x.alerts(); len(all) != 1 {
			x.t.Errorf("after a start: %+v", all)
		}
		works("it works after a start")
	})
}

// A turn that waits for minutes is told of, and no more when it is over.
func TestAQueueBehindIsTold(t *testing.T) {
	onBoth(t, func(x *telling) {
		hold := make(chan struct{})
		free := sync.OnceFunc(func() { close(hold) })
		x.t.Cleanup(free)
		reply := llmtest.Text("We open at nine.")
		reply.Hold = hold
		x.model.Add(reply)
		if replies := x.ask("0"); len(replies) != 0 {
			x.t.Fatalf("replies %+v", replies)
		}
		if all := x.alerts(); len(all) != 0 {
			x.t.Fatalf("at first: %+v", all)
		}
		all := x.soon("the reply waits", 1)
		if all[0].Code != watch.AlertQueue || !strings.Contains(all[0].Message, "wait for minutes") {
			x.t.Errorf("alerts %+v", all)
		}
		free()
		x.soon("nothing waits", 0)
	})
}
