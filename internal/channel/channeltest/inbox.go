package channeltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// Inbox is the peer of a Push: a real HTTP server that takes messages and
// behaves as it is told.
type Inbox struct {
	server *httptest.Server
	done   chan struct{}

	mu        sync.Mutex
	behaviour []Behaviour // the last one stays
	letters   []letter
	arrived   chan struct{}
	hold      chan struct{}
}

// NewInbox starts an inbox that accepts; the test stops it.
func NewInbox(t testing.TB) *Inbox {
	t.Helper()
	b := &Inbox{done: make(chan struct{}), behaviour: []Behaviour{Accepts}, arrived: make(chan struct{}, 1024)}
	b.server = httptest.NewServer(b)
	t.Cleanup(func() {
		close(b.done)
		b.server.Close()
	})
	return b
}

// URL is where to post.
func (b *Inbox) URL() string { return b.server.URL }

// Behave implements Peer.
func (b *Inbox) Behave(do Behaviour) { b.BehaveInTurn(do) }

// BehaveInTurn gives each message the next behaviour; the last one stays.
func (b *Inbox) BehaveInTurn(do ...Behaviour) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.behaviour = do
	if slices.Contains(do, IsAbsent) {
		b.server.CloseClientConnections()
		_ = b.server.Listener.Close()
	}
}

// Hold makes messages wait before they are answered, until release is called.
func (b *Inbox) Hold() (release func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	hold := make(chan struct{})
	b.hold = hold
	return sync.OnceFunc(func() {
		b.mu.Lock()
		b.hold = nil
		b.mu.Unlock()
		close(hold)
	})
}

// Arrived has a value for each message that came in.
func (b *Inbox) Arrived() <-chan struct{} { return b.arrived }

// Taken implements Peer.
func (b *Inbox) Taken() []string {
	return b.each(func(l letter) string { return l.Key })
}

// Texts returns the texts of the messages that came in, in order.
func (b *Inbox) Texts() []string {
	return b.each(func(l letter) string { return l.Text })
}

func (b *Inbox) each(of func(letter) string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, l := range b.letters {
		out = append(out, of(l))
	}
	return out
}

// ServeHTTP takes a message.
func (b *Inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var l letter
	if err := json.NewDecoder(r.Body).Decode(&l); err != nil {
		http.Error(w, "not a message", http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	b.letters = append(b.letters, l)
	n, do, hold := len(b.letters), b.behaviour[0], b.hold
	if len(b.behaviour) > 1 {
		b.behaviour = b.behaviour[1:]
	}
	b.mu.Unlock()
	b.arrived <- struct{}{}
	if hold != nil {
		select {
		case <-hold:
		case <-b.done:
		}
	}
	switch do {
	case Rejects:
		http.Error(w, "no such recipient", http.StatusNotFound)
	case IsBusy:
		w.Header().Set("Retry-After", strconv.Itoa(int(BusyFor.Seconds())))
		http.Error(w, "busy", http.StatusTooManyRequests)
	case Breaks:
		http.Error(w, "broken", http.StatusInternalServerError)
	case HangsUp:
		panic(http.ErrAbortHandler)
	case Hangs:
		select {
		case <-r.Context().Done():
		case <-b.done:
		}
	default:
		_, _ = fmt.Fprintf(w, `{"id":"peer-%d"}`, n)
	}
}
