package store_test

import (
	"fmt"
	"slices"
	"testing"

	"parley"
	"parley/internal/store"
)

func (n *number) change(old, now parley.Identity) (string, error) {
	return n.ChangeIdentity(n.ctx, store.IdentityChange{
		WorkspaceID: n.ws, Old: []parley.Identity{old}, New: []parley.Identity{now}, Reason: "user_changed_number",
	})
}

// A contact that changes its number stays one: the next message is in its
// conversation, and what is sent goes to the new number.
func TestChangeIdentity(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		// The old number sorts before the new one, and the new id before the old.
		c := n.from("wamid.1", "hello", phone("+4911"), bsuid("DE.9")).Conversation
		for range 2 { // told twice
			contact, err := n.change(phone("+4911"), phone("+4922"))
			n.ok(err)
			if contact != c.ContactID {
				n.t.Errorf("the contact became %s", contact)
			}
		}
		if got := n.from("wamid.2", "from the new number", phone("+4922"), bsuid("DE.10")); got.Conversation.ID != c.ID {
			n.t.Error("the new number has another conversation")
		}
		contact, _, err := n.Contact(n.ctx, n.ws, c.ContactID)
		n.ok(err)
		if contact.Phone != "+4922" {
			n.t.Errorf("the contact is %+v", contact)
		}
		n.turn(c, true, "reply")
		out, err := n.NextDelivery(n.ctx, n.ws, c.ID)
		n.ok(err)
		first := out.Identities[slices.IndexFunc(out.Identities, func(i parley.Identity) bool { return i.Kind == parley.IdentityPhone })]
		if first.Value != "+4922" {
			n.t.Errorf("it is sent to %+v", out.Identities)
		}
		page, err := n.List(n.ctx, store.ListQuery{WorkspaceID: n.ws, Contact: "4922"})
		n.ok(err)
		if len(page.Rows) != 1 || page.Rows[0].ContactPhone != "+4922" {
			n.t.Errorf("the list shows %+v", page.Rows)
		}
		_, err = n.change(phone("+49000"), phone("+4933"))
		n.fails(err, parley.CodeNotFound)
	})
}

// Somebody without a phone number is reached at the newest id.
func TestChangeOfTheUserID(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "hello", bsuid("DE.1")).Conversation
		_, err := n.change(bsuid("DE.1"), bsuid("DE.2"))
		n.ok(err)
		n.turn(c, true, "reply")
		out, err := n.NextDelivery(n.ctx, n.ws, c.ID)
		n.ok(err)
		if out.Identities[0].Value != "DE.2" {
			n.t.Errorf("it is sent to %+v", out.Identities)
		}
	})
}

// If the new number wrote before the change was told, two contacts become one,
// however many conversations they have.
func TestMergeContacts(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		const many = 1003 // more than fit in two transactions
		kept := n.from("wamid.old", "from the old number", phone("+4911")).Conversation
		_, _, err := n.ReceiveFrom(n.ctx, n.opening("Ada", phone("+4922"), bsuid("DE.2")), n.says("wamid.new", "from the new number"))
		n.ok(err)
		first, err := n.NewestConversation(n.ctx, n.ws, n.sender.ID, []parley.Identity{phone("+4922")})
		n.ok(err)
		moved := []string{first}
		for i := range many - 1 {
			o := n.opening("", phone("+4922"))
			o.Fresh, o.ID = true, ""
			got, _, err := n.ReceiveFrom(n.ctx, o, n.says(fmt.Sprint("wamid.", i), "x"))
			n.ok(err)
			moved = append(moved, got.Conversation.ID)
		}
		contact, err := n.change(phone("+4911"), phone("+4922"))
		n.ok(err)
		if contact != kept.ContactID {
			n.t.Errorf("the contact that stays is %s", contact)
		}
		for _, id := range moved {
			if c := n.reload(&parley.Conversation{WorkspaceID: n.ws, ID: id}); c.ContactID != contact {
				n.t.Fatalf("conversation %s is of %s", id, c.ContactID)
			}
		}
		merges, err := n.ContactMerges(n.ctx, n.ws, contact)
		n.ok(err)
		if len(merges) != 1 || merges[0].Reason != "user_changed_number" {
			n.t.Errorf("recorded: %+v", merges)
		}
		_, _, err = n.Contact(n.ctx, n.ws, merges[0].MergedID)
		n.fails(err, parley.CodeNotFound)
		who, ids, err := n.Contact(n.ctx, n.ws, contact)
		n.ok(err)
		if who.Name != "Ada" || who.Phone != "+4922" || len(ids) != 3 {
			n.t.Errorf("the contact is %+v with %v", who, ids)
		}
		if got := n.from("wamid.later", "and on", bsuid("DE.2")); got.Conversation.ContactID != contact {
			n.t.Errorf("the next message is of %s", got.Conversation.ContactID)
		}
		page, err := n.List(n.ctx, store.ListQuery{WorkspaceID: n.ws, Contact: "ada", Limit: 100})
		n.ok(err)
		if len(page.Rows) != 100 {
			n.t.Errorf("the merged name finds %d", len(page.Rows))
		}
	})
}

func TestNotesAreSaidOnce(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		c := n.from("wamid.1", "hello", phone("+491")).Conversation
		for range 2 {
			n.ok(n.AddNote(n.ctx, store.Note{WorkspaceID: n.ws, ConversationID: c.ID, ProviderID: "wamid.note", Text: "Something happened."}))
		}
		if log := n.log(c); len(log) != 2 || log[1].Event != parley.EventNote {
			n.t.Errorf("the log is %+v", log)
		}
		n.projected(c)
		n.fails(n.AddNote(n.ctx, store.Note{WorkspaceID: n.ws, ConversationID: "none", Text: "x"}), parley.CodeNotFound)
	})
}
