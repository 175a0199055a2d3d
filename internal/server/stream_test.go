package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/server"
	"parley/internal/server/wire"
)

// listener reads a stream in the background.
type listener struct {
	t      testing.TB
	events chan wire.StreamEvent
	beats  chan struct{}
	ended  chan struct{}
	stop   context.CancelFunc
}

func (w *world) listen(query, key, cookie string) *listener {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.http.URL+"/api/v1/stream"+query, nil)
	w.must(err)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	} else {
		req.AddCookie(&http.Cookie{Name: "parley_session", Value: cookie})
	}
	res, err := w.http.Client().Do(req)
	w.must(err)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		w.t.Fatalf("stream: %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	l := &listener{t: w.t, events: make(chan wire.StreamEvent, 1000), beats: make(chan struct{}, 1000), ended: make(chan struct{}), stop: cancel}
	go func() {
		defer close(l.ended)
		defer func() { _ = res.Body.Close() }()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var e wire.StreamEvent
				if json.Unmarshal([]byte(data), &e) == nil {
					l.events <- e
				}
			} else if strings.HasPrefix(lines.Text(), ":") {
				l.beats <- struct{}{}
			}
		}
	}()
	w.t.Cleanup(func() {
		cancel()
		<-l.ended
	})
	return l
}

// until collects events until one fits.
func (l *listener) until(what string, fits func(wire.StreamEvent) bool) []wire.StreamEvent {
	l.t.Helper()
	var seen []wire.StreamEvent
	patience := time.After(time.Minute)
	for {
		select {
		case e := <-l.events:
			seen = append(seen, e)
			if fits(e) {
				return seen
			}
		case <-l.ended:
			l.t.Fatalf("the stream ended before %s; seen %+v", what, seen)
		case <-patience:
			l.t.Fatalf("no %s; seen %+v", what, seen)
		}
	}
}

func isReply(e wire.StreamEvent) bool {
	return e.Message != nil && e.Message.Role == parley.ByAssistant
}

func TestStreamFollowsAReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	one := w.listen("?conversation_id="+w.ours.conversation.ID, w.ours.key, "")
	all := w.listen("", "", w.session(w.ours.members[parley.RoleViewer]))
	foreign := w.listen("", w.theirs.key, "")
	read[wire.Sent](t, w.send(request{method: "POST", path: w.ours.messages(), key: w.ours.key, body: wire.NewMessage{Content: "hi"}}))

	text, question := "", false
	for _, e := range one.until("the reply", isReply) {
		question = question || e.Message != nil && e.Message.Role == parley.ByUser && e.Message.Content == "hi"
		if d := e.Delta; d != nil {
			if d.Offset > len(text) {
				t.Fatalf("a gap before the delta %+v", d)
			}
			text = text[:d.Offset] + d.Content
		}
	}
	if text != "Hello from the **model**." || !question {
		t.Errorf("deltas give %q, question seen: %v", text, question)
	}
	row := false
	for _, e := range all.until("the reply in the list", func(e wire.StreamEvent) bool {
		return e.Conversation != nil && e.Conversation.LastMessage != nil && e.Conversation.LastMessage.Role == parley.ByAssistant
	}) {
		row = row || e.Conversation != nil && e.Rev == e.Conversation.Rev
		if e.Delta != nil {
			t.Error("a stream without a focus gets deltas")
		}
	}
	if !row {
		t.Error("no row came whose rev is the event's")
	}
	select {
	case e := <-foreign.events:
		t.Errorf("the other workspace hears %+v", e)
	default:
	}
}

func TestStreamJoinsInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	ws, conv, turn := w.ours.workspace.ID, w.ours.conversation.ID, parley.NewID(time.Now())
	publish := func(offset int, text string) {
		w.hub.Publish(live.Event{Type: live.DeltaAdded, WorkspaceID: ws, ConversationID: conv, TurnID: turn, Delta: &live.Delta{Offset: offset, Content: text}})
	}
	publish(0, "The answer ")
	publish(11, "is ")
	l := w.listen("?deltas="+conv, w.ours.key, "")
	first := l.until("the text so far", func(e wire.StreamEvent) bool { return e.Delta != nil })
	if d := first[len(first)-1].Delta; d.Offset != 0 || d.Content != "The answer is " || d.TurnID != turn {
		t.Errorf("snapshot %+v", d)
	}
	publish(14, "42.")
	next := l.until("the rest", func(e wire.StreamEvent) bool { return e.Delta != nil })
	if d := next[len(next)-1].Delta; d.Offset != 14 || d.Content != "42." {
		t.Errorf("rest %+v", d)
	}
}

func TestStreamSaysResyncWhenOverrun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.http.URL+"/api/v1/stream?conversation_id="+w.ours.conversation.ID, nil)
	w.must(err)
	req.Header.Set("Authorization", "Bearer "+w.ours.key)
	res, err := w.http.Client().Do(req)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	piece := strings.Repeat("x", 64<<10)
	for i := range 300 { // nobody reads: the socket fills, then the subscription
		w.hub.Publish(live.Event{
			Type: live.DeltaAdded, WorkspaceID: w.ours.workspace.ID, ConversationID: w.ours.conversation.ID, TurnID: "t",
			Delta: &live.Delta{Offset: i * len(piece), Content: piece},
		})
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if lines.Text() == "event: resync" {
			return
		}
	}
	t.Errorf("no resync came: %v", lines.Err())
}

func TestStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.Heartbeat = 50 * time.Millisecond })
	made := read[wire.APIKey](t, w.send(request{
		method: "POST", path: "/api/v1/api-keys", key: w.ours.key,
		body: wire.NewAPIKey{Name: "watcher", Scopes: []parley.Permission{parley.PermConversationsRead}},
	}))
	cookie := w.session(w.ours.members[parley.RoleOperator])
	byKey, bySession := w.listen("", made.Key, ""), w.listen("", "", cookie)
	<-byKey.beats
	<-bySession.beats
	w.send(request{method: "DELETE", path: "/api/v1/api-keys/" + made.ID, key: w.ours.key})
	w.send(request{method: "POST", path: "/api/v1/auth/signout", cookie: cookie})
	for name, l := range map[string]*listener{"key": byKey, "session": bySession} {
		select {
		case <-l.ended:
		case <-time.After(time.Minute):
			t.Errorf("the stream outlives its %s", name)
		}
	}
}

func TestStreamTellsOfTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	*w.model = *scripted.New(scripted.Fails(llm.Auth, "The provider does not accept the key."))
	l := w.listen("?conversation_id="+w.ours.conversation.ID, w.ours.key, "")
	read[wire.Sent](t, w.send(request{method: "POST", path: w.ours.messages(), key: w.ours.key, body: wire.NewMessage{Content: "hi"}}))
	l.until("a failed turn", func(e wire.StreamEvent) bool { return e.Turn != nil && e.Turn.Status == parley.TurnFailed })
}
