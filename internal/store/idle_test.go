package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// Whoever holds a conversation gives it back by silence: neither the contact's
// messages nor what happened before a takeover counts.
func TestReleaseIdle(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		_, err := sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		took := sc.clock.Now()
		work := sc.claim(parley.WorkIdle, c.ID)
		release := func(silentSince time.Time, want parley.Owner, spoke time.Time) {
			sc.t.Helper()
			got, last, err := sc.ReleaseIdle(sc.ctx, *work, silentSince)
			sc.ok(err)
			if got.Owner != want || !last.Equal(spoke) {
				sc.t.Errorf("held by %s, a person spoke at %s", got.Owner, last)
			}
		}
		release(took.Add(-time.Second), parley.OwnerOperator, took)
		sc.clock.Move(time.Second)
		_, err = sc.OperatorMessage(sc.ctx, sc.ws, c.ID, sc.anna, []parley.Message{{Content: "hi"}}, false)
		sc.ok(err)
		wrote := sc.clock.Now()
		sc.clock.Move(time.Second)
		sc.receive(c, "are you there?")
		release(took, parley.OwnerOperator, wrote)

		// Given back and taken by another: it is theirs.
		_, err = sc.Release(sc.ctx, sc.ws, c.ID, sc.anna)
		sc.ok(err)
		_, err = sc.Takeover(sc.ctx, sc.ws, c.ID, sc.ben)
		sc.ok(err)
		held := sc.reload(c)
		release(wrote, parley.OwnerOperator, sc.clock.Now())
		if now := sc.reload(c); now.OperatorID != sc.ben || now.Epoch != held.Epoch || now.Rev != held.Rev {
			sc.t.Errorf("it changed: %+v", now)
		}

		release(sc.clock.Now(), parley.OwnerAssistant, sc.clock.Now())
		if now := sc.reload(c); now.Epoch != held.Epoch+1 || now.OperatorID != "" {
			sc.t.Errorf("after the release: %+v", now)
		}
		entries := len(sc.log(c))
		release(sc.clock.Now(), parley.OwnerAssistant, sc.clock.Now())
		if n := len(sc.log(c)); n != entries {
			sc.t.Errorf("it was released twice: %d entries, then %d", entries, n)
		}
		if sc.claim(parley.WorkTurn, c.ID) == nil {
			sc.t.Error("what the contact wrote last is not answered")
		}

		work.Token = "another"
		_, _, err = sc.ReleaseIdle(sc.ctx, *work, sc.clock.Now())
		if !errors.Is(err, store.ErrLeaseLost) {
			sc.t.Errorf("without its lease: %v", err)
		}
	})
}

// Of an operator's message and the release one comes first: after the message
// the conversation stays theirs, and after the release they are told.
func TestReleaseIdleRace(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		for range 20 {
			c := sc.open(parley.SourceAPI, "")
			_, err := sc.Takeover(sc.ctx, sc.ws, c.ID, sc.anna)
			sc.ok(err)
			work, took := sc.claim(parley.WorkIdle, c.ID), sc.clock.Now()
			sc.clock.Move(time.Second)
			var wg sync.WaitGroup
			var wrote error
			wg.Go(func() {
				_, wrote = sc.OperatorMessage(sc.ctx, sc.ws, c.ID, sc.anna, []parley.Message{{Content: "I am here"}}, false)
			})
			wg.Go(func() {
				if _, _, err := sc.ReleaseIdle(sc.ctx, *work, took); err != nil {
					sc.t.Error(err)
				}
			})
			wg.Wait()
			if wrote != nil && parley.ErrorCode(wrote) != parley.CodeConflict {
				sc.t.Fatal(wrote)
			}
			if held := sc.reload(c).Owner == parley.OwnerOperator; held != (wrote == nil) {
				sc.t.Fatalf("held: %t, and the message: %v", held, wrote)
			}
		}
	})
}
