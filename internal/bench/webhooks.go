package bench

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"parley"

	"parley/internal/bench/httpconn"
)

// WebhooksCommand measures how fast what Meta posts is acknowledged, and
// processed.
type WebhooksCommand struct {
	Fresh `embed:""`

	Connections []int         `help:"Numbers of connections." default:"1,8,64"`
	For         time.Duration `help:"How long each step is driven, after a second that is not counted." default:"5s"`
	Numbers     int           `help:"How many WhatsApp numbers, each with an app of its own." default:"16"`
	Contacts    int           `help:"How many people write." default:"4000"`
	Messages    int           `help:"How many messages are processed of people who have written before." default:"20000"`

	out io.Writer // nil: os.Stdout
}

// The budgets of webhooks, for 64 connections and SQLite.
const (
	budgetWebhookShare = share(0.25)
	budgetWebhookP99   = 20 * time.Millisecond
	budgetLargeWebhook = 250 * time.Millisecond
	budgetProcessed    = 2000.0 // a second
)

// webhooks is a run of WebhooksCommand.
type webhooks struct {
	*WebhooksCommand
	report  *report
	server  *child
	echo    *child
	numbers []businessNumber
	made    int // messages so far; each is another one
}

// businessNumber is a WhatsApp number of the server that is measured.
type businessNumber struct{ id, sender, path string }

// hookSecret signs the webhooks.
const hookSecret = "only-for-this-measurement"

// Run implements the command.
func (c *WebhooksCommand) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(c.Dir, "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	w := &webhooks{WebhooksCommand: c}
	w.report = newReport("webhooks", databaseName(c.DB), fmt.Sprintf("Server and echo are child processes; the load runs in this one, "+
		"on the same cores. %d numbers, the assistant switched off. The echo reads and verifies the same bodies.", c.Numbers))
	if w.echo, err = startEcho(ctx, "--secret", hookSecret); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.echo.stop()) }()
	if w.server, err = startParley(ctx, dir, c.DB); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.server.stop()) }()
	if err := w.run(ctx); err != nil {
		return err
	}
	return w.report.print(c.out, c.Printing)
}

func (w *webhooks) run(ctx context.Context) error {
	if err := w.connect(ctx); err != nil {
		return err
	}
	if err := w.measureProcessing(ctx); err != nil {
		return err
	}
	if err := w.measureLarge(ctx); err != nil {
		return err
	}
	steps := w.report.table("Acknowledgements by number of connections, one message a body",
		append([]string{"what", "connections", "per second", "ratio to echo", "failed", "processed after"}, spread()...)...)
	for _, conns := range w.Connections {
		if err := w.measureAnswers(ctx, steps, conns); err != nil {
			return err
		}
	}
	w.report.note("Resident memory at the end %.1f MB.", float64(w.server.memory())/(1<<20))
	return nil
}

// connect makes the numbers.
func (w *webhooks) connect(ctx context.Context) error {
	var assistant struct {
		ID string `json:"id"`
	}
	err := w.server.call(ctx, "POST", "/assistants", parley.AssistantConfig{
		Name: "Bench", Status: parley.AssistantActive, Prompt: "Answer from what you know.",
		Model:             parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		InactivityMinutes: 1440, AfterEnd: parley.AfterEndNew,
	}, &assistant)
	if err != nil {
		return err
	}
	for n := range w.Numbers {
		id := fmt.Sprint(700_000_000_000_000 + n)
		var made struct {
			ID  string `json:"id"`
			App struct {
				Path string `json:"webhook_path"`
			} `json:"app"`
		}
		if err := w.server.call(ctx, "POST", "/whatsapp/senders", map[string]any{
			"name": "Number " + id, "phone_number_id": id, "waba_id": "1", "display_phone": "+1555" + id[8:], "token": "none",
			"base_url": "http://127.0.0.1:1", "app": map[string]string{"app_secret": hookSecret}, "assistant_id": assistant.ID, "ai_on": false,
		}, &made); err != nil {
			return err
		}
		w.numbers = append(w.numbers, businessNumber{id, made.ID, made.App.Path})
	}
	return nil
}

// body returns a webhook of a number with so many messages, each of the next
// contact.
func (w *webhooks) body(number, messages int) []byte {
	type object = map[string]any
	var contacts, all []object
	for range messages {
		contact := w.made % w.Contacts
		waID := fmt.Sprint(491_700_000_000 + contact)
		contacts = append(contacts, object{"wa_id": waID, "user_id": fmt.Sprint("DE.", contact), "profile": object{"name": fmt.Sprint("Person ", contact)}})
		all = append(all, object{
			"from": waID, "from_user_id": fmt.Sprint("DE.", contact), "id": fmt.Sprint("wamid.", w.made), "timestamp": fmt.Sprint(time.Now().Unix()),
			"type": "text", "text": object{"body": "Hello, my order ORD-123456 has not arrived yet. Can you tell me when it will be here?"},
		})
		w.made++
	}
	b, err := json.Marshal(object{"object": "whatsapp_business_account", "entry": []object{{"id": "1", "changes": []object{{
		"field": "messages", "value": object{
			"messaging_product": "whatsapp", "metadata": object{"phone_number_id": w.numbers[number].id, "display_phone_number": "1555"},
			"contacts": contacts, "messages": all,
		},
	}}}}})
	if err != nil {
		panic(err) // maps of strings
	}
	return b
}

