package screen

import "time"

// Event says that something changed, for screens that show it live.
type Event struct {
	Seq      uint64        `json:"seq"`
	At       time.Time     `json:"at"`
	Type     string        `json:"type"` // message, typing, person, number, template, faults, aged, webhook
	PersonID string        `json:"person_id,omitempty"`
	NumberID string        `json:"number_id,omitempty"`
	Message  *Message      `json:"message,omitempty"` // as it is now: new, changed, with new ticks
	Webhook  *WebhookEvent `json:"webhook,omitempty"`
	Typing   bool          `json:"typing,omitempty"`
}

// WebhookEvent is an attempt to deliver a webhook.
type WebhookEvent struct {
	ID      string `json:"id"`
	Updates int    `json:"updates"`
	Status  int    `json:"status"` // 0: no answer
	Error   string `json:"error,omitempty"`
}

// Events are the events after one.
type Events struct {
	Data []Event `json:"data"`
	Next uint64  `json:"next"` // give it as after
	// Resync says that events between were forgotten: read everything again.
	Resync bool `json:"resync,omitempty"`
}

// Feed keeps the newest events and wakes who waits for more. It is not safe for
// concurrent use; the channel of More is.
type Feed struct {
	ring []Event
	seq  uint64
	more chan struct{}
}

// NewFeed returns a feed that keeps so many events.
func NewFeed(keep int) *Feed {
	return &Feed{ring: make([]Event, keep), more: make(chan struct{})}
}

// Add records an event.
func (f *Feed) Add(e Event) {
	f.seq++
	e.Seq = f.seq
	f.ring[f.seq%uint64(len(f.ring))] = e
	close(f.more)
	f.more = make(chan struct{})
}

// Last is the number of the newest event.
func (f *Feed) Last() uint64 { return f.seq }

// More is closed when the next event is recorded.
func (f *Feed) More() <-chan struct{} { return f.more }

// After returns the events after one.
func (f *Feed) After(after uint64) Events {
	const most = 500
	out := Events{Data: []Event{}, Next: after}
	oldest := uint64(1)
	if n := uint64(len(f.ring)); f.seq > n {
		oldest = f.seq - n + 1
	}
	switch {
	case after > f.seq: // of an earlier run of the simulator
		return Events{Data: []Event{}, Next: f.seq, Resync: true}
	case after+1 < oldest:
		out.Resync, after = true, oldest-1
	}
	for n := after + 1; n <= f.seq && len(out.Data) < most; n++ {
		out.Data = append(out.Data, f.ring[n%uint64(len(f.ring))])
	}
	if len(out.Data) > 0 {
		out.Next = out.Data[len(out.Data)-1].Seq
	}
	return out
}
