package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// Law 2: a message of somebody who is not known yet, posted many times at once
// and again later, is one contact, one conversation, one message and one turn.
func TestReceiveFromOnce(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		o, in := n.opening("Ada", phone("+491701"), bsuid("DE.1")), n.says("wamid.1", "hello")
		const repeats = 12
		got := make([]*store.Received, repeats)
		created := make([]bool, repeats)
		errs := make([]error, repeats)
		var wg sync.WaitGroup
		for i := range repeats {
			wg.Go(func() { got[i], created[i], errs[i] = n.ReceiveFrom(n.ctx, o, in) })
		}
		wg.Wait()
		fresh, opened := 0, 0
		for i := range got {
			n.ok(errs[i])
			fresh += int(flagOf(!got[i].Duplicate))
			opened += int(flagOf(created[i]))
			if got[i].Message.ID != got[0].Message.ID || got[i].Conversation.ID != got[0].Conversation.ID {
				n.t.Errorf("repeat %d is another message: %+v", i, got[i].Message)
			}
		}
		if fresh != 1 || opened != 1 {
			n.t.Errorf("%d were taken as new, %d conversations were opened", fresh, opened)
		}
		c := got[0].Conversation
		if log := n.log(c); len(log) != 1 || log[0].Role != parley.ByUser {
			n.t.Errorf("the log is %+v", log)
		}
		if w := n.claim(parley.WorkTurn, c.ID); w == nil || w.Generation != 1 {
			n.t.Errorf("the turn is due as %+v", w)
		}
		n.projected(c)
		_, err := n.End(n.ctx, n.ws, c.ID, parley.EndInactivity, "")
		n.ok(err)
		again, isNew, err := n.ReceiveFrom(n.ctx, o, in)
		n.ok(err)
		if !again.Duplicate || isNew || again.Conversation.Status != parley.ConversationEnded {
			n.t.Errorf("a repeat after the end gave %+v", again)
		}
	})
}

func flagOf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Many people who write at once get a conversation each, whose messages keep
// their order.
func TestReceiveFromMany(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		const people, each = 8, 6
		convs := make([]map[string]bool, people)
		var wg sync.WaitGroup
		for p := range people {
			convs[p] = map[string]bool{}
			wg.Go(func() {
				for i := range each {
					got, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone(fmt.Sprint("+49170", p)), bsuid(fmt.Sprint("DE.", p))),
						n.says(fmt.Sprint("wamid.", p, ".", i), fmt.Sprint(i)))
					if err != nil {
						n.t.Error(err)
						return
					}
					convs[p][got.Conversation.ID] = true
				}
			})
		}
		wg.Wait()
		for p := range people {
			if len(convs[p]) != 1 {
				n.t.Fatalf("person %d has %d conversations", p, len(convs[p]))
			}
			for id := range convs[p] {
				c := &parley.Conversation{WorkspaceID: n.ws, ID: id}
				for i, m := range n.log(c) {
					if m.Seq != int64(i+1) || m.Content != fmt.Sprint(i) {
						n.t.Errorf("message %d of person %d is %q", i, p, m.Content)
					}
				}
				n.projected(c)
			}
		}
	})
}

// A contact is found by each of its identities, and what was not known of it is
// completed.
func TestReceiveFromFindsTheContact(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		first := n.from("wamid.1", "one", bsuid("DE.7"))
		got, created, err := n.ReceiveFrom(n.ctx, n.opening("Ada Lovelace", phone("+4930777"), bsuid("DE.7")), n.says("wamid.2", "two"))
		n.ok(err)
		if created || got.Conversation.ID != first.Conversation.ID {
			n.t.Errorf("the second message went to %+v", got.Conversation)
		}
		contact, ids, err := n.Contact(n.ctx, n.ws, got.Conversation.ContactID)
		n.ok(err)
		if contact.Name != "Ada Lovelace" || contact.Phone != "+4930777" || len(ids) != 2 {
			n.t.Errorf("the contact is %+v with %v", contact, ids)
		}
		if third := n.from("wamid.3", "three", phone("+4930777")); third.Conversation.ID != first.Conversation.ID {
			n.t.Error("the phone alone did not find the conversation")
		}
		for _, typed := range []string{"ada", "lovelace", "30777"} {
			page, err := n.List(n.ctx, store.ListQuery{WorkspaceID: n.ws, Contact: typed})
			n.ok(err)
			if len(page.Rows) != 1 {
				n.t.Errorf("%q finds %d conversations", typed, len(page.Rows))
			}
		}
		// A number is not a contact: on another number it is another conversation.
		other := n.newSender(n.ws, n.assistant, "2")
		o, in := n.opening("", phone("+4930777")), n.says("wamid.1", "the same id on another number")
		o.SenderID, in.SenderID = other.ID, other.ID
		there, created, err := n.ReceiveFrom(n.ctx, o, in)
		n.ok(err)
		if !created || there.Duplicate || there.Conversation.ContactID != first.Conversation.ContactID {
			n.t.Errorf("on the other number: %+v", there)
		}
	})
}

