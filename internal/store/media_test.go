package store_test

import (
	"errors"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// photo receives a message with a file that is still at its source.
func (sc *scene) photo(c *parley.Conversation, turnAt time.Time) *parley.Message {
	sc.t.Helper()
	r, err := sc.Receive(sc.ctx, store.ReceiveMessage{
		WorkspaceID: c.WorkspaceID, ConversationID: c.ID, TurnAt: turnAt,
		Message: &parley.Message{Type: parley.MessageImage, Attachments: []parley.Attachment{{
			ID: parley.NewID(time.Now()), Name: `"state":"pending"`, MIMEType: "image/jpeg", State: parley.AttachmentPending,
			Pending: &parley.PendingFile{SourceID: "meta-1", SHA256: "abc="},
		}}},
	})
	sc.ok(err)
	return r.Message
}

func (sc *scene) save(w *parley.Work, m *parley.Message, change func(*parley.Attachment)) (*parley.Message, error) {
	sc.t.Helper()
	a := m.Attachments[0]
	change(&a)
	got, _, err := sc.SaveFile(sc.ctx, *w, m, a)
	return got, err
}

func finished(a *parley.Attachment) {
	a.State, a.Pending, a.Reading, a.Size, a.MIMEType = "", nil, "A parcel.", 7, "image/png"
}

func TestAFileIsFetchedAndRead(t *testing.T) {
	t.Parallel()
	runScene(t, func(t *testing.T, sc *scene) {
		c := sc.open(parley.SourceWhatsApp, "")
		sc.receive(c, "Hello")
		m := sc.photo(c, sc.clock.Now())
		row, err := sc.Attachment(sc.ctx, sc.ws, m.Attachments[0].ID)
		sc.ok(err)
		if row.ConversationID != c.ID || row.Size != 0 || row.Key == "" {
			t.Errorf("the file's row: %+v", row)
		}
		unread, err := sc.UnreadMessages(sc.ctx, sc.ws, c.ID)
		sc.ok(err)
		if len(unread) != 1 || unread[0].ID != m.ID || unread[0].Attachments[0].Pending.SourceID != "meta-1" {
			t.Fatalf("unread: %+v", unread)
		}
		if other, err := sc.UnreadMessages(sc.ctx, sc.workspace(), c.ID); err != nil || len(other) != 0 {
			t.Errorf("another workspace reads %+v, %v", other, err)
		}
		w := sc.claim(parley.WorkMedia, c.ID)
		if w == nil {
			t.Fatal("nobody is to fetch it")
		}
		got, err := sc.save(w, m, finished)
		sc.ok(err)
		if a := got.Attachments[0]; a.Reading != "A parcel." || a.State != "" || got.Rev != sc.reload(c).Rev || got.Seq != m.Seq {
			t.Errorf("saved: %+v", got)
		}
		if row, err = sc.Attachment(sc.ctx, sc.ws, m.Attachments[0].ID); err != nil || row.Size != 7 || row.MIMEType != "image/png" {
			t.Errorf("the file's row: %+v, %v", row, err)
		}
		if unread, err = sc.UnreadMessages(sc.ctx, sc.ws, c.ID); err != nil || len(unread) != 0 {
			t.Errorf("still unread: %+v, %v", unread, err)
		}
		sc.ok(sc.CompleteWork(sc.ctx, *w))
		_, err = sc.save(w, m, finished)
		if !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("a worker that was too slow: %v", err)
		}
		if differ, err := sc.Drift(sc.ctx, sc.ws, c.ID); err != nil || len(differ) > 0 {
			t.Errorf("the row differs from its log: %v, %v", differ, err)
		}
	})
}

