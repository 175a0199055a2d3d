package whatsapp

import (
	"cmp"
	"fmt"
	"strings"

	"parley"
)

// deliveries translates Meta's words. "deleted" and what is new say nothing
// about how far a message has come.
var deliveries = map[string]parley.Delivery{
	"sent": parley.DeliverySent, "delivered": parley.DeliveryDelivered, "read": parley.DeliveryRead,
	"played": parley.DeliveryPlayed, "failed": parley.DeliveryFailed,
}

// status reads what became of a message that was sent.
func (in *place) status(u *Update, o object) {
	s := &Status{
		ID: o.label("id", maxIDBytes), Word: strings.ToLower(o.label("status", 32)),
		Key: cut(o.text("biz_opaque_callback_data"), 512), At: o.time("timestamp"),
	}
	s.Delivery = deliveries[s.Word]
	recipient := o.text("recipient_id")
	if strings.EqualFold(o.text("recipient_type"), "group") {
		s.GroupID, recipient = cut(recipient, 128), o.text("recipient_participant_id")
	}
	s.Contact = in.contact(recipient, o.text("recipient_user_id"), o.text("recipient_parent_user_id"))
	if p := o.object("pricing"); p != nil {
		s.Pricing = &Pricing{
			Model: p.label("pricing_model", 32), Type: p.label("type", 64), Category: p.label("category", 64),
		}
		if p.has("billable") {
			billable := p.flag("billable")
			s.Pricing.Billable = &billable
		}
	}
	if c := o.object("conversation"); c.object("origin").text("type") == "referral_conversion" {
		s.FreeUntil = c.time("expiration_timestamp")
	}
	for _, raw := range o.list("errors") {
		s.Error = errorOf(asObject(raw))
		break
	}
	if s.Word == "failed" && s.Error == nil {
		s.Error = ErrorOf(0, "The status gives no reason.")
		s.Error.Code, s.Error.Message = "failed", "WhatsApp could not deliver the message and gives no reason."
		s.Error.Scope, s.Error.Stop, s.Error.Alert = "", parley.StopNothing, false
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
func (in *place) preference(u *Update, o object) {
	p := &Preference{
		Contact:  in.contact(o.text("wa_id"), o.text("user_id"), o.text("parent_user_id")),
		Category: o.label("category", 64), Detail: o.label("detail", 512), At: o.time("timestamp"),
	}
	u.Kind, u.Preference = KindPreference, p
	if !p.At.IsZero() {
		u.At = p.At
	}
	value := o.text("value")
	p.Stop = value != "resume"
	if len(p.Identities) == 0 {
		u.Kind, u.Trouble = KindUnknown, "The preference does not say whose it is."
	} else if value != "resume" && value != "stop" {
		u.Trouble = "Parley does not know the preference “" + cut(value, 64) + "” and takes it for a stop."
	}
}

// call reads an event of a voice call.
func (in *place) call(u *Update, o object) {
	c := &Call{ID: o.label("id", maxIDBytes), Event: strings.ToLower(o.label("event", 32)), At: o.time("timestamp")}
	c.FromContact = o.text("direction") != "BUSINESS_INITIATED"
	who, userID, parent := o.text("from"), o.text("from_user_id"), o.text("from_parent_user_id")
	if !c.FromContact {
		who, userID, parent = o.text("to"), o.text("to_user_id"), o.text("to_parent_user_id")
	}
	c.Contact = in.contact(who, userID, parent)
	c.Content = callText(c, o)
	in.keepCall(u, c)
}

// callStatus reads how a call of the business goes on.
func (in *place) callStatus(u *Update, o object) {
	c := &Call{ID: o.label("id", maxIDBytes), Event: strings.ToLower(o.label("status", 32)), At: o.time("timestamp")}
	c.Contact = in.contact(o.text("recipient_id"), o.text("recipient_user_id"), o.text("recipient_parent_user_id"))
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

func callText(c *Call, o object) string {
	who := "The business calls the person"
	if c.FromContact {
		who = "The person calls"
	}
	switch c.Event {
	case "connect":
		return who + ". Parley does not take calls; it answers with text."
	case "terminate":
		if n, ok := o.integer("duration"); ok && n > 0 {
			return fmt.Sprintf("The call ended after %d seconds.", n)
		}
		return "The call ended without an answer."
	default:
		return "A call: " + cmp.Or(c.Event, "no more is known") + "."
	}
}
