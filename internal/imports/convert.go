package imports

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"parley"
	"parley/internal/foreign"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
)

// key returns the id that a thing of another system has here: the same for the
// same thing.
func key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8: made as we like
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// of is a conversation of another system as the store takes it.
func of(from *foreign.Conversation) *exports.Imported {
	system := string(from.System)
	c := &exports.Imported{
		AssistantName: "Imported from " + from.System.Name(),
		FillConversation: store.FillConversation{Conversation: parley.Conversation{
			ID: key(system, "conversation", from.Inbox, from.ID), Source: from.Source, AssistantID: key(system, "assistant"), AssistantVersion: 1,
			ExternalID: system + ":" + from.ID, Owner: parley.OwnerAssistant, StartedAt: from.StartedAt,
		}},
	}
	conv := &c.Conversation
	if from.Source == parley.SourceWhatsApp {
		conv.SenderID, c.SenderName = key(system, "inbox", from.Inbox), from.System.Name()+" inbox "+from.Inbox
	}
	c.Contact, c.Identities = person(from)
	c.Messages = append(c.Messages, event(conv, "origin", parley.Message{
		Event: parley.EventNote, Content: "Imported from " + from.System.Name() + ", where it was conversation " + from.ID + ".", CreatedAt: from.StartedAt,
	}))
	for i := range from.Messages {
		m := &from.Messages[i]
		if m.Role == parley.ByOperator && !conv.HandedOver {
			conv.HandedOver = true
			c.Messages = append(c.Messages, event(conv, "takeover", parley.Message{
				Event: parley.EventTakeover, Content: cmp.Or(m.Author, "An operator") + " took over.", AuthorID: author(conv, m), AuthorName: m.Author, CreatedAt: m.At,
			}))
		}
		c.Messages = append(c.Messages, message(conv, m))
	}
	reason := parley.EndInactivity
	if from.Resolved {
		reason = parley.EndOperator
	}
	c.Messages = append(c.Messages, end(conv, reason, from.Messages[len(from.Messages)-1].At))
	c.Furniture.Tags = from.Labels
	for _, n := range from.Notes {
		c.Furniture.Notes = append(c.Furniture.Notes, desk.Note{Author: desk.Author{Name: n.Author}, Text: n.Text, CreatedAt: n.At})
	}
	for _, v := range from.Variables {
		c.Variables = append(c.Variables, parley.Variable{Name: v.Name, Type: v.Type, Source: parley.FromPreChat, Value: v.Value, SetAt: from.StartedAt})
	}
	return c
}

// person is who wrote, with the handles by which somebody who is here already is
// found.
func person(from *foreign.Conversation) (parley.Contact, []parley.Identity) {
	p := &from.Contact
	id := key(string(from.System), "contact", p.ID, p.Name, p.Email, p.Phone, p.External)
	if p.ID == "" && p.External == "" && p.Email == "" && p.Phone == "" {
		id = key(string(from.System), "contact of", from.Inbox, from.ID)
	}
	var known []parley.Identity
	for _, i := range []parley.Identity{
		{Kind: parley.IdentityPhone, Value: p.Phone}, {Kind: parley.IdentityEmail, Value: p.Email}, {Kind: parley.IdentityExternal, Value: p.External},
	} {
		if i.Value != "" {
			known = append(known, i)
		}
	}
	return parley.Contact{
		ID: id, Name: p.Name, Phone: p.Phone, CreatedAt: from.StartedAt,
		Identifier: cmp.Or(p.Phone, p.Email, p.External, p.Name, from.System.Name()+" "+cmp.Or(p.ID, from.ID)),
	}, known
}

// event is a system message.
func event(conv *parley.Conversation, name string, m parley.Message) parley.Message {
	m.ID, m.Role, m.Type = key(name, conv.ID), parley.BySystem, parley.MessageEvent
	return m
}

// author is the id of somebody who is no member here, "" for nobody.
func author(conv *parley.Conversation, m *foreign.Message) string {
	if m.Author == "" {
		return ""
	}
	return key("author", conv.AssistantID, m.Author)
}

// message is a message, and what it says of the conversation.
func message(conv *parley.Conversation, from *foreign.Message) parley.Message {
	m := parley.Message{
		ID: key("message", conv.ID, from.ID), Role: from.Role, Type: from.Type, AuthorID: author(conv, from), AuthorName: from.Author,
		Content: from.Text, Delivery: from.Delivery, CreatedAt: from.At,
	}
	if m.Role == parley.BySystem {
		m.Event = parley.EventNote
	}
	if from.ReplyTo != "" {
		m.ReplyTo = key("message", conv.ID, from.ReplyTo)
	}
	if from.Deleted {
		m.DeletedAt = from.At
	}
	for _, f := range from.Files {
		why := missing
		if f.URL != "" {
			why += " It was at " + f.URL
		}
		m.Attachments = append(m.Attachments, parley.Attachment{
			ID: key("file", conv.ID, from.ID, f.ID), Name: f.Name, MIMEType: f.MIMEType, State: parley.AttachmentMissing, Error: why,
		})
	}
	conv.HasAttachment = conv.HasAttachment || len(m.Attachments) > 0
	conv.HasError = conv.HasError || m.Delivery == parley.DeliveryFailed
	return m
}
