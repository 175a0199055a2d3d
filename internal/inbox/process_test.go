package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp"
	"parley/internal/engine"
	"parley/internal/inbox"
	"parley/internal/store"
)

// fixtures are all captured and made-up bodies.
func fixtures(t *testing.T) (names []string) {
	t.Helper()
	root := filepath.Join("..", "channel", "whatsapp", "testdata")
	for _, dir := range []string{"meta-docs", "derived"} {
		err := fs.WalkDir(os.DirFS(root), dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".json") {
				names = append(names, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(names) < 60 {
		t.Fatalf("only %d bodies", len(names))
	}
	return names
}

// Every body is processed: what it says is in a conversation or in the webhook
// log, and processing it again changes nothing.
func TestEveryFixture(t *testing.T) {
	run(t, func(t *testing.T, first *world) {
		for _, name := range fixtures(t) {
			t.Run(name, func(t *testing.T) {
				w := newWorld(t, first.Store) // another workspace
				body := fixture(t, name)
				w.process(body)
				updates, err := whatsapp.Parse(body)
				w.ok(err)
				hook := w.webhooks()[0]
				if hook.State == store.WebhookWaiting || hook.Updates != len(updates) {
					t.Errorf("it is %+v, with %d updates", hook, len(updates))
				}
				unknown, foreign := 0, false
				for i := range updates {
					u := &updates[i]
					mine := u.PhoneNumberID == phoneNumberID
					switch {
					case u.Kind == whatsapp.KindUnknown:
						unknown++
					case u.PhoneNumberID != "" && !mine, u.PhoneNumberID == "" && u.DisplayPhone != "" && u.DisplayPhone != displayPhone,
						u.Message != nil && u.PhoneNumberID == "" && u.DisplayPhone == "":
						foreign = true
					case u.Kind == whatsapp.KindMessage && mine:
						m, err := w.MessageByProviderID(w.ctx, w.ws, w.sender.ID, u.Message.ID)
						if err != nil || m.Content != u.Message.Content || m.Type != u.Message.Type {
							t.Errorf("message %s is %+v, %v", u.Message.ID, m, err)
						}
					}
				}
				if hook.Unknown != unknown || (hook.State == store.WebhookFailed) != foreign || foreign == (hook.Error == "") && unknown == 0 {
					t.Errorf("with %d unknown, foreign %v it is %s: %s", unknown, foreign, hook.State, hook.Error)
				}
				before := w.everything()
				w.ok(w.ProcessAgain(w.ctx, w.ws, hook.ID))
				w.process()
				w.process(body) // posted again
				if after := w.everything(); after != before {
					t.Errorf("again it changed\n%s\nto\n%s", before, after)
				}
			})
		}
	})
}

// everything is all conversations as text, without what only counts changes.
func (w *world) everything() string {
	w.t.Helper()
	var b strings.Builder
	for cursor := ""; ; {
		page, err := w.List(w.ctx, store.ListQuery{WorkspaceID: w.ws, Limit: 100, Sort: store.SortStarted, Cursor: cursor})
		w.ok(err)
		for i := range page.Rows {
			c := &page.Rows[i].Conversation
			all, err := w.Messages(w.ctx, w.ws, c.ID, 0, 0)
			w.ok(err)
			fmt.Fprintln(&b, c.ID, c.ContactID, c.Status, c.Owner, c.MessageCount, c.WindowExpiresAt)
			for k := range all {
				m := &all[k]
				fmt.Fprintln(&b, " ", m.ID, m.Role, m.Type, m.Content, m.Delivery, m.EditedAt, m.DeletedAt, len(m.Attachments))
			}
			differ, err := w.Drift(w.ctx, w.ws, c.ID)
			w.ok(err)
			if len(differ) > 0 {
				w.t.Errorf("%s differs from its log in %v", c.ID, differ)
			}
		}
		if cursor = page.NextCursor; cursor == "" {
			return b.String()
		}
	}
}

// Webhooks that wait together are put in order per contact, whatever their order
// and however the contact is named in each.
func TestShuffledWebhooksAreInOrder(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		const people, each = 4, 10
		start := time.Now().Add(-time.Hour)
		var bodies [][]byte
		for p := range people {
			number, id := fmt.Sprint("4917000000", p), fmt.Sprint("DE.", p)
			for i := range each {
				m := text(number, fmt.Sprint("wamid.", p, ".", i), fmt.Sprint(i), start.Add(time.Duration(i)*time.Second))
				switch i % 3 {
				case 0:
					m["from_user_id"] = id // both
				case 1:
					delete(m, "from")
					m["from_user_id"] = id
				}
				bodies = append(bodies, messages(m))
			}
		}
		rand.Shuffle(len(bodies), func(i, k int) { bodies[i], bodies[k] = bodies[k], bodies[i] })
		w.process(bodies...)
		for p := range people {
			got := contents(w.said(phone(fmt.Sprint("+4917000000", p))))
			want := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
			if !slices.Equal(got, want) {
				t.Errorf("person %d said %q", p, got)
			}
		}
	})
}

// A body of a thousand messages of a thousand contacts.
func TestAThousandUpdates(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.process(fixture(t, "derived/batch_1000_messages.json"))
		hook := w.webhooks()[0]
		if hook.State != store.WebhookDone || hook.Updates != 1000 || hook.SenderID != w.sender.ID {
			t.Errorf("it is %+v", hook)
		}
		updates, err := whatsapp.Parse(fixture(t, "derived/batch_1000_messages.json"))
		w.ok(err)
		for i := range updates {
			if _, err := w.MessageByProviderID(w.ctx, w.ws, w.sender.ID, updates[i].Message.ID); err != nil {
				t.Fatalf("message %d: %v", i, err)
			}
		}
	})
}

