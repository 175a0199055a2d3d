package whatsapp

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp/graph"
)

// asides are what people do to earlier messages without WhatsApp's passing on
// what: they ask for nothing.
var asides = []string{"edit", "revoke", "pin", "poll_update"}

// message reads one of the messages of a value into u.
func (in *place) message(u *Update, o graph.Object, raw json.RawMessage) {
	from, userID := o.Text("from"), o.Text("from_user_id")
	m := &Message{Contact: in.contact(from, userID, o.Text("from_parent_user_id"))}
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
	case "unsupported":
		u.Kind = KindMessage
		if slices.Contains(asides, strings.ToLower(o.Object("unsupported").Text("type"))) {
			u.Kind = KindAside
		}
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
func (in *place) echo(u *Update, o graph.Object, raw json.RawMessage) {
	m := &Message{Contact: in.contact(o.Text("to"),
		cmp.Or(o.Text("to_user_id"), o.Text("recipient_user_id")),
		cmp.Or(o.Text("to_parent_user_id"), o.Text("recipient_parent_user_id")))}
	in.envelope(u, m, o, raw)
	u.Kind, u.Trouble = KindEcho, m.read(o)
	if len(m.Identities) == 0 {
		u.Kind, u.Trouble = KindUnknown, "The echo does not say to whom it was written."
	}
}

// envelope reads what all messages have.
func (in *place) envelope(u *Update, m *Message, o graph.Object, raw json.RawMessage) {
	m.ID = messageID(o.Text("id"), raw)
	m.SentAt = o.Time("timestamp")
	m.GroupID = o.Label("group_id", 128)
	context := o.Object("context")
	m.ReplyTo = context.Label("id", graph.MaxID)
	m.ForwardedOften = context.Flag("frequently_forwarded")
	m.Forwarded = context.Flag("forwarded") || m.ForwardedOften
	if context.Has("referred_product") {
		m.Payload = marshal(map[string]json.RawMessage{"referred_product": context["referred_product"]})
	}
	if r := o.Object("referral"); r != nil {
		m.Referral = &Referral{
			SourceURL: r.Label("source_url", 2048), SourceID: r.Label("source_id", 128), SourceType: r.Label("source_type", 32),
			Headline: r.Label("headline", 512), Body: r.Label("body", 2048), ClickID: r.Label("ctwa_clid", 512),
		}
	}
	u.Message = m
	if !m.SentAt.IsZero() {
		u.At = m.SentAt
	}
}

// messageID returns Meta's id. Where there is none, the message itself makes
// one, so that its repeat is still recognised.
func messageID(id string, raw json.RawMessage) string {
	if id != "" && len(id) <= graph.MaxID && !strings.ContainsAny(id, " \t\r\n") {
		return id
	}
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// system reads a system message: one person has other identities now.
func (in *place) system(u *Update, o graph.Object) {
	s := o.Object("system")
	change := &IdentityChange{ID: u.Message.ID, Type: s.Label("type", 64), Text: s.Label("body", 1024), At: u.Message.SentAt}
	var before, now Contact
	before.Identities = u.Message.Identities
	for _, key := range []string{"previous_wa_id", "previous_user_id", "previous_parent_user_id"} {
		before.add(s.Text(key))
	}
	for _, key := range []string{"wa_id", "new_wa_id", "user_id", "parent_user_id"} {
		now.add(s.Text(key))
	}
	// Who wrote it may be named by the new id already.
	change.Old = slices.DeleteFunc(slices.Clone(before.Identities), func(id parley.Identity) bool { return slices.Contains(now.Identities, id) })
	change.New = now.Identities
	u.Message = nil
	switch {
	case change.Type == "customer_identity_changed":
		change.Old, change.New = before.Identities, nil
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
		Identities: m.Identities, ContactName: cmp.Or(m.Name, m.Username), ProviderID: m.ID,
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
