package privacy_test

import (
	"context"
	"strings"
	"testing"

	"parley"
	"parley/internal/privacy"
	"parley/internal/store"
	kept "parley/internal/store/privacy"
	"parley/internal/store/storetest"
)

// What an erased person was called, wrote and sent is nowhere, and all of
// another person is there.
func TestErase(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx := t.Context()
		contact := w.lives(ada, 3, 4)
		other := w.lives(bob, 1, 4)
		w.writes()
		if !strings.Contains(w.onDisk(), ada.word) || !strings.Contains(storetest.Dump(t, w.engine, w.dsn), ada.word) {
			t.Fatal("the person has left no trace: the test tests nothing")
		}
		e := w.erase(contact)
		want := kept.Gone{
			Conversations: 3, Messages: 12, Variables: 3, Files: 3, FileBytes: 60, Identities: 3, Webhooks: 1, Answers: 3, Exports: 1, Examples: 3,
		}
		if e.State != kept.Done || e.Gone != want || e.Total != 3 || e.AskedBy != "Anna" || e.FinishedAt.IsZero() {
			t.Errorf("the receipt is %+v", e)
		}
		if len(w.gone) != 3 {
			t.Errorf("%d conversations were told to be gone", len(w.gone))
		}
		w.ok(w.rollups.Update(ctx))

		_, err := kept.New(w.Store).Contact(ctx, w.ws, contact)
		if parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("the contact: %v", err)
		}
		for _, q := range []store.ListQuery{{Q: ada.word}, {Contact: ada.word}, {Contact: ada.phone}, {Contact: contact}} {
			q.WorkspaceID = w.ws
			page, err := w.List(ctx, q)
			if err != nil || len(page.Rows) > 0 {
				t.Errorf("%+v finds %d, %v", q, len(page.Rows), err)
			}
		}
		page, err := w.List(ctx, store.ListQuery{WorkspaceID: w.ws, Q: bob.word})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].ContactID != other {
			t.Errorf("the other person is found %d times, %v", len(page.Rows), err)
		}

		disk := w.onDisk()
		w.ok(w.Close())
		held := storetest.Live(t, w.engine, w.dsn)
		for _, trace := range []string{ada.word, ada.phone} {
			if at := strings.Index(held, trace); at >= 0 {
				t.Errorf("the database holds %q: %q", trace, held[max(0, at-60):min(len(held), at+60)])
			}
			if strings.Contains(disk, trace) {
				t.Errorf("a file holds %q", trace)
			}
		}
		for _, trace := range []string{bob.word, bob.phone} {
			if !strings.Contains(held, trace) {
				t.Errorf("the database has lost %q", trace)
			}
		}
		if !strings.Contains(disk, bob.word) {
			t.Error("a file of another person is gone")
		}
	})
}

// An erasure that was cut off anywhere goes on, and a second request for it is
// the same one.
func TestEraseGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx := t.Context()
		contact := w.lives(ada, 4, 2)
		e, err := w.privacy.Ask(ctx, w.ws, contact, "Anna")
		w.ok(err)
		again, err := w.privacy.Ask(ctx, w.ws, contact, "Ben")
		w.ok(err)
		if again.ID != e.ID || again.AskedBy != "Anna" {
			t.Errorf("asked again: %+v", again)
		}
		for cut := 1; ; cut++ {
			if cut > 100 {
				t.Fatal("it never ends")
			}
			limited := *w.privacy
			left := cut
			cutOff := func() error {
				if left--; left < 0 {
					return context.Canceled
				}
				return nil
			}
			limited.Files = cutFiles{w.files, cutOff}
			limited.Conversations = cutConversations{w.Store, cutOff}
			work := storetest.Claim(t, w.Store, parley.WorkErase, e.ID, w.now)
			if work == nil {
				t.Fatal("there is nothing to do")
			}
			err := limited.Work(ctx, *work)
			if err == nil {
				break
			}
			w.ok(w.DeferWork(ctx, *work, w.now, false))
		}
		e, err = kept.New(w.Store).Erasure(ctx, w.ws, e.ID)
		w.ok(err)
		if e.State != kept.Done || e.Gone.Conversations > 4 {
			t.Errorf("the receipt is %+v", e)
		}
		if disk := w.onDisk(); strings.Contains(disk, ada.word) {
			t.Errorf("files are left: %q", disk)
		}
		w.ok(w.Close())
		if strings.Contains(storetest.Live(t, w.engine, w.dsn), ada.word) {
			t.Error("something is left")
		}
	})
}

// cutFiles and cutConversations stop after a while.
type cutFiles struct {
	privacy.Files
	cut func() error
}

func (c cutFiles) Delete(ctx context.Context, key string) error {
	if err := c.cut(); err != nil {
		return err
	}
	return c.Files.Delete(ctx, key)
}

type cutConversations struct {
	privacy.Conversations
	cut func() error
}

func (c cutConversations) DeleteConversation(ctx context.Context, ws, id string) error {
	if err := c.cut(); err != nil {
		return err
	}
	return c.Conversations.DeleteConversation(ctx, ws, id)
}

// What WhatsApp has posted and nobody has processed may be of the person: the
// erasure waits for it.
func TestEraseWaitsForWebhooks(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		contact := w.lives(ada, 1, 1)
		w.post(ada)
		e, err := w.privacy.Ask(t.Context(), w.ws, contact, "Anna")
		w.ok(err)
		if err := w.work(e); err == nil {
			t.Error("it did not wait")
		}
		w.settle()
		w.ok(w.work(e))
		left, err := kept.New(w.Store).Webhooks(t.Context(), w.ws, 0, 10)
		if err != nil || len(left) > 0 {
			t.Errorf("%d webhooks are left, %v", len(left), err)
		}
	})
}

// A person of another workspace is nobody, and their receipts are not there.
func TestErasureBelongsToItsWorkspace(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx, p := t.Context(), kept.New(w.Store)
		contact := w.lives(ada, 1, 1)
		other, _ := w.workspace()
		if _, err := w.privacy.Ask(ctx, other, contact, "Eve"); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("asked from elsewhere: %v", err)
		}
		if _, err := p.Contact(ctx, other, contact); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("read from elsewhere: %v", err)
		}
		e := w.erase(contact)
		if _, err := p.Erasure(ctx, other, e.ID); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("the receipt, from elsewhere: %v", err)
		}
		if all, err := p.Erasures(ctx, other, "", 10); err != nil || len(all) > 0 {
			t.Errorf("receipts elsewhere: %d, %v", len(all), err)
		}
		if all, err := p.Erasures(ctx, w.ws, "", 10); err != nil || len(all) != 1 {
			t.Errorf("receipts: %d, %v", len(all), err)
		}
		if _, err := w.privacy.Ask(ctx, w.ws, contact, "Anna"); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("asked for somebody who is gone: %v", err)
		}
	})
}
