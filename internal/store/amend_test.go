package store_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// shows checks what the list shows of a conversation, and what is found in it.
func (n *number) shows(c *parley.Conversation, preview string, found, gone string) {
	n.t.Helper()
	n.index()
	page, err := n.List(n.ctx, store.ListQuery{WorkspaceID: n.ws})
	n.ok(err)
	if len(page.Rows) != 1 || page.Rows[0].LastMessage.Text != preview {
		n.t.Errorf("the list shows %+v, not %q", page.Rows, preview)
	}
	for q, want := range map[string]int{found: 1, gone: 0} {
		if q == "" {
			continue
		}
		page, err := n.List(n.ctx, store.ListQuery{WorkspaceID: n.ws, Q: q})
		n.ok(err)
		if len(page.Rows) != want {
			n.t.Errorf("%q finds %d conversations", q, len(page.Rows))
		}
	}
	n.projected(c)
}

func (n *number) amendment(id, content string, at time.Time) store.Amendment {
	return store.Amendment{WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: id, Content: content, At: at}
}

func TestAmendMessage(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "a zebrafinch", phone("+491")).Conversation
		n.shows(c, "a zebrafinch", "zebrafinch", "goldcrest")
		now := n.clock.Now()

		m, err := n.AmendMessage(n.ctx, n.amendment("wamid.1", "a goldcrest", now.Add(time.Second)))
		n.ok(err)
		if m.Content != "a goldcrest" || m.EditedAt.IsZero() {
			n.t.Errorf("the message is %+v", m)
		}
		n.shows(c, "a goldcrest", "goldcrest", "zebrafinch")

		for name, repeat := range map[string]store.Amendment{
			"the same edit":  n.amendment("wamid.1", "a goldcrest", now.Add(time.Second)),
			"an older edit":  n.amendment("wamid.1", "a wren", now),
			"the same again": n.amendment("wamid.1", "a goldcrest", now.Add(time.Minute)),
		} {
			rev := n.reload(c).Rev
			m, err := n.AmendMessage(n.ctx, repeat)
			n.ok(err)
			if m.Content != "a goldcrest" || n.reload(c).Rev != rev {
				n.t.Errorf("%s changed it to %+v", name, m)
			}
		}
		// The original is posted again, and is still the same message.
		if again := n.from("wamid.1", "a zebrafinch", phone("+491")); !again.Duplicate || again.Message.Content != "a goldcrest" {
			n.t.Errorf("the repeat gave %+v", again.Message)
		}

		take := n.amendment("wamid.1", "", now.Add(2*time.Second))
		take.Revoke = true
		for range 2 {
			m, err = n.AmendMessage(n.ctx, take)
			n.ok(err)
			if m.Content != "" || m.DeletedAt.IsZero() {
				n.t.Errorf("what was taken back is %+v", m)
			}
		}
		n.shows(c, "", "", "goldcrest")
		m, err = n.AmendMessage(n.ctx, n.amendment("wamid.1", "back again", now.Add(time.Minute)))
		n.ok(err)
		if m.Content != "" {
			n.t.Errorf("an edit brought back what was taken back: %+v", m)
		}
	})
}

// Only the newest message is what the list shows.
func TestAmendAnEarlierMessage(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "a zebrafinch", phone("+491")).Conversation
		n.from("wamid.2", "the last", phone("+491"))
		_, err := n.AmendMessage(n.ctx, n.amendment("wamid.1", "a goldcrest", n.clock.Now().Add(time.Second)))
		n.ok(err)
		n.shows(c, "the last", "goldcrest", "zebrafinch")
	})
}

