package wire

import (
	"cmp"
	"strconv"
	"strings"

	"parley"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/senders"
	"parley/internal/store"
)

// SenderOf is a sender, with what Parley counts of it; facts may be nil.
func SenderOf(s *parley.Sender, app SenderApp, assistant *Ref, facts *store.SenderFacts) Sender {
	h := &s.Health
	out := Sender{
		ID: s.ID, Name: s.Name, Kind: s.Kind, Simulated: s.Simulated, PhoneNumberID: s.PhoneNumberID, WABAID: s.WABAID,
		DisplayPhone: s.DisplayPhone, BaseURL: s.BaseURL, GraphVersion: s.GraphVersion, HasToken: s.Token != "",
		App: app, Assistant: assistant, AIOn: s.AIOn, ReplyDelaySeconds: s.ReplyDelaySeconds,
		Health: SenderHealth{
			Status: cmp.Or(h.Status, parley.SenderConnecting), VerifiedName: h.VerifiedName, NameStatus: h.NameStatus,
			Quality: cmp.Or(h.Quality, parley.QualityUnknown), LimitTier: h.LimitTier, Limit: h.Limit,
			Throughput: h.Throughput, FreeLeft: parley.DefaultFreeService, Unpaid: h.Unpaid, Stopped: h.Stopped, CheckedAt: TimeOrNull(h.CheckedAt),
			LastError: h.LastError, LastErrorAt: TimeOrNull(h.LastErrorAt), RecentErrors: []SenderError{},
		},
		CreatedAt: s.CreatedAt.UTC(), UpdatedAt: s.UpdatedAt.UTC(),
	}
	if facts != nil {
		out.Health.Used, out.Health.ServiceSent = facts.Reached, facts.ServiceSent
		out.Health.FreeLeft = max(0, int(facts.FreeService)-facts.ServiceSent)
		out.Health.WebhookAt = TimeOrNull(facts.WebhookAt)
	}
	return out
}

// SenderErrorOf is a message that could not be sent.
func SenderErrorOf(e *store.SenderError) SenderError {
	return SenderError{
		ConversationID: e.ConversationID, MessageID: e.MessageID, Code: e.Error.Code, Message: e.Error.Message, At: e.At.UTC(),
	}
}

// CheckOf is a step of a test.
func CheckOf(c *senders.Check) SenderCheck {
	return SenderCheck{Step: c.Step, State: string(c.State), Message: c.Message, Hint: c.Hint}
}

// TemplateOf is a template of a sender's account; blocked says why the sender
// sends none now.
func TemplateOf(t *parley.Template, blocked string) Template {
	out := Template{
		ID: t.ID, Name: t.Name, Language: t.Language, Category: t.Category, Status: t.Status, Reason: t.Reason,
		Quality: cmp.Or(t.Quality, parley.QualityUnknown), Format: cmp.Or(t.Format, "positional"), Components: t.Components,
		Blocked: blocked, SyncedAt: TimeOrNull(t.SyncedAt),
	}
	needs := graph.TemplateVariables(t)
	out.Variables, out.HeaderMedia = slotsOf(&needs), strings.ToLower(needs.HeaderMedia)
	if t.Status != parley.TemplateApproved {
		out.Blocked = "Meta has not approved it."
	}
	out.Sendable = out.Blocked == ""
	return out
}

func slotsOf(v *graph.Variables) []TemplateSlot {
	slots := []TemplateSlot{}
	for _, part := range []struct {
		name string
		all  []graph.Variable
	}{{"header", v.Header}, {"body", v.Body}, {"button", v.Buttons}} {
		for _, x := range part.all {
			if x.Kind == graph.OneTimeCode {
				continue // its value is the body's
			}
			slot := TemplateSlot{Part: part.name, Name: x.Name, Example: x.Sample, Kind: x.Kind, Label: x.Label}
			if part.name == "button" {
				slot.Name, slot.Index = strconv.Itoa(x.Button), x.Button
			}
			slots = append(slots, slot)
		}
	}
	return slots
}

// PreviewOf is a template with its values.
func PreviewOf(m *senders.Message) TemplatePreview {
	return TemplatePreview{
		Header: m.Preview.Header, Body: m.Preview.Body, Footer: m.Preview.Footer, Buttons: NotNil(m.Preview.Buttons),
		Actions: Mapped(m.Preview.Actions, func(b *graph.PreviewButton) TemplateAction { return TemplateAction(*b) }),
		Price:   m.Price, Blocked: m.Blocked,
	}
}

// WebhookOf is an entry of the webhook log, with its body if it is here.
func WebhookOf(w *store.Webhook) Webhook {
	out := Webhook{
		ID: w.ID, ReceivedAt: w.ReceivedAt.UTC(), State: string(w.State), Size: w.Size, Updates: w.Updates,
		Unknown: w.Unknown, Fields: NotNil(w.Fields), Error: w.Error, DoneAt: TimeOrNull(w.DoneAt),
	}
	if w.Body != nil {
		body := string(w.Body)
		out.Body = &body
	}
	return out
}

// AlertOf is an alert.
func AlertOf(a *store.Alert) Alert {
	return Alert{
		ID: a.ID, SenderID: a.SubjectID, Code: a.Code, Message: a.Message, Count: a.Count,
		FirstAt: a.FirstAt.UTC(), LastAt: a.LastAt.UTC(),
	}
}
