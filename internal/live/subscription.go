package live

import "sync"

// Subscription is one reader's view of the hub. Wait on Ready, then Take.
type Subscription struct {
	hub     *Hub
	topic   topic
	focused bool   // deltas only of focus
	focus   string // a conversation, or "" for none
	ready   chan struct{}

	mu     sync.Mutex
	events []Event
	bytes  int // of delta text in events
	closed bool
}

// Ready has a value when there may be something to take.
func (s *Subscription) Ready() <-chan struct{} { return s.ready }

// Take returns what has happened since the last call, the oldest first; nil if
// nothing has. When too much was left unread, the first event is Resync and
// what came before it is gone.
func (s *Subscription) Take() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.events
	s.events, s.bytes = nil, 0
	return taken
}

// Close ends the subscription. It may be called more than once.
func (s *Subscription) Close() {
	s.hub.drop(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed, s.events, s.bytes = true, nil, 0
}

func (s *Subscription) push(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if !s.extend(&e) {
		s.events = append(s.events, e)
	}
	if e.Delta != nil {
		s.bytes += len(e.Delta.Content)
	}
	if len(s.events) > s.hub.maxEvents || s.bytes > s.hub.maxBytes {
		s.events = []Event{{
			Type:           Resync,
			WorkspaceID:    s.topic.workspace,
			ConversationID: s.topic.conversation,
		}}
		s.bytes = 0
	}
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

// extend joins a delta to the one before it, so that a reader who falls behind
// gets the text in fewer pieces.
func (s *Subscription) extend(e *Event) bool {
	if e.Delta == nil || len(s.events) == 0 {
		return false
	}
	last := &s.events[len(s.events)-1]
	if last.Delta == nil || last.TurnID != e.TurnID ||
		last.Delta.Offset+len(last.Delta.Content) != e.Delta.Offset ||
		len(last.Delta.Content) >= maxJoinedDelta {
		return false
	}
	last.Delta = &Delta{Offset: last.Delta.Offset, Content: last.Delta.Content + e.Delta.Content}
	return true
}

// maxJoinedDelta bounds the cost of joining, which copies.
const maxJoinedDelta = 2 << 10