// signedRequest returns the bytes of a signed request.
func signedRequest(host, path string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(hookSecret))
	_, _ = mac.Write(body) // never fails
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nX-Hub-Signature-256: sha256=%s\r\nContent-Length: %d\r\n\r\n",
		path, host, hex.EncodeToString(mac.Sum(nil)), len(body))
	return append([]byte(head), body...)
}

// number spreads the contacts over the numbers: contact k writes to number
// k mod Numbers, so that each keeps its number.
func (w *webhooks) number() int { return w.made % w.Contacts % w.Numbers }

// backlog posts so many messages in bodies of some and returns how long it took
// until all were processed, from the first post.
func (w *webhooks) backlog(ctx context.Context, messages, each int) (time.Duration, error) {
	c, err := httpconn.Dial(ctx, w.server.Addr)
	if err != nil {
		return 0, err
	}
	var requests [][]byte
	for left := messages; left > 0; left -= each {
		n := w.number()
		requests = append(requests, signedRequest(w.server.Addr, w.numbers[n].path, w.body(n, min(each, left))))
	}
	begun := time.Now()
	for _, r := range requests {
		status, err := c.Do(r)
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("a webhook was answered %d: %.200s", status, c.Body)
		}
		if err != nil {
			return 0, errors.Join(err, c.Close())
		}
	}
	err = w.drain(ctx)
	return time.Since(begun), errors.Join(err, c.Close())
}

// drain waits until no webhook waits.
func (w *webhooks) drain(ctx context.Context) error {
	for n := 0; n < len(w.numbers); {
		var page struct {
			Data []struct{} `json:"data"`
		}
		if err := w.server.call(ctx, "GET", "/whatsapp/senders/"+w.numbers[n].sender+"/webhooks?state=waiting&limit=1", nil, &page); err != nil {
			return err
		}
		if len(page.Data) == 0 {
			n++
			continue
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (w *webhooks) measureProcessing(ctx context.Context) error {
	t := w.report.table("Processing, from the first post to the last message in its conversation", "what", "messages", "time", "per second")
	const each = 50
	for _, step := range []struct {
		what     string
		messages int
	}{{"of people who write for the first time", w.Contacts}, {"of people who have written before", w.Messages}} {
		took, err := w.backlog(ctx, step.messages, each)
		if err != nil {
			return err
		}
		rate := perSecond(step.messages, took)
		t.row(step.what, step.messages, took, rate)
		if step.messages == w.Messages && w.DB == "" {
			w.report.budget("messages processed a second", rate, budgetProcessed, rate >= budgetProcessed, step.what)
		}
	}
	return nil
}

// measureLarge posts bodies of a thousand messages, one after the other.
func (w *webhooks) measureLarge(ctx context.Context) error {
	const bodies, each = 10, 1000
	c, err := httpconn.Dial(ctx, w.server.Addr)
	if err != nil {
		return err
	}
	var took latencies
	for range bodies {
		n := w.number()
		r := signedRequest(w.server.Addr, w.numbers[n].path, w.body(n, each))
		begun := time.Now()
		status, err := c.Do(r)
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("a webhook was answered %d: %.200s", status, c.Body)
		}
		if err != nil {
			return errors.Join(err, c.Close())
		}
		took = append(took, time.Since(begun))
	}
	if err := errors.Join(w.drain(ctx), c.Close()); err != nil {
		return err
	}
	s := took.summary()
	w.report.table("Acknowledgement of a body of 1,000 messages, while those before it are processed", append([]string{"bodies"}, spread()...)...).
		row(append([]any{bodies}, s.cells()...)...)
	w.report.budget("acknowledgement of 1,000 messages", s.Max, budgetLargeWebhook, s.Max <= budgetLargeWebhook, "the slowest of ten")
	return nil
}

// measureAnswers drives one number of connections at the echo and the server.
func (w *webhooks) measureAnswers(ctx context.Context, t *table, conns int) error {
	const pool = 4096 // bodies of each connection's number; then they repeat
	requests := make([][2][]byte, pool)
	for i := range requests {
		n := w.number()
		b := w.body(n, 1)
		requests[i] = [2][]byte{signedRequest(w.echo.Addr, "/", b), signedRequest(w.server.Addr, w.numbers[n].path, b)}
	}
	base := 0.0
	for i, c := range []*child{w.echo, w.server} {
		what := []string{"bare echo, verified", "webhooks"}[i]
		l, err := drive(ctx, c.Addr, conns, w.For, func(conn, n int) []byte { return requests[(conn+n*conns)%pool][i] })
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		var after any
		r := rateOf(l)
		if c == w.echo {
			base = r
		} else {
			begun := time.Now()
			if err := w.drain(ctx); err != nil {
				return err
			}
			after = time.Since(begun)
		}
		s := l.latencies.summary()
		t.row(append([]any{what, conns, r, share(ratio(r, base)), l.failed, after}, s.cells()...)...)
		if l.failed > 0 {
			w.report.note("%s, %d connections: %d requests failed, one with %s", what, conns, l.failed, l.failure)
		}
		if c == w.server && conns == budgetConnections && w.DB == "" {
			got := share(ratio(r, base))
			w.report.budget("acknowledgements / echo", got, budgetWebhookShare, got >= budgetWebhookShare, "64 connections")
			w.report.budget("p99 of an acknowledgement", s.P99, budgetWebhookP99, s.P99 <= budgetWebhookP99, "64 connections")
		}
	}
	return nil
}
