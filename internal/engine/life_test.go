package engine_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
)

// Whatever happens to a conversation, in whatever order: its log has no gaps,
// the assistant is silent while a person holds it, no message is answered
// twice, and every call is in the ledger and settled.
func TestAnyLife(t *testing.T) {
	model := scripted.Func(func(req *llm.Request) scripted.Reply {
		if len(req.System)%7 == 0 {
			return scripted.Fails(llm.Refused, "The provider refuses to answer.")
		}
		return scripted.Reply{Deltas: []string{"a ", "b"}, Delay: time.Millisecond, Usage: scripted.Tokens(3, 2)}
	})
	w := quick(t, setup{model: model, assistant: func(c *parley.AssistantConfig) { c.AfterEnd = parley.AfterEndReopen }})
	grace := w.member("Grace")
	rapid.Check(t, func(rt *rapid.T) {
		conv := w.open().ID
		ctx := t.Context()
		fails := func(err error) {
			switch parley.ErrorCode(err) {
			case "", parley.CodeConflict, parley.CodeTakeoverActive:
			default:
				rt.Fatal(err)
			}
		}
		for range rapid.IntRange(3, 12).Draw(rt, "steps") {
			var err error
			switch rapid.IntRange(0, 7).Draw(rt, "what") {
			case 0, 1, 2:
				_, err = w.engine.Receive(ctx, channel.Inbound{
					WorkspaceID: w.workspace.ID, ConversationID: conv, Content: "Hello",
					ProviderID: rapid.SampledFrom([]string{"", "", conv + "-1"}).Draw(rt, "id")})
			case 3:
				_, err = w.engine.Takeover(ctx, w.workspace.ID, conv, grace)
			case 4:
				_, err = w.engine.Release(ctx, w.workspace.ID, conv, grace)
			case 5:
				_, err = w.engine.OperatorMessage(ctx, w.workspace.ID, conv, grace, &parley.Message{Content: "Hi"})
			case 6:
				if rapid.IntRange(0, 3).Draw(rt, "end") == 0 {
					_, err = w.engine.End(ctx, w.workspace.ID, conv, parley.EndOperator, engine.Actor{})
				}
			case 7:
				time.Sleep(time.Duration(rapid.IntRange(0, 8).Draw(rt, "ms")) * time.Millisecond)
			}
			fails(err)
		}
		_, err := w.engine.Takeover(ctx, w.workspace.ID, conv, grace)
		fails(err)
		w.checkLife(rt, conv)
	})
}

// checkLife holds a quiet conversation against the laws.
func (w *world) checkLife(t *rapid.T, conv string) {
	w.eventually("no call is open", func() bool {
		return !slices.ContainsFunc(w.usage(conv), func(u parley.Usage) bool { return !u.Complete })
	})
	held := false
	for i, m := range w.messages(conv) {
		if m.Seq != int64(i)+1 {
			t.Fatalf("message %d has seq %d", i+1, m.Seq)
		}
		switch m.Event {
		case parley.EventTakeover:
			held = true
		case parley.EventRelease, parley.EventReopen:
			held = false
		}
		if held && m.Role == parley.ByAssistant {
			t.Fatalf("the assistant spoke while a person held the conversation: %+v", m)
		}
	}
	var answered int64
	for _, turn := range w.turns(conv) {
		if turn.Status == parley.TurnDone || turn.Status == parley.TurnFailed {
			if turn.FromSeq <= answered {
				t.Fatalf("message %d was answered twice", turn.FromSeq)
			}
			answered = turn.ToSeq
		}
	}
	// An evaluation, or a turn that was stopped, may still open a call between
	// two reads: the row and the log are compared at one rev.
	var got, want *parley.Conversation
	w.eventually("the row stays while the log is read", func() (still bool) {
		got = w.conversation(conv)
		var err error
		if want, err = w.store.Recompute(w.t.Context(), w.workspace.ID, conv); err != nil {
			t.Fatal(err)
		}
		return w.conversation(conv).Rev == got.Rev
	})
	if got.InputTokens != want.InputTokens || got.MessageCount != want.MessageCount ||
		got.UnknownCalls != want.UnknownCalls || got.LastMessage != want.LastMessage {
		t.Fatalf("the row is %+v, the log says %+v", got, want)
	}
}