// A turn waits for the files that it would answer, and no longer than
// FilePatience.
func TestATurnWaitsForFiles(t *testing.T) {
	t.Parallel()
	runScene(t, func(t *testing.T, sc *scene) {
		begin := func(c *parley.Conversation) (*store.TurnStart, *parley.Work) {
			w := sc.claim(parley.WorkTurn, c.ID)
			if w == nil {
				t.Fatal("no turn is due")
			}
			start, err := sc.BeginTurn(sc.ctx, *w)
			sc.ok(err)
			return start, w
		}
		wake := func(c *parley.Conversation, m *parley.Message) {
			w := sc.claim(parley.WorkMedia, c.ID)
			_, err := sc.save(w, m, finished)
			sc.ok(err)
			sc.ok(sc.CompleteWork(sc.ctx, *w))
		}

		c := sc.open(parley.SourceWhatsApp, "")
		m, due := sc.photo(c, sc.clock.Now()), sc.clock.Now()
		sc.receive(c, "What is this?")
		start, w := begin(c)
		if start.Turn != nil || !start.WaitUntil.Equal(due.Add(store.FilePatience)) {
			t.Fatalf("the turn began without the photo: %+v", start)
		}
		sc.ok(sc.DeferWork(sc.ctx, *w, start.WaitUntil, false))
		if sc.claim(parley.WorkTurn, c.ID) != nil {
			t.Fatal("the turn does not wait")
		}
		sc.clock.Move(time.Second)
		wake(c, m)
		start, w = begin(c)
		if start.Turn == nil || start.Turn.ToSeq != 2 || start.History[0].Attachments[0].Reading != "A parcel." {
			t.Fatalf("the turn after the reading: %+v", start)
		}
		_, err := sc.FinishTurn(sc.ctx, *w, store.TurnEnd{Turn: start.Turn})
		sc.ok(err)
		sc.ok(sc.CompleteWork(sc.ctx, *w))

		// The file is read while the turn is about to be put off.
		m = sc.photo(c, sc.clock.Now())
		start, w = begin(c)
		wake(c, m)
		sc.ok(sc.DeferWork(sc.ctx, *w, start.WaitUntil, false))
		if start, w = begin(c); start.Turn == nil {
			t.Errorf("the wake-up was lost: %+v", start)
		}
		_, err = sc.FinishTurn(sc.ctx, *w, store.TurnEnd{Turn: start.Turn})
		sc.ok(err)
		sc.ok(sc.CompleteWork(sc.ctx, *w))

		// It does not wait for ever.
		sc.photo(c, sc.clock.Now())
		start, w = begin(c)
		sc.ok(sc.DeferWork(sc.ctx, *w, start.WaitUntil, false))
		sc.clock.Move(store.FilePatience)
		if start, _ = begin(c); start.Turn == nil {
			t.Errorf("the turn waits for more than its patience: %+v", start)
		}

		// Reading the file does not shorten a reply delay.
		d := sc.open(parley.SourceWhatsApp, "")
		m = sc.photo(d, sc.clock.Now().Add(10*time.Second))
		wake(d, m)
		if sc.claim(parley.WorkTurn, d.ID) != nil {
			t.Error("the turn comes before its delay")
		}
		sc.clock.Move(10 * time.Second)
		if start, _ = begin(d); start.Turn == nil {
			t.Errorf("the turn after the delay: %+v", start)
		}
	})
}

// What is gone is not written to: its reader learns that the bytes are to go.
func TestAFileOfAnErasedConversation(t *testing.T) {
	t.Parallel()
	runScene(t, func(t *testing.T, sc *scene) {
		c := sc.open(parley.SourceWhatsApp, "")
		m := sc.photo(c, sc.clock.Now())
		w := sc.claim(parley.WorkMedia, c.ID)
		gone := *m
		gone.Seq++
		_, err := sc.save(w, &gone, finished)
		sc.fails(err, parley.CodeNotFound)
		_, err = sc.save(w, m, func(a *parley.Attachment) { a.ID = parley.NewID(time.Now()) })
		sc.fails(err, parley.CodeNotFound)
		sc.ok(sc.DeleteConversation(sc.ctx, sc.ws, c.ID))
		_, err = sc.save(w, m, finished)
		sc.fails(err, parley.CodeNotFound)
		if sc.claim(parley.WorkMedia, c.ID) != nil {
			t.Error("the work on an erased conversation stays")
		}
		sc.clock.Move(48 * time.Hour)
		orphans, err := sc.OrphanAttachments(sc.ctx, sc.clock.Now(), 10)
		if err != nil || len(orphans) != 1 || orphans[0].ID != m.Attachments[0].ID {
			t.Errorf("the bytes would stay: %+v, %v", orphans, err)
		}
	})
}
