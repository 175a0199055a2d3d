package whatsapp

import (
	"cmp"
	"fmt"
	"strings"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp/graph"
)

// deliveries translates Meta's words. "deleted" and what is new say nothing
// about how far a message has come.
var deliveries = map[string]parley.Delivery{
	"sent": parley.DeliverySent, "delivered": parley.DeliveryDelivered, "read": parley.DeliveryRead,
	"played": parley.DeliveryPlayed, "failed": parley.DeliveryFailed,
}

// status reads what became of a message that was sent.
func (in *place) status(u *Update, o graph.Object) {
	s := &Status{
		ID: o.Label("id", graph.MaxID), Word: strings.ToLower(o.Label("status", 32)),
		Key: graph.Cut(o.Text("biz_opaque_callback_data"), 512), At: o.Time("timestamp"),
	}
	s.Delivery = deliveries[s.Word]
	recipient := o.Text("recipient_id")
	if strings.EqualFold(o.Text("recipient_type"), "group") {
		s.GroupID, recipient = graph.Cut(recipient, 128), o.Text("recipient_participant_id")
	}
	s.Contact = in.contact(recipient, o.Text("recipient_user_id"), o.Text("recipient_parent_user_id"))
	if p := o.Object("pricing"); p != nil {
		s.Pricing = &Pricing{
			Model: p.Label("pricing_model", 32), Type: p.Label("type", 64), Category: p.Label("category", 64),
		}
		if p.Has("billable") {
			billable := p.Flag("billable")
			s.Pricing.Billable = &billable
		}
	}
	if c := o.Object("conversation"); c.Object("origin").Text("type") == "referral_conversion" {
		s.FreeUntil = c.Time("expiration_timestamp")
	}
	if errors := o.List("errors"); len(errors) > 0 {
		s.Error = graph.ErrorFrom(graph.AsObject(errors[0]))
	} else if s.Word == "failed" {
		s.Error = &channel.Error{Action: channel.Fail, Code: "unknown", Message: "WhatsApp could not deliver the message and does not say why."}
	}
	u.Kind, u.Status = KindStatus, s
	if !s.At.IsZero() {
		u.At = s.At
	}
	switch {
	case s.ID == "" && s.Key == "":
		u.Kind, u.Trouble = KindUnknown, "The status does not say which message it is about."
	case s.Delivery == "":
		u.Trouble = "Parley does not know the status “" + s.Word + "”; it changes nothing."
	}
}

// preference reads whether a person wants marketing messages.
func (in *place) preference(u *Update, o graph.Object) {
	p := &Preference{
		Contact:  in.contact(o.Text("wa_id"), o.Text("user_id"), o.Text("parent_user_id")),
		Category: o.Label("category", 64), Detail: o.Label("detail", 512), At: o.Time("timestamp"),
	}
	u.Kind, u.Preference = KindPreference, p
	if !p.At.IsZero() {
		u.At = p.At
	}
	value := o.Text("value")
	p.Stop = value != "resume"
	if len(p.Identities) == 0 {
		u.Kind, u.Trouble = KindUnknown, "The preference does not say whose it is."
	} else if value != "resume" && value != "stop" {
		u.Trouble = "Parley does not know the preference “" + graph.Cut(value, 64) + "” and takes it for a stop."
	}
}

// call reads an event of a voice call.
func (in *place) call(u *Update, o graph.Object) {
	c := &Call{ID: o.Label("id", graph.MaxID), Event: strings.ToLower(o.Label("event", 32)), At: o.Time("timestamp")}
	c.FromContact = o.Text("direction") != "BUSINESS_INITIATED"
	who, userID, parent := o.Text("from"), o.Text("from_user_id"), o.Text("from_parent_user_id")
	if !c.FromContact {
		who, userID, parent = o.Text("to"), o.Text("to_user_id"), o.Text("to_parent_user_id")
	}
	c.Contact = in.contact(who, userID, parent)
	c.Content = callText(c, o)
	in.keepCall(u, c)
}

// callStatus reads how a call of the business goes on.
func (in *place) callStatus(u *Update, o graph.Object) {
	c := &Call{ID: o.Label("id", graph.MaxID), Event: strings.ToLower(o.Label("status", 32)), At: o.Time("timestamp")}
	c.Contact = in.contact(o.Text("recipient_id"), o.Text("recipient_user_id"), o.Text("recipient_parent_user_id"))
	c.Content = callText(c, o)
	in.keepCall(u, c)
}

func (in *place) keepCall(u *Update, c *Call) {
	u.Kind, u.Call = KindCall, c
	if !c.At.IsZero() {
		u.At = c.At
	}
	if len(c.Identities) == 0 {
		u.Kind, u.Trouble = KindUnknown, "The call does not say who is in it."
	}
}

func callText(c *Call, o graph.Object) string {
	who := "The business calls the person"
	if c.FromContact {
		who = "The person calls"
	}
	switch c.Event {
	case "connect":
		return who + ". Parley does not take calls; it answers with text."
	case "terminate":
		if n, ok := o.Integer("duration"); ok && n > 0 {
			return fmt.Sprintf("The call ended after %d seconds.", n)
		}
		return "The call ended without an answer."
	default:
		return "A call: " + cmp.Or(c.Event, "no more is known") + "."
	}
}
