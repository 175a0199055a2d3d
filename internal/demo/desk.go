package demo

import (
	"context"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// The demo's desk: tags by name with their colours, who has which, what was
// noted, and what is written often. People are found by a part of their name or
// number.
var (
	tags = []struct {
		name, color string
		on          []string
	}{
		{"Damaged parcel", "#ef4444", []string{"Aisha", "Lefèvre"}},
		{"Wholesale", "#6366f1", []string{"Zuidpoort", "Kontor", "Lindenhof"}},
		{"Subscription", "#14b8a6", []string{"Weiss", "Nora", "Okafor", "Felix", "Amara"}},
		{"Call back", "#f97316", []string{"Lefèvre", "Lindenhof", "Walsh"}},
		{"Refund", "#ec4899", []string{"Walsh"}},
		{"Wrong item", "#a855f7", []string{"Vogel"}},
		{"VIP", "#eab308", []string{"Zuidpoort", "Priya"}},
	}
	notes = []struct{ about, text string }{
		{"Aisha", "Second torn bag from this depot in a month. I have written to the carrier."},
		{"Zuidpoort", "Contract is signed. First delivery on Tuesday, ask for Wim at the back door."},
		{"Priya", "Grinder of 2024, under warranty until October."},
		{"Lefèvre", "Sent it again today with the morning post. Call on Friday to ask whether it arrived."},
		{"Walsh", "The bank shows one charge only. Ask for the statement before we pay anything back."},
		{"Lindenhof", "Wants an offer for 15 kg a month."},
	}
	replies = []struct{ shortcut, text string }{
		{"hello", "Hello {contact_name}, this is {operator_name} from Quillmoor. How can I help?"},
		{"damaged", "I am so sorry about that, {contact_name}! Could you send me a photo of the parcel? A new one leaves with tomorrow's post."},
		{"hours", "Our shop is open Tuesday to Saturday, from nine to six."},
		{"thanks", "Thank you, {contact_name}, and enjoy the coffee!"},
		{"bonjour", "Bonjour {contact_name}, je suis {operator_name} de Quillmoor. Comment puis-je vous aider ?"},
	}
)

// unreadSince is since when the demo's owner has something to read, and
// reviewedUntil until when the colleague has looked at what needed a person;
// notes and reviews come some time after a conversation.
const (
	noteAfter     = 2 * time.Minute
	reviewAfter   = time.Hour
	unreadSince   = 3 * 24 * time.Hour
	reviewedUntil = 9 * 24 * time.Hour
)

// desk furnishes the desk.
func (s *seeder) desk(ctx context.Context) error {
	at := s.Now()
	d := &desk.Desk{Tables: s.Store.Tables(), Now: func() time.Time { return at }}
	lotte := desk.Author{ID: colleagueID, Name: colleagueName}
	byName := map[string]string{}
	for _, t := range tags {
		tag := &desk.Tag{WorkspaceID: WorkspaceID, Name: t.name, Color: t.color}
		if err := d.CreateTag(ctx, tag); err != nil {
			return err
		}
		byName[t.name] = tag.ID
		for _, who := range t.on {
			if err := s.each(ctx, who, func(c *store.ListRow) error { return d.PutTag(ctx, WorkspaceID, c.ID, tag.ID) }); err != nil {
				return err
			}
		}
	}
	for _, n := range notes {
		err := s.each(ctx, n.about, func(c *store.ListRow) error {
			at = c.LastActivityAt.Add(noteAfter)
			return d.AddNote(ctx, WorkspaceID, c.ID, &desk.Note{Author: lotte, Text: n.text})
		})
		if err != nil {
			return err
		}
	}
	at = s.Now()
	for _, r := range replies {
		if err := d.CreateReply(ctx, &desk.Reply{WorkspaceID: WorkspaceID, Shortcut: r.shortcut, Text: r.text}); err != nil {
			return err
		}
	}
	for _, v := range []desk.View{
		{Name: "To review", Filter: "handed_over=true&reviewed=false"},
		{Name: "Not resolved", Filter: "resolved=false"},
		{Name: "Wholesale", Filter: "tag=" + byName["Wholesale"]},
		{Name: "My call-backs", Filter: "tag=" + byName["Call back"], MemberID: s.OwnerID},
	} {
		v.WorkspaceID = WorkspaceID
		if err := d.CreateView(ctx, &v); err != nil {
			return err
		}
	}
	review := func(c *store.ListRow) error {
		at = c.LastActivityAt.Add(reviewAfter)
		return d.Review(ctx, WorkspaceID, c.ID, lotte, true)
	}
	if err := s.handedOver(ctx, review); err != nil {
		return err
	}
	if err := d.UnreadSince(ctx, WorkspaceID, s.OwnerID, s.Now().Add(-unreadSince)); err != nil {
		return err
	}
	page, err := s.Store.List(ctx, store.ListQuery{WorkspaceID: WorkspaceID, From: s.Now().Add(-unreadSince), Status: parley.ConversationEnded})
	for i := 0; err == nil && i < len(page.Rows); i++ {
		err = d.Read(ctx, WorkspaceID, s.OwnerID, page.Rows[i].ID, 0)
	}
	return err
}

// each calls fn with the conversations of a contact.
func (s *seeder) each(ctx context.Context, contact string, fn func(*store.ListRow) error) error {
	page, err := s.Store.List(ctx, store.ListQuery{WorkspaceID: WorkspaceID, Contact: contact})
	if err != nil {
		return err
	}
	for i := range page.Rows {
		if err := fn(&page.Rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// handedOver calls fn with the conversations that needed a person, but for the
// newest.
func (s *seeder) handedOver(ctx context.Context, fn func(*store.ListRow) error) error {
	yes := true
	page, err := s.Store.List(ctx, store.ListQuery{
		WorkspaceID: WorkspaceID, HandedOver: &yes, To: s.Now().Add(-reviewedUntil), Status: parley.ConversationEnded, Limit: 100,
	})
	if err != nil {
		return err
	}
	for i := range page.Rows {
		if err := fn(&page.Rows[i]); err != nil {
			return err
		}
	}
	return nil
}
