package whatsapp

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"parley"
	"parley/internal/channel"
)

// message reads one of the messages of a value into u.
func (in *place) message(u *Update, o object, raw json.RawMessage) {
	from, userID := o.text("from"), o.text("from_user_id")
	m := &Message{Contact: in.contact(from, userID, o.text("from_parent_user_id"))}
	in.envelope(u, m, o, raw)
	switch kindOf(o) {
	case "system":
		in.system(u, o)
		return
	case "request_welcome":
		u.Kind, u.Trouble = KindNote, "The person opened the chat for the first time."
		return
	case "reaction":
		u.Kind = KindReaction
	case "edit":
		u.Kind = KindEdit
	case "revoke":
		u.Kind = KindRevoke
	default:
		u.Kind = KindMessage
	}
	u.Trouble = m.read(o)
	if len(m.Identities) == 0 {
		u.Kind, u.Trouble = KindUnknown, "The message does not say who sent it."
	}
}

// echo reads a message that a person of the business wrote in the phone app.
// What it says of a person is the recipient.
func (in *place) echo(u *Update, o object, raw json.RawMessage) {
	m := &Message{Contact: in.contact(o.text("to"),
		cmp.Or(o.text("to_user_id"), o.text("recipient_user_id")),
		cmp.Or(o.text("to_parent_user_id"), o.text("recipient_parent_user_id")))}
	in.envelope(u, m, o, raw)
	u.Kind, u.Trouble = KindEcho, m.read(o)
	if len(m.Identities) == 0 {
		u.Kind, u.Trouble = KindUnknown, "The echo does not say to whom it was written."
	}
}

// envelope reads what all messages have.
func (in *place) envelope(u *Update, m *Message, o object, raw json.RawMessage) {
	m.ID = messageID(o.text("id"), raw)
	m.SentAt = o.time("timestamp")
	m.GroupID = o.label("group_id", 128)
	context := o.object("context")
	m.ReplyTo = context.label("id", maxIDBytes)
	m.ForwardedOften = context.flag("frequently_forwarded")
	m.Forwarded = context.flag("forwarded") || m.ForwardedOften
	if context.has("referred_product") {
		m.Payload = marshal(map[string]json.RawMessage{"referred_product": context["referred_product"]})
	}
	if r := o.object("referral"); r != nil {
		m.Referral = &Referral{
			SourceURL: r.label("source_url", 2048), SourceID: r.label("source_id", 128), SourceType: r.label("source_type", 32),
			Headline: r.label("headline", 512), Body: r.label("body", 2048), ClickID: r.label("ctwa_clid", 512),
		}
	}
	u.Message = m
	if !m.SentAt.IsZero() {
		u.At = m.SentAt
	}
}

// maxIDBytes is longer than every id of Meta's.
const maxIDBytes = 256

// messageID returns Meta's id. Where there is none, the message itself makes
// one, so that its repeat is still recognised.
func messageID(id string, raw json.RawMessage) string {
	if id != "" && len(id) <= maxIDBytes && !strings.ContainsAny(id, " \t\r\n") {
		return id
	}
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// system reads a system message: one person has other identities now.
func (in *place) system(u *Update, o object) {
	s := o.object("system")
	change := &IdentityChange{ID: u.Message.ID, Type: s.label("type", 64), Text: s.label("body", 1024), At: u.Message.SentAt}
	var before, now Contact
	before.Identities = u.Message.Identities
	for _, key := range []string{"previous_wa_id", "previous_user_id", "previous_parent_user_id"} {
		before.add(s.text(key))
	}
	for _, key := range []string{"wa_id", "new_wa_id", "user_id", "parent_user_id"} {
		now.add(s.text(key))
	}
	change.Old, change.New = before.Identities, now.Identities
	u.Message = nil
	switch {
	case change.Type == "customer_identity_changed":
		change.New = nil
		u.Kind, u.Identity = KindIdentity, change
	case strings.HasPrefix(change.Type, "user_changed_") || change.Type == "customer_changed_number":
		u.Kind, u.Identity = KindIdentity, change
		if len(change.Old) == 0 || len(change.New) == 0 {
			u.Kind, u.Trouble = KindUnknown, "A change of identity does not say from what to what."
		}
	default:
		u.Kind, u.Trouble = KindUnknown, "Parley does not know the system message “"+change.Type+"”."
	}
}

// Inbound returns the message as the engine takes it. Its time is not later than
// arrived: a window must not be opened into the future.
func (m *Message) Inbound(sender *parley.Sender, arrived time.Time) channel.Inbound {
	in := channel.Inbound{
		WorkspaceID: sender.WorkspaceID, Source: parley.SourceWhatsApp, SenderID: sender.ID,
		Identities: m.Identities, ContactName: m.Name, ProviderID: m.ID,
		Type: m.Type, Content: m.Content, Payload: m.Payload, Media: m.Media, ReplyToSource: m.ReplyTo,
		SentAt: m.SentAt,
	}
	if in.SentAt.IsZero() || in.SentAt.After(arrived) {
		in.SentAt = arrived
	}
	return in
}

// marshal is for values that cannot fail.
func marshal(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}
