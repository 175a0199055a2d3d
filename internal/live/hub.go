// Package live passes news about conversations from those who change them to
// those who watch, inside one process.
//
// It is bounded and lossy on purpose: a slow reader is told to read the store
// again and never holds up a writer. It keeps nothing but the text of the
// replies in the making, and it must never be the only place where something
// is known.
package live

import (
	"sync"

	"parley"
)

// Hub is the place where events are published and subscribed to. Its zero
// value is not usable; see NewHub.
type Hub struct {
	maxEvents int
	maxBytes  int

	mu    sync.RWMutex
	subs  map[topic]map[*Subscription]struct{}
	turns map[topic]*reply
}

// topic is a conversation, or a whole workspace when conversation is "".
type topic struct{ workspace, conversation string }

// reply is the text so far of a running turn.
type reply struct {
	turnID string
	text   []byte
}

// The bounds of one subscription: what it may leave unread.
const (
	maxPendingEvents = 256
	maxPendingBytes  = 256 << 10 // of delta text
)

// NewHub returns an empty hub.
func NewHub() *Hub {
	return &Hub{
		maxEvents: maxPendingEvents,
		maxBytes:  maxPendingBytes,
		subs:      map[topic]map[*Subscription]struct{}{},
		turns:     map[topic]*reply{},
	}
}

// Subscribe starts a subscription to one conversation, or to all of the
// workspace when conversationID is "". It must be closed.
func (h *Hub) Subscribe(workspaceID, conversationID string) *Subscription {
	return h.add(&Subscription{topic: topic{workspaceID, conversationID}})
}

// SubscribeFocused starts a subscription to all of the workspace, but for the
// deltas of every conversation except focus, which may be "". A reader who
// shows one reply must not be overrun by those of all the others. It must be
// closed.
func (h *Hub) SubscribeFocused(workspaceID, focus string) *Subscription {
	return h.add(&Subscription{topic: topic{workspaceID, ""}, focused: true, focus: focus})
}

func (h *Hub) add(s *Subscription) *Subscription {
	s.hub, s.ready = h, make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	set := h.subs[s.topic]
	if set == nil {
		set = map[*Subscription]struct{}{}
		h.subs[s.topic] = set
	}
	set[s] = struct{}{}
	return s
}

// Publish gives e to everyone who watches its conversation or its workspace.
// It never waits for a reader.
func (h *Hub) Publish(e Event) {
	one := topic{e.WorkspaceID, e.ConversationID}
	if e.Delta != nil || e.Turn != nil {
		h.remember(one, &e)
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	for s := range h.subs[one] {
		s.push(e)
	}
	if e.ConversationID == "" {
		return
	}
	for s := range h.subs[topic{e.WorkspaceID, ""}] {
		if e.Delta == nil || !s.focused || s.focus == e.ConversationID {
			s.push(e)
		}
	}
}

// Snapshot returns the text so far of the conversation's running turn; false
// if no turn runs here. Subscribe before taking it: then a delta whose offset
// lies inside the snapshot is one that it already holds.
func (h *Hub) Snapshot(workspaceID, conversationID string) (turnID, text string, ok bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r := h.turns[topic{workspaceID, conversationID}]
	if r == nil {
		return "", "", false
	}
	return r.turnID, string(r.text), true
}

// remember keeps the text of running turns up to date.
func (h *Hub) remember(at topic, e *Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.turns[at]
	if e.Turn != nil && e.Turn.Status != parley.TurnRunning {
		if r != nil && r.turnID == e.TurnID {
			delete(h.turns, at)
		}
		return
	}
	if r == nil || r.turnID != e.TurnID {
		r = &reply{turnID: e.TurnID}
		h.turns[at] = r
	}
	if d := e.Delta; d != nil && d.Offset <= len(r.text) {
		r.text = append(r.text[:d.Offset], d.Content...)
	}
}

func (h *Hub) drop(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	set := h.subs[s.topic]
	delete(set, s)
	if len(set) == 0 {
		delete(h.subs, s.topic)
	}
}