func TestAmendRefuses(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.answered("the assistant's")
		said := n.log(c)[1]
		w := n.claim(parley.WorkDeliver, c.ID)
		out, err := n.claimDelivery(*w, parley.StopNothing)
		n.ok(err)
		_, err = n.SettleDelivery(n.ctx, out.Message, parley.DeliverySent, "wamid.ours", nil)
		n.ok(err)
		other := n.amendment("wamid.ours", "x", n.clock.Now())
		other.SenderID = "another"
		for name, a := range map[string]store.Amendment{
			"unknown": n.amendment("wamid.none", "x", n.clock.Now()), "ours": n.amendment("wamid.ours", "x", n.clock.Now()),
			"another number": other, "no id": n.amendment("", "x", n.clock.Now()),
			"no reaction": {WorkspaceID: n.ws, SenderID: n.sender.ID, ReactedTo: "wamid.ours", Revoke: true},
		} {
			if _, err := n.AmendMessage(n.ctx, a); parley.ErrorCode(err) != parley.CodeNotFound {
				n.t.Errorf("%s: got %v", name, err)
			}
		}
		_, err = n.AmendMessage(n.ctx, n.amendment("wamid.ours", "a\x00b", n.clock.Now()))
		n.fails(err, parley.CodeInvalid)
		if m, err := n.Message(n.ctx, n.ws, c.ID, said.ID); err != nil || m.Content != "the assistant's" {
			n.t.Errorf("it became %+v, %v", m, err)
		}
	})
}

// A reaction that is taken away goes with those that it replaced; one that came
// later stays, whatever the order in which they are told.
func TestReactionIsTakenAway(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "hello", phone("+491")).Conversation
		start := n.clock.Now()
		react := func(id, emoji string) {
			in := n.says(id, emoji)
			in.Message.Type, in.Message.CreatedAt, in.ReplyToSource = parley.MessageReaction, n.clock.Now(), "wamid.1"
			_, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), in)
			n.ok(err)
			n.clock.Move(time.Second)
		}
		react("wamid.r1", "👍")
		react("wamid.r2", "❤️")
		removed := n.clock.Now()
		n.clock.Move(time.Second)
		react("wamid.r3", "🎉")
		for range 2 {
			_, err := n.AmendMessage(n.ctx, store.Amendment{
				WorkspaceID: n.ws, SenderID: n.sender.ID, ReactedTo: "wamid.1", At: removed, Revoke: true,
			})
			if code := parley.ErrorCode(err); code != "" && code != parley.CodeNotFound {
				n.t.Error(err)
			}
		}
		var left []string
		for _, m := range n.log(c) {
			if m.Type == parley.MessageReaction && m.DeletedAt.IsZero() {
				left = append(left, m.Content)
			}
		}
		if len(left) != 1 || left[0] != "🎉" {
			n.t.Errorf("the reactions left are %q, since %s", left, start)
		}
		n.projected(c)
	})
}

// A message that was taken back before its turn began leaves nothing to answer.
func TestRevokedIsNotAnswered(t *testing.T) {
	t.Parallel()
	runNumber(t, func(t *testing.T, n *number) {
		c := n.from("wamid.1", "hello", phone("+491")).Conversation
		take := n.amendment("wamid.1", "", time.Time{})
		take.Revoke = true
		_, err := n.AmendMessage(n.ctx, take)
		n.ok(err)
		start, err := n.BeginTurn(n.ctx, *n.claim(parley.WorkTurn, c.ID))
		n.ok(err)
		if start.Turn != nil {
			t.Errorf("a turn began: %+v", start.Turn)
		}
	})
}

// A picture that is taken back is gone from the conversation, from its filter
// and from the disk.
func TestRevokeDropsFiles(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		in := n.says("wamid.1", "look")
		in.Message.Attachments = []parley.Attachment{{
			ID: parley.NewID(n.clock.Now()), Name: "a.jpg", MIMEType: "image/jpeg", State: parley.AttachmentPending,
			Pending: &parley.PendingFile{SourceID: "meta-1"},
		}}
		got, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), in)
		n.ok(err)
		if !n.reload(got.Conversation).HasAttachment {
			n.t.Fatal("the conversation has no attachment: the test tests nothing")
		}
		take := n.amendment("wamid.1", "", time.Time{})
		take.Revoke = true
		m, err := n.AmendMessage(n.ctx, take)
		n.ok(err)
		if len(m.Attachments) != 0 || n.reload(got.Conversation).HasAttachment {
			n.t.Errorf("left: %+v", m)
		}
		n.projected(got.Conversation)
		orphans, err := n.OrphanAttachments(n.ctx, n.clock.Now().Add(48*time.Hour), 10)
		n.ok(err)
		if len(orphans) != 1 {
			n.t.Errorf("%d files are left to be swept", len(orphans))
		}
		_, err = n.Attachment(n.ctx, n.ws, in.Message.Attachments[0].ID)
		n.ok(err)
	})
}