// After the end a message opens the next conversation, or reopens the old one.
func TestReceiveFromAfterTheEnd(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		first := n.from("wamid.1", "one", phone("+491")).Conversation
		_, err := n.End(n.ctx, n.ws, first.ID, parley.EndInactivity, "")
		n.ok(err)
		in := n.says("wamid.2", "two")
		in.Reopen = true
		got, created, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), in)
		n.ok(err)
		if created || got.Conversation.ID != first.ID || got.Conversation.Status != parley.ConversationActive {
			n.t.Errorf("it was not reopened: %+v", got.Conversation)
		}
		n.projected(first)
		_, err = n.End(n.ctx, n.ws, first.ID, parley.EndInactivity, "")
		n.ok(err)
		next := n.from("wamid.3", "three", phone("+491"))
		if next.Conversation.ID == first.ID || next.Message.Seq != 1 {
			n.t.Errorf("no new conversation: %+v", next)
		}
	})
}

// Ends race messages: each message is recorded once, whatever conversation it
// meets.
func TestReceiveFromWhileItEnds(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		const rounds = 30
		c := n.from("wamid.first", "first", phone("+491")).Conversation
		var wg sync.WaitGroup
		wg.Go(func() {
			for range rounds {
				id, err := n.NewestConversation(n.ctx, n.ws, n.sender.ID, []parley.Identity{phone("+491")})
				if err == nil {
					_, err = n.End(n.ctx, n.ws, id, parley.EndInactivity, "")
				}
				if err != nil {
					n.t.Error(err)
				}
			}
		})
		for i := range rounds {
			if _, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), n.says(fmt.Sprint("wamid.", i), "x")); err != nil {
				n.t.Errorf("message %d: %v", i, err)
			}
		}
		wg.Wait()
		for i := range rounds {
			m, err := n.MessageByProviderID(n.ctx, n.ws, n.sender.ID, fmt.Sprint("wamid.", i))
			n.ok(err)
			n.projected(&parley.Conversation{WorkspaceID: n.ws, ID: m.ConversationID})
		}
		n.projected(c)
	})
}

// What cannot be received leaves nothing behind: no contact, no conversation.
func TestReceiveFromIsOneTransaction(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		in := n.says("wamid.1", "with a file")
		in.Message.Attachments = []parley.Attachment{{ID: "nope"}}
		_, _, err := n.ReceiveFrom(n.ctx, n.opening("Ada", phone("+491")), in)
		n.fails(err, parley.CodeInvalid)
		if _, err := n.NewestConversation(n.ctx, n.ws, n.sender.ID, []parley.Identity{phone("+491")}); parley.ErrorCode(err) != parley.CodeNotFound {
			n.t.Errorf("a conversation was left: %v", err)
		}
		page, err := n.List(n.ctx, store.ListQuery{WorkspaceID: n.ws})
		n.ok(err)
		tiles, err := n.Tiles(n.ctx, n.ws, n.clock.Now(), time.UTC)
		n.ok(err)
		if len(page.Rows) != 0 || *tiles != (store.Tiles{}) {
			n.t.Errorf("%d conversations are listed, counted as %+v", len(page.Rows), tiles)
		}
		for name, bad := range map[string]store.OpenConversation{
			"no identity":  n.opening("Ada"),
			"no assistant": {WorkspaceID: n.ws, Source: parley.SourceWhatsApp, AssistantID: "none", Identities: []parley.Identity{phone("+491")}},
		} {
			if _, _, err := n.ReceiveFrom(n.ctx, bad, n.says("wamid.2", "x")); err == nil {
				n.t.Errorf("%s: it was received", name)
			}
		}
	})
}

// A reply names the message that it answers by WhatsApp's id.
func TestReplyToSource(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		first := n.from("wamid.1", "one", phone("+491"))
		for id, want := range map[string]string{"wamid.1": first.Message.ID, "wamid.unknown": "", "": ""} {
			in := n.says("wamid.reply to "+id, "reply")
			in.ReplyToSource = id
			got, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), in)
			n.ok(err)
			if got.Message.ReplyTo != want {
				n.t.Errorf("the reply to %q answers %q", id, got.Message.ReplyTo)
			}
		}
	})
}

// The window is opened by the newest message, whatever the order in which they
// come.
func TestLateMessagesLeaveTheWindow(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "now", phone("+491")).Conversation
		until := n.reload(c).WindowExpiresAt
		late := n.says("wamid.2", "a day late")
		late.Message.CreatedAt = n.clock.Now().Add(-30 * time.Hour)
		late.WindowExpiresAt = late.Message.CreatedAt.Add(parley.WindowTime)
		_, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), late)
		n.ok(err)
		if got := n.reload(c); !got.WindowExpiresAt.Equal(until) || !got.WindowOpen(n.clock.Now()) {
			n.t.Errorf("the window ends at %s, not %s", got.WindowExpiresAt, until)
		}
		n.projected(c)
	})
}