// What is cut off in the middle is done again, and what was done stays done.
func TestProcessingIsCutOff(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		const people, each = 6, 12
		at := time.Now().Add(-time.Hour)
		for i := range each {
			var all []object
			for p := range people {
				all = append(all, text(fmt.Sprint("4917000000", p), fmt.Sprint("wamid.", p, ".", i), fmt.Sprint(i), at.Add(time.Duration(i)*time.Second)))
			}
			w.post(messages(all...))
		}
		for range 8 {
			ctx, cancel := context.WithTimeout(w.ctx, time.Duration(rand.IntN(12))*time.Millisecond)
			err := w.inbox.Process(ctx, w.work(1))
			cancel()
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
		w.process()
		for p := range people {
			got := contents(w.said(phone(fmt.Sprint("+4917000000", p))))
			if len(got) != each || !slices.IsSortedFunc(got, func(a, b string) int { return len(a) - len(b) }) {
				t.Errorf("person %d said %q", p, got)
			}
		}
		for _, hook := range w.webhooks() {
			if hook.State != store.WebhookDone {
				t.Errorf("left: %+v", hook)
			}
		}
	})
}

// Two workers that were given the same webhooks, because one lost its lease,
// double nothing.
func TestTwoWorkers(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		for i := range 20 {
			w.post(messages(text("491700000001", fmt.Sprint("wamid.", i), fmt.Sprint(i), time.Now())))
		}
		errs := make(chan error)
		for range 3 {
			go func() { errs <- w.inbox.Process(w.ctx, w.work(1)) }()
		}
		for range 3 {
			w.ok(<-errs)
		}
		if got := w.said(phone("+491700000001")); len(got) != 20 {
			t.Errorf("there are %d messages", len(got))
		}
	})
}

// poisoned fails in its own way for messages that say so.
type poisoned struct {
	inbox.Engine
	tried int
}

var errPoison = errors.New("a statement that nobody expected to fail has failed")

func (p *poisoned) ReceiveFrom(ctx context.Context, s *parley.Sender, in channel.Inbound, answered bool) (*engine.Received, error) {
	switch in.Content {
	case "poison":
		p.tried++
		return nil, errPoison
	case "panic":
		panic("nobody expected this")
	}
	return p.Engine.ReceiveFrom(ctx, s, in, answered)
}

// What fails for a reason that nobody has foreseen, even by a panic, keeps the
// others not waiting, is tried again, and is given up after a while.
func TestPoisonBlocksNothing(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		p := &poisoned{Engine: w.inbox.Engine}
		now := time.Now()
		x := inbox.New(inbox.Config{Store: w.Store, Engine: p, Rates: w.inbox.Rates, Log: w.inbox.Log, Now: func() time.Time { return now }})
		w.post(
			messages(text("491700000001", "wamid.1", "before", now.Add(-3*time.Second))),
			messages(text("491700000001", "wamid.2", "poison", now.Add(-2*time.Second)), text("491700000002", "wamid.3", "beside", now)),
			messages(text("491700000003", "wamid.4", "panic", now)),
			messages(text("491700000001", "wamid.5", "after", now)),
			messages(text("491700000004", "wamid.6", "elsewhere", now)),
		)
		if err := x.Process(w.ctx, w.work(1)); !errors.Is(err, errPoison) || !strings.Contains(err.Error(), "panic") {
			t.Errorf("got %v", err)
		}
		states := func() (out []store.WebhookState) {
			for _, h := range w.webhooks() {
				out = append(out, h.State)
			}
			return out
		}
		const waiting, done, failed = store.WebhookWaiting, store.WebhookDone, store.WebhookFailed
		if got := states(); !slices.Equal(got, []store.WebhookState{done, waiting, waiting, waiting, done}) {
			t.Errorf("they are %v", got)
		}
		if got := contents(w.said(phone("+491700000001"))); !slices.Equal(got, []string{"before"}) {
			t.Errorf("its contact said %q", got)
		}
		for _, other := range []string{"+491700000002", "+491700000004"} {
			if got := w.said(phone(other)); len(got) != 1 {
				t.Errorf("%s said %q", other, contents(got))
			}
		}
		if err := x.Process(w.ctx, w.work(9)); err == nil { // often enough, but not for long
			t.Error("it was given up at once")
		}
		now = now.Add(2 * time.Minute)
		w.ok(x.Process(w.ctx, w.work(9)))
		if got := states(); !slices.Equal(got, []store.WebhookState{done, failed, failed, done, done}) {
			t.Errorf("in the end they are %v", got)
		}
		if got := contents(w.said(phone("+491700000001"))); !slices.Equal(got, []string{"before", "after"}) {
			t.Errorf("its contact said %q", got)
		}
		if p.tried != 3 || !strings.Contains(w.webhooks()[1].Error, "log") {
			t.Errorf("tried %d times: %q", p.tried, w.webhooks()[1].Error)
		}
	})
}

// Bodies that are no webhooks are failed and keep nothing waiting.
func TestStrangeBodies(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		strange := [][]byte{
			[]byte(`not JSON`), []byte(`{}`), []byte(`{"entry":7}`), []byte(`{"entry":[null,7,{"changes":[null,{"value":[]}]}]}`),
			bytes.Repeat([]byte(`{"a":`), 200_000), []byte("\xff\xfe{"),
		}
		w.process(append(strange, messages(text("491700000001", "wamid.1", "hello", time.Now())))...)
		all := w.webhooks()
		for i := range strange {
			if all[i].State == store.WebhookWaiting || all[i].Error == "" {
				t.Errorf("%.40q is %s: %q", strange[i], all[i].State, all[i].Error)
			}
		}
		if len(w.said(phone("+491700000001"))) != 1 {
			t.Error("the message behind them was not processed")
		}
	})
}
