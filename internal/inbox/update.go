package inbox

import (
	"cmp"
	"context"
	"encoding/json"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp"
	"parley/internal/store"
)

// update applies one update. It may have been applied before.
func (x *Inbox) update(ctx context.Context, it item) error {
	u := it.update
	switch u.Kind {
	case whatsapp.KindMessage, whatsapp.KindReaction, whatsapp.KindAside, whatsapp.KindStandby:
		return x.message(ctx, it)
	case whatsapp.KindEdit, whatsapp.KindRevoke:
		return x.amend(ctx, it)
	case whatsapp.KindEcho:
		_, err := x.Engine.Echo(ctx, it.sender, x.inbound(it))
		return err
	case whatsapp.KindStatus:
		return x.status(ctx, it)
	case whatsapp.KindIdentity:
		return x.identity(ctx, it)
	case whatsapp.KindPreference:
		return x.preference(ctx, it)
	case whatsapp.KindCall:
		return x.call(ctx, it)
	case whatsapp.KindTemplate:
		return x.template(ctx, it)
	case whatsapp.KindNumber:
		return x.number(ctx, it)
	case whatsapp.KindAccount:
		return x.account(ctx, it)
	case whatsapp.KindError:
		return x.failure(ctx, it, u.Error, nil)
	case whatsapp.KindNote, whatsapp.KindUnknown:
	}
	return nil
}

// inbound is an update's message as the engine takes it.
func (x *Inbox) inbound(it item) channel.Inbound {
	return it.update.Message.Inbound(it.sender, it.webhook.ReceivedAt)
}

// message records what somebody wrote. Only what was written to this number
// and is handled here is answered.
func (x *Inbox) message(ctx context.Context, it item) error {
	u := it.update
	if u.Message == nil {
		return x.standbyStatus(ctx, it)
	}
	in := x.inbound(it)
	if u.Kind == whatsapp.KindReaction {
		in.Type, in.ReplyToSource = parley.MessageReaction, u.Message.Target
		if in.Content == "" {
			return unlessUnknown(x.Engine.Amend(ctx, store.Amendment{
				WorkspaceID: it.sender.WorkspaceID, SenderID: it.sender.ID, ReactedTo: u.Message.Target,
				At: in.SentAt, Revoke: true,
			}))
		}
	}
	if _, err := x.Engine.ReceiveFrom(ctx, it.sender, in, u.WantsAnswer()); err != nil {
		return err
	}
	if u.Kind != whatsapp.KindStandby {
		if group := u.Message.GroupID; group != "" {
			return x.note(ctx, it, in.Identities, "group:"+group+":"+valuesOf(in.Identities),
				"This was written in a WhatsApp group. It is kept and not answered; what is written here goes to the person alone.")
		}
		return nil
	}
	err := x.note(ctx, it, in.Identities, "standby:"+valuesOf(in.Identities), "Another app of Meta's answers here. This is a copy, which is kept and not answered.")
	if err != nil {
		return err
	}
	return x.alert(ctx, it.sender, "standby",
		"Another app of Meta's handles this number and Parley only gets copies, which it never answers. "+
			"Turn the Business Agent off in WhatsApp Manager to let the assistant answer.")
}

// unlessUnknown takes what is gone already as done.
func unlessUnknown(err error) error {
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil
	}
	return err
}

// standbyStatus takes a copy of a status as one of ours: if it is, it counts.
func (x *Inbox) standbyStatus(ctx context.Context, it item) error {
	if it.update.Status == nil {
		return nil
	}
	return x.status(ctx, it)
}

// amend edits or takes back a message. An edit of one that is not known is kept
// as that message, and not answered: should the original come, it is a repeat.
func (x *Inbox) amend(ctx context.Context, it item) error {
	m := it.update.Message
	err := x.Engine.Amend(ctx, store.Amendment{
		WorkspaceID: it.sender.WorkspaceID, SenderID: it.sender.ID, ProviderID: m.Target, At: m.SentAt,
		Content: m.Content, Revoke: it.update.Kind == whatsapp.KindRevoke,
	})
	if parley.ErrorCode(err) != parley.CodeNotFound {
		return err
	}
	if it.update.Kind == whatsapp.KindRevoke {
		return nil
	}
	in := x.inbound(it)
	in.ProviderID, in.EditedAt = cmp.Or(m.Target, in.ProviderID), in.SentAt
	_, err = x.Engine.ReceiveFrom(ctx, it.sender, in, false)
	return err
}

// status raises the delivery of a message of ours.
func (x *Inbox) status(ctx context.Context, it item) error {
	st, s := it.update.Status, it.sender
	if p := st.Pricing; p != nil && p.Category == whatsapp.CategoryGeneralAI {
		err := x.alert(ctx, s, "general_purpose_ai",
			"Meta takes this number for a general-purpose assistant, which it bars or charges more for. "+
				"Narrow the assistant to your business, and ask Meta for a review.")
		if err != nil {
			return err
		}
	}
	if st.Delivery == "" {
		return nil
	}
	report := store.StatusReport{
		WorkspaceID: s.WorkspaceID, SenderID: s.ID, ProviderID: st.ID, Key: st.Key, To: st.Delivery,
	}
	if st.Pricing != nil {
		b, err := json.Marshal(st.Pricing)
		if err != nil {
			return err
		}
		report.Pricing = string(b)
	}
	if st.Error != nil {
		report.Error = &parley.MessageError{Code: st.Error.Code, Message: st.Error.Message}
	}
	if err := x.Engine.DeliveryStatus(ctx, report); err != nil {
		return err
	}
	return x.failure(ctx, it, st.Error, st.Identities)
}

// failure takes an error of Meta's into the rates and the sender's health.
func (x *Inbox) failure(ctx context.Context, it item, e *channel.Error, to []parley.Identity) error {
	if e == nil || it.sender == nil {
		return nil
	}
	x.Rates.NoteError(it.sender, to, e)
	return x.Engine.Trouble(ctx, it.sender, e)
}

func (x *Inbox) alert(ctx context.Context, s *parley.Sender, code, message string) error {
	return x.Store.RaiseAlert(ctx, s.WorkspaceID, s.ID, code, s.Name+": "+message)
}
