package live

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func subscribers(h *Hub) (n int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, set := range h.subs {
		n += len(set)
	}
	return n
}

func delta(turn string, offset int, text string) Event {
	return Event{
		Type: DeltaAdded, WorkspaceID: "w", ConversationID: "c", TurnID: turn,
		Delta: &Delta{Offset: offset, Content: text},
	}
}

func turnEvent(turn string, status parley.TurnStatus) Event {
	return Event{Type: TurnChanged, WorkspaceID: "w", ConversationID: "c", TurnID: turn, Turn: &Turn{Status: status}}
}

func TestEventsReachTheirTopics(t *testing.T) {
	t.Parallel()
	h := NewHub()
	conv, all := h.Subscribe("w", "c"), h.Subscribe("w", "")
	other, foreign := h.Subscribe("w", "d"), h.Subscribe("x", "")
	defer func() {
		for _, s := range []*Subscription{conv, all, other, foreign} {
			s.Close()
			s.Close()
		}
		if n := subscribers(h); n != 0 {
			t.Errorf("%d subscriptions are left", n)
		}
	}()
	h.Publish(Event{Type: MessageChanged, WorkspaceID: "w", ConversationID: "c", Rev: 1})
	h.Publish(Event{Type: ConversationChanged, WorkspaceID: "w", ConversationID: "d", Rev: 2})

	for _, c := range []struct {
		name string
		sub  *Subscription
		want int
	}{{"conversation", conv, 1}, {"workspace", all, 2}, {"another conversation", other, 1}, {"another workspace", foreign, 0}} {
		if got := len(c.sub.Take()); got != c.want {
			t.Errorf("%s got %d events, want %d", c.name, got, c.want)
		}
	}
	if conv.Take() != nil {
		t.Error("events are given twice")
	}
}

// Law 13: a reader who does not read costs a bounded amount of memory, learns
// that it missed something, and holds up nobody.
func TestSlowReaderGetsResync(t *testing.T) {
	t.Parallel()
	h := NewHub()
	slow, quick := h.Subscribe("w", ""), h.Subscribe("w", "")
	defer slow.Close()
	defer quick.Close()
	got := 0
	const sent = 10 * maxPendingEvents
	for i := range sent {
		h.Publish(Event{Type: MessageChanged, WorkspaceID: "w", ConversationID: "c", Rev: int64(i)})
		got += len(quick.Take())
	}
	if got != sent {
		t.Errorf("the quick reader got %d of %d events", got, sent)
	}
	events := slow.Take()
	if len(events) == 0 || len(events) > maxPendingEvents {
		t.Fatalf("the slow reader holds %d events", len(events))
	}
	if events[0].Type != Resync || events[0].WorkspaceID != "w" {
		t.Errorf("the first event is %+v, not a resync", events[0])
	}
	if last := events[len(events)-1]; last.Rev != sent-1 {
		t.Errorf("the newest event has rev %d, want %d", last.Rev, sent-1)
	}
}

func TestPendingTextIsBounded(t *testing.T) {
	t.Parallel()
	h := NewHub()
	s := h.Subscribe("w", "c")
	defer s.Close()
	piece := strings.Repeat("x", 64<<10)
	for i := range 5 {
		h.Publish(delta("t", i*len(piece), piece))
	}
	events := s.Take()
	if events[0].Type != Resync {
		t.Fatalf("after %d bytes unread the first event is %s", 5*len(piece), events[0].Type)
	}
}

func TestSnapshotFollowsTheTurn(t *testing.T) {
	t.Parallel()
	h := NewHub()
	if _, _, ok := h.Snapshot("w", "c"); ok {
		t.Fatal("there is a snapshot of no turn")
	}
	h.Publish(turnEvent("t1", parley.TurnRunning))
	check := func(want string) {
		t.Helper()
		id, text, ok := h.Snapshot("w", "c")
		if !ok || id != "t1" || text != want {
			t.Errorf("snapshot is %q %q %v, want %q", id, text, ok, want)
		}
	}
	check("")
	h.Publish(delta("t1", 0, "Hel"))
	h.Publish(delta("t1", 3, "lo"))
	check("Hello")
	h.Publish(delta("t1", 0, "")) // the attempt failed
	check("")
	h.Publish(delta("t1", 0, "Hi"))
	h.Publish(delta("t1", 9, "lost")) // a gap is not papered over
	check("Hi")
	h.Publish(turnEvent("t0", parley.TurnDone)) // of another turn
	check("Hi")
	h.Publish(turnEvent("t1", parley.TurnDone))
	if _, _, ok := h.Snapshot("w", "c"); ok {
		t.Error("the snapshot outlives its turn")
	}
}

// Whatever mix of pieces, voids and pauses: who follows the deltas by their
// offsets ends with the text that the hub has.
func TestReaderRebuildsTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := NewHub()
		s := h.Subscribe("w", "c")
		defer s.Close()
		h.Publish(turnEvent("t", parley.TurnRunning))
		text, seen := "", ""
		read := func() {
			for _, e := range s.Take() {
				if e.Delta != nil {
					seen = seen[:e.Delta.Offset] + e.Delta.Content
				}
			}
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				keep := text[:rapid.IntRange(0, len(text)).Draw(t, "keep")]
				text = keep
				h.Publish(delta("t", 0, keep))
			case 1, 2:
				read()
			default:
				piece := rapid.StringMatching(`[a-zé ]{1,5}`).Draw(t, "piece")
				h.Publish(delta("t", len(text), piece))
				text += piece
			}
		}
		read()
		if _, snap, _ := h.Snapshot("w", "c"); snap != text || seen != text {
			t.Fatalf("text %q, snapshot %q, reader %q", text, snap, seen)
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	h := NewHub()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 200 {
				h.Publish(delta(fmt.Sprint("t", i), n, "x"))
			}
		})
		wg.Go(func() {
			for range 50 {
				s := h.Subscribe("w", []string{"", "c"}[i%2])
				<-s.Ready()
				s.Take()
				s.Close()
			}
		})
	}
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() { // keeps the readers awake until they are through
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
				h.Publish(Event{Type: MessageChanged, WorkspaceID: "w", ConversationID: "c"})
			}
		}
	}()
	wg.Wait()
	close(done)
	<-stopped
	if n := subscribers(h); n != 0 {
		t.Errorf("%d subscriptions are left", n)
	}
}

func TestFocusedReaderIsSparedOtherReplies(t *testing.T) {
	t.Parallel()
	h := NewHub()
	focused, unfocused := h.SubscribeFocused("w", "c"), h.SubscribeFocused("w", "")
	defer focused.Close()
	defer unfocused.Close()
	for _, conversation := range []string{"c", "other"} {
		h.Publish(Event{Type: MessageChanged, WorkspaceID: "w", ConversationID: conversation})
		h.Publish(Event{Type: DeltaAdded, WorkspaceID: "w", ConversationID: conversation, TurnID: "t", Delta: &Delta{Content: "x"}})
	}
	if got := focused.Take(); len(got) != 3 || got[1].ConversationID != "c" || got[1].Delta == nil {
		t.Errorf("focused on c: %+v", got)
	}
	if got := unfocused.Take(); len(got) != 2 || got[0].Delta != nil || got[1].Delta != nil {
		t.Errorf("without focus: %+v", got)
	}
}
