// Package channeltest holds the tests that every channel has to pass, and a
// channel that really sends over HTTP, for the tests of whoever uses channels.
// It must never be used outside of tests.
package channeltest

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
)

// Behaviour is what the other side of a channel does with a message.
type Behaviour string

// The behaviours.
const (
	Accepts  Behaviour = "accepts"
	Rejects  Behaviour = "rejects"   // for good: the recipient does not exist
	IsBusy   Behaviour = "is busy"   // asks to come back after two seconds
	Breaks   Behaviour = "breaks"    // takes the message and answers with a server error
	HangsUp  Behaviour = "hangs up"  // takes the message and closes the connection
	Hangs    Behaviour = "hangs"     // takes the message and never answers
	IsAbsent Behaviour = "is absent" // no connection can be made
)

// BusyFor is how long a peer that is busy asks to wait.
const BusyFor = 2 * time.Second

// Peer is the other side of a channel.
type Peer interface {
	// Behave sets what is done with messages from now on.
	Behave(b Behaviour)
	// Taken returns the keys of the messages that came in, in order.
	Taken() []string
}

// Run tests a channel that sends. open returns a fresh channel with its peer.
func Run(t *testing.T, open func(t *testing.T) (channel.Pusher, Peer)) {
	t.Helper()
	t.Run("source", func(t *testing.T) {
		t.Parallel()
		p, _ := open(t)
		Check(t, p)
	})
	for _, c := range []struct {
		behaviour Behaviour
		action    channel.Action // "" for none
		taken     int
	}{
		{Accepts, "", 1},
		{Rejects, channel.Fail, 1},
		{IsBusy, channel.Retry, 1},
		{Breaks, channel.Ambiguous, 1},
		{HangsUp, channel.Ambiguous, 1},
		{Hangs, channel.Ambiguous, 1},
		{IsAbsent, channel.Retry, 0},
	} {
		t.Run("peer "+string(c.behaviour), func(t *testing.T) {
			t.Parallel()
			p, peer := open(t)
			peer.Behave(c.behaviour)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			receipt, err := p.Send(ctx, address(peer, Message(p.Source(), "key-1", "Hello")))
			checkOutcome(t, c.action, receipt, err)
			if taken := peer.Taken(); len(taken) != c.taken || c.taken > 0 && taken[0] != "key-1" {
				t.Errorf("the peer took %q", taken)
			}
			if c.behaviour == IsBusy {
				if e, _ := errors.AsType[*channel.Error](err); e == nil || e.RetryAfter != BusyFor {
					t.Errorf("RetryAfter is not passed on: %v", err)
				}
			}
		})
	}
	t.Run("a canceled send", func(t *testing.T) {
		t.Parallel()
		p, peer := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Send(ctx, address(peer, Message(p.Source(), "key-1", "Hello"))); err == nil {
			t.Error("it was accepted")
		}
		if taken := peer.Taken(); len(taken) > 0 {
			t.Errorf("the peer took %q", taken)
		}
	})
	runOptional(t, open)
}

// Check tests what holds for every channel.
func Check(t *testing.T, c channel.Channel) {
	t.Helper()
	if !c.Source().Valid() {
		t.Errorf("there is no source %q", c.Source())
	}
}

func checkOutcome(t *testing.T, action channel.Action, receipt *channel.Receipt, err error) {
	t.Helper()
	if action == "" {
		switch {
		case err != nil:
			t.Fatalf("the message was accepted, but: %v", err)
		case receipt == nil || receipt.ProviderID == "":
			t.Errorf("the receipt has no id: %+v", receipt)
		case !parley.DeliverySending.CanBecome(receipt.Delivery):
			t.Errorf("the receipt says %q", receipt.Delivery)
		}
		return
	}
	e, ok := errors.AsType[*channel.Error](err)
	if !ok {
		t.Fatalf("%v is no *channel.Error", err)
	}
	if e.Action != action {
		t.Errorf("action %s, want %s: %v", e.Action, action, err)
	}
	if e.Message == "" {
		t.Error("the error says nothing to the operator")
	}
}

// Message returns something to send.
func Message(source parley.Source, key, text string) *channel.Outbound {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	conv := &parley.Conversation{ID: parley.NewID(at), WorkspaceID: parley.NewID(at), Source: source}
	return &channel.Outbound{
		Conversation: conv,
		Contact:      &parley.Contact{ID: parley.NewID(at), WorkspaceID: conv.WorkspaceID, Name: "Grace"},
		Identities:   []parley.Identity{{Kind: parley.IdentityPhone, Value: "+491700000000"}},
		Message: &parley.Message{
			ID: parley.NewID(at), WorkspaceID: conv.WorkspaceID, ConversationID: conv.ID, Seq: 1,
			Role: parley.ByAssistant, Type: parley.MessageText, Content: text, Delivery: parley.DeliverySending, CreatedAt: at,
		},
		Key: key,
	}
}