// What was taken back before it came is empty when it comes, whatever it is,
// and asks for no answer.
func TestRevokeBeforeItsMessage(t *testing.T) {
	t.Parallel()
	runNumber(t, func(t *testing.T, n *number) {
		now := n.clock.Now()
		take := n.amendment("wamid.1", "", now)
		take.Revoke = true
		for range 2 {
			_, err := n.AmendMessage(n.ctx, take)
			n.fails(err, parley.CodeNotFound)
		}
		in := n.says("wamid.1", "a zebrafinch")
		in.Message.Payload = []byte(`{"a":1}`)
		in.Message.Attachments = []parley.Attachment{{
			ID: parley.NewID(now), Name: "a.jpg", MIMEType: "image/jpeg", State: parley.AttachmentPending,
			Pending: &parley.PendingFile{SourceID: "meta-1"},
		}}
		var c *parley.Conversation
		for i := range 2 {
			got, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), in)
			n.ok(err)
			m := got.Message
			if m.Content != "" || len(m.Payload) > 0 || len(m.Attachments) > 0 || !m.DeletedAt.Equal(now) || got.Duplicate != (i > 0) {
				t.Errorf("it came as %+v", m)
			}
			c = got.Conversation
			n.shows(c, "", "", "zebrafinch")
		}
		if w := n.claim(parley.WorkTurn, c.ID); w != nil {
			t.Errorf("a turn is due: %+v", w)
		}
		// Another of theirs is as it was, and of another number the same id is another message.
		if m := n.from("wamid.2", "a goldcrest", phone("+491")).Message; m.Content != "a goldcrest" {
			t.Errorf("another came as %+v", m)
		}
		other := n.newSender(n.ws, n.assistant, "2")
		in = n.says("wamid.1", "a wren")
		in.SenderID = other.ID
		open := n.opening("", phone("+491"))
		open.SenderID = other.ID
		got, _, err := n.ReceiveFrom(n.ctx, open, in)
		n.ok(err)
		if got.Message.Content != "a wren" {
			t.Errorf("at another number it came as %+v", got.Message)
		}
	})
}

// A reaction that comes after it was taken away is gone; one that was made
// later, or in the same second, stays.
func TestReactionComesAfterItWasTakenAway(t *testing.T) {
	t.Parallel()
	runNumber(t, func(t *testing.T, n *number) {
		n.from("wamid.1", "hello", phone("+491"))
		removed := n.clock.Now()
		_, err := n.AmendMessage(n.ctx, store.Amendment{
			WorkspaceID: n.ws, SenderID: n.sender.ID, ReactedTo: "wamid.1", At: removed, Revoke: true,
		})
		n.fails(err, parley.CodeNotFound)
		for id, late := range map[string]time.Duration{"wamid.r1": -time.Second, "wamid.r2": 0, "wamid.r3": time.Second} {
			in := n.says(id, "👍")
			in.Message.Type, in.Message.CreatedAt, in.ReplyToSource = parley.MessageReaction, removed.Add(late), "wamid.1"
			got, _, err := n.ReceiveFrom(n.ctx, n.opening("", phone("+491")), in)
			n.ok(err)
			if gone := !got.Message.DeletedAt.IsZero(); gone != (late < 0) {
				t.Errorf("made %s later it is %+v", late, got.Message)
			}
		}
	})
}
