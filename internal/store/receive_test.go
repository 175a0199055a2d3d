package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// Law 2: the same provider id twice is one message and one turn, whoever
// repeats it and however often.
func TestReceiveOnce(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		in := store.ReceiveMessage{
			WorkspaceID: sc.ws, ConversationID: c.ID, TurnAt: sc.clock.Now(),
			Message: &parley.Message{Content: "hello", ProviderID: "idem:1"},
		}
		const repeats = 12
		got := make([]*store.Received, repeats)
		errs := make([]error, repeats)
		var wg sync.WaitGroup
		for i := range repeats {
			wg.Go(func() { got[i], errs[i] = sc.Receive(sc.ctx, in) })
		}
		wg.Wait()
		first := 0
		for i := range got {
			sc.ok(errs[i])
			if !got[i].Duplicate {
				first++
			}
			if got[i].Message.ID != got[0].Message.ID || got[i].Message.Seq != 1 {
				sc.t.Errorf("repeat %d is another message: %+v", i, got[i].Message)
			}
		}
		if first != 1 {
			sc.t.Errorf("%d of %d were taken as new", first, repeats)
		}
		if log := sc.log(c); len(log) != 1 {
			sc.t.Errorf("the log has %d messages", len(log))
		}
		w := sc.claim(parley.WorkTurn, c.ID)
		if w == nil || w.Generation != 1 {
			sc.t.Errorf("the turn is due as %+v", w)
		}
		in.Message = &parley.Message{Content: "something else", ProviderID: "idem:1"}
		_, err := sc.Receive(sc.ctx, in)
		sc.fails(err, parley.CodeConflict)
		if now := sc.reload(c); now.MessageCount != 1 || now.NextSeq != 2 {
			sc.t.Errorf("a repeat changed the conversation: %+v", now)
		}
	})
}

// A repeat after the end is a repeat, and reopens nothing.
func TestRepeatAfterTheEnd(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		in := store.ReceiveMessage{
			WorkspaceID: sc.ws, ConversationID: c.ID, Reopen: true,
			Message: &parley.Message{Content: "hello", ProviderID: "idem:1"},
		}
		_, err := sc.Receive(sc.ctx, in)
		sc.ok(err)
		_, err = sc.End(sc.ctx, sc.ws, c.ID, parley.EndOperator, sc.anna)
		sc.ok(err)
		r, err := sc.Receive(sc.ctx, in)
		sc.ok(err)
		if !r.Duplicate || r.Conversation.Status != parley.ConversationEnded {
			sc.t.Errorf("got %+v", r)
		}
	})
}

func TestReceiveAfterTheEnd(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		sc.receive(c, "one")
		_, err := sc.End(sc.ctx, sc.ws, c.ID, parley.EndInactivity, "")
		sc.ok(err)
		in := store.ReceiveMessage{
			WorkspaceID: sc.ws, ConversationID: c.ID, Message: &parley.Message{Content: "two"},
		}
		if _, err := sc.Receive(sc.ctx, in); !errors.Is(err, store.ErrEnded) {
			sc.t.Errorf("got %v", err)
		}
		in.Reopen, in.TurnAt = true, sc.clock.Now()
		r, err := sc.Receive(sc.ctx, in)
		sc.ok(err)
		if r.Conversation.Status != parley.ConversationActive || r.Message.Seq != 4 {
			sc.t.Errorf("got %+v in %+v", r.Message, r.Conversation)
		}
	})
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		other := sc.workspace()
		for name, tc := range map[string]struct {
			in   store.ReceiveMessage
			code parley.Code
		}{
			"NUL":       {store.ReceiveMessage{WorkspaceID: sc.ws, ConversationID: c.ID, Message: &parley.Message{Content: "a\x00b"}}, parley.CodeInvalid},
			"not UTF-8": {store.ReceiveMessage{WorkspaceID: sc.ws, ConversationID: c.ID, Message: &parley.Message{Content: "a\xffb"}}, parley.CodeInvalid},
			"too long":  {store.ReceiveMessage{WorkspaceID: sc.ws, ConversationID: c.ID, Message: &parley.Message{Content: string(make([]byte, parley.MaxContentBytes+1))}}, parley.CodeTooLarge},
			"foreign":   {store.ReceiveMessage{WorkspaceID: other, ConversationID: c.ID, Message: &parley.Message{Content: "a"}}, parley.CodeNotFound},
			"unknown":   {store.ReceiveMessage{WorkspaceID: sc.ws, ConversationID: parley.NewID(time.Now()), Message: &parley.Message{Content: "a"}}, parley.CodeNotFound},
			"no such file": {store.ReceiveMessage{WorkspaceID: sc.ws, ConversationID: c.ID, Message: &parley.Message{
				Content: "a", Attachments: []parley.Attachment{{ID: "nope"}},
			}}, parley.CodeInvalid},
		} {
			if _, err := sc.Receive(sc.ctx, tc.in); parley.ErrorCode(err) != tc.code {
				sc.t.Errorf("%s: got %v, want %s", name, err, tc.code)
			}
		}
		if n := len(sc.log(c)); n != 0 {
			sc.t.Errorf("%d messages were recorded", n)
		}
	})
}

