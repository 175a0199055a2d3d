package metasim

import (
	"maps"
	"net/http"
	"time"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/screen"
	"parley/internal/metasim/timing"
	"parley/internal/metasim/world"
)

// SetFaults changes what goes wrong from now on. It returns CodeInvalid.
func (s *Sim) SetFaults(f world.Faults) error {
	if err := f.Check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
	s.event(screen.Event{Type: "faults"})
	return nil
}

// Counts returns how often each thing happened, faults among them.
func (s *Sim) Counts() map[string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.counts)
}

// strikes reports whether a fault happens to something, and counts it.
func (s *Sim) strikes(p float64, fault, key string) bool {
	if p <= 0 || s.draw("fault", fault, key) >= p {
		return false
	}
	s.counts["fault_"+fault]++
	return true
}

// mishap is what becomes of one send beside its acceptance.
type mishap struct {
	wait   time.Duration // before anything
	accept bool
	cut    bool // close the connection instead of answering
	err    *graph.Error
}

// mishapFor draws what goes wrong with a send; at most one thing does.
func (s *Sim) mishapFor(key string) mishap {
	f := s.faults
	switch {
	case s.strikes(f.RateNumber, "rate_number", key):
		return mishap{err: graph.NewError(130429, "Message failed to send because there were too many messages sent from this phone number in a short period of time")}
	case s.strikes(f.RatePair, "rate_pair", key):
		return mishap{err: graph.NewError(131056, "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.")}
	case s.strikes(f.RateAccount, "rate_account", key):
		return mishap{err: graph.NewError(80007, "The WhatsApp Business Account has reached its rate limit.")}
	case s.strikes(f.ServerError, "server_error", key):
		return mishap{err: graph.NewError(131000, "Message failed to send due to an unknown error.")}
	case s.strikes(f.CutSend, "cut_send", key):
		return mishap{cut: true}
	case s.strikes(f.LostSend, "lost_send", key):
		return mishap{accept: true, cut: true}
	case s.strikes(f.Hang, "hang", key):
		return mishap{
			wait: time.Duration(timing.OrDefault(f.HangMillis, 30_000)) * time.Millisecond, cut: true,
			accept: s.draw("hang accepts", key) < 0.5,
		}
	case s.strikes(f.Slow, "slow", key):
		return mishap{wait: time.Duration(timing.OrDefault(f.SlowMillis, 2000)) * time.Millisecond, accept: true}
	}
	return mishap{accept: true}
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // what net/http offers where a connection cannot be taken
	}
	_ = conn.Close()
}
