package store_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// A backup made while others write is whole: it holds all that was answered
// before it began, and opens.
func TestBackupWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "sqlite")
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	for range 4 {
		writing.Go(func() {
			for ctx.Err() == nil {
				_ = s.CreateWorkspace(ctx, &parley.Workspace{Name: "busy", TimeZone: "UTC"}) // canceled at the end
			}
		})
	}
	var before []parley.Workspace
	for deadline := time.Now().Add(time.Minute); len(before) < 20 && time.Now().Before(deadline); {
		var err error
		before, err = s.Workspaces(t.Context())
		must(t, err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	must(t, s.Backup(t.Context(), path))
	stop()
	writing.Wait()

	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	wantCode(t, s.Backup(t.Context(), path), parley.CodeConflict)
	restored, err := store.Open(t.Context(), store.Options{DSN: path})
	must(t, err)
	defer func() { must(t, restored.Close()) }()
	if wrong, err := restored.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("the copy is damaged: %q, %v", wrong, err)
	}
	after, err := restored.Workspaces(t.Context())
	if err != nil || len(after) < len(before) || len(before) == 0 {
		t.Errorf("the copy has %d of %d, %v", len(after), len(before), err)
	}
}

func TestBackupOfPostgreSQLNamesItsTool(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "postgres")
	wantCode(t, s.Backup(t.Context(), filepath.Join(t.TempDir(), "x")), parley.CodeInvalid)
}

func TestAFailedBackupLeavesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "sqlite")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(ctx, path); err == nil {
		t.Error("a canceled backup succeeded")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
}

// In a restored store nothing is sent that may have been sent before.
func TestARestoredStoreSendsNothingTwice(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			ctx, dsn := t.Context(), storetest.DSN(t, engine)
			open := func() *store.Store {
				s, err := store.Open(ctx, store.Options{DSN: dsn, Keyring: nil})
				must(t, err)
				return s
			}
			s := open()
			w := newWorkspace(t, s)
			conv := conversationWith(t, s, w.ID, "one", "two", "three", "four")
			must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkDeliver, Key: conv, WorkspaceID: w.ID}))
			must(t, s.AddWork(ctx, parley.Work{Kind: parley.WorkSweep, Key: "x"}))
			must(t, s.CreateLoginToken(ctx, store.LoginToken{Hash: "h", Purpose: store.PurposeSignIn, ExpiresAt: time.Now().Add(time.Hour)}))
			must(t, s.Close())
			states := []parley.Delivery{parley.DeliveryQueued, parley.DeliverySending, parley.DeliverySent, ""}
			setDeliveries(t, engine, dsn, states)

			s = open()
			before, err := s.Conversation(ctx, w.ID, conv)
			must(t, err)
			must(t, s.PrepareRestored(ctx))
			messages, err := s.Messages(ctx, w.ID, conv, 0, 100)
			must(t, err)
			for i, want := range []parley.Delivery{parley.DeliveryUnknown, parley.DeliveryUnknown, parley.DeliverySent, ""} {
				m := messages[i]
				if m.Delivery != want {
					t.Errorf("%s became %q, want %q", states[i], m.Delivery, want)
				}
				if changed := want == parley.DeliveryUnknown; (m.Rev > before.Rev) != changed {
					t.Errorf("%s: changed %v, and its rev is %d after %d", states[i], changed, m.Rev, before.Rev)
				}
			}
			_, err = s.TakeLoginToken(ctx, "h")
			wantCode(t, err, parley.CodeUnauthorized)
			must(t, s.Close())

			s = open()
			defer func() { must(t, s.Close()) }()
			kinds := []parley.WorkKind{parley.WorkDeliver, parley.WorkSweep}
			got, err := s.ClaimWork(ctx, kinds, 10, time.Minute)
			if err != nil || len(got) != 1 || got[0].Kind != parley.WorkSweep || !s.SendingPaused() {
				t.Errorf("while sending is paused claimed %+v, %v", got, err)
			}
			must(t, s.ResumeSending(ctx))
			got, err = s.ClaimWork(ctx, kinds, 10, time.Minute)
			if err != nil || len(got) != 1 || got[0].Kind != parley.WorkDeliver || s.SendingPaused() {
				t.Errorf("after that claimed %+v, %v", got, err)
			}
		})
	}
}

// conversationWith opens a conversation that has these messages of the contact.
func conversationWith(t *testing.T, s *store.Store, ws string, texts ...string) string {
	t.Helper()
	a := newAssistant(t, s, ws, "A")
	conv, _, err := s.OpenConversation(t.Context(), store.OpenConversation{
		WorkspaceID: ws, Source: parley.SourceAPI, AssistantID: a.ID,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: "x"}},
	})
	must(t, err)
	for _, text := range texts {
		_, err := s.Receive(t.Context(), store.ReceiveMessage{
			WorkspaceID: ws, ConversationID: conv.ID, Message: &parley.Message{Role: parley.ByUser, Type: parley.MessageText, Content: text},
		})
		must(t, err)
	}
	return conv.ID
}

// setDeliveries gives the messages with seq 1, 2 and so on these states.
func setDeliveries(t *testing.T, engine, dsn string, states []parley.Delivery) {
	t.Helper()
	driver := map[string]string{"sqlite": "sqlite", "postgres": "pgx"}[engine]
	db, err := sql.Open(driver, dsn)
	must(t, err)
	for i, state := range states {
		_, err := db.ExecContext(t.Context(), `UPDATE message SET delivery = $1 WHERE seq = $2`, string(state), i+1)
		must(t, err)
	}
	must(t, db.Close())
}

func TestSweepRemovesWhatHasExpired(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx, w := t.Context(), newWorkspace(t, s)
		for i, valid := range []time.Duration{time.Minute, time.Hour} {
			hash := string(rune('a' + i))
			must(t, s.CreateLoginToken(ctx, store.LoginToken{Hash: hash, Purpose: store.PurposeSignIn, ExpiresAt: c.Now().Add(valid)}))
			must(t, s.CreateInvite(ctx, &parley.Invite{
				WorkspaceID: w.ID, TokenHash: hash, Role: parley.RoleViewer, ExpiresAt: c.Now().Add(valid - 30*24*time.Hour),
			}))
			key := store.IdempotencyKey{WorkspaceID: w.ID, Principal: "p", Key: hash, BodyHash: "h"}
			must(t, s.SaveAnswer(ctx, key, store.Answer{Status: 200}))
			if i == 0 {
				c.Move(30 * time.Minute)
			}
		}
		if n, err := s.Sweep(ctx); err != nil || n != 2 {
			t.Errorf("swept %d, %v; want the link and the invite", n, err)
		}
		c.Move(store.KeepAnswers - 10*time.Minute)
		if n, err := s.Sweep(ctx); err != nil || n != 3 {
			t.Errorf("swept %d, %v; want a link, an invite and an answer", n, err)
		}
	})
}