// Law 3: messages keep their order without gaps, however many arrive at once,
// and a burst is one turn.
func TestBurstIsOneTurn(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		const burst = 40
		var wg sync.WaitGroup
		for i := range burst {
			wg.Go(func() {
				_, err := sc.Receive(sc.ctx, store.ReceiveMessage{
					WorkspaceID: sc.ws, ConversationID: c.ID, TurnAt: sc.clock.Now(),
					Message: &parley.Message{Content: fmt.Sprint(i), ProviderID: fmt.Sprint("p", i)},
				})
				if err != nil {
					sc.t.Error(err)
				}
			})
		}
		wg.Wait()
		rev := int64(0)
		for i, m := range sc.log(c) {
			if m.Seq != int64(i+1) || m.Rev <= rev {
				sc.t.Fatalf("message %d has seq %d and rev %d", i, m.Seq, m.Rev)
			}
			rev = m.Rev
		}
		w := sc.claim(parley.WorkTurn, c.ID)
		start, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		if start.Turn.FromSeq != 1 || start.Turn.ToSeq != burst || len(start.History) != burst {
			sc.t.Errorf("the turn answers %d to %d with %d messages", start.Turn.FromSeq, start.Turn.ToSeq, len(start.History))
		}
		if sc.claim(parley.WorkTurn, c.ID) != nil {
			sc.t.Error("the same turn was given to two workers")
		}
	})
}

// A message that arrives while a turn runs gets a turn of its own, and a retry
// of a turn keeps its id.
func TestTurnsFollowEachOther(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		sc.receive(c, "first")
		w := sc.claim(parley.WorkTurn, c.ID)
		one, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		sc.receive(c, "second")
		_, err = sc.FinishTurn(sc.ctx, *w, store.TurnEnd{
			Turn: one.Turn, Messages: []parley.Message{{Role: parley.ByAssistant, Content: "reply"}},
		})
		sc.ok(err)
		sc.ok(sc.CompleteWork(sc.ctx, *w))

		w = sc.claim(parley.WorkTurn, c.ID)
		two, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		if two.Turn.ID == one.Turn.ID || two.Turn.FromSeq != 2 || two.Turn.ToSeq != 2 {
			sc.t.Errorf("the second turn is %+v", two.Turn)
		}
		again, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		if again.Turn.ID != two.Turn.ID || again.Turn.Attempt != 2 {
			sc.t.Errorf("the retry is %+v", again.Turn)
		}
		lost := *w
		lost.Token = "another"
		if _, err := sc.FinishTurn(sc.ctx, lost, store.TurnEnd{Turn: again.Turn}); !errors.Is(err, store.ErrLeaseLost) {
			sc.t.Errorf("without the lease: %v", err)
		}
		_, err = sc.FinishTurn(sc.ctx, *w, store.TurnEnd{Turn: again.Turn})
		sc.ok(err)
		if _, err := sc.FinishTurn(sc.ctx, *w, store.TurnEnd{Turn: again.Turn}); !errors.Is(err, store.ErrSuperseded) {
			sc.t.Errorf("finishing twice: %v", err)
		}
	})
}

// A turn that is claimed with its message is nobody else's; what comes
// meanwhile merges into it and is due again when it is done.
func TestReceiveClaims(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceAPI, "")
		say := func(text string) *store.Received {
			got, err := sc.Receive(sc.ctx, store.ReceiveMessage{
				WorkspaceID: sc.ws, ConversationID: c.ID, TurnAt: sc.clock.Now(), Claim: time.Minute,
				Message: &parley.Message{Content: text},
			})
			sc.ok(err)
			return got
		}
		w := say("hello").Claimed
		if w == nil || w.Kind != parley.WorkTurn || w.Key != c.ID || w.WorkspaceID != sc.ws || w.Attempt != 1 || w.Token == "" {
			sc.t.Fatalf("the turn was claimed as %+v", w)
		}
		if other := sc.claim(parley.WorkTurn, c.ID); other != nil {
			sc.t.Errorf("it was claimed twice: %+v", other)
		}
		start, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		if start.Turn == nil {
			sc.t.Fatal("the claim begins no turn")
		}
		if second := say("and another thing").Claimed; second != nil {
			sc.t.Errorf("the conversation was claimed beside its turn: %+v", second)
		}
		_, err = sc.FinishTurn(sc.ctx, *w, store.TurnEnd{Turn: start.Turn})
		sc.ok(err)
		sc.ok(sc.CompleteWork(sc.ctx, *w))
		if again := sc.claim(parley.WorkTurn, c.ID); again == nil || again.Generation != 2 {
			sc.t.Errorf("what came meanwhile is due as %+v", again)
		}
	})
}
