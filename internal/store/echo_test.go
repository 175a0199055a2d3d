package store_test

import (
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func (n *number) echo(id, text string, ids ...parley.Identity) (*store.Received, error) {
	return n.Echo(n.ctx, n.opening("", ids...), &parley.Message{
		Content: text, ProviderID: id, Delivery: parley.DeliverySent, AuthorName: "Phone app",
	})
}

// Law 7: what somebody writes in the phone app is a takeover: the assistant's
// running turn is void and its queued messages do not leave.
func TestEchoIsATakeover(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "hello", phone("+491")).Conversation
		n.turn(c, true, "queued")
		n.from("wamid.2", "and another thing", phone("+491"))
		w := n.claim(parley.WorkTurn, c.ID)
		start, err := n.BeginTurn(n.ctx, *w)
		n.ok(err)

		const repeats = 6
		var wg sync.WaitGroup
		for range repeats {
			wg.Go(func() {
				if _, err := n.echo("wamid.echo", "I am on it", phone("+491")); err != nil {
					n.t.Error(err)
				}
			})
		}
		wg.Wait()
		if _, err := n.FinishTurn(n.ctx, *w, store.TurnEnd{Turn: start.Turn}); err == nil {
			n.t.Error("the turn was recorded after the echo")
		}
		n.ok(n.CompleteWork(n.ctx, *w))
		got := n.reload(c)
		if got.Owner != parley.OwnerOperator || got.OperatorID != "" || got.Waiting {
			n.t.Errorf("the conversation is %+v", got)
		}
		var contents []string
		for _, m := range n.log(c) {
			if m.Role == parley.ByOperator {
				contents = append(contents, m.Content)
			}
			if m.Role == parley.ByAssistant && m.Delivery != parley.DeliveryCanceled {
				n.t.Errorf("the assistant's message is %s", m.Delivery)
			}
		}
		if len(contents) != 1 {
			n.t.Errorf("the operator's messages are %q", contents)
		}
		n.projected(c)

		// Its ticks are shown as for any other message.
		m, err := n.DeliveryStatus(n.ctx, store.StatusReport{WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: "wamid.echo", To: parley.DeliveryRead})
		n.ok(err)
		if m.Delivery != parley.DeliveryRead {
			n.t.Errorf("it is %s", m.Delivery)
		}
		// The assistant is silent until somebody releases the conversation.
		n.from("wamid.3", "thanks", phone("+491"))
		if n.claim(parley.WorkTurn, c.ID) != nil {
			n.t.Error("a turn is due after the echo")
		}
		_, err = n.Release(n.ctx, n.ws, c.ID, n.anna)
		n.ok(err)
		if n.claim(parley.WorkTurn, c.ID) == nil {
			n.t.Error("no turn is due after the release")
		}
		n.projected(c)
	})
}

// A member who holds the conversation keeps it, and anybody may take one that
// was answered in the phone app.
func TestEchoAndMembers(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "hello", phone("+491")).Conversation
		_, err := n.Takeover(n.ctx, n.ws, c.ID, n.anna)
		n.ok(err)
		_, err = n.echo("wamid.e1", "x", phone("+491"))
		n.ok(err)
		if got := n.reload(c); got.OperatorID != n.anna {
			n.t.Errorf("it is held by %q", got.OperatorID)
		}
		_, err = n.Release(n.ctx, n.ws, c.ID, n.anna)
		n.ok(err)
		_, err = n.echo("wamid.e2", "y", phone("+491"))
		n.ok(err)
		_, err = n.Takeover(n.ctx, n.ws, c.ID, n.ben)
		n.ok(err)
		n.projected(c)
	})
}

// The business may write first.
func TestEchoOpensAConversation(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		got, err := n.echo("wamid.1", "Your order is here", phone("+491"))
		n.ok(err)
		c := n.reload(got.Conversation)
		if c.Owner != parley.OwnerOperator || c.WindowOpen(n.clock.Now()) {
			n.t.Errorf("the conversation is %+v", c)
		}
		again, err := n.echo("wamid.1", "Your order is here", phone("+491"))
		n.ok(err)
		if !again.Duplicate || again.Conversation.ID != c.ID {
			n.t.Errorf("the repeat gave %+v", again)
		}
		n.projected(c)
	})
}

// The window of a simulated number can be made to pass.
func TestAgeWindows(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "hello", phone("+491")).Conversation
		other := n.newSender(n.ws, n.assistant, "2")
		moved, err := n.AgeWindows(n.ctx, n.ws, other.ID, 24*time.Hour)
		n.ok(err)
		if len(moved) != 0 || !n.reload(c).WindowOpen(n.clock.Now()) {
			n.t.Errorf("another number's windows moved: %v", moved)
		}
		before := n.reload(c)
		moved, err = n.AgeWindows(n.ctx, n.ws, n.sender.ID, 24*time.Hour)
		n.ok(err)
		after := n.reload(c)
		if len(moved) != 1 || moved[0] != c.ID || after.WindowOpen(n.clock.Now()) || after.Rev <= before.Rev {
			n.t.Errorf("moved %v, the window ends at %s", moved, after.WindowExpiresAt)
		}
	})
}
